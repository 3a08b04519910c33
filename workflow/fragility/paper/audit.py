"""An audit of the printed tables: numbers that other printed numbers determine, recomputed.

Interval arithmetic in exact fractions: a number printed with k decimals means any number that
rounds to it (half a unit of the last digit to either side), or, for "agrees if truncated", any
number within one unit.  A number without decimals is a count, and exact.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from math import acos, cos, inf, nan, pi
from pathlib import Path

import numpy as np
import pandas as pd

from fragility.paper import claims

AGREES, TRUNCATED, DIFFERS, SHOWN = "agrees", "agrees if truncated", "differs", "only shown"
VERDICTS = (AGREES, TRUNCATED, DIFFERS, SHOWN)
COLUMNS = [
    "id", "where", "check", "printed", "recomputed", "difference", "relative", "units", "verdict",
    "remark",
]  # fmt: skip
ROUNDED, CUT = Fraction(1, 2), 1  # units of the last digit to either side
Interval = tuple[Fraction, Fraction]
Tables = dict[int, pd.DataFrame]


def printed_interval(text: str, width: Fraction | int = ROUNDED) -> Interval:
    """All numbers that a printed one may be: ``width`` units of its last digit to either side."""
    half = width * unit(text) if "." in text else 0
    return Fraction(text) - half, Fraction(text) + half


def unit(text: str) -> Fraction:
    """One unit of the last printed digit: 1/100 for "0.10"."""
    return Fraction(1, 10 ** len(text.partition(".")[2]))


def value_range(
    formula: Callable, inputs: Sequence[str], width: Fraction | int = ROUNDED
) -> Interval:
    """The least and the greatest value of a formula over all numbers that its inputs may be.

    The formula must rise or fall in each printed input, whatever the others.  It may return a pair
    instead of a value: the least and the greatest value that it allows.
    """
    ends = [printed_interval(text, width) for text in inputs]

    def extreme(pick: Callable, part: int) -> Fraction:
        corner = [low for low, _ in ends]
        for i, pair in enumerate(ends):
            corner[i] = pick(pair, key=lambda x: value([*corner[:i], x, *corner[i + 1 :]])[part])
        return value(corner)[part]

    def value(corner: list[Fraction]) -> Interval:
        result = formula(*corner)
        return result if isinstance(result, tuple) else (result, result)

    return extreme(min, 0), extreme(max, 1)


def overlap(a: Interval, b: Interval) -> bool:
    """Whether two intervals have a number in common."""
    return a[0] <= b[1] and b[0] <= a[1]


def compare(
    name: str, where: str, check: str, printed: str, formula: Callable, inputs: Sequence[str] = (),
    *, shown: bool = False, remark: str = "", slip: str = "",
) -> dict:  # fmt: skip
    """A row: a printed number against a formula of others; if they differ ``slip`` is remarked."""
    spans = {width: value_range(formula, inputs, width) for width in (0, ROUNDED, CUT)}
    meets = [overlap(printed_interval(printed, width), spans[width]) for width in (ROUNDED, CUT)]
    verdict = AGREES if meets[0] else TRUNCATED if meets[1] else DIFFERS
    low, high = spans[0]
    nearest = Fraction(min(max(Fraction(printed), low), high))
    gap = Fraction(printed) - nearest
    return _row(
        name, where, check, printed, _text(spans[0], spans[ROUNDED], printed),
        float(gap), float(gap / abs(nearest)) if nearest else nan, float(gap / unit(printed)),
        SHOWN if shown else verdict, (remark + slip * (verdict == DIFFERS)).lstrip("; "),
    )  # fmt: skip


def _row(*values: object) -> dict:
    return dict(zip(COLUMNS, values, strict=True))


def _text(face: Interval, rounded: Interval, printed: str) -> str:
    digits = len(printed.partition(".")[2]) + 2 * ("." in printed)
    value, low, high = (f"{float(x):.{digits}f}" for x in (face[0], *rounded))
    return value if low == high else f"{value * (face[0] == face[1])} [{low}, {high}]".strip()


def _mean(*numbers: Fraction) -> Fraction:
    return sum(numbers) / len(numbers)


def bounds(tables: Tables) -> Iterator[dict]:
    """No cosine, and no φ, exceeds 1: one row for each column of them."""
    for number, table in tables.items():
        for name in table.columns:
            if name.startswith(("cos", "phi", "experiment_")):
                most = max(table[name], key=lambda text: abs(float(text)))
                yield compare(f"table-{number}-bound-{name}", f"Table {number}, {name}",
                              "largest of the column at most 1", most, lambda: (-1, 1))  # fmt: skip


def table_1(tables: Tables) -> Iterator[dict]:
    """φ is |cos| of the angle between A's last column and the last row of A⁻¹.

    Where W1 and W1 − W2 are parallel, the three angles obey the triangle inequality on the sphere;
    the paper does not print whether they are.
    """
    for run, first, second, phi in tables[1].itertuples(index=False):
        angle, off = acos(float(phi)), acos(abs(float(second)))
        low, high = cos(min(angle + off, pi)), cos(abs(angle - off))
        yield compare(f"table-1-angles-{run}", f"Table 1, experiment {run}", "|cos θ1| between "
                      "cos(arccos φ ± arccos |cos θ2|), if W1 and W1 − W2 are parallel",
                      first.lstrip("-"), lambda a=low, b=high: (a, b), shown=True)  # fmt: skip


def table_2(tables: Tables) -> Iterator[dict]:
    """A mean absolute difference is at least the difference of the means; means of Table 1, too."""
    *means, gap = tables[2].iloc[0]
    yield compare("table-2-triangle", "Table 2", "mean of ||cos θ1| − φ| at least the difference "
                  "of the means", gap, lambda a, b: (abs(a - b), inf), means)  # fmt: skip
    aligned = tables[1][tables[1]["cos_theta_2"].astype(float).abs() > 0.9]
    for name, printed in zip(("cos_theta_1", "phi"), means, strict=True):
        yield compare(f"table-2-1-{name}", "Tables 2 and 1", f"against the mean |{name}| of Table "
                      "1's experiments with |cos θ2| > 0.9", printed, _mean,
                      aligned[name].str.lstrip("-"), shown=True,
                      remark="other runs, which need not agree")  # fmt: skip


def table_3(tables: Tables) -> Iterator[dict]:
    """α in ninths; the mean of ratios from 0 to 1 lies between median/2 and (1 + median)/2."""
    for i, (alpha, printed, median) in enumerate(tables[3].itertuples(index=False)):
        yield compare(f"table-3-alpha-{i}", f"Table 3, α = {alpha}", f"α = {i}/9", alpha,
                      lambda i=i: Fraction(i, 9))  # fmt: skip
        yield compare(f"table-3-mean-{i}", f"Table 3, α = {alpha}", "mean ρ from median/2 to (1 + "
                      "median)/2", printed, lambda m: (m / 2, (1 + m) / 2), [median])  # fmt: skip


def table_4(tables: Tables) -> Iterator[dict]:
    """δ/m from δ and m; m is one number, so the mean of the ratios is this ratio."""
    for name, _, delta, m, printed in tables[4].itertuples(index=False):
        steps = abs(float(printed) - float(delta) / float(m)) / np.spacing(np.float32(printed))
        yield compare(f"table-4-ratio-{name}", f"Table 4, {name}", "δ/m", printed,
                      lambda delta, m: delta / m, [delta, m],
                      slip=f"{steps:.1f} steps of single precision")  # fmt: skip


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
                          "mean of the rows above", printed, _mean, column, slip=slip)  # fmt: skip


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
                      "cos θt of Table 5 against row α = 0 of Table 6", printed, _mean,
                      [start.iloc[i]], slip=slip)  # fmt: skip


def path(tables: Tables) -> Iterator[dict]:
    """M/(0.5L) is 2 Σ cos/(n − 1) if the gradient is as long all along the path as at the input."""
    for lengths, cosines in ((5, 6), (8, 7)):
        for i, name in enumerate(tables[cosines].columns[1:]):
            column, printed = tables[cosines][name][:-1], tables[lengths]["M_over_half_L"][i]
            key, where = f"table-{lengths}-{cosines}", f"Tables {lengths} and {cosines}"
            where += f", experiment {i + 1}"
            total = 2 * column.astype(float).abs().sum() / (len(column) - 1)
            yield compare(f"{key}-path-{i + 1}", where, "M/(0.5L) against 2 Σ cos/(n − 1)", printed,
                          lambda *x: 2 * sum(x) / (len(x) - 1), column, shown=True,
                          remark="not decidable: no gradient lengths printed; over these α one is "
                          f"{abs(float(printed) / total):.2f} × the input's or more")  # fmt: skip
            if column.str.startswith("-").all():
                yield compare(f"{key}-sign-{i + 1}", where, "M not positive, as no cosine is",
                              printed, lambda: (-inf, 0))  # fmt: skip


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
                          row[left].lstrip("-"), _mean, [row[right]], shown=True,
                          remark=f"ratio {ratio:.3f}")  # fmt: skip
    q, lengths = (sorted(tables[8][name], key=float) for name in ("Q", "L"))
    spread = float(lengths[-1]) / float(lengths[0]) - 1
    yield compare("table-8-Q", "Table 8", "greatest Q against the least", q[-1], _mean, q[:1],
                  shown=True, remark=f"L varies by {spread:.1%}")  # fmt: skip


def texts(tables: Tables) -> Iterator[dict]:
    """Text against caption, and against a table's signs."""
    frame = tables[5].set_index("experiment")[["cos_theta_t", "Q_over_half_L"]].astype(float)
    gaps = (frame["cos_theta_t"].abs() / frame["Q_over_half_L"] - 1).sort_values()
    yield _row("table-5-text", "Table 5, text and caption", "experiments by the gap of |cos θt| "
               "to Q/(0.5L), largest first; the text explains that of two", "3 and 4",
               ", ".join(f"{run} ({gap:+.0%})" for run, gap in gaps.items()), nan, nan, nan, SHOWN,
               "the caption excepts 4 alone, but for |M/(0.5L)| against Q/(0.5L)")  # fmt: skip
    below = tables[6].iloc[:-1, 1:].map(lambda text: text.startswith("-")).to_numpy().sum()
    yield _row("table-6-text", "Table 6 and text", "|cos θt| in the text, signs in the table",
               "|cos θt|", f"{below} entries below zero", nan, nan, nan, SHOWN, "")  # fmt: skip


