"""Digests: what coreutils' sha256sum says of them, seals, and inputs that are not as written."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import job_document

from fragility.runtime import digests, files

TABLE, TABLE_DIGESTS = "results/a/x.csv", "results/a/x.sha256"
RECORD, FIGURE, PRINTED = "results/a/x.json", "results/figures/cost.svg", "paper/t.csv"
SEALED = digests.sealed(
    {
        "job": {"settings": {"rate": 0.001, "cells": ["64:0.01", "full:0.1"], "text": "φ {x}"}},
        "networks": 7, "share": 0.25, "found": None, "both": True, "empty": {}, "size": 1e-12,
    }
)  # fmt: skip


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Files of two jobs and of the repository, as a job sees them."""
    monkeypatch.chdir(tmp_path)
    for path in (TABLE, FIGURE, PRINTED):
        files.write_text(f"d,{path}\n7,0.5\n", path)
    digests.write({TABLE: digests.of(TABLE)}, TABLE_DIGESTS)
    files.write_json(SEALED, RECORD)
    return tmp_path


DOCUMENT = job_document(
    inputs={"table": TABLE, "more": [RECORD, FIGURE], "printed": PRINTED}, outputs={}, settings={}
) | {"digests": {TABLE_DIGESTS: "draw"}, "volatile": [RECORD, FIGURE]}


def refusal(document=DOCUMENT, expected=None):
    with pytest.raises(ValueError) as caught:
        digests.checked(document, expected or {})
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- the file ---


def test_a_digest_is_hashlib_s_of_the_bytes(tmp_path):
    for content in (b"", b"abc", bytes(range(256)) * 10_000):
        (tmp_path / "a").write_bytes(content)
        assert digests.of(tmp_path / "a") == hashlib.sha256(content).hexdigest()


def test_digests_come_back_by_path_and_are_written_relative_to_their_folder(results):
    written = {TABLE: digests.of(TABLE), FIGURE: digests.of(FIGURE)}
    digests.write(written, TABLE_DIGESTS)
    assert digests.read(TABLE_DIGESTS) == written
    assert [line.split("  ")[1] for line in Path(TABLE_DIGESTS).read_text().splitlines()] == [
        "x.csv",
        "../figures/cost.svg",
    ]


def test_sha256sum_accepts_the_file_in_its_folder_and_notices_a_change(results):
    digests.write({path: digests.of(path) for path in (TABLE, FIGURE)}, TABLE_DIGESTS)
    words = [shutil.which("sha256sum"), "--check", "--strict", "x.sha256"]
    done = subprocess.run(words, cwd=results / "results/a", capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "x.csv: OK\n../figures/cost.svg: OK\n")
    Path(FIGURE).write_text("another")
    done = subprocess.run(words, cwd=results / "results/a", capture_output=True, text=True)
    assert done.returncode == 1
    assert "cost.svg: FAILED" in done.stdout and "x.csv: OK" in done.stdout


def test_a_digests_file_does_not_depend_on_where_it_lies(results):
    shutil.copytree("results", "elsewhere/run")
    digests.write({"elsewhere/run/a/x.csv": digests.of(TABLE)}, "elsewhere/run/a/again.sha256")
    assert Path("elsewhere/run/a/again.sha256").read_bytes() == Path(TABLE_DIGESTS).read_bytes()


GOOD = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "line",
    [
        "words", "", GOOD, f"{GOOD}  ", f"{GOOD[1:]}  x.csv", f"{GOOD}0  x.csv", f"{GOOD} x.csv",
        f"{GOOD.replace('a', 'g')}  x.csv", f"{GOOD.upper()}  x.csv", "\x00" * 64 + "  x.csv",
    ],
)  # fmt: skip
def test_a_line_that_is_none_is_refused_and_the_file_named(tmp_path, line):
    path = tmp_path / "x.sha256"
    path.write_text(f"{GOOD}  a.csv\n")
    assert digests.read(str(path)) == {f"{tmp_path}/a.csv": GOOD}
    path.write_text(f"{GOOD}  a.csv\n{line}\n")
    with pytest.raises(ValueError, match=r"x\.sha256 is damaged; delete it") as caught:
        digests.read(str(path))
    assert "\n" not in str(caught.value)


# --- the seal ---


def test_a_sealed_record_comes_back_and_its_seal_is_the_last_field(results):
    assert digests.read_record(RECORD) == SEALED
    assert list(SEALED)[-1] == digests.SEAL


@pytest.mark.parametrize(
    "record", [{}, {"a": 1}, {"sha256": "0" * 64}, {"a": 1, "sha256": None}, [], [1], "a", None, 3]
)
def test_what_was_never_sealed_is_no_record(tmp_path, record):
    files.write_json(record, tmp_path / "a.json")
    with pytest.raises(ValueError, match=r"a\.json is damaged; delete it"):
        digests.read_record(tmp_path / "a.json")


def test_a_record_that_has_the_seal_s_field_cannot_be_sealed():
    with pytest.raises(ValueError, match="sha256"):
        digests.sealed({"sha256": "mine"})


def values(content):
    """What a JSON file says, as one text; None if it is no JSON."""
    try:
        return json.dumps(json.loads(content))
    except ValueError:
        return None


def notices(path, content, original):
    """Whether reading refuses the changed content; it must, unless it says the same."""
    path.write_bytes(content)
    if values(content) == original:
        assert digests.is_sealed(digests.read_record(path))
        return False
    with pytest.raises(ValueError, match=r"a\.json is damaged") as caught:
        digests.read_record(path)
    assert "\n" not in str(caught.value)
    return True


