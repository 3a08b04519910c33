"""Classify photos, and choose those that the ImageNet experiments compare: a row an experiment."""

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import imagenet_classes, photo_choice, photos, pretrained
from fragility.images.photos import Photo
from fragility.images.pretrained import Pretrained
from fragility.runtime import command, devices, files

CHUNK = 16  # photos in one pass
SIDES = ("source", "target")
NONE_RIGHT = "the network is right on no photo of {}"


def main(args: Namespace) -> dict:
    """Write two CSVs: every photo with what the network sees in it, and every experiment's pair.

    An experiment's sources are the first ``count`` photos of its first class that the network is
    right on, its target the nearest one (l2, in the network's own input) of its second class that
    the network is right on.  An experiment without such photos keeps its row, with the reason.
    """
    torch.set_num_threads(args.torch_threads)
    devices.make_deterministic()
    model = pretrained.load(args.model, args.weights, args.sha256)
    chosen = [entry[side] for entry in args.experiments for side in ("from", "to")]
    table = _classified(model, photo_choice.every(args.photos, chosen), args)
    files.write_csv(table, args.photos_output)
    right = set(table.loc[table["right"] == 1, "photo"])
    if not right:
        raise command.ResultError(f"{args.model} is right on none of the {len(table)} photos")
    rows = [row for entry in args.experiments for row in _pairs(entry, model, right, args)]
    experiments = pd.DataFrame(rows)
    experiments.insert(0, "experiment", range(1, len(rows) + 1))
    files.write_csv(experiments.assign(model=args.model), args.output)
    return {"photos": len(table), "right": len(right), "size": model.size}


@torch.no_grad()
def _classified(model: Pretrained, every: list[Photo], args: Namespace) -> pd.DataFrame:
    """Each photo's class, what the network takes it for and how surely."""
    network = model.module.to(args.device)
    rows = []
    for start in tqdm(range(0, len(every), CHUNK), unit=f" x {CHUNK} photos", mininterval=5):
        part = every[start : start + CHUNK]
        images = photo_choice.pixels(args.photos, [photo.name for photo in part], model)
        chances = network(torch.from_numpy(images).to(args.device)).softmax(dim=1).cpu().numpy()
        for photo, row in zip(part, chances, strict=True):
            seen = int(row.argmax())
            rows.append(
                {
                    "model": model.name, "photo": photo.name, "label": photo.label,
                    "name": imagenet_classes.name(photo.label),
                    "synset": imagenet_classes.synset(photo.label),
                    "predicted": seen, "predicted_name": imagenet_classes.name(seen),
                    "chance": row[photo.label], "right": int(seen == photo.label),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _pairs(entry: dict, model: Pretrained, right: set[str], args: Namespace) -> list[dict]:
    """The rows of one entry of imagenet.experiments."""
    kinds = [photo_choice.matching(args.photos, entry[side]) for side in ("from", "to")]
    sources, targets = ([p for p in kind if p.name in right] for kind in kinds)
    classes = {"source_label": kinds[0][0].label, "target_label": kinds[1][0].label}
    if classes["source_label"] == classes["target_label"]:
        raise command.ResultError(
            f"imagenet.experiments: {entry['from']} and {entry['to']} are both of class "
            f"{classes['source_label']}; an attack needs another class to aim at"
        )
    classes |= {f"{side}_name": imagenet_classes.name(classes[f"{side}_label"]) for side in SIDES}
    if not sources or not targets:
        lacking = [entry[side] for side, kind in (("from", sources), ("to", targets)) if not kind]
        reason = NONE_RIGHT.format(" nor of ".join(map(str, lacking)))
        return [{"source": "", "target": "", **classes, "reason": reason}]
    sources = sources[: entry.get("count", 1)]
    return [
        {"source": source.name, "target": target.name, **classes, "reason": ""}
        for source, target in zip(sources, _nearest(sources, targets, model), strict=True)
    ]


def _nearest(sources: list[Photo], targets: list[Photo], model: Pretrained) -> list[Photo]:
    """For each source the target nearest to it; bytes are held, not floats."""
    shape = (3, model.size, model.size)
    held = np.empty((len(targets), *shape), dtype=np.uint8)
    for row, photo in zip(held, tqdm(targets, unit=" targets", mininterval=5), strict=True):
        row[:] = _bytes(photo, model)
    with tqdm(total=len(sources), unit=" sources", mininterval=5) as bar:
        found = photos.nearest(
            (_bytes(photo, model) for photo in sources),
            held,
            progress=lambda done: bar.update(done - bar.n),
        )
    return [targets[k] for k in found]


def _bytes(photo: Photo, model: Pretrained) -> np.ndarray:
    """The photo as the model takes it, before its bytes are divided by 255."""
    image = photos.read(photo.path, model.size, model.crop_fraction, model.interpolation)
    return np.rint(255 * image).astype(np.uint8)


if __name__ == "__main__":
    options = command.photo_parser(__doc__)
    options.add_argument("--experiments", type=json.loads, required=True, help="as JSON")
    options.add_argument("--photos-output", type=Path, required=True)
    command.run(main, options)
