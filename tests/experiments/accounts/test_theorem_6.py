"""Networks on Theorem 6's data, stacked and one by one; linear ones have known terms."""

import numpy as np
import pytest
import torch

from fragility.experiments.accounts.measuring import Effort, Pairs, measured
from fragility.experiments.accounts.theorem_6 import class_mean_gap, linear, measure, stacked
from fragility.measures.compression import cos_theta_1
from fragility.runtime.seeds import generator
from fragility.synthetic.data import gaussian_matrix, scale_columns
from fragility.synthetic.networks import margins, relu_network, theorem_6_weights

D, PRECISE = 5, 1e-5  # a bisection to 2^-20 of the distance


def matrix(run):
    return scale_columns(gaussian_matrix(D, generator(3, "test", "accounts", run)), 5)


def solved(run):
    """Theorem 6's own linear network for a matrix of that run."""
    row = theorem_6_weights(matrix(run))
    return run, matrix(run), linear(np.stack([row, -row]))


@pytest.fixture(scope="module")
def rows():
    networks = [solved(run) for run in range(3)]
    return measure(networks, Effort(9, 10), n_pairs=4, n_certified=1, seed=7)


def test_a_linear_network_has_kappa_1_and_the_angle_theta_1(rows):
    assert (rows["reason"] == "").all()
    assert np.expm1(rows["curvature"]).abs().max() < PRECISE
    l2 = rows[rows["norm"] == "l2"]
    for run, part in l2.groupby("network"):
        expected = abs(cos_theta_1(matrix(run), solved(run)[2].weights[0]))
        assert np.exp(part["angle"]).to_numpy() == pytest.approx(expected)
        assert part["tilt_cos"].to_numpy() == pytest.approx(expected)
    assert rows[["change", "quadrature"]].abs().to_numpy().max() < 1e-12


def test_certificates_of_the_first_networks_bracket_kappa(rows):
    certified = rows.dropna(subset=["kappa_certified"])
    assert set(certified["network"]) == {0}
    assert (certified["kappa_certified"] <= np.exp(certified["curvature"])).all()
    l2 = certified[certified["norm"] == "l2"]
    assert l2["kappa_certified"].to_numpy() == pytest.approx(1, abs=1e-3)  # a bisection to 2^-12


def test_the_means_of_the_classes_differ_by_twice_the_feature(rows):
    assert rows["mean_gap"].max() < 1e-12
    assert class_mean_gap(matrix(0)) < 1e-12


def test_a_stack_gives_each_network_s_own_margin():
    stream = generator(3, "test", "accounts", "stack")
    networks = [relu_network(D, 7, 2, stream, np.float64) for _ in range(3)]
    x = stream.standard_normal((3, 4, D))
    labels = np.array([1, -1, 1, -1] * 3)
    g = stacked(networks, labels)(torch.from_numpy(x.reshape(-1, D)), torch.arange(12))
    each = [margins(net, x[i], labels[:4]) for i, net in enumerate(networks)]
    assert g.numpy() == pytest.approx(np.concatenate(each))


def test_inputs_in_parts_give_the_same_rows():
    w = torch.from_numpy(generator(3, "test", "accounts", "w").standard_normal(D))
    x, target = torch.eye(D, dtype=torch.float64) + w, -torch.eye(D, dtype=torch.float64)

    def g(inputs, rows):
        return torch.tanh(inputs @ w / 9)

    whole, parts = (measured(g, Pairs(x, target), Effort(5, 8, chunk)) for chunk in (99, 2))
    numbers = ["delta", "angle", "change", "gap_3", "gap_5"]
    assert whole["pair"].tolist() == parts["pair"].tolist()
    assert parts[numbers].to_numpy() == pytest.approx(
        whole[numbers].to_numpy(), nan_ok=True, rel=1e-6
    )


def test_rows_to_which_the_identities_do_not_apply_say_why():
    w = torch.ones(D, dtype=torch.float64)
    x = torch.stack([w, -w, w, w])
    target = torch.stack([-w, w, 2 * w, -w])
    rows = measured(lambda inputs, _: inputs @ w, Pairs(x, target), Effort(3, 5))
    l2 = rows[rows["norm"] == "l2"].sort_values("pair")
    expected = ["", "g(x) is not positive", "g(x) is not above g(x')", ""]
    assert l2["reason"].tolist() == expected
    assert l2["angle"].isna().tolist() == [False, True, True, False]
