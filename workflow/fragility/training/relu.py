"""Train the ReLU networks of section 6 ("Nonlinear networks") as its linear ones are trained.

The points are the corners x = A z, the loss is cross-entropy over two labels, the steps are Adam's
on minibatches in random order.  One hidden layer on the CPU goes through ``relu_cpu``, a compiled
pass; deeper networks, and all on a GPU, through ``relu_torch``, batched matrix products.
"""

from collections.abc import Iterable, Iterator

from numpy.typing import NDArray

from fragility.runtime.seeds import generator
from fragility.synthetic.networks import ReluNetwork, relu_network
from fragility.training.run import Run, Settings


def make_relu_run(
    matrix: NDArray, index: int, width: int, layers: int, seed: int
) -> Run[ReluNetwork]:
    """Run ``index`` for the matrix A (d, d); its streams depend on seed, d, layers and index only.

    Runs of one index share A and batch orders at every depth.
    """
    d = len(matrix)
    initial = generator(seed, "relu", "initialisation", d, layers, index)
    return Run(
        matrix,
        relu_network(d, width, layers, initial),
        generator(seed, "relu", "orders", d, index),
    )


def train(
    runs: Iterable[Run[ReluNetwork]], settings: Settings, device: str
) -> Iterator[ReluNetwork]:
    """Train the networks of ``runs`` (of one d and shape); yields them trained, in the same order.

    On the CPU one after another, on a GPU all together.  The initial weights' dtype is the dtype of
    training.
    """
    if device == "cpu":
        return (_train_one(run, settings) for run in runs)
    from fragility.training.relu_torch import train_together

    return iter(train_together(list(runs), settings, device))


def _train_one(run: Run[ReluNetwork], settings: Settings) -> ReluNetwork:
    if len(run.network.weights) == 2:
        from fragility.training.relu_cpu import train_one

        return train_one(run, settings)
    from fragility.training.relu_torch import train_together

    return train_together([run], settings, "cpu")[0]
