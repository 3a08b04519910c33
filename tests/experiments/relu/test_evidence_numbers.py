"""The numbers behind the verdicts on ReLU networks, what is missing, and the alternatives."""

import numpy as np
import pandas as pd
import pytest
from judging import verdicts
from relu_results import attacks, attacks_on, measures, results, solved, spread_out
from scipy import stats

from fragility.experiments.relu import alternatives, summary
from fragility.experiments.relu.evidence import ALTERNATIVES, evidence
from fragility.paper.estimates import correlation, mean, median_prediction, proportion
from fragility.paper.verdicts import REPRODUCED
from fragility.runtime.seeds import generator

NAN = float("nan")


def found(**changes):
    return evidence(**results(**changes))


@pytest.fixture(scope="module")
def good():
    return found()


def numbers(finding):
    return finding.estimate.value, finding.estimate.low, finding.estimate.high


def test_the_compression_is_that_of_the_first_pairs_at_the_quoted_alpha(good):
    table = measures()
    rho = table[(table["pair"] == 0) & (table["alpha"] == 0.444444)]["rho"]
    assert len(rho) == 60
    assert good["t3-mean"].estimate == mean(rho)
    assert good["t3-mean"].note == "a random direction has 0.235 on average"
    assert good["t3-median"][:2] == (median_prediction(rho, 50), "")


def test_the_flatness_is_the_summary_s_and_its_note_names_test_and_means(good):
    flat, p = summary.flatness(measures())
    assert good["t3-flat"].estimate == flat
    for words in (f"p = {p:.2g}", "mean φ is 0.3351", "mean ρ 0.328", "60 of 60 networks"):
        assert words in good["t3-flat"].note


def test_robustness_is_a_ratio_of_each_network_s_own():
    table = measures()
    doubled = table["run"].map(lambda run: 2.0 if run < 30 else 1.0)
    relative = found(table_3=table.assign(rho=table["rho"] * doubled))["t3-robustness"].estimate
    assert (relative.value, relative.n) == (pytest.approx(0.75), 60)
    # in units of the optimal radius, not of m
    shorter = found(attacks=attacks_on(measures(), 1.0, radius=0.5))["t3-robustness"].estimate
    assert shorter.value == pytest.approx(1)


def test_the_robustness_of_deeper_networks_stands_by_depth():
    depth = results()["depth"]
    rows = [attacks_on(part, ratio) for part, ratio in zip(depth, (1.1, 1, 0.9), strict=True)]
    finding = found(depth_attacks=rows)["t3-robustness-layers"]
    assert finding.estimate is None
    assert {name: e.value for name, e in finding.parts.items()} == {
        "2 hidden layers": pytest.approx(1.1), "5 hidden layers": pytest.approx(0.9),
    }  # fmt: skip


def test_the_easiest_point_is_compared_with_rho_at_that_point(good):
    # wave at the two ends of 0.001 / 0.3285 at most
    assert good["t3-robustness-every-point"].estimate.value == pytest.approx(0.95, abs=0.005)
    assert "within a tenth of 1 at 100% of the points" in good["t3-robustness-every-point"].note
    # at alpha = 1, which is b_1, rho doubles: two of four points need half of it
    table = measures()
    ends = table.assign(rho=table["rho"].where(table["alpha"] < 1, 2 * table["rho"]))
    finding = found(table_3=ends, attacks=attacks_on(measures()))["t3-robustness-every-point"]
    assert finding.estimate.value == pytest.approx(0.95 / 2, abs=0.005)
    assert "at 50% of the points" in finding.note


def test_the_easiest_point_is_correlated_with_rho_of_the_network():
    table = measures()
    uneven = np.where(np.arange(60) % 2, 0.3, 0.1)
    rho = summary.by_network(table)["rho"]
    finding = found(attacks=attacks_on(table, uneven=uneven))["t3-smaller"]
    assert list(finding.parts) == ["1 hidden layer", "2 hidden layers", "5 hidden layers"]
    assert finding.parts["1 hidden layer"] == pytest.approx(
        correlation(rho, rho * (1 - uneven)), nan_ok=True
    )


def test_layers_are_compared_with_one_layer_at_each_depth():
    two, one, five = measures(0.36, 20, 2), measures(0.33), measures(0.28, 40, 5)
    finding = found(depth=[two, one, five])["t3-layers"]
    gap = finding.parts["5 hidden layers"]
    assert gap.value == pytest.approx(-0.05, abs=1e-3)
    halves = [e.high - e.value for e in (mean(summary.by_network(t)["rho"]) for t in (one, five))]
    assert gap.high - gap.value == pytest.approx(np.hypot(*halves), rel=1e-6)
    assert gap.low == pytest.approx(gap.value - np.hypot(*halves))
    assert finding.parts["2 hidden layers"].value == pytest.approx(0.03, abs=1e-3)
    assert finding.note == (
        "mean ρ: 0.330 with 1 hidden layer, 0.360 with 2 hidden layers, 0.280 with 5 hidden layers"
    )


