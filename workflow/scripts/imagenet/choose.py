"""Classify photos, and choose those that the ImageNet experiments compare: a row per experiment."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from fragility.images import imagenet_classes, photo_choice, pretrained
from fragility.images.nearest import nearest
from fragility.images.photos import Photo, read
from fragility.images.pretrained import Pretrained
from fragility.runtime import devices, files, job

CHUNK = 16  # photos in one pass
SIDES = ("source", "target")
NONE_RIGHT = "the network is right on no photo of {}"


def main(
    photos: Path,
    experiments: Path,
    *,
    model: str,
    weights: str,
    sha256: str,
    folder: str,
    photos_digest: str,
    entries: list[dict],
    device: str,
    threads: int,
) -> dict:
    """Write two CSVs: every photo with the network's predicted class, and every experiment's pair.

    An experiment's sources are the first ``count`` photos of its first class that the network
    classifies correctly.  Its target is the nearest one (l2, in the network's own input) of its
    second class that the network classifies correctly.  An experiment without such photos keeps
    its row, with the reason.

    Args:
        photos, experiments: the CSVs to write.
        model: timm's name.
        weights: "package", "hub" or a file.
        sha256: of a file of weights; empty: not checked.
        folder: "packaged", or a folder of photos by synset.
        photos_digest: :func:`.photo_choice.digest` of the photos when the job was planned.  Empty:
            not checked, because the photos are packaged, or timm was missing at planning.
        entries: imagenet.experiments.
        device: "cpu" or "cuda".
        threads: of torch; the CSVs depend on it in the last digits.

    Raises:
        job.ResultError: the photos have changed since the job was planned, none is classified
            correctly, or an experiment's two classes are the same.
    """
    torch.set_num_threads(threads)
    devices.make_deterministic()
    network = pretrained.load(model, weights, sha256)
    chosen = [entry[side] for entry in entries for side in ("from", "to")]
    if photos_digest and photo_choice.digest(folder, chosen) != photos_digest:
        raise job.ResultError(
            f"the photos in {folder} are not those that this job was planned for (names and sizes "
            f"differ); run snakemake again"
        )
    table = _classified(network, photo_choice.every(folder, chosen), folder, device)
    files.write_csv(table, photos)
    right = set(table.loc[table["right"] == 1, "photo"])
    if not right:
        raise job.ResultError(f"{model} classifies none of the {len(table)} photos correctly")
    rows = [row for entry in entries for row in _pairs(entry, network, right, folder)]
    pairs = pd.DataFrame(rows)
    pairs.insert(0, "experiment", range(1, len(rows) + 1))
    files.write_csv(pairs.assign(model=model), experiments)
    return {"photos": len(table), "right": len(right), "size": network.size}


@torch.no_grad()
def _classified(model: Pretrained, every: list[Photo], folder: str, device: str) -> pd.DataFrame:
    """A row per photo: its class, the network's predicted class, the probability of its class."""
    network = model.module.to(device)
    rows = []
    for start in tqdm(range(0, len(every), CHUNK), unit=f" x {CHUNK} photos", mininterval=5):
        part = every[start : start + CHUNK]
        images = photo_choice.pixels(folder, [photo.name for photo in part], model)
        probabilities = network(torch.from_numpy(images).to(device)).softmax(dim=1).cpu().numpy()
        for photo, row in zip(part, probabilities, strict=True):
            predicted = int(row.argmax())
            rows.append(
                {
                    "model": model.name, "photo": photo.name, "label": photo.label,
                    "name": imagenet_classes.name(photo.label),
                    "synset": imagenet_classes.synset(photo.label),
                    "predicted": predicted, "predicted_name": imagenet_classes.name(predicted),
                    "chance": row[photo.label], "right": int(predicted == photo.label),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _pairs(entry: dict, model: Pretrained, right: set[str], folder: str) -> list[dict]:
    """The rows of one entry of imagenet.experiments."""
    kinds = [photo_choice.matching(folder, entry[side]) for side in ("from", "to")]
    sources, targets = ([p for p in kind if p.name in right] for kind in kinds)
    classes = {"source_label": kinds[0][0].label, "target_label": kinds[1][0].label}
    if classes["source_label"] == classes["target_label"]:
        raise job.ResultError(
            f"imagenet.experiments: {entry['from']} and {entry['to']} are both of class "
            f"{classes['source_label']}; the class to attack towards must be another one"
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
    """For each source the target nearest to it; images are held as bytes, not floats."""
    shape = (3, model.size, model.size)
    held = np.empty((len(targets), *shape), dtype=np.uint8)
    for row, photo in zip(held, tqdm(targets, unit=" targets", mininterval=5), strict=True):
        row[:] = _bytes(photo, model)
    with tqdm(total=len(sources), unit=" sources", mininterval=5) as bar:
        indices = nearest(
            (_bytes(photo, model) for photo in sources),
            held,
            progress=lambda done: bar.update(done - bar.n),
        )
    return [targets[k] for k in indices]


def _bytes(photo: Photo, model: Pretrained) -> np.ndarray:
    """The photo as the model takes it, before its bytes are divided by 255."""
    image = read(photo.path, model.size, model.crop_fraction, model.interpolation)
    return np.rint(255 * image).astype(np.uint8)


if __name__ == "__main__":
    job.run(main)
