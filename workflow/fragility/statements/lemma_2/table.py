"""Lemma 2's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "d": "d",
    "alpha": "α",
    "log_probability_per_d": "ln P / d, exact",
    "log_bound_per_d": "ln bound / d",
    "probability": "P, exact",
    "share": "P, simulated",
}
