"""The ImageNet experiment's tables: all aggregation over experiments, pairs and networks.

``measures`` is a CSV of measure_imagenet.py, a row an experiment and direction; ``pairs`` one of
compare_photos.py, a row an ordered pair of photos.  Lengths are in pixels from 0 to 1 there.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fragility.paper.estimates import Estimate, mean, of_pairs
from fragility.report.render import spread
from fragility.runtime.seeds import generator

Columns = Mapping[str, NDArray] | pd.DataFrame
Statistic = Callable[[Columns], float]

LENGTHS = ("L", "M", "M_exact", "first_order", "Q_iterative", "Q_minimal")
KINDS = {"Q_iterative": "iterative, one grey level", "Q_minimal": "minimal norm"}
PREDICTORS = {
    "M": "|M|, as printed",
    "M_exact": "|M|, exact integral",
    "cos_theta_t": "|cos θt|, at the photo",
    "first_order": "g/‖∇g‖",
}


def ratios(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures with each length over L/2."""
    half = measures["L"] / 2
    return measures.assign(**{f"{name}_over_half_L": measures[name] / half for name in LENGTHS})


def chance(entries: int | pd.Series) -> float | pd.Series:
    """Mean |cos| of a random direction with any given one, sqrt(2/(pi n)), for n entries."""
    return np.sqrt(2 / (np.pi * entries))


def cosines(measures: pd.DataFrame) -> list[str]:
    """The columns of cos theta_alpha, from alpha = 0 (the target) to 1 (the photo attacked)."""
    return [name for name in measures if name.removeprefix("cos_").isdigit()]


def table_7(measures: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 7: cos theta_alpha by alpha and experiment, printed and ours, and the averages."""
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
    """Table 8, an experiment a row: the printed ones, ours there and back; lengths in ``scale``.

    ``Q_unit`` and ``L_unit`` are the same in pixels from 0 to 1.
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
    """One row a network: photos it is right on, and the claims' numbers over its experiments."""
    rows = []
    for model, part in measures.items():
        table = ratios(part.dropna(subset=["L"]))
        seen = photos[model]
        row = {"model": model, "photos": len(seen), "right": int(seen["right"].sum())}
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
        rows.append(row | {"attacked": len(table)} | spread(estimates))
    return pd.DataFrame(rows)


def steps(by_step: pd.DataFrame, measures: pd.DataFrame, scale: list[float]) -> pd.DataFrame:
    """Q by the size of the iterative attack's step, over the experiments of each network."""
    smallest = measures[["model", "experiment", "direction", "Q_minimal", "L"]]
    joined = by_step.merge(smallest, on=["model", "experiment", "direction"], validate="m:1")
    rows = []
    for (model, levels), part in joined.groupby(["model", "grey_levels"], sort=False):
        found = part.dropna(subset=["Q"])
        row = {"model": model, "grey_levels": levels, "runs": len(part), "arrived": len(found)}
        rows.append(
            row
            | spread({
                "Q": mean(found["Q"] * (scale[1] - scale[0])),
                "Q_over_half_L": mean(2 * found["Q"] / found["L"]),
                "excess": mean((found["Q"] / found["Q_minimal"]).dropna()),
                "steps": mean(found["steps"]),
            })
        )  # fmt: skip
    return pd.DataFrame(rows)


def over_pairs(pairs: pd.DataFrame, statistic: Statistic, seed: int, name: str) -> Estimate:
    """A statistic over pairs of photos, its interval by resampling photos (both directions go)."""
    photos = pairs[["source", "target"]].to_numpy()
    columns = {column: pairs[column].to_numpy() for column in pairs}  # frames would be slow

    def of_rows(rows: NDArray) -> float:
        return statistic({column: values[rows] for column, values in columns.items()})

    return of_pairs(of_rows, photos, generator(seed, "imagenet", "photos", name))


def pair_of(pairs: pd.DataFrame, predictor: str, size: str) -> pd.DataFrame:
    """|predictor| and size over L/2, of the pairs that have both; columns x, y, source, target."""
    table = ratios(pairs)
    name = predictor if predictor == "cos_theta_t" else f"{predictor}_over_half_L"
    columns = {"x": table[name].abs(), "y": table[f"{size}_over_half_L"]}
    return table[["source", "target"]].assign(**columns).dropna()


def median_ratio(pair: Columns) -> float:
    """Median of x/y; NaN where there are none."""
    return median(pair["x"] / pair["y"])


def median(values: NDArray | pd.Series) -> float:
    """The median of known values; NaN of none."""
    return float(np.median(values)) if len(values) else np.nan


def slope(pair: Columns) -> float:
    """Least-squares slope of y on x; NaN where all x are alike."""
    x = pair["x"] - pair["x"].mean()
    return float(x @ pair["y"] / (x @ x)) if (x != 0).any() else np.nan


def correlation(pair: Columns) -> float:
    """Pearson's r of x and y; NaN where either does not vary."""
    x, y = (pair[name] - pair[name].mean() for name in ("x", "y"))
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 0 else np.nan


FITS: dict[str, Statistic] = {
    "ratio": median_ratio,
    "slope": slope,
    "correlation": correlation,
}


def relations(pairs: pd.DataFrame, seed: int) -> pd.DataFrame:
    """How well |M|, |cos| and the first-order distance say what each kind of Q is, over pairs."""
    rows = []
    for predictor, label in PREDICTORS.items():
        for kind, words in KINDS.items():
            pair = pair_of(pairs, predictor, kind)
            found = {
                name: over_pairs(pair, statistic, seed, f"{predictor} {kind} {name}")
                for name, statistic in FITS.items()
            }
            rows.append({"predictor": label, "Q": words, "pairs": len(pair)} | spread(found))
    return pd.DataFrame(rows)


def against_chance(pairs: pd.DataFrame, seed: int) -> pd.DataFrame:
    """|cos| of the gradient with its photos' difference, against three levels of chance."""
    at, along = pairs["cos_theta_t"].abs(), pairs["average_size"]
    level = chance(pairs["entries"])
    rows = []
    for words, size in (("at the photo attacked", at), ("mean along the way", along)):
        table = pairs.assign(size=size, random=size / level)
        statistics = {"size": mean_of("size"), "random": mean_of("random"), "others": over_others}
        found = {
            name: over_pairs(table, statistic, seed, f"{words} {name}")
            for name, statistic in statistics.items()
        }
        rows.append({"where": words, "pairs": len(table)} | spread(found))
    # of a random direction one in twenty lies beyond 1.96 standard deviations
    beyond = pairs.assign(beyond=(at * np.sqrt(pairs["entries"]) > 1.96).astype(float))
    rows[0] |= spread({"beyond": over_pairs(beyond, mean_of("beyond"), seed, "beyond")})
    return pd.DataFrame(rows)


def mean_of(name: str) -> Statistic:
    """The mean of a column, as a statistic."""
    return lambda columns: float(columns[name].mean())


def over_others(columns: Columns) -> float:
    """Mean size of |cos|, over its mean with the differences of other photos."""
    return float(columns["size"].mean() / columns["cos_others"].mean())


def random_density(z: NDArray) -> NDArray:
    """Density of |cos| sqrt(n) for a random direction, at z >= 0: the half-normal law."""
    return np.sqrt(2 / np.pi) * np.exp(-np.square(z) / 2)