COUNTED = {  # id in quoted.csv: what is counted, and how
    "valid-runs": ("experiments of Table 1", lambda t: len(t[1])),
    "exception": ("experiment of Table 1 with |cos θ2| farthest from 1",
                  lambda t: 1 + t[1]["cos_theta_2"].astype(float).abs().argmin()),
    "alphas": ("α's of Table 3", lambda t: len(t[3])),
    "mnist-features": ("64 × 24 × 24, if two 3 × 3 convolutions meet 28 × 28 pixels unpadded; "
                       "64 × 12 × 12 after a 2 × 2 pooling, not listed", lambda t: 64 * 24 * 24),
    "mnist-inputs": ("experiments of Table 5", lambda t: len(t[5])),
    "mnist-columns": ("experiments of Table 6", lambda t: t[6].shape[1] - 1),
    "imagenet-inputs": ("experiments of Table 8", lambda t: len(t[8])),
}  # fmt: skip


def quotes(tables: Tables, quoted: pd.DataFrame) -> Iterator[dict]:
    """Numbers of the text against the entries they quote (table_N.column.row), or counts."""
    for name, printed, where, sentence in quoted.itertuples(index=False):
        if name in COUNTED:
            check, count = COUNTED[name]
            entry, formula = str(count(tables)), _mean
        else:
            number, column, row, *power = name.removeprefix("table_").split(".")
            entry = tables[int(number)][column][int(row) - 1].lstrip("-")
            formula = (lambda x: x * x) if power else _mean
            check = f"Table {number}, {column} of row {row}{', squared' * bool(power)}"
        slip = "; one digit differs" * (sum(map(str.__ne__, entry, printed)) == 1 < len(entry))
        yield compare(f"quoted-{name}", where, check, printed, formula, [entry], slip=slip,
                      shown=name == "mnist-features", remark=f"“{sentence}”")  # fmt: skip


def audit(folder: Path) -> pd.DataFrame:
    """All checks of the tables and of the quoted numbers in ``folder``, one row each."""
    tables = {number: claims.read_table(folder, number) for number in range(1, 9)}
    checks = (bounds, table_1, table_2, table_3, table_4, ratios, averages, first_row, path,
              closeness, texts)  # fmt: skip
    quoted = quotes(tables, claims.read_csv_strings(folder / "quoted.csv"))
    rows = chain(*(check(tables) for check in checks), quoted)
    return pd.DataFrame(rows, columns=COLUMNS)
