"""Evidence on the claims about digits, from made-up measures with known answers."""

import numpy as np
import pandas as pd
import pytest
from causes_results import DIGIT_KINDS
from causes_results import digits as measures
from claim_cases import Case, turning
from judging import CLAIMS, verdicts

from fragility.experiments.causes.digits import figures, summary, tables
from fragility.experiments.causes.digits.evidence import evidence, kinds_exchanged
from fragility.paper.verdicts import INCONCLUSIVE, NOT_REPRODUCED, REPRODUCED

OURS = {name for name in CLAIMS if name.startswith("causes-digits-")}


CASES = {
    "causes-digits-robust": Case(
        {}, {"gain": 1.02}, {"causes-digits-together", "causes-digits-proportional"}
    ),
    "causes-digits-together": Case({}, {"follows": 0.0}, {"causes-digits-proportional"}),
    "causes-digits-proportional": Case({}, {"follows": 0.5}),
    "causes-digits-m": Case({}, {"m": 0.5}),
}


def test_each_claim_has_evidence_and_a_case():
    assert OURS == set(CASES) == set(evidence(measures()))


def test_measures_that_follow_one_another_reproduce_every_claim():
    assert verdicts(evidence(measures())) == dict.fromkeys(OURS, REPRODUCED)


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    found = verdicts(evidence(measures(**case.wrong)))
    assert found[name] != REPRODUCED
    if not case.also:
        assert found == dict.fromkeys(OURS, REPRODUCED) | {name: NOT_REPRODUCED}
    assert {other for other in OURS if found[other] != REPRODUCED} == {name, *case.also}


def test_compression_that_changes_the_other_way_is_not_reproduced():
    found = verdicts(evidence(measures(follows=-0.5)))
    assert found["causes-digits-together"] == NOT_REPRODUCED
    assert found["causes-digits-proportional"] == NOT_REPRODUCED


def test_numbers_are_means_over_networks_and_changes_are_of_pairs():
    """Networks of very different size change by the same factor: no interval is left."""
    table = measures(spread=0.0)
    factor = 1 + table["network"]
    for column in ("Q", "cos_theta_t", "M"):
        table[column] *= factor
    part = evidence(table)["causes-digits-robust"].parts["adversarial 1.5"]
    assert part.value == pytest.approx(2)
    assert (part.low, part.high) == pytest.approx((2, 2))
    assert part.n == 5


def test_one_network_decides_nothing_and_few_that_disagree_neither():
    assert REPRODUCED not in verdicts(evidence(measures(networks=1))).values()
    found = verdicts(evidence(measures(networks=3, spread=0.6)))
    assert found["causes-digits-robust"] == INCONCLUSIVE


def test_ways_of_training_exchanged_refuse_what_is_about_them():
    results = kinds_exchanged({"digits": measures(networks=8)}, np.random.default_rng(1))
    found = verdicts(evidence(results["digits"]))
    assert found["causes-digits-robust"] != REPRODUCED
    assert found["causes-digits-together"] != REPRODUCED
    assert found["causes-digits-m"] == REPRODUCED  # it is of each way of training
    assert len(results["digits"]) == len(measures(networks=8))


def test_images_without_a_perturbation_are_left_out():
    table = measures(spread=0.0)
    table.loc[table["image"] == 3, "Q"] = np.nan
    numbers = summary.per_network(table)
    assert (numbers[numbers["pair"] != summary.ALL]["images"] == 19).all()
    assert not numbers[summary.NUMBERS].isna().any().any()


def test_all_pairs_are_the_mean_of_pairs_and_leave_blocked_sevens_out():
    table = measures(spread=0.0)
    table.loc[table["pair"] == "4 to 9", ["Q", "M"]] *= 3
    table.loc[table["target"] == summary.BLOCKED, ["Q", "M"]] *= 100
    numbers = summary.per_network(table).query("kind == 'usual' and network == 0")
    ratio = numbers.set_index(["target", "pair"])["ratio"]
    near = [ratio[summary.NEAREST, pair] for pair in ("7 to 1", "4 to 9")]
    assert ratio[summary.NEAREST, summary.ALL] == pytest.approx(np.mean(near))
    assert near[1] == pytest.approx(3 * near[0])


