"""The score program on MNIST's claims."""

import pandas as pd
import pytest
from mnist_jobs import FOLDER, error, score
from workflow_runs import in_folders

from fragility.paper import claims, scores
from fragility.paper.verdicts import VERDICTS
from fragility.runtime import files


@pytest.fixture(scope="session")
def scored(trained, measures):
    """Measures of "network 1", whose lengths are doubled, before those of network 0."""
    files.write_csv(measures.assign(network=0), trained / "0.csv")
    files.write_csv(measures.assign(network=1, L=2 * measures["L"]), trained / "1.csv")
    done = in_folders(trained, {"score": lambda folder: score(folder, "../1.csv", "../0.csv")})
    done["score"].check_returncode()
    return trained


def test_scores_are_on_the_mnist_claims_in_their_order(scored):
    table = pd.read_csv(scored / "score/scores.csv")
    assert table.columns.tolist() == scores.COLUMNS
    listed = [claim.id for claim in claims.read_claims(FOLDER / "claims/mnist.yaml")]
    assert table["id"].tolist() == listed
    assert set(table["verdict"]) <= set(VERDICTS)


def test_scores_are_means_over_networks_in_their_order_and_note_both(scored, measures):
    table = pd.read_csv(scored / "score/scores.csv").set_index("id")
    length = measures["L"].mean()
    assert table.loc["t5-mean-l", "ours"] == pytest.approx(1.5 * length)
    assert table.loc["t5-mean-l", "n"] == 2
    assert table.loc["t5-mean-l", "note"].endswith(f"networks 0, 1: {length:.3g}, {2 * length:.3g}")
    q = (2 * measures["Q"] / measures["L"]).mean()
    assert table.loc["t5-mean-q", "ours"] == pytest.approx(0.75 * q)
    signs = measures["Q_sign"].notna().mean()
    assert table.loc["t5-sign-succeeds", "ours"] == pytest.approx(signs)


def test_a_network_that_is_missing_is_an_error_of_one_line_with_both_numbers(scored):
    (scored / "score of three").mkdir()
    assert error(score(scored / "score of three", "../1.csv", "../0.csv", networks=3)) == [
        "mnist/measure: measures of the networks [1, 0], but mnist.networks is 3"
    ]
