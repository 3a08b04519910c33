"""Made-up results of ReLU networks, as their programs write them."""

import numpy as np
import pandas as pd
from scipy import stats

from fragility.experiments.relu import summary


def measured(rho, alphas, phi=0.3, layers=1):
    """Measures as scripts/relu/measure.py writes them; rho is (networks, pairs, alphas)."""
    rho = np.asarray(rho, dtype=float)
    index = pd.MultiIndex.from_product(
        [range(rho.shape[0]), range(rho.shape[1]), alphas], names=["run", "pair", "alpha"]
    )
    table = pd.DataFrame({"rho": rho.ravel()}, index=index).reset_index()
    return table.assign(layers=layers, phi=phi if np.isscalar(phi) else np.array(phi)[table["run"]])


def attacked():
    """Attacks as scripts/relu/attack.py writes them.

    Two networks of two b1 and two b2; m = 5 and 4; one perturbation of run 7 is not found.
    """
    rows = pd.DataFrame(
        {
            "run": [2] * 4 + [7] * 4,
            "input": ["b1", "b1", "b2", "b2"] * 2,
            "delta": [1.0, 2.0, 0.5, 1.5, 2.0, np.nan, 1.0, 3.0],
            "attack": ["ddn", "projection", "ddn", "ddn", "ddn", "none", "ddn", "projection"],
            "delta_ddn": [1.0, 2.2, 0.5, 1.5, 2.0, np.nan, 1.0, 3.3],
            "delta_projection": [1.5, 2.0, np.nan, 1.8, 3.0, np.nan, 2.0, 3.0],
            "cos_theta_t": [0.25, 0.5, -0.1, -0.2, 0.4, np.nan, 0.5, 0.5],
            "certificate": [0.5, 1.8, 0.4, 0.75, 1.0, 0.3, 0.5, 2.7],
            "m": [5.0] * 4 + [4.0] * 4,
            "phi": [0.2] * 4 + [0.3] * 4,
            "class_radius": [5.0] * 4 + [3.0] * 4,
            "point_radius": [5.0, 6.0, 5.0, 6.0, 3.0, 3.0, 4.0, 4.0],
            "random_median": [3.0, 8.0, 1.0, 6.0, 6.0, 9.0, 2.5, 6.0],
        }
    )
    return rows.assign(layers=1, random_least=0.9)


# --- results like the paper's, on which every claim holds, and changes of them ---

ALPHAS = np.linspace(0, 1, 10).round(6)


def spread_out(n, relative=0.1):
    """n factors around 1, as a normal sample of that spread would lie."""
    return 1 + relative * stats.norm.ppf((np.arange(n) + 0.5) / n)


def measures(rho=0.3285, networks=60, layers=1, trend=0.0, phi=1.02):
    """Networks of mean rho around ``rho``, two pairs per network, a trend over alpha.

    A wave of 0.001 that differs by network and pair keeps the deviations from being all equal.
    Phi of each network is ``phi`` times its rho.
    """
    run, pair = np.arange(networks)[:, None, None], np.arange(2)[None, :, None]
    own = rho * spread_out(networks)
    wave = 0.001 * np.sin(7 * run + 3 * pair + 20 * ALPHAS)
    values = own[:, None, None] + wave + trend * (ALPHAS - 0.5)
    return measured(values, ALPHAS, phi=phi * own, layers=layers)


def attacks(
    networks=10, m=5.2, radius=1.0, b1=0.153, b2=0.149, relative=1.0, uneven=0.05, certified=0.95,
    **more,
):  # fmt: skip
    """Two points per input and network; |cos| around b1 and b2, delta = relative |cos| m.

    The first point of each input needs ``uneven`` less than that, the second as much more; it may
    be a number for each network.  Lengths and cosines vary by network, not together.
    """
    rows, factors = [], spread_out(networks)
    uneven = np.broadcast_to(uneven, networks)
    for run, (factor, other) in enumerate(zip(factors, np.roll(factors, 3), strict=True)):
        for name, cos in (("b1", -b1 * other), ("b2", b2 * other)):
            for pair, sign in enumerate((-1, 1)):
                delta = m * factor * abs(cos) * relative * (1 + sign * uneven[run])
                rows.append(
                    {
                        "run": run, "input": name, "pair": pair, "cos_theta_t": cos,
                        "delta": delta, "m": m * factor, "class_radius": m * factor * radius,
                        "point_radius": m * factor * radius, "certificate": certified * delta,
                        "phi": 0.3, "random_median": 5 * delta, "layers": 1,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows).assign(**more)


def attacks_on(table, ratio=1.0, radius=1.0, uneven=0.05, **more):
    """Attacks on the networks of ``table`` whose delta over the radius is ``ratio`` rho."""
    rho = summary.by_network(table)["rho"].to_numpy()
    rows = attacks(networks=len(rho), radius=radius, **more)
    signs = np.tile([-1, 1], len(rows) // 2) * np.broadcast_to(uneven, len(rho))[rows["run"]]
    share = rho[rows["run"]] * (1 + signs)
    return rows.assign(
        delta=ratio * share * rows["class_radius"],
        cos_theta_t=share,
        layers=table["layers"].iloc[0],
    )


def solved(optimal=1.0, n=200):
    """Matrices at the two scales: at 5 a share ``optimal`` has its norm as radius, at 1 none."""
    whole = np.arange(n) < optimal * n
    five = pd.DataFrame({"column_scale": 5, "class_radius": np.where(whole, 2.0, 1.5)})
    one = pd.DataFrame({"column_scale": 1, "class_radius": np.full(n, 1.0)})
    return pd.concat([one, five], ignore_index=True).assign(feature_norm=2.0)


def results(depth=None, **changes):
    """The arguments of evidence, on which every claim holds, but for those given."""
    if depth is None:
        depth = [measures(0.326, layers=2), measures(), measures(0.31, layers=5)]
    return {
        "table_3": measures(), "depth": depth, "narrow": measures(0.32), "wide": measures(0.33),
        "attacks": attacks_on(measures()), "depth_attacks": [attacks_on(part) for part in depth],
        "table_4": attacks(), "classifiers": solved(), "dimension": 12, "attack_dimension": 17,
        "column_scale": 5.0, "n_attacked": 60, "alphas": len(ALPHAS), "pairs": 2,
    } | changes  # fmt: skip
