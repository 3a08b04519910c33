"""Evidence on each claim about ImageNet, from made-up measures with known answers."""

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, turning
from judging import FOLDER, verdicts

from fragility.experiments.imagenet import evidence as module
from fragility.experiments.imagenet import summary
from fragility.experiments.imagenet.evidence import NOT_THEIRS, evidence
from fragility.paper import claims
from fragility.paper.estimates import mean
from fragility.paper.verdicts import NOT_COMPARABLE, NOT_REPRODUCED, PARTLY, REPRODUCED
from fragility.runtime.seeds import generator

OURS = [claim.id for claim in claims.read_claims(FOLDER / "claims/imagenet.yaml")]
SHOWN = dict.fromkeys(["figure-4", "figure-5", "figure-6"], NOT_COMPARABLE)
JUDGED = [name for name in OURS if name not in SHOWN]
NUMBERS = ["t7-mean", "t8-mean-l", "t8-mean-q", "t8-mean-m"]
PATTERNS = [name for name in JUDGED if name not in NUMBERS]
NAN = float("nan")
ENTRIES = 299 * 299 * 3
SIGNED, UNIT = [-1, 1], [0, 1]
SPRINGER, HOUND = 217, 160


def paired(n=8, **columns):
    """All ordered pairs of n photos: Q/(0.5L) from 0.02 to 0.08, |M| and smallest Q within 5 %."""
    names = [f"{k}.jpg" for k in range(n)]
    rows = [(a, b) for a in names for b in names if a != b]
    i = np.arange(len(rows))
    x = generator(7, "test", "evidence imagenet", n).permutation(np.linspace(0.02, 0.08, len(i)))
    waves = [1 + 0.05 * np.sin(k * i) for k in (3, 5, 7)]
    table = pd.DataFrame(rows, columns=["source", "target"]).assign(
        entries=ENTRIES, L=90.0, M=-45 * x * waves[0], M_exact=-40 * x, first_order=9 * x,
        cos_theta_t=-0.004 * waves[2], average_cos=-0.002 * waves[1], average_size=0.003 * waves[0],
        cos_others=0.002, Q_iterative=45 * x, Q_minimal=45 * x * waves[1],
        gradient_along=1 + 0.1 * np.sin(i), gradient_change=0.2 + 0.1 * np.sin(i),
        source_label=[names.index(a) for a, _ in rows],  # each photo is of a class of its own
    )  # fmt: skip
    return table.assign(**columns)


def measured(n=4, both_ways=False, classes=(SPRINGER, HOUND), **columns):
    """Measures of experiments near the printed ones, as imagenet/measure.py writes them."""
    wave = np.sin(3 * np.arange((1 + both_ways) * n))
    table = pd.DataFrame(
        {
            "experiment": [*range(1, n + 1)] * (1 + both_ways), "source": "s", "target": "t",
            "source_label": [classes[0]] * n + [classes[1]] * n * both_ways,
            "target_label": [classes[1]] * n + [classes[0]] * n * both_ways,
            "reason": NAN, "entries": ENTRIES, "L": 90 + 5 * wave, "M": -2.6 + 0.9 * wave,
            "M_exact": -2.0, "first_order": 0.5, "gradient_along": 1.1, "gradient_change": 0.3,
            "Q_iterative": 2.915 + 0.02 * wave,
            "Q_minimal": 2.7 + 0.1 * wave, "average_cos": -0.0023 + 0.001 * wave,
        }
    )  # fmt: skip
    cosines = {"cos_0": 0.001, "cos_1": -0.007 * (1 + 0.1 * wave), "cos_2": -0.004}
    return table.assign(**cosines).assign(**columns)


THEIRS = "inception_resnet_v2.tf_in1k"


def found(pairs=None, measures=None, model=THEIRS, scale=SIGNED):
    pairs = paired() if pairs is None else pairs
    return judged_by({model: measured() if measures is None else measures}, {model: pairs}, scale)


def judged_by(measures, pairs, scale=SIGNED):
    """Evidence from measures and pairs by network."""
    parts = [
        [part.assign(model=model) for model, part in each.items()] for each in (measures, pairs)
    ]
    return evidence(
        *parts, models=list(measures), related=list(pairs), scale=scale, seed=7, resamples=400
    )


@pytest.fixture(scope="module")
def good():
    return found()


def x_of(pairs):
    return (pairs["Q_iterative"] / 45).to_numpy()


