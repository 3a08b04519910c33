"""The contract of rerunning, for every key: planned is what is told otherwise, and what follows.

A setting that a program reads behind its document's back would pass that.  So for one change of
each block the workflow also runs in an empty folder, and every file with other bytes than the
finished run's must have been planned.
"""

import pytest
import yaml
from planning import asked, exchanges, keys, one_change, tiny
from workflow_runs import RESULTS, contents, copy_of_repository, snakemake

from fragility.runtime.digests import flat

PARTS = 8
# Another folder of results holds no run to compare with; one of photos must exist, and
# test_photos_of_one_s_own_count_when_they_change_not_when_touched has it.  So must one of another
# set of images, and with the files that are fetched nothing is downloaded.
IMAGE_SET = {("dimension", name) for name in ("dataset", "folder", "download")}
LEFT_OUT = {("results",), ("imagenet", "photos"), *IMAGE_SET}
# a change of each target: one key, or two whose values are exchanged; they concern late jobs, so
# that the files of many others must stay as they are
RUN = {
    "linear": "linear.aligned_above",
    "relu": "relu.attack.directions",
    "mnist": "mnist.alphas",
    "imagenet": "imagenet.alphas and imagenet.alphas_figure",
    "theory": "theory.networks.width",
    "causes": "causes.relabelled.checkpoints",
    "dimension": "dimension.attack.steps",
    "accounts": "accounts.digits.images",
}


def changes() -> dict[str, dict]:
    """Every key with another value, and each exchanged with one more of its block."""
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
    assert len(answers) > 25
    differ = {
        name: set(answer["planned"]) ^ set(answer["affected"])
        for name, answer in answers.items()
        if answer["planned"] != answer["affected"] or not answer["planned"]
    }
    assert differ == {}


@pytest.mark.ci
@pytest.mark.parametrize("target", RUN)
def test_files_with_other_bytes_were_planned_and_their_pages_say_so(finished, tmp_path, target):
    name = RUN[target]
    config = changes()[name]
    jobs = asked(finished, {name: config})[name]["jobs"]
    planned = {path for job in jobs if job["planned"] for path in written(job)}
    stamps = {
        path: job["document"]["settings"]["stamp"]
        for job in jobs
        if "stamp" in job["document"]["settings"]
        for path in written(job)
    }
    folder = copy_of_repository(tmp_path / "changed")
    (folder / "tests/config.tiny.yaml").write_text(yaml.safe_dump(config))
    snakemake(folder, target)
    before, after = contents(finished), contents(folder)
    other = {path for path in after if after[path] != before.get(path)}
    assert other, f"{name} changes nothing"
    assert other <= planned
    for path in other & set(stamps):
        told = {line.split(":")[0] for line in stamps[path]}
        assert set(name.split(" and ")) & told, f"{path} is not stamped with {name}"


def written(job: dict) -> list[str]:
    """The files that a job of a plan writes, as the folder of results names them."""
    return [path.removeprefix(f"{RESULTS}/") for path in flat(job["document"]["outputs"])]
