"""Train linear networks on each of some conditions until enough of them are valid (section 6)."""

import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from fragility.measures.compression import is_valid
from fragility.runtime import files, job
from fragility.synthetic.data import scale_columns
from fragility.training.linear import make_run, train
from fragility.training.run import Settings

PACK = {"cpu": 1, "cuda": 64}  # networks trained at a time; the streams do not depend on it


def main(
    matrices: Path,
    weights: Path,
    *,
    column_scale: float,
    width: int,
    epochs: int,
    cells: list[str],
    min_runs: int,
    min_valid: int,
    seed: int,
    device: str,
) -> dict:
    """Write ``weights`` (n, 2, d) float64 per cell BATCH:RATE, W = H2 H1 of each run from 0 on.

    Training stops at the first run with which there are ``min_runs`` runs and ``min_valid`` valid
    ones.  On the CPU the bytes are the same for any packing, of networks or of cells.  On a GPU the
    arithmetic differs in the last digits, which Adam amplifies, so single runs may differ.

    Raises:
        job.ResultError: all matrices are used up before that.
    """
    scaled = scale_columns(files.read_tensors(matrices)["matrices"], column_scale)
    enough = Enough(min_runs, min_valid)
    trained, facts = {}, []
    for cell in cells:
        batch_size, rate = cell.split(":")
        settings = Settings(None if batch_size == "full" else int(batch_size), float(rate), epochs)
        runs = (make_run(a, i, width, seed) for i, a in enumerate(scaled))
        packs = iter(lambda runs=runs: list(islice(runs, PACK[device])), [])
        networks = (zip(pack, train(pack, settings, device), strict=True) for pack in packs)
        trained[cell], told = _train_cell(networks, enough, f"d={scaled.shape[1]}, {cell}")
        if told["networks"] < min_runs or told["valid"] < min_valid:
            raise job.ResultError(_too_few(scaled, told["valid"], enough, cell))
        facts.append(told)
    files.write_tensors(trained, weights)
    seconds = [cell["seconds"] for cell in facts if cell["seconds"] is not None]
    return {
        "dimension": scaled.shape[1],
        "networks": sum(cell["networks"] for cell in facts),
        "valid": sum(cell["valid"] for cell in facts),
        "seconds_per_network": round(mean(seconds), 6) if seconds else None,
    }


class Enough(NamedTuple):
    """The numbers of networks, and of valid ones, with which a cell is done."""

    runs: int
    valid: int


def _train_cell(packs: Iterable, enough: Enough, name: str) -> tuple[np.ndarray, dict]:
    """The weights of one cell's networks, (n, 2, d); the numbers of all and valid ones, seconds."""
    weights, n_valid, clock = [], 0, []
    progress = tqdm(desc=name, unit=" networks", mininterval=5)
    for pack in packs:
        for run, network in pack:
            weights.append(network.weights())
            n_valid += is_valid(run.matrix, weights[-1])
            progress.update()
            progress.set_postfix(valid=n_valid)
            if len(weights) >= enough.runs and n_valid >= enough.valid:
                break
        clock.append((time.perf_counter(), len(weights)))
        if len(weights) >= enough.runs and n_valid >= enough.valid:
            break
    progress.close()
    told = {"networks": len(weights), "valid": int(n_valid), "seconds": _seconds_per_network(clock)}
    return np.stack(weights), told


def _seconds_per_network(clock: list[tuple[float, int]]) -> float | None:
    """The mean from the second pack on: during the first one the compiled code is loaded."""
    (begun, first), (ended, last) = clock[0], clock[-1]
    return (ended - begun) / (last - first) if last > first else None


def _too_few(matrices: np.ndarray, n_valid: int, enough: Enough, cell: str) -> str:
    n, d = matrices.shape[:2]
    batch, rate = cell.split(":")
    return (
        f"linear networks at d={d}: {n_valid} valid of {n} attempts (valid fraction "
        f"{n_valid / n:.3f}), {enough.valid} wanted; raise linear.max_attempts (now {n}), lower "
        f"linear.n_valid, or change linear.batch_size ({batch}) or linear.learning_rate ({rate})"
    )


if __name__ == "__main__":
    job.run(main)
