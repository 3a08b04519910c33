"""The program that measures a digit network: its numbers and its pictures."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from mnist_jobs import ALPHAS, STEP, difference, error, logits
from torch.nn import functional

from fragility.runtime import files

COLUMNS = [
    "network", "seven", "rows", "columns", "L", "Q_sign", "Q_gradient", "Q_minimal", "Q_ddn",
    "Q_projection", "Q", "attack", "M", "M_exact", "first_order", "gradient_along",
    "gradient_largest", "gradient_change", "cos_theta_t",
    *(f"cos_{i}" for i in range(ALPHAS)), "reason",
]  # fmt: skip


def test_measures_are_a_row_a_seven_that_has_a_one(trained, measures, masks):
    assert measures.columns.tolist() == COLUMNS
    made = masks[masks["rows"] != ""]
    assert (measures["network"] == 4).all()
    for name in ("seven", "rows", "columns"):
        assert measures[name].tolist() == made[name].astype(int).tolist()
    record = json.loads((trained / "measure/measures.json").read_text())
    assert record["sevens"] == len(made)
    assert record["found"] == measures["Q_minimal"].count()


def test_the_length_is_the_norm_of_the_difference(measures, ones):
    expected = [np.linalg.norm(seven - one) for _, seven, one in ones]
    # of float32 pixels
    assert measures["L"].tolist() == pytest.approx(expected, rel=1e-6)


def test_lengths_and_cosines_are_those_of_the_weights(measures, ones, network):
    """All in double precision, a seven after the other.

    Where the four inputs of a pooling tie, rounding chooses among them: single precision may take
    another pixel's gradient.  That turned a gradient by a hundredth and changed its norm by 1e-4,
    the square of it; a wrong weight, point or norm is off by a tenth.
    """
    for (_, row), (_, seven, one) in zip(measures.iterrows(), ones, strict=True):
        way = one - seven
        length = np.linalg.norm(way)
        at = [difference(network, seven + a * way) for a in np.linspace(0, 1, ALPHAS)]
        norms = np.array([np.linalg.norm(gradient) for _, gradient in at])
        along = np.array([(gradient * way).sum() for _, gradient in at])
        cosines = along / norms / length
        assert row["M_exact"] == pytest.approx((at[-1][0] - at[0][0]) / norms[0], rel=2e-3)
        assert row["M"] == pytest.approx(along.sum() / (ALPHAS - 1) / norms[0], rel=2e-3)
        assert row["first_order"] == pytest.approx(at[0][0] / norms[0], rel=2e-3)
        assert row["gradient_along"] == pytest.approx((norms / norms[0]).mean(), rel=2e-3)
        assert row["gradient_largest"] == pytest.approx((norms / norms[0]).max(), rel=2e-3)
        found = row[[f"cos_{i}" for i in range(ALPHAS)]].astype(float)
        assert found.tolist() == pytest.approx(cosines.tolist(), abs=2e-3)
    assert measures["cos_theta_t"].tolist() == measures["cos_0"].tolist()


def test_the_gradient_s_change_is_that_to_the_adversarial_image(measures, ones, network, pictures):
    """In double precision; float32's gradient near the boundary may take another pixel's."""
    for i, adversarial in enumerate(pictures["adversarial"]):
        before, after = (difference(network, image)[1] for image in (ones[i][1], adversarial))
        change = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert measures["gradient_change"][i] == pytest.approx(change, abs=0.03)
        assert change > 0.1  # else it would test nothing


def test_the_minimal_q_is_the_least_of_its_attacks_and_q_of_all(measures):
    by_attack = measures[["Q_ddn", "Q_projection"]]
    assert measures["Q_minimal"].tolist() == by_attack.min(axis=1).tolist()
    every = measures[["Q_sign", "Q_gradient", "Q_ddn", "Q_projection"]]
    assert measures["Q"].tolist() == every.min(axis=1).tolist()
    assert measures["Q"].notna().all()
    assert ("Q_" + measures["attack"]).tolist() == every.idxmin(axis=1).tolist()
    assert measures["reason"].isna().all()
    assert measures["attack"].nunique() > 1  # else any constant would do


@pytest.mark.parametrize("kind, largest", [("sign", 1), ("gradient", STEP)])
def test_single_steps_are_of_the_smallest_size_that_makes_a_one(
    measures, ones, network, kind, largest
):
    """Down the loss of the 1, on the grid of 200 sizes: the norm lies between two of them.

    Of two sevens at which it succeeds, and of one at which it does not.
    """
    norms = measures[f"Q_{kind}"]
    sizes = np.linspace(0, largest, 201)[:, None, None]
    chosen = [*norms.index[norms.notna()][:2], *norms.index[norms.isna()][:1]]
    assert norms[chosen].count() == 2
    for i in chosen:
        seven = ones[i][1]
        x = torch.as_tensor(seven)[None, None].requires_grad_()
        loss = functional.cross_entropy(network(x), torch.tensor([1]))
        slope = torch.autograd.grad(loss, x)[0][0, 0].numpy()
        way = -np.sign(slope) if kind == "sign" else -slope / np.linalg.norm(slope)
        images = np.clip(seven + sizes * way, 0, 1)
        hit = logits(network, images).argmax(axis=1) == 1
        if np.isnan(norms[i]):
            assert not hit.any()
            continue
        first = hit.argmax()
        before, after = (np.linalg.norm(images[k] - seven) for k in (first - 1, first))
        # a tie (see above) turns the gradient by a hundredth at most
        assert before * 0.99 <= norms[i] <= after * 1.01


def test_too_weak_attacks_leave_a_row_with_the_reason(trained, measured, masks):
    table = pd.read_csv(trained / "measure weak/measures.csv")
    assert table["seven"].tolist() == masks["seven"][masks["rows"] != ""].tolist()[2:4]
    names = [name for name in COLUMNS if name not in ("Q_projection", "cos_2", "cos_3", "cos_4")]
    assert table.columns.tolist() == names
    failed = table["Q_sign"].isna()  # one DDN step and a thousandth of the gradient do nothing
    assert table.loc[failed].any(axis=None)
    assert table[["Q_gradient", "Q_minimal", "Q_ddn"]].isna().all(axis=None)
    assert table["Q"].isna().tolist() == failed.tolist()
    assert (table["attack"] == np.where(failed, "none", "sign")).all()
    assert (table["reason"].fillna("") == np.where(failed, "no attack makes it a one", "")).all()
    assert table[["L", "M", "M_exact", "first_order", "cos_1"]].notna().all(axis=None)
    record = json.loads((trained / "measure weak/measures.json").read_text())
    assert [record["sevens"], record["found"]] == [2, 0]


def test_pictures_are_of_the_first_five(pictures, ones):
    assert {name: value.shape for name, value in pictures.items()} == {
        **dict.fromkeys(("seven", "one", "gradient", "adversarial"), (5, 28, 28)),
        "chances": (5, ALPHAS, 10), "adversarial_chances": (5, 10), "alphas": (ALPHAS,),
    }  # fmt: skip
    for i, (_, seven, one) in enumerate(ones[:5]):
        assert pictures["seven"][i] == pytest.approx(seven, abs=1e-7)
        assert pictures["one"][i] == pytest.approx(one, abs=1e-7)
    assert pictures["alphas"].tolist() == [0, 0.25, 0.5, 0.75, 1]


def test_the_gradient_shown_is_that_at_the_seven(pictures, ones, network):
    for shown, (_, seven, _) in zip(pictures["gradient"], ones, strict=False):
        _, gradient = difference(network, seven)
        # as above: a tie may turn it by a hundredth
        assert np.linalg.norm(shown - gradient) < 0.03 * np.linalg.norm(gradient)


def test_the_chances_shown_are_those_along_the_way(pictures, ones, network):
    for shown, (_, seven, one) in zip(pictures["chances"], ones, strict=False):
        line = [(1 - a) * seven + a * one for a in np.linspace(0, 1, ALPHAS)]
        outputs = logits(network, line)
        expected = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
        assert shown == pytest.approx(expected, abs=1e-5)
        assert (shown[0].argmax(), shown[-1].argmax()) == (7, 1)


def test_the_adversarial_image_shown_is_the_smallest_and_on_the_boundary(
    pictures, measures, network
):
    images = pictures["adversarial"]
    assert images.min() >= 0
    assert images.max() <= 1
    norms = np.linalg.norm((images - pictures["seven"]).reshape(5, -1), axis=1)
    assert norms.tolist() == pytest.approx(measures["Q_minimal"][:5].tolist(), rel=1e-5)
    outputs = logits(network, images)
    expected = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    assert pictures["adversarial_chances"] == pytest.approx(expected, abs=1e-5)
    # 1 is as likely as the likeliest other: bisected to what float32 resolves
    others = np.delete(expected, 1, axis=1).max(axis=1)
    assert expected[:, 1] == pytest.approx(others, abs=1e-3)


def test_a_picture_of_what_was_not_found_is_nan(trained, measured):
    pictures = files.read_tensors(trained / "measure weak/p.safetensors")
    assert pictures["adversarial"].shape == (2, 28, 28)
    assert np.isnan(pictures["adversarial"]).all()
    assert pictures["chances"].shape == (2, 2, 10)
    assert all(np.isfinite(pictures[name]).all() for name in ("seven", "one", "gradient"))


def test_no_one_at_all_is_an_error_of_one_line_that_names_the_key(trained, blocked, measured):
    assert error(measured["measure none"]) == [
        "MNIST: no correctly classified test 7 becomes a 1 when an upper-left rectangle is "
        "blocked.  Raise mnist.largest_mask or mnist.sevens"
    ]
    assert list((trained / "measure none").iterdir()) == []