P = paired()
X = x_of(P)
# two in five pairs lie the other way round: the medians stay what they are
ODD = np.where(np.arange(len(P)) % 5 < 2, 0.1 - X, X)


def both(names):
    """The claims, on both kinds of Q."""
    return names | {f"{name}-minimal" for name in names}


def times(**factors):
    """Measures of the experiments, some columns times a factor."""
    table = measured()
    return table.assign(**{name: factor * table[name] for name, factor in factors.items()})


HALF_OF_M = {"pairs": paired(M=-45 * X / 2)}
FLAT_M = {"pairs": paired(M=-45 * (0.05 + 0.7 * (X - 0.05)))}
ODD_M = {"pairs": paired(M=-45 * ODD)}
SIZE, FIT = both({"t8-m-match", "t8-m-slope"}), both({"t8-m-slope", "t8-m-correlation"})
BAD_FIT = FIT | both({"t8-m-match"})  # two in five: medians move a little
LARGE = {name: 4 * P[name] for name in ("M", "Q_iterative", "Q_minimal")}
OPPOSITE = {"t8-q-not-minimum": NOT_REPRODUCED}  # of t8-q-minimum
# for each claim: results on which it is reproduced, and results changed in what it is about
CASES = {
    "t7-small": Case({}, {"pairs": paired(average_size=0.03)}),
    "t7-negative": Case({}, {"pairs": paired(average_cos=0.001)}),  # uphill to the target
    "t7-chance": Case({}, {"pairs": paired(cos_theta_t=0.001, cos_others=5e-4)}),
    "t7-others": Case({}, {"pairs": paired(cos_others=0.005)}),
    "t7-mean": Case({}, {"measures": measured(average_cos=0.1 + measured()["average_cos"])}),
    "t8-m-match": Case({}, HALF_OF_M, SIZE - {"t8-m-match"}),
    "t8-m-slope": Case({}, FLAT_M, {"t8-m-slope-minimal"}),
    "t8-m-correlation": Case({}, ODD_M, BAD_FIT - {"t8-m-correlation"}),
    "t8-m-match-minimal": Case({}, HALF_OF_M, SIZE - {"t8-m-match-minimal"}),
    "t8-m-slope-minimal": Case({}, FLAT_M, {"t8-m-slope"}),
    "t8-m-correlation-minimal": Case({}, ODD_M, BAD_FIT - {"t8-m-correlation-minimal"}),
    "t8-q-minimum": Case(
        {},
        {"pairs": paired(Q_minimal=P["Q_iterative"] / 7)},
        {"t8-m-match-minimal", "t8-m-slope-minimal", "t8-q-not-minimum"},
    ),
    # the opposite of t8-q-minimum: what reproduces the one refuses the other
    "t8-q-not-minimum": Case(
        {"pairs": paired(Q_minimal=P["Q_iterative"] / 7)},
        {},
        {"t8-q-minimum", "t8-m-match-minimal", "t8-m-slope-minimal"},
    ),
    "t8-gradient-along": Case({}, {"pairs": paired(gradient_along=2 + P["cos_theta_t"])}),
    "t8-gradient-change": Case({}, {"pairs": paired(gradient_change=0.9 + P["cos_theta_t"])}),
    "t7-chance-along": Case({}, {"pairs": paired(average_size=0.001 + 0.1 * P["cos_theta_t"])}),
    "t8-q-small": Case({}, {"pairs": paired(**LARGE)}),
    "t8-mean-l": Case({}, {"measures": times(L=3)}, {"t8-mean-m"}),  # M is taken over half of L
    "t8-mean-q": Case({}, {"measures": times(Q_iterative=2)}),
    "t8-mean-m": Case({}, {"measures": times(M=-9)}),
}


def test_each_claim_of_the_experiment_has_evidence_and_a_case(good):
    assert {*CASES, *SHOWN} == set(good) == set(OURS)
    assert len(JUDGED) == 20


def test_measures_like_the_paper_s_reproduce_every_claim(good):
    assert verdicts(good) == SHOWN | dict.fromkeys(JUDGED, REPRODUCED) | OPPOSITE


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case, good):
    right, wrong = verdicts(found(**case.right)), verdicts(found(**case.wrong))
    assert (right[name], wrong[name]) == (REPRODUCED, NOT_REPRODUCED)
    base = verdicts(good) if not case.right else right
    assert {other for other in OURS if wrong[other] != base[other]} == {name, *case.also}


