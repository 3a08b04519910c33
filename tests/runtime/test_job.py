"""What every program shares: the document checked, errors in one line, the record and digests."""

import hashlib
import json
import re
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from workflow_runs import job_document, run_job

from fragility.runtime import devices, digests, job

FIELDS = {
    "script", "job", "device", "threads", "versions", "platform", "commit", "started", "seconds",
    "peak_memory_mb", "read", "written", "sha256",
}  # fmt: skip


@pytest.fixture
def tell(tmp_path, monkeypatch):
    """Run a main on a text as its standard input, in an empty folder."""

    def run(main, text):
        monkeypatch.setattr("sys.argv", ["scripts/made_up.py"])
        monkeypatch.setattr("sys.stdin", StringIO(text))
        job.run(main)

    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture
def start(tell):
    """Run a main as a rule would, on a document with these changes; returns the record."""

    def run(main, **changes):
        plain = job_document(inputs={}, outputs={"record": "record.json"}, settings={})
        tell(main, json.dumps(plain | changes))
        return digests.read_record("record.json")

    return run


def nothing():
    return None


def ends(start, main, **changes):
    """The one line in which a job ends that fails as expected."""
    with pytest.raises(SystemExit) as caught:
        start(main, **changes)
    # a text as exit code: Python prints it to stderr and exits with status 1
    assert caught.value.code.startswith("error: ")
    assert "\n" not in caught.value.code
    return caught.value.code.removeprefix("error: ")


# --- the record ---


def test_the_record_has_the_promised_fields(start):
    record = start(nothing)
    assert set(record) == FIELDS
    assert record["script"] == "scripts/made_up.py"
    assert record["device"] == "cpu"
    assert re.fullmatch(r"3\.\d+\.\d+.*", record["versions"]["python"])
    assert record["versions"]["torch"] == torch.__version__.split("+")[0]
    assert {"numpy", "scipy", "numba", "pandas"} <= set(record["versions"])
    assert re.fullmatch(r"unknown|[0-9a-f]{12}(\+changes)?", record["commit"])
    assert record["peak_memory_mb"] > 10


def test_the_record_holds_the_document(start):
    def main(*, seed: int, rates: list[float]):
        return None

    told = start(main, settings={"seed": 3, "rates": [1, 0.5]})["job"]
    assert set(told) == set(job.FIELDS)
    assert told["settings"] == {"seed": 3, "rates": [1, 0.5]}
    assert (told["rule"], told["outputs"]) == ("test", {"record": "record.json"})


