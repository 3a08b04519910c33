"""Running the ImageNet programs on their jobs, and measuring what they measure."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import torch
from workflow_runs import run_job

from fragility.images.photo_choice import pixels

# float32 (eps 1.2e-7): some fifty layers of sums leave 1e-5 of a gradient, more in its direction
# where units stand on the brink; against wrong readings of the measures, which are off by half
CLOSE = 0.02


LITE = {"model": "tf_efficientnet_lite0", "weights": "package", "sha256": ""}
# the files that each program writes, besides its record
CHOSEN = {"photos": "photos.csv", "experiments": "experiments.csv", "record": "experiments.json"}
MEASURED = {"measures": "measures.csv", "along": "along.csv", "by_step": "steps.csv",
            "pictures": "pictures.safetensors", "record": "measures.json"}  # fmt: skip
COMPARED = {"pairs": "pairs.csv", "record": "pairs.json"}


def choosing(model, experiments, photos="packaged", **changes):
    told = {"folder": str(photos), "photos_digest": "", "entries": experiments, "threads": 1}
    return {"inputs": {}, "outputs": CHOSEN, "settings": model | told | changes}


def measuring(model, photos="packaged", experiments="experiments.csv", **changes):
    told = {
        "folder": str(photos), "both_ways": True, "alphas": 3, "alphas_figure": 4, "step": 1,
        "factors": [0.5, 1], "steps": 10, "attacks": ["ddn"], "minimal_steps": 10,
        "threads": 1,
    }  # fmt: skip
    inputs = {"experiments": experiments}
    return {"inputs": inputs, "outputs": MEASURED, "settings": model | told | changes}


def comparing(model, photos, classified="photos.csv", **changes):
    told = {
        "folder": str(photos), "most": 20, "alphas": 3, "step": 1, "steps": 10,
        "attacks": ["ddn"], "minimal_steps": 10, "threads": 1,
    }  # fmt: skip
    inputs = {"photos": classified}
    return {"inputs": inputs, "outputs": COMPARED, "settings": model | told | changes}


def choose(folder, *told, **changes):
    return run_job("imagenet/choose", folder, **choosing(*told, **changes))


def measure(folder, *told, **changes):
    return run_job("imagenet/measure", folder, **measuring(*told, **changes))


def compare(folder, *told, **changes):
    return run_job("imagenet/compare", folder, **comparing(*told, **changes))


def in_turn(folder, *steps):
    """Each step in the folder, if those before it went well; what was said by the last."""
    folder.mkdir(exist_ok=True)
    for step in steps:
        done = step(folder)
        assert done.returncode == 0, done.stderr
    return folder


def at_once(*jobs):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda job: job(), jobs))


def read(path):
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def cosine(a, b):
    return float((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b))


def slope(module, image, classes):
    """g = f_i - f_j at an image (3, size, size), and its gradient, by autograd alone."""
    x = torch.from_numpy(image)[None].requires_grad_()
    outputs = module(x)[0]
    g = outputs[classes[0]] - outputs[classes[1]]
    (gradient,) = torch.autograd.grad(g, x)
    return g.item(), gradient[0].numpy().astype(float)


def chances(module, images):
    with torch.no_grad():
        return module(torch.from_numpy(np.asarray(images, np.float32))).softmax(dim=1).numpy()


def images_of(folder, photos, row, model):
    return pixels(photos, [row["source"], row["target"]], model)
