"""Evidence, tables and figure on relabelled inputs, from made-up students with known answers."""

import numpy as np
import pandas as pd
import pytest
from causes_results import STUDENT_STEPS, moves, relabelled, students
from claim_cases import Case, turning
from judging import CLAIMS, verdicts

from fragility.experiments.causes.relabelled import figures, summary, tables
from fragility.experiments.causes.relabelled.evidence import evidence
from fragility.paper.verdicts import NOT_REPRODUCED, PARTLY, REPRODUCED

OURS = {name for name in CLAIMS if name.startswith("causes-relabelled-")}
OURS |= {"causes-non-robust-features"}


def found(**changes):
    return verdicts(evidence(relabelled(**changes), moves(**changes)))


RIGHT = dict.fromkeys(OURS, REPRODUCED) | {"causes-non-robust-features": NOT_REPRODUCED}
CASES = {
    "causes-relabelled-suffice": Case({}, {"skill": 0.3}),
    "causes-relabelled-early": Case({}, {"early": 0.6}),
    "causes-relabelled-first": Case({}, {"first": 0.01}),
    "causes-relabelled-limit": Case({}, {"limit": 0.1}),
}


def test_each_claim_has_evidence_and_a_case():
    assert set(evidence(relabelled(), moves())) == OURS == {*CASES, "causes-non-robust-features"}


def test_students_as_good_as_the_closed_form_says_reproduce_all_but_the_text_s_claim():
    assert found() == RIGHT


@pytest.mark.parametrize(("name", "case"), turning(CASES))
def test_the_verdict_turns_with_what_the_claim_is_about(name, case):
    assert found(**case.wrong) == RIGHT | {name: NOT_REPRODUCED}


def test_students_that_learn_nothing_say_what_the_text_says():
    judged = found(skill=0.0)
    assert judged["causes-non-robust-features"] == REPRODUCED
    assert judged["causes-relabelled-suffice"] == NOT_REPRODUCED


def test_one_kind_that_learns_and_one_that_does_not_are_partly():
    frames = [students("linear"), students("digits", skill=0.0)]
    frames.append(students("descent"))
    judged = verdicts(evidence(*map(list, zip(*frames, strict=True))))
    assert judged["causes-relabelled-suffice"] == PARTLY
    assert judged["causes-non-robust-features"] == PARTLY


def test_skill_is_relative_to_a_guess_and_the_teacher():
    for setting, (_, chance) in summary.SETTINGS.items():
        accuracies, moves = students(setting, skill=0.5)
        final = summary.skill(summary.last(accuracies), moves)
        assert final["skill"].mean() == pytest.approx(0.5)
        assert final["accuracy"].mean() == pytest.approx((chance + 0.96) / 2)


def test_a_checkpoint_is_the_nearest_by_ratio_in_each_setting():
    accuracies = pd.concat([students("linear")[0], students("digits")[0].query("step != 10")])
    near = summary.at(accuracies, 10).groupby("setting")["step"].unique()
    assert near["linear"].tolist() == [10]
    assert near["digits"].tolist() == [32]  # 3.16 times as many, and 3 is 3.33 times fewer


def test_the_table_shows_accuracies_over_training_and_the_closed_form():
    accuracies, told = (summary.joined(part(early=0.3)) for part in (relabelled, moves))
    table = tables.through_training(accuracies, told)
    assert len(table) == len(summary.SETTINGS) * 2
    row = table.iloc[0]
    assert (row["setting"], row["margin"]) == (summary.SETTINGS["descent"][0], "10 % more")
    assert (row["early_step"], row["middle_step"], row["last_step"]) == (10, 10, 100)
    assert (row["early"], row["first"]) == pytest.approx((0.3, 0.3))
    assert row["last"] == pytest.approx(row["limit"])
    assert row["early_low"] < row["early"] < row["early_high"]
    relu = table[table["setting"] == summary.SETTINGS["relu"][0]]
    assert relu["limit"].isna().all()  # theory says nothing of it


def test_the_figure_s_lines_are_means_by_step_and_its_stars_the_limits(ax):
    accuracies, moves = students("descent", early=0.3)
    steps = tables.by_step(accuracies)
    figures.through_training(ax, steps, moves)
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert lines["10 % more"].get_xdata().tolist() == STUDENT_STEPS
    assert lines["10 % more"].get_ydata()[0] == pytest.approx(0.3)
    stars = [line for line in ax.get_lines() if line.get_marker() == "*"]
    assert [s.get_ydata()[0] for s in stars] == pytest.approx([moves["limit"].mean()] * 2)
    assert np.isclose(ax.get_ylim(), (0, 1.03)).all()


def test_students_whose_last_steps_differ_share_their_checkpoints():
    accuracies, _ = students("descent", early=0.3)
    later = (accuracies["network"] > 0) & (accuracies["step"] == max(STUDENT_STEPS))
    accuracies.loc[later, "step"] += 10
    steps = tables.by_step(accuracies)
    assert len(steps) == len(tables.by_step(students("descent", early=0.3)[0]))
    assert max(STUDENT_STEPS) < steps["step"].max() < max(STUDENT_STEPS) + 10
