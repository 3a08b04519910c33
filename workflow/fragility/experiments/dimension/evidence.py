"""Evidence on the second paper's claims; the ids are those of paper/claims/dimension.yaml."""

import numpy as np
import pandas as pd

from fragility.experiments.dimension import summary
from fragility.paper.estimates import Estimate, mean
from fragility.paper.verdicts import Evidence, Finding
from fragility.runtime.seeds import generator

FEWER = 200  # resamples where results are changed twenty times
DENSE, AVERAGE = "fully connected", "average"  # first words of topologies' names


def evidence(
    initial: pd.DataFrame,
    measures: list[pd.DataFrame],
    gaps: list[pd.DataFrame],
    *,
    topologies: list[str],
    robust: float,
    epsilon: float,
    seed: int,
    resamples: int = summary.RESAMPLES,
) -> Evidence:
    """The findings on each claim of the second paper.

    Args:
        initial: a row per network at initialisation (scripts/dimension/initial.py).
        measures: tables with a row per network and size of attack (scripts/dimension/measure.py).
        gaps: tables of the difference between two regularisers' losses, from the same program.
        topologies: those that are trained; the first one is compared with the average one.
        robust: strength of PGD training where sizes are compared.
        epsilon: size of the attack, in pixels.
        seed: root of the random streams.
        resamples: of networks.

    Returns:
        Finding by the claim's id.
    """
    every = pd.concat(measures, ignore_index=True)
    rows = summary.one_row(every, epsilon)
    return (
        _at_initialisation(initial, seed, resamples)
        | _after_training(rows, topologies[0], robust)
        | _regularised(rows, every, topologies[0], (seed, resamples))
        | {"dimension-equal-losses": _parts(summary.gap_slopes(summary.joined(gaps)))}
    )


def _at_initialisation(initial: pd.DataFrame, seed: int, resamples: int) -> Evidence:
    l1, l2 = (summary.by_topology(initial, seed, norm, resamples) for norm in ("l1", "l2"))
    of_one = {
        kind: {name: e for name, e in l1.items() if name.startswith(kind)}
        for kind in (DENSE, AVERAGE)
    }
    return {
        "dimension-initial-l1": _parts(l1),
        "dimension-initial-l2": _parts(l2),
        "dimension-initial-dense": _parts(of_one[DENSE]),
        "dimension-initial-average": _parts(of_one[AVERAGE]),
        "dimension-closed-form": _parts(summary.closed_form(initial)),
    }


def _after_training(rows: pd.DataFrame, topology: str, robust: float) -> Evidence:
    kinds = summary.trainings(robust)
    copied = {name: summary.copied(rows, topology, told) for name, told in kinds.items()}
    reduced = {name: summary.reduced(rows, topology, told) for name, told in kinds.items()}
    usual, attacked = copied.values()
    grown = {name: mean(summary.change(part, "vulnerability")) for name, part in copied.items()}
    growth = [summary.change(part, "l1") for part in (attacked, usual)]
    ratio = (growth[0] / growth[1]).dropna()
    return {
        "dimension-usual": Finding(summary.slope_over_networks(usual), _accuracy(usual)),
        "dimension-robust": Finding(summary.slope_over_networks(attacked), _accuracy(attacked)),
        "dimension-vulnerability": _parts(grown, _accuracy(pd.concat(copied.values()))),
        "dimension-reduced": _parts(
            {name: summary.slope_over_networks(part) for name, part in reduced.items()},
            _accuracy(pd.concat(reduced.values())),
        ),
        "dimension-attenuated": Finding(mean(ratio)),
        "dimension-average-pooling": _parts(summary.pooled_minus_strided(rows, "vulnerability")),
    }


def _regularised(
    rows: pd.DataFrame, every: pd.DataFrame, topology: str, drawn: tuple[int, int]
) -> Evidence:
    seed, resamples = drawn
    part = summary.regularised(rows, topology)
    least = summary.one_row(every, every["epsilon"].min())
    usual = least[(least["method"] == "usual") & least["accurate"]]
    curve = summary.on_one_curve(part, generator(seed, "dimension", "curve"), resamples)
    return {
        "dimension-one-curve": Finding(curve, _accuracy(part)),
        "dimension-damage": Finding(mean(usual["damage"] / usual["l1"])),
    }


def _parts(estimates: dict[str, Estimate], note: str = "") -> Finding:
    return Finding(None, note, estimates) if estimates else Finding(summary.UNKNOWN, note)


def _accuracy(rows: pd.DataFrame) -> str:
    """How accurate the networks are, in words; those that do not count are named."""
    if rows.empty:
        return "no network"
    left = int((~rows["accurate"]).sum())
    words = f"accuracy {rows['accuracy'].min():.2f} to {rows['accuracy'].max():.2f}"
    return f"{words}; {left} of {len(rows)} networks below {summary.ACCURATE} left out"


def _shuffled(results: dict, stream: np.random.Generator) -> dict:
    """Each network with the gradients of another one, of those that are accurate."""
    every = pd.concat(results["measures"], ignore_index=True)
    every = every[every["accuracy"] >= summary.ACCURATE]
    keys = every[["name", "network"]].apply(tuple, axis=1)
    units = keys.unique()
    norms = every.assign(key=keys).drop_duplicates("key").set_index("key")[["l1", "l2"]]
    other = dict(zip(units, stream.permutation(len(units)), strict=True))
    changed = norms.to_numpy()[[other[key] for key in keys]]
    shuffled = every.assign(l1=changed[:, 0], l2=changed[:, 1])
    return results | {"measures": [shuffled], "resamples": FEWER}


ALTERNATIVES = {"shuffled": _shuffled}
