"""The score program on ImageNet's claims."""

from pathlib import Path

import pytest
from imagenet_scripts import read
from made_up_photos import SMALL
from workflow_runs import run_job

from fragility.paper import claims
from fragility.paper.verdicts import NOT_COMPARABLE
from fragility.runtime import files

FOLDER = Path(claims.__file__).parents[2] / "paper"


def score(folder, pairs="pairs.csv", **changes):
    settings = {
        "module": "fragility.experiments.imagenet.evidence", "models": [SMALL], "related": [],
        "scale": [-1, 1], "seed": 7, "told": {}, "departures": [],
    }  # fmt: skip
    return run_job(
        "score", folder, outputs={"scores": "scores.csv"}, settings=settings | changes,
        inputs={"claims": str(FOLDER / "claims/imagenet.yaml"), "measures": ["measures.csv"],
                "pairs": [pairs]},
    )  # fmt: skip


def test_scores_are_on_the_imagenet_claims_and_the_numbers_not_comparable(small):
    done = score(small[1], related=[SMALL])
    assert done.returncode == 0, done.stderr
    table = read(small[1] / "scores.csv").set_index("id")
    listed = [claim.id for claim in claims.read_claims(FOLDER / "claims/imagenet.yaml")]
    assert table.index.tolist() == listed
    means = ["t7-mean", "t8-mean-l", "t8-mean-q", "t8-mean-m"]
    assert (table.loc[means, "verdict"] == NOT_COMPARABLE).all()  # another network
    assert (table.loc["t7-small", "n"], table.loc["t8-m-match", "n"]) == (5, 5)  # photos
    pairs = read(small[1] / "pairs.csv")
    assert table.loc["t7-small", "ours"] == pytest.approx(pairs["average_size"].mean())


@pytest.mark.parametrize(
    "told, words",
    [
        ({"models": ["other"]}, f"imagenet/measure: results of ['{SMALL}'], wanted: of ['other']"),
        ({"related": []}, f"imagenet/compare: results of ['{SMALL}'], wanted: of []"),
        (
            {"related": [SMALL], "pairs": "fewer.csv"},
            f"imagenet/compare/{SMALL}/pairs.csv: 15 pairs of 5 photos, wanted: 16",
        ),
    ],
    ids=["measures", "pairs", "a pair"],
)
def test_results_that_are_not_all_there_are_an_error_of_one_line(small, told, words):
    files.write_csv(read(small[1] / "pairs.csv").iloc[1:], small[1] / "fewer.csv")
    done = score(small[1], **told)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [f"error: {words}"]
