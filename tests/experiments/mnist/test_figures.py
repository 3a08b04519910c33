"""The MNIST experiment's figures: what each draws of the data it is given."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawing import draw, legend, line
from matplotlib.figure import Figure

from fragility.experiments.mnist import figures as plots
from fragility.paper import claims
from fragility.paper.estimates import correlation, slope
from fragility.runtime.seeds import generator

pytestmark = pytest.mark.usefixtures("look")

FOLDER = Path(claims.__file__).parents[2] / "paper"
PRINTED = {n: claims.read_table(FOLDER, n) for n in (5, 6)}
NAN = float("nan")


@pytest.fixture
def axes():
    """Six axes, drawn once the test is through."""
    row = Figure(figsize=(12, 2)).subplots(1, 6)
    yield row
    draw(row[0].figure)


def shown(ax):
    """The one image of the axes, NaN where nothing is drawn."""
    (picture,) = ax.images
    return np.ma.filled(picture.get_array().astype(float), NAN)


# --- images ---


@pytest.fixture
def pixels():
    return generator(7, "test", "plotting mnist").random((28, 28))


def test_an_image_is_drawn_dark_on_light_without_axes(ax, pixels):
    plots.image(ax, pixels, "a title")
    assert np.array_equal(shown(ax), pixels)
    (picture,) = ax.images
    assert picture.get_clim() == (0, 1)  # not stretched to what there is
    background, ink = picture.cmap(0.0)[:3], picture.cmap(1.0)[:3]
    assert sum(background) > 2.9
    assert sum(ink) < 0.1
    assert picture.get_interpolation() == "nearest"
    assert ax.get_title() == "a title"
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0
    assert not any(grid.get_visible() for grid in ax.get_xgridlines() + ax.get_ygridlines())
    assert all(side.get_visible() for side in ax.spines.values())
    # row 0 is at the top
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_an_image_may_look_otherwise(ax, pixels):
    plots.image(ax, pixels, vmin=-2, cmap="viridis")
    (picture,) = ax.images
    assert (picture.get_clim(), picture.cmap.name) == ((-2, 1), "viridis")
    assert ax.get_title() == ""


@pytest.mark.parametrize("sign", [1, -1])
def test_a_signed_image_is_white_at_0_and_names_its_largest_size(ax, pixels, sign):
    values = pixels - 0.5
    values[3, 4] = sign * 1.234
    plots.signed(ax, values, "the gradient")
    assert np.array_equal(shown(ax), values)
    assert ax.get_title() == "the gradient ±1.2"
    (picture,) = ax.images
    assert picture.get_clim() == (-1.234, 1.234)
    low, middle, high = (picture.cmap(share)[:3] for share in (0.0, 0.5, 1.0))
    assert low[2] > low[0]  # blue
    assert high[0] > high[2]  # red
    assert min(middle) > 0.95


@pytest.mark.parametrize("value", [0.0, NAN])
def test_a_signed_image_of_nothing_can_be_drawn(ax, value):
    plots.signed(ax, np.full((28, 28), value))
    assert ax.images[0].get_clim() == (-1, 1)


def test_a_signed_image_may_lack_a_pixel(ax, pixels):
    pixels[0, 0], pixels[9, 9] = NAN, -3
    plots.signed(ax, pixels, "some")
    assert ax.get_title() == "some ±3"
    assert np.isnan(shown(ax)[0, 0])


# --- Figure 3 and the strips ---


@pytest.fixture
def pictures():
    """Three sevens, as mnist/measure.py keeps them; of the second no perturbation was found."""
    stream = generator(7, "test", "pictures")
    images = {
        name: stream.random((3, 28, 28)).astype(np.float32)
        for name in ("seven", "one", "adversarial", "gradient")
    }
    images["gradient"] -= 0.5
    images["adversarial"][1] = NAN
    chances = stream.dirichlet(np.ones(10), (3, 5))
    adversarial_chances = stream.dirichlet(np.ones(10), 3)
    adversarial_chances[0, [1, 7]] = 0.456, 0.321
    return images | {
        "chances": chances, "adversarial_chances": adversarial_chances,
        "alphas": np.linspace(0, 1, 5),
    }  # fmt: skip


def test_figure_3_has_the_sevens_above_their_ones(pictures):
    figure = Figure(figsize=(5, 4))
    axes = figure.subplots(2, 3)
    plots.pairs(axes, pictures)
    for i in range(3):
        assert np.array_equal(shown(axes[0, i]), pictures["seven"][i])
        assert np.array_equal(shown(axes[1, i]), pictures["one"][i])
    assert {ax.get_title() for ax in axes[0]} == {"clean “7”"}
    assert {ax.get_title() for ax in axes[1]} == {"artificial “1”"}
    draw(figure)


@pytest.mark.parametrize("columns", [2, 4])
def test_figure_3_leaves_no_seven_out_and_no_axes_empty(pictures, columns):
    with pytest.raises(ValueError, match="zip"):
        plots.pairs(Figure().subplots(2, columns), pictures)


@pytest.mark.parametrize("index", [0, 2])
def test_a_strip_shows_seven_one_gradient_perturbation_adversarial_and_way(axes, pictures, index):
    plots.strip(axes, pictures, index)
    seven, adversarial = pictures["seven"][index], pictures["adversarial"][index]
    gradient = pictures["gradient"][index]
    drawn = [seven, pictures["one"][index], gradient, adversarial - seven, adversarial]
    for ax, expected in zip(axes, drawn, strict=False):
        assert np.array_equal(shown(ax), expected.astype(float))
    chances = pictures["adversarial_chances"][index]
    assert [ax.get_title() for ax in axes] == [
        "I₇", "A₁", f"∇(f₇ − f₁) ±{np.abs(gradient).max():.2g}",
        f"E ±{np.abs(adversarial - seven).max():.2g}",
        f"I₇ + E: P(1) {chances[1]:.2f},\nP(7) {chances[7]:.2f}", "",
    ]  # fmt: skip
    if index == 0:
        assert axes[4].get_title() == "I₇ + E: P(1) 0.46,\nP(7) 0.32"
    x, y = line(axes[5], "7")
    assert x == pictures["alphas"].tolist()
    assert y == pictures["chances"][index, :, 7].tolist()


def test_a_strip_says_where_no_perturbation_was_found(axes, pictures):
    plots.strip(axes, pictures, 1)
    assert axes[4].get_title() == "none found"
    assert np.isnan(shown(axes[4])).all()  # an empty frame, not the seven
    assert np.isnan(shown(axes[3])).all()
    assert not any("P(1)" in ax.get_title() for ax in axes)
    # the others are there
    assert np.array_equal(shown(axes[0]), pictures["seven"][1])
    assert np.array_equal(shown(axes[1]), pictures["one"][1])
    assert line(axes[5], "1")[1] == pictures["chances"][1, :, 1].tolist()


def test_probabilities_are_of_7_and_1_and_of_all_others_together(ax):
    chances = np.zeros((3, 10))
    chances[:, 7], chances[:, 1] = [0.9, 0.4, 0.1], [0.05, 0.3, 0.7]
    chances[:, 2], chances[:, 9] = [0.03, 0.2, 0.1], [0.02, 0.1, 0.1]
    plots.probabilities(ax, np.array([0, 0.5, 1]), chances)
    assert line(ax, "7") == ([0, 0.5, 1], [0.9, 0.4, 0.1])
    assert line(ax, "1") == ([0, 0.5, 1], [0.05, 0.3, 0.7])
    assert line(ax, "others")[1] == pytest.approx([0.05, 0.3, 0.2])
    assert legend(ax) == ["7", "1", "others"]
    styles = {(drawn.get_marker(), drawn.get_linestyle()) for drawn in ax.lines}
    assert len(styles) == 3  # told apart without colour
    low, high = ax.get_ylim()
    assert -0.1 < low <= 0 < 1 <= high < 1.1
    assert ax.get_xlabel() == "α"


# --- Q against M and cos ---


def measures(n=8):
    """Sevens of L = 4: M/2 and cos are noisy multiples of Q/2."""
    q = np.linspace(0.4, 1.8, n)
    wave = 1 + 0.3 * np.sin(2 * np.arange(n))
    columns = {"seven": np.arange(n), "M": -1.5 * q * wave, "cos_theta_t": -q / 4 * wave}
    base = pd.DataFrame({"L": 4.0, "Q": q} | columns)
    more = {name: q for name in ("M_exact", "Q_sign", "Q_gradient", "Q_minimal", "first_order")}
    return base.assign(**more, **{f"cos_{i}": -0.1 * (i + 1) - 0.05 * q for i in range(3)})


LABELS = {"M_over_half_L": r"$|M| / (0.5\,L)$", "cos_theta_t": r"$|\cos\theta_t|$"}


def predicted(table, predictor):
    return -(table["M"] / 2 if predictor == "M_over_half_L" else table["cos_theta_t"])


def the_fit(ax):
    return [drawn for drawn in ax.lines if str(drawn.get_label()).startswith("by network: slope")]


@pytest.mark.parametrize("predictor", LABELS)
def test_a_relation_has_our_sevens_and_the_printed_five(ax, predictor):
    table = measures()
    plots.relation(ax, {0: table}, PRINTED[5], predictor)
    x, y = line(ax, "8 sevens of 1 networks")
    assert x == pytest.approx(predicted(table, predictor).tolist())
    assert y == pytest.approx((table["Q"] / 2).tolist())
    x, y = line(ax, "paper")
    assert x == PRINTED[5][predictor].str.lstrip("-").astype(float).tolist()
    assert y == PRINTED[5]["Q_over_half_L"].astype(float).tolist()
    assert ax.get_xlabel() == LABELS[predictor]
    assert ax.get_ylabel() == r"$Q / (0.5\,L)$, smallest found"
    assert ax.get_xlim()[0] == ax.get_ylim()[0] == 0
    assert len(legend(ax)) == 3


@pytest.mark.parametrize("predictor", LABELS)
def test_a_relation_s_line_is_the_least_squares_one(ax, predictor):
    table = measures()
    plots.relation(ax, {0: table}, PRINTED[5], predictor)
    x, y = predicted(table, predictor), table["Q"] / 2
    b, r = slope(x, y).value, correlation(x, y).value
    (fit,) = the_fit(ax)
    assert fit.get_label() == f"by network: slope {b:.2f}, r {r:.2f}"
    expected = np.polyval(np.polyfit(x, y, 1), [0, x.max()])
    assert fit.get_xdata() == pytest.approx([0, x.max()])
    assert fit.get_ydata() == pytest.approx(expected)
    assert abs(expected[0]) > 0.01  # the line does not start at 0, else less would be tested
    assert fit.get_label() in legend(ax)


def test_a_relation_of_two_networks_has_all_their_dots_and_the_mean_of_their_slopes(ax):
    """The second's sevens have M three times as large: one line through all would be another."""
    first = measures()
    second = first.assign(M=3 * first["M"])
    plots.relation(ax, {0: first, 1: second}, PRINTED[5], "M_over_half_L")
    assert len(line(ax, "16 sevens of 2 networks")[0]) == 16
    b = slope(-first["M"] / 2, first["Q"] / 2).value
    (fit,) = the_fit(ax)
    assert fit.get_label().startswith(f"by network: slope {(b + b / 3) / 2:.2f}, r ")


