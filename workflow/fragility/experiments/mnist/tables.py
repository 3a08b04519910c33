"""The MNIST experiment's tables: all aggregation over sevens and networks happens here.

``measures`` is the CSV of scripts/mnist/measure.py: one row per seven that has an artificial one;
``masks`` is that of scripts/mnist/block.py: one row per test seven.
"""

from collections.abc import Mapping

import pandas as pd

from fragility.experiments.mnist.summary import (
    FITS,
    cosines,
    fit,
    fit_of,
    mean_of,
    median_of,
    over_networks,
    pair_of,
    ratios,
)
from fragility.paper.estimates import estimate_columns, mean, proportion

N_SHOWN = 5  # Table 5 has five images


PREDICTORS = {
    "M_over_half_L": "|M|, as printed",
    "M_exact_over_half_L": "|M|, exact integral",
    "cos_theta_t": "|cos θt|, at α = 0",
    "average_cos": "|average of cos θt|",
    "first_order_over_half_L": "g/‖∇g‖",
}
KINDS = {"Q": "smallest found", "Q_sign": "sign, one step", "Q_gradient": "gradient, one step"}
GRADIENTS = {
    "gradient_along": "mean norm on the way to the one, divided by that at the seven",
    "gradient_largest": "largest norm on the way to the one, divided by that at the seven",
    "gradient_change": "difference at the smallest adversarial image, divided by the norm",
}

MEASURES = ("M", "Q", "L", "Q_over_half_L", "M_over_half_L", "cos_theta_t")


