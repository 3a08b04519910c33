"""The contract of rerunning, for every key: planned is what is told otherwise, and what follows.

A setting that a program reads behind its document's back would pass that.  So with a change of
each target the workflow also runs in an empty folder, and every file with other bytes than the
finished run's must have been planned.  That a job opens no file that it is not told of is tested
with the run that is killed (test_faults.py).
"""

import json
from collections import defaultdict
from functools import cache

import pytest
import yaml
from planning import asked, changed, exchanges, is_valid, keys, one_change, tiny, value
from workflow_runs import RESULTS, contents, copy_of_repository, snakemake

from fragility.runtime.digests import flat

SOME = 10  # every tenth change is also made alone
# Another folder of results holds no run to compare with; one of photos must exist, and
# test_photos_of_one_s_own_count_when_they_change_not_when_touched has it.  So must one of another
# set of images, and with the files that are fetched nothing is downloaded.
IMAGE_SET = {("dimension", name) for name in ("dataset", "folder", "download")}
LEFT_OUT = {("results",), ("imagenet", "photos"), *IMAGE_SET}
# a change of each target; they concern late jobs, so that the files of many others must stay as
# they are
RUN = {
    "linear": "linear.aligned_above",
    "relu": "relu.attack.directions",
    "mnist": "mnist.alphas",
    "imagenet": "imagenet.alphas",
    "theory": "theory.networks.width",
    "causes": "causes.relabelled.checkpoints",
    "dimension": "dimension.attack.steps",
    "accounts": "accounts.digits.images",
}


@cache
def changes() -> dict[str, dict]:
    """Every key with another value, and in each block two values exchanged."""
    config = tiny()
    single = {".".join(key): one_change(config, key) for key in keys() if key not in LEFT_OUT}
    pairs = {f"{'.'.join(a)} and {'.'.join(b)}": new for a, b, new in exchanges(config)}
    return single | pairs


def test_every_key_has_a_valid_change_and_most_blocks_have_two_that_can_be_exchanged():
    every = changes()
    assert [name for name, config in every.items() if config is None] == []
    assert sum(" and " in name for name in every) > 25


@pytest.fixture(scope="module")
def unchanged(finished):
    return asked(finished, {"unchanged": tiny()})["unchanged"]


def test_unchanged_nothing_is_planned_and_nothing_told_otherwise(unchanged):
    assert len(unchanged["jobs"]) > 100
    assert unchanged["planned"] == unchanged["affected"] == []


def test_every_setting_of_every_job_is_compared_by_its_name(unchanged):
    """So any two that exchange their values differ from what they were, whichever they are."""
    for job in unchanged["jobs"]:
        settings = job["document"]["settings"].items()
        told = {f"{name}={json.dumps(value, sort_keys=True)}" for name, value in settings}
        assert told <= set(job["compared"]), job["record"]


def part_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """The block whose jobs a key concerns: an experiment, a question of causes, a statement."""
    own_jobs = path[0] in ("causes", "theory") or path[:2] == ("dimension", "initial")
    return path[:2] if own_jobs and len(path) > 2 else path[:-1][:1]


def together(turn: int) -> dict[str, dict]:
    """Changes of one key of each part at once, every key in one of them; ``turn`` shifts partners.

    A plan takes more than a second.  Jobs of one part hide nothing of another's, and what several
    parts share has other partners in the other turn.
    """
    parts = defaultdict(list)
    for name, config in changes().items():
        paths = [tuple(key.split(".")) for key in name.split(" and ")]
        parts[part_of(paths[0])].append((name, [(path, value(config, path)) for path in paths]))
    found = {name: changes()[name] for name, _ in parts.pop((), [])}  # these concern all parts
    longest = max(map(len, parts.values()))
    for index in range(longest):
        places = ((index + turn * place) % longest for place in range(len(parts)))
        chosen = [
            part[at] for part, at in zip(parts.values(), places, strict=True) if at < len(part)
        ]
        config = changed(tiny(), *(change for _, some in chosen for change in some))
        if is_valid(config):
            found[" + ".join(name for name, _ in chosen)] = config
        else:
            found |= {name: changes()[name] for name, _ in chosen}
    return found


def planned_otherwise(folder, configs: dict[str, dict]) -> dict[str, set[str]]:
    """Jobs planned and not told otherwise, or the other way round, by the name of the change."""
    return {
        name: set(answer["planned"]) ^ set(answer["affected"])
        for name, answer in asked(folder, configs).items()
        if answer["planned"] != answer["affected"] or not answer["planned"]
    }


@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.ci)])
def test_what_is_planned_is_what_is_told_otherwise(finished, turn):
    configs = together(turn)
    names = [name for each in configs for name in each.split(" + ")]
    assert sorted(names) == sorted(changes())
    assert planned_otherwise(finished, configs) == {}


@pytest.mark.ci
def test_what_is_planned_is_what_is_told_otherwise_for_a_key_alone(finished):
    alone = dict(list(changes().items())[::SOME])
    assert len(alone) > 25
    assert planned_otherwise(finished, alone) == {}


@pytest.mark.ci
def test_files_with_other_bytes_were_planned_and_their_pages_say_so(finished, tmp_path):
    config = tiny()
    for name in RUN.values():
        path = tuple(name.split("."))
        config = changed(config, (path, value(changes()[name], path)))
    answers = asked(finished, {name: changes()[name] for name in RUN.values()} | {"all": config})
    planned = {
        name: {path for job in answer["jobs"] if job["planned"] for path in written(job)}
        for name, answer in answers.items()
    }
    stamps = {
        path: {line.split(":")[0] for line in job["document"]["settings"]["stamp"]}
        for job in answers["all"]["jobs"]
        if "stamp" in job["document"]["settings"]
        for path in written(job)
    }
    folder = copy_of_repository(tmp_path / "changed")
    (folder / "tests/config.tiny.yaml").write_text(yaml.safe_dump(config))
    snakemake(folder, *RUN)
    before, after = contents(finished), contents(folder)
    other = {path for path in after if after[path] != before.get(path)}
    assert other <= set().union(*(planned[name] for name in RUN.values()))
    for name in RUN.values():
        assert other & planned[name], f"{name} changes nothing"
        for path in other & planned[name] & set(stamps):
            assert name in stamps[path], f"{path} is not stamped with {name}"


def written(job: dict) -> list[str]:
    """The files that a job of a plan writes, as the folder of results names them."""
    return [path.removeprefix(f"{RESULTS}/") for path in flat(job["document"]["outputs"])]
