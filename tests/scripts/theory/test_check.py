"""Every statement's check on the tiny settings, as a function and as the program that runs it."""

from importlib import import_module

import pandas as pd
import pytest
from judging import CLAIMS
from workflow_runs import run_job

from fragility.runtime import files
from fragility.runtime.clock import Clock
from fragility.statements import ON_NETWORKS, STATEMENTS
from fragility.statements.evidence import evidence
from fragility.synthetic.networks import relu_networks

SEED = 1


def checked(name, theory, trained):
    """What a statement's check gives, and the seconds by dimension."""
    clock = Clock()
    check = import_module(f"fragility.statements.{name}.check").check
    pairs = relu_networks(files.read_tensors(trained / "train.safetensors"))
    networks = [pairs] if name in ON_NETWORKS else []
    return check(theory[name], SEED, clock, *networks), clock.record()["seconds_by_dimension"]


@pytest.fixture(scope="module")
def every(theory, trained):
    return {name: checked(name, theory, trained) for name in STATEMENTS}


def dimensions(name, theory):
    """Where a statement is checked, by its settings."""
    block = theory[name]
    chains = {int(chain.split("-")[0]) for chain in block.get("chains", [])}
    on_networks = theory["networks"]["dimensions"] if name in ON_NETWORKS else []
    return {*block.get("dimensions", []), *chains, *on_networks}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_check_has_rows_and_seconds_at_each_of_its_dimensions(name, every, theory):
    rows, seconds = every[name]
    assert set(rows["d"].dropna()) == dimensions(name, theory)
    assert {int(d) for d in seconds} == dimensions(name, theory)
    assert rows.index.tolist() == list(range(len(rows)))
    assert any(column.startswith("observed_") or column == "hits" for column in rows)


@pytest.mark.parametrize("name", STATEMENTS)
def test_checking_twice_gives_the_same_rows(name, every, theory, trained):
    again, _ = checked(name, theory, trained)
    pd.testing.assert_frame_equal(again, every[name][0], check_exact=True)


def test_all_checks_together_are_evidence_on_exactly_the_theory_s_claims(every, theory, tmp_path):
    rows = []
    for name, (part, _) in every.items():
        files.write_csv(part, tmp_path / f"{name}.csv")
        rows.append(files.read_csv(tmp_path / f"{name}.csv"))
    wanted = {name: sorted(dimensions(name, theory)) for name in STATEMENTS}
    prefixes = tuple(f"{name.replace('_', '-')}-" for name in STATEMENTS)
    ours = [name for name in CLAIMS if name.startswith(prefixes)]
    assert sorted(evidence(rows, dimensions=wanted)) == sorted(ours)


@pytest.mark.parametrize("name", ["lemma_2", "section_5"])
def test_the_program_writes_what_the_check_gives(name, every, theory, trained, tmp_path):
    networks = [trained / "train.safetensors"] if name in ON_NETWORKS else []
    done = run_job(
        "theory/check", tmp_path, inputs={"networks": networks},
        outputs={"rows": "rows.csv", "record": "rows.json"},
        settings={"statement": name, "settings": theory[name], "seed": SEED},
    )  # fmt: skip
    done.check_returncode()
    files.write_csv(every[name][0], tmp_path / "expected.csv")
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes()
    seconds = files.read_json(tmp_path / "rows.json")["seconds_by_dimension"]
    assert {int(d) for d in seconds} == dimensions(name, theory)
