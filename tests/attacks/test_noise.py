"""What an attack finds does not depend on what torch drew before it, nor what is drawn after it."""

import numpy as np
import pytest
import torch

from fragility.attacks.minimal import Goal, smallest

DEAD = 0.3  # a gradient is 0 where |x_1| is below


class Flat(torch.nn.Module):
    """Class 0 near the origin; without a gradient around it, so that DDN starts by noise."""

    def forward(self, x):
        margin = 1 - torch.relu(x.norm(dim=1) - DEAD)
        return torch.stack([margin, -margin], dim=1)


def found(seed):
    torch.manual_seed(seed)
    x = torch.full((4, 5), 0.01, dtype=torch.float64)
    goal = Goal(torch.zeros(4, dtype=torch.long))
    return smallest(Flat().eval(), x, goal, attacks=["ddn"], bounds=(-9, 9), steps=40).perturbation


def test_where_gradients_vanish_the_same_is_found_whatever_was_drawn_before():
    first = found(1)
    assert np.isfinite(first).all()
    assert not np.allclose(first[0], first[1])  # it did go by noise: equal points, other ways
    np.testing.assert_array_equal(first, found(2))


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_drawn_after_it_is_as_if_it_had_not_run(seed):
    found(seed)
    after = torch.rand(3)
    torch.manual_seed(seed)
    torch.testing.assert_close(after, torch.rand(3))
