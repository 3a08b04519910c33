"""The jobs of the ReLU experiment as programs, on networks so small that they take seconds."""

import re
from pathlib import Path
from subprocess import CompletedProcess

from workflow_runs import run_job

from fragility.paper import claims

D, COUNT, SEED, PAIRS, ALPHAS, ATTACKED = 4, 40, 1, 3, 4, 2
PAPER = Path(claims.__file__).parents[2] / "paper"
TOLD = set(re.findall(r"\{([a-z_0-9.]+)\}", (PAPER / "claims/relu.yaml").read_text("utf-8")))


def train(folder: Path, **changes) -> CompletedProcess:
    """Train on the matrices next to ``folder``."""
    settings = {
        "column_scale": 5, "layers": 1, "width": 60, "epochs": 60, "batch_size": "4",
        "learning_rate": 0.01, "wanted": 3, "max_attempts": COUNT, "seed": SEED,
    }  # fmt: skip
    outputs = {"networks": "n.safetensors", "attempts": "attempts.csv", "record": "n.json"}
    inputs = {"matrices": folder.parent / "a.safetensors"}
    return run_job(
        "relu/train", folder, inputs=inputs, outputs=outputs, settings=settings | changes
    )


def measure(folder: Path, networks: Path) -> CompletedProcess:
    """Measure the networks of a file."""
    return run_job(
        "relu/measure", folder, inputs={"networks": networks}, outputs={"measures": "measures.csv"},
        settings={"alphas": ALPHAS, "pairs": PAIRS, "seed": SEED},
    )  # fmt: skip


def attack(folder: Path, networks: Path) -> CompletedProcess:
    """Attack the first networks of a file."""
    settings = {
        "n_networks": ATTACKED, "pairs": PAIRS, "methods": ["ddn", "projection"], "steps": 20,
        "directions": 16, "reach": 10, "seed": SEED,
    }  # fmt: skip
    return run_job(
        "relu/attack", folder, inputs={"networks": networks}, settings=settings,
        outputs={"attacks": "attacks.csv", "record": "attacks.json"},
    )  # fmt: skip


def score(folder: Path, **inputs) -> CompletedProcess:
    """Judge the experiment's claims by such results."""
    settings = {
        "module": "fragility.experiments.relu.evidence", "dimension": D, "attack_dimension": D,
        "column_scale": 5, "n_attacked": ATTACKED, "alphas": ALPHAS, "pairs": PAIRS, "seed": SEED,
        "told": {name: D for name in TOLD}, "departures": [],
    }  # fmt: skip
    return run_job(
        "score", folder, inputs={"claims": PAPER / "claims/relu.yaml"} | inputs,
        outputs={"scores": "scores.csv"}, settings=settings,
    )  # fmt: skip
