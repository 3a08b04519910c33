"""Evidence on each claim about MNIST, from made-up measures with known answers."""

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, turning
from judging import CLAIMS, FOLDER, all_but, verdicts
from scipy import stats

from fragility.experiments.mnist.evidence import evidence
from fragility.paper import claims
from fragility.paper.estimates import mean, proportion
from fragility.paper.verdicts import NOT_COMPARABLE, NOT_REPRODUCED, REPRODUCED
from fragility.runtime.seeds import generator

OURS = [name for name in CLAIMS if name.split("-")[0] in ("t5", "t6")]
PRINTED = {n: claims.read_table(FOLDER, n) for n in (5, 6)}
ALPHAS = 5
NAN = float("nan")


def measures(n=60, q=(0.1, 0.81), length=2.5, m=1.0, cos=1.0, later=-0.15, **columns):
    """Sevens of which Q/(0.5L) is evenly spread over ``q``, in an order of its own.

    |M|/(0.5L) and |cos theta_t| are ``m`` and ``cos`` times that, but for waves of a twentieth
    that differ by seven; the cosines behind the first are around ``later``, within 0.11.  An array
    goes in as it is.
    """
    i = np.arange(n)
    size = generator(7, "test", "evidence mnist").permutation(np.linspace(*q, n))
    half = length / 2 * (1 + 0.3 * np.sin(5 * i))
    first = cos if np.ndim(cos) else -cos * size * (1 + 0.05 * np.sin(3 * i))
    m_size = m if np.ndim(m) else -m * size * (1 + 0.05 * np.sin(7 * i))
    cosines = {"cos_theta_t": first, "cos_0": first}
    waves = 0.1 * np.sin(2 * i)
    cosines |= {f"cos_{k}": later + waves + 0.01 * np.sin(i + k) for k in range(1, ALPHAS)}
    q_columns = {f"Q_{name}": size * half for name in ("sign", "gradient", "minimal")}
    table = pd.DataFrame(
        {
            "network": 0, "seven": i, "L": 2 * half, "Q": size * half, "M": m_size * half,
            "M_exact": 0.7 * m_size * half, "first_order": size * half,
        }
        | q_columns | cosines
    )  # fmt: skip
    return table.assign(**columns)


def sizes(n=60):
    """Q/(0.5L) of the sevens above."""
    table = measures(n)
    return (table["Q"] / table["L"] * 2).to_numpy()


def found(*tables):
    """Evidence from networks 0, 1, ..."""
    return in_order(dict(enumerate(tables)))


def in_order(by_network):
    """Evidence from networks of these numbers, in this order."""
    parts = [table.assign(network=number) for number, table in by_network.items()]
    return evidence(parts, networks=len(parts))


@pytest.fixture(scope="module")
def good():
    return found(measures())


# a quarter of the sevens lies the other way round: the medians stay what they are
ODD = np.where(np.arange(60) % 4 == 0, 0.91 - sizes(), sizes())
SMALL = {"q": (0.05, 0.15), "later": -0.22}
ABOUT_SIZE = {"t5-mean-q", "t5-mean-q-sign", "t5-mean-cos", "t5-mean-m"}
# for each claim: measures on which it is reproduced, and measures changed in what it is about
CASES = {
    "t5-cos-match": Case({}, {"cos": 0.5}),
    "t5-cos-correlation": Case({}, {"cos": -ODD}),
    "t5-m-match": Case({}, {"m": 0.5}, {"t5-m-slope", "t5-mean-m"}),
    "t5-m-slope": Case({}, {"m": -(0.455 + 0.6 * (sizes() - 0.455))}),  # flat, of the right size
    "t5-m-correlation": Case({}, {"m": -ODD}, {"t5-m-slope"}),
    "t5-mean-cos": Case({}, SMALL, ABOUT_SIZE - {"t5-mean-cos"}),
    "t5-mean-l": Case({}, {"length": 6}),
    "t5-mean-q": Case({}, SMALL, ABOUT_SIZE - {"t5-mean-q"}),
    "t5-mean-q-sign": Case({}, {"Q_sign": 5.0 + np.sin(np.arange(60))}),
    "t5-sign-succeeds": Case({}, {"Q_sign": lambda rows: rows["Q"].where(rows["seven"] < 6)}),
    "t5-mean-m": Case({}, {"m": 0.5}, {"t5-m-match", "t5-m-slope"}),
    "t6-average": Case({}, {"later": -0.9}, {"t6-small"}),  # straight to the one
    "t6-negative": Case({}, {"cos_4": 0.05}),
    "t6-small": Case({}, {"later": -0.9}, {"t6-average"}),
}


