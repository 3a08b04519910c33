"""The audit of the printed tables: interval arithmetic, made-up tables, and the paper's own."""

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import REPOSITORY, run_job

from fragility.paper import audit, claims
from fragility.paper.audit import AGREES, DIFFERS, SHOWN, TRUNCATED, VERDICTS, words
from fragility.paper.audit.intervals import printed_interval, value_range
from fragility.paper.audit.rows import compare

FOLDER = REPOSITORY / "workflow/paper"
ROWS = audit.audit(FOLDER).set_index("id", drop=False)
decimals = st.decimals(1, 9, places=3, allow_nan=False).map(str)


def tables():
    return {number: claims.read_table(FOLDER, number) for number in range(1, 9)}


def judged(printed, formula, *inputs):
    return compare("made-up", "", "", printed, formula, inputs)["verdict"]


# --- interval arithmetic ---


def test_a_printed_number_stands_for_what_rounds_to_it():
    assert printed_interval("0.10") == (Fraction("0.095"), Fraction("0.105"))
    assert printed_interval("-0.3", 1) == (Fraction("-0.4"), Fraction("-0.2"))


def test_a_count_is_exact():
    assert printed_interval("10", 1) == (10, 10)


def test_a_number_with_all_its_digits_has_a_step_of_single_precision_as_its_unit():
    low, high = printed_interval("0.8023384809494019")
    assert float(high - low) == pytest.approx(2.0**-24)  # floats from 1/2 to 1
    assert float(high + low) / 2 == 0.8023384809494019


@pytest.mark.parametrize("text", ["0.0000012", "198.2214", "0.10"])
def test_a_number_with_few_digits_has_its_last_digit_as_its_unit(text):
    low, high = printed_interval(text)
    assert high - low == Fraction(1, 10 ** len(text.partition(".")[2]))


@given(decimals, decimals, st.lists(st.floats(-1, 1), min_size=2, max_size=2))
def test_a_formula_reaches_every_value_of_its_inputs(a, b, shares):
    low, high = value_range(lambda x, y: x / y, [a, b])
    x, y = (Fraction(t) + Fraction(s) / 2000 for t, s in zip((a, b), shares, strict=True))
    assert low <= x / y <= high


def test_the_reach_is_no_wider_than_its_ends():
    assert value_range(lambda x, y: x - y, ["0.3", "0.1"]) == (
        Fraction("0.1"),
        Fraction("0.3"),
    )


@given(st.floats(1, 9), st.floats(1, 9))
def test_rounded_numbers_agree_and_truncated_ones_at_least_if_truncated(x, y):
    cut = [str(int(1000 * value) / 1000) for value in (x, y, x + y)]
    cut = [f"{float(text):.3f}" for text in cut]
    rounded = [f"{value:.3f}" for value in (x, y, x + y)]
    assert judged(rounded[2], lambda a, b: a + b, *rounded[:2]) == AGREES
    assert judged(cut[2], lambda a, b: a + b, *cut[:2]) in (AGREES, TRUNCATED)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("0.25", AGREES), ("0.26", TRUNCATED), ("0.27", DIFFERS), ("0.23", DIFFERS)],
)
def test_the_verdict_follows_the_gap(printed, verdict):
    assert judged(printed, lambda: Fraction("0.25")) == verdict


def test_sizes_of_a_difference():
    row = compare("made-up", "", "", "0.30", lambda x: x, ["0.25"], slip="why")
    sizes = [row[name] for name in ("difference", "relative", "units")]
    assert sizes == pytest.approx([0.05, 0.2, 5])
    assert row["remark"] == "why"
    assert row["recomputed"] == "0.2500 [0.2450, 0.2550]"


def test_a_range_is_missed_by_its_distance():
    row = compare("made-up", "", "", "-1.2", lambda: (-1, 1))
    assert (row["verdict"], row["difference"]) == (DIFFERS, pytest.approx(-0.2))


# --- made-up tables ---


