"""Render the report's own pages: start, claims with their rules, assumptions."""

from pathlib import Path

from fragility.paper import claims
from fragility.report import scorecard as tables
from fragility.runtime import files, job


def main(
    listed: list[Path],
    scorecard: Path,
    assumptions: Path,
    figure: Path,
    start: Path,
    markdown: Path,
    claims_page: Path,
    assumptions_page: Path,
    *,
    stamp: list[str],
) -> None:
    """Write the pages, and the scorecard in Markdown, from the scorecard and the assumptions.

    ``listed`` are the files of claims; ``stamp`` lists settings that are not the full run's.

    Raises:
        job.ResultError: the scorecard's rows are not those of the claims.
    """
    scores = claims.read_csv_strings(scorecard)
    wanted = [claim.id for path in listed for claim in claims.read_claims(path)]
    if list(scores["id"]) != wanted:
        raise job.ResultError(f"{scorecard} has {len(scores)} rows for {len(wanted)} claims")
    choices = claims.read_csv_strings(assumptions)
    files.write_text(tables.start_page(scores, figure.read_text(encoding="utf-8"), stamp), start)
    files.write_text(tables.markdown(scores), markdown)
    files.write_text(tables.claims_page(scores, stamp), claims_page)
    files.write_text(tables.assumptions_page(choices, scores, stamp), assumptions_page)


if __name__ == "__main__":
    job.run(main)
