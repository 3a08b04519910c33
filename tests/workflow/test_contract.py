"""The contract of rerunning, for every key: planned is what is told otherwise, and what follows.

A setting that a program reads behind its document's back would pass that.  So for one key each of
two blocks the changed workflow also runs in an empty folder, and every file with other bytes than
the finished run's must have been planned.
"""

import shutil

import pytest
import yaml
from planning import asked, exchanges, keys, one_change, tiny
from workflow_runs import RESULTS, contents, copy_of_repository, snakemake

from fragility.runtime.digests import flat

PARTS = 4
# Another folder of results holds no run to compare with; one of photos must exist, and
# test_photos_of_one_s_own_count_when_they_change_not_when_touched has it.
LEFT_OUT = {("results",), ("imagenet", "photos")}
# keys by target: not yet of relu, mnist, imagenet, nor exchanges of two, which take minutes each
RUN = {"linear": ["linear.aligned_above"], "theory": ["theory.networks.width"]}


def changes() -> dict[str, dict]:
    """Every key with another value, and every pair of keys of one block with values exchanged."""
    config = tiny()
    single = {".".join(key): one_change(config, key) for key in keys() if key not in LEFT_OUT}
    pairs = {f"{'.'.join(a)} and {'.'.join(b)}": new for a, b, new in exchanges(config)}
    return single | pairs


def test_every_key_has_a_valid_change_and_many_pairs_can_be_exchanged():
    every = changes()
    assert [name for name, config in every.items() if config is None] == []
    assert sum(" and " in name for name in every) > 100


def test_unchanged_nothing_is_planned_and_nothing_told_otherwise(finished):
    answer = asked(finished, {"unchanged": tiny()})["unchanged"]
    assert len(answer["jobs"]) > 75
    assert answer["planned"] == answer["affected"] == []


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(part, marks=pytest.mark.ci) for part in range(1, PARTS))]
)
def test_what_is_planned_is_what_is_told_otherwise(finished, part):
    answers = asked(finished, dict(list(changes().items())[part::PARTS]))
    assert len(answers) > 50
    differ = {
        name: set(answer["planned"]) ^ set(answer["affected"])
        for name, answer in answers.items()
        if answer["planned"] != answer["affected"] or not answer["planned"]
    }
    assert differ == {}


@pytest.mark.ci
@pytest.mark.parametrize("target", RUN)
def test_files_with_other_bytes_were_planned_and_their_pages_say_so(finished, tmp_path, target):
    before, every = contents(finished), changes()
    answers = asked(finished, {name: every[name] for name in RUN[target]})
    for number, name in enumerate(RUN[target]):
        planned = {
            path.removeprefix(f"{RESULTS}/")
            for job in answers[name]["jobs"]
            if job["planned"]
            for path in flat(job["document"]["outputs"])
        }
        stamps = {
            path.removeprefix(f"{RESULTS}/"): job["document"]["settings"]["stamp"]
            for job in answers[name]["jobs"]
            if "stamp" in job["document"]["settings"]
            for path in flat(job["document"]["outputs"])
        }
        folder = copy_of_repository(tmp_path / str(number))
        (folder / "tests/config.tiny.yaml").write_text(yaml.safe_dump(every[name]))
        snakemake(folder, target)
        after = contents(folder)
        other = {path for path in after if after[path] != before.get(path)}
        assert other, f"{name} changes nothing"
        assert other <= planned, name
        for path in other & set(stamps):
            told = [line.split(":")[0] for line in stamps[path]]
            assert set(name.split(" and ")) & set(told), f"{path} is not stamped with {name}"
        shutil.rmtree(folder)
