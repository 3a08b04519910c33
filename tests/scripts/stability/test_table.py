"""The programs that compare seeds and put the table into the docs."""

import pandas as pd
import pytest
from workflow_runs import REPOSITORY, run_job, tell

PAGE = (REPOSITORY / "docs/stability.md").read_text()


def write_scores(path, ids, verdicts):
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame({"id": list(ids), "verdict": verdicts, "ours": 0.5})
    frame.assign(artifact="Table 1", quantity="a mean").to_csv(path, index=False)


def compare(folder, *others):
    """The table of seed 7, whose scores are in two files, and of the seeds after it."""
    write_scores(folder / "linear/score.csv", ["a"], ["reproduced"])
    write_scores(folder / "theory/score.csv", ["b"], ["partly"])
    for seed, (ids, verdicts) in enumerate(others, 8):
        write_scores(folder / f"{seed}.csv", ids, verdicts)
    seeds = range(8, 8 + len(others))
    own = ["linear/score.csv", "theory/score.csv"]
    return run_job(
        "stability/table", folder,
        inputs={"own": own, "others": [f"{seed}.csv" for seed in seeds]},
        outputs={
            "table": "stability.csv", "markdown": "stability.md",
            "record": "stability.json",
        },
        settings={"seeds": [7, *seeds], "stamp": []},
    )  # fmt: skip


def test_own_scores_of_several_experiments_are_compared_with_other_seeds(tmp_path):
    compare(tmp_path, ("ab", ["reproduced", "inconclusive"])).check_returncode()
    table = pd.read_csv(tmp_path / "stability.csv").set_index("id")
    assert list(table["turns"]) == [False, True]
    assert list(table.loc["b", ["partly", "inconclusive", "n"]]) == [1, 1, 2]


def test_other_claims_stop_the_job_in_one_line(tmp_path):
    failed = compare(tmp_path, ("ac", ["reproduced", "partly"]))
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("error: seeds 7 and 8 do not have the same")
    assert failed.stderr.endswith("claims of one of them only: b, c\n")
    assert not (tmp_path / "stability.csv").exists()


@pytest.fixture
def finished(tmp_path):
    """A finished comparison, whose scores have records, and the page before it."""
    compare(tmp_path, ("ab", ["reproduced", "inconclusive"])).check_returncode()
    for name in ("linear/score", "theory/score", "8"):
        (tmp_path / f"{name}.json").write_text((tmp_path / "stability.json").read_text())
    (tmp_path / "page.md").write_text(PAGE)
    return tmp_path


def test_the_table_goes_into_the_docs_with_its_commit_and_again_without_a_trace(finished):
    pages = []
    for _ in range(2):
        tell("stability/docs", finished, "", ".", "page.md").check_returncode()
        pages.append((finished / "page.md").read_text())
    before, after = PAGE.split("<!-- table -->")[0], PAGE.split("<!-- end of table -->")[1]
    assert pages[0] == pages[1]
    assert pages[0].startswith(before) and pages[0].endswith(after)
    assert "from commit" in pages[0] and "1 of 2 verdicts turn." in pages[0]
    assert (finished / "page.csv").read_bytes() == (finished / "stability.csv").read_bytes()


def test_without_a_table_it_says_what_to_run(tmp_path):
    failed = tell("stability/docs", tmp_path, "")
    assert failed.returncode == 1
    assert "run snakemake stability first" in failed.stderr
