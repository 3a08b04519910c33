"""Which networks are trained, each condition once, in jobs of about equal length."""

import copy

from dimension_results import BLOCK

from fragility.experiments.dimension.conditions import conditions, packs


def test_each_condition_comes_once_with_the_larger_number_of_networks():
    every = {each["name"]: each for each in conditions(BLOCK)}
    assert len(every) == len(conditions(BLOCK)) == 2 * 3 + 3 + 2 * 2 + 2 * 2 + 1
    assert every["strided_side28_copies1_pgd_0.05"]["networks"] == 4  # 3 as a regulariser
    assert every["strided_side28_copies1_pgd_0.02"]["networks"] == 3
    assert "average_side28_copies2_pgd_0.05" not in every


def test_jobs_hold_all_conditions_whatever_their_size():
    for size in (1, 3, 100):
        block = copy.deepcopy(BLOCK) | {"conditions_per_job": size}
        parts = packs(block)
        assert max(map(len, parts)) <= size
        names = sorted(each["name"] for part in parts for each in part)
        assert names == sorted(each["name"] for each in conditions(block))
