"""Measure the ImageNet experiments: angles, lengths, attacks; rows for Tables 7 and 8, Figure 6."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.attacks.iterative import Iterated, iterate
from fragility.attacks.minimal import Goal, Smallest, attack_unit, smallest
from fragility.images import photo_choice, pretrained
from fragility.images.photos import GREY
from fragility.measures.gradient_path import GradientPath, follow, gradient_change
from fragility.runtime import devices, files, job

BOUNDS = (0.0, 1.0)
CHUNK = 8  # points of a path in one pass
DIRECTIONS = ("there", "back")


class Attack(NamedTuple):
    """The attacks' settings: the iterative one's steps in grey levels, both kinds' step numbers."""

    step: float
    factors: list[float]
    steps: int
    attacks: list[str]
    minimal_steps: int


def main(
    experiments: Path,
    measures: Path,
    along: Path,
    by_step: Path,
    pictures: Path,
    *,
    model: str,
    weights: str,
    sha256: str,
    folder: str,
    both_ways: bool,
    alphas: int,
    alphas_figure: int,
    step: float,
    factors: list[float],
    steps: int,
    attacks: list[str],
    minimal_steps: int,
    device: str,
    threads: int,
) -> dict:
    """Write a CSV row per experiment and direction, per alpha, per step size, and the pictures.

    Lengths are in pixels from 0 to 1; tables may show another scale.

    Args:
        experiments: CSV of scripts/imagenet/choose.py.
        measures, along, by_step: the CSVs to write, in the order above.
        pictures: safetensors to write.
        model, weights, sha256, folder, device, threads: as for scripts/imagenet/choose.py.
        both_ways: whether the target's photo is attacked, too.
        alphas, alphas_figure: points from photo to photo, both included; those of Figure 6.
        step: of the iterative attack, in grey levels.
        factors: on the step, 1 among them.
        steps: of the iterative attack, at most.
        attacks: the minimal-norm ones.
        minimal_steps: gradient steps of each of them.

    Raises:
        job.ResultError: no experiment has photos that the network classifies correctly.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    network = pretrained.load(model, weights, sha256)
    module = network.module.to(device)
    chosen, failed = _chosen(files.read_csv(experiments), model)
    x, target = (
        torch.from_numpy(photo_choice.pixels(folder, chosen[side], network)).to(device)
        for side in ("source", "target")
    )
    path, fine = _paths(module, x, target, chosen, alphas, alphas_figure)
    attack = Attack(step, factors, steps, attacks, minimal_steps)
    parts, sizes = [], []
    for direction in DIRECTIONS[: 2 if both_ways else 1]:
        there, back = (chosen, x, path), (_swapped(chosen), target, path.back())
        here = there if direction == "there" else back
        rows, minimal, some, adversarial = _attacked(module, *here, attack)
        parts.append(rows.assign(direction=direction))
        sizes.append(some.assign(direction=direction))
        if direction == "there":
            shown = _pictures(module, x, target, chosen, minimal, adversarial, alphas)
            files.write_tensors(shown, pictures)
    parts.append(failed.assign(direction="there"))
    files.write_csv(pd.concat(parts, ignore_index=True), measures)
    files.write_csv(pd.concat(sizes, ignore_index=True), by_step)
    files.write_csv(_along(chosen, fine), along)
    return {"experiments": len(chosen), "left_out": len(failed)}


def _chosen(experiments: pd.DataFrame, model: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The experiments that can be measured, and the others, whose rows have a reason.

    Raises:
        job.ResultError: none can be measured.
    """
    with_photos = experiments["reason"].isna()
    if not with_photos.any():
        reasons = "; ".join(experiments["reason"].dropna().unique())
        raise job.ResultError(f"{model}: none of imagenet.experiments can be measured: {reasons}")
    return experiments[with_photos].reset_index(drop=True), experiments[~with_photos]


def _classes(rows: pd.DataFrame, device) -> tuple[torch.Tensor, torch.Tensor]:
    return tuple(
        torch.tensor(rows[f"{side}_label"].to_numpy(dtype=np.int64), device=device)
        for side in ("source", "target")
    )


def _paths(
    network, x, target, rows: pd.DataFrame, alphas: int, fine: int
) -> tuple[GradientPath, GradientPath]:
    """The gradients from x to target: of all experiments for Table 7, of the first for Figure 6."""
    classes = _classes(rows, x.device)
    total = len(x) * alphas + fine
    with tqdm(total=total, unit=" gradients", mininterval=5) as bar:
        return tuple(
            follow(
                network, x[:n], target[:n], tuple(c[:n] for c in classes), k,
                chunk=CHUNK, progress=bar.update,
            )
            for n, k in ((len(x), alphas), (1, fine))
        )  # fmt: skip


