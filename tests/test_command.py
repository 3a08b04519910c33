"""What every script shares: options, one-line errors, the record."""

import json
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from workflow_runs import script

from fragility.runtime import command, devices


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Run a main under ``command.run`` as a script would; returns the record's path."""

    def run(main, *words, device=False):
        record = tmp_path / "record.json"
        options = command.parser("A made-up script.", device=device)
        options.add_argument("--seed", type=int, default=3)
        options.add_argument("--inputs", type=Path, nargs="*", default=[])
        line = ["/somewhere/made_up.py", "--provenance", str(record), *words]
        monkeypatch.setattr("sys.argv", line)
        command.run(main, options)
        return record

    run.record = tmp_path / "record.json"
    return run


def nothing(args):
    return None


FIELDS = {
    "script", "settings", "device", "threads", "versions", "platform", "commit", "started",
    "seconds", "peak_memory_mb",
}  # fmt: skip


def test_the_record_has_the_promised_fields(start):
    record = json.loads(start(nothing).read_text())
    assert set(record) == FIELDS
    assert record["script"] == "made_up.py"
    assert record["device"] == "cpu"
    assert re.fullmatch(r"3\.\d+\.\d+.*", record["versions"]["python"])
    assert record["versions"]["torch"] == torch.__version__.split("+")[0]
    assert {"numpy", "scipy", "numba", "pandas"} <= set(record["versions"])
    assert re.fullmatch(r"unknown|[0-9a-f]{12}(\+changes)?", record["commit"])
    assert record["peak_memory_mb"] > 10


def test_the_record_has_what_the_job_was_told_but_not_its_own_name(start):
    settings = json.loads(start(nothing, "--inputs", "a/b.csv", "c.csv").read_text())["settings"]
    assert settings == {"seed": 3, "inputs": ["a/b.csv", "c.csv"]}


def test_the_record_has_when_and_how_long(start):
    before = time.time()
    record = json.loads(start(lambda args: time.sleep(0.05)).read_text())
    assert 0.05 <= record["seconds"] < 5
    started = time.mktime(time.strptime(record["started"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    assert abs(started - before) < 2  # written in whole seconds


def test_facts_of_the_script_are_added(start):
    record = json.loads(start(lambda args: {"networks": 7, "seed": args.seed}).read_text())
    assert (record["networks"], record["seed"]) == (7, 3)
    assert set(record) == FIELDS | {"networks", "seed"}


def test_the_number_of_threads_is_what_the_job_was_given(start, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert json.loads(start(nothing).read_text())["threads"] == 3
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert json.loads(start(nothing).read_text())["threads"] >= 1


def test_peak_memory_is_the_program_s_own_and_not_its_parent_s(tmp_path):
    held = bytearray(800_000_000)
    held[::4096] = b"x" * len(held[::4096])  # touched, so that the memory is there
    done = script(
        "draw_matrices", tmp_path, dimension=4, count=2, seed=1, output="a.safetensors",
        provenance="a.json",
    )  # fmt: skip
    done.check_returncode()
    assert 20 < json.loads((tmp_path / "a.json").read_text())["peak_memory_mb"] < 500
    assert len(held) == 800_000_000


def test_where_the_kernel_does_not_tell_the_peak_getrusage_does(start, monkeypatch):
    monkeypatch.setattr(command.Path, "read_text", lambda path, **_: "Name:\tpython\n")
    monkeypatch.setattr(
        command.resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=5 * 2**20)
    )
    assert command._peak_memory() == (5 if command.sys.platform == "darwin" else 5 * 1024)


EXPECTED = [
    command.ResultError("linear networks at d=12: too few; raise linear.max_attempts"),
    devices.DeviceError("no GPU"),
    ValueError("a.csv is not a readable CSV"),
    FileNotFoundError("a.csv"),
]


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_an_expected_error_ends_in_one_line_and_no_record(start, error):
    def main(args):
        raise error

    with pytest.raises(SystemExit) as caught:
        start(main)
    # a text as exit code: Python prints it to stderr and exits with status 1
    assert caught.value.code == f"error: {error}"
    assert "\n" not in caught.value.code
    assert not start.record.exists()


@pytest.mark.parametrize("error", [KeyError, RuntimeError, TypeError, ZeroDivisionError])
def test_an_unexpected_error_propagates_and_leaves_no_record(start, error):
    def main(args):
        raise error("a bug")

    with pytest.raises(error, match="a bug"):
        start(main)
    assert not start.record.exists()


def test_a_failed_rerun_leaves_no_new_record(start):
    start(nothing)
    before = start.record.read_bytes()

    def main(args):
        raise command.ResultError("no")

    with pytest.raises(SystemExit):
        start(main)
    assert start.record.read_bytes() == before


def test_a_missing_gpu_stops_the_job_before_it_starts(start, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    calls = []
    with pytest.raises(SystemExit) as caught:
        start(calls.append, "--device", "cuda", device=True)
    assert caught.value.code.startswith("error: a GPU was asked for")
    assert calls == []
    assert not start.record.exists()


def test_the_record_names_the_device(start, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "NVIDIA H100")
    record = json.loads(start(nothing, "--device", "cuda", device=True).read_text())
    assert record["device"] == "NVIDIA H100"
    assert record["settings"]["device"] == "cuda"


def test_the_device_is_the_cpu_unless_told(start):
    assert json.loads(start(nothing, device=True).read_text())["settings"]["device"] == "cpu"


@pytest.mark.parametrize("words", [["--device", "tpu"], ["--unknown"], ["--seed", "x"]])
def test_a_wrong_command_line_is_refused_before_the_job_starts(start, words, capsys):
    calls = []
    with pytest.raises(SystemExit) as caught:
        start(calls.append, *words, device=True)
    assert caught.value.code == 2  # argparse's own status
    assert words[0].lstrip("-") in capsys.readouterr().err
    assert calls == []


def test_a_script_without_a_gpu_has_no_device_option(start):
    with pytest.raises(SystemExit):
        start(nothing, "--device", "cpu")


def test_the_record_is_asked_for(capsys):
    with pytest.raises(SystemExit):
        command.parser("").parse_args([])
    assert "--provenance" in capsys.readouterr().err


def test_without_git_the_commit_is_unknown(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert command.commit() == "unknown"
