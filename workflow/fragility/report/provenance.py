"""Provenance: which code, settings, versions and devices made each result, and when."""

from collections.abc import Mapping

import pandas as pd


def provenance(records: Mapping[str, dict]) -> pd.DataFrame:
    """A row for each record (by file name; see :mod:`fragility.runtime.job`), in their order."""
    return pd.DataFrame(
        {
            "result": name,
            "program": record["script"],
            "commit": record["commit"],
            "device": record["device"],
            "threads": record["threads"],
            "seed": record["job"]["settings"].get("seed", ""),
            "started": record["started"],
            "seconds": round(record["seconds"], 1),
            "memory_mb": record["peak_memory_mb"],
            "versions": ", ".join(f"{name} {v}" for name, v in record["versions"].items()),
        }
        for name, record in records.items()
    )
