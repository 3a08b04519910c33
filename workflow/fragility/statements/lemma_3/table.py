"""Lemma 3's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "chain": "widths",
    "regime": "widths against n₁",
    "least_degree": "smallest degree in the lemma",
    "tests": "tests",
    "p_entries": "entries: smallest p (Holm)",
    "p_joint": "whole R: smallest p (Holm)",
    "ks_distance": "largest KS distance",
    "p_reversed": "factors in reverse: smallest p (Holm)",
    "p_wrong": "one degree too many: smallest p (Holm)",
    "predicted_last": "E ln R_jj, last j",
    "observed_last": "mean ln R_jj over draws",
    "predicted_square": "E ln ‖Rv‖²",
    "observed_square": "mean ln ‖Rv‖² over draws",
    "p_means": "means: smallest p (Holm)",
}
