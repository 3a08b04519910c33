"""Lemma 2 by simulation: sums of squared normals, counted."""

import numpy as np

CHUNK = 2**20  # normals drawn at once: 8 MiB


def hits(d: int, alphas: list[float], draws: int, generator: np.random.Generator) -> list[int]:
    """How many of ``draws`` sums of d squared standard normals are at most d alpha, per alpha."""
    counts = np.zeros(len(alphas), dtype=int)
    for start in range(0, draws, step := max(CHUNK // d, 1)):
        z = generator.standard_normal((min(step, draws - start), d))
        sums = (z**2).sum(axis=1)
        counts += [(sums <= d * alpha).sum() for alpha in alphas]
    return counts.tolist()
