"""Made-up measures of the accounts' terms, as the programs of scripts/accounts write them."""

import numpy as np
import pandas as pd

from fragility.runtime.seeds import generator

TERMS = ("length", "angle", "change", "margin", "curvature", "quadrature")


def measured(source="digits", networks=6, inputs=24, groups=(0,), key="a", **spread):
    """Rows whose terms are independent normal with these standard deviations over inputs.

    A term TERM_networks or TERM_groups varies over networks or groups instead.  Others are 0.
    """
    stream, rows = generator(7, "test", "accounts", key), []
    groups = np.asarray(groups, dtype=float)
    for place, group in enumerate(groups):
        for network in range(networks):
            parts = {
                term: spread.get(term, 0.0) * stream.standard_normal(inputs)
                + spread.get(f"{term}_networks", 0.0) * stream.standard_normal()
                + spread.get(f"{term}_groups", 0.0) * (place - (len(groups) - 1) / 2)
                for term in TERMS
            }
            part = pd.DataFrame(parts)
            part["delta"] = part.sum(axis=1)
            part["size"] = -part[["length", "angle", "change", "quadrature"]].sum(axis=1)
            named = {"source": source, "by": "", "group": group, "network": network}
            rows.append(part.assign(**named, input=[f"image {k}" for k in range(inputs)]))
    table = pd.concat(rows, ignore_index=True)
    table = table.assign(
        g=1.0, fall=2.0, dimension=784, reason=np.nan, first_cos=0.1,
        tilt_cos=np.exp(table["angle"] - 3), kappa_minimum_norm=np.exp(table["curvature"]),
        kappa_projection=1.25 * np.exp(table["curvature"]), gap_3=1e-2, gap_5=1e-6,
    )  # fmt: skip
    return pd.concat([table.assign(norm=norm) for norm in ("l2", "linf")], ignore_index=True)


ANGLES = {"angle_networks": 0.5, "angle_groups": 0.5}


def linear(**columns):
    """Linear networks of three d: only the margin varies over inputs; C = |cos theta_1|."""
    table = measured("linear by d", groups=(7, 8, 9), key="linear", margin=0.3, **ANGLES)
    cosine = np.exp(table["angle"])
    told = {"kappa_certified": 1.0, "cos_theta_1": cosine, "tilt_cos": cosine, "mean_gap": 1e-16}
    return table.assign(**told | {"gap_5": 0.0} | columns)


def smooth(gap=1e-6):
    """Rows of softplus networks, which count for the quadrature only."""
    table = measured("softplus", networks=2, key="softplus", margin=1)
    return table.assign(reason="for the quadrature only", gap_5=gap)
