"""Evidence, tables and figure on relabelled inputs, from made-up students with known answers."""

import numpy as np
import pandas as pd
import pytest
from claim_cases import Case, turning
from judging import CLAIMS, verdicts

from fragility.experiments.causes.relabelled import figures, summary, tables
from fragility.experiments.causes.relabelled.evidence import evidence
from fragility.paper.verdicts import NOT_REPRODUCED, PARTLY, REPRODUCED

OURS = {name for name in CLAIMS if name.startswith("causes-relabelled-")}
OURS |= {"causes-non-robust-features"}
STEPS = [1, 3, 10, 32, 100]
MARGINS = [0.1, 1.0]


def rows(setting, skill=0.9, early=0.4, first=0.0, limit=0.0, teachers=5):
    """Accuracies and moves: students go from ``early`` to a share ``skill`` of the teacher's.

    ``first`` and ``limit`` are what the closed form's accuracies lie off.
    """
    chance, teacher = summary.SETTINGS[setting][1], 0.96
    end = chance + skill * (teacher - chance)
    accuracies, moves = [], []
    for margin in MARGINS:
        for i in range(teachers):
            off = 0.004 * (i - (teachers - 1) / 2)
            shares = [early] * 3 + [(early + end) / 2, end]
            accuracies += [
                {"setting": setting, "margin": margin, "network": i, "step": step,
                 "accuracy": share + off, "cos_limit": 0.9}
                for step, share in zip(STEPS, shares, strict=True)
            ]  # fmt: skip
            move = {"setting": setting, "margin": margin, "network": i, "distance": 1.0}
            move |= {"teacher_accuracy": teacher}
            theory = {"first": early + off - first, "limit": end + off - limit}
            moves.append(move | (theory if setting in ("descent", "linear") else {}))
    return pd.DataFrame(accuracies), pd.DataFrame(moves)


def of(**changes):
    """Accuracies and moves of all settings, a frame each."""
    return [
        list(each) for each in zip(*(rows(s, **changes) for s in summary.SETTINGS), strict=True)
    ]


def found(**changes):
    return verdicts(evidence(*of(**changes)))


RIGHT = dict.fromkeys(OURS, REPRODUCED) | {"causes-non-robust-features": NOT_REPRODUCED}
CASES = {
    "causes-relabelled-suffice": Case({}, {"skill": 0.3}),
    "causes-relabelled-early": Case({}, {"early": 0.6}),
    "causes-relabelled-first": Case({}, {"first": 0.01}),
    "causes-relabelled-limit": Case({}, {"limit": 0.1}),
}


def test_each_claim_has_evidence_and_a_case():
    assert set(evidence(*of())) == OURS == {*CASES, "causes-non-robust-features"}


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
    frames = [rows("linear"), rows("digits", skill=0.0)]
    frames.append(rows("descent"))
    judged = verdicts(evidence(*map(list, zip(*frames, strict=True))))
    assert judged["causes-relabelled-suffice"] == PARTLY
    assert judged["causes-non-robust-features"] == PARTLY


def test_skill_is_relative_to_a_guess_and_the_teacher():
    for setting, (_, chance) in summary.SETTINGS.items():
        accuracies, moves = rows(setting, skill=0.5)
        final = summary.skill(summary.last(accuracies), moves)
        assert final["skill"].mean() == pytest.approx(0.5)
        assert final["accuracy"].mean() == pytest.approx((chance + 0.96) / 2)


def test_a_checkpoint_is_the_nearest_by_ratio_in_each_setting():
    accuracies = pd.concat([rows("linear")[0], rows("digits")[0].query("step != 10")])
    near = summary.at(accuracies, 10).groupby("setting")["step"].unique()
    assert near["linear"].tolist() == [10]
    assert near["digits"].tolist() == [32]  # 3.16 times as many, and 3 is 3.33 times fewer


def test_the_table_shows_accuracies_over_training_and_the_closed_form():
    accuracies, moves = map(summary.joined, of(early=0.3))
    table = tables.through_training(accuracies, moves)
    assert len(table) == len(summary.SETTINGS) * len(MARGINS)
    row = table.iloc[0]
    assert (row["setting"], row["margin"]) == (summary.SETTINGS["descent"][0], "10 % more")
    assert (row["early_step"], row["middle_step"], row["last_step"]) == (10, 10, 100)
    assert (row["early"], row["first"]) == pytest.approx((0.3, 0.3))
    assert row["last"] == pytest.approx(row["limit"])
    assert row["early_low"] < row["early"] < row["early_high"]
    relu = table[table["setting"] == summary.SETTINGS["relu"][0]]
    assert relu["limit"].isna().all()  # theory says nothing of it


def test_the_figure_s_lines_are_means_by_step_and_its_stars_the_limits(ax):
    accuracies, moves = rows("descent", early=0.3)
    steps = tables.by_step(accuracies)
    figures.through_training(ax, steps, moves)
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert lines["10 % more"].get_xdata().tolist() == STEPS
    assert lines["10 % more"].get_ydata()[0] == pytest.approx(0.3)
    stars = [line for line in ax.get_lines() if line.get_marker() == "*"]
    assert [s.get_ydata()[0] for s in stars] == pytest.approx([moves["limit"].mean()] * 2)
    assert np.isclose(ax.get_ylim(), (0, 1.03)).all()