def consistent():
    """Tables like the paper's in which each ratio, average and first row is what it should be."""
    made = tables()
    made[6].loc[9, "experiment_1"], made[6].loc[4, "experiment_2"] = "-0.0795", "-0.3989"
    for number in (5, 8):
        for name in {"M", "Q"} & set(made[number]):
            numbers = made[number][name].astype(float) * 2 / made[number]["L"].astype(float)
            made[number][f"{name}_over_half_L"] = [f"{x:.4f}" for x in numbers]
    for number in (6, 7):
        for name in made[number].columns[1:]:
            mean = made[number][name][:-1].astype(float).mean()
            made[number].loc[11, name] = f"{mean:.4f}"
    made[5].loc[:3, "cos_theta_t"] = made[6].iloc[0, 1:].tolist()
    made[8]["M_over_half_L"] = [path_length(made[7], i) for i in range(4)]
    made[4].loc[1, "delta_over_m"] = "0.14630503"
    return made


def path_length(cosines, i):
    """M/(0.5L) where the gradient is as long all along the path as at the input."""
    return f"{0.2 * cosines.iloc[:-1, i + 1].astype(float).sum():.5f}"


def checked(made):
    return {row["id"]: row for check in audit.CHECKS for row in check(made)}


def differences(made):
    return {name: row for name, row in checked(made).items() if row["verdict"] == DIFFERS}


def test_consistent_tables_pass():
    assert differences(consistent()) == {}


def planted(number, row, name, text):
    made = consistent()
    made[number].loc[row, name] = text
    return differences(made)


@pytest.mark.parametrize(
    ("number", "row", "name", "text", "found"),
    [
        (1, 0, "cos_theta_1", "-1.2000", {"table-1-bound-cos_theta_1"}),
        (2, 0, "mean_abs_difference", "0.0337", {"table-2-triangle"}),
        (4, 1, "delta_over_m", "0.14630518", {"table-4-ratio-b2"}),  # ten steps
        (3, 3, "alpha", "0.335", {"table-3-alpha-3"}),
        (3, 3, "mean_rho", "0.9000", {"table-3-mean-3"}),
        (5, 1, "Q_over_half_L", "0.6912", {"table-5-ratio-Q-2"}),
        (8, 2, "Q_over_half_L", "0.0707", {"table-8-ratio-Q-3"}),
        (6, 11, "experiment_2", "-0.2931", {"table-6-average-2"}),
        (5, 0, "cos_theta_t", "-0.1575", {"table-5-6-cos-1"}),
        (5, 0, "M_over_half_L", "0.2825", {"table-5-ratio-M-1", "table-5-6-sign-1"}),
    ],
)
def test_a_planted_slip_is_found(number, row, name, text, found):
    assert set(planted(number, row, name, text)) == found


def test_a_planted_slip_is_found_with_its_size():
    row = planted(6, 11, "experiment_2", "-0.2931")["table-6-average-2"]
    assert row["difference"] == pytest.approx(-0.01, abs=5e-5)
    assert row["units"] == pytest.approx(-100, abs=0.5)
    assert "would have to change by -0.1" in row["remark"]


def test_swapped_digits_of_a_length_are_named():
    found = planted(5, 0, "L", "1.5691")
    assert set(found) == {"table-5-ratio-M-1", "table-5-ratio-Q-1"}
    assert "L = 1.5961 (two digits swapped)" in found["table-5-ratio-Q-1"]["remark"]


def test_one_ratio_wrong_fits_no_length():
    found = planted(5, 1, "Q_over_half_L", "0.6912")["table-5-ratio-Q-2"]
    assert found["remark"] == "no L agrees with M and Q over 0.5L"


def test_another_experiments_length_is_named():
    found = planted(8, 2, "Q_over_half_L", f"{2 * 5.8693 / 171.4597:.4f}")
    assert "experiment 4's L = 171.4597" in found["table-8-ratio-Q-3"]["remark"]


def test_one_step_of_single_precision_is_rounding():
    assert planted(4, 1, "delta_over_m", "0.14630501") == {}


