"""Section 5's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "d": "d",
    "layers": "hidden layers",
    "lost": "paths that never change g by D",
    "observed_ratio": "z / ‖x1 − x2‖",
    "predicted_ratio": "|mean cos θ|",
    "ratio_flip": "length to g = 0, over ‖x1 − x2‖ / 2",
    "norm_ratio": "largest / smallest ‖∇g‖, both paths",
    "norm_cv_direct": "variation of ‖∇g‖, direct",
    "norm_cv_attack": "attack",
    "wrong_sign": "share with cos θ > 0",
    "n": "points n of the sum",
    "error_midpoint": "|sum / D − 1|, midpoint",
    "error_trapezoid": "trapezoid",
    "observed_sum": "the paper's sum / D",
    "predicted_sum": "n / (n − 1)",
}
