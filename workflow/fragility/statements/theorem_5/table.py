"""Theorem 5's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "kind": "network",
    "classes": "classes",
    "d": "d",
    "n": "networks",
    "error": "largest error, over ‖x‖",
    "beyond": "flips just beyond (networks)",
    "short": "flips just short (networks)",
    "distance": "formula, mean",
    "bound": "√(a_i1² + a_i2²), mean",
    "ratio": "formula / √(a_i1² + a_i2²), mean",
    "reached": "label j just beyond (pairs)",
    "nearest_reached": "the same, j the nearest boundary",
}