def test_gradients_of_constant_length_are_as_long_as_at_the_input():
    rows = checked(consistent())
    for i in range(1, 5):
        assert rows[f"table-8-7-gradient-{i}"]["recomputed"].startswith("1.00 [")


def test_a_planted_longer_gradient_is_found_with_its_size():
    made = consistent()
    made[8].loc[0, "M_over_half_L"] = f"{3 * float(made[8].loc[0, 'M_over_half_L']):.5f}"
    row = checked(made)["table-8-7-gradient-1"]
    assert row["recomputed"].startswith("3.00 [")
    assert "at least 1.8" in row["remark"]  # 3 * 0.0238 / 0.0386, sums of cos and of |cos|


def test_the_correction_of_consistent_ratios_changes_no_correlation():
    row = checked(consistent())["table-8-correlation"]
    assert row["printed"] == row["recomputed"]


def test_a_planted_ratio_changes_the_correlation_that_its_correction_restores():
    made = consistent()
    made[8]["M_over_half_L"] = made[8]["Q_over_half_L"]
    made[8].loc[0, "Q_over_half_L"] = "0.9000"
    row = checked(made)["table-8-correlation"]
    assert row["recomputed"] == "1.00"
    assert float(row["printed"]) < 0.9


def test_tables_without_equal_entries_have_none():
    rows = checked(consistent())
    assert rows["table-6-repeats-column"]["printed"] == "none"
    assert rows["table-6-repeats-row"]["printed"] == "none"


def test_planted_equal_entries_are_found_in_columns_and_rows():
    made = consistent()
    made[6].loc[2, "experiment_3"] = made[6].loc[1, "experiment_3"] = "-0.3675"
    made[6].loc[2, "experiment_4"] = "-0.3675"
    rows = checked(made)
    column, row = rows["table-6-repeats-column"], rows["table-6-repeats-row"]
    assert column["printed"] == "-0.3675 (experiment_3 at 0.1 and 0.2)"
    assert row["printed"] == "-0.3675 (0.2 at experiment_3 and experiment_4)"
    for each in (column, row):
        assert each["recomputed"].startswith("1 equal, 0.")
        assert each["remark"].startswith("next to each other: 1 equal")


def test_equal_entries_are_as_likely_as_in_draws_of_the_same_spread():
    """Eleven draws from 2001 equally likely numbers: 55 pairs, so 0.027 are equal on average."""
    made = consistent()
    for k, name in enumerate(made[6].columns[1:]):
        numbers = [(167 * (i + k) + i * i) % 2001 for i in range(11)]
        made[6].loc[:10, name] = [f"{number / 10000:.4f}" for number in numbers]
    text = checked(made)["table-6-repeats-column"]["recomputed"]
    assert float(re.search(r", ([\d.]+) expected", text)[1]) == pytest.approx(
        4 * 55 / 2001, rel=0.5
    )


def test_a_wrong_quote_is_found():
    quoted = claims.read_csv_strings(FOLDER / "quoted.csv")
    quoted.loc[quoted["id"] == "table_2.mean_phi.1", "value"] = "0.3820"
    rows = {row["id"]: row for row in words.quotes(tables(), quoted)}
    assert rows["quoted-table_2.mean_phi.1"]["verdict"] == DIFFERS


# --- the paper's tables ---


def test_ids_are_unique_and_verdicts_known():
    assert ROWS["id"].is_unique
    assert set(ROWS["verdict"]) <= set(VERDICTS)


def test_quoted_numbers_stand_in_their_sentences():
    for row in claims.read_csv_strings(FOLDER / "quoted.csv").to_dict("records"):
        assert re.search(rf"(?<![\d.]){re.escape(row['value'])}(?!\d)", row["sentence"]), row["id"]


def test_averages_recomputed_by_hand():
    # sums of the printed columns: -1.2901 and -0.0120 over eleven rows
    assert ROWS.loc["table-6-average-1", "difference"] == pytest.approx(-0.1136 + 1.2901 / 11)
    assert ROWS.loc["table-7-average-2", "difference"] == pytest.approx(-0.0348 + 0.0120 / 11)
    assert set(ROWS.loc[["table-6-average-1", "table-7-average-2"], "verdict"]) == {DIFFERS}


