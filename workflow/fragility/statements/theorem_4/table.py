"""Theorem 4's table: the columns of its summary that are shown, and their headings."""

from fragility.statements.theorem_4.summary import EPSILON

HEADINGS = {
    "t": "t",
    "d": "d",
    "trials": "trials",
    "networks": "networks",
    "failed": "condition (1) off by > 1e-6",
    "perturbation_predicted": "‖e‖, law",
    "perturbation": "‖e‖, geometric mean",
    "within_predicted": "P(‖e‖ ≤ 1), law",
    "within": "P(‖e‖ ≤ 1)",
    "product": "product of bottom sums",
    "smallest": "smallest perturbation",
    "radius": "optimal radius",
    "ratio": "smallest / radius",
    "distance": "min distance",
    "relative": "min distance / √(2d)",
    "far_bound": f"P(min ≥ {1 - EPSILON} √(2d)), union bound",
    "far": f"P(min ≥ {1 - EPSILON} √(2d))",
    "needed": "d where the bound gives 0.95",
}