def test_an_attack_of_one_step_says_nothing_of_m():
    pairs = paired(Q_iterative=3.0 + 0.01 * np.sin(np.arange(len(P))))
    fallen = {"t8-m-match", "t8-m-slope", "t8-m-correlation", "t8-q-minimum"}
    judged = verdicts(found(pairs))
    assert {name for name in PATTERNS if judged[name] != REPRODUCED} >= fallen


# --- the numbers themselves ---


def test_patterns_are_of_all_pairs_of_each_network(good):
    ratios = P["M"].abs() / P["Q_iterative"]
    expected = {
        "t7-small": P["average_size"].mean(),
        "t7-negative": 1,
        "t7-chance": P["cos_theta_t"].abs().mean() / np.sqrt(2 / (np.pi * ENTRIES)),
        "t7-chance-along": P["average_size"].mean() / np.sqrt(2 / (np.pi * ENTRIES)),
        "t7-others": P["cos_theta_t"].abs().mean() / 0.002,
        "t8-m-match": ratios.median(),
        "t8-m-slope": np.polyfit(P["M"].abs(), P["Q_iterative"], 1)[0],
        "t8-m-correlation": np.corrcoef(P["M"].abs(), P["Q_iterative"])[0, 1],
        "t8-m-match-minimal": (P["M"].abs() / P["Q_minimal"]).median(),
        "t8-m-slope-minimal": np.polyfit(P["M"].abs(), P["Q_minimal"], 1)[0],
        "t8-m-correlation-minimal": np.corrcoef(P["M"].abs(), P["Q_minimal"])[0, 1],
        "t8-q-minimum": (P["Q_iterative"] / P["Q_minimal"]).median(),
        "t8-q-not-minimum": (P["Q_iterative"] / P["Q_minimal"]).median(),
        "t8-gradient-along": P["gradient_along"].median(),
        "t8-gradient-change": P["gradient_change"].median(),
        "t8-q-small": (P["Q_iterative"] / 45).mean(),
    }
    assert set(expected) == set(PATTERNS)
    for name, value in expected.items():
        assert good[name].estimate is None
        estimate = good[name].parts[THEIRS]
        assert estimate.value == pytest.approx(value), name
        assert estimate.n == 8  # photos, not pairs
        assert estimate.low <= estimate.value <= estimate.high


def test_printed_means_are_compared_with_those_over_experiments_in_the_scale(good):
    table = measured()
    expected = {
        "t7-mean": table["average_cos"], "t8-mean-l": 2 * table["L"],
        "t8-mean-q": 2 * table["Q_iterative"], "t8-mean-m": 2 * table["M"] / table["L"],
    }  # fmt: skip
    for name, sample in expected.items():
        assert good[name][:2] == (pytest.approx(mean(sample)), THEIRS), name
    unit = found(scale=UNIT)
    assert unit["t8-mean-l"][0].value == pytest.approx(table["L"].mean())
    assert unit["t8-mean-m"] == good["t8-mean-m"]
    judged = verdicts(unit)
    assert judged["t8-mean-l"] == judged["t8-mean-q"] == NOT_REPRODUCED


# --- whose network and images ---


def test_the_paper_s_classes_are_those_of_its_text():
    assert module.PAPER_CLASSES == (SPRINGER, HOUND)


@pytest.mark.parametrize(
    "model, classes, theirs",
    [
        (THEIRS, (SPRINGER, HOUND), True),
        ("inception_resnet_v2", (SPRINGER, HOUND), True),
        ("inception_resnet_v2.tf_ens_adv_in1k", (SPRINGER, HOUND), True),
        ("tf_efficientnet_lite0", (SPRINGER, HOUND), False),
        (THEIRS, (251, 243), False),
        (THEIRS, (HOUND, SPRINGER), False),
    ],
)
def test_printed_means_are_not_comparable_with_other_networks_and_classes(model, classes, theirs):
    results = found(measures=measured(classes=classes), model=model)
    judged = verdicts(results)
    for name in NUMBERS:
        assert (judged[name] == NOT_COMPARABLE) != theirs
        assert (results[name][1] == NOT_THEIRS) != theirs
    for name in PATTERNS:  # those are judged, and told apart
        assert judged[name] == (OPPOSITE | {name: REPRODUCED})[name] or name in OPPOSITE
        assert results[name].elsewhere != theirs