def test_the_diagonal_spans_ours_and_theirs(ax):
    plots.relation(ax, {0: measures()}, PRINTED[5], "M_over_half_L")
    ours = max((-measures()["M"] / 2).max(), measures()["Q"].max() / 2)
    assert ours > 0.8187  # the largest printed
    ends = [drawn.get_xydata().tolist() for drawn in ax.lines]
    assert [[0, 0], [pytest.approx(1.05 * ours)] * 2] in ends


def test_the_diagonal_spans_theirs_where_ours_are_small(ax):
    small = measures().assign(Q=lambda t: t["Q"] / 10, cos_theta_t=lambda t: t["cos_theta_t"] / 10)
    plots.relation(ax, {0: small}, PRINTED[5], "cos_theta_t")
    ends = [drawn.get_xydata().tolist() for drawn in ax.lines]
    assert [[0, 0], [pytest.approx(1.05 * 0.8187)] * 2] in ends


@pytest.mark.parametrize("n, drawn", [(1, False), (3, False), (4, True)])
def test_fewer_than_four_sevens_draw_no_line(ax, n, drawn):
    plots.relation(ax, {0: measures(n)}, PRINTED[5], "M_over_half_L")
    assert len(line(ax, f"{n} sevens of 1 networks")[0]) == n
    assert len(the_fit(ax)) == drawn
    assert len(legend(ax)) == 2 + drawn


