"""What our results would be if the claims about ReLU networks were false.

A change takes the arguments of evidence by name and a random stream to changed ones.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Results = dict[str, object]


def random_directions(results: Results, generator: np.random.Generator) -> Results:
    """Each gradient is a uniformly random direction, apart from all others."""

    def drawn(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        d = results["attack_dimension" if frame is results["table_4"] else "dimension"]
        return frame.assign(**{column: random_cosines(len(frame), d, generator)})

    return _with_cosines(results, drawn)


def random_cosines(n: int, d: int, generator: np.random.Generator) -> NDArray:
    """|cos| (n,) of a fixed direction with uniformly random ones in d dimensions."""
    along = generator.standard_normal(n)
    across = generator.chisquare(d - 1, n)
    return np.abs(along) / np.sqrt(along**2 + across)


def shuffled(results: Results, generator: np.random.Generator) -> Results:
    """Each network has the cosines of another network of its kind, in the order of its points."""

    def exchanged(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        rows = frame.sort_values("run", kind="stable", ignore_index=True)
        values = rows[column].to_numpy().reshape(rows["run"].nunique(), -1)
        return rows.assign(**{column: generator.permutation(values).ravel()})

    return _with_cosines(results, exchanged)


def as_drawn(results: Results, _: np.random.Generator) -> Results:
    """The optimal classifiers of matrices without the factor on their columns."""
    return results | {"column_scale": 1}


def _with_cosines(results: Results, change: Callable) -> Results:
    """The results with rho of all measures and cos theta_t of all attacks changed."""
    return results | {
        "table_3": change(results["table_3"], "rho"),
        "depth": [change(part, "rho") for part in results["depth"]],
        "attacks": change(results["attacks"], "cos_theta_t"),
        "table_4": change(results["table_4"], "cos_theta_t"),
    }


ALTERNATIVES = {
    "random directions": random_directions,
    "shuffled": shuffled,
    "columns as drawn": as_drawn,
}
