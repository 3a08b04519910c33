"""The photos' shared numbers: ratios, chance, and statistics over pairs."""

import math

import numpy as np
import pandas as pd
import pytest
from imagenet_results import ENTRIES, measured, paired
from scipy import stats

from fragility.experiments.imagenet import summary
from fragility.paper.resampling import of_pairs, weighted_mean
from fragility.runtime.seeds import generator

NAN = float("nan")


def test_ratios_are_over_half_the_length():
    table = summary.ratios(measured(1, L=[4.0, 8.0]))
    assert table.filter(like="_over_half_L").to_dict("list") == {
        "L_over_half_L": [2, 2],
        "M_over_half_L": [-3, -3],
        "M_exact_over_half_L": [-2.5, -2.5],
        "first_order_over_half_L": [0.25, 0.25],
        "Q_iterative_over_half_L": [1, 1],
        "Q_minimal_over_half_L": [0.5, 0.5],
    }


def test_cosines_are_those_along_the_way_in_the_order_of_alpha():
    assert summary.cosines(measured(1, 12)) == [f"cos_{i}" for i in range(12)]
    assert summary.cosines(measured(1, 2).assign(cos_theta_t=0, cos_others=0)) == ["cos_0", "cos_1"]


@pytest.mark.parametrize("n", [200, 2000])
def test_chance_is_the_mean_size_of_a_random_direction_s_cosine(n):
    trials = 4000
    drawn = generator(7, "test", "chance", n).standard_normal((trials, n), dtype=np.float32)
    sizes = np.abs(drawn[:, 0] / np.linalg.norm(drawn, axis=1))
    error = sizes.std(ddof=1) / np.sqrt(trials)
    # four standard errors, 4 %; and the exact mean exceeds it by 1/(4 n) of itself, 0.1 % at most
    assert abs(sizes.mean() - summary.random_mean_cos(n)) < 4 * error < 0.05 * sizes.mean()
    # negative controls
    for wrong in (1 / np.sqrt(n), np.sqrt(2 / np.pi) / n, np.sqrt(2 / (np.pi * n)) * 0.9):
        assert abs(sizes.mean() - wrong) > 4 * error


def test_chance_nears_the_exact_mean():
    """E|cos| = Gamma(n/2) / (sqrt(pi) Gamma((n + 1)/2)), which is 1 + 1/(4 n) + ... times ours."""
    n = np.array([10, 100, 1000, ENTRIES])
    exact = [math.exp(math.lgamma(k / 2) - math.lgamma((k + 1) / 2)) for k in n] / np.sqrt(np.pi)
    excess = exact / summary.random_mean_cos(n) - 1
    assert excess[:3] * n[:3] == pytest.approx([0.25] * 3, rel=0.02)
    assert summary.random_mean_cos(ENTRIES) == pytest.approx(0.002057, abs=1e-6)


def test_the_density_of_a_random_direction_is_the_half_normal_s():
    z = np.linspace(0, 5, 26)
    assert summary.random_density(z) == pytest.approx(stats.halfnorm.pdf(z))


def test_pairs_are_of_sizes_over_half_the_length_where_both_are_known():
    table = paired(3)
    table.loc[1, "Q_iterative"] = NAN
    pair = summary.pair_of(table, "M", "Q_iterative")
    assert pair.columns.tolist() == ["source", "target", "x", "y"]
    assert pair.index.tolist() == [0, 2, 3, 4, 5]
    assert pair["x"].tolist() == pytest.approx((-table["M"] / 2).drop(1).tolist())
    assert pair["y"].tolist() == pytest.approx((table["Q_iterative"] / 2).drop(1).tolist())
    pair = summary.pair_of(table, "cos_theta_t", "Q_minimal")
    assert pair["x"].tolist() == pytest.approx(table["cos_theta_t"].abs().tolist())  # no length
    assert len(pair) == 6


def test_fits_are_the_textbook_s():
    stream = generator(7, "test", "fits")
    x = stream.normal(0, 1, 30)
    pair = pd.DataFrame({"x": x, "y": 3 + 0.7 * x + stream.normal(0, 0.5, 30)})
    assert {name: summary.of_all(pair, fit) for name, fit in summary.FITS.items()} == {
        "ratio": pytest.approx(np.median(x / pair["y"])),
        "slope": pytest.approx(np.polyfit(x, pair["y"], 1)[0]),
        "correlation": pytest.approx(np.corrcoef(x, pair["y"])[0, 1]),
    }


@pytest.mark.filterwarnings("error")
def test_fits_to_what_does_not_vary_are_unknown():
    flat = pd.DataFrame({"x": [2.0, 2, 2], "y": [1.0, 2, 3]})
    slope, r = summary.FITS["slope"], summary.FITS["correlation"]
    assert np.isnan(summary.of_all(flat, slope)) and np.isnan(summary.of_all(flat, r))
    turned = flat.rename(columns={"x": "y", "y": "x"})
    assert summary.of_all(turned, slope) == 0 and np.isnan(summary.of_all(turned, r))


def test_over_pairs_photos_are_resampled_from_a_stream_of_the_name():
    table = paired(9)
    found = summary.over_pairs(table, summary.mean_of("cos_theta_t"), 7, "some")
    photos = table[["source", "target"]].to_numpy()
    y = table["cos_theta_t"].to_numpy()
    expected = of_pairs(weighted_mean(y), photos, generator(7, "imagenet", "photos", "some"))
    assert found[:4] == pytest.approx(expected[:4])
    assert found.n == 9
    other = summary.over_pairs(table, summary.mean_of("cos_theta_t"), 7, "other")
    assert other.value == found.value
    assert other[1:3] != found[1:3]


@pytest.mark.filterwarnings("error")
def test_the_median_of_none_is_unknown():
    table = pd.DataFrame({"x": [3.0, 1.0, 8.0]})
    assert summary.of_all(table, summary.median_of("x")) == 3
    assert np.isnan(summary.of_all(table.head(0), summary.median_of("x")))


def test_cosines_are_held_against_others_as_a_ratio_of_means():
    table = pd.DataFrame({"size": [1.0, 3.0], "cos_others": [0.5, 0.5]})
    assert summary.of_all(table, summary.mean_of("size")) == 2
    assert summary.of_all(table, summary.over_others) == 4
    table["cos_others"] = [0.25, 4.0]  # the mean of the ratios would be 2.4
    assert summary.of_all(table, summary.over_others) == pytest.approx(2 / 2.125)
