"""The ImageNet experiment's figures."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fragility.experiments.imagenet import summary
from fragility.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, legend_above

MARKS = tuple(zip("osD^v", (BLUE, ORANGE, GREEN, PURPLE, BLACK), strict=True))
LABELS = {"Q_iterative": "iterative attack", "Q_minimal": "minimal-norm attacks"}


def photo(ax: Axes, pixels: NDArray, title: str = "") -> None:
    """One photo (3, size, size) in [0, 1], without axes; a missing one (NaN) is an empty frame."""
    ax.imshow(np.nan_to_num(pixels, nan=1.0).transpose(1, 2, 0), interpolation="antialiased")
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.set_title(title, fontsize=8)


def row_of_photos(axes: NDArray, pictures: dict[str, NDArray], rows: pd.DataFrame, side: str):
    """Figures 4 and 5: the photos of one side ("source" or "target").

    Args:
        axes: one per experiment, (k,).
        pictures: photos by side, (k, 3, size, size) in [0, 1].
        rows: one per experiment, with its number and the names of its classes.
        side: which photos.
    """
    names = zip(axes, pictures[side], rows["experiment"], rows[f"{side}_name"], strict=True)
    for ax, pixels, experiment, name in names:
        photo(ax, pixels, f"{experiment}: {name}")


def panel(axes: NDArray, pictures: dict[str, NDArray], index: int, row: pd.Series) -> None:
    """One experiment: the photo, the way to the target, the perturbations of two attacks.

    Perturbations are shown around mid-grey, times the factor named; P is the probability of the
    photo's class at the photo, of the target's class at the adversarial photo.

    Args:
        axes: (4,).
        pictures: photos (k, 3, size, size) and probabilities of both classes (k, 2) by name.
        index: which of the k experiments.
        row: its measures.
    """
    source = pictures["source"][index]
    chance = pictures["source_chances"][index, 0]
    photo(axes[0], source, f"{row['experiment']}: {row['source_name']}, P {chance:.2f}")
    probabilities(axes[1], pictures["alphas"], pictures["chances"][index])
    axes[1].set_title(f"from {row['target_name']}", fontsize=8)
    for ax, kind in zip(axes[2:], ("minimal", "iterative"), strict=True):
        enlarged, factor = _enlarged(pictures[kind][index] - source)
        chance = pictures[f"{kind}_chances"][index, 1]
        found = np.isfinite(pictures[kind][index]).all()
        photo(ax, enlarged, f"{kind} × {factor:g}, P {chance:.2f}" if found else f"{kind}: none")


def _enlarged(perturbation: NDArray) -> tuple[NDArray, float]:
    """The perturbation around mid-grey and the factor, 1, 2 or 5 times a power of ten."""
    size = float(np.quantile(np.abs(np.nan_to_num(perturbation)), 0.999))
    if size == 0:
        return np.full_like(perturbation, 0.5), 1.0
    exponent = np.floor(np.log10(0.5 / size))
    choices = 10.0**exponent * np.array([1, 2, 5])
    factor = float(choices[choices <= 0.5 / size * (1 + 1e-9)].max())
    return np.clip(0.5 + factor * np.nan_to_num(perturbation), 0, 1), factor


def probabilities(ax: Axes, alphas: NDArray, by_class: NDArray) -> None:
    """Probabilities of both classes (k, 2) at alphas (k,) from the target (0) to the photo (1)."""
    ax.plot(alphas, by_class[:, 0], "s-", ms=3, color=BLUE, label="photo's class")
    ax.plot(alphas, by_class[:, 1], "o-", ms=3, color=ORANGE, label="target's")
    ax.plot(alphas, 1 - by_class.sum(axis=1), ":", color=GREY, label="others")
    # room for the legend above the data, which fill all from 0 to 1
    ax.set(ylim=(-0.03, 1.5), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.set_xlabel("α", fontsize=8)
    ax.tick_params(labelsize=8)
    ax.legend(
        fontsize=8, loc="upper left", ncols=2, handlelength=1.2, columnspacing=0.7,
        handletextpad=0.4, borderaxespad=0.1,
    )  # fmt: skip


def along(ax: Axes, fine: pd.DataFrame, entries: int) -> None:
    """Figure 6: |cos theta_alpha| of one experiment, and its mean for a random direction.

    Args:
        ax: where to draw.
        fine: one row per alpha, with cos_theta.
        entries: entries of a photo, 3 size^2.
    """
    ax.plot(fine["alpha"], fine["cos_theta"].abs(), "o-", ms=3, lw=0.8, color=BLUE, label="ours")
    level = summary.random_mean_cos(entries)
    ax.axhline(level, color=ORANGE, ls="--", label=f"random direction, mean {level:.4f}")
    ax.axhspan(0, 1.96 / np.sqrt(entries), color=ORANGE, alpha=0.15, lw=0, label="95 % of them")
    ax.set(xlabel=r"$\alpha$: from the target to the photo", ylabel=r"$|\cos\theta_\alpha|$")
    ax.set(ylim=(0, None))
    legend_above(ax, ncols=3)


def relation(ax: Axes, pairs: pd.DataFrame, printed: pd.DataFrame, kind: str) -> None:
    """Q/(0.5 L) of each pair against |M|/(0.5 L), the fitted line, and the paper's four.

    Args:
        ax: where to draw.
        pairs: one row per ordered pair of photos.
        printed: Table 8, one row per experiment.
        kind: the column of Q: "Q_iterative" or "Q_minimal".
    """
    pair = summary.pair_of(pairs, "M", kind)
    ax.plot(pair["x"], pair["y"], ".", color=GREY, ms=4, label=f"ours, {len(pair)} pairs")
    paper = printed.astype(float)
    ax.plot(
        paper["M_over_half_L"].abs(), paper["Q_over_half_L"], "X", color=ORANGE, ms=8,
        label="paper (another network)",
    )  # fmt: skip
    top = 1.05 * np.nanmax([*pair[["x", "y"]].max(), paper["Q_over_half_L"].max()])
    ax.plot([0, top], [0, top], color=BLACK, lw=0.8, zorder=0)
    slope, r = (summary.of_all(pair, summary.FITS[name]) for name in ("slope", "correlation"))
    if np.isfinite(slope):
        at = np.array([0, pair["x"].max()])
        level = pair["y"].mean() + slope * (at - pair["x"].mean())
        ax.plot(at, level, "--", color=BLUE, label=f"slope {slope:.2f}, r {r:.2f}")
    ax.set(xlabel=r"$|M| / (0.5\,L)$", ylabel=r"$Q / (0.5\,L)$", title=f"Q by {LABELS[kind]}")
    ax.set(xlim=(0, None), ylim=(0, None))
    ax.legend(fontsize=8)


def by_step(ax: Axes, table: pd.DataFrame) -> None:
    """Q divided by the smallest perturbation found, by step size; one line per network.

    ``table`` has one row per network and step size (:func:`.tables.steps`).
    """
    by_model = table.sort_values("grey_levels").groupby("model", sort=False)
    for model, (marker, colour) in zip(table["model"].unique(), MARKS * len(table), strict=False):
        part = by_model.get_group(model)
        at = part["grey_levels"]
        ax.plot(at, part["excess"], marker=marker, color=colour, label=model)
        ax.fill_between(at, part["excess_low"], part["excess_high"], color=colour, alpha=0.12, lw=0)
    ax.axhline(1, color=BLACK, lw=0.8, label="smallest found")
    ax.set(xscale="log", yscale="log", xlabel="step, in grey levels of 255")
    ax.set_ylabel("Q of the iterative attack / Q of minimal norm")
    ax.legend(fontsize=8)


def against_chance(ax: Axes, pairs: pd.DataFrame) -> None:
    """|cos| sqrt(n) at the photos, and its half-normal density for a random direction.

    ``pairs`` has one row per ordered pair of photos; n is the number of entries of a photo.
    """
    z = pairs["cos_theta_t"].abs() * np.sqrt(pairs["entries"])
    bins = np.linspace(0, max(4.0, float(z.max())), 33)
    ax.hist(z, bins, density=True, color=BLUE, alpha=0.6, label="own difference")
    others = pairs["cos_others"] * np.sqrt(pairs["entries"])
    ax.hist(
        others, bins, density=True, histtype="step", color=PURPLE, hatch="//",
        label="others' differences (means)",
    )  # fmt: skip
    at = np.linspace(0, bins[-1], 200)
    ax.plot(at, summary.random_density(at), "--", color=ORANGE, label="random direction")
    ax.set(xlabel=r"$|\cos\theta_t|\,\sqrt{n}$", ylabel="density")
    ax.legend(fontsize=8)