def of(**changes):
    """Evidence from one network's measures, like the paper's but for the changes."""
    return found(measures(**changes))


def test_each_claim_of_the_experiment_has_evidence_and_a_case(good):
    assert set(CASES) == set(good) == set(OURS)
    assert len(OURS) == 14


def test_measures_like_the_paper_s_reproduce_every_claim(good):
    assert verdicts(good) == dict.fromkeys(OURS, REPRODUCED)


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case, good):
    assert not case.right and verdicts(good)[name] == REPRODUCED
    assert verdicts(of(**case.wrong)) == all_but(OURS, {name, *case.also})


def test_cosines_uphill_to_the_one_are_not_the_paper_s():
    assert verdicts(of(later=0.3)) == all_but(OURS, {"t6-average", "t6-negative"})


# --- the numbers themselves ---


def test_means_are_of_every_seven_with_student_s_interval(good):
    table = measures()
    half, cosines = table["L"] / 2, table[[f"cos_{i}" for i in range(ALPHAS)]]
    expected = {
        "t5-mean-cos": table["cos_theta_t"].abs(),
        "t5-mean-l": table["L"],
        "t5-mean-q": table["Q"] / half,
        "t5-mean-q-sign": table["Q_sign"] / half,
        "t5-mean-m": table["M"] / half,
        "t6-average": cosines.mean(axis=1),
        "t6-small": cosines.mean(axis=1).abs(),
    }
    for name, sample in expected.items():
        assert good[name][0] == pytest.approx(mean(sample)), name
        assert good[name][0].n == 60


def test_matches_are_medians_of_what_is_predicted_over_q():
    """M and the cosine are 2 and 3 times Q at most sevens, and 9 times at some: no mean is."""
    often = np.where(np.arange(60) % 3 == 0, 9.0, 1.0)
    results = found(measures(m=-2 * sizes() * often, cos=-3 * sizes() * often))
    assert results["t5-m-match"][0].value == pytest.approx(2)
    assert results["t5-cos-match"][0].value == pytest.approx(3)


def test_the_slope_is_of_q_on_m():
    results = found(measures(m=-(0.2 + 4 * sizes())))
    assert results["t5-m-slope"][0].value == pytest.approx(0.25)
    assert results["t5-m-correlation"][0].value == pytest.approx(1)


def test_correlations_have_fisher_s_interval(good):
    table = found(measures(cos=-ODD, m=-np.roll(ODD, 4)))
    for name, x in (("t5-cos-correlation", ODD), ("t5-m-correlation", np.roll(ODD, 4))):
        estimate = table[name][0]
        r = np.corrcoef(x, sizes())[0, 1]
        half = stats.norm.ppf(0.975) / np.sqrt(57)
        assert estimate.value == pytest.approx(r)
        assert [estimate.low, estimate.high] == pytest.approx(
            np.tanh([np.arctanh(r) - half, np.arctanh(r) + half]).tolist()
        )


def test_signs_do_not_matter_to_the_predictions_and_do_to_the_means(good):
    table = measures()
    turned = found(table.assign(M=-table["M"], cos_theta_t=-table["cos_theta_t"]))
    for name in ("t5-cos-match", "t5-cos-correlation", "t5-m-match", "t5-m-slope", "t5-mean-cos"):
        assert turned[name][0] == good[name][0]
    assert turned["t5-mean-m"][0].value == pytest.approx(-good["t5-mean-m"][0].value)
    assert verdicts(turned)["t5-mean-m"] == NOT_REPRODUCED


def test_the_average_of_opposite_sevens_is_small_and_its_size_is_not():
    half = np.where(np.arange(60) % 2, 1.0, -1.0)
    table = measures().assign(**{f"cos_{i}": 0.7 * half for i in range(ALPHAS)})
    results = found(table)
    assert results["t6-average"][0].value == pytest.approx(0)
    assert results["t6-small"][0].value == pytest.approx(0.7)


def test_negative_cosines_are_counted_over_sevens_and_alpha():
    """Of 60 sevens' five cosines each, 20 are above 0 and 10 are 0, all of the first 30 sevens."""
    table = measures()
    table.loc[:9, ["cos_1", "cos_2"]] = 0.1
    table.loc[10:19, "cos_3"] = 0.0
    estimate = found(table)["t6-negative"][0]
    assert estimate.value == pytest.approx(1 - 30 / 300)
    # a seven is the unit: ten shares of 3/5, ten of 4/5, and forty of 1
    shares = np.repeat([0.6, 0.8, 1.0], [10, 10, 40])
    assert estimate == pytest.approx(mean(shares))
    assert estimate.n == 60


