"""The ImageNet experiment's tables: all aggregation over experiments, pairs and networks.

``measures`` is a CSV of scripts/imagenet/measure.py, one row per experiment and direction;
``pairs`` is one of scripts/imagenet/compare.py, one row per ordered pair of photos.  Their lengths
are in pixels from 0 to 1.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fragility.experiments.imagenet.summary import (
    FITS,
    cosines,
    mean_of,
    median_of,
    over_others,
    over_pairs,
    pair_of,
    random_mean_cos,
    ratios,
)
from fragility.paper.estimates import estimate_columns, mean

KINDS = {"Q_iterative": "iterative, one grey level", "Q_minimal": "minimal norm"}


PREDICTORS = {
    "M": "|M|, as printed",
    "M_exact": "|M|, exact integral",
    "cos_theta_t": "|cos θt|, at the photo",
    "first_order": "g/‖∇g‖",
}


def table_7(measures: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 7: one row per alpha and one of averages; columns: experiments, printed and ours."""
    ours = measures[measures["direction"] == "there"]
    names = cosines(ours)
    alphas = [f"{i / (len(names) - 1):g}" for i in range(len(names))]
    table = pd.DataFrame({"alpha": [*alphas, "average"]})
    theirs = {_alpha(row["alpha"]): row for row in printed.to_dict("records")}
    for name in [column for column in printed if column.startswith("experiment_")]:
        values = [float(theirs.get(alpha, {}).get(name, "nan")) for alpha in table["alpha"]]
        table[name.replace("experiment", "paper")] = values
    for _, row in ours.iterrows():
        table[f"ours_{row['experiment']}"] = [*row[names].astype(float), row["average_cos"]]
    return table


def _alpha(text: str) -> str:
    return text if text == "average" else f"{float(text):g}"


def table_8(measures: pd.DataFrame, printed: pd.DataFrame, scale: list[float]) -> pd.DataFrame:
    """Table 8, one row per experiment: the printed ones, ours in both directions.

    ``Q`` and ``L`` are in pixels of the range ``scale``, ``Q_unit`` and ``L_unit`` from 0 to 1.
    """
    theirs = printed.astype(float).assign(source="paper", experiment=printed["experiment"])
    ours = ratios(measures).assign(source="ours").sort_values("experiment", kind="stable")
    back = np.where(ours["direction"] == "back", ", back", "")
    ours["experiment"] = ours["experiment"].astype(str) + back
    factor = scale[1] - scale[0]
    ours = ours.assign(L_unit=ours["L"], Q_unit=ours["Q_iterative"], Q=ours["Q_iterative"] * factor)
    ours[["L", "Q_minimal"]] *= factor
    ours = ours.rename(columns={"Q_iterative_over_half_L": "Q_over_half_L"})
    ours["pair"] = ours["source_name"] + " → " + ours["target_name"]
    ours["problem"] = ours["reason"].fillna(ours["note"])
    columns = [
        "source", "experiment", "pair", "M_over_half_L", "Q", "L", "Q_over_half_L", "Q_minimal",
        "Q_minimal_over_half_L", "M_exact_over_half_L", "first_order_over_half_L", "steps",
        "attack", "Q_unit", "L_unit", "problem",
    ]  # fmt: skip
    table = pd.concat([theirs, ours], ignore_index=True).reindex(columns=columns)
    table["match"] = table["M_over_half_L"].abs() / table["Q_over_half_L"]
    return table.astype({"steps": "Int64"})


