"""Measure sevens and the ones made of them: angles, lengths, attacks; rows for Tables 5 and 6."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.attacks.minimal import Goal, Smallest, smallest
from fragility.attacks.scans import l2_direction, scan, sign_direction
from fragility.images import digits
from fragility.images.artificial_ones import ONE, SEVEN
from fragility.images.digit_network import load
from fragility.images.digit_training import pixels
from fragility.images.digits import blocked
from fragility.measures.gradient_path import follow, gradient, gradient_change
from fragility.runtime import devices, files, job

BOUNDS = (0.0, 1.0)
GRID = 200  # sizes that a scan tries before bisection
SHOWN = 5  # sevens whose pictures are kept: the first with an artificial one (assumption M4)


class Attack(NamedTuple):
    """The attacks' settings: minimal-norm ones, their step number, the l2 scan's largest step."""

    attacks: list[str]
    steps: int
    largest_step: float


def main(
    network: Path,
    masks: Path,
    measures: Path,
    pictures: Path,
    *,
    folder: Path,
    alphas: int,
    attacks: list[str],
    steps: int,
    largest_step: float,
    device: str,
    threads: int,
) -> dict:
    """Write a CSV row for each seven with an artificial one, and the pictures of the first five.

    Args:
        network: safetensors of the weights.
        masks: CSV of scripts/mnist/block.py.
        measures: the CSV to write.
        pictures: safetensors to write.
        folder: of MNIST's four files.
        alphas: points from the seven to the one, both included.
        attacks: the minimal-norm ones.
        steps: gradient steps of each of them.
        largest_step: the largest one that the l2 scan tries, in pixels (l2 norm).
        device: "cpu" or "cuda".
        threads: of torch; the bytes depend on it.

    Raises:
        job.ResultError: no seven has an artificial one.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    trained = load(files.read_tensors(network)).to(device)
    made = files.read_csv(masks).dropna(subset=["rows"]).astype({"rows": int, "columns": int})
    if made.empty:
        raise job.ResultError(
            "MNIST: no correctly classified test 7 becomes a 1 when an upper-left rectangle is "
            "blocked.  Raise mnist.largest_mask or mnist.sevens"
        )
    clean, ones = _images(made, folder)
    x, target = pixels(clean).to(device), pixels(ones).to(device)
    by_kind = _attacks(trained, x, Attack(attacks, steps, largest_step))
    table = made[["network", "seven", "rows", "columns"]].reset_index(drop=True)
    files.write_csv(table.join(_measures(trained, x, target, by_kind, alphas)), measures)
    files.write_tensors(_pictures(trained, x, target, by_kind["minimal"], alphas), pictures)
    return {"sevens": len(table), "found": int(np.isfinite(by_kind["minimal"].norm).sum())}


def _images(masks: pd.DataFrame, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """The sevens and the ones made of them, both (n, 28, 28) uint8."""
    clean = digits.read(folder, "t10k").images[masks["seven"]]
    sizes = masks[["rows", "columns"]].to_numpy()
    ones = [blocked(image, *size) for image, size in zip(clean, sizes, strict=True)]
    return clean, np.stack(ones)


def _attacks(network: torch.nn.Module, x: torch.Tensor, told: Attack) -> dict[str, Smallest]:
    """The three kinds of attack from class 7 to 1; each perturbation was evaluated and flips."""
    labels = torch.full((len(x),), SEVEN, device=x.device)
    goal = Goal(labels, torch.full_like(labels, ONE))
    by_kind, progress = {}, tqdm(total=3, desc=f"{len(x)} sevens", unit=" attacks")
    for name, direction, largest in (
        ("sign", sign_direction, 1.0),
        ("gradient", l2_direction, told.largest_step),
    ):
        reached = scan(network, x, goal, direction, bounds=BOUNDS, largest=largest, grid=GRID)
        by_kind[name] = _of(reached - x, name)
        progress.update()
    by_kind["minimal"] = smallest(
        network, x, goal, attacks=told.attacks, bounds=BOUNDS, steps=told.steps
    )
    progress.update()
    progress.close()
    return by_kind


def _of(perturbation: torch.Tensor, name: str) -> Smallest:
    norm = perturbation.flatten(1).norm(dim=1).cpu().numpy()
    names = np.where(np.isnan(norm), "none", name)
    return Smallest(perturbation.cpu().numpy(), norm, names, {name: norm})


def _measures(network, x, target, by_kind: dict[str, Smallest], alphas: int) -> pd.DataFrame:
    """L, Q by each attack, M as printed and exact, first-order distance, cosines along the path.

    Of the gradient's norm along the path, divided by that at the seven: the mean and the largest;
    and how much the gradient has changed where the smallest minimal-norm attack arrives.
    """
    path = follow(network, x, target, (SEVEN, ONE), alphas)
    columns = {"L": path.length}
    columns |= {f"Q_{name}": result.norm.astype(float) for name, result in by_kind.items()}
    columns |= {f"Q_{k}": v.astype(float) for k, v in by_kind["minimal"].by_attack.items()}
    # the smallest of all kinds: a single step may be shorter than the minimal-norm attacks' result
    kinds = list(by_kind)
    norms = np.stack([by_kind[kind].norm for kind in kinds]).astype(float)
    failed = np.isnan(norms).all(axis=0)
    best = np.where(np.isnan(norms), np.inf, norms).argmin(axis=0)
    names = np.array([by_kind[kind].attack for kind in kinds])[best, np.arange(len(best))]
    columns |= {"Q": np.where(failed, np.nan, norms[best, np.arange(len(best))])}
    columns |= {"attack": np.where(failed, "none", names)}
    columns |= {
        "M": path.expected_length(),
        "M_exact": path.exact_length(),
        "first_order": path.first_order(),
        "gradient_along": path.relative_norms().mean(axis=1),
        "gradient_largest": path.relative_norms().max(axis=1),
        "gradient_change": gradient_change(
            network, x, x + torch.from_numpy(by_kind["minimal"].perturbation).to(x), (SEVEN, ONE)
        ),
        "cos_theta_t": path.cosines[:, 0],
    }
    columns |= {f"cos_{i}": path.cosines[:, i] for i in range(alphas)}
    columns |= {"reason": np.where(failed, "no attack makes it a one", "")}
    return pd.DataFrame(columns)


def _pictures(network, x, target, minimal: Smallest, n_alphas: int) -> dict[str, np.ndarray]:
    """Images (5, 28, 28) and probabilities of the first sevens, for Figure 3 and the strips."""
    x, target = x[:SHOWN], target[:SHOWN]
    alphas = torch.linspace(0, 1, n_alphas, device=x.device)
    line = x[:, None] + alphas.view(1, -1, 1, 1, 1) * (target - x)[:, None]
    with torch.no_grad():
        along = network(line.flatten(0, 1)).softmax(dim=1).view(len(x), n_alphas, -1)
        adversarial = x + torch.from_numpy(minimal.perturbation[:SHOWN]).to(x)
        at_adversarial = network(adversarial.nan_to_num()).softmax(dim=1)
    pictures = {
        "seven": x,
        "one": target,
        "gradient": gradient(network, x, (SEVEN, ONE)),
        "adversarial": adversarial,
    }
    tensors = {name: value[:, 0].cpu().numpy() for name, value in pictures.items()}
    tensors |= {"chances": along.cpu().numpy(), "alphas": alphas.cpu().numpy()}
    return tensors | {"adversarial_chances": at_adversarial.cpu().numpy()}


if __name__ == "__main__":
    job.run(main)
