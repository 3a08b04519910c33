"""Evidence on the claims about MNIST; the ids are those of paper/claims/mnist.yaml."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from fragility.experiments.mnist import summary
from fragility.experiments.mnist.summary import Number, fit_of, mean_of, median_of
from fragility.paper import severity
from fragility.paper.estimates import Estimate
from fragility.paper.resampling import predicted_mean
from fragility.paper.verdicts import Evidence, Finding
from fragility.runtime.seeds import generator

PIXELS = 28 * 28
PRINTED = {"t5": 5, "t6": 4}  # images in Tables 5 and 6, all of one network
FEWER = 400  # resamples where results are changed twenty times

Tables = Mapping[int, pd.DataFrame]


def evidence(
    measures: list[pd.DataFrame],
    *,
    networks: int,
    sevens: int,
    seed: int,
    resamples: int = summary.RESAMPLES,
) -> Evidence:
    """The findings on each claim of Tables 5 and 6, and of Figure 3.

    A number is computed for each network over its sevens, and averaged over networks; its interval
    is over networks and sevens.  The note lists each network's number.

    Args:
        measures: one table per network, in any order, a row per seven (scripts/mnist/measure.py).
        networks: how many networks there must be.
        sevens: how many test sevens each network was tried on.
        seed: root of the random streams.
        resamples: of networks and sevens.

    Returns:
        The findings by the claim's id.

    Raises:
        ValueError: the measures are not those of the networks 0, 1, ..., once each.
    """
    numbers = [int(part["network"].iloc[0]) for part in measures]
    if sorted(numbers) != list(range(networks)):
        raise ValueError(
            f"mnist/measure: measures of the networks {numbers}, but mnist.networks is {networks}"
        )
    tables = {k: summary.ratios(part) for k, part in summary.by_network(measures).items()}
    found = {name: _averaged(tables, name, seed, resamples) for name in AVERAGED}
    found |= {name: _predicted(tables, name, seed, resamples) for name in PREDICTED}
    found["t5-sign-succeeds"] = _sign_succeeds(tables, seed, resamples)
    found["figure-3-blocking"] = _blocking(tables, sevens)
    return found


def _averaged(tables: Tables, name: str, seed: int, resamples: int) -> Finding:
    number = AVERAGED[name]
    estimate = summary.over_networks(list(tables.values()), number, seed, name, resamples)
    return Finding(estimate, _note(tables, number))


def _note(tables: Tables, number: Number) -> str:
    """Each network's number, and the sevens that it lacks."""
    values = ", ".join(f"{summary.of_network(table, number):.3g}" for table in tables.values())
    n_all = sum(map(len, tables.values()))
    n_without = n_all - sum(len(number(table)[0]) for table in tables.values())
    without = f"; without {n_without} of {n_all} sevens, where no attack succeeds"
    return f"networks {', '.join(map(str, tables))}: {values}{without if n_without else ''}"


def _predicted(tables: Tables, name: str, seed: int, resamples: int) -> Finding:
    """The prediction for a mean as printed, and our own mean with its interval in the note."""
    value = PREDICTED[name]
    samples = [summary.values_of(table, value)["value"].to_numpy() for table in tables.values()]
    n_new = PRINTED[name.split("-")[0]]
    predicted = predicted_mean(samples, n_new, generator(seed, "mnist", "predicted", name))
    number = mean_of(value)
    ours = summary.over_networks(list(tables.values()), number, seed, name, resamples)
    words = f"our mean is {ours.value:.3g} [{ours.low:.3g}, {ours.high:.3g}]"
    return Finding(predicted, f"{words}; {_note(tables, number)}")


def _sign_succeeds(tables: Tables, seed: int, resamples: int) -> Finding:
    """Share of sevens, its interval over networks and sevens, and the trials it is worth.

    A share p that varies by v from network to network predicts a new network's as p(1 - p)/v
    independent trials would; v includes the error of our mean.
    """
    name, number = "t5-sign-succeeds", mean_of(lambda table: table["Q_sign"].notna().astype(float))
    ours = summary.over_networks(list(tables.values()), number, seed, name, resamples)
    shares = [summary.of_network(table, number) for table in tables.values()]
    trials = sum(map(len, tables.values()))
    variance = np.var(shares, ddof=1) * (1 + 1 / len(shares)) if len(shares) > 1 else 0
    if variance:
        trials = min(trials, max(1, round(ours.value * (1 - ours.value) / variance)))
    words = f"shares vary so much that ours is worth {trials} independent trials"
    return Finding(ours._replace(n=trials), f"{words}; {_note(tables, number)}")


def _blocking(tables: Tables, sevens: int) -> Finding:
    shares = [len(table) / sevens for table in tables.values()]
    values = ", ".join(f"{share:.3g}" for share in shares)
    estimate = Estimate(float(np.mean(shares)), np.nan, np.nan, len(shares))
    return Finding(estimate, f"networks {', '.join(map(str, tables))}: {values}")


def _negative(table: pd.DataFrame) -> pd.Series:
    """Share of negative cosines of each seven."""
    return (table[summary.cosines(table)] < 0).mean(axis=1)


def _over(above: str, below: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda table: table[above] / table[below]


def _column(name: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda table: table[name]


COS, M, Q, Q_SIGN = "cos_theta_t", "M_over_half_L", "Q_over_half_L", "Q_sign_over_half_L"

AVERAGED: dict[str, Number] = {
    "t5-cos-match": fit_of(COS, Q, "ratio"),
    "t5-cos-match-sign": fit_of(COS, Q_SIGN, "ratio"),
    "t5-cos-correlation": fit_of(COS, Q, "correlation"),
    "t5-m-match": fit_of(M, Q, "ratio"),
    "t5-m-match-sign": fit_of(M, Q_SIGN, "ratio"),
    "t5-m-slope": fit_of(M, Q, "slope"),
    "t5-m-correlation": fit_of(M, Q, "correlation"),
    "t5-sign-minimum": median_of(_over("Q_sign", "Q_minimal")),
    "t5-gradient-along": median_of(_column("gradient_along")),
    "t5-gradient-change": median_of(_column("gradient_change")),
    "t6-negative": mean_of(_negative),
    "t6-small": mean_of(lambda table: table["average_cos"].abs()),
}
PREDICTED: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "t5-mean-cos": lambda table: table[COS].abs(),
    "t5-mean-l": _column("L"),
    "t5-mean-q": _column(Q),
    "t5-mean-q-sign": _column(Q_SIGN),
    "t5-mean-m": _column(M),
    "t6-average": _column("average_cos"),
}


# --- what our results would be if claims were false ---


def _random_directions(measures: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """Gradients that point anywhere, all of one length."""
    names = summary.cosines(measures)
    cosines = stream.standard_normal((len(measures), len(names))) / np.sqrt(PIXELS)
    columns = dict(zip(names, cosines.T, strict=True)) | {COS: cosines[:, 0]}
    columns["M"] = measures["L"] * cosines.sum(axis=1) / (len(names) - 1)
    return measures.assign(**columns)


def _shuffled(measures: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    names = [name for name in measures if name == "Q" or name.startswith("Q_")]
    return severity.with_others(measures, names, stream)


ALTERNATIVES = {
    "random directions": severity.in_every_part("measures", _random_directions, resamples=FEWER),
    "shuffled": severity.in_every_part("measures", _shuffled, resamples=FEWER),
}
