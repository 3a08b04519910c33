"""Theorem 7's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "model": "model",
    "d": "d",
    "two": "d × squared ratio, two gradients (Gaussian: 2)",
    "one": "one gradient (Gaussian: 1)",
    "harder": "share at least factor × d times harder",
    "predicted_harder": "exact",
    "eps": "ε",
    "crossed": "share of points past a kink",
    "kinks_1": "kinks, layer 1",
    "kinks_2": "layer 2",
    "error": "error, mean over points",
    "error_one": "past one kink, geometric mean",
    "softplus_error": "softplus, mean",
}
