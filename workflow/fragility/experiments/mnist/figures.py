"""The MNIST experiment's figures."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fragility.experiments.mnist.summary import cosines, fit_of, of_network, pair_of, ratios
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, legend_above

INK = "gray_r"  # digits dark on light, as in print


def image(ax: Axes, pixels: NDArray, title: str = "", **look) -> None:
    """One image (28, 28) without axes; values in [0, 1] unless ``look`` says otherwise."""
    ax.imshow(pixels, **{"cmap": INK, "vmin": 0, "vmax": 1, "interpolation": "nearest"} | look)
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.set_title(title, fontsize=9)
    for side in ("top", "right"):
        ax.spines[side].set_visible(True)


def signed(ax: Axes, values: NDArray, title: str = "") -> None:
    """A signed image (28, 28), with its largest absolute value; blue below 0, red above."""
    largest = float(np.nanmax(np.abs(values), initial=0)) or 1.0
    image(ax, values, f"{title} ±{largest:.2g}", cmap="RdBu_r", vmin=-largest, vmax=largest)


def pairs(axes: NDArray, pictures: dict[str, NDArray]) -> None:
    """Figure 3: the sevens (k, 28, 28) above the ones made of them; axes (2, k)."""
    for column, (seven, one) in zip(
        axes.T, zip(pictures["seven"], pictures["one"], strict=True), strict=True
    ):
        image(column[0], seven, "clean “7”")
        image(column[1], one, "artificial “1”")


def strip(axes: NDArray, pictures: dict[str, NDArray], index: int) -> None:
    """One seven: I_7, A_1, gradient, perturbation, adversarial image, and the path to A_1.

    Args:
        axes: (6,), for five images, then the probabilities along the path.
        pictures: images (k, 28, 28), probabilities (k, 10) of the adversarial images and
            (k, alphas, 10) along the path, by name.
        index: which of the k sevens.
    """
    seven, one = pictures["seven"][index], pictures["one"][index]
    adversarial = pictures["adversarial"][index]
    image(axes[0], seven, "I₇")
    image(axes[1], one, "A₁")
    signed(axes[2], pictures["gradient"][index], "∇(f₇ − f₁)")
    signed(axes[3], adversarial - seven, "E")
    by_class = pictures["adversarial_chances"][index]
    if np.isnan(adversarial).any():
        image(axes[4], np.full_like(seven, np.nan), "none found")
    else:
        image(axes[4], adversarial, f"I₇ + E: P(1) {by_class[1]:.2f},\nP(7) {by_class[7]:.2f}")
    probabilities(axes[5], pictures["alphas"], pictures["chances"][index])


def probabilities(ax: Axes, alphas: NDArray, by_class: NDArray) -> None:
    """Class probabilities, (k, 10), at alphas (k,) from I_7 (alpha = 0) to A_1 (alpha = 1)."""
    ax.plot(alphas, by_class[:, 7], "s-", ms=3, color=BLUE, label="7")
    ax.plot(alphas, by_class[:, 1], "o-", ms=3, color=ORANGE, label="1")
    ax.plot(alphas, 1 - by_class[:, 7] - by_class[:, 1], ":", color=GREY, label="others")
    ax.set(ylim=(-0.03, 1.03), yticks=[0, 0.5, 1])
    ax.set_xlabel("α", fontsize=9)
    ax.tick_params(labelsize=9)
    legend_above(ax, ncols=3, handletextpad=0.3)


def relation(
    ax: Axes, measures: Mapping[int, pd.DataFrame], printed: pd.DataFrame, predictor: str
) -> None:
    """Q/(0.5 L) of each seven against |M|/(0.5 L) or |cos theta_t|, the fit, the paper's five.

    Args:
        ax: where to draw.
        measures: by network, one row per seven.
        printed: Table 5, one row per experiment.
        predictor: the column on the horizontal axis.
    """
    tables = [ratios(part) for part in measures.values()]
    pair = pd.concat([pair_of(table, predictor, "Q_over_half_L") for table in tables])
    label = f"{len(pair)} sevens of {len(tables)} networks"
    ax.plot(pair["x"], pair["y"], ".", color=GREY, ms=3, label=label)
    paper = printed[[predictor, "Q_over_half_L"]].astype(float).abs()
    ax.plot(paper[predictor], paper["Q_over_half_L"], "X", color=ORANGE, ms=8, label="paper")
    top = 1.05 * np.nanmax([*pair[["x", "y"]].max(), *paper.max()])
    ax.plot([0, top], [0, top], color=BLACK, lw=0.8, zorder=0)
    slope, r = (_averaged(tables, predictor, what) for what in ("slope", "correlation"))
    if np.isfinite(slope):
        at = np.array([0, pair["x"].max()])
        level = pair["y"].mean() + slope * (at - pair["x"].mean())
        ax.plot(at, level, "--", color=BLUE, label=f"by network: slope {slope:.2f}, r {r:.2f}")
    label = {"M_over_half_L": r"$|M| / (0.5\,L)$", "cos_theta_t": r"$|\cos\theta_t|$"}
    ax.set(xlabel=label[predictor], ylabel=r"$Q / (0.5\,L)$, smallest found")
    ax.set(xlim=(0, None), ylim=(0, None))
    ax.legend(fontsize=8)


def _averaged(tables: Sequence[pd.DataFrame], predictor: str, what: str) -> float:
    """A fit within each network, averaged over those where it is known."""
    number = fit_of(predictor, "Q_over_half_L", what)
    values = np.array([of_network(table, number) for table in tables])
    return float(values[~np.isnan(values)].mean()) if (~np.isnan(values)).any() else np.nan


def along(ax: Axes, measures: pd.DataFrame, printed: pd.DataFrame) -> None:
    """Table 6, cos theta_t by alpha: median and quartiles over all sevens, and the printed four.

    ``measures`` has one row per seven and network; ``printed`` is Table 6, one row per alpha.
    """
    names = cosines(measures)
    alphas = np.linspace(0, 1, len(names))
    low, middle, high = measures[names].quantile([0.25, 0.5, 0.75]).to_numpy()
    ax.fill_between(alphas, low, high, color=BLUE, alpha=0.2, lw=0, label="middle half of ours")
    ax.plot(alphas, middle, "o-", color=BLUE, label=f"median of {len(measures)}")
    rows = printed[printed["alpha"] != "average"]
    columns = [name for name in rows if name.startswith("experiment_")]
    looks = zip("xX+P", (ORANGE, PURPLE, GREEN, BLACK), strict=True)
    for name, (marker, colour) in zip(columns, looks, strict=False):
        ax.plot(
            rows["alpha"].astype(float), rows[name].astype(float), marker=marker, ls="--", lw=0.8,
            color=colour, label=f"paper, {name.replace('_', ' ')}",
        )  # fmt: skip
    ax.axhline(0, color=GREY, lw=0.8)
    ax.set(xlabel=r"$\alpha$: from $I_7$ to $A_1$", ylabel=r"$\cos\theta_t$")
    legend_above(ax, ncols=3)
