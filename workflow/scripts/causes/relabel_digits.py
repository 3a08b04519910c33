"""Move training digits across a network's boundary, relabel them, and train networks on these."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.attacks.minimal import Goal, smallest
from fragility.images import digits
from fragility.images.digits import Digits
from fragility.images.small_digit_network import load_small_networks, new_small_network
from fragility.runtime import devices, files, job
from fragility.runtime.seeds import generator
from fragility.training import robust_digits
from fragility.training.robust_digits import Kind, RobustSettings, as_tensors
from fragility.training.run import log_spaced

BOUNDS = (0.0, 1.0)
HALVINGS = 12  # perturbations are precise to 0.02 %, far below the least margin
USUAL = Kind("usual", 0.0)


def main(
    networks: list[Path],
    accuracies: Path,
    moves: Path,
    *,
    folder: Path,
    images: int,
    margins: list[float],
    attacks: list[str],
    steps: int,
    batch_size: int,
    learning_rate: float,
    epochs: int,
    checkpoints: int,
    seed: int,
    device: str,
    threads: int,
) -> dict:
    """Write the students' accuracy on all clean test digits over training, and how far inputs went.

    The teacher of each index is its network trained as usual.  Each of its training digits that it
    classifies correctly is moved by the smallest perturbation e that the attacks find, times
    1 + margin, and gets the class that the teacher gives it at x + e.  Pixels may leave [0, 1] by
    what is added.  A student with initial weights of its own is trained on these inputs alone.

    Args:
        networks: safetensors of scripts/causes/train_digits.py, one per index, in order.
        accuracies: CSV to write: setting, margin, network, step, accuracy.
        moves: CSV to write: a row per teacher and margin, with its accuracy on clean test digits,
            the number of moved digits, their mean distance, and the share to which the teacher
            gives the new class.
        folder: of MNIST's four files.
        images: how many training images, from the first.
        margins: what is added to the smallest perturbation, relative to it.
        attacks, steps: minimal-norm attacks, and gradient steps of each.
        batch_size, learning_rate, epochs: as the teachers are trained.
        checkpoints: at most this many steps at which accuracies are written.
        seed: root of the random streams.
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    train = digits.read(folder, "train")
    x, labels = as_tensors(Digits(train.images[:images], train.labels[:images]), device)
    test = as_tensors(digits.read(folder, "t10k"), device)
    settings = RobustSettings(batch_size, learning_rate, epochs, attack_steps=1)
    rows, moved_rows = [], []
    for index, path in enumerate(tqdm(networks, unit=" teachers", mininterval=5)):
        teacher = load_small_networks(files.read_tensors(path))[str(USUAL)].to(device)
        clean, step_out, new = _moved(teacher, x, labels, attacks, steps)
        for margin in margins:
            inputs = clean + (1 + margin) * step_out
            moved_rows.append(
                {
                    "setting": "digits",
                    "margin": margin,
                    "network": index,
                    "teacher_accuracy": robust_digits.accuracy(teacher, *test),
                    "moved": len(new),
                    "distance": float((1 + margin) * step_out.flatten(1).norm(dim=1).mean()),
                    "teacher_agrees": robust_digits.accuracy(teacher, inputs, new),
                }
            )
            student = new_small_network(seed, "causes", "student", index).to(device)
            shown = set(log_spaced(-(-len(new) // batch_size) * epochs, checkpoints))

            def report(step: int, student=student, shown=shown, start=(margin, index)) -> None:
                if step in shown:
                    share = robust_digits.accuracy(student, *test)
                    rows.append(("digits", *start, step, share))

            orders = generator(seed, "causes", "students", "orders", index)
            robust_digits.train(student, inputs, new, USUAL, settings, orders, report)
    names = ["setting", "margin", "network", "step", "accuracy"]
    files.write_csv(pd.DataFrame(rows, columns=names), accuracies)
    files.write_csv(pd.DataFrame(moved_rows), moves)
    return {"students": len(moved_rows)}


def _moved(teacher, x, labels, attacks, steps):
    """Inputs that are moved, (n, 1, 28, 28), their smallest perturbations, new classes (n,)."""
    with torch.no_grad():
        right = teacher(x).argmax(dim=1) == labels
    x, labels = x[right], labels[right]
    found = smallest(
        teacher, x, Goal(labels), attacks=attacks, bounds=BOUNDS, steps=steps, halvings=HALVINGS
    )
    there = torch.from_numpy(np.isfinite(found.norm)).to(x.device)
    step_out = torch.from_numpy(found.perturbation).to(x)[there]
    with torch.no_grad():
        new = teacher(x[there] + step_out).argmax(dim=1)
    return x[there], step_out, new


if __name__ == "__main__":
    job.run(main)