def test_the_cosine_at_the_seven_is_one_of_those_along_the_path():
    table = measures()
    table["cos_0"] = 0.1
    assert found(table)["t6-negative"][0].value == pytest.approx(0.8)
    table = measures().assign(cos_theta_t=lambda table: -table["cos_0"])
    assert found(table)["t6-negative"][0].value == 1  # its other name is not counted again


# --- what is missing ---


def test_the_sign_step_is_counted_over_all_sevens():
    table = measures()
    table.loc[table["seven"] % 10 == 3, "Q_sign"] = NAN
    results = found(table)
    assert results["t5-sign-succeeds"][0] == proportion(54, 60)
    assert results["t5-mean-q-sign"][0].n == 54
    assert results["t5-mean-q"][0].n == 60


def test_sevens_without_any_perturbation_are_left_out_of_what_is_about_q():
    table = measures()
    gone = table["seven"] < 8
    results = found(table.assign(Q=table["Q"].mask(gone)))
    about = {"t5-mean-q"} | {name for name in OURS if "match" in name or "correlation" in name}
    about |= {"t5-m-slope"}
    assert {name: results[name][0].n for name in OURS} == {
        name: 52 if name in about else 60 for name in OURS
    }
    kept = table[~gone]
    assert results["t5-mean-q"][0] == pytest.approx(mean(kept["Q"] / kept["L"] * 2))
    assert not any(np.isnan(estimate.value) for estimate, _ in results.values())
    # whether the sign step succeeds is another column
    assert results["t5-sign-succeeds"][0] == proportion(60, 60)


def test_without_any_perturbation_nothing_about_q_is_judged():
    table = measures(Q=NAN, Q_sign=NAN, Q_minimal=NAN, Q_gradient=NAN)
    results = found(table)
    judged = verdicts(results)
    about = {
        "t5-cos-match", "t5-cos-correlation", "t5-m-match", "t5-m-slope", "t5-m-correlation",
        "t5-mean-q", "t5-mean-q-sign",
    }  # fmt: skip
    assert {name for name in OURS if judged[name] == NOT_COMPARABLE} == about
    assert results["t5-sign-succeeds"][0] == proportion(0, 60)
    assert judged["t5-sign-succeeds"] == NOT_REPRODUCED


@pytest.mark.parametrize("n", [1, 3])
def test_few_sevens_reproduce_no_relation(n):
    judged = verdicts(found(measures(n)))
    for name in OURS:
        if "match" in name or "correlation" in name or "slope" in name:
            assert judged[name] == NOT_COMPARABLE, name


def test_one_seven_reproduces_no_mean():
    judged = verdicts(found(measures(1)))
    assert {name for name in OURS if judged[name] == REPRODUCED} <= {"t5-sign-succeeds"}


# --- networks ---


def test_the_estimate_is_network_0_s_whatever_the_order_and_the_others(good):
    other = measures(q=(0.5, 0.9), length=4, later=0.2)
    for by_network in ({0: measures(), 1: other}, {1: other, 0: measures()}):
        results = in_order(by_network)
        assert {name: pair[0] for name, pair in results.items()} == {
            name: pair[0] for name, pair in good.items()
        }


def test_the_note_lists_all_networks_each_with_its_own_value():
    tables = {
        2: measures(length=6), 0: measures(), 1: measures(q=(0.3, 0.5), Q_sign=NAN, later=0.2)
    }  # fmt: skip
    results = in_order(tables)
    for name in OURS:
        alone = [found(table)[name][0].value for table in tables.values()]
        values = ", ".join(f"{value:.3g}" for value in alone)
        assert results[name][1] == f"networks 2, 0, 1: {values}", name
    assert results["t5-sign-succeeds"][1] == "networks 2, 0, 1: 1, 1, 0"
    assert results["t5-mean-q-sign"][1].endswith(", nan")
    assert len({note for _, note in results.values()}) > 10


def test_one_network_stands_alone_in_the_note(good):
    assert good["t5-sign-succeeds"][1] == "networks 0: 1"


@pytest.mark.parametrize("numbers", [[0], [1, 2], [0, 0], [0, 1, 2]])
def test_measures_of_other_networks_than_there_are_is_an_error_with_both(numbers):
    parts = [measures().assign(network=number) for number in numbers]
    with pytest.raises(ValueError, match=r"but mnist\.networks is 2") as error:
        evidence(parts, networks=2)
    assert f"of the networks {numbers}" in str(error.value)


