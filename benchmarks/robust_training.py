"""Robust training: our stack of networks against a plain loop, one network at a time.

One run, one thread, d = 8, three hidden layers of 64; adversarial training at the default settings,
for a tenth of the epochs.  Both use the same seeds and batch orders.  The plain loop is
nn.Sequential, foolbox's L2PGD attack and torch.optim.Adam.  The last line is the ratio of seconds
per network.
"""

import time

import foolbox
import numpy as np
import torch
from plain_loop import seconds
from torch.nn.functional import cosine_similarity

from fragility.runtime.seeds import generator
from fragility.synthetic.data import corners, gaussian_matrix, label, points, scale_columns
from fragility.synthetic.networks import ReluNetwork, relu_module, relu_network
from fragility.training.interventions import STRIDE, Intervention, train
from fragility.training.run import Run, Settings

D, LAYERS, WIDTH, NETWORKS, ATTACK_STEPS = 8, 3, 64, 40, 3
SETTINGS = Settings(batch_size=64, learning_rate=0.01, epochs=15)
RADIUS = Intervention(radius=0.5)


def plain(
    run: Run[ReluNetwork], intervention: Intervention, settings: Settings, attack_steps: int
) -> ReluNetwork:
    """The losses of ``fragility.training.interventions``, term by term, for one network."""
    module = relu_module(run.network).eval()  # evaluation mode, for foolbox: no layer has another
    dtype = run.network.weights[0].dtype
    z = corners(len(run.matrix))
    x = torch.from_numpy(points(run.matrix, z).astype(dtype))
    y = torch.from_numpy(label(z).astype(dtype))
    a = torch.from_numpy(run.matrix[:, -1].astype(dtype))
    optimiser = torch.optim.Adam(module.parameters(), lr=settings.learning_rate)
    n_steps, step = settings.epochs * -(-len(z) // settings.batch_size), 0
    for _ in range(settings.epochs):
        order = torch.from_numpy(run.orders.permutation(np.arange(len(z), dtype=np.int32))).long()
        for batch in order.split(settings.batch_size):
            step += 1
            share = min(1.0, 3 * step / n_steps)
            rate = settings.learning_rate * min(1.0, 3 * (n_steps - step + 1) / n_steps)
            optimiser.param_groups[0]["lr"] = rate
            loss = _loss(module, x[batch], y[batch], a, intervention, share, attack_steps, run)
            optimiser.zero_grad()  # after the attack, which leaves gradients of the weights
            loss.backward()
            optimiser.step()
            with torch.no_grad():
                for parameter in module.parameters():
                    parameter *= 1 - rate * share * intervention.decay
    return ReluNetwork(
        [layer.weight.detach().numpy() for layer in module[::2]],
        [layer.bias.detach().numpy() for layer in module[::2]],
    )


def foolbox_attacked(module, x, y, radius: float, steps: int) -> torch.Tensor:
    """Foolbox's projected gradient ascent within an l2 ball, without a random start."""
    attack = foolbox.attacks.L2ProjectedGradientDescentAttack(
        rel_stepsize=STRIDE / steps, steps=steps, random_start=False
    )
    far = 10 * float(x.abs().max())
    model = foolbox.PyTorchModel(module, bounds=(-far, far))
    _, (clipped,), _ = attack(model, x, (y < 0).long(), epsilons=[radius])
    return clipped


def _loss(module, x, y, a, told: Intervention, share: float, attack_steps: int, run: Run):
    m = a.norm()
    if told.radius:
        x = foolbox_attacked(module, x, y, share * told.radius * float(m), attack_steps)
    x = x.detach().requires_grad_()
    margin = y * _difference(module, x)
    each = (margin - 1) ** 2 if told.equal_margins else torch.log1p(torch.exp(-margin))
    loss = each.mean()
    if told.gradient:
        (slope,) = torch.autograd.grad(each.sum(), x, create_graph=True)
        loss = loss + share * told.gradient * m * slope.norm(dim=1).mean()
    if told.angle:
        t = torch.from_numpy(run.orders.random(len(x))).to(x.dtype)
        off = 1 - cosine_similarity(_slopes(module, x - (2 * t * y)[:, None] * a), a[None])
        loss = loss + share * told.angle * off.mean()
    if told.curvature:
        away = torch.from_numpy(run.orders.standard_normal(x.shape)).to(x.dtype)
        there = x + m * away / away.norm(dim=1, keepdim=True)
        bend = 1 - cosine_similarity(_slopes(module, x), _slopes(module, there))
        loss = loss + share * told.curvature * bend.mean()
    return loss


def _difference(module, x):
    outputs = module(x)
    return outputs[:, 0] - outputs[:, 1]


def _slopes(module, x):
    at = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(_difference(module, at).sum(), at, create_graph=True)
    return slope


def run(index: int) -> Run[ReluNetwork]:
    matrix = scale_columns(gaussian_matrix(D, generator(0, "benchmark", index)), 5)
    network = relu_network(D, WIDTH, LAYERS, generator(0, "benchmark initial", index))
    return Run(matrix, network, generator(0, "benchmark orders", index))


def main() -> None:
    torch.set_num_threads(1)
    begun = time.perf_counter()
    plain(run(0), RADIUS, SETTINGS, ATTACK_STEPS)
    per_plain = time.perf_counter() - begun
    per_ours = seconds(
        lambda: train(
            [run(i) for i in range(NETWORKS)], [RADIUS] * NETWORKS, SETTINGS, ATTACK_STEPS, "cpu"
        ),
        NETWORKS,
    )
    print(f"plain loop: {per_plain:.3f} s per network")
    print(f"stack of {NETWORKS}: {per_ours:.3f} s per network")
    print(f"ratio: {per_plain / per_ours:.1f}")


if __name__ == "__main__":
    main()