def test_another_pair_of_classes_or_the_way_back_beside_theirs_is_not_comparable():
    table = pd.concat([measured(), measured(1, classes=(251, 243))], ignore_index=True)
    for measures in (table, measured(both_ways=True)):
        assert verdicts(found(measures=measures))["t8-mean-l"] == NOT_COMPARABLE


# --- networks ---


def test_each_network_is_a_part_and_the_note_has_the_experiments_of_all(good):
    others = {"a": measured(M=-9.0), THEIRS: measured(), "b": measured(average_cos=0.1)}
    pairs = {"a": paired(), THEIRS: paired(average_size=0.5)}
    results = judged_by(others, pairs)
    parts = results["t7-small"].parts
    assert list(parts) == ["a", THEIRS]
    assert parts[THEIRS].value == pytest.approx(0.5)
    assert parts["a"].value == good["t7-small"].parts[THEIRS].value
    judged = verdicts(results)
    assert judged["t7-small"] == PARTLY  # one network refuses it
    assert judged["t8-mean-l"] == NOT_COMPARABLE  # a is not theirs
    assert results["t7-negative"].elsewhere
    assert results["t7-negative"].note == f"over the experiments of a, {THEIRS}, b: 1, 1, 0"
    assert "3.09, " in results["t8-m-match"].note  # 9 over 2.915 or so
    assert results["t7-others"].note.count("nan") == 3  # four experiments have no other photos


def test_figures_4_to_6_are_only_shown(good):
    sizes = measured()[["cos_0", "cos_1", "cos_2"]].abs()
    assert good["figure-6"].estimate.value == pytest.approx(sizes.iloc[0].mean())
    assert np.isnan(good["figure-4"].estimate.value)


def test_notes_are_of_the_experiments_alone(good):
    table = measured()
    sizes = table[["cos_0", "cos_1", "cos_2"]].abs().to_numpy()
    values = {
        "t7-small": sizes.mean(),
        "t7-negative": 1,
        "t7-chance": 0.004 / summary.random_mean_cos(ENTRIES),  # at the photo, the last alpha
        "t8-m-match": (table["M"].abs() / table["Q_iterative"]).median(),
        "t8-m-slope-minimal": np.polyfit(
            2 * table["M"].abs() / table["L"], 2 * table["Q_minimal"] / table["L"], 1
        )[0],
        "t8-q-minimum": (table["Q_iterative"] / table["Q_minimal"]).median(),
        "t8-gradient-along": 1.1,
        "t8-q-small": (2 * table["Q_iterative"] / table["L"]).mean(),
    }
    for name, value in values.items():
        assert good[name].note == f"over the experiments of {THEIRS}: {value:.3g}", name


def test_without_pairs_no_pattern_is_judged_and_printed_means_are():
    """imagenet.relation.models is 0."""
    results = judged_by({THEIRS: measured()}, {})
    judged = verdicts(results)
    for name in PATTERNS:
        assert judged[name] == NOT_COMPARABLE
        assert results[name].note.startswith(
            "no pairs were measured (imagenet.relation.models is 0)"
        )
    few = (2 * measured()["Q_iterative"] / measured()["L"]).mean()
    assert results["t8-q-small"].note.endswith(f"over the experiments of {THEIRS}: {few:.3g}")
    assert all(judged[name] == REPRODUCED for name in NUMBERS)


def test_networks_are_judged_by_name_not_by_the_order_of_their_files(good):
    parts = [measured(M=-9.0).assign(model="b"), measured().assign(model=THEIRS)]
    pairs = [paired().assign(model=THEIRS)]
    results = evidence(parts, pairs, models=[THEIRS, "b"], related=[THEIRS], scale=SIGNED, seed=7)
    assert results["t8-mean-l"] == good["t8-mean-l"]
    assert results["t8-m-match"].note.startswith(f"over the experiments of {THEIRS}, b: ")


# --- what is missing ---


@pytest.mark.parametrize("n, classes", [(1, 8), (0, 4), (5, 4)])
def test_pairs_that_are_not_all_there_are_an_error_with_both_numbers(n, classes):
    """Of 56 ordered pairs of eight photos in four classes, 8 are of two photos of one class."""
    pairs = paired()
    pairs["source_label"] %= classes
    target_label = pairs["target"].str[0].astype(int) % classes
    several = pairs[pairs["source_label"] != target_label]
    judged_by({THEIRS: measured()}, {THEIRS: several})
    left = several.iloc[n:] if n else pairs
    words = f"imagenet/compare/{THEIRS}/pairs.csv: {len(left)} pairs of 8 photos, wanted: "
    with pytest.raises(ValueError, match=words + str(len(several))):
        judged_by({THEIRS: measured()}, {THEIRS: left})


