"""Training ReLU networks: our time, the plain loop's, and a lower bound.

One run, one thread, d = 12; both use the same seeds and batch orders, and the weights are compared.
First one hidden layer of 3000 units by the compiled pass, then 2, 3 and 5 of 256 by the batched
products.  (For deep networks in float32 the distance of the weights says little: a pre-activation
that rounding moves across 0 activates a unit, and Adam moves it by a full step; in float64 the
tests find both equal to 1e-9.)  The lower bound ("floor") is the time of the fused multiply-adds of
the products at the rate of this machine's float32 matrix product, measured in the same run.
The last line is the ratio per network of one hidden layer.
"""

import time

import numpy as np
import torch
from plain_loop import fit, seconds

from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.synthetic.networks import ReluNetwork, relu_module
from fragility.training.relu import make_relu_run, train
from fragility.training.relu_torch import train_together
from fragility.training.run import Run, Settings

D, EPOCHS = 12, 20
WIDTH, SHALLOW = 3000, Settings(batch_size=1024, learning_rate=0.01, epochs=EPOCHS)
DEEP_WIDTH, DEEP = 256, Settings(batch_size=256, learning_rate=0.001, epochs=EPOCHS)
DEPTHS = 2, 3, 5
PLAIN, OURS = 2, 5  # networks of one hidden layer timed with each


def run(index: int, width: int = WIDTH, layers: int = 1) -> Run:
    matrix = scale_columns(gaussian_matrix(D, generator(0, "benchmark", index)), 5)
    return make_relu_run(matrix, index, width, layers, seed=0)


def plain(job: Run, settings: Settings) -> ReluNetwork:
    """nn.Sequential, cross-entropy, torch.optim.Adam, one minibatch after another."""
    network = fit(relu_module(job.network), job, settings)
    return ReluNetwork(
        [layer.weight.detach().numpy() for layer in network[::2]],
        [layer.bias.detach().numpy() for layer in network[::2]],
    )


def apart(ours: list[ReluNetwork], theirs: list[ReluNetwork]) -> float:
    """Largest relative distance of a layer's weights or biases."""
    return max(
        np.linalg.norm(one - other) / np.linalg.norm(other)
        for pair in zip(ours, theirs, strict=True)
        for kind in ("weights", "biases")
        for one, other in zip(*(getattr(network, kind) for network in pair), strict=True)
    )


def product_rate(*shapes: tuple[int, int, int]) -> float:
    """Multiply-adds a second of float32 products (m, k) @ (k, n), one of each shape in turn."""
    triples = [(torch.rand(m, k), torch.rand(k, n), torch.empty(m, n)) for m, k, n in shapes]
    work = sum(m * k * n for m, k, n in shapes)
    repeats = max(1, 2**33 // work)

    def multiply():
        for _ in range(repeats):
            for a, b, c in triples:
                torch.mm(a, b, out=c)

    return work / seconds(multiply, repeats)


def one_hidden_layer() -> float:
    """The ratio; prints times and lower bounds."""
    list(train([run(0)], SHALLOW, "cpu"))  # compiles
    begun = time.perf_counter()
    slow = [plain(run(i), SHALLOW) for i in range(PLAIN)]
    per_plain = (time.perf_counter() - begun) / PLAIN
    per_ours = seconds(lambda: list(train(map(run, range(OURS)), SHALLOW, "cpu")), OURS)
    fast = list(train(map(run, range(PLAIN)), SHALLOW, "cpu"))

    batch = SHALLOW.batch_size
    work = EPOCHS * 2 * 2**D * WIDTH * (D + 1)  # the hidden layer, forward and backward
    rates = {
        "1024 x 1024 @ 1024 x 1024": product_rate((1024, 1024, 1024)),
        f"{batch} x {D + 1} @ {D + 1} x {WIDTH} and {WIDTH} x {batch} @ {batch} x {D + 1}":
            product_rate((batch, D + 1, WIDTH), (WIDTH, batch, D + 1)),
    }  # fmt: skip
    print(f"one hidden layer of {WIDTH}, batch {batch}, rate {SHALLOW.learning_rate}:")
    print(f"  plain loop:    {per_plain:.3f} s per network")
    print(f"  compiled pass: {per_ours:.3f} s per network, weights {apart(fast, slow):.1e} apart")
    print(f"  {work / 1e9:.2f}e9 multiply-adds, {work / per_ours / 1e9:.1f}e9 a second")
    for shape, rate in rates.items():
        print(f"  floor at the rate of {shape} ({rate / 1e9:.1f}e9 a second): "
              f"{work / rate:.3f} s; we take {per_ours * rate / work:.1f} times it")  # fmt: skip
    return per_plain / per_ours


def deeper() -> None:
    width = DEEP_WIDTH
    rate = product_rate((width, width, width))
    print(f"hidden layers of {width}, batch {DEEP.batch_size}, rate {DEEP.learning_rate}:")
    print(f"  {width} x {width} @ {width} x {width}: {rate / 1e9:.1f}e9 multiply-adds a second")
    for layers in DEPTHS:
        begun = time.perf_counter()
        slow = plain(run(0, width, layers), DEEP)
        per_plain = time.perf_counter() - begun
        fast = []
        per_ours = seconds(
            lambda layers=layers, fast=fast: fast.extend(
                train_together([run(0, width, layers)], DEEP, "cpu")
            )
        )
        # a layer's outputs, its weights' gradients and, but for the first layer, its inputs'
        each = 2 * (D + 1) * width + 3 * (layers - 1) * width**2 + 3 * width * 2
        work = EPOCHS * 2**D * each
        print(f"  {layers} layers: plain loop {per_plain:.3f} s, batched products "
              f"{per_ours:.3f} s, weights {apart(fast[:1], [slow]):.1e} apart; {work / 1e9:.1f}e9 "
              f"multiply-adds, floor {work / rate:.3f} s, we take {per_ours * rate / work:.1f} "
              "times it")  # fmt: skip


def main() -> None:
    torch.set_num_threads(1)
    ratio = one_hidden_layer()
    deeper()
    print(f"ratio: {ratio:.0f}")


if __name__ == "__main__":
    main()
