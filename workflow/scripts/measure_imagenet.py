"""Measure the ImageNet experiments: angles, lengths, attacks; rows for Tables 7 and 8, Figure 6."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.attacks.iterative import Iterated, iterate
from fragility.attacks.minimal import Goal, Smallest, order, smallest
from fragility.images import photo_choice, photos, pretrained
from fragility.measures.gradient_path import Path as Way
from fragility.measures.gradient_path import follow
from fragility.runtime import command, devices, files

BOUNDS = (0.0, 1.0)
CHUNK = 8  # points of a path in one pass
DIRECTIONS = ("there", "back")


def main(args: Namespace) -> dict:
    """Write a row an experiment and direction, one an alpha, one a step size, and the pictures.

    Lengths are in pixels from 0 to 1, whatever scale the tables show.
    """
    torch.set_num_threads(args.torch_threads)
    devices.make_deterministic()
    model = pretrained.load(args.model, args.weights, args.sha256)
    network = model.module.to(args.device)
    experiments = files.read_csv(args.experiments)
    chosen = experiments[experiments["reason"].isna()].reset_index(drop=True)
    if chosen.empty:
        reasons = "; ".join(experiments["reason"].dropna().unique())
        raise command.ResultError(
            f"{args.model}: none of imagenet.experiments can be measured: {reasons}"
        )
    x, target = (
        torch.from_numpy(photo_choice.pixels(args.photos, chosen[side], model)).to(args.device)
        for side in ("source", "target")
    )
    way, fine = _ways(network, x, target, chosen, args)
    parts, steps = [], []
    for direction in DIRECTIONS[: 2 if args.both_ways else 1]:
        here = (chosen, x, way) if direction == "there" else (_swapped(chosen), target, way.back())
        rows, found, by_step, adversarial = _attacked(network, *here, args)
        parts.append(rows.assign(direction=direction))
        steps.append(by_step.assign(direction=direction))
        if direction == "there":
            files.write_tensors(
                _pictures(network, x, target, chosen, found, adversarial, args), args.pictures
            )
    failed = experiments[experiments["reason"].notna()].assign(direction="there")
    files.write_csv(pd.concat([*parts, failed], ignore_index=True), args.output)
    files.write_csv(pd.concat(steps, ignore_index=True), args.steps_output)
    files.write_csv(_along(chosen, fine), args.along)
    return {"experiments": len(chosen), "left_out": len(failed)}


def _classes(rows: pd.DataFrame, device) -> tuple[torch.Tensor, torch.Tensor]:
    return tuple(
        torch.tensor(rows[f"{side}_label"].to_numpy(dtype=np.int64), device=device)
        for side in ("source", "target")
    )


def _ways(network, x, target, rows: pd.DataFrame, args: Namespace) -> tuple[Way, Way]:
    """The gradients along the way: of all experiments for Table 7, of the first for Figure 6."""
    classes = _classes(rows, x.device)
    total = len(x) * args.alphas + args.alphas_figure
    with tqdm(total=total, unit=" gradients", mininterval=5) as bar:
        return tuple(
            follow(
                network, x[:n], target[:n], tuple(c[:n] for c in classes), k,
                chunk=CHUNK, progress=bar.update,
            )
            for n, k in ((len(x), args.alphas), (1, args.alphas_figure))
        )  # fmt: skip


def _swapped(rows: pd.DataFrame) -> pd.DataFrame:
    """The experiments from the other end."""
    names = {"source": "target", "target": "source"}
    names |= {f"{a}_{kind}": f"{b}_{kind}" for a, b in names.items() for kind in ("label", "name")}
    return rows.rename(columns=names)[list(rows)]


def _attacked(network, rows: pd.DataFrame, x, way: Way, args: Namespace):
    """The measures, the minimal attack's findings, Q by step size, the table's iterated inputs."""
    goal = Goal(*_classes(rows, x.device))
    by_step, table = [], None
    for factor in tqdm(args.factors, unit=" step sizes"):
        step = factor * args.step * photos.GREY
        hit = iterate(network, x, goal, step=step, bounds=BOUNDS, steps=args.steps)
        by_step.append(_step_rows(rows, x, hit, factor, args))
        table = hit if factor == 1 else table
    first_order = way.first_order()
    found = smallest(
        network, x, goal, attacks=args.attacks, bounds=BOUNDS, steps=args.minimal_steps,
        unit=order(first_order),
    )  # fmt: skip
    columns = {
        "entries": x[0].numel(),
        "L": way.length,
        "M": way.expected_length(),
        "M_exact": way.exact_length(),
        "first_order": first_order,
        "Q_iterative": _norms(table.adversarial - x),
        "steps": table.steps.cpu().numpy(),
        "Q_minimal": found.norm.astype(float),
        "attack": found.attack,
    }
    columns |= {f"Q_{name}": norm.astype(float) for name, norm in found.by_attack.items()}
    # the paper's alpha is the weight of the source
    columns |= {f"cos_{i}": way.cosines[:, -1 - i] for i in range(args.alphas)}
    columns |= {"average_cos": way.cosines.mean(axis=1)}
    columns["note"] = [_missing(*pair) for pair in zip(table.steps, found.norm, strict=True)]
    return rows.join(pd.DataFrame(columns)), found, pd.concat(by_step), table


def _missing(steps: torch.Tensor, norm: float) -> str:
    """What was not found, in words."""
    missing = []
    if steps < 0:
        missing.append("the iterative attack did not arrive")
    if np.isnan(norm):
        missing.append("no minimal-norm attack arrived")
    return "; ".join(missing)


def _step_rows(rows: pd.DataFrame, x, hit: Iterated, factor: float, args) -> pd.DataFrame:
    table = rows[["experiment", "model"]].assign(factor=factor, grey_levels=factor * args.step)
    return table.assign(Q=_norms(hit.adversarial - x), steps=hit.steps.cpu().numpy())


def _norms(perturbations: torch.Tensor) -> np.ndarray:
    return perturbations.flatten(1).to(torch.float64).norm(dim=1).cpu().numpy()


def _along(rows: pd.DataFrame, fine: Way) -> pd.DataFrame:
    """Figure 6: cosine and slope by the paper's alpha, the weight of the source."""
    columns = {
        "alpha": fine.alphas,
        "cos_theta": fine.cosines[0, ::-1],
        "slope": fine.slopes[0, ::-1],
    }
    return pd.DataFrame(columns).assign(**rows.loc[0, ["model", "experiment"]])


