"""The batch size at each dimension, and the number of steps that it gives."""

import pytest

from fragility.experiments.linear.batches import batch_at, steps


@pytest.mark.parametrize("d", [7, 8, 9, 10, 12, 14, 15, 16, 17])
def test_every_dimension_takes_as_many_steps_as_the_table_s(d):
    assert steps(d, batch_at(d, 1024, 12), 20) == steps(12, 1024, 20) == 80


def test_one_batch_size_for_all_dimensions_does_not():
    assert [steps(d, 1024, 20) for d in (7, 10, 12, 17)] == [20, 20, 80, 2560]


def test_the_batch_is_halved_and_doubled_with_each_dimension():
    assert [batch_at(d, 1024, 12) for d in (7, 11, 12, 13, 17)] == [32, 512, 1024, 2048, 32768]


def test_a_batch_has_a_point_at_least():
    assert batch_at(4, 4, 12) == 1


def test_all_points_are_all_points_at_every_dimension():
    assert batch_at(7, "full", 12) == "full"
    assert steps(7, "full", 20) == 20


def test_the_last_batch_of_an_epoch_may_be_smaller():
    assert steps(4, 7, 10) == 30  # 7 + 7 + 2 of 16 points