def test_depths_and_widths_are_compared_on_the_matrices_that_both_have():
    """The others' mean differs by 0.2, those on the same matrices by 0.02."""
    one = measures()
    more = one[one["run"] < 20].assign(rho=lambda rows: rows["rho"] + 0.02)
    other = one[one["run"] < 20].assign(run=lambda rows: rows["run"] + 100, rho=0.6)
    deep = pd.concat([more, other], ignore_index=True).assign(layers=2)
    findings = found(depth=[one, deep], narrow=one, wide=deep)
    for gap in (findings["t3-deeper"].parts["2 hidden layers"], findings["t3-wider"].estimate):
        assert gap[:4] == (pytest.approx(0.02), pytest.approx(0.02), pytest.approx(0.02), 20)
    assert findings["t3-deeper"].note == "2 hidden layers: 20 matrices have both"
    assert findings["t3-wider"].note.startswith("20 matrices have both")


def test_phi_is_compared_network_by_network():
    table = measures().assign(layers=1)
    phi = table["phi"] + np.where(table["run"] % 2, 0.1, -0.1)
    finding = found(depth=[table.assign(phi=phi)])["t3-phi"]
    # the gap is 0.1 either way, and 2 % of rho besides
    assert finding.parts["1 hidden layer"].value == pytest.approx(0.1, abs=1e-3)
    rho = summary.by_network(table)["rho"]
    ours = summary.by_network(table.assign(phi=phi))["phi"]
    fit = stats.linregress(ours, rho)
    assert f"correlation {fit.rvalue:.2f}, slope {fit.slope:.2f}" in finding.note


def test_table_4_s_numbers_are_predictions_for_one_further_network(good):
    factors = np.log(spread_out(10))
    half = stats.t.ppf(0.975, 9) * factors.std(ddof=1) * np.sqrt(1 + 1 / 10)
    middle = factors.mean()
    for name, typical in (("t4-m", 5.2), ("t4-cos-b1", 0.153), ("t4-ratio-b2", 0.149)):
        expected = typical * np.exp([middle, middle - half, middle + half])
        assert numbers(good[name]) == pytest.approx(tuple(expected))
        assert good[name].estimate.n == 10
    assert good["t4-delta-b1"].note == (
        f"mean {5.2 * 0.153 * (spread_out(10) * np.roll(spread_out(10), 3)).mean():.4f}; "
        "40 of 40 perturbations found"
    )


def test_the_match_is_of_each_network_and_of_its_easiest_point(good):
    assert good["t4-match"].estimate.value == pytest.approx(1)
    assert good["t4-match-every-point"].estimate.value == pytest.approx(0.95)
    assert "the hardest point: 1.05" in good["t4-match-every-point"].note
    assert good["t4-minimum"].estimate.value == pytest.approx(0.95)


def test_fragility_is_the_correlation_of_the_cosine_with_the_easiest_point():
    uneven = np.where(np.arange(10) % 2, 0.3, 0.1)
    finding = found(table_4=attacks(uneven=uneven))["t4-fragility"]
    cos = np.roll(spread_out(10), 3)
    assert finding.estimate == pytest.approx(correlation(cos, cos * (1 - uneven)), nan_ok=True)


def test_the_optimal_radius_is_counted_at_the_networks_column_scale():
    nine = {"classifiers": solved(0.9)}
    assert found(**nine)["t4-optimal"].estimate == proportion(180, 200)
    assert found(**nine, column_scale=1)["t4-optimal"].estimate == proportion(0, 200)


# --- what is missing ---


def test_missing_compression_is_left_out_and_counted():
    table = measures()
    gone = (table["run"] < 3) & (table["pair"] == 0) & (table["alpha"] == 0.444444)
    findings = found(table_3=table.assign(rho=table["rho"].mask(gone)))
    for name in ("t3-mean", "t3-median"):
        assert findings[name].estimate.n == 57
        assert findings[name].note.endswith("3 of 60 missing")
        assert not np.isnan(findings[name].estimate.value)


def without(rows, run, pair=0):
    """The rows with one perturbation at b_1 missing."""
    gone = (rows["run"] == run) & (rows["input"] == "b1") & (rows["pair"] == pair)
    return rows.assign(**{name: rows[name].mask(gone) for name in ("delta", "cos_theta_t")})


