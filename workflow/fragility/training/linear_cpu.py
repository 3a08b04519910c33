"""The collapsed training step as one compiled pass over the weights of one network.

H1 is kept transposed, (d, width), so that each row streams through the vector units; the state of
a network (H1 and two moments: 12 d width bytes in float32) stays in the second-level cache.
Numba's cache notices an edit only to the file that a function is in: functions that call one
another must stay together in this file.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numba import njit

from fragility.synthetic.networks import LinearNetwork, with_difference
from fragility.training.run import Run, Settings, all_steps, pieces

BETA_1, BETA_2, EPS = 0.9, 0.999, 1e-8  # PyTorch's defaults for Adam


def train_one(run: Run, settings: Settings) -> LinearNetwork:
    """Train one network on the CPU, in the dtype of its initial weights."""
    ((_, network),) = train_through(run, settings, [all_steps(run, settings)])
    return network


def train_through(
    run: Run, settings: Settings, checkpoints: Sequence[int]
) -> Iterator[tuple[int, LinearNetwork]]:
    """Train one network as :func:`train_one`; yields it after those numbers of steps, ascending."""
    dtype = run.network.hidden.dtype
    hidden = run.network.hidden.T.copy()
    difference = run.network.output[0] - run.network.output[1]
    matrix = run.matrix.astype(dtype)
    moments = [np.zeros_like(x) for x in (hidden, hidden, difference, difference)]
    row = hidden @ difference
    batch_size = settings.batch_size or 2 ** len(matrix)
    for step, orders in pieces(run, settings, checkpoints):
        for done, order in orders:
            _epoch(
                order, batch_size, done, settings.learning_rate,
                matrix, hidden, difference, *moments, row,
            )  # fmt: skip
        yield step, with_difference(run.network, hidden.T.copy(), difference.copy())


FAST = {"reassoc", "contract", "nsz"}  # sums may be reordered; NaN and infinity keep their meaning


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _epoch(order, batch_size, step, lr, matrix, h1, w, m1, v1, mw, vw, row):
    """One epoch of Adam, in place; ``row`` is w H1 = W_1 - W_2, kept up to date."""
    d, width = h1.shape
    real = h1.dtype.type
    coefficients, total = np.empty(d, h1.dtype), np.empty(d, h1.dtype)
    q = np.empty(d, h1.dtype)
    gradient, previous = np.empty(width, h1.dtype), np.empty(width, h1.dtype)
    for start in range(0, order.size, batch_size):
        batch = order[start : start + batch_size]
        _loss_gradient(batch, matrix, row, coefficients, total, q)
        step += 1
        rate = real(lr / (1 - BETA_1**step))
        root = real(1 / math.sqrt(1 - BETA_2**step))
        gradient[:] = 0
        previous[:] = w
        for k in range(d):
            _add_multiple(gradient, h1[k], q[k])
        # the two rows of H2 move by opposite steps, so their difference moves by twice one
        _adam(w, mw, vw, gradient, real(1), rate + rate, root)
        for k in range(d):
            _adam(h1[k], m1[k], v1[k], previous, q[k], rate, root)
            row[k] = _dot(h1[k], w)
    return step


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _loss_gradient(batch, matrix, row, coefficients, total, q):
    """Q = mean over the batch of delta x, through corners: x = A z is never formed."""
    d = row.size
    real = row.dtype.type
    for k in range(d):
        coefficients[k] = 0
        total[k] = 0
        for j in range(d):
            coefficients[k] += matrix[j, k] * row[j]
    for index in batch:
        s = real(0)
        for k in range(d):
            s += coefficients[k] if (index >> k) & 1 else -coefficients[k]
        y = real(1) if (index >> (d - 1)) & 1 else real(-1)
        delta = -y / (real(1) + math.exp(y * s))
        for k in range(d):
            total[k] += delta if (index >> k) & 1 else -delta
    for j in range(d):
        q[j] = 0
        for k in range(d):
            q[j] += matrix[j, k] * total[k]
        q[j] /= real(batch.size)


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
def _add_multiple(total, x, factor):
    for j in range(total.size):
        total[j] += x[j] * factor


@njit(cache=True, fastmath=FAST, error_model="numpy")
def _dot(x, y):
    s = x.dtype.type(0)
    for j in range(x.size):
        s += x[j] * y[j]
    return s
