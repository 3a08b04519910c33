"""The ReLU experiment's tables: all aggregation over networks and points happens here.

``attempts``, ``measures`` and ``attacks`` are the CSVs of scripts/relu/train.py, measure.py and
attack.py.  A missing value keeps its row, and is counted.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fragility.experiments.relu.summary import (
    PAPER_NETWORKS,
    attacked_networks,
    by_network,
    first_pair,
    flatness,
    log_prediction,
    same_matrices,
)
from fragility.paper.estimates import (
    Estimate,
    estimate_columns,
    mean,
    mean_prediction,
    median_prediction,
    proportion,
    quantile,
)
from fragility.statements.remarks_2.closed_form import two_class_median


def table_3(measures: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 3, one row per alpha: mean and median rho, the printed ones, and their predictions.

    ``mean_expected`` and ``median_expected`` predict mean and median of 50 further networks.  The
    printed row is that of the same alpha to three decimals; other settings may have none.
    """
    paper = {float(row["alpha"]): row for row in printed.to_dict("records")}
    rows = []
    for alpha, part in first_pair(measures).groupby("alpha"):
        values = part["rho"].dropna()
        row = {"alpha": alpha, "networks": len(part), "missing": len(part) - len(values)}
        row |= estimate_columns({"mean_rho": mean(values), "median_rho": quantile(values, 0.5)})
        theirs = paper.get(round(alpha, 3), {})
        row |= {
            f"paper_{name}": float(theirs.get(name, "nan")) for name in ("mean_rho", "median_rho")
        }
        row |= _expected(values)
        for name in ("mean", "median"):
            low, high = row[f"{name}_expected_low"], row[f"{name}_expected_high"]
            value = row[f"paper_{name}_rho"]
            known = not np.isnan([low, high, value]).any()
            row[f"{name}_inside"] = ("yes" if low <= value <= high else "no") if known else ""
        rows.append(row)
    return pd.DataFrame(rows)


def _expected(values: pd.Series) -> dict:
    """The 95 % prediction intervals of mean and median over 50 further networks."""
    ours, middle = mean(values), median_prediction(values, PAPER_NETWORKS)
    low, high = mean_prediction(ours, PAPER_NETWORKS, 0.95) if ours.n > 1 else (np.nan, np.nan)
    return {
        "mean_expected": ours.value, "mean_expected_low": low, "mean_expected_high": high,
        "median_expected": middle.value, "median_expected_low": middle.low,
        "median_expected_high": middle.high,
    }  # fmt: skip


def conditions(cells: Mapping[tuple, tuple[pd.DataFrame, pd.DataFrame]]) -> pd.DataFrame:
    """One row per condition; the keys of ``cells`` are (layers, width, batch size, rate).

    Args:
        cells: attempts and measures (rows of both) of each condition.
    """
    rows = []
    for key, (attempts, measures) in cells.items():
        row = dict(zip(("layers", "width", "batch_size", "learning_rate"), key, strict=True))
        row["batch_size"] = str(row["batch_size"])
        networks = by_network(measures).dropna(subset=["rho"])
        flat, p = flatness(measures)
        accurate = int((attempts["accuracy"] == 1).sum())
        row |= {
            "trained": len(attempts),
            "accurate": accurate,
            "wanted": attempts["wanted"].iloc[0],
        }
        row |= estimate_columns(
            {
                "accurate_fraction": proportion(accurate, len(attempts)),
                "mean_rho": mean(networks["rho"]),
                "median_rho": quantile(networks["rho"], 0.5),
                "mean_phi": mean(networks["phi"]),
                "mean_difference": mean((networks["rho"] - networks["phi"]).abs()),
                "largest_deviation": flat,
            }
        )
        rows.append(row | {"friedman_p": p})
    return pd.DataFrame(rows)


