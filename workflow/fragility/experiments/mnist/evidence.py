"""Evidence on the claims about MNIST; the ids are those of claims.csv."""

from collections.abc import Callable, Mapping

import pandas as pd

from fragility.experiments.mnist import summary
from fragility.paper.estimates import Estimate, mean, proportion

Evidence = dict[str, tuple[Estimate, str]]


def evidence(measures: list[pd.DataFrame], *, networks: int) -> Evidence:
    """Estimate and note for each claim of Tables 5 and 6.

    The estimate is that of network 0 over all its sevens; the note lists the same for every
    network.

    Args:
        measures: one table per network, in any order, a row per seven (scripts/mnist/measure.py).
        networks: how many networks there must be.

    Returns:
        Estimate and note by the claim's id.

    Raises:
        ValueError: the measures are not those of the networks 0, 1, ..., once each.
    """
    numbers = [int(part["network"].iloc[0]) for part in measures]
    if sorted(numbers) != list(range(networks)):
        raise ValueError(
            f"mnist/measure: measures of the networks {numbers}, but mnist.networks is {networks}"
        )
    tables_by_network = {
        number: summary.ratios(part) for number, part in zip(numbers, measures, strict=True)
    }
    return {
        name: (claim(tables_by_network[0]), _over_networks(claim, tables_by_network))
        for name, claim in CLAIMS.items()
    }


def _over_networks(
    claim: Callable[[pd.DataFrame], Estimate], by_network: Mapping[int, pd.DataFrame]
) -> str:
    values = ", ".join(f"{claim(table).value:.3g}" for table in by_network.values())
    return f"networks {', '.join(map(str, by_network))}: {values}"


def _fitted(predictor: str, what: str) -> Callable[[pd.DataFrame], Estimate]:
    return lambda table: summary.fit(summary.pair_of(table, predictor, "Q_over_half_L"))[what]


def _mean(name: str) -> Callable[[pd.DataFrame], Estimate]:
    return lambda table: mean(table[name].dropna())


def _sign_succeeds(table: pd.DataFrame) -> Estimate:
    return proportion(int(table["Q_sign"].count()), len(table))


def _negative(table: pd.DataFrame) -> Estimate:
    """Share of negative cosines; a seven is the sampling unit: its cosines are not independent."""
    return mean((table[summary.cosines(table)] < 0).mean(axis=1))


CLAIMS: dict[str, Callable[[pd.DataFrame], Estimate]] = {
    "t5-cos-match": _fitted("cos_theta_t", "ratio"),
    "t5-cos-correlation": _fitted("cos_theta_t", "correlation"),
    "t5-m-match": _fitted("M_over_half_L", "ratio"),
    "t5-m-slope": _fitted("M_over_half_L", "slope"),
    "t5-m-correlation": _fitted("M_over_half_L", "correlation"),
    "t5-mean-cos": lambda table: mean(table["cos_theta_t"].abs()),
    "t5-mean-l": _mean("L"),
    "t5-mean-q": _mean("Q_over_half_L"),
    "t5-mean-q-sign": _mean("Q_sign_over_half_L"),
    "t5-sign-succeeds": _sign_succeeds,
    "t5-mean-m": _mean("M_over_half_L"),
    "t6-average": _mean("average_cos"),
    "t6-negative": _negative,
    "t6-small": lambda table: mean(table["average_cos"].abs()),
}
