"""Figure 1's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "d": "d",
    "layers": "hidden layers",
    "pairs": "pairs x2, x1",
    "cosine": "cos θ",
    "crossing": "g = 0 on the direct path at",
    "observed_ratio": "attack distance over optimal radius",
    "predicted_ratio": "2 × crossing × cos θ",
    "below": "share of pairs below 0.5",
    "missed": "pairs that the straight attack misses",
}
