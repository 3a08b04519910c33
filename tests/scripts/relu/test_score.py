"""Judging the claims about ReLU networks by the results of their jobs."""

import numpy as np
import pandas as pd
import pytest
from relu_jobs import PAPER, score
from workflow_runs import in_folders

from fragility.paper import claims, scores
from fragility.paper.verdicts import INCONCLUSIVE, NOT_REPRODUCED, VERDICTS
from fragility.runtime import files


@pytest.fixture(scope="module")
def scored(seen, measures, attacks):
    deeper = measures.assign(layers=2, rho=measures["rho"].astype(float) + 0.5)
    files.write_csv(deeper, seen / "deeper.csv")
    solved = pd.DataFrame({"column_scale": [5, 5, 1], "feature_norm": 2.0})
    files.write_csv(solved.assign(class_radius=[2.0, 1.0, 2.0]), seen / "classifiers.csv")
    one, attacked = seen / "measure/measures.csv", seen / "attack/attacks.csv"
    files.write_csv(attacks.assign(layers=2), seen / "deeper_attacks.csv")
    inputs = {
        "table_3": one, "depth": [one, seen / "deeper.csv"], "narrow": one,
        "wide": seen / "deeper.csv", "attacks": attacked,
        "depth_attacks": [attacked, seen / "deeper_attacks.csv"],
        "table_4": attacked, "classifiers": seen / "classifiers.csv",
    }  # fmt: skip
    in_folders(seen, {"score": lambda folder: score(folder, **inputs)})["score"].check_returncode()
    return seen


def test_scores_are_on_the_relu_claims_in_their_order(scored):
    table = pd.read_csv(scored / "score/scores.csv")
    assert table.columns.tolist() == scores.COLUMNS
    listed = [claim.id for claim in claims.read_claims(PAPER / "claims/relu.yaml")]
    assert table["id"].tolist() == [name for name in listed if name[:3] in ("t3-", "t4-")]
    assert set(table["verdict"]) <= set(VERDICTS)


def test_scores_are_of_the_files_given(scored, measures, attacks):
    table = pd.read_csv(scored / "score/scores.csv").set_index("id")
    at = (measures["pair"] == 0) & (measures["alpha"] == 0.333333)  # the nearest to 0.444
    expected = measures["rho"][at].astype(float).mean()
    assert table.loc["t3-mean", "ours"] == pytest.approx(expected)
    assert table.loc["t3-layers", "ours"] == pytest.approx(0.5)
    assert table.loc["t3-layers", "verdict"] == INCONCLUSIVE  # three networks
    lengths = attacks.groupby("run")["m"].first()
    assert table.loc["t4-m", "ours"] == pytest.approx(np.exp(np.log(lengths).mean()))
    assert table.loc["t3-wider", "ours"] == pytest.approx(0.5)
    assert table.loc["t3-deeper", "verdict"] == NOT_REPRODUCED
    assert table.loc["t4-optimal", "ours"] == 0.5
