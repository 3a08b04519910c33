"""Judge the claims of one experiment, or of the theory, by their own rules."""

from collections.abc import Callable
from importlib import import_module
from inspect import signature
from pathlib import Path

import pandas as pd

from fragility.paper.claims import Printed, read_claims, read_csv_strings
from fragility.paper.scores import scores as judged
from fragility.paper.verdicts import Finding
from fragility.runtime import files, job
from fragility.runtime.seeds import generator

READERS = {pd.DataFrame: files.read_csv, Printed: read_csv_strings}
REPETITIONS = 20  # of each change of our results


def main(
    claims: Path,
    scores: Path,
    *,
    module: str,
    seed: int,
    told: dict[str, object],
    departures: list[str],
    **rest: object,
) -> None:
    """Write the scorecard's rows of the claims that ``module.evidence`` has findings on.

    The evidence function declares by its signature which results and settings it takes.  Each
    change in ``module.ALTERNATIVES`` takes them, and a random stream, to changed ones.
    """
    source = import_module(module)
    declared = signature(source.evidence)
    if "seed" in declared.parameters:
        rest["seed"] = seed
    results = job.bind(declared, rest, READERS)
    changed = {}
    for name, change in getattr(source, "ALTERNATIVES", {}).items():
        streams = (generator(seed, "alternative", name, k) for k in range(REPETITIONS))
        changed[name] = [_findings(source.evidence, change(results, each)) for each in streams]
    found = _findings(source.evidence, results)
    table = judged(read_claims(claims), found, changed, told=told, departures=departures)
    files.write_csv(table, scores)


def _findings(evidence: Callable, results: dict) -> dict[str, Finding]:
    return {name: Finding(*found) for name, found in evidence(**results).items()}


if __name__ == "__main__":
    job.run(main)
