"""Evidence on the claims about ImageNet; the ids are those of claims.csv."""

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from fragility.experiments.imagenet import summary
from fragility.paper.estimates import Estimate, mean

Evidence = dict[str, tuple[Estimate, str]]
UNKNOWN = Estimate(np.nan, np.nan, np.nan, 0)
# network and classes of the printed numbers: Inception-Resnet-v2, English springer, Afghan hound
PAPER_MODEL, PAPER_CLASSES = "inception_resnet_v2", (217, 160)
NOT_THEIRS = "not the paper's network and images"
NO_PAIRS = "no pairs were measured (imagenet.relation.models is 0)"


def evidence(
    measures: list[pd.DataFrame],
    pairs: list[pd.DataFrame],
    *,
    models: list[str],
    related: list[str],
    scale: list[float],
    seed: int,
) -> Evidence:
    """Estimate and note for each claim of Tables 7 and 8.

    Patterns are judged over all pairs of photos of the first network; the note has the same
    quantity over the experiments of every network.  Printed means are compared only with runs of
    the paper's own network and classes.

    Args:
        measures: one table per network (scripts/imagenet/measure.py), a row per experiment and
            direction; lengths in pixels from 0 to 1.
        pairs: one table per network (scripts/imagenet/compare.py), a row per ordered pair of
            photos; may be empty.
        models: the networks that must have measures; the first is the one that is judged.
        related: the networks that must have pairs.
        scale: least and largest value of a pixel, for L and Q.
        seed: root of the streams that resample photos.

    Returns:
        Estimate and note by the claim's id.

    Raises:
        ValueError: there are measures or pairs of other networks, or pairs are missing.
    """
    by_model = _by_model(measures, models, "imagenet/measure")
    pairs_by_model = _by_model(pairs, related, "imagenet/compare")
    for model, part in pairs_by_model.items():
        _check_pairs(part, f"imagenet/compare/{model}/pairs.csv")
    first = models[0]
    patterns = _patterns(pairs_by_model.get(first), by_model, seed)
    return patterns | _numbers(first, by_model[first], scale)


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


def _patterns(pairs: pd.DataFrame | None, measures: Mapping, seed: int) -> Evidence:
    patterns = {}
    for name, (over_pairs, over_experiments) in PATTERNS.items():
        values = [f"{_known(over_experiments, part):.3g}" for part in measures.values()]
        note = f"over the experiments of {', '.join(measures)}: {', '.join(values)}"
        if not all(_is_theirs(model, part) for model, part in measures.items()):
            note += f"; {NOT_THEIRS}"
        if pairs is None:
            patterns[name] = UNKNOWN, f"{NO_PAIRS}; {note}"
        else:
            patterns[name] = over_pairs(pairs, seed, name), note
    return patterns


def _known(statistic: Callable, measures: pd.DataFrame) -> float:
    return statistic(summary.ratios(measures.dropna(subset=["L"])))


def _is_theirs(model: str, measures: pd.DataFrame) -> bool:
    """Whether the printed numbers are those of this network and these classes."""
    classes = set(zip(measures["source_label"], measures["target_label"], strict=True))
    return model.split(".")[0] == PAPER_MODEL and classes == {PAPER_CLASSES}


def _numbers(model: str, measures: pd.DataFrame, scale: list[float]) -> Evidence:
    """Our values of the printed means; without one for another network or other classes."""
    if not _is_theirs(model, measures):
        return {name: (UNKNOWN, NOT_THEIRS) for name in NUMBERS}
    table = summary.ratios(measures.dropna(subset=["L"]))
    table[["L", "Q_iterative"]] *= scale[1] - scale[0]
    return {name: (mean(table[column].dropna()), model) for name, column in NUMBERS.items()}


NUMBERS = {
    "t7-mean": "average_cos",
    "t8-mean-l": "L",
    "t8-mean-q": "Q_iterative",
    "t8-mean-m": "M_over_half_L",
}


def _fitted(kind: str, what: str) -> Callable:
    def fitted(pairs: pd.DataFrame, seed: int, name: str) -> Estimate:
        pair = summary.pair_of(pairs, "M", kind)
        return summary.over_pairs(pair, summary.FITS[what], seed, name)

    return fitted


def _fitted_few(kind: str, what: str) -> Callable[[pd.DataFrame], float]:
    return lambda table: summary.FITS[what](summary.pair_of(table, "M", kind))


def _mean(value: Callable[[pd.DataFrame], pd.Series]) -> Callable:
    return _statistic(value, summary.mean_of("value"))


def _median(value: Callable[[pd.DataFrame], pd.Series]) -> Callable:
    return _statistic(value, lambda columns: summary.median(columns["value"]))


def _statistic(value: Callable, statistic: Callable) -> Callable:
    def over_pairs(pairs: pd.DataFrame, seed: int, name: str) -> Estimate:
        rows = pairs.assign(value=value(summary.ratios(pairs))).dropna(subset=["value"])
        return summary.over_pairs(rows, statistic, seed, name)

    return over_pairs


def _size_at_photo(measures: pd.DataFrame) -> pd.Series:
    return measures[summary.cosines(measures)[-1]].abs()


def _excess(table: pd.DataFrame) -> pd.Series:
    return table["Q_iterative"] / table["Q_minimal"]


# each pattern over all pairs of one network (with an interval), and over its few experiments
PATTERNS: dict[str, tuple[Callable, Callable]] = {
    "t7-small": (
        _mean(lambda pairs: pairs["average_size"]),
        lambda few: few[summary.cosines(few)].abs().to_numpy().mean(),
    ),
    "t7-negative": (
        _mean(lambda pairs: (pairs["average_cos"] < 0).astype(float)),
        lambda few: (few["average_cos"] < 0).mean(),
    ),
    "t7-chance": (
        _mean(lambda pairs: pairs["cos_theta_t"].abs() / summary.random_mean_cos(pairs["entries"])),
        lambda few: (_size_at_photo(few) / summary.random_mean_cos(few["entries"])).mean(),
    ),
    "t7-others": (
        lambda pairs, seed, name: summary.over_pairs(
            pairs.assign(size=pairs["cos_theta_t"].abs()), summary.over_others, seed, name
        ),
        lambda few: np.nan,
    ),
    "t8-m-match": (_fitted("Q_iterative", "ratio"), _fitted_few("Q_iterative", "ratio")),
    "t8-m-slope": (_fitted("Q_iterative", "slope"), _fitted_few("Q_iterative", "slope")),
    "t8-m-correlation": (
        _fitted("Q_iterative", "correlation"), _fitted_few("Q_iterative", "correlation")
    ),
    "t8-m-match-minimal": (_fitted("Q_minimal", "ratio"), _fitted_few("Q_minimal", "ratio")),
    "t8-m-slope-minimal": (_fitted("Q_minimal", "slope"), _fitted_few("Q_minimal", "slope")),
    "t8-m-correlation-minimal": (
        _fitted("Q_minimal", "correlation"), _fitted_few("Q_minimal", "correlation")
    ),
    "t8-q-minimum": (_median(_excess), lambda few: _excess(few).median()),
    "t8-q-small": (
        _mean(lambda pairs: pairs["Q_iterative_over_half_L"]),
        lambda few: few["Q_iterative_over_half_L"].mean(),
    ),
}  # fmt: skip
