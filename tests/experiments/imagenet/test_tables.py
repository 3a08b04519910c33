"""The ImageNet experiment's tables: aggregation with answers known by hand, and chance."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fragility.experiments.imagenet import tables
from fragility.paper import claims
from fragility.paper.estimates import mean, of_pairs
from fragility.report import render
from fragility.runtime.seeds import generator

PAPER = Path(claims.__file__).parents[2] / "paper"
PRINTED = {n: claims.read_table(PAPER, n) for n in (7, 8)}
NAN = float("nan")
UNIT, SIGNED = [0, 1], [-1, 1]
ENTRIES = 150_528


def measured(n=2, alphas=3, both_ways=True, **columns):
    """Measures as imagenet/measure.py writes them, there first; L = 4: ratios are half of each.

    Row i (from 0) has smallest Q = i + 1, Q = 2 (i + 1), M = -6 (i + 1), and cosines -0.1, -0.2,
    ... from the target (alpha = 0) to the photo.
    """
    q = np.arange((1 + both_ways) * n) + 1.0
    table = pd.DataFrame(
        {
            "experiment": [*range(1, n + 1)] * (1 + both_ways),
            "source": [f"{i:.0f}.jpg" for i in q], "target": "t.jpg", "source_label": 251,
            "target_label": 243, "source_name": "dalmatian", "target_name": "bull mastiff",
            "reason": NAN, "model": "lite", "entries": ENTRIES, "L": 4.0, "M": -6 * q,
            "M_exact": -5 * q, "first_order": 0.5 * q, "Q_iterative": 2 * q, "steps": q,
            "Q_minimal": q, "attack": "ddn", "Q_ddn": q,
        }
    )  # fmt: skip
    cosines = {f"cos_{i}": -0.1 * (i + 1) for i in range(alphas)}
    table = table.assign(**cosines, average_cos=-0.05 * (alphas + 1), note=NAN)
    direction = ["there"] * n + ["back"] * (n if both_ways else 0)
    return table.assign(direction=direction).assign(**columns)


def failed(experiment, reason="the network is right on no photo of 22"):
    """The row of an experiment without photos."""
    row = {"experiment": experiment, "reason": reason, "source_name": "goose",
           "target_name": "bald eagle", "model": "lite", "direction": "there"}  # fmt: skip
    return pd.DataFrame([row])


def with_failed(table, experiment):
    return pd.concat([table, failed(experiment)], ignore_index=True)


# --- ratios and columns ---


def test_ratios_are_over_half_the_length():
    table = tables.ratios(measured(1, L=[4.0, 8.0]))
    assert table.filter(like="_over_half_L").to_dict("list") == {
        "L_over_half_L": [2, 2],
        "M_over_half_L": [-3, -3],
        "M_exact_over_half_L": [-2.5, -2.5],
        "first_order_over_half_L": [0.25, 0.25],
        "Q_iterative_over_half_L": [1, 1],
        "Q_minimal_over_half_L": [0.5, 0.5],
    }


def test_cosines_are_those_along_the_way_in_the_order_of_alpha():
    assert tables.cosines(measured(1, 12)) == [f"cos_{i}" for i in range(12)]
    assert tables.cosines(measured(1, 2).assign(cos_theta_t=0, cos_others=0)) == ["cos_0", "cos_1"]


# --- Table 7 ---


def test_table_7_has_the_printed_columns_and_ours_there():
    measures = measured(2, 11)
    measures.loc[1, "cos_3"], measures.loc[1, "average_cos"] = 0.25, -0.7
    table = tables.table_7(measures, PRINTED[7])
    assert table.columns.tolist() == ["alpha", *(f"paper_{i}" for i in range(1, 5)), "ours_1",
                                      "ours_2"]  # fmt: skip
    assert table["alpha"].tolist() == [
        "0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1", "average",
    ]  # fmt: skip
    for i in range(1, 5):
        printed = PRINTED[7][f"experiment_{i}"].astype(float)
        assert table[f"paper_{i}"].tolist() == printed.tolist()
    cosines = [-0.1 * (i + 1) for i in range(11)]
    assert table["ours_1"].tolist() == pytest.approx([*cosines, -0.6])
    cosines[3] = 0.25
    assert table["ours_2"].tolist() == pytest.approx([*cosines, -0.7])


def test_alphas_that_are_not_printed_have_dashes_and_the_average_stays():
    table = tables.table_7(measured(1, 3), PRINTED[7]).set_index("alpha")
    assert table.index.tolist() == ["0", "0.5", "1", "average"]
    assert table.loc[["0", "0.5", "1", "average"], "paper_2"].tolist() == [
        0.0022, -0.0060, -0.0004, -0.0348
    ]  # fmt: skip
    thirds = tables.table_7(measured(1, 4), PRINTED[7])
    shown = render.formatted(thirds, {"paper_1": "paper"})["paper"].tolist()
    assert shown == ["0.0011", render.DASH, render.DASH, "0.0012", "-0.0022"]


def test_an_experiment_without_photos_has_a_column_of_dashes():
    table = tables.table_7(with_failed(measured(1), 2), PRINTED[7])
    assert table["ours_2"].isna().all()
    assert table["ours_1"].notna().all()


# --- Table 8 ---


def part(table, source):
    return table[table["source"] == source].set_index("experiment")


def test_the_printed_rows_of_table_8_are_as_printed():
    theirs = part(tables.table_8(measured(), PRINTED[8], SIGNED), "paper")
    names = ["M_over_half_L", "Q", "L", "Q_over_half_L"]
    printed = PRINTED[8].set_index("experiment")[names].astype(float)
    pd.testing.assert_frame_equal(theirs[names], printed, check_names=False)
    # by hand; the reason of t8-m-match quotes them
    assert theirs["match"].round(2).tolist() == [1.06, 0.42, 0.64, 1.19]
    assert theirs[["pair", "Q_unit", "steps", "problem"]].isna().all(axis=None)


@pytest.mark.parametrize("scale, factor", [(UNIT, 1), (SIGNED, 2), ([0, 255], 255)])
def test_our_lengths_are_in_the_scale_and_in_unit_pixels_and_ratios_in_none(scale, factor):
    ours = part(tables.table_8(measured(1, both_ways=False), PRINTED[8], scale), "ours")
    row = ours.loc["1"]
    lengths = ["Q", "L", "Q_minimal"]
    assert row[lengths].tolist() == [2 * factor, 4 * factor, factor]
    assert row[["Q_unit", "L_unit"]].tolist() == [2, 4]
    ratios = ["M_over_half_L", "Q_over_half_L", "Q_minimal_over_half_L", "M_exact_over_half_L",
              "first_order_over_half_L", "match"]  # fmt: skip
    assert row[ratios].tolist() == [-3, 1, 0.5, -2.5, 0.25, 3]
    assert row["pair"] == "dalmatian → bull mastiff"
    assert (row["attack"], row["steps"]) == ("ddn", 1)


def test_ours_stand_by_experiment_there_before_back():
    """Eleven of them: 10 must not stand behind 1."""
    table = tables.table_8(measured(11), PRINTED[8], UNIT)
    assert table["source"].tolist() == ["paper"] * 4 + ["ours"] * 22
    expected = [words for i in range(1, 12) for words in (f"{i}", f"{i}, back")]
    assert table["experiment"].tolist()[4:] == expected
    ours = part(table, "ours")
    assert ours.loc["11", "Q_unit"] == 22
    assert ours.loc["11, back", "Q_unit"] == 44


def test_what_is_missing_is_a_dash_with_its_reason():
    measures = with_failed(measured(2, both_ways=False), 3)
    measures.loc[1, ["Q_iterative", "steps"]] = NAN, -1
    measures["note"] = [None, "the iterative attack did not arrive", None]
    table = tables.table_8(measures, PRINTED[8], UNIT)
    ours = part(table, "ours")
    assert ours["problem"].fillna("").tolist() == [
        "", "the iterative attack did not arrive", "the network is right on no photo of 22"
    ]  # fmt: skip
    assert np.isnan(ours.loc["2", ["Q", "Q_over_half_L", "match"]].astype(float)).all()
    assert ours.loc["2", "Q_minimal"] == 2
    assert ours.loc["3", "pair"] == "goose → bald eagle"
    shown = render.formatted(table, {"steps": "steps", "L": "L"})
    assert shown["steps"].tolist()[4:] == ["1", "-1", render.DASH]
    assert table["steps"].dtype == "Int64"  # 1, not 1.0, in the CSV too
    assert shown["L"].tolist()[-1] == render.DASH


# --- networks and steps ---


def photos(right, wrong):
    return pd.DataFrame({"right": [1] * right + [0] * wrong})


def triple(row, name):
    return row[[name, f"{name}_low", f"{name}_high"]].astype(float).tolist()


def test_networks_have_a_row_each_with_means_over_their_attacks():
    q = np.arange(4) + 1.0
    signs = [1, -1, 1, -1]
    first = measured(2, cos_0=0.3, cos_2=0.2 * q * signs, average_cos=q,
                     Q_minimal=q**2, Q_iterative=[2, NAN, 6, 8])  # fmt: skip
    table = tables.networks(
        {"one": with_failed(first, 3), "two": measured(1, both_ways=False)},
        {"two": photos(5, 0), "one": photos(17, 3)},
    )
    assert table["model"].tolist() == ["one", "two"]
    assert table[["photos", "right", "attacked"]].to_numpy().tolist() == [[20, 17, 4], [5, 5, 1]]
    row = table.iloc[0]
    expected = {
        "at_photo": 0.2 * q,  # of sizes, at the last alpha
        "along": (0.3 + 0.2 + 0.2 * q) / 3,
        "average": q,
        "match": [6 / 2, 18 / 6, 24 / 8],
        "match_minimal": 6 / q,
        "excess": [2 / 1, 6 / 9, 8 / 16],
        "Q_over_half_L": [1, 3, 4],
    }
    for name, sample in expected.items():
        assert triple(row, name) == pytest.approx(list(mean(sample)[:3]), nan_ok=True), name
    assert triple(table.iloc[1], "excess") == pytest.approx([2, NAN, NAN], nan_ok=True)


def by_step(*rows):
    names = ["model", "experiment", "direction", "grey_levels", "Q", "steps"]
    return pd.DataFrame(rows, columns=names).assign(factor=1.0)


@pytest.mark.parametrize("scale, factor", [(UNIT, 1), (SIGNED, 2)])
def test_steps_are_a_row_a_network_and_size_over_what_arrived(scale, factor):
    measures = measured(2)  # smallest Q 1 and 2 there, 3 and 4 back
    steps = by_step(
        ("lite", 1, "there", 2.0, 3.0, 4), ("lite", 2, "there", 2.0, 8.0, 6),
        ("lite", 1, "back", 2.0, NAN, -1), ("lite", 2, "back", 2.0, 4.0, 8),
        ("lite", 1, "there", 0.5, 2.0, 9), ("other", 1, "there", 2.0, 5.0, 2),
    )  # fmt: skip
    other = measured(1, both_ways=False, model="other", Q_minimal=10.0)
    table = tables.steps(steps, pd.concat([measures, other]), scale)
    assert table[["model", "grey_levels", "runs", "arrived"]].to_numpy().tolist() == [
        ["lite", 2.0, 4, 3], ["lite", 0.5, 1, 1], ["other", 2.0, 1, 1]
    ]  # fmt: skip
    row = table.iloc[0]
    expected = {
        "Q": factor * np.array([3.0, 8, 4]), "Q_over_half_L": [1.5, 4, 2], "excess": [3, 4, 1],
        "steps": [4, 6, 8],
    }  # fmt: skip
    for name, sample in expected.items():
        assert triple(row, name) == pytest.approx(list(mean(sample)[:3])), name
    assert table["excess"].tolist()[1:] == [2, 0.5]


def test_steps_of_one_attack_twice_are_refused():
    rows = by_step(("lite", 1, "there", 1.0, 3.0, 4))
    with pytest.raises(pd.errors.MergeError):
        tables.steps(rows, pd.concat([measured(1), measured(1)]), UNIT)


# --- chance ---


@pytest.mark.parametrize("n", [200, 2000])
def test_chance_is_the_mean_size_of_a_random_direction_s_cosine(n):
    trials = 4000
    drawn = generator(7, "test", "chance", n).standard_normal((trials, n), dtype=np.float32)
    sizes = np.abs(drawn[:, 0] / np.linalg.norm(drawn, axis=1))
    error = sizes.std(ddof=1) / np.sqrt(trials)
    # four standard errors, 4 %; and the exact mean exceeds it by 1/(4 n) of itself, 0.1 % at most
    assert abs(sizes.mean() - tables.chance(n)) < 4 * error < 0.05 * tables.chance(n)
    for wrong in (1 / np.sqrt(n), np.sqrt(2 / np.pi) / n, np.sqrt(2 / (np.pi * n)) * 0.9):  # twins
        assert abs(sizes.mean() - wrong) > 4 * error


def test_chance_nears_the_exact_mean():
    """E|cos| = Gamma(n/2) / (sqrt(pi) Gamma((n + 1)/2)), which is 1 + 1/(4 n) + ... times ours."""
    n = np.array([10, 100, 1000, ENTRIES])
    exact = [math.exp(math.lgamma(k / 2) - math.lgamma((k + 1) / 2)) for k in n] / np.sqrt(np.pi)
    excess = exact / tables.chance(n) - 1
    assert excess[:3] * n[:3] == pytest.approx([0.25] * 3, rel=0.02)
    assert tables.chance(ENTRIES) == pytest.approx(0.002057, abs=1e-6)


def test_the_density_of_a_random_direction_is_the_half_normal_s():
    z = np.linspace(0, 5, 26)
    assert tables.random_density(z) == pytest.approx(stats.halfnorm.pdf(z))


def paired(n=6, **columns):
    """Every ordered pair of n photos, as scripts/imagenet/compare.py writes them.

    Q/(L/2) by the iterative attack is x, |M|/(L/2) twice that, and so on: exact straight lines.
    """
    names = [f"{k}.jpg" for k in range(n)]
    rows = [(a, b) for a in names for b in names if a != b]
    x = generator(7, "test", "paired", n).uniform(0.1, 0.9, len(rows))
    table = pd.DataFrame(rows, columns=["source", "target"]).assign(
        entries=100, L=4.0, M=-4 * x, M_exact=6 * x, first_order=x, cos_theta_t=-x / 8,
        average_cos=-x / 20, average_size=x / 10, cos_others=0.01, Q_iterative=2 * x,
        Q_minimal=2 * (x + 1), model="lite",
    )  # fmt: skip
    return table.assign(**columns)


def test_pairs_are_of_sizes_over_half_the_length_where_both_are_known():
    table = paired(3)
    table.loc[1, "Q_iterative"] = NAN
    pair = tables.pair_of(table, "M", "Q_iterative")
    assert pair.columns.tolist() == ["source", "target", "x", "y"]
    assert pair.index.tolist() == [0, 2, 3, 4, 5]
    assert pair["x"].tolist() == pytest.approx((-table["M"] / 2).drop(1).tolist())
    assert pair["y"].tolist() == pytest.approx((table["Q_iterative"] / 2).drop(1).tolist())
    pair = tables.pair_of(table, "cos_theta_t", "Q_minimal")
    assert pair["x"].tolist() == pytest.approx(table["cos_theta_t"].abs().tolist())  # no length
    assert len(pair) == 6


def test_fits_are_the_textbook_s():
    stream = generator(7, "test", "fits")
    x = stream.normal(0, 1, 30)
    pair = pd.DataFrame({"x": x, "y": 3 + 0.7 * x + stream.normal(0, 0.5, 30)})
    assert tables.median_ratio(pair) == pytest.approx(np.median(x / pair["y"]))
    assert tables.slope(pair) == pytest.approx(np.polyfit(x, pair["y"], 1)[0])
    assert tables.correlation(pair) == pytest.approx(np.corrcoef(x, pair["y"])[0, 1])
    assert set(tables.FITS) == {"ratio", "slope", "correlation"}


@pytest.mark.filterwarnings("error")
def test_fits_to_what_does_not_vary_are_unknown():
    flat = pd.DataFrame({"x": [2.0, 2, 2], "y": [1.0, 2, 3]})
    assert np.isnan(tables.slope(flat)) and np.isnan(tables.correlation(flat))
    turned = flat.rename(columns={"x": "y", "y": "x"})
    assert tables.slope(turned) == 0 and np.isnan(tables.correlation(turned))


def test_over_pairs_photos_are_resampled_from_a_stream_of_the_name():
    table = paired(9)
    found = tables.over_pairs(table, tables.mean_of("cos_theta_t"), 7, "some")
    photos = table[["source", "target"]].to_numpy()
    y = table["cos_theta_t"].to_numpy()
    expected = of_pairs(
        lambda rows: y[rows].mean(), photos, generator(7, "imagenet", "photos", "some")
    )
    assert found[:4] == pytest.approx(expected[:4])
    assert found.n == 9
    other = tables.over_pairs(table, tables.mean_of("cos_theta_t"), 7, "other")
    assert other.value == found.value
    assert other[1:3] != found[1:3]


WORDS = {
    "M": ("|M|, as printed", 2),
    "M_exact": ("|M|, exact integral", 3),
    "cos_theta_t": ("|cos θt|, at the photo", 1 / 8),
    "first_order": ("g/‖∇g‖", 0.5),
}
ITERATIVE, MINIMAL = "iterative, one grey level", "minimal norm"


@pytest.fixture(scope="module")
def relations():
    table = paired()
    table.loc[3, "Q_minimal"] = NAN
    return tables.relations(table, 7).set_index(["predictor", "Q"])


def test_relations_are_a_row_a_predictor_and_kind(relations):
    assert relations.index.tolist() == [
        (words, kind) for words, _ in WORDS.values() for kind in (ITERATIVE, MINIMAL)
    ]
    assert relations["pairs"].tolist() == [30, 29] * 4


@pytest.mark.parametrize("predictor", WORDS)
def test_an_exact_relation_has_its_ratio_and_slope_and_correlation_1(relations, predictor):
    words, factor = WORDS[predictor]
    for name, value in (("ratio", factor), ("slope", 1 / factor), ("correlation", 1)):
        row = relations.loc[(words, ITERATIVE)]
        assert triple(row, name) == pytest.approx([value] * 3, rel=1e-9)
    # an offset moves the ratio alone
    row = relations.loc[(words, MINIMAL)]
    assert triple(row, "slope") == pytest.approx([1 / factor] * 3, rel=1e-9)
    x = paired()["first_order"].drop(3)
    assert row["ratio"] == pytest.approx(np.median(factor * x / (x + 1)))
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]


@pytest.mark.filterwarnings("error")
def test_without_any_q_relations_keep_their_rows():
    table = tables.relations(paired(3, Q_minimal=NAN), 7).set_index(["predictor", "Q"])
    row = table.loc[("g/‖∇g‖", MINIMAL)]
    assert row["pairs"] == 0
    assert row[["ratio", "slope_low", "correlation_high"]].isna().all()
    assert table.loc[("g/‖∇g‖", ITERATIVE), "ratio"] == pytest.approx(0.5)


def test_cosines_are_held_against_a_random_direction_others_and_its_quantile():
    size = np.where(np.arange(30) % 3 == 0, 0.25, 0.1)
    table = tables.against_chance(
        paired(cos_theta_t=-size, average_size=0.04, cos_others=0.02 + 0.02 * size), 7
    )
    assert table["where"].tolist() == ["at the photo attacked", "mean along the way"]
    assert table["pairs"].tolist() == [30, 30]
    photo, along = table.iloc[0], table.iloc[1]
    level = np.sqrt(2 / (100 * np.pi))
    assert photo["size"] == pytest.approx(0.15)
    assert photo["random"] == pytest.approx(0.15 / level)
    assert photo["others"] == pytest.approx(0.15 / (0.02 + 0.02 * 0.15))  # a ratio of means
    assert photo["beyond"] == pytest.approx(1 / 3)  # beyond 0.196
    assert photo["size_low"] < 0.15 < photo["size_high"]
    assert triple(along, "size") == pytest.approx([0.04] * 3)
    assert triple(along, "random") == pytest.approx([0.04 / level] * 3)
    assert along[["beyond", "beyond_low"]].isna().all()


def test_random_gradients_stand_at_chance():
    """Gradients that know nothing: 1 lies in the interval; with twice the cosine it does not."""
    z = generator(7, "test", "know nothing").standard_normal(380)
    table = paired(20, entries=ENTRIES, cos_theta_t=z / np.sqrt(ENTRIES))
    row = tables.against_chance(table, 7).iloc[0]
    assert row["random_low"] < 1 < row["random_high"]
    assert row["beyond_low"] < 0.05 < row["beyond_high"]
    twice = tables.against_chance(table.assign(cos_theta_t=2 * table["cos_theta_t"]), 7).iloc[0]
    assert twice["random_low"] > 1
    assert twice["beyond_low"] > 0.05
