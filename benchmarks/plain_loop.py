"""Shared by benchmarks: the plain training loop, with which tests compare our code, and a clock."""

import time
from collections.abc import Callable

import numpy as np
import torch

from fragility.synthetic.data import corners, label, points


def fit(module: torch.nn.Module, job, settings) -> torch.nn.Module:
    """Cross-entropy and torch.optim.Adam, one minibatch of all 2^d points after another.

    Args:
        module: the initial network, trained in place; output 0 scores the label +1.
        job: a run with ``matrix`` A (d, d) and the random stream ``orders``, which it draws from.
        settings: batch size, learning rate and epochs.
    """
    z = corners(len(job.matrix))
    x = torch.from_numpy(points(job.matrix, z)).to(next(module.parameters()).dtype)
    targets = torch.from_numpy((label(z) == -1).astype(np.int64))
    optimiser = torch.optim.Adam(module.parameters(), lr=settings.learning_rate)
    loss = torch.nn.CrossEntropyLoss()
    for _ in range(settings.epochs):
        order = torch.from_numpy(job.orders.permutation(len(z)))
        for batch in order.split(settings.batch_size or len(z)):
            optimiser.zero_grad()
            loss(module(x[batch]), targets[batch]).backward()
            optimiser.step()
    return module


def seconds(work: Callable, repeats: int = 1) -> float:
    """Seconds of ``work`` per repeat, the best of three."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) / repeats)
    return min(times)
