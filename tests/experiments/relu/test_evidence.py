"""Evidence on each claim about ReLU networks, from made-up results with known answers."""

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, turning
from judging import CLAIMS, FOLDER, all_but, verdicts
from scipy import stats

from fragility.experiments.relu import summary
from fragility.experiments.relu.evidence import evidence
from fragility.paper import claims
from fragility.paper.estimates import mean, median_prediction, proportion
from fragility.paper.verdicts import NOT_COMPARABLE, REPRODUCED

OURS = [name for name in CLAIMS if name.split("-")[0] in ("t3", "t4")]
PRINTED = {n: claims.read_table(FOLDER, n) for n in (3, 4)}
ALPHAS = np.linspace(0, 1, 10).round(6)
NAN = float("nan")


def spread_out(n, relative=0.1):
    """n factors around 1, as a normal sample of that spread would lie."""
    return 1 + relative * stats.norm.ppf((np.arange(n) + 0.5) / n)


def measures(rho=0.3285, networks=60, layers=1, trend=0.0):
    """Networks of mean rho around ``rho``, two pairs a network, a trend over alpha.

    A wave of 0.001 that differs by network and pair keeps the deviations from being all equal.
    """
    run, pair = np.arange(networks)[:, None, None], np.arange(2)[None, :, None]
    own = rho * spread_out(networks)[:, None, None]
    values = own + 0.001 * np.sin(7 * run + 3 * pair + 20 * ALPHAS) + trend * (ALPHAS - 0.5)
    index = pd.MultiIndex.from_product(
        [range(networks), range(2), ALPHAS], names=["run", "pair", "alpha"]
    )
    rows = pd.DataFrame({"rho": values.ravel()}, index=index).reset_index()
    return rows.assign(layers=layers, phi=0.3)


