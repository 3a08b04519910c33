"""What the networks would be if the claims were false: changes of the results, by name."""

from collections.abc import Callable

import numpy as np
import pandas as pd

Change = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]


def shuffled(measures: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """No relation: phi shuffled over the valid networks (rows) of each dimension."""
    phi = measures["phi"].to_numpy().copy()
    groups = measures[measures["valid"] == 1].groupby("d").indices
    valid = np.flatnonzero(measures["valid"] == 1)
    for rows in groups.values():
        phi[valid[rows]] = stream.permutation(phi[valid[rows]])
    return measures.assign(phi=phi)


def random_directions(measures: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """|cos theta_1| of a uniformly random direction in R^d."""
    return measures.assign(cos_theta_1=_coordinate(measures["d"], stream))


def same_angle(measures: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """Another direction at each network's own angle theta_2 from Theorem 6's weights.

    Phi is the cosine of those weights with A's last column.  So a direction at the angle theta_2,
    uniform around them, has cos theta_1 = phi cos theta_2 + sqrt(1 - phi^2) sin theta_2 u, u being
    a coordinate of a random unit vector in R^(d-1).
    """
    cos_2, phi = measures["cos_theta_2"].abs(), measures["phi"]
    across = np.sqrt((1 - cos_2**2).clip(0) * (1 - phi**2).clip(0))
    return measures.assign(
        cos_theta_1=phi * cos_2 + across * _coordinate(measures["d"] - 1, stream)
    )


def _coordinate(dimensions: pd.Series, stream: np.random.Generator) -> np.ndarray:
    """A coordinate of a uniformly random unit vector in each dimension, (n,); ±1 in one."""
    first = stream.standard_normal(len(dimensions))
    rest = stream.chisquare(np.maximum(dimensions - 1, 1e-9))
    return first / np.sqrt(first**2 + rest)


def _everywhere(change: Change) -> Callable[[dict, np.random.Generator], dict]:
    """The change as scripts/score.py calls it: of all networks that the evidence reads."""

    def changed(results: dict, stream: np.random.Generator) -> dict:
        return results | {
            "measures": [change(part, stream) for part in results["measures"]],
            "unscaled": change(results["unscaled"], stream),
        }

    return changed


ALTERNATIVES = {
    change.__name__: _everywhere(change) for change in (shuffled, random_directions, same_angle)
}
