"""The profiles: who is handed a GPU, and what the Slurm profile must know of the rules."""

import re

import pytest
import yaml
from workflow_runs import REPOSITORY, copy_of_repository, snakemake


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return copy_of_repository(tmp_path_factory.mktemp("profiles") / "copy")


def rules():
    """Each rule's text by its name."""
    for path in (REPOSITORY / "workflow/rules").glob("*.smk"):
        for text in path.read_text().split("\nrule ")[1:]:
            yield text.split(":")[0], text


@pytest.mark.parametrize(
    ("words", "handed"),
    [
        pytest.param([], 0, id="no profile"),
        pytest.param(["--resources", "mem_mb=9000"], 0, id="another resource"),
        pytest.param(["--resources", "gpu=2"], 1, id="command line"),
        pytest.param(["--profile", "profiles/gpu"], 1, id="profile"),
        pytest.param(["--profile", "profiles/gpu", "--resources", "gpu=0"], 0, id="overruled"),
    ],
)
def test_a_gpu_is_handed_out_where_asked_for(folder, words, handed):
    output = snakemake(folder, "-n", "table_1", "table_5", *words).stdout
    assert set(re.findall(r", gpu=(\d+)", output)) == {str(handed)}


def test_the_gpu_profile_runs_one_gpu_job_at_a_time():
    profile = yaml.safe_load((REPOSITORY / "profiles/gpu/config.yaml").read_text())
    assert profile["resources"] == ["gpu=1"]


def test_the_slurm_profile_names_the_rules_that_can_use_a_gpu():
    profile = yaml.safe_load((REPOSITORY / "profiles/slurm/config.yaml").read_text())
    assert set(profile["set-resources"]) == {name for name, text in rules() if "gpu=1" in text}
    partitions = {settings["slurm_partition"] for settings in profile["set-resources"].values()}
    assert len(partitions) == 1


def test_no_rule_asks_for_less_memory_than_a_cluster_job_holds():
    """Two processes of Snakemake, 280 MB, and Python with pandas: under 1000 MB it gets tight."""
    asked = [int(n) for _, text in rules() for n in re.findall(r"\*\*need\((\d+),", text)]
    assert len(asked) > 20 and min(asked) >= 1000
