"""A sweep of small cells, with one cell per job and with many: the time that starting jobs takes.

Each run trains and measures the same networks through the real workflow, on one core.  "Computing"
is the time that the scripts themselves record, from start to end; the rest of the wall time is
Python's start, imports, and Snakemake.
"""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[1]
RESULTS = "results/packing"
BATCHES, RATES = [16, 32, 64, 128, 256, "full"], [0.0003, 0.001, 0.003, 0.01]
PACKS = (1, 6, 24)  # cells per job, of 24 cells


def config(cells_per_job: int) -> str:
    """A sweep at d = 8 with ten networks a cell, as YAML."""
    grid = {"batch_sizes": BATCHES, "learning_rates": RATES, "n_runs": 10}
    grid |= {"cells_per_job": cells_per_job}
    linear = {"dimensions": [8], "table_dimension": 8, "sensitivity": grid}
    return yaml.safe_dump({"results": RESULTS, "linear": linear})


def sweep(cells_per_job: int) -> dict:
    """Run it; returns jobs, seconds in all, and seconds that the scripts record."""
    results = REPOSITORY / RESULTS
    shutil.rmtree(results, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(config(cells_per_job))
        file.flush()
        words = ["--cores", "1", "--quiet", "all", "--until", "linear_measure"]
        target = f"{RESULTS}/tables/linear_sensitivity.csv"
        begun = time.perf_counter()
        subprocess.run(
            ["snakemake", *words, "--configfile", file.name, "--", target],
            cwd=REPOSITORY, check=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wall = time.perf_counter() - begun
    records = [json.loads(path.read_text()) for path in results.glob("linear/*/*.json")]
    shutil.rmtree(results)
    return {
        "jobs": len(records),
        "wall": wall,
        "computing": sum(record["seconds"] for record in records),
    }


if __name__ == "__main__":
    walls = []
    for cells in PACKS:
        run = sweep(cells)
        walls.append(run["wall"])
        lost = run["wall"] - run["computing"]
        print(
            f"{cells:2d} cells a job: {run['jobs']:2d} jobs, {run['wall']:5.1f} s, of which "
            f"{lost / run['wall']:.0%} not computing, {lost / run['jobs']:.2f} s a job",
            flush=True,
        )
    print(f"ratio: {walls[0] / walls[-1]:.1f}")
