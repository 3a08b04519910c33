"""The ImageNet experiment's figures: what each draws of the data it is given."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawing import draw, legend, line
from matplotlib.figure import Figure

from fragility.experiments.imagenet import figures as plots
from fragility.paper import claims
from fragility.runtime.seeds import generator

pytestmark = pytest.mark.usefixtures("look")

FOLDER = Path(claims.__file__).parents[2] / "paper"
PRINTED = claims.read_table(FOLDER, 8)
NAN = float("nan")
ENTRIES = 150_528


@pytest.fixture
def axes():
    """Four axes, drawn once the test is through."""
    row = Figure(figsize=(8, 2)).subplots(1, 4)
    yield row
    draw(row[0].figure)


def shown(ax):
    """The one photo of the axes, channels last as drawn."""
    (picture,) = ax.images
    return np.asarray(picture.get_array())


def stream(*key):
    return generator(7, "test", "plotting imagenet", *key)


# --- photos ---


def test_a_photo_is_drawn_in_its_colours_without_axes(ax):
    pixels = stream("photo").random((3, 9, 9))
    plots.photo(ax, pixels, "a title")
    assert np.array_equal(shown(ax), pixels.transpose(1, 2, 0))
    assert ax.get_title() == "a title"
    assert len(ax.get_xticks()) == len(ax.get_yticks()) == 0
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # row 0 is at the top


def test_a_photo_that_is_missing_is_an_empty_frame(ax):
    plots.photo(ax, np.full((3, 9, 9), NAN))
    assert (shown(ax) == 1).all()


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "experiment": [1, 3, 4], "source_name": ["dalmatian", "goose", "yurt"],
            "target_name": ["bull mastiff", "bald eagle", "thatch"],
        }
    )  # fmt: skip


@pytest.fixture
def pictures():
    """Three experiments, as imagenet/measure.py keeps them; in the second nothing was found."""
    made = {name: stream(name).random((3, 3, 9, 9)).astype(np.float32)
            for name in ("source", "target")}  # fmt: skip
    noise = stream("noise").uniform(-1, 1, (2, 3, 3, 9, 9)).astype(np.float32)
    made["minimal"] = np.clip(made["source"] + 0.003 * noise[0], 0, 1)
    made["iterative"] = np.clip(made["source"] + 0.02 * np.sign(noise[1]), 0, 1)
    for kind in ("minimal", "iterative"):
        made[kind][1] = NAN
    images = ("source", "target", "minimal", "iterative")
    made |= {f"{image}_chances": stream(image, "chances").random((3, 2)) / 2 for image in images}
    alphas = np.linspace(0, 1, 5)
    return made | {"alphas": alphas, "chances": stream("chances").random((3, 5, 2)) / 2}


@pytest.mark.parametrize("side", ["source", "target"])
def test_figures_4_and_5_are_the_photos_of_a_side_with_number_and_name(rows, pictures, side):
    figure = Figure(figsize=(6, 2))
    axes = figure.subplots(1, 3)
    plots.row_of_photos(axes, pictures, rows, side)
    for i, ax in enumerate(axes):
        assert np.array_equal(shown(ax), pictures[side][i].transpose(1, 2, 0))
        assert ax.get_title() == f"{rows['experiment'][i]}: {rows[f'{side}_name'][i]}"
    draw(figure)


@pytest.mark.parametrize("columns", [2, 4])
def test_figures_4_and_5_leave_no_photo_out_and_no_axes_empty(rows, pictures, columns):
    with pytest.raises(ValueError, match="zip"):
        plots.row_of_photos(Figure().subplots(1, columns), pictures, rows, "source")


# --- panels ---


@pytest.mark.parametrize("index", [0, 2])
def test_a_panel_shows_the_photo_the_way_and_both_perturbations(axes, rows, pictures, index):
    plots.panel(axes, pictures, index, rows.iloc[index])
    source, row = pictures["source"][index], rows.iloc[index]
    assert np.array_equal(shown(axes[0]), source.transpose(1, 2, 0))
    chance = pictures["source_chances"][index, 0]
    assert axes[0].get_title() == f"{row['experiment']}: {row['source_name']}, P {chance:.2f}"
    for ax, kind in zip(axes[2:], ("minimal", "iterative"), strict=True):
        words, chance = ax.get_title().split(", P ")
        factor = float(words.removeprefix(f"{kind} × "))
        perturbation = (pictures[kind][index] - source).transpose(1, 2, 0)
        expected = np.clip(0.5 + factor * perturbation, 0, 1)
        np.testing.assert_allclose(shown(ax), expected, atol=1e-6)
        assert np.ptp(shown(ax)) > 0.35  # large enough to be seen
        assert chance == f"{pictures[f'{kind}_chances'][index, 1]:.2f}"
    assert axes[1].get_title() == f"from {row['target_name']}"
    assert line(axes[1], "photo's class") == (
        pictures["alphas"].tolist(), pictures["chances"][index, :, 0].tolist()
    )  # fmt: skip


def test_panels_can_be_read_on_a_phone(axes, rows, pictures):
    """At 390 pixels for 4.6 inches, as the notebook draws them, 8 points are 9.4 pixels."""
    plots.panel(axes, pictures, 0, rows.iloc[0])
    texts = [ax.title for ax in axes] + list(axes[1].get_legend().get_texts())
    texts += [axes[1].xaxis.label, *axes[1].get_xticklabels(), *axes[1].get_yticklabels()]
    assert min(text.get_fontsize() for text in texts) / 72 * 390 / 4.6 > 9


def test_a_panel_says_where_nothing_was_found(axes, rows, pictures):
    plots.panel(axes, pictures, 1, rows.iloc[1])
    assert [ax.get_title() for ax in axes[2:]] == ["minimal: none", "iterative: none"]
    for ax in axes[2:]:
        assert (shown(ax) == 0.5).all()
    assert axes[0].get_title().startswith("3: goose, P ")


@pytest.mark.parametrize(
    "size, factor",
    [(0.5, 1), (0.26, 1), (0.25, 2), (0.11, 2), (0.1, 5), (0.051, 5), (0.05, 10), (0.004, 100),
     (0.0025, 200), (1e-4, 5000), (0.6, 0.5), (1.0, 0.5)],
)  # fmt: skip
def test_perturbations_are_enlarged_by_1_2_or_5_times_a_power_of_ten(size, factor):
    perturbation = np.full((3, 4, 4), size)
    perturbation[0] *= -1
    enlarged, found = plots._enlarged(perturbation)
    assert found == pytest.approx(factor)
    np.testing.assert_allclose(enlarged, np.clip(0.5 + factor * perturbation, 0, 1))


def test_a_perturbation_of_nothing_is_grey():
    for nothing in (np.zeros((3, 2, 2)), np.full((3, 2, 2), NAN)):
        enlarged, factor = plots._enlarged(nothing)
        assert (enlarged == 0.5).all() and factor == 1


def test_a_single_bright_pixel_does_not_hide_the_rest():
    perturbation = np.full((3, 100, 100), 0.001)
    perturbation[0, 0, 0] = 1
    enlarged, factor = plots._enlarged(perturbation)
    assert factor == 500
    assert enlarged[0, 0, 0] == 1


def test_probabilities_are_of_both_classes_and_of_all_others(ax):
    chances = np.array([[0.1, 0.7], [0.4, 0.3], [0.9, 0.05]])
    plots.probabilities(ax, np.array([0, 0.5, 1]), chances)
    assert line(ax, "photo's class") == ([0, 0.5, 1], [0.1, 0.4, 0.9])
    assert line(ax, "target's") == ([0, 0.5, 1], [0.7, 0.3, 0.05])
    assert line(ax, "others")[1] == pytest.approx([0.2, 0.3, 0.05])
    assert legend(ax) == ["photo's class", "target's", "others"]
    assert len({(drawn.get_marker(), drawn.get_linestyle()) for drawn in ax.lines}) == 3


# --- Figure 6 ---


def test_figure_6_is_sizes_beside_chance(ax):
    fine = pd.DataFrame({"alpha": [0, 0.5, 1], "cos_theta": [-0.001, 0.004, -0.003]})
    plots.along(ax, fine, ENTRIES)
    assert line(ax, "ours") == ([0, 0.5, 1], [0.001, 0.004, 0.003])
    _, level = line(ax, "random direction, mean 0.0021")
    assert level == pytest.approx([np.sqrt(2 / (np.pi * ENTRIES))] * 2)
    band = next(patch for patch in ax.patches if patch.get_label() == "95 % of them")
    assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx(
        (0, 1.96 / np.sqrt(ENTRIES))
    )
    assert ax.get_ylim()[0] == 0
    assert len(legend(ax)) == 3


# --- Q against M ---


def pairs(n=5, **columns):
    names = [f"{k}.jpg" for k in range(n)]
    rows = [(a, b) for a in names for b in names if a != b]
    x = stream("pairs").uniform(0.1, 0.9, (3, len(rows)))
    table = pd.DataFrame(rows, columns=["source", "target"]).assign(
        entries=ENTRIES, L=4.0, M=-2 * x[0], M_exact=1.0, first_order=1.0,
        Q_iterative=0.6 + x[0] + 0.2 * x[1], Q_minimal=0.5 * x[0] + 0.2 * x[2],
        cos_theta_t=(x[1] - 0.5) / 100, cos_others=x[2] / 500,
    )  # fmt: skip
    return table.assign(**columns)


WORDS = {"Q_iterative": "Q by iterative attack", "Q_minimal": "Q by minimal-norm attacks"}


@pytest.mark.parametrize("kind", WORDS)
def test_a_relation_has_our_pairs_the_printed_four_and_the_line_of_the_fit(ax, kind):
    table = pairs()
    plots.relation(ax, table, PRINTED, kind)
    x, y = (-table["M"] / 2).to_numpy(), (table[kind] / 2).to_numpy()
    assert line(ax, "ours, 20 pairs") == (
        pytest.approx(x.tolist()), pytest.approx(y.tolist())
    )  # fmt: skip
    theirs = line(ax, "paper (another network)")
    assert theirs[0] == PRINTED["M_over_half_L"].str.lstrip("-").astype(float).tolist()
    assert theirs[1] == PRINTED["Q_over_half_L"].astype(float).tolist()
    b, a = np.polyfit(x, y, 1)
    fit = line(ax, f"slope {b:.2f}, r {np.corrcoef(x, y)[0, 1]:.2f}")
    assert fit[0] == pytest.approx([0, x.max()])
    assert fit[1] == pytest.approx([a, a + b * x.max()])
    assert abs(a) > 0.01  # the line does not start at 0, else less would be tested
    top = 1.05 * max(x.max(), y.max())
    assert [[0, 0], [pytest.approx(top)] * 2] in [d.get_xydata().tolist() for d in ax.lines]
    assert ax.get_title() == WORDS[kind]
    assert ax.get_xlim()[0] == ax.get_ylim()[0] == 0
    assert len(legend(ax)) == 3


def test_a_pair_without_q_is_neither_drawn_nor_counted(ax):
    table = pairs()
    table.loc[[0, 7], "Q_minimal"] = NAN
    plots.relation(ax, table, PRINTED, "Q_minimal")
    assert len(line(ax, "ours, 18 pairs")[0]) == 18


@pytest.mark.filterwarnings("error")
def test_without_any_q_the_paper_s_four_and_the_diagonal_stand(ax):
    plots.relation(ax, pairs(Q_minimal=NAN), PRINTED, "Q_minimal")
    assert legend(ax) == ["ours, 0 pairs", "paper (another network)"]
    ends = [drawn.get_xydata().tolist() for drawn in ax.lines]
    assert [[0, 0], [pytest.approx(1.05 * 0.0828)] * 2] in ends


# --- steps ---


def test_steps_are_a_line_a_network_in_the_order_of_the_steps(ax):
    table = pd.DataFrame(
        {
            "model": ["b", "b", "b", "a", "a"], "grey_levels": [1.0, 0.1, 10, 1, 2],
            "excess": [8.0, 2, 50, 7, NAN], "excess_low": [7.0, 1, 40, 6, NAN],
            "excess_high": [9.0, 3, 60, 8, NAN],
        }
    )  # fmt: skip
    plots.by_step(ax, table)
    assert line(ax, "b") == ([0.1, 1, 10], [2, 8, 50])
    assert line(ax, "a")[0] == [1, 2]
    assert legend(ax) == ["b", "a", "smallest found"]
    assert line(ax, "smallest found")[1] == [1, 1]
    corners = {tuple(map(float, v)) for v in ax.collections[0].get_paths()[0].vertices}
    assert corners == {(0.1, 1), (0.1, 3), (1, 7), (1, 9), (10, 40), (10, 60)}
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert len({(d.get_marker(), d.get_color()) for d in ax.lines}) == 3


def test_more_networks_than_marks_can_be_drawn(ax):
    n = len(plots.MARKS) + 2
    table = pd.DataFrame(
        {"model": [f"m{k}" for k in range(n)], "grey_levels": 1.0, "excess": np.arange(n) + 1.0}
    )
    plots.by_step(ax, table.assign(excess_low=1.0, excess_high=9.0))
    assert legend(ax) == [*table["model"], "smallest found"]


# --- chance ---


def test_chance_is_drawn_as_densities_beside_the_half_normal_law(ax):
    table = pairs(n=12)
    table.loc[0, "cos_theta_t"] = -6 / np.sqrt(ENTRIES)  # further than chance goes
    plots.against_chance(ax, table)
    names = ["own difference", "others' differences (means)", "random direction"]
    assert legend(ax) == names
    z, density = line(ax, "random direction")
    assert np.trapezoid(density, z) == pytest.approx(1, abs=1e-3)
    assert density[0] == pytest.approx(np.sqrt(2 / np.pi))
    own = [bar for bar in ax.patches if hasattr(bar, "get_width") and bar.get_height() > 0]
    assert sum(bar.get_width() * bar.get_height() for bar in own) == pytest.approx(1)
    right = max(bar.get_x() + bar.get_width() for bar in own)
    assert right == pytest.approx(6)