@pytest.mark.parametrize("models", [[], ["a"], ["a", "a"], ["a", "b", "c"]])
def test_results_of_other_networks_than_there_are_is_an_error_with_both(models):
    measures, pairs = ([table.assign(model=model) for model in models]
                       for table in (measured(), paired()))  # fmt: skip
    told = {"scale": SIGNED, "seed": 7}
    with pytest.raises(ValueError, match="imagenet/measure: results of ") as error:
        evidence(measures, [], models=["a", "b"], related=[], **told)
    assert str(error.value).endswith(f"{models}, wanted: of ['a', 'b']")
    both = [measured().assign(model=model) for model in "ab"]
    with pytest.raises(ValueError, match="imagenet/compare: results of "):
        evidence(both, pairs, models=["a", "b"], related=["a", "b"], **told)


def test_pairs_without_q_are_left_out_of_what_is_about_it_and_counted():
    table = paired()
    table.loc[::5, "Q_minimal"] = NAN
    results, known = found(table), P.drop(P.index[::5])
    assert results["t8-q-minimum"].parts[THEIRS].value == pytest.approx(
        (known["Q_iterative"] / known["Q_minimal"]).median()
    )
    for name in PATTERNS:
        words = "without 12 of 56 pairs, where an attack fails; "
        assert results[name].note.startswith(words) == ("minim" in name), name
    judged = verdicts(found(paired(Q_minimal=NAN)))
    about = {name for name in PATTERNS if "minim" in name}
    assert {name for name in PATTERNS if judged[name] == NOT_COMPARABLE} == about


@pytest.mark.filterwarnings("error")
def test_experiments_without_photos_or_q_are_left_out_of_means_and_notes():
    row = pd.DataFrame([{"experiment": 5, "reason": "none", "source_label": SPRINGER,
                         "target_label": HOUND}])  # fmt: skip
    table = pd.concat([measured(), row], ignore_index=True)
    assert found(measures=table) == found()  # notes, too
    table.loc[0, "Q_iterative"] = NAN
    results = found(measures=table)
    assert results["t8-mean-q"][0].n == 3
    assert results["t8-mean-l"][0].n == 4
    empty = found(measures=measured(Q_iterative=NAN))
    assert empty["t8-m-match"].note.endswith("nan")


# --- results as they would be if claims were false ---


def changed(name):
    results = {
        "measures": [measured().assign(model=THEIRS)], "pairs": [paired().assign(model=THEIRS)],
        "models": [THEIRS], "related": [THEIRS], "scale": SIGNED, "seed": 7,
    }  # fmt: skip
    return module.ALTERNATIVES[name](results, generator(7, "test", name))


def test_random_directions_are_at_chance_and_keep_the_perturbations():
    told = changed("random directions")
    pairs = told["pairs"][0]
    level = summary.random_mean_cos(ENTRIES)
    # 56 x 11 sizes, deviation 0.76 of their mean: five standard errors are 15 %
    assert pairs["average_size"].mean() == pytest.approx(level, rel=0.15)
    assert pairs["M"].to_numpy() == pytest.approx(pairs["L"] * pairs["average_cos"] * 11 / 10)
    assert (pairs["Q_iterative"] == P["Q_iterative"]).all()
    judged = verdicts(evidence(**told))
    assert judged["t7-small"] == REPRODUCED  # it passes for any network
    for name in ("t7-chance", "t7-chance-along", "t7-others", "t8-m-match", "t8-m-correlation"):
        assert judged[name] != REPRODUCED, name


def test_shuffled_perturbations_keep_their_size_and_lose_their_pair():
    told = changed("shuffled")
    pairs = told["pairs"][0]
    for name in ("Q_iterative", "Q_minimal"):
        assert sorted(pairs[name] / pairs["L"]) == pytest.approx(sorted(P[name] / P["L"]))
    assert abs(np.corrcoef(pairs["Q_iterative"], P["Q_iterative"])[0, 1]) < 0.5
    assert np.corrcoef(pairs["Q_iterative"], pairs["Q_minimal"])[0, 1] > 0.9  # moved together
    judged = verdicts(evidence(**told))
    for name in ("t8-m-slope", "t8-m-correlation", "t8-m-correlation-minimal"):
        assert judged[name] != REPRODUCED, name
