"""Train ReLU networks on one condition until enough of them are accurate (section 6)."""

import time
from argparse import Namespace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.measures.compression import relu_accuracy
from fragility.runtime import command, files
from fragility.synthetic.data import scale_columns
from fragility.synthetic.networks import relu_tensors
from fragility.training.relu import make_relu_run, train
from fragility.training.run import Settings

PACK = {"cpu": 1, "cuda": 32}  # networks trained side by side; the streams do not depend on it


def main(args: Namespace) -> dict:
    """Write the accurate networks with their A and run, and a row on each run (the attempts).

    A network is accurate if it is right at all 2^d points, in the dtype of training.  If fewer than
    ``networks`` of ``max_attempts`` runs are, those are written and the attempts say why; none at
    all is an error.
    """
    torch.set_num_threads(1)  # one core a job: the workflow runs several side by side
    gaussians = files.read_tensors(args.matrices)["matrices"][: args.max_attempts]
    matrices = scale_columns(gaussians, args.column_scale)
    batch_size = None if args.batch_size == "full" else int(args.batch_size)
    settings = Settings(batch_size, args.learning_rate, args.epochs)
    runs = (
        make_relu_run(a, index, args.width, args.layers, args.seed)
        for index, a in enumerate(matrices)
    )
    accurate, attempts, begun = {}, [], time.perf_counter()
    progress = tqdm(
        total=args.networks, desc=f"d={matrices.shape[1]}", unit=" networks", mininterval=5
    )
    while len(accurate) < args.networks and (pack := list(islice(runs, PACK[args.device]))):
        for run, network in zip(pack, train(pack, settings, args.device), strict=True):
            accuracy = relu_accuracy(run.matrix, network)
            attempts.append((len(attempts), accuracy))
            progress.set_postfix(trained=len(attempts))
            if accuracy == 1:
                accurate[attempts[-1][0]] = (run.matrix, network)
                progress.update()
            if len(accurate) == args.networks:
                break
    progress.close()
    if not accurate:
        raise command.ResultError(_none_accurate(args, matrices.shape[1], attempts))
    if len(accurate) < args.networks:
        print(f"only {len(accurate)} of {len(attempts)} are accurate, {args.networks} were wanted")
    tensors = relu_tensors(list(accurate.values())) | {"runs": np.array(list(accurate))}
    files.write_tensors(tensors, args.output)
    files.write_csv(_rows(attempts, args), args.attempts)
    seconds = (time.perf_counter() - begun) / len(attempts)
    return {
        "dimension": matrices.shape[1],
        "trained": len(attempts),
        "accurate": len(accurate),
        "seconds_per_network": round(seconds, 6),
    }


def _rows(attempts: list[tuple[int, float]], args: Namespace) -> pd.DataFrame:
    rows = pd.DataFrame(attempts, columns=["run", "accuracy"])
    wrong = "not right at every point after the last epoch"
    rows["reason"] = np.where(rows["accuracy"] == 1, "", wrong)
    rows.insert(0, "layers", args.layers)
    rows["wanted"] = args.networks
    return rows


def _none_accurate(args: Namespace, d: int, attempts: list[tuple[int, float]]) -> str:
    best = max(accuracy for _, accuracy in attempts)
    return (
        f"ReLU networks with {args.layers} hidden layers at d={d}: none of {len(attempts)} is "
        f"right at all 2^{d} points (best accuracy {best:.4f}); raise relu.epochs (now "
        f"{args.epochs}) or relu.max_attempts, or change the batch size ({args.batch_size}) or the "
        f"learning rate ({args.learning_rate}) of this condition"
    )


if __name__ == "__main__":
    options = command.parser(__doc__, device=True)
    options.add_argument("--matrices", type=Path, required=True)
    options.add_argument("--column-scale", type=float, required=True)
    options.add_argument("--layers", type=int, required=True)
    options.add_argument("--width", type=int, required=True)
    options.add_argument("--epochs", type=int, required=True)
    options.add_argument("--batch-size", required=True, help='an integer or "full"')
    options.add_argument("--learning-rate", type=float, required=True)
    options.add_argument("--networks", type=int, required=True, help="accurate networks wanted")
    options.add_argument("--max-attempts", type=int, required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--attempts", type=Path, required=True, help="CSV, a row a run")
    options.add_argument("--output", type=Path, required=True)
    command.run(main, options)
