"""Compute Figure 1: a plane through a trained network, and its distances for all networks."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.runtime.clock import Clock
from fragility.runtime.seeds import generator
from fragility.statements.figure_1 import simulation
from fragility.statements.figure_1.closed_form import attack_ratio
from fragility.statements.section_5.simulation import g, nearest_pairs
from fragility.synthetic.data import corners
from fragility.synthetic.networks import ReluNetwork

DIGITS = 5  # of the grid, which is only drawn


def check(
    settings: dict, seed: int, clock: Clock, networks: list[tuple[NDArray, ReluNetwork]]
) -> pd.DataFrame:
    """Rows of three kinds.

    point: one per (network, point): cos theta and the attack's distance divided by the optimal
    radius.  grid: the plane through the drawn pair, in units of ||x1 - x2||: u, v, g and the
    optimal classifier's margin.  mark: x2, x1, the attack's end point and direction in that plane.

    ``networks`` are pairs of A (d, d) and network.
    """
    rows = []
    for i, (matrix, network) in enumerate(networks):
        rows.append(_points(i, matrix, network, settings, seed))
        clock.lap(len(matrix))
    table = pd.concat(rows, ignore_index=True)
    drawn = _typical(table)
    table["drawn"] = table.index == drawn
    matrix, network = networks[table.loc[drawn, "network"]]
    parts = _picture(matrix, network, int(table.loc[drawn, "corner"]), settings)
    clock.lap(len(matrix))
    return pd.concat([table.drop(columns="corner"), *parts], ignore_index=True)


def _points(
    index: int, matrix: NDArray, network: ReluNetwork, settings: dict, seed: int
) -> pd.DataFrame:
    d = len(matrix)
    stream = generator(seed, "theory", "figure_1", d, index)
    corner = stream.choice(2**d, min(settings["points"], 2**d), replace=False)
    sketch = simulation.sketch(
        network, nearest_pairs(matrix, corners(d, corner)), settings["samples"]
    )
    return pd.DataFrame(
        {
            "kind": "point", "d": d, "layers": len(network.weights) - 1, "network": index,
            "corner": corner, "cosine": sketch.cosine, "crossing": sketch.crossing,
            "observed_ratio": 2 * sketch.distance / sketch.length,
            "predicted_ratio": list(map(attack_ratio, sketch.cosine, sketch.crossing)),
        }
    )  # fmt: skip


def _typical(table: pd.DataFrame) -> int:
    """The pair that is drawn: the one with the median ratio, so that it is not hand-picked.

    The median is over the networks with the fewest hidden layers at the largest dimension.
    """
    kind = table[(table["d"] == table["d"].max()) & (table["layers"] == table["layers"].min())]
    return (kind["observed_ratio"] - kind["observed_ratio"].median()).abs().idxmin()


def _picture(
    matrix: NDArray, network: ReluNetwork, corner: int, settings: dict
) -> list[pd.DataFrame]:
    pair = nearest_pairs(matrix, corners(len(matrix), np.array([corner])))
    sketch = simulation.sketch(network, pair, settings["samples"])
    attack = simulation.attack_direction(network, pair)[0]
    plane, length = simulation.plane(pair.x2[0], pair.x1[0], attack), sketch.length[0]
    side = settings["grid"]
    u, v = (
        a.ravel() for a in np.meshgrid(np.linspace(-0.5, 1.5, side), np.linspace(-0.6, 0.9, side))
    )
    x = plane.at(u * length, v * length)
    own = int(pair.labels[0])
    grid = {"u": u, "v": v, "g": g(network, x, np.full(len(x), own))}
    grid["optimal"] = simulation.nearest_margin(matrix, x, own) / length
    cosine, sine = attack @ plane.first, attack @ plane.second
    reach = sketch.distance[0] / length
    marks = {
        "name": ["x2", "x1", "direction", "landing"],
        "u": [0, 1, cosine, reach * cosine],
        "v": [0, 0, sine, reach * sine],
    }
    return [
        pd.DataFrame({"kind": "mark"} | marks),
        pd.DataFrame({"kind": "grid"} | {k: np.round(a, DIGITS) for k, a in grid.items()}),
    ]