def attacks(networks=10, m=5.2, radius=1.0, b1=0.153, b2=0.149, relative=1.0, uneven=0.05, **more):
    """Two points an input and network; |cos| around b1 and b2, delta = relative |cos| m.

    The first point of each input needs ``uneven`` less than that, the second as much more.
    Lengths and cosines vary by network, not together.
    """
    rows, factors = [], spread_out(networks)
    for run, (factor, other) in enumerate(zip(factors, np.roll(factors, 3), strict=True)):
        for name, cos in (("b1", -b1 * other), ("b2", b2 * other)):
            for sign in (-1, 1):
                delta = m * factor * abs(cos) * relative * (1 + sign * uneven)
                rows.append(
                    {
                        "run": run, "input": name, "cos_theta_t": cos, "delta": delta,
                        "m": m * factor, "class_radius": m * factor * radius,
                        "point_radius": m * factor, "certificate": 0.8 * delta, "phi": 0.3,
                        "random_median": 5 * delta,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows).assign(**more)


def on_table_3(measured, ratio=1.0, radius=1.0, **more):
    """Attacks on the networks of ``measured`` whose delta over the radius is ``ratio`` rho."""
    rho = summary.by_network(measured).set_index("run")["rho"]
    rows = attacks(networks=len(rho), radius=radius, **more)
    share = rho.to_numpy()[rows["run"]] * np.tile([0.95, 1.05], len(rows) // 2)
    return rows.assign(delta=ratio * share * rows["class_radius"], cos_theta_t=share)


def solved(optimal=1.0, n=200):
    """Matrices at the two scales: at 5 a share ``optimal`` has its norm as radius, at 1 none."""
    whole = np.arange(n) < optimal * n
    five = pd.DataFrame({"column_scale": 5, "class_radius": np.where(whole, 2.0, 1.5)})
    one = pd.DataFrame({"column_scale": 1, "class_radius": np.full(n, 1.0)})
    return pd.concat([one, five], ignore_index=True).assign(feature_norm=2.0)


def found(table_3=None, depth=None, on_3=None, table_4=None, matrices=None, scale=5.0):
    """Evidence from results that reproduce every claim, but for those given."""
    table_3 = measures() if table_3 is None else table_3
    one = measures()
    depth = (
        [measures(0.34, 20, layers=2), one, measures(0.31, 20, layers=5)]
        if depth is None
        else depth
    )
    return evidence(
        table_3,
        depth,
        on_table_3(measures()) if on_3 is None else on_3,
        attacks() if table_4 is None else table_4,
        solved() if matrices is None else matrices,
        column_scale=scale,
        n_attacked=60,
        alphas=len(ALPHAS),
        pairs=2,
    )


@pytest.fixture(scope="module")
def good():
    return found()


# for each claim: results on which it is reproduced, and results changed in what it is about
CASES = {
    "t3-mean": Case({}, {"table_3": measures(0.65)}, {"t3-median", "t3-robustness"}),
    "t3-median": Case({}, {"table_3": measures(0.65)}, {"t3-mean", "t3-robustness"}),
    "t3-flat": Case({}, {"table_3": measures(trend=0.2)}),
    "t3-robustness": Case({}, {"on_3": on_table_3(measures(), 0.5)}),
    "t3-layers": Case({}, {"depth": [measures(), measures(0.6, layers=2), measures(layers=5)]}),
    "t4-cos-b1": Case({}, {"table_4": attacks(b1=0.5)}, {"t4-delta-b1", "t4-ratio-b1"}),
    "t4-cos-b2": Case({}, {"table_4": attacks(b2=0.5)}, {"t4-delta-b2", "t4-ratio-b2"}),
    "t4-delta-b1": Case({}, {"table_4": attacks(m=15.0)}, {"t4-m", "t4-delta-b2"}),
    "t4-delta-b2": Case({}, {"table_4": attacks(m=15.0)}, {"t4-m", "t4-delta-b1"}),
    "t4-m": Case({}, {"table_4": attacks(m=15.0)}, {"t4-delta-b1", "t4-delta-b2"}),
    "t4-ratio-b1": Case({}, {"table_4": attacks(b1=0.5)}, {"t4-cos-b1", "t4-delta-b1"}),
    "t4-ratio-b2": Case({}, {"table_4": attacks(b2=0.5)}, {"t4-cos-b2", "t4-delta-b2"}),
    "t4-match": Case(
        {},
        {"table_4": attacks(relative=1 / 4, b1=0.6, b2=0.6)},  # delta/m is not the cosine
        {"t4-cos-b1", "t4-cos-b2", "t4-match-every-point"},
    ),
    "t4-match-every-point": Case({}, {"table_4": attacks(uneven=0.4)}),
    "t4-optimal": Case({}, {"matrices": solved(0.5)}),
}
# further results that are not like the paper's, and exactly the claims that fall with them
OTHERWISE = {
    "twice the robustness": ({"on_3": on_table_3(measures(), 2)}, {"t3-robustness"}),
    "five layers compress more": (
        {"depth": [measures(layers=2), measures(0.1, layers=5), measures()]}, {"t3-layers"}
    ),
    "columns as drawn": ({"scale": 1}, {"t4-optimal"}),
}  # fmt: skip


def test_each_claim_of_the_experiment_has_evidence_and_a_case(good):
    assert set(CASES) == set(good) == set(OURS)
    assert len(OURS) == 15


def test_results_like_the_paper_s_reproduce_every_claim(good):
    assert verdicts(good) == dict.fromkeys(OURS, REPRODUCED)


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case, good):
    assert not case.right and verdicts(good)[name] == REPRODUCED
    assert verdicts(found(**case.wrong)) == all_but(OURS, {name, *case.also})


@pytest.mark.parametrize("name", OTHERWISE)
def test_other_results_do_not_reproduce_their_claims(name):
    changes, fallen = OTHERWISE[name]
    assert verdicts(found(**changes)) == all_but(OURS, fallen)


# --- the numbers themselves ---


def test_the_compression_is_that_of_the_first_pairs_at_the_quoted_alpha(good):
    table = measures()
    rho = table[(table["pair"] == 0) & (table["alpha"] == 0.444444)]["rho"]
    assert len(rho) == 60
    assert good["t3-mean"] == (mean(rho), "")
    assert good["t3-median"] == (median_prediction(rho, 50), "")


def test_the_flatness_is_the_summary_s_and_its_note_names_test_and_means(good):
    estimate, note = good["t3-flat"]
    flat, p = summary.flatness(measures())
    assert estimate == flat
    assert f"p = {p:.2g}" in note
    assert "mean φ is 0.3000" in note
    assert "mean ρ 0.328" in note


def test_robustness_is_a_ratio_of_each_network_s_own():
    table = measures()
    doubled = table["run"].map(lambda run: 2.0 if run < 30 else 1.0)
    relative = found(table_3=table.assign(rho=table["rho"] * doubled))["t3-robustness"][0]
    assert (relative.value, relative.n) == (pytest.approx(0.75), 60)
    # in units of the optimal radius, not of m
    shorter = found(on_3=on_table_3(measures(), 1.0, radius=0.5))["t3-robustness"][0]
    assert shorter.value == pytest.approx(1)


def test_layers_are_compared_with_one_layer_at_the_depth_farthest_from_it():
    two, one, five = measures(0.36, 20, 2), measures(0.33), measures(0.28, 40, 5)
    estimate, note = found(depth=[two, one, five])["t3-layers"]
    assert estimate.value == pytest.approx(0.05, abs=1e-3)
    halves = [e.high - e.value for e in (mean(summary.by_network(t)["rho"]) for t in (one, five))]
    assert estimate.high - estimate.value == pytest.approx(np.hypot(*halves), rel=1e-6)
    assert estimate.low == pytest.approx(estimate.value - np.hypot(*halves))
    assert estimate.n == 60  # of the deeper networks
    assert note == "mean ρ: 0.330 with 1 layer, 0.360 with 2, 0.280 with 5"


def test_one_layer_alone_says_nothing_about_more():
    results = found(depth=[measures()])
    assert np.isnan(results["t3-layers"][0].value)
    assert verdicts(results)["t3-layers"] == NOT_COMPARABLE


def test_table_4_s_numbers_are_means_of_networks(good):
    factors = spread_out(10)
    assert good["t4-m"][0].value == pytest.approx(5.2 * factors.mean())
    assert good["t4-m"][0].standard_deviation == pytest.approx((5.2 * factors).std(ddof=1))
    assert good["t4-cos-b1"][0].value == pytest.approx(0.153)
    assert good["t4-cos-b2"][0].value == pytest.approx(0.149)
    assert good["t4-delta-b1"][0].value == pytest.approx(
        5.2 * 0.153 * (factors * np.roll(factors, 3)).mean()
    )
    assert good["t4-ratio-b2"][0].value == pytest.approx(0.149)
    assert {good[name][0].n for name in OURS if name.startswith("t4-") and name[-3:-1] == "-b"} == {
        10
    }
    assert good["t4-cos-b1"][1] == "40 of 40 perturbations found"


def test_the_match_is_of_each_network_and_of_its_easiest_point(good):
    assert good["t4-match"][0].value == pytest.approx(1)
    assert "0.80 of δ" in good["t4-match"][1]
    assert good["t4-match-every-point"][0].value == pytest.approx(0.95)
    assert "1.05" in good["t4-match-every-point"][1]


def test_the_optimal_radius_is_counted_at_the_networks_column_scale():
    assert found(matrices=solved(0.9))["t4-optimal"][0] == proportion(180, 200)
    assert found(matrices=solved(0.9), scale=1)["t4-optimal"][0] == proportion(0, 200)


# --- what is missing ---


def test_missing_compression_is_left_out_and_counted():
    table = measures()
    gone = (table["run"] < 3) & (table["pair"] == 0) & (table["alpha"] == 0.444444)
    results = found(table_3=table.assign(rho=table["rho"].mask(gone)))
    for name in ("t3-mean", "t3-median"):
        estimate, note = results[name]
        assert (estimate.n, note) == (57, "3 of 60 missing")
        assert not np.isnan(estimate.value)


def test_perturbations_not_found_are_left_out_and_counted():
    rows = attacks()
    gone = (rows["run"] == 4) & (rows["input"] == "b1")
    results = found(table_4=rows.mask(gone & True, other=rows.assign(delta=NAN, cos_theta_t=NAN)))
    assert {name: results[f"t4-{name}-b1"][0].n for name in ("cos", "delta", "ratio")} == {
        "cos": 9, "delta": 9, "ratio": 9
    }  # fmt: skip
    assert results["t4-delta-b2"][0].n == results["t4-match"][0].n == 10
    assert results["t4-delta-b1"][1] == "38 of 40 perturbations found"


def test_without_any_perturbation_nothing_about_them_is_reproduced():
    none = {"delta": NAN, "cos_theta_t": NAN}
    judged = verdicts(found(on_3=on_table_3(measures()).assign(**none), table_4=attacks(**none)))
    about = {"t3-robustness", "t4-match", "t4-match-every-point"}
    about |= {f"t4-{name}-{b}" for name in ("cos", "delta", "ratio") for b in ("b1", "b2")}
    assert {name for name in OURS if judged[name] == NOT_COMPARABLE} == about


def test_without_any_compression_nothing_about_it_is_reproduced():
    table = measures().assign(rho=NAN)
    judged = verdicts(found(table_3=table, depth=[table, table.assign(layers=2)]))
    for name in ("t3-mean", "t3-median", "t3-flat", "t3-robustness", "t3-layers"):
        assert judged[name] == NOT_COMPARABLE, name


def test_one_network_reproduces_nothing_that_needs_a_spread():
    one = measures(networks=1)
    results = found(one, [one, one.assign(layers=2)], on_table_3(one), attacks(networks=1))
    judged = verdicts(results)
    assert REPRODUCED not in {judged[name] for name in OURS if name != "t4-optimal"}


@pytest.mark.parametrize("order", [(1, 2, 5), (1, 5, 2)])
def test_a_depth_of_one_network_does_not_hide_behind_the_others(order):
    """Its gap to one layer is 0.3 and has no interval: that is no reproduction."""
    by_layers = {1: measures(), 2: measures(layers=2), 5: measures(0.6, 1, layers=5)}
    results = found(depth=[by_layers[layers] for layers in order])
    assert verdicts(results)["t3-layers"] != REPRODUCED


@pytest.mark.parametrize("order", [(1, 2, 5), (1, 5, 2)])
def test_a_depth_without_any_compression_does_not_hide_behind_the_others(order):
    by_layers = {1: measures(), 2: measures(layers=2), 5: measures(layers=5).assign(rho=NAN)}
    results = found(depth=[by_layers[layers] for layers in order])
    assert verdicts(results)["t3-layers"] != REPRODUCED


# --- the claims quote the printed tables ---


def printed(number, row, column):
    table = PRINTED[number].set_index(PRINTED[number].columns[0])
    return table.loc[row, column].lstrip("-")


@pytest.mark.parametrize(
    "name, number, row, column",
    [
        ("t3-mean", 3, "0.444", "mean_rho"),
        ("t3-median", 3, "0.444", "median_rho"),
        ("t4-m", 4, "b1", "m"),
        ("t4-m", 4, "b2", "m"),
        *(
            (f"t4-{name}-{b}", 4, b, column)
            for name, column in (
                ("cos", "cos_theta_t"), ("delta", "delta"), ("ratio", "delta_over_m")
            )
            for b in ("b1", "b2")
        ),
    ],
)  # fmt: skip
def test_the_claims_quote_their_tables(name, number, row, column):
    assert CLAIMS[name].paper == printed(number, row, column)
    assert f"{float(CLAIMS[name].paper):.4f}" in CLAIMS[name].statement


def test_the_flat_claim_quotes_the_ends_of_the_printed_means():
    means = PRINTED[3]["mean_rho"]
    assert f"between {min(means)} and {max(means)}" in CLAIMS["t3-flat"].statement
    spread = max(means.astype(float)) - min(means.astype(float))
    assert float(CLAIMS["t3-flat"].tolerance) == pytest.approx(10 * spread, rel=0.1)


def test_the_match_claim_quotes_the_ratios_of_the_printed_pairs():
    table = PRINTED[4].set_index("input").astype(float).abs()
    ratios = table["delta_over_m"] / table["cos_theta_t"]
    assert f"{ratios['b1']:.4f} and {ratios['b2']:.4f}" in CLAIMS["t4-match"].reason
    assert (ratios - 1).abs().max() < float(CLAIMS["t4-match"].tolerance)
    # and delta/m is delta over m, to the digits of single precision
    assert (table["delta"] / table["m"] / table["delta_over_m"]).tolist() == pytest.approx(
        [1, 1], rel=1e-6
    )


# results that are not whole, and what is said of them
LACKING = [
    ("table_3", lambda: measures()[1:], "table_3: 19 points of run 0, not 20"),
    ("depth", lambda: [measures(), measures(layers=2)[:-2]], "depth: 18 points of run 59, not 20"),
    ("on_3", lambda: on_table_3(measures())[:-1], "attacks: 3 points of run 59, not 4"),
    ("on_3", lambda: on_table_3(measures())[:-4], "attacks: 59 networks, not 60"),
    ("table_4", lambda: attacks()[1:], "table_4: 3 points of run 0, not 4"),
    ("table_4", lambda: attacks()[:0], "table_4: 0 networks, not 1"),
]


@pytest.mark.parametrize(
    ("name", "results", "words"), LACKING, ids=[words for *_, words in LACKING]
)
def test_results_that_lack_networks_or_points_are_an_error(name, results, words):
    with pytest.raises(ValueError, match=f"^{words}$"):
        found(**{name: results()})
