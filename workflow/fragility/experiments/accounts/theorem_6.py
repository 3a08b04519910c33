"""Networks on Theorem 6's data, measured all at once: x = A z, and x' differs in z's last sign."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from fragility.attacks.boundary import Difference
from fragility.exact.certificate import certified_radius
from fragility.experiments.accounts.measuring import Effort, Pairs, labelled, measured
from fragility.synthetic.data import corners, draw_corners, label, points
from fragility.synthetic.networks import ReluNetwork

Activation = Callable[[torch.Tensor], torch.Tensor]
SMOOTH = "a ReLU network's weights with a smooth activation, for the quadrature only"


def linear(weights: NDArray) -> ReluNetwork:
    """The linear network W x, W (2, d), as a ReLU network without a hidden layer."""
    return ReluNetwork([weights.astype(float)], [np.zeros(2)])


def stacked(
    networks: Sequence[ReluNetwork], labels: NDArray, activation: Activation = torch.relu
) -> Difference:
    """label (f_1 - f_2) for networks of one shape; the rows are in blocks of one size, by network.

    Args:
        networks: N of them, in float64.
        labels: of the N p inputs, -1 and +1.
        activation: of the hidden layers.
    """
    layers = [
        tuple(torch.from_numpy(np.stack(parts)) for parts in zip(*layer, strict=True))
        for layer in zip(
            *(zip(net.weights, net.biases, strict=True) for net in networks), strict=True
        )
    ]
    signs = torch.from_numpy(np.asarray(labels, dtype=float))

    def g(inputs: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        below = inputs.view(len(networks), -1, inputs.shape[-1])
        for weight, bias in layers[:-1]:
            below = activation(torch.baddbmm(bias[:, None], below, weight.mT))
        weight, bias = layers[-1]
        last, offset = weight[:, 0] - weight[:, 1], bias[:, 0] - bias[:, 1]
        return ((below @ last[..., None])[..., 0] + offset[:, None]).flatten() * signs[rows]

    return g


def measure(
    networks: Sequence[tuple[int, NDArray, ReluNetwork]],
    effort: Effort,
    *,
    n_pairs: int,
    n_certified: int,
    seed: int,
    smooth: bool = False,
) -> pd.DataFrame:
    """The rows of :func:`.measuring.measured` for networks of one shape, ``n_pairs`` inputs each.

    Further columns: network, input, kappa_certified (a lower bound on kappa, by CROWN, of the first
    ``n_certified`` networks; in l-infinity it is the l2 radius divided by sqrt(d)), mean_gap
    (largest entry of the difference of the class means minus 2 A_:,d, over its largest entry).

    Args:
        networks: run, A (d, d) and network of each; of one shape.
        effort: points and steps.
        n_pairs: inputs x per network.
        n_certified: networks with certificates, from the first.
        seed: root of the random streams.
        smooth: put softplus in place of each ReLU; rows then say so as their reason.
    """
    d = len(networks[0][1])
    z = np.stack([draw_corners(d, n_pairs, seed, "accounts", run) for run, _, _ in networks])
    matrices = np.stack([matrix for _, matrix, _ in networks])
    labels = label(z).astype(int)
    x = z @ matrices.transpose(0, 2, 1)
    feature = 2 * labels[..., None] * matrices[:, None, :, -1]
    activation = torch.nn.functional.softplus if smooth else torch.relu
    g = stacked([network for _, _, network in networks], labels.ravel(), activation)
    flat = [torch.from_numpy(each.reshape(-1, d)) for each in (x, x - feature, feature)]
    rows = measured(g, Pairs(*flat), effort)
    names = np.repeat([run for run, _, _ in networks], n_pairs)
    rows.insert(0, "network", names[rows["pair"]])
    some = 0 if smooth else n_certified
    rows["kappa_certified"] = _certified(networks, x, labels, rows, some)
    gaps = np.array([class_mean_gap(matrix) for matrix in matrices])
    rows["mean_gap"] = np.repeat(gaps, n_pairs)[rows["pair"]]
    if smooth:
        rows["reason"] = SMOOTH
    # networks of one run and d have the same A and inputs
    inputs = [f"d{d} run {run} number {k}" for run, _, _ in networks for k in range(n_pairs)]
    return labelled(rows, inputs)


def _certified(networks, x, labels, rows: pd.DataFrame, n_certified: int) -> NDArray:
    """Certified radius times ||grad g||/g for each row, NaN where none was asked for."""
    d, n_pairs = x.shape[-1], x.shape[1]
    l2 = rows[rows["norm"] == "l2"].sort_values("pair")
    linf = rows[rows["norm"] == "linf"].sort_values("pair")
    radius = np.full(len(l2), np.nan)
    upper = np.exp(l2["delta"].to_numpy())
    for i, (_, _, network) in enumerate(networks[:n_certified]):
        for k in range(n_pairs):
            at = i * n_pairs + k
            if math.isfinite(upper[at]):
                radius[at] = certified_radius(network, x[i, k], int(labels[i, k]), upper[at])
    log_radius = np.log(np.where(radius > 0, radius, np.nan))
    certified = {
        "l2": np.exp(log_radius + l2["curvature"].to_numpy() - l2["delta"].to_numpy()),
        "linf": np.exp(
            log_radius - 0.5 * math.log(d) + linf["curvature"].to_numpy() - linf["delta"].to_numpy()
        ),
    }
    return np.array(
        [certified[norm][pair] for norm, pair in zip(rows["norm"], rows["pair"], strict=True)]
    )


def class_mean_gap(matrix: NDArray) -> float:
    """How far the difference of the two classes' means over all 2^d points is from 2 A_:,d.

    The largest entry of the difference, relative to the largest of 2 A_:,d.  By symmetry the means
    are +-A_:,d: every other coordinate of z is as often +1 as -1 in each class.  So what is left
    is rounding, and Tanay and Griffin's angle, between a network's direction and the difference of
    the means, is the paper's theta_1.
    """
    d, total = len(matrix), np.zeros(len(matrix))
    for start in range(0, 2**d, 4096):
        z = corners(d, np.arange(start, min(start + 4096, 2**d)))
        total += (label(z)[:, None] * points(matrix, z)).sum(axis=0)
    mean_difference = total / 2 ** (d - 1)
    feature = 2 * matrix[:, -1]
    return float(np.abs(mean_difference - feature).max() / np.abs(feature).max())
