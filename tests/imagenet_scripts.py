"""Running the ImageNet experiment's scripts as programs, and measuring what they measure."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import torch
from workflow_runs import script

from fragility.images.photo_choice import pixels

# float32 (eps 1.2e-7): some fifty layers of sums leave 1e-5 of a gradient, more in its direction
# where units stand on the brink; against wrong readings of the measures, which are off by half
CLOSE = 0.02


def choosing(experiments, photos="packaged"):
    return {
        "photos": photos, "experiments": json.dumps(experiments), "torch_threads": 1,
        "photos_output": "photos.csv", "output": "experiments.csv",
        "provenance": "experiments.json",
    }  # fmt: skip


def choose(folder, model, experiments, photos="packaged"):
    return script("choose_photos", folder, *model, **choosing(experiments, photos))


def measure(folder, model, photos="packaged", **changes):
    options = {
        "photos": photos, "experiments": "experiments.csv", "both_ways": 1, "alphas": 3,
        "alphas_figure": 4, "step": 1.0, "factors": [0.5, 1.0], "steps": 10, "attacks": ["ddn"],
        "minimal_steps": 10, "torch_threads": 1, "along": "along.csv", "steps_output": "steps.csv",
        "pictures": "pictures.safetensors", "output": "measures.csv", "provenance": "measures.json",
    }  # fmt: skip
    return script("measure_imagenet", folder, *model, **options | changes)


def compare(folder, model, photos, **changes):
    options = {
        "photos": photos, "photos_input": "photos.csv", "photos_most": 20, "alphas": 3,
        "step": 1.0, "steps": 10, "attacks": ["ddn"], "minimal_steps": 10, "torch_threads": 1,
        "output": "pairs.csv", "provenance": "pairs.json",
    }  # fmt: skip
    return script("compare_photos", folder, *model, **options | changes)


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
