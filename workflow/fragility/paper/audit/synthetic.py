"""Tables 1 to 4, of linear and ReLU networks: numbers that other printed numbers determine."""

from collections.abc import Iterator
from fractions import Fraction
from math import acos, cos, inf, pi

from fragility.paper.audit.intervals import mean
from fragility.paper.audit.rows import Tables, compare


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
                      "1's experiments with |cos θ2| > 0.9", printed, mean,
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
        yield compare(f"table-4-ratio-{name}", f"Table 4, {name}", "δ/m", printed,
                      lambda delta, m: delta / m, [delta, m],
                      remark="units are steps of single precision, in which each of the three is "
                      "rounded")  # fmt: skip
