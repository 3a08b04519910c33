"""The ReLU experiment's scripts as programs, on networks so small that they take seconds."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from workflow_runs import script

from fragility.measures.compression import phi, relu_accuracy, rho
from fragility.paper import claims
from fragility.runtime import files
from fragility.runtime.seeds import generator
from fragility.synthetic.data import (
    corners,
    draw_corners,
    gaussian_matrix,
    label,
    points,
    scale_columns,
)
from fragility.synthetic.networks import margins, relu_networks

D, COUNT, SEED, PAIRS = 4, 40, 1, 3
TRAINED = ("n.safetensors", "attempts.csv")
FOLDER = Path(claims.__file__).parents[2] / "paper"


def train(folder, **changes):
    options = {
        "matrices": folder.parent / "a.safetensors", "column_scale": 5, "layers": 1, "width": 60,
        "epochs": 60, "batch_size": 4, "learning_rate": 0.01, "networks": 3,
        "max_attempts": COUNT, "seed": SEED, "attempts": "attempts.csv",
        "output": "n.safetensors", "provenance": "n.json",
    }  # fmt: skip
    return script("train_relu", folder, **options | changes)


def measure(folder, networks):
    return script(
        "measure_relu", folder, networks=networks, alphas=4, pairs=PAIRS, seed=SEED,
        output="measures.csv", provenance="measures.json",
    )  # fmt: skip


def attack(folder, networks):
    return script(
        "attack_relu", folder, networks=networks, count=2, pairs=PAIRS,
        attacks=["ddn", "projection"], steps=20, directions=16, reach=10, seed=SEED,
        output="attacks.csv", provenance="attacks.json",
    )  # fmt: skip


def score(folder, **inputs):
    return script(
        "score_relu", folder, paper=FOLDER, column_scale=5, output="scores.csv",
        provenance="scores.json", **inputs,
    )  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A folder with the matrices, as linear_data writes them."""
    folder = tmp_path_factory.mktemp("relu")
    draws = [gaussian_matrix(D, generator(3, "test", "scripts relu", i)) for i in range(COUNT)]
    files.write_tensors({"matrices": np.stack(draws)}, folder / "a.safetensors")
    return folder


def in_folders(base, jobs):
    """Each job in a folder of its name, two at a time."""
    for name in jobs:
        (base / name).mkdir()
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda name: jobs[name](base / name), jobs)
    return dict(zip(jobs, done, strict=True))


@pytest.fixture(scope="module")
def trainings(base):
    """What each training said; "one" and "two" are the same job."""
    return in_folders(
        base,
        {
            "one": train,
            "two": train,
            "few": lambda folder: train(folder, networks=50, max_attempts=6),
            "none": lambda folder: train(folder, epochs=1, learning_rate=1e-9, max_attempts=3),
        },
    )


@pytest.fixture(scope="module")
def pairs(base, trainings):
    """The networks trained, with their A."""
    trainings["one"].check_returncode()
    return relu_networks(files.read_tensors(base / "one/n.safetensors"))


@pytest.fixture(scope="module")
def looked_at(base, trainings):
    """The folders in which the networks were measured, attacked, and that twice."""
    networks = base / "one/n.safetensors"
    done = in_folders(
        base,
        {
            f"{name} {time}": lambda folder, job=job: job(folder, networks)
            for name, job in (("measure", measure), ("attack", attack))
            for time in ("one", "two")
        },
    )
    for process in done.values():
        process.check_returncode()
    return base


