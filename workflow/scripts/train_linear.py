"""Train linear networks on each of some conditions until enough of them are valid (section 6)."""

import time
from argparse import Namespace
from itertools import islice
from pathlib import Path
from statistics import mean

import numpy as np
from tqdm import tqdm

from fragility.measures.compression import is_valid
from fragility.runtime import command, files
from fragility.synthetic.data import scale_columns
from fragility.training.linear import make_run, train
from fragility.training.run import Settings

PACK = {"cpu": 1, "cuda": 64}  # networks trained side by side; the streams do not depend on it


def main(args: Namespace) -> dict:
    """Write ``weights`` (n, 2, d) float64 per cell, W = H2 H1 of each run from 0 on.

    Training stops at the first run that makes both ``min_runs`` runs and ``min_valid`` valid
    ones.  On the CPU the bytes are the same for any packing, of networks or of cells; on a GPU the
    arithmetic differs in the last digits, which Adam amplifies, so single runs may end elsewhere.
    """
    matrices = scale_columns(files.read_tensors(args.matrices)["matrices"], args.column_scale)
    weights, facts = {}, []
    for cell in args.cells:
        batch_size, rate = cell.split(":")
        settings = Settings(
            None if batch_size == "full" else int(batch_size), float(rate), args.epochs
        )
        weights[cell], told = _train_cell(args, matrices, settings, cell)
        facts.append(told)
    files.write_tensors(weights, args.output)
    seconds = [cell["seconds"] for cell in facts if cell["seconds"] is not None]
    return {
        "dimension": matrices.shape[1],
        "networks": sum(cell["networks"] for cell in facts),
        "valid": sum(cell["valid"] for cell in facts),
        "seconds_per_network": round(mean(seconds), 6) if seconds else None,
    }


def _train_cell(
    args: Namespace, matrices: np.ndarray, settings: Settings, cell: str
) -> tuple[np.ndarray, dict]:
    """The weights of one cell's networks, (n, 2, d); how many there are, valid ones, seconds."""
    runs = (make_run(a, i, args.width, args.seed) for i, a in enumerate(matrices))
    weights, n_valid, clock = [], 0, []
    progress = tqdm(desc=f"d={matrices.shape[1]}, {cell}", unit=" networks", mininterval=5)
    while len(weights) < args.min_runs or n_valid < args.min_valid:
        pack = list(islice(runs, PACK[args.device]))
        if not pack:
            raise command.ResultError(_too_few(args, matrices, n_valid, cell))
        for run, network in zip(pack, train(pack, settings, args.device), strict=True):
            weights.append(network.weights())
            n_valid += is_valid(run.matrix, weights[-1])
            progress.update()
            progress.set_postfix(valid=n_valid)
            if len(weights) >= args.min_runs and n_valid >= args.min_valid:
                break
        clock.append((time.perf_counter(), len(weights)))
    progress.close()
    told = {"networks": len(weights), "valid": int(n_valid), "seconds": _seconds_per_network(clock)}
    return np.stack(weights), told


def _seconds_per_network(clock: list[tuple[float, int]]) -> float | None:
    """From the second pack on: the first one also loads the compiled code."""
    (begun, first), (ended, last) = clock[0], clock[-1]
    return (ended - begun) / (last - first) if last > first else None


def _too_few(args: Namespace, matrices: np.ndarray, n_valid: int, cell: str) -> str:
    n, d = matrices.shape[:2]
    batch, rate = cell.split(":")
    return (
        f"linear networks at d={d}: {n_valid} valid of {n} attempts (valid fraction "
        f"{n_valid / n:.3f}), {args.min_valid} wanted; raise linear.max_attempts (now {n}), lower "
        f"linear.n_valid, or change linear.batch_size ({batch}) or linear.learning_rate ({rate})"
    )


if __name__ == "__main__":
    options = command.parser(__doc__, device=True)
    options.add_argument("--matrices", type=Path, required=True)
    options.add_argument("--column-scale", type=float, required=True)
    options.add_argument("--width", type=int, required=True)
    options.add_argument("--epochs", type=int, required=True)
    options.add_argument(
        "--cells", nargs="+", required=True, help='BATCH:RATE, BATCH an integer or "full"'
    )
    options.add_argument("--min-runs", type=int, required=True)
    options.add_argument("--min-valid", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