@torch.no_grad()
def _pictures(network, x, target, rows, found: Smallest, hit: Iterated, args: Namespace) -> dict:
    """Images and probabilities (source's class, target's class) of each experiment."""
    classes = torch.stack(_classes(rows, x.device), dim=1)

    def chances(images: torch.Tensor, which: torch.Tensor) -> np.ndarray:  # NaN for a NaN image
        parts = [network(part).softmax(dim=1) for part in images.split(CHUNK)]
        return torch.cat(parts).gather(1, which).cpu().numpy()

    alphas = torch.linspace(0, 1, args.alphas, device=x.device)
    line = torch.lerp(target[:, None], x[:, None], alphas.view(1, -1, 1, 1, 1)).flatten(0, 1)
    minimal = x + torch.from_numpy(found.perturbation).to(x)
    images = {"source": x, "target": target, "minimal": minimal, "iterative": hit.adversarial}
    tensors = {name: image.cpu().numpy() for name, image in images.items()}
    tensors |= {f"{name}_chances": chances(image, classes) for name, image in images.items()}
    tensors["alphas"] = alphas.cpu().numpy()
    along = chances(line, classes.repeat_interleave(args.alphas, dim=0))
    return tensors | {"chances": along.reshape(len(x), args.alphas, 2)}


if __name__ == "__main__":
    options = command.photo_parser(__doc__)
    options.add_argument("--experiments", type=Path, required=True, help="of choose_photos.py")
    options.add_argument("--both-ways", type=int, choices=[0, 1], required=True)
    options.add_argument("--alphas", type=int, required=True)
    options.add_argument("--alphas-figure", type=int, required=True)
    options.add_argument("--step", type=float, required=True, help="grey levels")
    options.add_argument("--factors", type=float, nargs="+", required=True, help="on the step")
    options.add_argument("--steps", type=int, required=True, help="of the iterative attack")
    options.add_argument("--attacks", nargs="+", required=True)
    options.add_argument("--minimal-steps", type=int, required=True)
    options.add_argument("--along", type=Path, required=True)
    options.add_argument("--steps-output", type=Path, required=True)
    options.add_argument("--pictures", type=Path, required=True, help="safetensors")
    command.run(main, options)