def test_a_seven_without_q_is_neither_drawn_nor_counted(ax):
    table = measures(5)
    table.loc[[0, 3], "Q"] = NAN
    plots.relation(ax, {0: table}, PRINTED[5], "M_over_half_L")
    assert line(ax, "3 sevens of 1 networks")[1] == pytest.approx(
        (table["Q"] / 2).dropna().tolist()
    )
    assert the_fit(ax) == []


def test_without_any_q_the_paper_s_five_and_the_diagonal_stand(ax):
    plots.relation(ax, {0: measures().assign(Q=NAN)}, PRINTED[5], "M_over_half_L")
    assert len(line(ax, "paper")[0]) == 5
    assert legend(ax) == ["0 sevens of 1 networks", "paper"]
    ends = [drawn.get_xydata().tolist() for drawn in ax.lines]
    assert [[0, 0], [pytest.approx(1.05 * 0.8187)] * 2] in ends


def test_sevens_of_one_cosine_can_be_drawn(ax):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="An input array is constant")
        plots.relation(ax, {0: measures().assign(cos_theta_t=-0.3)}, PRINTED[5], "cos_theta_t")
    assert line(ax, "8 sevens of 1 networks")[0] == [0.3] * 8


# --- Table 6 ---


@pytest.fixture
def path():
    """Five sevens of three alphas each: quartiles are the second, third and fourth."""
    shift = np.array([0.4, 0.0, 0.3, 0.1, 0.2])
    return measures(5).assign(**{f"cos_{i}": 0.1 * i - shift for i in range(3)})