def networks(
    measures: Mapping[str, pd.DataFrame], photos: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """One row per network: photos it classifies correctly, means over its experiments."""
    rows = []
    for model, part in measures.items():
        table = ratios(part.dropna(subset=["L"]))
        classified = photos[model]
        row = {"model": model, "photos": len(classified), "right": int(classified["right"].sum())}
        sizes = table[cosines(table)].abs()
        estimates = {
            "at_photo": mean(sizes.iloc[:, -1]),
            "along": mean(sizes.mean(axis=1)),
            "average": mean(table["average_cos"]),
            "match": mean((table["M"].abs() / table["Q_iterative"]).dropna()),
            "match_minimal": mean((table["M"].abs() / table["Q_minimal"]).dropna()),
            "excess": mean((table["Q_iterative"] / table["Q_minimal"]).dropna()),
            "Q_over_half_L": mean(table["Q_iterative_over_half_L"].dropna()),
        }
        rows.append(row | {"attacked": len(table)} | estimate_columns(estimates))
    return pd.DataFrame(rows)


def steps(by_step: pd.DataFrame, measures: pd.DataFrame, scale: list[float]) -> pd.DataFrame:
    """Q by the iterative attack's step: one row per network and step, means over experiments.

    ``by_step`` has one row per experiment, direction and step size; ``Q`` comes in pixels of the
    range ``scale``, ``excess`` is Q divided by the smallest perturbation found.
    """
    smallest = measures[["model", "experiment", "direction", "Q_minimal", "L"]]
    joined = by_step.merge(smallest, on=["model", "experiment", "direction"], validate="m:1")
    rows = []
    for (model, levels), part in joined.groupby(["model", "grey_levels"], sort=False):
        arrived = part.dropna(subset=["Q"])
        row = {"model": model, "grey_levels": levels, "runs": len(part), "arrived": len(arrived)}
        rows.append(
            row
            | estimate_columns({
                "Q": mean(arrived["Q"] * (scale[1] - scale[0])),
                "Q_over_half_L": mean(2 * arrived["Q"] / arrived["L"]),
                "excess": mean((arrived["Q"] / arrived["Q_minimal"]).dropna()),
                "steps": mean(arrived["steps"]),
            })
        )  # fmt: skip
    return pd.DataFrame(rows)


def relations(pairs: Mapping[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """How well |M|, |cos| and the first-order distance predict Q.

    One row per network, predictor and kind of Q.
    """
    rows = []
    for model, part in pairs.items():
        for predictor, label in PREDICTORS.items():
            for kind, words in KINDS.items():
                pair = pair_of(part, predictor, kind)
                estimates = {
                    name: over_pairs(pair, statistic, seed, f"{model} {predictor} {kind} {name}")
                    for name, statistic in FITS.items()
                }
                row = {"model": model, "predictor": label, "Q": words, "pairs": len(pair)}
                rows.append(row | estimate_columns(estimates))
    return pd.DataFrame(rows)


def against_chance(pairs: Mapping[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """|cos| of the gradient with its photos' difference, compared with chance.

    Of each network one row at the photo attacked, one for the mean along the path: the mean (size),
    the mean divided by that of a random direction (random) and, at the photo, by that with other
    photos' differences (others); the share beyond where one in twenty random directions lies.
    """
    rows = []
    for model, part in pairs.items():
        at, level = part["cos_theta_t"].abs(), random_mean_cos(part["entries"])
        beyond = (at * np.sqrt(part["entries"]) > 1.96).astype(float)
        table = part.assign(size=at, random=at / level, beyond=beyond)
        compared = {name: mean_of(name) for name in ("size", "random", "beyond")}
        along = part.assign(size=part["average_size"], random=part["average_size"] / level)
        for words, columns, statistics in (
            ("at the photo attacked", table, compared | {"others": over_others}),
            ("mean along the way", along, {name: compared[name] for name in ("size", "random")}),
        ):
            estimates = {
                name: over_pairs(columns, statistic, seed, f"{model} {words} {name}")
                for name, statistic in statistics.items()
            }
            row = {"model": model, "where": words, "pairs": len(part)}
            rows.append(row | estimate_columns(estimates))
    return pd.DataFrame(rows)


def gradients(pairs: Mapping[str, pd.DataFrame], seed: int) -> pd.DataFrame:
    """How the gradient changes, one row per network; medians over pairs.

    ``along`` and ``largest``: its mean and largest norm on the way to the target, divided by that
    at the photo; ``change``: how much it differs at the smallest adversarial photo.
    """
    rows = []
    for model, part in pairs.items():
        estimates = {}
        for name in ("along", "largest", "change"):
            known = part.dropna(subset=[f"gradient_{name}"])
            estimates[name] = over_pairs(
                known, median_of(f"gradient_{name}"), seed, f"{model} {name}"
            )
        rows.append({"model": model, "pairs": len(part)} | estimate_columns(estimates))
    return pd.DataFrame(rows)