def _swapped(rows: pd.DataFrame) -> pd.DataFrame:
    """The experiments in the other direction, from target to source."""
    names = {"source": "target", "target": "source"}
    names |= {f"{a}_{kind}": f"{b}_{kind}" for a, b in names.items() for kind in ("label", "name")}
    return rows.rename(columns=names)[list(rows)]


def _attacked(network, rows: pd.DataFrame, x, path: GradientPath, told: Attack):
    """The measures, the minimal attacks' result, Q by step size, the iterative attack's result."""
    goal = Goal(*_classes(rows, x.device))
    by_step, table = [], None
    for factor in tqdm(told.factors, unit=" step sizes"):
        step = factor * told.step * GREY
        hit = iterate(network, x, goal, step=step, bounds=BOUNDS, steps=told.steps)
        by_step.append(_step_rows(rows, x, hit, factor, told.step))
        table = hit if factor == 1 else table
    first_order = path.first_order()
    minimal = smallest(
        network, x, goal, attacks=told.attacks, bounds=BOUNDS, steps=told.minimal_steps,
        unit=attack_unit(first_order),
    )  # fmt: skip
    columns = {
        "entries": x[0].numel(),
        "L": path.length,
        "M": path.expected_length(),
        "M_exact": path.exact_length(),
        "first_order": first_order,
        "gradient_along": path.relative_norms().mean(axis=1),
        "gradient_largest": path.relative_norms().max(axis=1),
        "gradient_change": gradient_change(
            network, x, x + torch.from_numpy(minimal.perturbation).to(x), _classes(rows, x.device)
        ),
        "Q_iterative": _norms(table.adversarial - x),
        "steps": table.steps.cpu().numpy(),
        "Q_minimal": minimal.norm.astype(float),
        "attack": minimal.attack,
    }
    columns |= {f"Q_{name}": norm.astype(float) for name, norm in minimal.by_attack.items()}
    # the paper's alpha is the weight of the source
    columns |= {f"cos_{i}": cosines for i, cosines in enumerate(path.cosines.T[::-1])}
    columns |= {"average_cos": path.cosines.mean(axis=1)}
    columns["note"] = [_missing(*pair) for pair in zip(table.steps, minimal.norm, strict=True)]
    return rows.join(pd.DataFrame(columns)), minimal, pd.concat(by_step), table


def _missing(steps: torch.Tensor, norm: float) -> str:
    """The attacks that found nothing, in words."""
    missing = []
    if steps < 0:
        missing.append("the iterative attack did not arrive")
    if np.isnan(norm):
        missing.append("no minimal-norm attack arrived")
    return "; ".join(missing)


def _step_rows(rows: pd.DataFrame, x, hit: Iterated, factor: float, step: float) -> pd.DataFrame:
    table = rows[["experiment", "model"]].assign(factor=factor, grey_levels=factor * step)
    return table.assign(Q=_norms(hit.adversarial - x), steps=hit.steps.cpu().numpy())


def _norms(perturbations: torch.Tensor) -> np.ndarray:
    return perturbations.flatten(1).to(torch.float64).norm(dim=1).cpu().numpy()


def _along(rows: pd.DataFrame, fine: GradientPath) -> pd.DataFrame:
    """Figure 6: cosine and gradient norm by the paper's alpha, the weight of the source."""
    columns = {
        "alpha": fine.alphas,
        "cos_theta": fine.cosines[0, ::-1],
        "slope": fine.gradient_norms[0, ::-1],
    }
    return pd.DataFrame(columns).assign(**rows.loc[0, ["model", "experiment"]])


@torch.no_grad()
def _pictures(network, x, target, rows, result: Smallest, hit: Iterated, n_alphas: int) -> dict:
    """Images and probabilities (source's class, target's class) of each experiment."""
    classes = torch.stack(_classes(rows, x.device), dim=1)

    # NaN for a NaN image
    def probabilities(images: torch.Tensor, which: torch.Tensor) -> np.ndarray:
        parts = [network(part).softmax(dim=1) for part in images.split(CHUNK)]
        return torch.cat(parts).gather(1, which).cpu().numpy()

    alphas = torch.linspace(0, 1, n_alphas, device=x.device)
    line = torch.lerp(target[:, None], x[:, None], alphas.view(1, -1, 1, 1, 1)).flatten(0, 1)
    minimal = x + torch.from_numpy(result.perturbation).to(x)
    images = {"source": x, "target": target, "minimal": minimal, "iterative": hit.adversarial}
    tensors = {name: image.cpu().numpy() for name, image in images.items()}
    tensors |= {f"{name}_chances": probabilities(image, classes) for name, image in images.items()}
    tensors["alphas"] = alphas.cpu().numpy()
    along = probabilities(line, classes.repeat_interleave(n_alphas, dim=0))
    return tensors | {"chances": along.reshape(len(x), n_alphas, 2)}


if __name__ == "__main__":
    job.run(main)
