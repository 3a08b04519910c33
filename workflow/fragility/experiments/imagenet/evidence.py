"""Evidence on the claims about ImageNet; the ids are those of paper/claims/imagenet.yaml."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from fragility.experiments.imagenet import summary
from fragility.paper import severity
from fragility.paper.estimates import Estimate, mean
from fragility.paper.verdicts import Evidence, Finding

UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)
# network and classes of the printed numbers: Inception-Resnet-v2, English springer, Afghan hound
PAPER_MODEL, PAPER_CLASSES = "inception_resnet_v2", (217, 160)
NOT_THEIRS = "not the paper's network and images"
ALPHAS = 11  # points of a path, for gradients that point anywhere
FEWER = 400  # resamples where results are changed twenty times
NO_PAIRS = "no pairs were measured (imagenet.relation.models is 0)"


def evidence(
    measures: list[pd.DataFrame],
    pairs: list[pd.DataFrame],
    *,
    models: list[str],
    related: list[str],
    scale: list[float],
    seed: int,
    resamples: int = summary.RESAMPLES,
) -> Evidence:
    """The findings on each claim of Tables 7 and 8, and of Figures 4 to 6.

    Patterns are judged over all pairs of photos of each network, so that a claim has a part per
    network: three networks of one family are no sample of networks.  The note has the same
    quantity over the experiments of every network.  Printed means are compared only with runs of
    the paper's own network and classes.

    Args:
        measures: one table per network (scripts/imagenet/measure.py), a row per experiment and
            direction; lengths in pixels from 0 to 1.
        pairs: one table per network (scripts/imagenet/compare.py), a row per ordered pair of
            photos; may be empty.
        models: the networks that must have measures; the first is the one shown.
        related: the networks that must have pairs.
        scale: least and largest value of a pixel, for L and Q.
        seed: root of the streams that resample photos.
        resamples: of photos.

    Returns:
        The findings by the claim's id.

    Raises:
        ValueError: there are measures or pairs of other networks, or pairs are missing.
    """
    by_model = _by_model(measures, models, "imagenet/measure")
    pairs_by_model = _by_model(pairs, related, "imagenet/compare")
    for model, part in pairs_by_model.items():
        _check_pairs(part, f"imagenet/compare/{model}/pairs.csv")
    first = models[0]
    patterns = _patterns(pairs_by_model, by_model, seed, resamples)
    return patterns | _numbers(first, by_model[first], scale) | _figures(by_model[first])


def _by_model(parts: list[pd.DataFrame], models: list[str], where: str) -> dict[str, pd.DataFrame]:
    """The parts by their network's name, in the order of ``models``."""
    names = [part["model"].iloc[0] for part in parts]
    if sorted(names) != sorted(models):
        raise ValueError(f"{where}: results of {names}, wanted: of {models}")
    by_name = dict(zip(names, parts, strict=True))
    return {model: by_name[model] for model in models}


def _check_pairs(pairs: pd.DataFrame, file: str) -> None:
    """Raise a ValueError unless every ordered pair of photos of two classes is there."""
    labels = pairs.drop_duplicates("source")["source_label"]
    n = len(labels)
    wanted = n * (n - 1) - sum(k * (k - 1) for k in Counter(labels).values())
    if len(pairs) != wanted:
        raise ValueError(f"{file}: {len(pairs)} pairs of {n} photos, wanted: {wanted}")


def _patterns(pairs: Mapping, measures: Mapping, seed: int, resamples: int) -> Evidence:
    """Each pattern in each network with pairs, and over the few experiments of every network."""
    elsewhere = not all(_is_theirs(model, part) for model, part in measures.items())
    return {
        name: _pattern(name, pattern, pairs, measures, seed, resamples)._replace(
            elsewhere=elsewhere
        )
        for name, pattern in PATTERNS.items()
    }


def _pattern(
    name: str, pattern: "Pattern", pairs: Mapping, measures: Mapping, seed: int, resamples: int
) -> Finding:
    note = f"over the experiments of {', '.join(measures)}: "
    note += ", ".join(f"{pattern.over_few(part):.3g}" for part in measures.values())
    if not pairs:
        return Finding(UNKNOWN, f"{NO_PAIRS}; {note}")
    tables = {model: pattern.rows(part) for model, part in pairs.items()}
    n_all, n_known = (sum(map(len, each.values())) for each in (pairs, tables))
    if n_known < n_all:
        note = f"without {n_all - n_known} of {n_all} pairs, where an attack fails; {note}"
    parts = {
        model: summary.over_pairs(table, pattern.statistic, seed, f"{name} {model}", resamples)
        for model, table in tables.items()
    }
    return Finding(None, note, parts)


def _is_theirs(model: str, measures: pd.DataFrame) -> bool:
    """Whether the printed numbers are those of this network and these classes."""
    classes = set(zip(measures["source_label"], measures["target_label"], strict=True))
    return model.split(".")[0] == PAPER_MODEL and classes == {PAPER_CLASSES}


def _numbers(model: str, measures: pd.DataFrame, scale: list[float]) -> Evidence:
    """Our values of the printed means; without one for another network or other classes."""
    if not _is_theirs(model, measures):
        return {name: Finding(UNKNOWN, NOT_THEIRS) for name in NUMBERS}
    table = summary.ratios(measures.dropna(subset=["L"]))
    table[["L", "Q_iterative"]] *= scale[1] - scale[0]
    return {name: Finding(mean(table[column].dropna()), model) for name, column in NUMBERS.items()}


