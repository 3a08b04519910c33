"""Evidence on Lemma 3."""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, proportion
from fragility.paper.verdicts import Evidence, Finding
from fragility.statements.lemma_3.closed_form import log_diagonal, log_volume
from fragility.statements.lemma_3.summary import mean_p, smallest_p

ROUNDING = 1e-9  # relative size under which a row of R is rounding, not rank


def evidence(rows: pd.DataFrame) -> Evidence:
    """What the rows of check.py say, by the claim's id."""
    growing, shrinking, below = (
        rows[rows["regime"] == name] for name in ("grows", "shrinks", "below n1")
    )
    entry = growing["kind"] != "joint"
    excluded = pd.concat([shrinking["p_law"], mean_p(shrinking)])
    return {
        "lemma-3-entries": Finding(_smallest(growing["p_law"][entry]), _note(growing[entry])),
        "lemma-3-joint": Finding(_smallest(growing["p_law"][~entry]), _note(growing[~entry])),
        "lemma-3-log-diagonal": Finding(
            _smallest(mean_p(growing[growing["kind"] == "diagonal"])),
            f"largest difference of means {_largest(growing):.4f}",
        ),
        "lemma-3-excluded": Finding(
            _smallest(excluded),
            "needed is only n_{i+1} ≥ n_1; the factors' order does not matter in law: "
            f"reversed, smallest p {smallest_p(rows['p_reversed']):.2f}",
        ),
        "lemma-3-below": Finding(_full_rank(below), _trapezoids(below)),
    }


def _degree_more(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Tests of R against factors with one degree too many; means too where R has rank n_1."""
    full = rows.loc[rows["regime"] != "below n1", "chain"].unique()
    wrong = {(chain, name): mean for chain in full for name, mean in _log_means(chain).items()}
    places = zip(rows["chain"], rows["statistic"], rows["predicted_mean"], strict=True)
    means = [wrong.get((chain, name), mean) for chain, name, mean in places]
    return rows.assign(p_law=rows["p_wrong"], predicted_mean=means)


def _log_means(chain: str) -> dict[str, float]:
    """E ln R_jj and E ln det R with one degree too many: that of widths larger by one."""
    first, *others = map(int, chain.split("-"))
    widths = [first, *(width + 1 for width in others)]
    diagonal = log_diagonal(widths)[0]
    named = {f"R[{j},{j}]": float(mean) for j, mean in enumerate(diagonal, start=1)}
    return named | {"ln det R": log_volume(widths)[0]}


def _independent(rows: pd.DataFrame, _: np.random.Generator) -> pd.DataFrame:
    """Tests of R against entries of the right laws that do not depend on each other."""
    return rows.assign(p_law=rows["p_shuffled"].fillna(rows["p_law"]))


ALTERNATIVES = {"lemma_3 degree": _degree_more, "lemma_3 independent": _independent}


def _smallest(p: pd.Series) -> Estimate:
    value = smallest_p(p)
    return Estimate(value, value, value, len(p))


def _note(rows: pd.DataFrame) -> str:
    return f"KS distance at most {rows['ks_distance'].max():.3f} in {len(rows)} tests"


def _largest(rows: pd.DataFrame) -> float:
    logs = rows[rows["kind"] == "diagonal"]
    return float((logs["observed_mean"] - logs["predicted_mean"]).abs().max())


def _full_rank(below: pd.DataFrame) -> Estimate:
    """Share of draws with rank n_1; all draws of a chain count alike, by its ``below_rank``."""
    chains = below.groupby("chain").first()
    if chains.empty:
        return Estimate(np.nan, np.nan, np.nan, 0)
    full = chains["draws"].where(chains["below_rank"] > ROUNDING, 0)
    return proportion(int(full.sum()), int(chains["draws"].sum()))


def _trapezoids(below: pd.DataFrame) -> str:
    p = smallest_p(pd.concat([below["p_law"], mean_p(below)]))
    return f"with trapezoidal factors (see caveats) the law holds: smallest p {p:.2f}"
