"""The table of verdicts by master seed, from made-up scores."""

import pandas as pd
import pytest

from fragility.paper.verdicts import DECIDED, VERDICTS
from fragility.report import stability

VERDICTS_BY_SEED = {
    7: ["reproduced", "reproduced", "not tested yet", "own settings"],
    8: ["reproduced", "inconclusive", "not tested yet", "own settings"],
    9: ["reproduced", "reproduced", "not tested yet", "own settings"],
}
IDS = ["stays", "turns", "waits", "own"]


def scores(verdicts, ids=IDS, ours=("0.5", "0.95", "", "2")):
    """One seed's scores, every cell a string."""
    frame = pd.DataFrame({"id": ids, "ours": ours[: len(ids)], "verdict": verdicts[: len(ids)]})
    return frame.assign(artifact="Table 1", quantity="mean |cos θ1|")


@pytest.fixture
def compared():
    made = {seed: scores(verdicts) for seed, verdicts in VERDICTS_BY_SEED.items()}
    made[8].loc[1, "ours"] = "0.9"
    return stability.table(made)


def test_a_claim_turns_if_one_seed_gives_another_verdict(compared):
    assert dict(zip(compared["id"], compared["turns"], strict=True)) == {
        "stays": False, "turns": True, "waits": False, "own": False
    }  # fmt: skip


def test_equal_seeds_turn_nothing():
    same = stability.table(dict.fromkeys([7, 8, 9], scores(VERDICTS_BY_SEED[7])))
    assert not same["turns"].any()


def test_verdicts_are_counted_and_add_up_to_the_seeds(compared):
    turning = compared.set_index("id").loc["turns"]
    assert turning["reproduced"] == 2 and turning["inconclusive"] == 1
    assert (compared[list(VERDICTS)].sum(axis=1) == compared["n"]).all()
    assert (compared["n"] == 3).all()
    assert list(turning[["seed 7", "seed 8", "seed 9"]]) == [
        v[1] for v in VERDICTS_BY_SEED.values()
    ]


def test_estimates_are_told_by_their_range(compared):
    by_claim = compared.set_index("id")
    assert tuple(by_claim.loc["turns", ["lowest", "highest"]]) == (0.9, 0.95)
    assert by_claim.loc["waits", ["lowest", "highest"]].isna().all()


@pytest.mark.parametrize(
    ("other", "told"),
    [
        pytest.param(IDS[:3], "one of them only: own$", id="one is missing"),
        pytest.param([*IDS[:3], "new"], "one of them only: new, own$", id="another"),
        pytest.param([*IDS[2:], *IDS[:2]], "one of them only: none$", id="another order"),
    ],
)
def test_other_claims_are_refused_by_name(other, told):
    first, second = VERDICTS_BY_SEED[7], VERDICTS_BY_SEED[8]
    with pytest.raises(ValueError, match=f"seeds 7 and 8 do not have the same claims .*{told}"):
        stability.table({7: scores(first), 8: scores(second, other)})


def test_markdown_says_what_turns_and_shows_it_first(compared):
    text = stability.markdown(compared, [])
    assert "1 of 4 verdicts turn." in text
    assert "The seeds are 7, 8, 9." in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert "turns" in rows[2] and "reproduced: 2; inconclusive: 1" in rows[2]
    assert "0.9000 to 0.9500" in rows[2]
    assert [line.split("|")[1].strip() for line in rows[2:]] == ["turns", "stays", "waits", "own"]
    assert "Not the paper's settings" not in text


def test_claims_without_a_verdict_for_any_seed_are_told_of(compared):
    told = "1 claims have no verdict for any seed (own settings)"
    assert told in stability.markdown(compared, ["linear.width: 10 (full run: 3000)"])
    with_verdicts = compared[compared["id"] != "own"]
    assert "no verdict for any seed" not in stability.markdown(with_verdicts, [])


def test_changed_settings_are_told_of_first(compared):
    assert "full run: 3000" in stability.markdown(compared, ["linear.width: 10 (full run: 3000)"])


@pytest.fixture
def settled(compared, tmp_path):
    """What becomes of one seed's scores, by claim, with the table read back from its CSV."""
    compared.to_csv(tmp_path / "stability.csv", index=False)
    table = pd.read_csv(tmp_path / "stability.csv", dtype=str, keep_default_na=False)

    def by_claim(verdicts):
        return stability.settled(scores(verdicts), table).set_index("id")

    return by_claim


@pytest.mark.parametrize("verdict", DECIDED)
def test_a_verdict_that_turns_is_inconclusive_and_says_why(settled, verdict):
    found = settled([verdict, verdict, "not tested yet", verdict])
    assert found.loc["turns", "verdict"] == "inconclusive"
    told = "turns with the seed: 2 reproduced, 1 inconclusive in 3 runs"
    assert found.loc["turns", "turns"] == told
    others = found.drop("turns")
    assert others["turns"].isna().all()
    assert list(others["verdict"]) == [verdict, "not tested yet", verdict]


@pytest.mark.parametrize("verdict", sorted({*VERDICTS} - {*DECIDED}))
def test_what_is_no_verdict_on_our_numbers_stays_as_it_is(settled, verdict):
    found = settled([verdict] * 4)
    assert set(found["verdict"]) == {verdict}
    assert found["turns"].notna().sum() == (verdict != "own settings")


def test_without_a_table_nothing_turns():
    one = scores(["reproduced"] * 4)
    found = stability.settled(one, pd.DataFrame(columns=["id", "n", "turns"]))
    assert found.drop(columns="turns").equals(one) and found["turns"].isna().all()