NUMBERS = {
    "t7-mean": "average_cos",
    "t8-mean-l": "L",
    "t8-mean-q": "Q_iterative",
    "t8-mean-m": "M_over_half_L",
}


def _figures(measures: pd.DataFrame) -> Evidence:
    """What is shown of the first experiment."""
    few = measures.dropna(subset=["L"]).head(1)
    size = float(few[summary.cosines(few)].abs().to_numpy().mean())
    found = {"figure-6": Finding(Estimate(size, np.nan, np.nan, 1))}
    return found | {name: Finding(UNKNOWN, NOT_THEIRS) for name in ("figure-4", "figure-5")}


class Pattern(NamedTuple):
    """A number of pairs of photos.

    Attributes:
        rows: the rows of a network's pairs, or of its experiments, that have the number's values.
        statistic: the number.
    """

    rows: Callable[[pd.DataFrame], pd.DataFrame]
    statistic: summary.Statistic

    def over_few(self, measures: pd.DataFrame) -> float:
        """The number over a network's experiments; NaN where they lack what it needs."""
        known = measures.dropna(subset=["L"])
        return summary.of_all(self.rows(_as_pairs(known)), self.statistic)


def _as_pairs(measures: pd.DataFrame) -> pd.DataFrame:
    """Experiments with the columns of pairs; they have no other photos."""
    cosines = measures[summary.cosines(measures)]
    sizes = {"cos_theta_t": cosines.iloc[:, -1], "average_size": cosines.abs().mean(axis=1)}
    return measures.assign(**sizes, cos_others=np.nan)


def _fit(kind: str, what: str) -> Pattern:
    return Pattern(lambda pairs: summary.pair_of(pairs, "M", kind), summary.FITS[what])


def _valued(statistic: Callable, value: Callable[[pd.DataFrame], pd.Series]) -> Pattern:
    def rows(pairs: pd.DataFrame) -> pd.DataFrame:
        table = pairs[["source", "target"]].assign(value=value(summary.ratios(pairs)))
        return table.dropna(subset=["value"])

    return Pattern(rows, statistic("value"))


def _mean(value: Callable[[pd.DataFrame], pd.Series]) -> Pattern:
    return _valued(summary.mean_of, value)


def _median(value: Callable[[pd.DataFrame], pd.Series]) -> Pattern:
    return _valued(summary.median_of, value)


def _of_random(size: Callable[[pd.DataFrame], pd.Series]) -> Pattern:
    return _mean(lambda pairs: size(pairs) / summary.random_mean_cos(pairs["entries"]))


def _sizes(pairs: pd.DataFrame) -> pd.DataFrame:
    sizes = pairs[["source", "target", "cos_others"]]
    return sizes.assign(size=pairs["cos_theta_t"].abs())


def _excess(table: pd.DataFrame) -> pd.Series:
    return table["Q_iterative"] / table["Q_minimal"]


PATTERNS: dict[str, Pattern] = {
    "t7-small": _mean(lambda pairs: pairs["average_size"]),
    "t7-negative": _mean(lambda pairs: (pairs["average_cos"] < 0).astype(float)),
    "t7-chance": _of_random(lambda pairs: pairs["cos_theta_t"].abs()),
    "t7-chance-along": _of_random(lambda pairs: pairs["average_size"]),
    "t7-others": Pattern(_sizes, summary.over_others),
    "t8-m-match": _fit("Q_iterative", "ratio"),
    "t8-m-slope": _fit("Q_iterative", "slope"),
    "t8-m-correlation": _fit("Q_iterative", "correlation"),
    "t8-m-match-minimal": _fit("Q_minimal", "ratio"),
    "t8-m-slope-minimal": _fit("Q_minimal", "slope"),
    "t8-m-correlation-minimal": _fit("Q_minimal", "correlation"),
    "t8-q-minimum": _median(_excess),
    "t8-q-not-minimum": _median(_excess),
    "t8-gradient-along": _median(lambda pairs: pairs["gradient_along"]),
    "t8-gradient-change": _median(lambda pairs: pairs["gradient_change"]),
    "t8-q-small": _mean(lambda pairs: pairs["Q_iterative_over_half_L"]),
}


# --- what our results would be if claims were false ---


def _random_directions(pairs: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    """Gradients that point anywhere, all of one length, at ALPHAS points."""
    entries = pairs["entries"].to_numpy()[:, None]
    cosines = stream.standard_normal((len(pairs), ALPHAS)) / np.sqrt(entries)
    return pairs.assign(
        cos_theta_t=cosines[:, 0], average_cos=cosines.mean(axis=1),
        average_size=np.abs(cosines).mean(axis=1),
        cos_others=summary.random_mean_cos(pairs["entries"]),
        M=pairs["L"] * cosines.sum(axis=1) / (ALPHAS - 1),
    )  # fmt: skip


def _shuffled(pairs: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
    return severity.with_others(pairs, ["Q_iterative", "Q_minimal"], stream)


ALTERNATIVES = {
    "random directions": severity.in_every_part("pairs", _random_directions, resamples=FEWER),
    "shuffled": severity.in_every_part("pairs", _shuffled, resamples=FEWER),
}
