"""Patterns that no rule decides: numbers that the text calls close, and equal entries."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from scipy import stats

from fragility.paper.audit.intervals import mean, unit
from fragility.paper.audit.rows import Tables, compare, shown_row

Pair = tuple[str, str]  # row names of two entries
REPEATING = {1: ["column"], 3: ["column"], 6: ["column", "row"], 7: ["column", "row"]}


def closeness(tables: Tables) -> Iterator[dict]:
    """Pairs of numbers that the text calls approximately equal, with their ratio; Table 8's Q."""
    for number, left, right in (
        (1, "cos_theta_1", "phi"), (4, "cos_theta_t", "delta_over_m"),
        (5, "cos_theta_t", "Q_over_half_L"), (5, "M_over_half_L", "Q_over_half_L"),
        (8, "M_over_half_L", "Q_over_half_L"),
    ):  # fmt: skip
        for _, row in tables[number].iterrows():
            ratio = abs(float(row[left])) / float(row[right])
            yield compare(f"table-{number}-close-{left}-{row.iloc[0]}", f"Table {number}, "
                          f"{row.index[0]} {row.iloc[0]}", f"|{left}| ≈ {right}",
                          row[left].lstrip("-"), mean, [row[right]], shown=True,
                          remark=f"ratio {ratio:.3f}")  # fmt: skip
    q, lengths = (sorted(tables[8][name], key=float) for name in ("Q", "L"))
    spread = float(lengths[-1]) / float(lengths[0]) - 1
    yield compare("table-8-Q", "Table 8", "greatest Q against the least", q[-1], mean, q[:1],
                  shown=True, remark=f"L varies by {spread:.1%}")  # fmt: skip


def correlation(tables: Tables) -> Iterator[dict]:
    """Table 8: |M/(0.5L)| with Q/(0.5L), as printed and with Q/(0.5L) corrected."""
    m, q, length, ratio = (
        tables[8][name].astype(float).abs() for name in ("M_over_half_L", "Q", "L", "Q_over_half_L")
    )
    right = 2 * q / length
    both = (m * right / ratio).corr(right)
    yield shown_row("table-8-correlation", "Table 8", "correlation of |M/(0.5L)| with Q/(0.5L), "
                    f"which the text calls approximately equal; {len(m)} experiments",
                    f"{m.corr(ratio):.2f}", f"{m.corr(right):.2f}", "with Q/(0.5L) from Q and L; "
                    f"{both:.2f} if M was divided by the same L; unchanged if Q or L is the "
                    "slip")  # fmt: skip


def repeats(tables: Tables) -> Iterator[dict]:
    """Equal entries in a column or a row, and how likely as many are by chance."""
    for number, kinds in REPEATING.items():
        body = tables[number].set_index(tables[number].columns[0]).drop("average", errors="ignore")
        for kind in kinds:
            lines = body if kind == "column" else body.T
            pairs = {name: list(combinations(lines.index, 2)) for name in lines}
            near = {name: list(pairwise(lines.index)) for name in lines}
            equal = _equal(lines, pairs)
            yield shown_row(
                f"table-{number}-repeats-{kind}", f"Table {number}", f"equal entries in a {kind}",
                "; ".join(equal) or "none", _by_chance(lines, pairs, len(equal)),
                f"next to each other: {_by_chance(lines, near, len(_equal(lines, near)))}",
            )  # fmt: skip


def _equal(lines: pd.DataFrame, pairs: Mapping[str, Sequence[Pair]]) -> list[str]:
    return [
        f"{lines.at[a, name]} ({name} at {a} and {b})"
        for name, each in pairs.items()
        for a, b in each
        if lines.at[a, name] == lines.at[b, name]
    ]


def _by_chance(lines: pd.DataFrame, pairs: Mapping[str, Sequence[Pair]], n_equal: int) -> str:
    """How many pairs are equal, how many were to be expected, and the chance of as many or more.

    A quarter of a line's pairs differ by at most its lower quartile of q units; to be equal is one
    of 2q + 1 such differences.  The number of equal pairs is taken as Poisson distributed.
    """
    expected = 0.0
    for name, each in pairs.items():
        digits = lines[name].astype(float) / float(unit(lines[name].iloc[0]))
        quartile = np.quantile([abs(digits[a] - digits[b]) for a, b in each], 0.25)
        expected += len(each) / 4 / (2 * quartile + 1)
    chance = stats.poisson.sf(n_equal - 1, expected)
    return f"{n_equal} equal, {expected:.2f} expected by chance (as many or more: {chance:.2g})"
