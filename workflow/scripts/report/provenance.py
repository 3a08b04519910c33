"""Write the run's configuration, and where each result comes from, by the jobs' records."""

from pathlib import Path

import yaml

from fragility.report.provenance import provenance
from fragility.runtime import chain, files, job
from fragility.runtime.digests import read_record


def main(
    made: list[Path],
    table: Path,
    config_file: Path,
    *,
    jobs: list[list],
    results: str,
    config: dict,
) -> dict:
    """Write the whole configuration as YAML, and a row for each job.

    ``made`` are all files of the run so far; ``jobs`` says which job makes which (chain.Made).

    Raises:
        job.ResultError: a file is missing or not as its job wrote it.
    """
    wrong = chain.broken([chain.Made(*each) for each in jobs], results)
    if wrong:
        raise job.ResultError(chain.told(wrong))
    records = {record: read_record(record) for _, record, _ in jobs}
    files.write_text(yaml.safe_dump(config, sort_keys=False), config_file)
    files.write_csv(provenance(records), table)
    return {"config": config, "files": len(made)}


if __name__ == "__main__":
    job.run(main)
