"""Train ReLU networks on one condition until enough of them are accurate (section 6)."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from fragility.measures.compression import relu_accuracy
from fragility.runtime import files, job
from fragility.synthetic.data import scale_columns
from fragility.synthetic.networks import ReluNetwork, relu_tensors
from fragility.training.relu import make_relu_run, train
from fragility.training.run import Run, Settings

PACK = {"cpu": 1, "cuda": 32}  # networks trained at a time; the streams do not depend on it


def main(
    matrices: Path,
    networks: Path,
    attempts: Path,
    *,
    column_scale: float,
    layers: int,
    width: int,
    epochs: int,
    batch_size: str,
    learning_rate: float,
    wanted: int,
    max_attempts: int,
    seed: int,
    device: str,
) -> dict:
    """Write the accurate networks with their A and run, and one row per run (the attempts).

    A network is accurate if it is correct at all 2^d points, in the dtype of training.  If fewer
    than ``wanted`` of ``max_attempts`` runs are accurate, those are written, and the attempts have
    a reason.

    Args:
        matrices: safetensors of A, (n, d, d).
        networks, attempts: safetensors and CSV to write.
        batch_size: an integer, or "full" for all 2^d points.

    Raises:
        job.ResultError: no network is accurate.
    """
    torch.set_num_threads(1)  # one core per job: the workflow runs several jobs at a time
    scaled = scale_columns(files.read_tensors(matrices)["matrices"][:max_attempts], column_scale)
    settings = Settings(None if batch_size == "full" else int(batch_size), learning_rate, epochs)
    runs = (make_relu_run(a, index, width, layers, seed) for index, a in enumerate(scaled))
    begun, d = time.perf_counter(), scaled.shape[1]
    accurate, accuracies = _accurate(_trained(runs, settings, device), wanted, f"d={d}")
    seconds = (time.perf_counter() - begun) / len(accuracies)
    if not accurate:
        raise job.ResultError(
            f"ReLU networks with {layers} hidden layers at d={d}: none of {len(accuracies)} is "
            f"correct at all 2^{d} points (best accuracy {max(accuracies):.4f}); raise relu.epochs "
            f"(now {epochs}) or relu.max_attempts, or change the batch size ({batch_size}) or the "
            f"learning rate ({learning_rate}) of this condition"
        )
    if len(accurate) < wanted:
        print(f"only {len(accurate)} of {len(accuracies)} are accurate, {wanted} were wanted")
    tensors = relu_tensors(list(accurate.values())) | {"runs": np.array(list(accurate))}
    files.write_tensors(tensors, networks)
    files.write_csv(_rows(accuracies, layers, wanted), attempts)
    return {
        "dimension": d,
        "trained": len(accuracies),
        "accurate": len(accurate),
        "seconds_per_network": round(seconds, 6),
    }


def _trained(
    runs: Iterator[Run[ReluNetwork]], settings: Settings, device: str
) -> Iterator[tuple[NDArray, ReluNetwork]]:
    """Each run's A and trained network; packs are trained when their networks are needed."""
    while pack := list(islice(runs, PACK[device])):
        for run, network in zip(pack, train(pack, settings, device), strict=True):
            yield run.matrix, network


def _accurate(
    trained: Iterable[tuple[NDArray, ReluNetwork]], wanted: int, name: str
) -> tuple[dict[int, tuple[NDArray, ReluNetwork]], list[float]]:
    """The accurate networks by run, until there are ``wanted``; the accuracy of each run so far."""
    accurate, accuracies = {}, []
    progress = tqdm(total=wanted, desc=name, unit=" networks", mininterval=5)
    for run, pair in enumerate(trained):
        accuracies.append(relu_accuracy(*pair))
        progress.set_postfix(trained=len(accuracies))
        if accuracies[-1] == 1:
            accurate[run] = pair
            progress.update()
        if len(accurate) == wanted:
            break
    progress.close()
    return accurate, accuracies


def _rows(accuracies: list[float], layers: int, wanted: int) -> pd.DataFrame:
    rows = pd.DataFrame({"layers": layers, "run": range(len(accuracies)), "accuracy": accuracies})
    wrong = "not right at every point after the last epoch"
    rows["reason"] = np.where(rows["accuracy"] == 1, "", wrong)
    rows["wanted"] = wanted
    return rows


if __name__ == "__main__":
    job.run(main)