def test_a_perturbation_not_found_is_left_out_of_the_printed_numbers_and_counted():
    findings = found(table_4=without(attacks(), 4))
    for name in ("t4-cos-b1", "t4-delta-b1", "t4-ratio-b1", "t4-match"):
        assert findings[name].estimate.n == 10
        assert "39 of 40 perturbations found" in findings[name].note


def test_a_perturbation_not_found_makes_its_network_a_failure():
    findings = found(table_4=without(attacks(), 4))
    for name in ("t4-match-every-point", "t4-minimum"):
        assert findings[name].estimate.value == pytest.approx(0.95 * 9 / 10)
    every = found(attacks=without(attacks_on(measures()), 4))["t3-robustness-every-point"]
    assert every.estimate.value == pytest.approx(0.95 * 59 / 60, abs=0.005)
    assert "239 of 240 perturbations found" in every.note


def test_a_perturbation_not_found_counts_as_one_to_the_other_point():
    whole, lacking = (
        found(attacks=rows)["t3-robustness"].estimate
        for rows in (attacks_on(measures()), without(attacks_on(measures()), 4))
    )
    rho = summary.by_network(measures())["rho"][4]
    # 2 m in place of 0.95 rho m, one of the four points of one of 60 networks
    assert lacking.value - whole.value == pytest.approx((2 - 0.95 * rho) / rho / 4 / 60)


# results that are not whole, and what is said of them
LACKING = [
    ("table_3", lambda: measures()[1:], "table_3: 19 points of run 0, not 20"),
    (
        "depth",
        lambda: [measures(), measures(layers=2)[:-2]],
        "depth: 18 points of run 59, not 20",
    ),
    ("wide", lambda: measures()[1:], "wide: 19 points of run 0, not 20"),
    ("attacks", lambda: attacks_on(measures())[:-1], "attacks: 3 points of run 59, not 4"),
    ("attacks", lambda: attacks_on(measures())[:-4], "attacks: 59 networks, not 60"),
    ("table_4", lambda: attacks()[1:], "table_4: 3 points of run 0, not 4"),
    ("table_4", lambda: attacks()[:0], "table_4: no networks"),
    (
        "depth_attacks",
        lambda: [attacks_on(part)[1:] for part in results()["depth"]],
        "depth_attacks: 3 points of run 0, not 4",
    ),
]


@pytest.mark.parametrize(("name", "lacking", "words"), LACKING, ids=[w for *_, w in LACKING])
def test_results_that_lack_networks_or_points_are_an_error(name, lacking, words):
    arguments = results() | {name: lacking()}  # attacks of the whole depths
    with pytest.raises(ValueError, match=f"^{words}$"):
        evidence(**arguments)


# --- alternatives ---


def changed(name, k=0):
    return ALTERNATIVES[name](results(), generator(7, "test", "relu alternatives", name, k))


def test_random_directions_are_uniform_in_their_dimension():
    table = changed("random directions")
    rho, cos = table["table_3"]["rho"], table["depth"][2]["rho"]
    for values in (rho, cos):
        # |cos| of a uniform direction: its square is beta(1/2, (d - 1)/2); 1200 draws
        assert stats.kstest(values**2, stats.beta(0.5, 5.5).cdf).pvalue > 1e-3
        assert stats.kstest(values**2, stats.beta(0.5, 8).cdf).pvalue < 1e-3
    draws = alternatives.random_cosines(4000, 17, generator(7, "test", "relu cosines"))
    assert draws.mean() == pytest.approx(summary.random_mean_cos(17), abs=4 * 0.15 / 4000**0.5)
    fourth = table["table_4"]["cos_theta_t"]
    assert 0 < fourth.min() < fourth.max() < 1 and fourth.nunique() == 40


def test_shuffled_exchanges_whole_networks():
    table = changed("shuffled")
    for name, column in (("table_3", "rho"), ("attacks", "cos_theta_t")):
        before, after = (
            {tuple(rows[column]) for _, rows in each[name].groupby("run")}
            for each in (results(), table)
        )
        assert before == after
        own = results()[name].sort_values("run", kind="stable", ignore_index=True)[column]
        assert (table[name][column] != own).mean() > 0.9


def test_alternatives_change_nothing_else_and_refuse_what_they_should():
    refused = {
        "random directions": ("t3-flat", "t3-phi", "t3-robustness-layers", "t4-match-every-point"),
        "shuffled": ("t3-smaller", "t4-fragility"),
        "columns as drawn": ("t4-optimal",),
    }
    for name, claims in refused.items():
        judged = verdicts(evidence(**changed(name)))
        assert REPRODUCED not in {judged[claim] for claim in claims}, name
    before = results()
    assert changed("shuffled")["table_4"]["delta"].tolist() == before["table_4"]["delta"].tolist()
