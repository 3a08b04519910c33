"""Made-up measures of linear networks, as scripts/linear/measure.py writes them, and evidence's."""

import numpy as np
import pandas as pd
from judging import FOLDER
from scipy import stats

from fragility.paper import claims

PRINTED = claims.read_table(FOLDER, 1)

# of the networks of every_second_valid below
ALIGNED_RUNS = [1, 3, 7, 9, 13, 15, 19, 21]


def network(run, valid=1, cos_1=0.3, cos_2=0.99, phi=0.28, d=12, **more):
    """One row of measures; an invalid network has no perturbations."""
    perturbations = (1.0, 2.0, 3.0) if valid else (np.nan,) * 3
    names = ("perturbation_min", "perturbation_mean", "perturbation_max")
    return {
        "d": d, "run": run, "valid": valid, "accuracy": 1.0 if valid else 0.75,
        "cos_theta_1": cos_1, "cos_theta_2": cos_2, "phi": phi, "feature_norm": 4.0,
    } | dict(zip(names, perturbations, strict=True)) | more  # fmt: skip


def every_second_valid():
    """24 networks: every second one valid, of the valid ones every third not aligned.

    Valid networks are the runs 1, 3, ..., 23; runs 5, 11, 17, 23 of them are not aligned.
    """
    rows = []
    for run in range(24):
        aligned = run % 6 != 5
        rows.append(
            network(
                run,
                valid=run % 2,
                cos_1=(-1) ** run * (0.30 + run / 100),  # negative where valid
                cos_2=-0.99 if aligned else 0.2,
                phi=0.28 + run / 100 if aligned else 0.05,
            )
        )
    return pd.DataFrame(rows)


# --- all that evidence takes: results that reproduce every claim, and changed ones ---

SETTINGS = {
    "table_dimension": 12,
    "column_scale": 5,
    "aligned_above": 0.9,
    "n_runs": 4,
    "wanted": {},
}


def networks(d, phi, cos_1, valid=1, cos_2=0.99, norm=4.0):
    """Networks whose mean perturbation is |cos theta_1| times the feature's norm."""
    cos_1 = np.asarray(cos_1, dtype=float)
    size = norm * np.abs(cos_1)
    return pd.DataFrame(
        {
            "d": d, "run": range(len(cos_1)), "valid": valid, "cos_theta_1": cos_1,
            "cos_theta_2": cos_2, "phi": phi, "feature_norm": norm,
            "perturbation_min": 0.75 * size, "perturbation_mean": size,
            "perturbation_max": 1.25 * size,
        }
    )  # fmt: skip


def quantiles(n, centre):
    """Values (n,) around a centre, of relative spread 0.3."""
    return centre * (1 + 0.3 * stats.norm.ppf((np.arange(n) + 0.5) / n))


def trained(
    d=12, n=90, slope=1.0, offset=0.0365, phi=0.328, noise=0.002, cos_2=0.99, unaligned=5,
    other_slope=1.0, stray=0.0, excess=0.0, other_cos_2=0.89, like_run_7=0, invalid=30,
    mean=1.0, least=0.95, norm=4.0,
):  # fmt: skip
    """Aligned networks whose |cos theta_1| is a line of phi with some noise, and others.

    Of the others ``unaligned`` are off a line by ``excess``, and to either side by ``stray``;
    ``like_run_7`` lie far above both, as run 7 of Table 1; nothing is about the ``invalid`` ones.
    The mean perturbation is ``mean`` times |cos theta_1| times the norm, the smallest ``least`` of
    that.
    """
    phis, others = quantiles(n, phi), quantiles(unaligned, phi)
    cos_1 = phi + offset + slope * (phis - phi) + noise * np.sin(7 * np.arange(n))
    away = (other_slope - 1) * (others - phi) + excess + stray * (-1.0) ** np.arange(unaligned)
    kinds = [
        networks(d, phis, -cos_1, cos_2=-cos_2, norm=norm),
        networks(d, others, others + offset + away, cos_2=other_cos_2, norm=norm),
        networks(d, 0.0738, [0.7794] * like_run_7, cos_2=0.0795, norm=norm),
        networks(d, 0.9, [0.1] * invalid, valid=0, norm=norm),
    ]
    table = pd.concat(kinds, ignore_index=True)
    size = table["feature_norm"] * table["cos_theta_1"].abs() * mean
    return table.assign(
        perturbation_min=least * size, perturbation_mean=size, perturbation_max=2 * size
    )


def larger(**changes):
    """Networks at four times the dimension: half the ratio, twice the norm."""
    right = {"d": 48, "phi": 0.164, "offset": 0.018, "norm": 8.0}
    return trained(**right | changes)


def everywhere(**changes):
    """The networks of both dimensions with the same changes."""
    return {"measures": trained(**changes), "at_48": larger(**changes)}


def solved_matrices(scale, whole, phi, same):
    """Matrices at one scale, and of which the norm is the radius, max-margin Theorem 6's."""
    return pd.DataFrame(
        {
            "column_scale": scale, "matrix": range(len(phi)), "feature_norm": 2.0, "phi": phi,
            "class_radius": np.where(whole, 2.0, 1.0),
            "max_margin_radius": 2.0 * phi * np.where(same, 1, 1.2),
        }
    )  # fmt: skip


def matrices(scaled=1.0, plain=1.0, margin=1.0, shift=1e-9, n=200):
    """Matrices whose norm is the radius for these shares by scale; phi moves by ``shift``.

    Without the factor, ``margin`` of them have Theorem 6's weights as max-margin classifier.
    """
    i, phi = np.arange(n), np.linspace(0.1, 0.9, n)
    frames = [
        solved_matrices(5, i < scaled * n, phi * (1 + shift), i < n),
        solved_matrices(1, i < plain * n, phi, i < margin * n),
    ]
    return pd.concat(frames, ignore_index=True)


def draws(reaching, n=100):
    """The largest cosines that matrices with run 7's phi allow; ``reaching`` allow run 7's."""
    largest = np.where(np.arange(n) < reaching, 0.8, 0.3)
    return pd.DataFrame({"phi_fixed": 1, "largest_cos_theta_1": largest})


def results(measures=None, at_48=None, unscaled=None, solved=None, feasibility=None):
    """Results that reproduce every claim, but for those given."""
    return SETTINGS | {
        "measures": [
            trained() if measures is None else measures, larger() if at_48 is None else at_48
        ],
        "unscaled": trained() if unscaled is None else unscaled,
        "classifiers": matrices() if solved is None else solved,
        "feasibility": draws(reaching=15) if feasibility is None else feasibility,
        "printed": PRINTED,
    }  # fmt: skip
