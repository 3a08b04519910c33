"""Tables 5 to 8, of images: numbers that other printed numbers determine."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf

import pandas as pd

from fragility.paper.audit.intervals import CUT, mean, overlap, printed_interval, value_range
from fragility.paper.audit.rows import Tables, compare, shown_row

SIZE_OF_GRADIENT = {  # what the text says of it, by the table whose M rests on it
    5: "“roughly the same at locations of interest” (Section 5)",
    8: "“there is no big change for the gradient”",
}


def ratios(tables: Tables) -> Iterator[dict]:
    """Tables 5 and 8: Q/(0.5L) and M/(0.5L) from Q, M and L."""
    for number in (5, 8):
        for i, row in tables[number].iterrows():
            names = [name for name in ("M", "Q") if name in row]
            slip = _length_slip(row, names, tables[number]["L"].drop(i))
            for name in names:
                yield compare(f"table-{number}-ratio-{name}-{i + 1}",
                              f"Table {number}, experiment {i + 1}", f"{name}/(0.5L)",
                              row[f"{name}_over_half_L"], lambda x, length: 2 * x / length,
                              [row[name], row["L"]], slip=slip)  # fmt: skip


def _length_slip(row: pd.Series, names: list[str], others: pd.Series) -> str:
    """The L that would give all ratios of an experiment: another's, two digits swapped, or any."""
    each = [value_range(lambda x, r: 2 * x / r, [row[n], row[f"{n}_over_half_L"]]) for n in names]
    implied = max(low for low, _ in each), min(high for _, high in each)
    known = {text: f"experiment {i + 1}'s L = {text}" for i, text in others.items()}
    known |= {text: f"L = {text} (two digits swapped)" for text in _swapped(row["L"])}
    fitting = [name for text, name in known.items() if overlap(printed_interval(text), implied)]
    span = f"an L from {float(implied[0]):.4f} to {float(implied[1]):.4f}"
    any_length = span if implied[0] <= implied[1] else "no L"
    return f"{' or '.join(fitting) or any_length} agrees with {' and '.join(names)} over 0.5L"


def _swapped(text: str) -> list[str]:
    pairs = [i for i in range(len(text) - 1) if "." not in text[i : i + 2]]
    return [text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in pairs]


def averages(tables: Tables) -> Iterator[dict]:
    """Tables 6 and 7: the last row is the mean of the rows above it."""
    for number, lengths in ((6, 5), (7, 8)):
        for i, name in enumerate(tables[number].columns[1:]):
            *column, printed = tables[number][name]
            shift = float(Fraction(printed) * len(column) - sum(map(Fraction, column)))
            slip = f"to agree, the sum of the rows would have to change by {shift:+.4f}"
            slip += "; outside the rows' range" * _outside(printed, column)
            length = tables[lengths]["M_over_half_L"][i]
            if overlap(printed_interval(printed, CUT), printed_interval(length, CUT)):
                slip += f"; Table {lengths} prints M/(0.5L) = {length} for this experiment"
            yield compare(f"table-{number}-average-{i + 1}", f"Table {number}, experiment {i + 1}",
                          "mean of the rows above", printed, mean, column, slip=slip)  # fmt: skip


def _outside(text: str, column: Sequence[str]) -> bool:
    return not min(map(Fraction, column)) <= Fraction(text) <= max(map(Fraction, column))


def first_row(tables: Tables) -> Iterator[dict]:
    """Table 5's cos θt, at the clean image, is by the text's definitions Table 6's row α = 0."""
    start = tables[6].iloc[0, 1:]
    shared = set(tables[5]["cos_theta_t"]) & set(start)
    for i, printed in enumerate(tables[5]["cos_theta_t"][: len(start)]):
        slip = "" if shared else "no pairing of the experiments makes any of them equal"
        slip += "; outside Table 6's column" * _outside(printed, tables[6].iloc[:-1, i + 1])
        yield compare(f"table-5-6-cos-{i + 1}", f"Tables 5 and 6, experiment {i + 1}",
                      "cos θt of Table 5 against row α = 0 of Table 6", printed, mean,
                      [start.iloc[i]], slip=slip)  # fmt: skip


def path(tables: Tables) -> Iterator[dict]:
    """M/(0.5L) is 2 Σ cos/(n − 1) if the gradient is as long all along the path as at the input."""
    for lengths, cosines in ((5, 6), (8, 7)):
        for i, name in enumerate(tables[cosines].columns[1:]):
            column, printed = tables[cosines][name][:-1], tables[lengths]["M_over_half_L"][i]
            key, where = f"table-{lengths}-{cosines}", f"Tables {lengths} and {cosines}"
            where += f", experiment {i + 1}"
            yield compare(f"{key}-path-{i + 1}", where, "M/(0.5L) against 2 Σ cos/(n − 1)", printed,
                          lambda *x: 2 * sum(x) / (len(x) - 1), column, shown=True,
                          remark="equal if the gradient's length is constant")  # fmt: skip
            yield _gradient(f"{key}-gradient-{i + 1}", where, SIZE_OF_GRADIENT[lengths], printed,
                            column)  # fmt: skip
            if column.str.startswith("-").all():
                yield compare(f"{key}-sign-{i + 1}", where, "M not positive, as no cosine is",
                              printed, lambda: (-inf, 0))  # fmt: skip


def _gradient(name: str, where: str, words: str, length: str, cosines: Sequence[str]) -> dict:
    """How many times as long as at the input the gradient is on the way: M(n − 1)/(L Σ cos).

    It is a mean of the gradients' lengths with weights cos θ, of which some may be negative; over
    the sum of |cos θ| it is the least that the longest one can be.
    """

    def times(m: Fraction, *cos: Fraction) -> Fraction:
        return m * (len(cos) - 1) / (2 * sum(cos))

    low, high = map(float, value_range(times, [length, *cosines]))
    face = float(times(*map(Fraction, [length, *cosines])))
    least = float(times(abs(Fraction(length)), *(abs(Fraction(text)) for text in cosines)))
    return shown_row(name, where, "length of the gradient on the way divided by that at the input, "
                     "if M/(0.5L) is 2 Σ (length × cos)/(n − 1)", words,
                     f"{face:.2f} [{low:.2f}, {high:.2f}]", f"at one point at least {least:.1f}; "
                     "M may rest on more α than are printed")  # fmt: skip
