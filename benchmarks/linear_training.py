"""Training a linear network: the time of the collapsed step compared with the plain loop's.

One run, one thread, the paper's d = 12 and width 3000, batch 64, 20 epochs; both use the same seeds
and batch orders, and the weights are compared.  Then two lower bounds of the collapsed step: the
time per weight of a square root and a division only, and of copying as many bytes as it moves.
The last line is the ratio per network.
"""

import time

import numpy as np
import torch
from numba import njit
from plain_loop import fit, seconds

from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.synthetic.networks import LinearNetwork, as_module
from fragility.training.linear import make_run, train
from fragility.training.run import Run, Settings

D, WIDTH = 12, 3000
SETTINGS = Settings(batch_size=64, learning_rate=0.001, epochs=20)
PLAIN, OURS = 3, 30  # networks timed with each


def run(index: int) -> Run:
    matrix = scale_columns(gaussian_matrix(D, generator(0, "benchmark", index)), 5)
    return make_run(matrix, index, WIDTH, seed=0)


def plain(job: Run) -> LinearNetwork:
    """nn.Sequential, cross-entropy, torch.optim.Adam, one minibatch after another."""
    network = fit(as_module(job.network), job, SETTINGS)
    return LinearNetwork(*(layer.weight.detach().numpy() for layer in network))


@njit(fastmath={"reassoc", "contract", "nsz"}, error_model="numpy")
def root_and_divide(p, m, v, rounds):
    """The square root and division of every Adam step, on data that stays in the first cache."""
    for _ in range(rounds):
        for j in range(p.size):
            p[j] -= m[j] / (np.sqrt(v[j]) + np.float32(1e-8))


def main() -> None:
    torch.set_num_threads(1)
    list(train([run(0)], SETTINGS, "cpu"))  # compiles

    begun = time.perf_counter()
    slow = [plain(run(i)) for i in range(PLAIN)]
    per_plain = (time.perf_counter() - begun) / PLAIN
    per_ours = seconds(lambda: list(train(map(run, range(OURS)), SETTINGS, "cpu")), OURS)
    fast = list(train(map(run, range(PLAIN)), SETTINGS, "cpu"))
    apart = max(
        np.linalg.norm(a.weights() - b.weights()) / np.linalg.norm(a.weights())
        for a, b in zip(slow, fast, strict=True)
    )

    weights = WIDTH * (D + 1)
    steps = SETTINGS.epochs * -(-(2**D) // SETTINGS.batch_size)
    per_weight = per_ours / steps / weights
    p, m, v = (np.ones(WIDTH, np.float32) for _ in range(3))
    root_and_divide(p, m, v, 1)
    rounds = 2000
    floor = seconds(lambda: root_and_divide(p, m, v, rounds), rounds * WIDTH)
    moved = 7 * 4 * weights  # read H1, m, v twice for H1, write them: float32
    big, other = np.ones(3 * weights, np.float32), np.ones(3 * weights, np.float32)
    copied = 2 * big.nbytes / seconds(lambda: [np.copyto(other, big) for _ in range(200)], 200)

    print(f"plain loop:     {per_plain:.3f} s per network")
    print(f"collapsed step: {per_ours:.4f} s per network, weights {apart:.1e} apart")
    print(f"per weight and step: {per_weight * 1e9:.2f} ns; root and division alone: "
          f"{floor * 1e9:.2f} ns ({floor / per_weight:.0%} of it)")  # fmt: skip
    print(f"state moved: {moved * steps / per_ours / 1e9:.0f} GB/s; copying as much memory "
          f"(second-level cache): {copied / 1e9:.0f} GB/s")  # fmt: skip
    print(f"ratio: {per_plain / per_ours:.0f}")


if __name__ == "__main__":
    main()
