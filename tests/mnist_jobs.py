"""The jobs of the MNIST experiment as programs: a network trained for seconds, thirty sevens."""

from pathlib import Path

import numpy as np
import pandas as pd
import torch
from workflow_runs import run_job

from fragility.paper import claims

FOLDER = Path(claims.__file__).parents[2] / "paper"
SEVENS, LARGEST, ALPHAS, STEP = 30, (20, 28), 5, 20
# of the networks 0, 1, ... of this seed the first that makes more than five ones after 2000 images
SEED, INDEX = 1, 2
NO_SEVEN = "the network does not take it for a seven"
NO_ONE = "no rectangle makes it a one"


def train(folder, data, **changes):
    settings = {
        "images": 2000, "batch_size": 64, "learning_rate": 1.0, "decay": 0.7, "epochs": 1,
        "index": INDEX, "seed": SEED, "folder": str(data), "threads": 1,
    }  # fmt: skip
    return run_job(
        "mnist/train", folder, inputs={"checksums": "../fetch.txt"},
        outputs={"network": "n.safetensors", "accuracy": "accuracy.csv", "record": "n.json"},
        settings=settings | changes,
    )  # fmt: skip


def block(folder, data, network="../one/n.safetensors", **changes):
    settings = {
        "index": 4, "sevens": SEVENS, "largest": LARGEST, "folder": str(data), "threads": 1,
    }  # fmt: skip
    return run_job(
        "mnist/block", folder, inputs={"network": network},
        outputs={"masks": "masks.csv", "record": "masks.json"}, settings=settings | changes,
    )  # fmt: skip


def measure(folder, data, masks="../block/masks.csv", **changes):
    settings = {
        "alphas": ALPHAS, "attacks": ["ddn", "projection"], "steps": 10, "largest_step": STEP,
        "folder": str(data), "threads": 1,
    }  # fmt: skip
    return run_job(
        "mnist/measure", folder, inputs={"network": "../one/n.safetensors", "masks": masks},
        outputs={"measures": "measures.csv", "pictures": "p.safetensors",
                 "record": "measures.json"},
        settings=settings | changes,
    )  # fmt: skip


def score(folder, *measures, networks=2):
    return run_job(
        "score", folder,
        inputs={"claims": str(FOLDER / "claims/mnist.yaml"), "measures": list(measures)},
        outputs={"scores": "scores.csv", "record": "scores.json"},
        settings={"module": "fragility.experiments.mnist.evidence", "networks": networks,
                  "sevens": SEVENS, "seed": 7, "told": {"mnist.sevens": SEVENS}, "departures": []},
    )  # fmt: skip


def read_masks(path):
    return pd.read_csv(path, keep_default_na=False)


def logits(network, images):
    with torch.no_grad():
        return network(torch.as_tensor(np.asarray(images, dtype=float))[:, None]).numpy()


def difference(network, image):
    """g = f_7 - f_1 at an image (28, 28), and its gradient."""
    x = torch.as_tensor(image, dtype=torch.float64)[None, None].requires_grad_()
    outputs = network(x)[0]
    g = outputs[7] - outputs[1]
    (gradient,) = torch.autograd.grad(g, x)
    return g.item(), gradient[0, 0].numpy()


def error(done):
    """The lines of an expected error, the last that was said."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    _, found = done.stderr.split("error: ")
    return found.rstrip("\n").split("\n")