def table_5(measures: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 5, one row per image: the printed ones, ours (the first five), and both means."""
    paper = printed.astype({name: float for name in MEASURES}).assign(source="paper")
    ours = ratios(measures).head(N_SHOWN).reset_index(drop=True).assign(source="ours")
    ours["experiment"] = (ours.index + 1).astype(str)
    extra = ["M_exact", "Q_sign", "Q_gradient", "first_order", "attack", "seven"]
    rows = []
    for part in (paper, ours):
        average = {name: part[name].mean() for name in MEASURES}
        last = pd.DataFrame([average | {"source": part["source"].iloc[0], "experiment": "mean"}])
        rows += [part[[name for name in (*last.columns, *extra) if name in part]], last]
    table = pd.concat(rows, ignore_index=True)
    table["match"] = table["M_over_half_L"].abs() / table["Q_over_half_L"]
    table["cos_match"] = table["cos_theta_t"].abs() / table["Q_over_half_L"]
    return table.astype({"seven": "Int64"})


def table_6(measures: Mapping[int, pd.DataFrame], printed: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Table 6, cos theta_t: one row per alpha; columns: printed, our first five, all networks.

    The first five sevens are those of network 0; ``all`` is the mean over networks and sevens.
    """
    tables = [ratios(part) for part in measures.values()]
    names = cosines(tables[0])
    alphas = [f"{i / (len(names) - 1):g}" for i in range(len(names))]
    table = pd.DataFrame({"alpha": [*alphas, "average"]})
    for i, (_, row) in enumerate(tables[0].head(N_SHOWN).iterrows(), start=1):
        table[f"ours_{i}"] = [*row[names].astype(float), row["average_cos"]]
    every = [
        over_networks(tables, mean_of(lambda part, name=name: part[name]), seed, f"table 6 {name}")
        for name in (*names, "average_cos")
    ]
    columns = [estimate_columns({"all": estimate}) for estimate in every]
    table = table.join(pd.DataFrame(columns))
    # the printed rows: alpha 0.0 to 1.0 and "Avg."
    theirs = {_alpha(row["alpha"]): row for row in printed.to_dict("records")}
    for name in [column for column in printed if column.startswith("experiment_")]:
        values = [float(theirs.get(alpha, {}).get(name, "nan")) for alpha in table["alpha"]]
        table[name.replace("experiment", "paper")] = values
    return table


def _alpha(text: str) -> str:
    return text if text == "average" else f"{float(text):g}"


def relations(measures: Mapping[int, pd.DataFrame], seed: int) -> pd.DataFrame:
    """How well |M|, |cos| and the first-order distance predict Q.

    One row per predictor and kind of Q: median of their ratio, slope and correlation over a
    network's sevens, averaged over networks; lengths are divided by L/2.
    """
    rows = []
    tables = [ratios(part) for part in measures.values()]
    for predictor, label in PREDICTORS.items():
        for kind, words in KINDS.items():
            size = f"{kind}_over_half_L"
            estimates = {
                what: over_networks(
                    tables, fit_of(predictor, size, what), seed, f"{predictor} {kind} {what}"
                )
                for what in FITS
            }
            n_sevens = sum(len(pair_of(table, predictor, size)) for table in tables)
            row = {"predictor": label, "Q": words, "sevens": n_sevens}
            rows.append(row | estimate_columns(estimates))
    return pd.DataFrame(rows)


def networks(
    accuracies: pd.DataFrame,
    masks: Mapping[int, pd.DataFrame],
    measures: Mapping[int, pd.DataFrame],
    seed: int,
) -> pd.DataFrame:
    """One row per network: accuracy, how often the rule changes the class from 7 to 1, means.

    Intervals are over the network's sevens; those of the last row, the means over networks, are
    over networks and sevens.

    Args:
        accuracies: one row per network, with its test accuracy.
        masks: each network's rows, one per test seven.
        measures: each network's rows, one per seven that has an artificial one.
        seed: root of the random streams.
    """
    rows = []
    for index, part in measures.items():
        tried, table = masks[index], ratios(part)
        right = int(tried["right"].sum())
        row = {"network": str(index), "sevens": len(tried), "right": right, "ones": len(part)}
        row["test_accuracy"] = accuracies.set_index("network").loc[index, "test_accuracy"]
        n_flipped = table["Q_sign"].count()
        estimates = {
            "rule_works": proportion(len(part), right),
            "mean_cos": mean(table["cos_theta_t"].abs()),
            "mean_L": mean(table["L"]),
            "mean_Q": mean(table["Q_over_half_L"].dropna()),
            "mean_M": mean(table["M_over_half_L"]),
            "average_cos": mean(table["average_cos"]),
            "sign_succeeds": proportion(int(n_flipped), len(table)),
        }
        m = fit(pair_of(table, "M_over_half_L", "Q_over_half_L"))
        c = fit(pair_of(table, "cos_theta_t", "Q_over_half_L"))
        estimates |= {f"m_{name}": e for name, e in m.items()}
        estimates |= {f"cos_{name}": e for name, e in c.items()}
        rows.append(row | estimate_columns(estimates))
    tables = [ratios(part) for part in measures.values()]
    every = {name: over_networks(tables, each, seed, name) for name, each in NUMBERS.items()}
    return pd.DataFrame([*rows, {"network": "mean"} | estimate_columns(every)]).astype(
        {"sevens": "Int64", "right": "Int64", "ones": "Int64"}
    )


NUMBERS = {
    "mean_cos": mean_of(lambda table: table["cos_theta_t"].abs()),
    "mean_L": mean_of(lambda table: table["L"]),
    "mean_Q": mean_of(lambda table: table["Q_over_half_L"]),
    "mean_M": mean_of(lambda table: table["M_over_half_L"]),
    "average_cos": mean_of(lambda table: table["average_cos"]),
    "sign_succeeds": mean_of(lambda table: table["Q_sign"].notna().astype(float)),
    **{f"m_{what}": fit_of("M_over_half_L", "Q_over_half_L", what) for what in FITS},
    **{f"cos_{what}": fit_of("cos_theta_t", "Q_over_half_L", what) for what in FITS},
}


def attacks(measures: Mapping[int, pd.DataFrame], seed: int) -> pd.DataFrame:
    """One row per attack: how many sevens it changes to class 1, its norm over the smallest found.

    The last is the mean of the attack's norm divided by the smallest norm of all attacks, over
    networks and sevens; counts are of all networks together.
    """
    rows = []
    tables = list(measures.values())
    names = [name for name in tables[0] if name.startswith("Q_") and name != "Q_minimal"]
    for name in names:
        label = name.removeprefix("Q_")
        over = mean_of(lambda part, name=name: part[name] / part["Q"])
        row = {
            "attack": label,
            "sevens": sum(map(len, tables)),
            "succeeds": sum(int(part[name].count()) for part in tables),
            "smallest": sum(int((part["attack"] == label).sum()) for part in tables),
        }
        estimate = over_networks(tables, over, seed, f"attacks {label}")
        rows.append(row | estimate_columns({"over_smallest": estimate}))
    return pd.DataFrame(rows)


def gradients(measures: Mapping[int, pd.DataFrame], seed: int) -> pd.DataFrame:
    """How the gradient changes: medians over a network's sevens, averaged over networks.

    One row each for the mean and the largest norm on the way to the artificial one, divided by that
    at the seven, and for how much the gradient differs at the smallest adversarial image.
    """
    rows = []
    tables = list(measures.values())
    for name, words in GRADIENTS.items():
        number = median_of(lambda part, name=name: part[name])
        estimate = over_networks(tables, number, seed, name)
        rows.append({"what": words} | estimate_columns({"median": estimate}))
    return pd.DataFrame(rows)