def by_depth(cells: Mapping[tuple, tuple[pd.DataFrame, pd.DataFrame]]) -> pd.DataFrame:
    """:func:`conditions`, with the mean difference of rho to one layer's on the same matrices.

    ``matrices`` counts those on which both networks are accurate.
    """
    measures = {layers: rows for (layers, *_), (_, rows) in cells.items()}
    gaps = []
    for layers, rows in measures.items():
        gap = mean(same_matrices(measures[1], rows) if layers > 1 else [])
        gaps.append(estimate_columns({"gap": gap}) | {"matrices": gap.n})
    return pd.concat([conditions(cells), pd.DataFrame(gaps)], axis=1)


def table_4(attacks: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Table 4, two rows (b1, b2) each: as printed, our first network, mean over all attacked.

    Two more rows predict one further network: geometric mean and prediction interval.
    """
    networks = attacked_networks(attacks)
    names = {"cos": "cos_theta_t", "delta": "delta", "m": "m", "ratio": "delta_over_m"}
    paper = printed.assign(source="paper", networks=1, points=10)
    paper = paper.astype({name: float for name in names.values()})
    paper["cos_theta_t"] = paper["cos_theta_t"].abs()
    first = networks[networks["run"] == networks["run"].min()]
    rows = []
    for source, part, estimate in (
        ("ours, the first network", first, _mean_found),
        ("ours, all networks", networks, _mean_found),
        ("ours, one further network", networks, log_prediction),
    ):
        for name in ("b1", "b2"):
            chosen = part[part["input"] == name]
            row = {"source": source, "input": name, "networks": len(chosen)}
            row |= {"points": chosen["points"].sum(), "found": chosen["found"].sum()}
            rows.append(
                row | estimate_columns({names[key]: estimate(chosen[key]) for key in names})
            )
    return pd.concat([paper, pd.DataFrame(rows)], ignore_index=True).astype({"found": "Int64"})


def _mean_found(values: pd.Series) -> Estimate:
    return mean(values.dropna())


def robustness(cells: Mapping[tuple[int, int], pd.DataFrame]) -> pd.DataFrame:
    """Attack, certificate, optimal classifier and random directions: one row per condition.

    Args:
        cells: the rows of attacks by (d, layers, width); lengths are returned in units of
            m = ||A_:,d||.
    """
    rows = []
    for (d, layers, width), attacks in cells.items():
        networks = attacked_networks(attacks).query("input == 'both'")
        row = {"d": d, "layers": layers, "width": width, "networks": len(networks)}
        row |= {"points": len(attacks), "found": int(attacks["delta"].count())}
        rows.append(
            row
            | estimate_columns(
                {
                    "delta_over_m": mean(networks["ratio"].dropna()),
                    "abs_cos": mean(networks["cos"].dropna()),
                    "match": mean((networks["ratio"] / networks["cos"]).dropna()),
                    "least_relative": mean(networks["least_relative"].dropna()),
                    "largest_relative": mean(networks["largest_relative"].dropna()),
                    "bracket": mean(networks["bracket"].dropna()),
                    "class_radius": mean((networks["class_radius"] / networks["m"]).dropna()),
                    "point_radius": mean((networks["point_radius"] / networks["m"]).dropna()),
                    "random": mean(networks["random"].dropna()),
                }
            )
            | {"least_bracket": networks["least_bracket"].min(), "random_law": two_class_median(d)}
        )
    return pd.DataFrame(rows)


def attack_counts(attacks: pd.DataFrame) -> pd.DataFrame:
    """One row per attack: how often it finds the smallest, its mean norm over the smallest."""
    names = [name.removeprefix("delta_") for name in attacks if name.startswith("delta_")]
    rows = []
    for name in names:
        own = attacks[f"delta_{name}"]
        rows.append(
            {
                "attack": name,
                "points": len(attacks),
                "flips": int(own.count()),
                "smallest": int((attacks["attack"] == name).sum()),
            }
            | estimate_columns({"over_smallest": mean((own / attacks["delta"]).dropna())})
        )
    return pd.DataFrame(rows)
