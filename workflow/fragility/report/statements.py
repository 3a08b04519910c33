"""The page of all statements: what each says, our finding, and where the text is not exact."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from fragility.report import pages
from fragility.report.scorecard import ours


def statements_page(
    statements: Sequence[Mapping],
    scores: pd.DataFrame,
    figures: Mapping[str, str],
    stamp: list[str],
) -> str:
    """One section per statement, in the order given.

    Args:
        statements: name, title, question, statement, where, finding and caveats of each (a
            YAML file in each statement's folder).
        scores: the theory's scorecard, a row per claim, all strings; a claim's id begins with the
            name of its statement.
        figures: SVG by the statement's name.
        stamp: settings that are not the full run's.
    """
    sections = [_section(one, _claims_of(one["name"], scores), figures) for one in statements]
    return pages.page("The theory, statement by statement", "".join(sections), stamp)


def _claims_of(name: str, scores: pd.DataFrame) -> pd.DataFrame:
    return scores[scores["id"].str.startswith(name.replace("_", "-") + "-")]


def _section(one: Mapping, scores: pd.DataFrame, figures: Mapping[str, str]) -> str:
    rows = scores.to_dict("records")
    claims = pd.DataFrame(
        {
            "": [pages.verdict(row["verdict"]) for row in rows],
            "measured as": scores["quantity"],
            "paper": scores["paper"],
            "ours [95 %]": [ours(row, digits=3) for row in rows],
            "note": scores["note"],
        }
    )
    caveats = "".join(f"<li>{escape(text)}</li>" for text in one.get("caveats", []))
    loose = f"<h3>Where the text is loose</h3><ul>{caveats}</ul>" if caveats else ""
    return (
        f"<section id='{one['name']}'><h2>{escape(one['title'])}</h2>"
        f"<p><i>{escape(one['statement'])}</i> ({escape(one['where'])})</p>"
        f"<p>{escape(one['finding'])}</p>"
        f"{pages.inline_figure(figures[one['name']], one['title'])}"
        f"{pages.table(claims, raw=('',))}{loose}</section>"
    )
