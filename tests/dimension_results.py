"""Made-up results of the second paper's experiment, as scripts/dimension write them."""

import numpy as np
import pandas as pd

from fragility.experiments.dimension.conditions import conditions

TOPOLOGIES, ROBUST, EPSILON = ["strided", "average"], 0.05, 0.05
BLOCK = {
    "networks": 4,
    "conditions_per_job": 3,
    "sizes": {
        "topologies": TOPOLOGIES, "copies": [1, 2, 4], "sides": [28, 14, 7], "robust": ROBUST,
    },
    "regularisers": {
        "methods": ["penalty_l1", "augmentation_l1", "pgd"], "strengths": [0.02, 0.05],
        "networks": 3,
    },
}  # fmt: skip
IMAGE_KINDS = {"strided": 0.5, "max-pooling": 0.5, "average pooling": 0.5}


def initial(slopes=None, l2=None, closed=1.0, networks=30, noise=0.03):
    """Norms that are powers of d with these exponents by topology, 0.5 and 0 without any."""
    stream, rows = np.random.default_rng(3), []
    dense = dict.fromkeys(("fully connected, 1 hidden", "fully connected, 3 hidden"), 0.5)
    for name, exponent in (dense | IMAGE_KINDS | (slopes or {})).items():
        for d in (16, 64, 256, 1024):
            for network in range(networks):
                factor = 1 + noise * stream.standard_normal()
                row = {"topology": name, "d": d, "network": network, "l1": factor * d**exponent}
                row["l2"] = factor * d ** (l2 or {}).get(name, 0.0)
                if name.startswith("fully"):
                    exact = d**0.5
                    row |= {"closed_l1": exact, "logit_l1": factor * closed * exact}
                    row |= {"closed_l2_squared": 2.0, "logit_l2_squared": 2 * factor}
                rows.append(row)
    return pd.DataFrame(rows)


def measures(
    usual=0.4,
    robust=0.4,
    size=0.4,
    reduced=0.4,
    curve=1.0,
    off=0.0,
    pooled=0.5,
    damage=1.05,
    vulnerable=None,
    accuracy=0.95,
    noise=0.02,
):
    """Rows as scripts/dimension/measure.py writes them.

    The l1 norm is a power of the number of copies (usual, robust) or of the side (reduced) squared;
    PGD's is ``size`` times usual training's, average pooling's ``pooled`` times strided's.  The
    share flipped is 0.01 times the l1 norm to the power ``curve``, times exp(off) for PGD, unless
    ``vulnerable`` is a share for all.
    """
    stream, rows = np.random.default_rng(5), []
    for told in conditions(BLOCK):
        for network in range(told["networks"]):
            is_pgd = told["method"] == "pgd"
            grown = told["copies"] ** (2 * (robust if is_pgd else usual))
            l1 = 8 * grown * (told["side"] / 28) ** (2 * reduced)
            if told["method"] != "usual":
                l1 *= size * (0.05 / told["strength"]) ** 0.3
            l1 *= pooled if told["topology"] == "average" else 1
            l1 *= np.exp(noise * stream.standard_normal())
            share = vulnerable if vulnerable is not None else 0.01 * l1**curve
            share *= np.exp(off * is_pgd)
            d = (told["side"] * told["copies"]) ** 2
            named = {name: told[name] for name in told if name != "networks"}
            for epsilon in (0.01, EPSILON):
                rows.append(
                    named | {"network": network, "d": d, "accuracy": accuracy, "loss": 0.2}
                    | {"l1": l1, "l2": l1 / d**0.5, "images": 100, "epsilon": epsilon}
                    | {"vulnerability": share, "damage": damage * l1}
                )  # fmt: skip
    return pd.DataFrame(rows)


def gaps(power=2.0, networks=3):
    """Differences of the two losses that fall as this power of the strength."""
    return pd.DataFrame(
        {"name": "a", "network": k, "norm": norm, "size": size, "gap": 3 * (1 + k) * size**power}
        for k in range(networks)
        for norm in ("l1", "l2")
        for size in (1e-4, 2e-4, 4e-4)
    )