def test_along_has_the_median_and_quartiles_of_our_sevens(ax, path):
    plots.along(ax, path, PRINTED[6])
    x, y = line(ax, "median of 5")
    assert x == [0, 0.5, 1]
    assert y == pytest.approx([-0.2, -0.1, 0])
    (band,) = ax.collections
    assert band.get_label() == "middle half of ours"
    corners = {(float(a), round(float(c), 6)) for a, c in band.get_paths()[0].vertices}
    assert corners == {(0, -0.3), (0, -0.1), (0.5, -0.2), (0.5, 0), (1, -0.1), (1, 0.1)}


def test_along_has_the_four_printed_columns_without_their_averages(ax, path):
    plots.along(ax, path, PRINTED[6])
    marks = set()
    for i in range(1, 5):
        x, y = line(ax, f"paper, experiment {i}")
        assert x == pytest.approx(np.arange(11) / 10)
        assert y == PRINTED[6][f"experiment_{i}"].astype(float).tolist()[:-1]
        (drawn,) = (each for each in ax.lines if each.get_label().endswith(f"experiment {i}"))
        marks.add((drawn.get_marker(), drawn.get_color()))
    assert len(marks) == 4
    assert len({marker for marker, _ in marks}) == 4
    assert len(legend(ax)) == 6
    assert r"\alpha" in ax.get_xlabel()
    assert ax.get_ylabel() == r"$\cos\theta_t$"
    assert [0, 0] in [list(drawn.get_ydata()) for drawn in ax.lines]  # where a right angle is


def test_along_draws_one_seven(ax, path):
    plots.along(ax, path.head(1), PRINTED[6])
    assert line(ax, "median of 1")[1] == pytest.approx([-0.4, -0.3, -0.2])


def test_along_has_a_point_for_every_alpha(ax):
    """Twelve of them: their columns' names must not be sorted as words."""
    values = {f"cos_{i}": [-i / 20] for i in range(12)}
    plots.along(ax, pd.DataFrame(values), PRINTED[6])
    x, y = line(ax, "median of 1")
    assert x == pytest.approx(np.linspace(0, 1, 12))
    assert y == pytest.approx((-np.arange(12) / 20).tolist())
