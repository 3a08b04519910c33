"""Every term of both identities for the inputs of one network, or of a stack of networks."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from fragility.attacks.boundary import ATTACKS, Difference, kappas
from fragility.measures.decomposition import NORMS, Way, go, terms

COARSEST = 3  # points on the way for which the quadrature's gap is reported, doubled from here on
REASONS = ("", "g(x) is not positive", "g(x) is not above g(x')", "no attack reaches the boundary")


class Pairs(NamedTuple):
    """Inputs and what they are compared with; g is the difference of two logits of one network.

    Attributes:
        x: inputs, (n, ...).
        target: x', inputs of another class, (n, ...).
        tilt: the difference of the two classes' means, own minus other, (n, ...); None: not known.
    """

    x: torch.Tensor
    target: torch.Tensor
    tilt: torch.Tensor | None = None


class Effort(NamedTuple):
    """How precisely: points on the way, gradient steps of each attack, inputs in one pass.

    Without a number all inputs are in one pass, as a stack of networks needs them.
    """

    points: int
    steps: int
    chunk: int = 1 << 40


def difference(model: torch.nn.Module, first: torch.Tensor, second: torch.Tensor) -> Difference:
    """g = f_i - f_j of a model with outputs (m, classes); i and j are given for each row, (n,)."""

    def g(inputs: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        outputs = model(inputs)
        one, other = (outputs.gather(1, c[rows][:, None])[:, 0] for c in (first, second))
        return one - other

    return g


def measured(g: Difference, pairs: Pairs, effort: Effort) -> pd.DataFrame:
    """A row for each norm and input: the logarithms of all terms, and what else accounts name.

    Columns: norm, pair, g and fall (g(x) and g(x) - g(x')), the terms of
    :func:`.decomposition.terms`, kappa_NAME by attack, attack (that found the smallest), first_cos
    (cos of grad g(x) with x - x'), tilt_cos (with the difference of the class means), gap_N
    (quadrature's gap by N points), reason (why terms are missing).
    """
    parts = [
        _measured(
            lambda inputs, rows, start=start: g(inputs, rows + start),
            Pairs(
                *(each if each is None else each[start : start + effort.chunk] for each in pairs)
            ),
            effort,
        ).assign(pair=lambda rows, start=start: rows["pair"] + start)
        for start in range(0, len(pairs.x), effort.chunk)
    ]
    return pd.concat(parts).sort_values(["norm", "pair"], ignore_index=True)


def _measured(g: Difference, pairs: Pairs, effort: Effort) -> pd.DataFrame:
    way = go(g, pairs.x, pairs.target, effort.points, effort.chunk)
    value, fall = way.values[:, 0], way.values[:, 0] - way.values[:, -1]
    shared = {"pair": np.arange(len(value)), "g": value, "fall": fall}
    shared |= _angles(g, pairs, way) | _gaps(way)
    frames = []
    for norm, order in NORMS.items():
        found = _kappas(g, pairs.x, way, norm, order, effort.steps)
        table = np.stack(list(found.values()))
        failed = np.isnan(table).all(axis=0)
        least = np.where(np.isnan(table), np.inf, table)
        kappa = np.where(failed, np.nan, least.min(axis=0))
        columns = {"norm": norm} | shared | terms(way, norm, kappa)
        columns |= {f"kappa_{name}": values for name, values in found.items()}
        columns["attack"] = np.where(failed, "none", np.array(list(found))[least.argmin(axis=0)])
        why = np.select([value <= 0, fall <= 0, failed], [1, 2, 3], 0)
        frames.append(pd.DataFrame(columns | {"reason": np.array(REASONS)[why]}))
    return pd.concat(frames, ignore_index=True)


def _kappas(g: Difference, x: torch.Tensor, way: Way, norm: str, order: float, steps: int) -> dict:
    """Kappa by attack where g(x) is positive, NaN elsewhere.

    All rows are attacked, since g may need them all; those without a positive g count for nothing.
    """
    positive = way.values[:, 0] > 0
    sign = torch.from_numpy(np.where(positive, 1.0, -1.0)).to(x)
    value = np.where(way.values[:, 0] == 0, 1.0, np.abs(way.values[:, 0]))
    slope = way.norms[norm][:, 0]
    found = kappas(
        lambda inputs, rows: g(inputs, rows) * sign[rows], x, value, np.where(slope > 0, slope, 1),
        order=order, attacks=list(ATTACKS), steps=steps,
    )  # fmt: skip
    return {name: np.where(positive & (slope > 0), kappa, np.nan) for name, kappa in found.items()}


def _angles(g: Difference, pairs: Pairs, way: Way) -> dict[str, NDArray]:
    """Cosines of grad g(x) with x - x', and with the difference of the class means."""
    with np.errstate(invalid="ignore"):  # NaN where the gradient is zero
        first = way.rise[:, 0] / (way.norms["l2"][:, 0] * way.lengths["l2"])
    tilt = np.full(len(first), np.nan)
    if pairs.tilt is not None:
        at = pairs.x.detach().requires_grad_()
        values = g(at, torch.arange(len(at), device=at.device))
        (slopes,) = torch.autograd.grad(values.sum(), at)
        one, other = slopes.flatten(1).double(), pairs.tilt.flatten(1).double()
        tilt = torch.cosine_similarity(one, other, dim=1, eps=0.0).cpu().numpy()
    return {"first_cos": first, "tilt_cos": tilt}


def _gaps(way: Way) -> dict[str, NDArray]:
    """The quadrature's gap by 3, 5, 9, ... points, as far as these are part of the way's."""
    points, k = way.values.shape[1], COARSEST
    coarser = set()
    while k < points:
        coarser |= {k} if (points - 1) % (k - 1) == 0 else set()
        k = 2 * k - 1
    one = np.ones(len(way.values))
    gaps = {
        f"gap_{k}": terms(way.thinned(k), "l2", one)["quadrature"]
        for k in sorted({*coarser, points})
    }
    return gaps


def labelled(frame: pd.DataFrame, inputs: Sequence[str], **columns: object) -> pd.DataFrame:
    """The frame with the names of its inputs in place of their numbers, and columns in front."""
    names = np.asarray(inputs)[frame["pair"].to_numpy()]
    front = pd.DataFrame(columns | {"input": names}, index=frame.index)
    return front.join(frame.drop(columns="pair"))
