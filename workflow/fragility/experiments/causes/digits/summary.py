"""Numbers on digits that tables, figures and evidence share; the unit is a network.

``measures`` are the rows of scripts/causes/measure_digits.py: one per network, image and
target.
A kind is a way of training, with its strength: "adversarial 1.5"; networks of one index have the
same initial weights and orders under each kind, so that changes are of pairs.
"""

import numpy as np
import pandas as pd

from fragility.paper.estimates import Estimate, mean

NEAREST, BLOCKED, ALL = "nearest digit", "blocked seven", "all pairs"
USUAL = "usual"
KINDS = ["usual", "weight_decay", "gradient_penalty", "adversarial"]  # in the order of tables
AIMED = ("gradient_penalty", "adversarial")  # kinds that aim at robustness
NUMBERS = ["cos", "ratio", "m_over_q", "cos_over_ratio", "gradient", "margin", "change_along"]


def kind_name(name: str, strength: float) -> str:
    """'usual', 'adversarial 1.5'."""
    return USUAL if name == USUAL else f"{name.replace('_', ' ')} {strength:g}"


def per_network(measures: pd.DataFrame) -> pd.DataFrame:
    """The numbers of each network: columns target, pair, kind, aimed, network, images and NUMBERS.

    Of each pair of classes and target, and of ``ALL`` pairs: the mean of the pairs' numbers, with
    the nearest digit as target.  ``cos`` is the mean |cos theta_t|, ``ratio`` the mean of
    Q/(0.5 L), ``m_over_q`` and ``cos_over_ratio`` the medians of |M|/Q and |cos theta_t| divided by
    Q/(0.5 L), ``gradient`` and ``margin`` the geometric means of ||grad g|| and g at the image,
    ``change_along`` the median of |mean cos theta_t along the path| divided by |cos theta_t|.
    Images without a perturbation are left out.
    """
    rows = measures.dropna(subset=["Q"])
    rows = rows.sort_values("kind", key=lambda kind: kind.map(KINDS.index), kind="stable")
    half = rows["L"] / 2
    cos = rows["cos_theta_t"].abs()
    each = pd.DataFrame(
        {
            "cos": cos,
            "ratio": rows["Q"] / half,
            "m_over_q": rows["M"].abs() / rows["Q"],
            "cos_over_ratio": cos / rows["Q"] * half,
            "gradient": np.log(rows["gradient"]),
            "margin": np.log(rows["first_order"] * rows["gradient"]),
            "change_along": rows["mean_cos"].abs() / cos,
        }
    )
    names = zip(rows["kind"], rows["strength"], strict=True)
    each["kind"] = [kind_name(*name) for name in names]
    each["aimed"] = rows["kind"].isin(AIMED)
    columns = ["target", "pair", "network"]
    each[columns] = rows[columns]
    groups = each.groupby(["target", "pair", "kind", "aimed", "network"], sort=False)
    means = groups[["cos", "ratio", "gradient", "margin"]].mean()
    means[["gradient", "margin"]] = np.exp(means[["gradient", "margin"]])
    medians = groups[["m_over_q", "cos_over_ratio", "change_along"]].median()
    table = means.join(medians).assign(images=groups.size()).reset_index()
    near = table[table["target"] == NEAREST]
    keys = ["target", "kind", "aimed", "network"]
    together = near.groupby(keys, sort=False)[NUMBERS].mean()
    together["images"] = near.groupby(keys, sort=False)["images"].sum()
    return pd.concat([together.reset_index().assign(pair=ALL), table], ignore_index=True)


def of_all_pairs(numbers: pd.DataFrame) -> pd.DataFrame:
    """The rows of all pairs together."""
    return numbers[numbers["pair"] == ALL]


def changes(numbers: pd.DataFrame) -> pd.DataFrame:
    """Each network's numbers divided by those of the usual one of the same index.

    Columns target, pair, kind, aimed, network, NUMBERS, and ``exponent``: how compression follows
    robustness, log of the change of cos divided by log of the change of the ratio.  It is 1 where
    |cos theta_t| changes as Q/(0.5 L) does.
    """
    keys = ["target", "pair", "network"]
    usual = numbers[numbers["kind"] == USUAL].set_index(keys)[NUMBERS]
    others = numbers[numbers["kind"] != USUAL]
    before = usual.reindex(pd.MultiIndex.from_frame(others[keys]))
    relative = others[NUMBERS] / before.to_numpy()
    relative["exponent"] = np.log(relative["cos"]) / np.log(relative["ratio"])
    return others[[*keys, "kind", "aimed"]].join(relative)


def geometric(values: pd.Series) -> Estimate:
    """Geometric mean over networks, with Student's interval of the logarithms."""
    logs = mean(np.log(values.dropna()))
    return Estimate(*np.exp(logs[:3]).tolist(), logs.n)
