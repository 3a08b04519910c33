"""The text against the tables: what it says of them, and the numbers it quotes."""

from collections.abc import Iterator

import pandas as pd

from fragility.paper.audit.intervals import mean
from fragility.paper.audit.rows import Tables, compare, shown_row


def texts(tables: Tables) -> Iterator[dict]:
    """Text against caption, and against a table's signs."""
    frame = tables[5].set_index("experiment")[["cos_theta_t", "Q_over_half_L"]].astype(float)
    gaps = (frame["cos_theta_t"].abs() / frame["Q_over_half_L"] - 1).sort_values()
    yield shown_row("table-5-text", "Table 5, text and caption", "experiments by the gap of "
                    "|cos θt| to Q/(0.5L), largest first; the text explains that of two", "3 and 4",
                    ", ".join(f"{run} ({gap:+.0%})" for run, gap in gaps.items()), "the caption "
                    "excepts 4 alone, but for |M/(0.5L)| against Q/(0.5L)")  # fmt: skip
    below = tables[6].iloc[:-1, 1:].map(lambda text: text.startswith("-")).to_numpy().sum()
    yield shown_row("table-6-text", "Table 6 and text", "|cos θt| in the text, signs in the table",
                    "|cos θt|", f"{below} entries below zero")  # fmt: skip


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
            entry, formula = str(count(tables)), mean
        else:
            number, column, row, *power = name.removeprefix("table_").split(".")
            entry = tables[int(number)][column][int(row) - 1].lstrip("-")
            formula = (lambda x: x * x) if power else mean
            check = f"Table {number}, {column} of row {row}{', squared' * bool(power)}"
        slip = "; one digit differs" * (sum(map(str.__ne__, entry, printed)) == 1 < len(entry))
        yield compare(f"quoted-{name}", where, check, printed, formula, [entry], slip=slip,
                      shown=name == "mnist-features", remark=f"“{sentence}”")  # fmt: skip
