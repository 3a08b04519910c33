"""The MNIST experiment's tables: all aggregation over sevens and networks happens here.

``measures`` is the CSV of scripts/mnist/measure.py: one row per seven that has an artificial one;
``masks`` is that of scripts/mnist/block.py: one row per test seven.
"""

from collections.abc import Mapping

import pandas as pd

from fragility.experiments.mnist.summary import cosines, fit, pair_of, ratios
from fragility.paper.estimates import (
    estimate_columns,
    mean,
    proportion,
)

N_SHOWN = 5  # Table 5 has five images


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


def table_6(measures: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 6, cos theta_t: one row per alpha; columns: printed, our first five, all sevens."""
    names = cosines(measures)
    alphas = [f"{i / (len(names) - 1):g}" for i in range(len(names))]
    table = pd.DataFrame({"alpha": [*alphas, "average"]})
    first = ratios(measures).head(N_SHOWN)
    for i, (_, row) in enumerate(first.iterrows(), start=1):
        table[f"ours_{i}"] = [*row[names].astype(float), row["average_cos"]]
    every = [*(mean(measures[name]) for name in names), mean(ratios(measures)["average_cos"])]
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


def relations(measures: pd.DataFrame) -> pd.DataFrame:
    """How well |M|, |cos| and the first-order distance predict Q, over all sevens.

    One row per predictor and kind of Q: median of their ratio, slope and correlation; lengths are
    divided by L/2.
    """
    rows = []
    table = ratios(measures)
    for predictor, label in (
        ("M_over_half_L", "|M|, as printed"),
        ("M_exact_over_half_L", "|M|, exact integral"),
        ("cos_theta_t", "|cos θt|, at α = 0"),
        ("average_cos", "|average of cos θt|"),
        ("first_order_over_half_L", "g/‖∇g‖"),
    ):
        for kind, words in (
            ("Q", "smallest found"),
            ("Q_sign", "sign, one step"),
            ("Q_gradient", "gradient, one step"),
        ):
            pair = pair_of(table, predictor, f"{kind}_over_half_L")
            rows.append(
                {"predictor": label, "Q": words, "sevens": len(pair)} | estimate_columns(fit(pair))
            )
    return pd.DataFrame(rows)


def networks(
    accuracies: pd.DataFrame,
    masks: Mapping[int, pd.DataFrame],
    measures: Mapping[int, pd.DataFrame],
) -> pd.DataFrame:
    """One row per network: accuracy, how often the rule changes the class from 7 to 1, means.

    Args:
        accuracies: one row per network, with its test accuracy.
        masks: each network's rows, one per test seven.
        measures: each network's rows, one per seven that has an artificial one.
    """
    rows = []
    for index, part in measures.items():
        tried, table = masks[index], ratios(part)
        right = int(tried["right"].sum())
        row = {"network": index, "sevens": len(tried), "right": right, "ones": len(part)}
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
    return pd.DataFrame(rows)


def attacks(measures: pd.DataFrame) -> pd.DataFrame:
    """One row per attack: how many sevens it changes to class 1, its norm over the smallest found.

    The last is the mean of the attack's norm divided by the smallest norm of all attacks.
    """
    rows = []
    names = [name for name in measures if name.startswith("Q_") and name != "Q_minimal"]
    for name in names:
        over = (measures[name] / measures["Q"]).dropna()
        label = name.removeprefix("Q_")
        smallest = int((measures["attack"] == label).sum())
        row = {"attack": label, "sevens": len(measures), "succeeds": int(measures[name].count())}
        rows.append(row | {"smallest": smallest} | estimate_columns({"over_smallest": mean(over)}))
    return pd.DataFrame(rows)