@pytest.fixture(scope="module")
def measures(looked_at):
    return pd.read_csv(looked_at / "measure one/measures.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def attacks(looked_at):
    return pd.read_csv(looked_at / "attack one/attacks.csv")


def same_bytes(one, two, names):
    return all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


# --- training ---


def test_training_keeps_the_accurate_networks_and_says_why_the_others_are_not(base, pairs):
    attempts = pd.read_csv(base / "one/attempts.csv", keep_default_na=False)
    assert attempts.columns.tolist() == ["layers", "run", "accuracy", "reason", "wanted"]
    assert attempts["run"].tolist() == list(range(len(attempts)))
    assert (attempts["layers"] == 1).all()
    assert (attempts["wanted"] == 3).all()
    right = attempts["accuracy"] == 1
    assert right.sum() == len(pairs) == 3
    assert right.iloc[-1]  # it stops there
    assert len(attempts) > 3  # else nothing is tested of the others
    assert (attempts["reason"][right] == "").all()
    assert (attempts["reason"][~right] == "not right at every point after the last epoch").all()
    runs = files.read_tensors(base / "one/n.safetensors")["runs"].tolist()
    assert runs == attempts["run"][right].tolist()
    record = json.loads((base / "one/n.json").read_text())
    assert [record[key] for key in ("dimension", "trained", "accurate")] == [D, len(attempts), 3]


def test_the_networks_kept_are_right_and_stand_with_their_scaled_matrices(base, pairs):
    gaussians = files.read_tensors(base / "a.safetensors")["matrices"]
    runs = files.read_tensors(base / "one/n.safetensors")["runs"]
    for run, (matrix, network) in zip(runs, pairs, strict=True):
        assert np.array_equal(matrix, scale_columns(gaussians[run], 5))
        assert [weight.shape for weight in network.weights] == [(60, D), (2, 60)]
        assert relu_accuracy(matrix, network) == 1


def test_training_twice_gives_the_same_bytes(base, trainings):
    assert same_bytes(base / "one", base / "two", TRAINED)
    assert not same_bytes(base / "one", base / "few", TRAINED[1:])


def test_fewer_than_wanted_are_written_with_the_reasons(base, trainings):
    assert trainings["few"].returncode == 0
    attempts = pd.read_csv(base / "few/attempts.csv", keep_default_na=False)
    accurate = int((attempts["accuracy"] == 1).sum())
    assert 0 < accurate < len(attempts) == 6
    assert (attempts["wanted"] == 50).all()
    assert ((attempts["reason"] == "") == (attempts["accuracy"] == 1)).all()
    assert f"only {accurate} of 6 are accurate, 50 were wanted" in trainings["few"].stdout
    few = files.read_tensors(base / "few/n.safetensors")
    one = files.read_tensors(base / "one/n.safetensors")
    assert len(few["runs"]) == accurate
    # a run is the same network whatever the number wanted
    assert few["runs"][:3].tolist() == one["runs"].tolist()
    assert all(np.array_equal(few[key], one[key]) for key in one if key != "runs")


def test_none_accurate_is_an_error_of_one_line_that_names_the_keys(base, trainings):
    done = trainings["none"]
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert done.stderr.rstrip().endswith(errors[0])
    assert "Traceback" not in done.stderr
    for words in ("relu.epochs (now 1)", "relu.max_attempts", "none of 3", "d=4", "1e-09"):
        assert words in errors[0]
    assert list((base / "none").iterdir()) == []


# --- measuring ---


def test_measures_are_a_row_a_point_of_each_pair(base, measures, pairs):
    columns = ["layers", "run", "phi", "pair", "alpha", "rho", "reason"]
    assert measures.columns.tolist() == columns
    runs = files.read_tensors(base / "one/n.safetensors")["runs"].tolist()
    alphas = [0, 0.333333, 0.666667, 1]
    keys = measures[["run", "pair", "alpha"]].itertuples(index=False, name=None)
    assert list(keys) == list(itertools.product(runs, range(PAIRS), alphas))
    assert (measures["layers"] == 1).all()
    assert (measures["reason"] == "").all()


def test_measures_are_rho_on_the_way_from_b_2_to_b_1(base, measures, pairs):
    runs = files.read_tensors(base / "one/n.safetensors")["runs"]
    for run, (matrix, network) in zip(runs, pairs, strict=True):
        rows = measures[measures["run"] == run]
        assert (rows["phi"] == phi(matrix)).all()
        expected = []
        for z in draw_corners(D, PAIRS, SEED, "relu", int(run)).astype(float):
            z[-1] = 1
            b1, b2 = matrix @ z, matrix @ (z - 2 * np.eye(D)[-1])
            expected += [rho(matrix, network, (a * b1 + (1 - a) * b2)[None])[0]
                         for a in np.linspace(0, 1, 4)]  # fmt: skip
        # the same double sums in another order
        assert rows["rho"].astype(float).tolist() == pytest.approx(expected, rel=1e-9)


def test_measuring_twice_gives_the_same_bytes(looked_at):
    assert same_bytes(looked_at / "measure one", looked_at / "measure two", ["measures.csv"])


# --- attacking ---


def test_attacks_are_a_row_a_point_of_the_first_networks(base, attacks):
    runs = files.read_tensors(base / "one/n.safetensors")["runs"].tolist()
    keys = attacks[["run", "input", "pair"]].itertuples(index=False, name=None)
    assert list(keys) == list(itertools.product(runs[:2], ["b1", "b2"], range(PAIRS)))
    assert attacks.columns.tolist() == [
        "layers", "run", "input", "pair", "margin", "delta", "attack", "delta_ddn",
        "delta_projection", "cos_theta_t", "certificate", "m", "phi", "class_radius",
        "point_radius", "random_least", "random_median", "random_flips", "directions", "reason",
    ]  # fmt: skip
    record = json.loads((base / "attack one/attacks.json").read_text())
    assert [record[key] for key in ("networks", "points", "found")] == [2, 12, 12]


def at(attacks, pairs):
    """Each row of the attacks with its A, network, corner and label."""
    runs = attacks["run"].unique()
    for (_, row), i in zip(attacks.iterrows(), range(len(attacks)), strict=True):
        matrix, network = pairs[runs.tolist().index(row["run"])]
        z = draw_corners(D, PAIRS, SEED, "relu", int(row["run"]))[i % PAIRS].astype(int)
        z[-1] = 1 if row["input"] == "b1" else -1
        yield row, matrix, network, z


def test_attacks_are_at_the_points_of_their_labels(attacks, pairs):
    for row, matrix, network, z in at(attacks, pairs):
        margin = margins(network, points(matrix, z[None]), z[-1])[0]
        assert row["margin"] == pytest.approx(margin, rel=1e-9)
        assert margin > 0


def test_radii_are_half_the_distances_to_the_other_class(attacks, pairs):
    every = corners(D)
    for row, matrix, _, z in at(attacks, pairs):
        x = points(matrix, every)
        plus, minus = x[label(every) > 0], x[label(every) < 0]
        between = np.linalg.norm(plus[:, None] - minus[None], axis=2)
        others = minus if z[-1] > 0 else plus
        own = np.linalg.norm(others - points(matrix, z[None]), axis=1).min() / 2
        assert row["class_radius"] == pytest.approx(between.min() / 2)
        assert row["point_radius"] == pytest.approx(own)
        assert row["m"] == pytest.approx(np.linalg.norm(matrix[:, -1]))
        assert row["phi"] == phi(matrix)
    assert (attacks["point_radius"] >= attacks["class_radius"] * (1 - 1e-12)).all()


def test_the_smallest_perturbation_lies_between_certificate_and_random_directions(attacks):
    assert attacks["delta"].notna().all()
    assert (attacks["certificate"] > 0).all()
    assert (attacks["delta"] >= attacks["certificate"]).all()
    # the attack ends at a local minimum to a thousandth (its own lengthening)
    assert (attacks["random_least"] >= 0.999 * attacks["delta"]).all()
    assert (attacks["random_least"] >= attacks["certificate"]).all()
    assert (attacks["random_median"].fillna(np.inf) >= attacks["random_least"]).all()
    assert attacks["random_flips"].between(1, 16).all()
    assert (attacks["directions"] == 16).all()
    assert attacks["cos_theta_t"].abs().between(1e-6, 1).all()


def test_the_smallest_is_that_of_the_attack_named(attacks):
    names = ["delta_ddn", "delta_projection"]
    assert attacks["delta"].tolist() == attacks[names].min(axis=1).tolist()
    assert ("delta_" + attacks["attack"]).tolist() == attacks[names].idxmin(axis=1).tolist()
    assert attacks["reason"].isna().all()


def test_no_point_flips_much_below_delta_on_a_fine_net_of_directions(attacks, pairs):
    """A search of another kind: 4000 directions at 0.9 delta flip nothing, at 1.5 delta something.

    On the sphere of four dimensions 4000 directions leave no gap above 0.4: cos is above 0.9.
    """
    u = generator(3, "test", "net").standard_normal((4000, D))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    for row, matrix, network, z in at(attacks, pairs):
        x = points(matrix, z[None])
        assert (margins(network, x + 0.9 * row["delta"] * u, z[-1]) > 0).all()
        assert (margins(network, x + 1.5 * row["delta"] * u, z[-1]) < 0).any()


def test_attacking_twice_gives_the_same_bytes(looked_at):
    assert same_bytes(looked_at / "attack one", looked_at / "attack two", ["attacks.csv"])


# --- scoring ---


@pytest.fixture(scope="module")
def scored(looked_at, measures):
    deeper = measures.assign(layers=2, rho=measures["rho"].astype(float) + 0.5)
    files.write_csv(deeper, looked_at / "deeper.csv")
    solved = pd.DataFrame({"column_scale": [5, 5, 1], "feature_norm": 2.0})
    files.write_csv(solved.assign(class_radius=[2.0, 1.0, 2.0]), looked_at / "classifiers.csv")
    one, attacked = looked_at / "measure one/measures.csv", looked_at / "attack one/attacks.csv"
    inputs = {
        "table_3": one, "depth": [one, looked_at / "deeper.csv"], "attacks": attacked,
        "table_4": attacked, "classifiers": looked_at / "classifiers.csv",
    }  # fmt: skip
    jobs = {name: lambda folder: score(folder, **inputs) for name in ("score one", "score two")}
    for done in in_folders(looked_at, jobs).values():
        done.check_returncode()
    return looked_at


def test_scores_are_on_the_relu_claims_in_their_order(scored):
    table = pd.read_csv(scored / "score one/scores.csv")
    assert table.columns.tolist() == claims.SCORECARD_COLUMNS
    listed = [claim.id for claim in claims.read_claims(FOLDER)]
    assert table["id"].tolist() == [name for name in listed if name[:3] in ("t3-", "t4-")]
    assert set(table["verdict"]) <= set(claims.VERDICTS)


def test_scores_are_of_the_files_given(scored, measures, attacks):
    table = pd.read_csv(scored / "score one/scores.csv").set_index("id")
    at = (measures["pair"] == 0) & (measures["alpha"] == 0.333333)  # the nearest to 0.444
    expected = measures["rho"][at].astype(float).mean()
    assert table.loc["t3-mean", "reproduced"] == pytest.approx(expected)
    assert table.loc["t3-layers", "reproduced"] == pytest.approx(0.5)
    assert table.loc["t3-layers", "verdict"] == claims.NOT_REPRODUCED
    lengths = attacks.groupby("run")["m"].first()
    assert table.loc["t4-m", "reproduced"] == pytest.approx(lengths.mean())
    assert table.loc["t4-optimal", "reproduced"] == 0.5


def test_scoring_twice_gives_the_same_bytes(scored):
    assert same_bytes(scored / "score one", scored / "score two", ["scores.csv"])