def test_every_flipped_bit_that_changes_a_value_is_noticed(tmp_path):
    files.write_json(SEALED, tmp_path / "a.json")
    content = (tmp_path / "a.json").read_bytes()
    original = values(content)
    noticed = []
    for i, byte in enumerate(content):
        for bit in range(8):
            changed = content[:i] + bytes([byte ^ 1 << bit]) + content[i + 1 :]
            noticed.append(notices(tmp_path / "a.json", changed, original))
    assert sum(noticed) > 0.8 * len(noticed)  # the rest are white space and the case of escapes
    assert not all(noticed)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text().filter(lambda name: name != "sha256"), JSON), st.data())
def test_any_changed_byte_of_any_record_s_values_is_noticed(tmp_path_factory, record, data):
    path = tmp_path_factory.mktemp("sealed") / "a.json"
    files.write_json(digests.sealed(record), path)
    content = path.read_bytes()
    assert digests.is_sealed(digests.read_record(path))
    place = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    notices(path, content[:place] + bytes([byte]) + content[place + 1 :], values(content))


# --- a job's inputs ---


def test_inputs_as_they_were_written_come_with_their_digests(results):
    every = (TABLE, RECORD, FIGURE, PRINTED)
    assert digests.checked(DOCUMENT, {}) == {path: digests.of(path) for path in every}
    assert digests.checked(DOCUMENT, digests.checked(DOCUMENT, {})).keys() == set(every)


@pytest.mark.parametrize("content", ["", "d\n7,0.5\n", f"d,{TABLE}\n7,0.6\n"])
def test_a_changed_input_is_named_with_its_rule_and_a_way_out(results, content):
    Path(TABLE).write_text(content)
    line = refusal()
    assert line.startswith(f"{TABLE} is not what rule draw wrote")
    assert "delete it and run snakemake" in line


def test_an_input_of_several_in_one_name_is_checked_too(results):
    document = DOCUMENT | {"inputs": {"tables": [PRINTED, TABLE]}}
    digests.checked(document, {})
    Path(TABLE).write_text("another")
    assert TABLE in refusal(document)


def test_a_digests_file_is_found_however_its_path_is_written(results):
    document = DOCUMENT | {"inputs": {"table": "results/a/../a/x.csv"}}
    digests.checked(document, {})
    Path(TABLE).write_text("another")
    assert "rule draw" in refusal(document)


@pytest.mark.parametrize(
    "text", ["", f"{GOOD}  y.csv\n", f"{GOOD}  ../b/x.csv\n"], ids=["empty", "other", "elsewhere"]
)
def test_a_result_no_digest_speaks_of_is_refused(results, text):
    Path(TABLE_DIGESTS).write_text(text)
    line = refusal()
    assert line.startswith(f"{TABLE}: no job has written a digest of it")
    assert "delete it and run snakemake" in line


def test_a_result_of_a_job_whose_digests_are_not_told_of_is_refused(results):
    assert "no job has written a digest" in refusal(DOCUMENT | {"digests": {}})
    assert FIGURE in refusal(DOCUMENT | {"volatile": [RECORD]})
    digests.checked(DOCUMENT | {"results": "other", "digests": {}}, {})  # control: no result at all


def test_another_digest_of_the_same_file_is_a_change(results):
    Path(TABLE_DIGESTS).write_text(f"{GOOD}  x.csv\n")
    assert f"{TABLE} is not what rule draw wrote" in refusal()


def test_damaged_digests_are_named(results):
    Path(TABLE_DIGESTS).write_text("words\n")
    assert refusal().startswith(f"{TABLE_DIGESTS} is damaged; delete it")


def test_a_volatile_record_whose_seal_is_broken_is_refused(results):
    text = Path(RECORD).read_text()
    Path(RECORD).write_text(text.replace('"networks": 7', '"networks": 8'))
    assert refusal().startswith(f"{RECORD} is damaged; delete it")
    Path(RECORD).write_text(text.replace('"networks": 7', '"networks":  7'))  # says the same
    digests.checked(DOCUMENT, {})
    Path(RECORD).write_text(text[:-20])
    assert refusal().startswith(f"{RECORD} is damaged")


def test_another_volatile_file_may_change(results):
    Path(FIGURE).write_text("other times")
    assert digests.checked(DOCUMENT, {})[FIGURE] == digests.of(FIGURE)


@pytest.mark.parametrize("path", [TABLE, TABLE_DIGESTS, RECORD, FIGURE, PRINTED])
def test_a_missing_file_is_named(results, path):
    Path(path).unlink()
    with pytest.raises(OSError, match=path):
        digests.checked(DOCUMENT, {})


@pytest.mark.parametrize("path", [FIGURE, PRINTED])
def test_a_repeated_job_refuses_what_has_changed_since(results, path):
    before = digests.checked(DOCUMENT, {})
    Path(path).write_text("another")
    digests.checked(DOCUMENT, {})  # negative control: a new job may read it
    assert refusal(expected=before) == (
        f"{path} has changed since the job ran, so that it cannot be repeated"
    )


def test_a_repeated_job_refuses_a_result_that_was_made_anew(results):
    before = digests.checked(DOCUMENT, {})
    Path(TABLE).write_text("another")
    digests.write({TABLE: digests.of(TABLE)}, TABLE_DIGESTS)
    assert f"{TABLE} has changed since" in refusal(expected=before)


def test_all_paths_of_files_by_name_come_in_order():
    assert list(digests.flat({"a": "x", "b": ["y", "z"], "c": []})) == ["x", "y", "z"]
