"""Do verdicts turn with the master seed?  How often each one came out, a row per claim."""

from collections.abc import Mapping

import pandas as pd

from fragility.paper.verdicts import DECIDED, INCONCLUSIVE, OWN_SETTINGS, VERDICTS
from fragility.report.render import number, pipe_table
from fragility.report.words import notice

SEED = "seed "  # and the seed: the column of its verdicts


def table(scores: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """The verdicts of several seeds, a row per claim.

    Args:
        scores: by master seed, the scores of the same claims (``fragility.paper.scores``), all
            strings.

    Returns:
        The claim's id, artifact and quantity; n: number of seeds; turns: whether the verdict is not
        the same for all of them; a column per verdict: the number of seeds with it; lowest and
        highest of our estimates; a column per seed: its verdict.

    Raises:
        ValueError: the seeds do not have the same claims.
    """
    first = _with_same_claims(scores)
    verdicts = pd.DataFrame({f"{SEED}{seed}": list(s["verdict"]) for seed, s in scores.items()})
    ours = pd.DataFrame({seed: list(pd.to_numeric(s["ours"])) for seed, s in scores.items()})
    columns = {name: list(first[name]) for name in ("id", "artifact", "quantity")}
    columns |= {"n": len(scores), "turns": verdicts.nunique(axis=1) > 1}
    columns |= {name: (verdicts == name).sum(axis=1) for name in VERDICTS}
    columns |= {"lowest": ours.min(axis=1), "highest": ours.max(axis=1)}
    return pd.DataFrame(columns).join(verdicts)


def _with_same_claims(scores: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """The scores of the first seed, if all have its claims in its order."""
    (seed, first), *others = scores.items()
    for other, rows in others:
        if list(rows["id"]) != list(first["id"]):
            odd = sorted(set(rows["id"]) ^ set(first["id"]))
            raise ValueError(
                f"seeds {seed} and {other} do not have the same claims in the same order; claims "
                f"of one of them only: {', '.join(odd) or 'none'}"
            )
    return first


def markdown(compared: pd.DataFrame, stamp: list[str]) -> str:
    """The table in Markdown, claims that turn first; ``stamp``: changed settings."""
    warning = f"**{notice(stamp)}**\n\n" if stamp else ""
    told = "\n\n".join(_findings(compared))
    return f"{warning}{told}\n\n{pipe_table(_shown(compared))}\n"


def _findings(compared: pd.DataFrame) -> list[str]:
    """What the table says, in sentences."""
    seeds = [name.removeprefix(SEED) for name in compared if name.startswith(SEED)]
    without = (compared[OWN_SETTINGS] == compared["n"]).sum()
    found = [
        f"A verdict turns if it is not the same for all seeds. {compared['turns'].sum()} of "
        f"{len(compared)} verdicts turn. The seeds are {', '.join(seeds)}."
    ]
    if without:
        found.append(
            f"{without} claims have no verdict for any seed ({OWN_SETTINGS}), since the settings "
            f"of this run are not the paper's. So it is not known whether their verdicts turn."
        )
    return found


def _shown(compared: pd.DataFrame) -> pd.DataFrame:
    """The table as strings, for reading."""
    rows = compared.sort_values("turns", ascending=False, kind="stable")
    shown = {
        "claim": rows["id"],
        "where": rows["artifact"],
        "measured as": rows["quantity"],
        "turns": ["turns" if turns else "" for turns in rows["turns"]],
        "verdicts": [_counts(row) for row in rows.to_dict("records")],
        "ours": [_range(*pair) for pair in zip(rows["lowest"], rows["highest"], strict=True)],
    }
    return pd.DataFrame(shown).join(rows.filter(regex=f"^{SEED}"))


def _counts(row: dict) -> str:
    return "; ".join(f"{name}: {row[name]}" for name in VERDICTS if row[name])


def _range(lowest: float, highest: float) -> str:
    """The lowest and the highest estimate, or the one that all seeds have."""
    ends = dict.fromkeys([number(lowest), number(highest)])
    return " to ".join(ends)


def settled(scores: pd.DataFrame, compared: pd.DataFrame) -> pd.DataFrame:
    """The scores; a verdict that turns with the seed is none, and becomes inconclusive.

    A new column, turns, says of such a claim how often each verdict came out.

    Args:
        scores: a row per claim.
        compared: the table of several seeds, all strings; it may lack claims.
    """
    turning = {
        row["id"]: f"turns with the seed: {_told(row)} in {row['n']} runs"
        for row in compared.to_dict("records")
        if row["turns"] == "True"
    }
    turns = scores["id"].map(turning).where(scores["verdict"] != OWN_SETTINGS)
    lost = turns.notna() & scores["verdict"].isin(DECIDED)
    return scores.assign(verdict=scores["verdict"].mask(lost, INCONCLUSIVE), turns=turns)


def _told(row: dict) -> str:
    return ", ".join(f"{row[name]} {name}" for name in VERDICTS if row[name] != "0")
