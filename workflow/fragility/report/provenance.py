"""The provenance page: which code, settings, versions and devices made the results, and when."""

from collections.abc import Mapping

import pandas as pd
import yaml

from fragility.report import pages


def provenance_page(
    records: Mapping[str, dict], config: dict, commit: str, stamp: list[str]
) -> str:
    """A summary, the configuration, and one row per record.

    Args:
        records: records by file name (see :mod:`fragility.runtime.job`).
        config: the whole configuration.
        commit: the commit the page itself was made from.
        stamp: settings that are not the full run's.
    """
    rows = pd.DataFrame(
        {
            "result": name,
            "script": record["script"],
            "commit": record["commit"],
            "device": record["device"],
            "threads": str(record["threads"]),
            "seed": str(record["job"]["settings"].get("seed", "")),
            "started": record["started"],
            "seconds": f"{record['seconds']:.1f}",
            "memory, MB": str(record["peak_memory_mb"]),
        }
        for name, record in records.items()
    )
    versions = sorted({f"{k} {v}" for r in records.values() for k, v in r["versions"].items()})
    total = sum(record["seconds"] for record in records.values())
    peak = max((record["peak_memory_mb"] for record in records.values()), default=0)
    summary = pd.DataFrame(
        {
            "commit of the report": [commit],
            "commits of the results": [", ".join(sorted(set(rows["commit"])))],
            "devices": [", ".join(sorted(set(rows["device"])))],
            "computing, all jobs": [f"{total / 60:.1f} minutes"],
            "largest memory": [f"{peak} MB"],
            "versions": [", ".join(versions)],
        }
    )
    settings = f"<pre>{pages.escape(yaml.safe_dump(config, sort_keys=False))}</pre>"
    body = (
        pages.table(summary.T.reset_index().set_axis(["", " "], axis=1))
        + f"<h2>Configuration</h2>{settings}"
        + f"<h2>Results</h2>{pages.table(rows)}"
    )
    return pages.page("Provenance", body, stamp)
