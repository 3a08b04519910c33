"""The program that makes ones of sevens, and what it and training say of wrong inputs."""

import json

import numpy as np
import pytest
from mnist_jobs import LARGEST, NO_ONE, NO_SEVEN, SEVENS, error, logits, read_masks


def test_masks_are_a_row_a_test_seven_from_the_first(trained, masks, testing):
    assert masks.columns.tolist() == ["network", "seven", "right", "rows", "columns", "reason"]
    assert (masks["network"] == 4).all()
    assert masks["seven"].tolist() == np.flatnonzero(testing.labels == 7)[:SEVENS].tolist()
    record = json.loads((trained / "block/masks.json").read_text())
    made = int((masks["rows"] != "").sum())
    assert [record[name] for name in ("sevens", "right", "ones")] == [
        SEVENS, masks["right"].sum(), made
    ]  # fmt: skip


def test_each_row_has_a_rectangle_or_a_reason(masks):
    made, right = masks["rows"] != "", masks["right"] == 1
    assert (made == (masks["columns"] != "")).all()
    assert (masks["reason"][made] == "").all()
    assert (masks["reason"][right & ~made] == NO_ONE).all()
    assert (masks["reason"][~right] == NO_SEVEN).all()
    assert not (made & ~right).any()
    # else nothing is tested of one of them
    assert made.sum() > 5
    assert (right & ~made).any()
    assert (~right).any()
    assert masks.loc[made, "rows"].astype(int).between(1, LARGEST[0]).all()
    assert masks.loc[made, "columns"].astype(int).between(1, LARGEST[1]).all()


def test_right_are_the_sevens_that_the_network_takes_for_sevens(masks, network, testing):
    classes = logits(network, testing.images[masks["seven"]] / 255).argmax(axis=1)
    assert masks["right"].tolist() == (classes == 7).astype(int).tolist()


def test_each_artificial_one_is_taken_for_a_one(ones, network):
    assert (logits(network, [one for _, _, one in ones]).argmax(axis=1) == 1).all()
    assert (logits(network, [seven for _, seven, _ in ones]).argmax(axis=1) == 7).all()


def smaller(seven, one):
    """The seven behind every rectangle that removes less than the one does."""
    removed = np.square(seven - one).sum()
    for rows, columns in np.ndindex(*LARGEST):
        candidate = seven.copy()
        candidate[: rows + 1, : columns + 1] = 0
        if np.square(seven - candidate).sum() < removed * (1 - 1e-9):
            yield candidate


def test_no_rectangle_that_removes_less_makes_a_one(ones, network):
    for _, seven, one in ones:
        candidates = np.unique(list(smaller(seven, one)), axis=0)
        assert len(candidates) > 1
        assert not (logits(network, candidates).argmax(axis=1) == 1).any()


def test_where_there_is_no_one_no_rectangle_makes_it(masks, network, testing):
    for seven in masks["seven"][masks["reason"] == NO_ONE][:3]:
        image = testing.images[seven] / 255
        blocked = image.copy()
        blocked[: LARGEST[0], : LARGEST[1]] = 0
        candidates = np.unique([*smaller(image, blocked), blocked], axis=0)
        assert not (logits(network, candidates).argmax(axis=1) == 1).any()


def test_a_network_that_knows_no_seven_has_a_row_a_seven(trained, blocked):
    """Zeros: every output is the same, the first of them counts, and that is a 0."""
    assert blocked["block by zeros"].returncode == 0, blocked["block by zeros"].stderr
    table = read_masks(trained / "block by zeros/masks.csv")
    assert len(table) == SEVENS
    assert (table["right"] == 0).all()
    assert (table["reason"] == NO_SEVEN).all()
    assert (table["rows"] == "").all()


@pytest.mark.parametrize("name, part", [("train", "train"), ("block", "t10k")])
def test_missing_data_are_an_error_of_one_line_that_names_file_and_way_out(
    trained, failed, name, part
):
    assert error(failed[f"{name} without data"]) == [
        f"{trained}/nowhere/{part}-images-idx3-ubyte is missing; fetch it with: "
        "snakemake --forcerun mnist_fetch"
    ]
    assert list((trained / f"{name} without data").iterdir()) == []  # nothing is taken for a result


def test_weights_of_something_else_are_a_clear_error(trained, failed):
    first, *more = error(failed["block with others"])
    assert first.startswith("these are no weights of the digit network")
    assert any("matrices" in line for line in more)  # what is there instead
    assert list((trained / "block with others").iterdir()) == []


def test_fewer_sevens_than_asked_for_are_an_error_of_one_line_with_both_numbers(
    trained, failed, mnist
):
    assert error(failed["block too many"]) == [
        f"masks.csv: 2000 rows wanted (mnist.sevens), but {mnist} has 1028 test sevens"
    ]
    assert list((trained / "block too many").iterdir()) == []