def test_the_record_has_when_and_how_long(start):
    before = time.time()
    record = start(lambda: time.sleep(0.05))
    assert 0.05 <= record["seconds"] < 5
    started = time.mktime(time.strptime(record["started"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    assert abs(started - before) < 2  # written in whole seconds


def test_facts_of_the_program_are_added(start):
    record = start(lambda: {"networks": 7, "by_size": {3: 0.5}})
    assert (record["networks"], record["by_size"]) == (7, {"3": 0.5})
    assert set(record) == FIELDS | {"networks", "by_size"}


def test_a_fact_named_as_the_seal_is_refused(start):
    assert "sha256" in ends(start, lambda: {"sha256": "mine"})
    assert not Path("record.json").exists()


def test_the_number_of_threads_is_what_the_job_was_given(start, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert start(nothing)["threads"] == 3
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert start(nothing)["threads"] >= 1


def test_peak_memory_is_the_program_s_own_and_not_its_parent_s(tmp_path):
    held = bytearray(800_000_000)
    held[::4096] = b"x" * len(held[::4096])  # touched, so that the memory is there
    outputs = {"matrices": "a.safetensors", "record": "a.json"}
    settings = {"dimension": 4, "n_matrices": 2, "seed": 1}
    done = run_job(
        "linear/draw", tmp_path, inputs={}, outputs=outputs, settings=settings, alone=True
    )
    done.check_returncode()
    assert 20 < json.loads((tmp_path / "a.json").read_text())["peak_memory_mb"] < 500
    assert len(held) == 800_000_000


def test_where_the_kernel_does_not_tell_the_peak_getrusage_does(monkeypatch):
    monkeypatch.setattr(job.Path, "read_text", lambda path, **_: "Name:\tpython\n")
    monkeypatch.setattr(job.resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=5 * 2**20))
    assert job._peak_memory() == (5 if sys.platform == "darwin" else 5 * 1024)


def test_without_git_the_commit_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert job.commit() == "unknown"


def test_the_commit_tells_whether_tracked_files_were_changed(monkeypatch, tmp_path):
    def git(*words):
        identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
        done = subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, text=True,
                              capture_output=True)  # fmt: skip
        return done.stdout.strip()

    monkeypatch.setattr(job, "__file__", str(tmp_path / "job.py"))
    (tmp_path / "job.py").write_text("1\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    (tmp_path / "new.txt").write_text("not tracked")
    assert job.commit() == git("rev-parse", "HEAD")[:12]
    (tmp_path / "job.py").write_text("2\n")
    assert job.commit() == git("rev-parse", "HEAD")[:12] + "+changes"


# --- what was read and written ---


def copies(source: Path, copy: Path, cost: Path):
    """A job with an input, a result and an output of times."""
    copy.write_bytes(source.read_bytes())
    cost.write_text(str(time.perf_counter()))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def copied(start):
    """The record of :func:`copies`, whose outputs go to folders that are not there yet."""
    Path("a.txt").write_text("a")
    outputs = {
        "copy": "results/new/b.txt", "cost": "results/new/cost.svg",
        "record": "record.json", "digests": "results/new/b.sha256",
    }  # fmt: skip
    return start(copies, inputs={"source": "a.txt"}, outputs=outputs)


def test_the_record_has_the_digests_of_what_was_read_and_written(copied):
    assert copied["read"] == {"a.txt": sha256("a")}
    written = ("results/new/b.txt", "results/new/cost.svg", "results/new/b.sha256")
    assert copied["written"] == {path: sha256(Path(path).read_text()) for path in written}


def test_the_digests_speak_of_results_and_not_of_times(copied):
    assert Path("results/new/b.sha256").read_text() == f"{sha256('a')}  b.txt\n"


def test_neither_record_nor_digests_are_written_where_none_is_asked_for(tell, tmp_path):
    tell(nothing, json.dumps(job_document(inputs={}, outputs={}, settings={})))
    assert list(tmp_path.iterdir()) == []


# --- errors ---

EXPECTED = [
    job.ResultError("linear networks at d=12: too few; raise linear.max_attempts"),
    devices.DeviceError("no GPU"),
    ValueError("a.csv is not a readable CSV"),
    FileNotFoundError("a.csv"),
]


def raising(error):
    def main():
        raise error

    return main


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_an_expected_error_ends_in_one_line_and_no_record(start, error):
    assert ends(start, raising(error)) == str(error)
    assert not Path("record.json").exists()


@pytest.mark.parametrize("error", [KeyError, RuntimeError, TypeError, ZeroDivisionError])
def test_an_unexpected_error_propagates_and_leaves_no_record(start, error):
    with pytest.raises(error, match="a bug"):
        start(raising(error("a bug")))
    assert not Path("record.json").exists()


def test_a_failed_rerun_leaves_no_new_record(start):
    start(nothing)
    before = Path("record.json").read_bytes()
    ends(start, raising(job.ResultError("no")))
    assert Path("record.json").read_bytes() == before


def test_an_output_that_was_not_written_is_named_and_leaves_no_record(start):
    def main(copy: Path):
        return None

    assert "b.txt" in ends(start, main, outputs={"copy": "b.txt", "record": "record.json"})
    assert not Path("record.json").exists()


def test_a_missing_gpu_stops_the_job_before_it_starts(start, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    calls = []
    line = ends(start, lambda: calls.append(1), device="cuda")
    assert line.startswith("a GPU was asked for")
    assert calls == []


def test_the_record_names_the_device_and_the_program_is_told_if_it_asks(start, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)  # put back after the test

    def main(*, device: str):
        return {"asked": device}

    record = start(main, device="cuda")
    assert (record["device"], record["asked"]) == ("NVIDIA H100", "cuda")
    assert start(main)["asked"] == "cpu"


def test_another_device_is_refused_by_name(start):
    assert "'tpu'" in ends(start, nothing, device="tpu")


# --- the document ---


@pytest.mark.parametrize("name", job.FIELDS)
def test_a_field_that_is_missing_or_of_another_type_is_named(start, tell, name):
    document = job_document(inputs={}, outputs={}, settings={})
    lacking = {key: value for key, value in document.items() if key != name}
    assert f"{name} is missing" in ends(lambda main: tell(main, json.dumps(lacking)), nothing)
    for wrong in (None, True, 1.5):
        assert f"{name} is missing or no" in ends(start, nothing, **{name: wrong})


def test_an_unknown_field_is_named_beside_all_else_that_is_wrong(start):
    line = ends(start, nothing, priority=3, rule=7, threads="2")
    for words in ("priority is unknown", "rule is missing or no str", "threads is missing or no"):
        assert words in line


@pytest.mark.parametrize("text", ["", "{", "{'rule': 1}", '{"rule": "a"', "\xff"])
def test_what_is_no_json_is_told_as_such(tell, text):
    assert "no JSON" in ends(lambda main: tell(main, text), nothing)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"job"'])
def test_json_that_is_no_object_is_told_as_such(tell, text):
    assert "no JSON object" in ends(lambda main: tell(main, text), nothing)


def test_a_record_is_no_job_and_the_line_says_how_to_repeat_one(start, tell):
    start(nothing)
    line = ends(lambda main: tell(main, Path("record.json").read_text()), nothing)
    assert "python scripts/made_up.py again < RECORD" in line


def test_a_terminal_is_not_waited_for(monkeypatch):
    terminal = StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.argv", ["scripts/made_up.py"])
    monkeypatch.setattr("sys.stdin", terminal)
    line = ends(job.run, nothing)
    assert "python scripts/made_up.py again < results/" in line


@pytest.mark.parametrize("part", ["inputs", "outputs"])
def test_a_name_that_stands_for_two_things_is_refused(start, part):
    told = {part: {"seed": "a.txt"}, "settings": {"seed": 1}}
    assert "names seed twice" in ends(start, nothing, **told)


def test_a_setting_named_device_is_refused_where_the_program_asks_for_the_device(start):
    def main(*, device: str):
        return {"asked": device}

    assert "names device twice" in ends(start, main, settings={"device": "cuda"})