def test_ratios_recomputed_by_hand():
    # 2 * 1.0586 / 2.5806 = 0.82043, 2 * 5.8044 / 198.2214 = 0.058565, 2 * 5.8693 / 193.3129
    assert ROWS.loc["table-5-ratio-Q-4", "difference"] == pytest.approx(0.8187 - 0.82043, abs=1e-5)
    assert ROWS.loc["table-8-ratio-Q-1", "difference"] == pytest.approx(0.0722 - 0.058565, abs=1e-6)
    assert ROWS.loc["table-8-ratio-Q-3", "verdict"] == AGREES


def test_energy_is_cut_off_not_rounded():
    assert ROWS.loc["quoted-table_3.mean_rho.5.squared", "verdict"] == TRUNCATED  # 0.1071


def test_single_precision_rounds_table_4():
    # 0.7597464323043823 / 5.1928935050964355 = 0.14630502851, steps of 2^-26 apart
    assert ROWS.loc["table-4-ratio-b2", "units"] == pytest.approx(-1.242, abs=1e-3)
    assert ROWS.loc["table-4-ratio-b2", "verdict"] == AGREES


def test_gradient_lengths_recomputed_by_hand():
    # sums of Table 7's columns: -0.0238, -0.0120, -0.0252 and -0.0372; 0.0765 / (0.2 * 0.0238)
    sizes = [ROWS.loc[f"table-8-7-gradient-{i}", "recomputed"].split()[0] for i in range(1, 5)]
    assert sizes == ["16.07", "14.53", "7.67", "10.83"]
    sizes = [ROWS.loc[f"table-5-6-gradient-{i}", "recomputed"].split()[0] for i in range(1, 5)]
    assert sizes == ["1.10", "0.98", "0.96", "0.91"]


def test_the_repeated_entries_of_table_6_are_found():
    row = ROWS.loc["table-6-repeats-column"]
    assert "-0.0794 (experiment_1 at 0.7 and 0.9)" in row["printed"]
    assert "-0.3988 (experiment_2 at 0.4 and 0.5)" in row["printed"]
    assert row["recomputed"].startswith("2 equal")
    assert row["remark"].startswith("next to each other: 1 equal")


def test_the_correlation_of_table_8_is_negative_and_more_so_corrected():
    row = ROWS.loc["table-8-correlation"]
    assert (row["printed"], row["recomputed"]) == ("-0.18", "-0.31")


def test_approximate_claims_are_only_shown():
    pattern = "-close-|-path-|-angles-|-text$|-gradient-|-correlation$|-repeats-"
    kinds = ROWS["id"].str.contains(pattern, regex=True)
    assert set(ROWS.loc[kinds, "verdict"]) == {SHOWN}


# --- the script ---


def render(folder, paper=FOLDER):
    return run_job(
        "report/audit",
        folder,
        inputs={
            "printed": [paper / f"table_{n}.csv" for n in range(1, 9)],
            "quoted": paper / "quoted.csv",
        },
        outputs={"checks": "audit.csv", "record": "audit.json"},
        settings={},
    )


def test_the_script_lists_as_many_differences_as_it_counts(tmp_path):
    render(tmp_path).check_returncode()
    written = claims.read_csv_strings(tmp_path / "audit.csv")
    assert list(written.columns) == audit.COLUMNS
    listed = (written["verdict"] == DIFFERS).sum()
    assert listed == (ROWS["verdict"] == DIFFERS).sum() > 0
    record = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert record["verdicts"][DIFFERS] == listed


def test_the_script_names_what_is_missing(tmp_path):
    copy = Path(shutil.copytree(FOLDER, tmp_path / "paper"))
    (copy / "table_5.csv").unlink()
    result = render(tmp_path, copy)
    assert result.returncode == 1
    assert "table_5.csv" in result.stderr
    assert not (tmp_path / "audit.csv").exists()
