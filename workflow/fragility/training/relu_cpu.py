"""Training a network of one hidden ReLU layer as compiled passes over tiles of points.

Let u_j(x) = h_j . x + b_j be the pre-activations, w = H2[0] - H2[1] and c the difference of the
output biases, so that the difference of the logits is s = sum_j w_j max(u_j, 0) + c.  With y the
label and delta = -y sigma(-y s), the derivative of the loss by s, the batch means

    dL/dh_j = w_j G_j,  dL/db_j = w_j g_j,  dL/dw_j = h_j . G_j + b_j g_j,  dL/dc = mean(delta)

need (G_j, g_j) = mean(delta 1[u_j > 0] (x, 1)) only: of the activations (batch x width) only the
signs are kept, for one tile of points.  The two rows of H2 move by opposite steps, so w moves at
twice the rate, and so does c.

A row of ``packed`` is (h_j, b_j, 0 ...), padded to a multiple of four, and a column of ``x`` is
(x, 1, 0 ...): each pass over a tile takes four coordinates at once, which keeps the vector units
busy at any d.  Numba's cache notices an edit only to the file that a function is in: functions that
call one another, and their constants, must stay together in this file, as in ``linear_cpu``.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numba import njit

from fragility.synthetic.networks import ReluNetwork
from fragility.training.run import Run, Settings, all_steps, pieces

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8  # PyTorch's defaults for Adam
FAST = {"reassoc", "contract", "nsz"}  # sums may be reordered; NaN and infinity keep their meaning
TILE = 256  # points at once: 16 coordinates of them fill half of the first-level cache


def train_one(run: Run[ReluNetwork], settings: Settings) -> ReluNetwork:
    """Train one network of one hidden layer on the CPU, in the dtype of its initial weights."""
    ((_, network),) = train_through(run, settings, [all_steps(run, settings)])
    return network


def train_through(
    run: Run[ReluNetwork], settings: Settings, checkpoints: Sequence[int]
) -> Iterator[tuple[int, ReluNetwork]]:
    """Train one network as :func:`train_one`; yields it after those numbers of steps, ascending."""
    (hidden, output), (bias, output_bias) = run.network.weights, run.network.biases
    dtype, d = hidden.dtype, len(run.matrix)
    packed = np.zeros((len(hidden), -(-(d + 1) // 4) * 4), dtype)
    packed[:, :d], packed[:, d] = hidden, bias
    last = np.append(output[0] - output[1], output_bias[0] - output_bias[1])
    moments = [np.zeros_like(array) for array in (packed, packed, last, last)]
    batch_size = settings.batch_size or 2**d
    matrix = run.matrix.astype(dtype)
    for step, orders in pieces(run, settings, checkpoints):
        for done, order in orders:
            _epoch(order, batch_size, done, settings.learning_rate, matrix, packed, last, *moments)
        yield (
            step,
            ReluNetwork(
                [packed[:, :d].copy(), _rows(output, last[:-1])],
                [packed[:, d].copy(), _rows(output_bias, last[-1])],
            ),
        )


def _rows(initial, difference):
    """The two output rows from their trained difference; their sum is that of the initial rows."""
    total = initial[0] + initial[1]
    return (np.stack([total + difference, total - difference]) / 2).astype(initial.dtype)


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _epoch(order, batch_size, step, lr, matrix, packed, last, m1, v1, m2, v2):
    """One epoch of Adam, in place; ``last`` is (w, c)."""
    width, n = packed.shape
    real = packed.dtype.type
    tile = min(TILE, batch_size)
    x, active = np.empty((n, tile), packed.dtype), np.empty((width, tile), np.uint8)
    y, s, t = (
        np.empty(tile, packed.dtype),
        np.empty(tile, packed.dtype),
        np.empty(tile, packed.dtype),
    )
    inner, outer = np.empty_like(packed), np.empty_like(last)
    for start in range(0, order.size, batch_size):
        batch = order[start : start + batch_size]
        inner[:] = 0
        outer[:] = 0
        for first in range(0, batch.size, tile):
            part = batch[first : first + tile]
            size = part.size
            _points(part, matrix, x, y)
            s[:] = last[width]
            for j in range(width):
                _preactivation(packed[j], x, t)
                _activate(t, last[j], s, active[j])
            for p in range(tile):
                # a tile that the batch does not fill has points of weight 0 at its end
                s[p] = -y[p] / (real(1) + math.exp(y[p] * s[p])) / real(batch.size)
            for j in range(width):
                _gate(s, active[j], t)
                _project(t, x, inner[j])
            outer[width] += s[:size].sum()
        step += 1
        rate = real(lr / (1 - BETA_1**step))
        root = real(1 / math.sqrt(1 - BETA_2**step))
        for j in range(width):
            outer[j] = _dot(packed[j], inner[j])
            _adam(packed[j], m1[j], v1[j], inner[j], last[j], rate, root)
        _adam(last, m2, v2, outer, real(1), rate + rate, root)
    return step


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _points(indices, matrix, x, y):
    """Columns (x, 1, 0 ...) and labels of the corners; columns that the batch does not fill: 0."""
    d = matrix.shape[0]
    x[:] = 0
    y[:] = 0
    for p in range(indices.size):
        for k in range(d):
            for j in range(d):
                x[j, p] += matrix[j, k] if (indices[p] >> k) & 1 else -matrix[j, k]
        x[d, p] = 1
        y[p] = 1 if (indices[p] >> (d - 1)) & 1 else -1


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _preactivation(row, x, u):
    """Set u = row . x for each column of x."""
    u[:] = 0
    for k in range(0, x.shape[0], 4):
        h0, h1, h2, h3 = row[k], row[k + 1], row[k + 2], row[k + 3]
        x0, x1, x2, x3 = x[k], x[k + 1], x[k + 2], x[k + 3]
        for p in range(u.size):
            u[p] += h0 * x0[p] + h1 * x1[p] + h2 * x2[p] + h3 * x3[p]


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _activate(u, weight, s, active):
    """Add a unit's part to s, and store where the unit is active."""
    zero = u.dtype.type(0)
    for p in range(u.size):
        active[p] = u[p] > zero
        s[p] += weight * max(u[p], zero)


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _gate(delta, active, t):
    for p in range(t.size):
        t[p] = delta[p] * active[p]


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _project(t, x, total):
    """Add x . t to a unit's (G, g)."""
    zero = t.dtype.type(0)
    for k in range(0, x.shape[0], 4):
        x0, x1, x2, x3 = x[k], x[k + 1], x[k + 2], x[k + 3]
        a0 = a1 = a2 = a3 = zero
        for p in range(t.size):
            a0 += t[p] * x0[p]
            a1 += t[p] * x1[p]
            a2 += t[p] * x2[p]
            a3 += t[p] * x3[p]
        total[k] += a0
        total[k + 1] += a1
        total[k + 2] += a2
        total[k + 3] += a3


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _adam(p, m, v, direction, factor, rate, root):
    """One Adam step on the vector p with gradient ``factor * direction``, in place."""
    real = p.dtype.type
    b1, b2, eps = real(BETA_1), real(BETA_2), real(EPS)
    a1, a2 = real(1 - BETA_1), real(1 - BETA_2)
    for j in range(p.size):
        g = direction[j] * factor
        m[j] = b1 * m[j] + a1 * g
        v[j] = b2 * v[j] + a2 * g * g
        p[j] -= rate * m[j] / (np.sqrt(v[j]) * root + eps)


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _dot(x, y):
    s = x.dtype.type(0)
    for j in range(x.size):
        s += x[j] * y[j]
    return s