# --- the claims quote the printed tables ---

FIVE = PRINTED[5].drop(columns="experiment").astype(float)
AVERAGES = PRINTED[6].set_index("alpha").loc["average"]
SIZE = {name: FIVE[name].abs() for name in FIVE}


def printed(values):
    """As the paper prints them, a true minus before the negative ones: 'a, b, c, d and e'."""
    words = [value.replace("-", "−") for value in values]
    return f"{', '.join(words[:-1])} and {words[-1]}"


@pytest.mark.parametrize(
    "name, value",
    [
        ("t5-mean-cos", SIZE["cos_theta_t"].mean()),
        ("t5-mean-l", FIVE["L"].mean()),
        ("t5-mean-q", FIVE["Q_over_half_L"].mean()),
        ("t5-mean-q-sign", FIVE["Q_over_half_L"].mean()),
        ("t5-mean-m", FIVE["M_over_half_L"].mean()),
        ("t6-average", AVERAGES.astype(float).mean()),
        ("t5-cos-correlation", np.corrcoef(SIZE["cos_theta_t"], SIZE["Q_over_half_L"])[0, 1]),
        ("t5-m-correlation", np.corrcoef(SIZE["M_over_half_L"], SIZE["Q_over_half_L"])[0, 1]),
    ],
)
def test_the_claims_numbers_follow_from_their_tables(name, value):
    assert CLAIMS[name].paper == f"{value:.4f}"
    assert CLAIMS[name].paper_n == ("4" if name.startswith("t6") else "5")


@pytest.mark.parametrize(
    "name, values",
    [
        ("t5-mean-cos", PRINTED[5]["cos_theta_t"].str.lstrip("-")),
        ("t5-mean-l", PRINTED[5]["L"]),
        ("t5-mean-q", PRINTED[5]["Q_over_half_L"]),
        ("t5-mean-m", PRINTED[5]["M_over_half_L"]),
        ("t6-average", AVERAGES),
    ],
)
def test_the_statements_quote_their_columns(name, values):
    assert CLAIMS[name].statement.endswith(printed(list(values)))


@pytest.mark.parametrize(
    "name, predictor", [("t5-cos-match", "cos_theta_t"), ("t5-m-match", "M_over_half_L")]
)
def test_the_reasons_quote_the_matches_of_the_printed_five(name, predictor):
    ratios = SIZE[predictor] / SIZE["Q_over_half_L"]
    reason = CLAIMS[name].reason
    assert f"the printed five give {printed([f'{ratio:.2f}' for ratio in ratios])}" in reason
    if name == "t5-cos-match":
        assert f"the paper's own median, {ratios.median():.2f}, would fail it" in reason
        assert abs(ratios.median() - 1) > float(CLAIMS[name].tolerance)


def test_the_reason_of_the_slope_quotes_the_printed_five_s():
    slope = np.polyfit(SIZE["M_over_half_L"], SIZE["Q_over_half_L"], 1)[0]
    assert f"the five printed columns give {slope:.2f}" in CLAIMS["t5-m-slope"].reason


def test_of_the_printed_correlations_one_would_fail_as_its_reason_says():
    tolerance, found_r = (
        {name: float(getattr(CLAIMS[name], field)) for name in OURS if "correlation" in name}
        for field in ("tolerance", "paper")
    )
    assert found_r["t5-cos-correlation"] >= tolerance["t5-cos-correlation"] == 0.8
    assert found_r["t5-m-correlation"] < tolerance["t5-m-correlation"] == 0.8
    assert "which would fail it themselves" in CLAIMS["t5-m-correlation"].reason
    assert "which would fail" not in CLAIMS["t5-cos-correlation"].reason
    assert 1 - 0.8**2 > 1 / 3  # "more than a third of the variance is left"


def test_the_counts_are_of_the_printed_entries():
    assert CLAIMS["t5-sign-succeeds"].paper == f"{len(FIVE)}/{len(FIVE)}"
    cosines = PRINTED[6].set_index("alpha").drop("average").astype(float).to_numpy().ravel()
    assert (cosines < 0).all()
    claim = CLAIMS["t6-negative"]
    assert f"all {len(cosines)} printed cosines are negative" in claim.statement
    low = 0.025 ** (1 / len(cosines))  # Clopper and Pearson's, without a miss
    assert f"exact 95 % lower limit {low:.2f}" in claim.reason
    assert low > float(claim.tolerance)
