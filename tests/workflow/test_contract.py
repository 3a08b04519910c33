"""The contract of rerunning, for every key: planned is what is told otherwise, and what follows.

A setting that a program reads behind its document's back would pass the first part.  So for some
keys of each block the changed workflow runs in an empty folder, and every file with other bytes
than the finished run's must have been planned.
"""

import pytest
from planning import changed, exchanges, jobs, keys, one_change, told_otherwise, tiny, value
from workflow_runs import RESULTS, TIMED, contents, copy_of_repository, snakemake

# another folder of results has nothing to compare with; tests/workflow/test_workflow.py runs there
LEFT_OUT = {("results",)}
# it packs conditions into jobs and changes no result: test_cells_packed_into_jobs_...
PACKING = ("linear", "sensitivity", "cells_per_job")


def single_changes():
    config = tiny()
    return {".".join(key): one_change(config, key) for key in keys() if key not in LEFT_OUT}


def exchanged_pairs():
    return {f"{'.'.join(a)} and {'.'.join(b)}": new for a, b, new in exchanges(tiny())}


def disagreements(folder, changes) -> dict[str, tuple[set, set]]:
    """The changes after which what is planned is not what is told otherwise: both differences."""
    found = {}
    for name, config in changes.items():
        plan = jobs(folder, config)
        planned = {record for record, job in plan.items() if job.planned}
        affected = told_otherwise(folder, plan)
        if planned != affected:
            found[name] = (planned - affected, affected - planned)
    return found


def test_every_key_has_a_valid_change_and_many_pairs_can_be_exchanged():
    assert [name for name, config in single_changes().items() if config is None] == []
    assert len(exchanged_pairs()) > 100


def test_unchanged_nothing_is_planned_and_nothing_told_otherwise(finished):
    plan = jobs(finished, tiny())
    assert len(plan) > 80
    assert not any(job.planned for job in plan.values())
    assert not told_otherwise(finished, plan)


@pytest.mark.parametrize("part", range(4))
def test_changing_a_key_plans_the_jobs_told_otherwise(copy, part):
    changes = dict(list(single_changes().items())[part::4])
    assert disagreements(copy, changes) == {}