def test_margin_is_first_order_distance_times_gradient():
    numbers = summary.per_network(measures(spread=0.0)).query("kind == 'adversarial 1.5'")
    assert numbers["gradient"].to_numpy() == pytest.approx(1.0)
    q = measures(spread=0.0).query("kind == 'adversarial' and network == 0 and pair == '4 to 9'")
    one = numbers[(numbers["pair"] == "4 to 9") & (numbers["network"] == 0)]
    assert one["margin"].item() == pytest.approx(np.exp(np.log(q["Q"]).mean()))


# --- tables ---


def test_the_table_has_a_row_for_each_way_of_training_and_target():
    accuracies = pd.DataFrame(
        [(i, *kind, 0.9 + 0.01 * i) for i in range(5) for kind in DIGIT_KINDS],
        columns=["network", "kind", "strength", "accuracy"],
    )
    table = tables.by_kind(measures(spread=0.0), accuracies)
    assert len(table) == 8
    assert table["target"].tolist() == [summary.NEAREST] * 4 + [summary.BLOCKED] * 4
    assert table["accuracy"].tolist() == pytest.approx([0.92] * 8)
    row = table[table["kind"] == "adversarial 1.5"].iloc[0]
    assert (row["networks"], row["images"]) == (5, 200)
    assert row["cos_over_ratio"] == pytest.approx(1)
    assert row["m_over_q"] == pytest.approx(1)


def test_networks_that_training_ruined_are_counted():
    every = measures(spread=0.0)
    accuracies = pd.DataFrame(
        [(i, *kind, 0.9) for i in range(5) for kind in DIGIT_KINDS],
        columns=["network", "kind", "strength", "accuracy"],
    )
    robust = every["kind"] == "adversarial"
    some = tables.by_kind(every[~robust | (every["network"] > 0)], accuracies)
    remarks = some.groupby("kind")["remark"].first()
    assert remarks["adversarial 1.5"] == "1 not accurate" and remarks["usual"] == ""
    none = tables.by_kind(every[~robust], accuracies)
    (row,) = none[none["kind"] == "adversarial 1.5"].to_dict("records")
    assert (row["networks"], row["remark"]) == (0, "none accurate")


def test_changes_are_one_for_a_network_that_is_scaled():
    """All outputs times 10: gradients and margins change, no ratio does."""
    table = measures(spread=0.0)
    scaled = table["kind"] == "weight_decay"
    table.loc[scaled, "gradient"] *= 10
    row = tables.changes(table).query("kind == 'weight decay 0.01' and pair == 'all pairs'").iloc[0]
    assert row[["ratio", "cos", "gradient", "margin"]].tolist() == pytest.approx([1, 1, 10, 10])
    robust = tables.changes(table).query("kind == 'adversarial 1.5' and pair == '4 to 9'").iloc[0]
    assert robust[["ratio", "cos", "gradient", "exponent"]].tolist() == pytest.approx(
        [2, 2, 0.5, 1]
    )


# --- figure ---


def test_marks_of_the_figure_are_the_networks_numbers(ax):
    near, blocked = figures.groups(summary.per_network(measures()))
    assert figures.title(near) == "all pairs, target: nearest digit"
    assert figures.title(blocked) == "7 to 1, target: blocked seven"
    figures.relation(ax, near)
    lines = ax.get_lines()
    assert len(lines) == 5  # four ways of training, and where both are equal
    usual = near[near["kind"] == "usual"]
    assert lines[0].get_xdata() == pytest.approx(usual["cos"])
    assert lines[0].get_ydata() == pytest.approx(usual["ratio"])
    assert len({line.get_color() for line in lines[:4]}) == 4
