"""Judge the claims of one experiment, or of the theory, by the rules of claims.csv."""

from importlib import import_module
from inspect import signature
from pathlib import Path

import pandas as pd

from fragility.paper import claims as paper
from fragility.runtime import files, job

READERS = {pd.DataFrame: files.read_csv, paper.Printed: paper.read_csv_strings}


def main(claims: Path, scores: Path, *, module: str, **rest: object) -> None:
    """Write the scorecard's rows of the claims that ``module.evidence`` has estimates of.

    The evidence function declares by its signature which results and settings it takes.
    """
    evidence = import_module(module).evidence
    estimates = evidence(**job.bind(signature(evidence), rest, READERS))
    files.write_csv(paper.scores(claims.parent, estimates), scores)


if __name__ == "__main__":
    job.run(main)
