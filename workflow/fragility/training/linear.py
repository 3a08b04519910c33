"""Train the linear networks of section 6, with the exact gradient in a fraction of the time.

The network is x -> H2 H1 x on the points x = A z, cross-entropy over two labels.  Let v be the
row (W_1 - W_2) = w H1 with w = H2[0] - H2[1], and c = A^T v, so that the difference of the logits
at the corner z is s = c . z.  With y = z_d and delta = -y sigma(-y s), the derivative of the loss
by s, the minibatch gradients are outer products of one vector q = mean(delta x) = A mean(delta z):

    dL/dH1 = w q^T,   dL/dH2[0] = H1 q,   dL/dH2[1] = -H1 q.

The hidden activations (batch x width) and the data matrix (2^d x d) are never formed; a step costs
one pass over H1 and its Adam moments.  The two rows of H2 receive opposite gradients, so
H2[0] + H2[1] does not change, and of H2 only w is trained.
"""

from collections.abc import Iterable, Iterator

from numpy.typing import NDArray

from fragility.runtime.seeds import generator
from fragility.synthetic.networks import LinearNetwork, linear_network
from fragility.training.run import Run, Settings


def make_run(matrix: NDArray, index: int, width: int, seed: int) -> Run[LinearNetwork]:
    """Run ``index`` for the matrix A (d, d): its streams depend on seed, d and index only.

    Runs of one index share A, initial weights and batch orders whatever the batch size and the
    learning rate, so that settings are compared on common random numbers.
    """
    d = len(matrix)
    network = linear_network(d, width, generator(seed, "linear", "initialisation", d, index))
    return Run(matrix, network, generator(seed, "linear", "orders", d, index))


def train(
    runs: Iterable[Run[LinearNetwork]], settings: Settings, device: str
) -> Iterator[LinearNetwork]:
    """Train the networks of ``runs``; yields the trained networks in the same order.

    On the CPU they are trained one after another, each in the processor's cache (CONTRIBUTING says
    what bounds the speed); on a GPU all together.  The initial weights' dtype is the dtype of
    training.
    """
    if device == "cpu":
        from fragility.training.linear_cpu import train_one

        return (train_one(run, settings) for run in runs)
    from fragility.training.linear_torch import train_together

    return iter(train_together(list(runs), settings, device))
