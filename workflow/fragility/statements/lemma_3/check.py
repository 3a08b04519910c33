"""Check Lemma 3: R of a product of Gaussian matrices against products of triangular factors."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.lemma_3 import closed_form as theory
from fragility.statements.lemma_3.simulation import (
    decomposed,
    entries,
    factors,
    independent,
    joint,
    product,
)


def check(settings: dict, seed: int, clock: Clock) -> pd.DataFrame:
    """A row per chain and entry (or statistic) of R: means and p-values."""
    rows = []
    for chain in settings["chains"]:
        rows += compared(chain, settings["draws"], seed)
        clock.lap(rows[-1]["d"])
    return pd.DataFrame(rows).map(shortened)


def shortened(value: object) -> object:
    """Floats rounded to eight digits, which keeps the file small."""
    return float(f"{value:.8g}") if isinstance(value, float) else value


def compared(chain: str, draws: int, seed: int) -> list[dict]:
    """All rows of one chain, written "n_1-...-n_l"."""
    widths = [int(width) for width in chain.split("-")]
    as_stated, wrong, qr = (
        generator(seed, "theory", "lemma_3", chain, what) for what in ("law", "wrong", "qr")
    )
    r, below = decomposed(widths, draws, qr)
    parts = factors(widths, draws, as_stated)
    drawn = {"law": product(parts), "wrong": product(factors(widths, draws, wrong, shift=1))}
    if min(widths) == widths[0]:  # square factors, whose order can be turned round
        drawn["reversed"] = product(parts[::-1])
    drawn = {name: measured(sample) for name, sample in drawn.items()}
    shuffled = generator(seed, "theory", "lemma_3", chain, "shuffled")
    drawn["shuffled"] = joint(independent(product(parts), shuffled))
    common = {"d": widths[0], "chain": chain, "regime": theory.regime(widths)}
    common |= {"rank": min(widths), "below_rank": below, "draws": draws}
    predicted = means(widths)
    return [
        common | row(name, sample, predicted.get(name, np.nan), drawn)
        for name, sample in measured(r).items()
    ]


def measured(r: NDArray) -> dict[str, NDArray]:
    """Every entry and every joint statistic of R (draws, r_l, n_1), by name, (draws,) each."""
    return entries(r) | joint(r)


def means(widths: list[int]) -> dict[str, float]:
    """Closed forms: E ln R_jj, E R_jk^2 above the diagonal, and means of the joint statistics."""
    logs, squares = theory.log_diagonal(widths)[0], theory.second_moments(widths)
    entry_means = {
        f"R[{j + 1},{k + 1}]": float(logs[j] if j == k else squares[j, k])
        for j, k in zip(*np.triu_indices(*squares.shape[:1], m=squares.shape[1]), strict=True)
    }
    joint_means = {"ln ‖Rv‖²": theory.log_square(widths)[0], "‖R‖²": float(squares.sum())}
    return entry_means | joint_means | {"ln det R": theory.log_volume(widths)[0]}


def row(
    name: str, sample: NDArray, predicted: float, drawn: dict[str, dict[str, NDArray]]
) -> dict[str, object]:
    """One statistic's means, and Kolmogorov-Smirnov tests of its sample against those drawn.

    Args:
        name: of the statistic.
        sample: its values for R by QR, (draws,).
        predicted: its mean by the closed form, NaN if there is none.
        drawn: values of the statistics, (draws,) each, by the distribution they are drawn from.
    """
    tests = {
        source: ks_2samp(sample, draws[name], method="asymp")
        for source, draws in drawn.items()
        if name in draws
    }
    kind, values = averaged(name, sample)
    return {
        "statistic": name,
        "kind": kind,
        "predicted_mean": predicted,
        "observed_mean": values.mean(),
        "standard_error": values.std(ddof=1) / np.sqrt(len(values)),
        "ks_distance": tests["law"].statistic,
        **{f"p_{source}": test.pvalue for source, test in tests.items()},
    }


def averaged(name: str, sample: NDArray) -> tuple[str, NDArray]:
    """The statistic's kind, and the values averaged, (draws,): ln R_jj, R_jk^2, or ``sample``."""
    if not name.startswith("R["):
        return "joint", sample
    j, k = name[2:-1].split(",")
    return ("diagonal", np.log(sample)) if j == k else ("above", sample**2)
