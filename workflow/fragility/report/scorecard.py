"""The scorecard's pages: what the paper says, what we find, by which rule, on what assumptions."""

import pandas as pd

from fragility.paper.verdicts import MEANINGS, VERDICTS
from fragility.report import pages
from fragility.report.render import number, pipe_table, with_interval


def start_page(scores: pd.DataFrame, figure: str, stamp: list[str]) -> str:
    """The start page's fragment: counts of verdicts, one picture (SVG), one line per claim.

    Args:
        scores: the scorecard, all strings, a row per claim.
        figure: Figure 2 as SVG.
        stamp: settings that are not the full run's, for the notice.
    """
    counts = scores["verdict"].value_counts()
    tally = "".join(
        f"<li class='{name.replace(' ', '-')}'><b>{counts[name]}</b>{name}: {MEANINGS[name]}</li>"
        for name in VERDICTS
        if name in counts
    )
    shown = pd.DataFrame(
        {
            "": [pages.verdict(name) for name in scores["verdict"]],
            "where": scores["artifact"],
            "what the paper says": scores["statement"],
            "measured as": scores["quantity"],
            "paper": scores["paper"],
            "ours [95 %]": [ours(row, digits=3) for row in scores.to_dict("records")],
        }
    )
    intro = (
        "<p>Each claim of the paper (arXiv 2406.16200) beside what this run finds. How a claim is "
        "judged was fixed before the run; rules and reasons stand under <i>About this run</i>, "
        "tables and figures under their experiment, both in the menu on the left.</p>"
        f"<ul class='tally'>{tally}</ul>"
    )
    picture = pages.figure(
        figure,
        "Figure 2, rebuilt",
        "Figure 2, rebuilt: a trained network compresses the feature to |cos θ1| of its length, "
        "close to what Theorem 6 predicts (φ).",
    )
    body = (
        f"<div class='glance'><div>{intro}</div>{picture}</div>"
        f"<div class='claims'>{pages.table(shown, raw=('',))}</div>"
    )
    title = "Feature compression and adversarial fragility: does the paper hold?"
    return pages.fragment(title, body, stamp)


def markdown(scores: pd.DataFrame) -> str:
    """Counts of verdicts by artifact, from a row per claim, as a Markdown table for the README."""
    counts = pd.crosstab(scores["artifact"], scores["verdict"])
    found = [name for name in VERDICTS if name in counts]
    counts = counts.reindex(index=scores["artifact"].unique(), columns=found, fill_value=0)
    shown = counts.astype(str).replace("0", "").reset_index(names="where")
    return f"{pipe_table(shown)}\n"


def claims_page(scores: pd.DataFrame, stamp: list[str]) -> str:
    """Every claim (row) with its rule, tolerance, reason, place in the paper and assumptions."""
    rows = scores.to_dict("records")
    shown = pd.DataFrame(
        {
            "claim": scores["id"],
            "": [pages.verdict(name) for name in scores["verdict"]],
            "measured as": scores["quantity"],
            "paper": scores["paper"],
            "ours [95 %]": [ours(row) for row in rows],
            "interval that decides": [_deciding(row) for row in rows],
            "n": scores["n"],
            "would have passed": [_passed(row) for row in rows],
            "rule, and why": [f"{_rule(row)}: {row['reason']}" for row in rows],
            "rule fixed": [_fixed(row) for row in rows],
            "by part": scores["parts"],
            "note": scores["note"],
            "in the paper": scores["location"],
            "rests on": scores["assumptions"].str.replace(";", " "),
        }
    )
    rules = (
        "prediction, count prediction, inside: the printed number lies where one of its sample "
        "size should fall, given ours (95 %), and half or twice of it does not. equivalence: our "
        "95 % interval lies within paper ± tolerance. at least, at most: our 95 % interval lies "
        "on that side of the tolerance. An interval that reaches both sides is inconclusive."
    )
    body = pages.paragraph(rules) + pages.table(shown, raw=("",))
    return pages.page("All claims, with rules and reasons", body, stamp)


def assumptions_page(assumptions: pd.DataFrame, scores: pd.DataFrame, stamp: list[str]) -> str:
    """Each choice (row) that the paper leaves open, ours, why, and the claims that depend on it."""
    resting = [
        ", ".join(scores["id"][[name in ids.split(";") for ids in scores["assumptions"]]])
        for name in assumptions["id"]
    ]
    keys = [f" ({key} in config.yaml)" if key else "" for key in assumptions["key"]]
    shown = pd.DataFrame(
        {
            "": assumptions["id"],
            "choice": assumptions["choice"],
            "the paper": assumptions["paper"],
            "ours": assumptions["ours"] + keys,
            "why": assumptions["reason"],
            "claims on it": resting,
        }
    )
    return pages.page("What the paper leaves open", pages.table(shown), stamp)


def ours(row: dict, digits: int = 4) -> str:
    """Our estimate in a scorecard row (all strings), with its interval."""
    value, low, high = (float(row[key] or "nan") for key in ("ours", "low", "high"))
    if low == high:
        return number(value, digits)
    return with_interval(value, low, high, digits)


def _deciding(row: dict) -> str:
    """The limits by which the claim was judged, where they are not those of our estimate."""
    if (row["judged_low"], row["judged_high"]) == (row["low"], row["high"]):
        return "as ours"
    limits = (number(float(row[f"judged_{end}"] or "nan"), 4) for end in ("low", "high"))
    return f"[{', '.join(limits)}]"


def _passed(row: dict) -> str:
    """The share of alternatives that the rule would have passed, and which they are."""
    if not row["passed"]:
        return ""
    return f"{float(row['passed']):.0%} of: {row['alternatives']}"


def _fixed(row: dict) -> str:
    known = f"; known before: {row['trial']}" if row["trial"] else ""
    return f"{row['fixed']}{known}"


def _rule(row: dict) -> str:
    return f"{row['rule'].replace('_', ' ')} {row['tolerance']}".strip()
