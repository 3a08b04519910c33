"""Damaged files: every kind, every file; the line that names it; no report of a broken chain."""

import json
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
from workflow_runs import RESULTS, edit, planned, snakemake

from fragility.runtime import chain, digests


def run_of(folder: Path) -> list[chain.Made]:
    """All jobs of the run but the crate's, as the crate's own record lists them."""
    told = json.loads((folder / RESULTS / "crate.json").read_text())["job"]["settings"]
    return [chain.Made(*each) for each in told["jobs"]]


@pytest.fixture
def inside(copy, monkeypatch):
    """A copy of the finished run, as the working folder."""
    monkeypatch.chdir(copy)
    chain._of.cache_clear()
    yield copy
    chain._of.cache_clear()


def flipped(content: bytes) -> bytes:
    """One bit in the middle is another."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def zeroed(content: bytes) -> bytes:
    """The last byte that is not zero is."""
    place = max(i for i, byte in enumerate(content) if byte)
    return content[:place] + b"\0" + content[place + 1 :]


def another_digit(content: bytes) -> bytes:
    """The last digit of the file is another one."""
    place = max(i for i, byte in enumerate(content) if chr(byte).isdigit())
    return (
        content[:place]
        + (b"1" if content[place : place + 1] != b"1" else b"2")
        + content[place + 1 :]
    )


def without_rows(content: bytes) -> bytes:
    """The last line is missing, and the file still ends in a whole one."""
    return b"".join(content.splitlines(keepends=True)[:-1])


def cut(content: bytes) -> bytes:
    return content[: int(0.6 * len(content))]


DAMAGES = {
    ".csv": (another_digit, without_rows, cut, flipped),
    ".safetensors": (flipped, zeroed, cut),
    ".json": (another_digit, flipped, cut),
    ".sha256": (another_digit, without_rows, cut),
    "": (flipped, cut),
}


def test_the_chain_of_the_finished_run_holds(inside):
    assert chain.broken(run_of(inside), RESULTS) == []


@pytest.mark.parametrize("turn", range(4))
def test_every_file_of_the_run_is_missed_when_it_is_damaged(inside, turn):
    """All at once, each in one of the ways for its kind; each is named in a line of its own."""
    jobs = run_of(inside)
    damaged = [path for job in jobs for path in job.files] if turn < 3 else [j.record for j in jobs]
    for name in damaged:
        path = Path(name)
        ways = DAMAGES.get(path.suffix, DAMAGES[""])
        before = path.read_bytes()
        path.write_bytes(ways[turn % len(ways)](before))
        assert path.read_bytes() != before, name
    told = chain.broken(jobs, RESULTS)
    for name in damaged:
        assert any(line.startswith(f"{name} ") for line in told), name


def test_every_file_of_the_run_is_missed_when_it_is_missing(inside):
    jobs = run_of(inside)
    names = [path for job in jobs for path in (job.record, *job.files)]
    for name in names:
        Path(name).unlink()
    told = chain.broken(jobs, RESULTS)
    assert {line.split(" is missing")[0] for line in told} == set(names)


def test_every_job_refuses_every_damaged_input(inside):
    """Before it computes: each job, told what its record tells, each input damaged once."""
    ways, refused = defaultdict(int), 0
    for job in run_of(inside):
        document = json.loads(Path(job.record).read_text())["job"]
        digests.checked(document, {})  # undamaged it accepts
        for name in digests.flat(document["inputs"]):
            path = Path(name)
            if not name.startswith(f"{RESULTS}/") or name in document["volatile"]:
                continue
            possible = DAMAGES.get(path.suffix, DAMAGES[""])
            way = possible[ways[path.suffix] % len(possible)]
            ways[path.suffix] += 1
            before = path.read_bytes()
            path.write_bytes(way(before))
            only = document | {"inputs": {"it": name}}
            with pytest.raises(ValueError, match=re.escape(f"{name} is not what rule ")):
                digests.checked(only, {})
            path.write_bytes(before)
            refused += 1
    assert refused > 500


def older(path: Path) -> None:
    """As if nothing had happened: the date that Snakemake looks at first lies far back."""
    os.utime(path, (1, 1))


def test_what_snakemake_does_not_see_verify_does(copy):
    path = copy / RESULTS / "ro-crate-metadata.json"  # nothing is made of it, so it alone is again
    path.write_bytes(another_digit(path.read_bytes()))
    older(path)
    assert not planned(copy)
    done = snakemake(copy, "verify", check=False)
    assert done.returncode != 0
    assert f"{RESULTS}/{path.name} is not what rule" in done.stdout
    assert "delete it and run snakemake: it is made anew" in done.stdout
    path.unlink()
    snakemake(copy)
    snakemake(copy, "verify")
    assert re.search(r"\d+ files of \d+ jobs are as those jobs wrote", verified(copy))


def verified(folder: Path) -> str:
    return (folder / RESULTS / "logs/verify.log").read_text()


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("linear/measure/d5_batch4_rate0.01.csv", cut),
        ("linear/train/d5_batch4_rate0.01.json", another_digit),
        *(
            pytest.param(*each, marks=pytest.mark.ci)
            for each in (
                ("linear/train/d5_batch4_rate0.01.safetensors", zeroed),
                ("scorecard.csv", without_rows),
                ("tables/table_1.csv", another_digit),
            )
        ),
    ],
)
def test_a_damaged_file_stops_the_run_and_no_report_is_made(copy, name, way):
    path = copy / RESULTS / name
    path.write_bytes(way(path.read_bytes()))
    (copy / RESULTS / "report.html").unlink()
    done = snakemake(copy, check=False)
    assert done.returncode != 0
    assert f"{RESULTS}/{name} is " in done.stdout
    assert not (copy / RESULTS / "report.html").exists()


def test_the_chain_is_checked_before_a_report_even_if_no_reader_noticed(copy):
    """Nothing reads a table's Markdown but people; the report refuses it all the same."""
    path = copy / RESULTS / "tables/table_1.md"
    path.write_bytes(flipped(path.read_bytes()))
    older(path)
    edit(copy / "workflow/report/report.css", "}", " }")
    (copy / RESULTS / "provenance.csv").unlink()
    done = snakemake(copy, check=False)
    assert done.returncode != 0
    assert f"{RESULTS}/tables/table_1.md is not what rule linear_notebook wrote" in done.stdout


def test_a_damaged_or_missing_page_of_the_site_is_noticed(copy):
    """Snakemake knows the site's start page only; the list of its files has the others."""
    (copy / RESULTS / "site/linear.html").unlink()
    path = copy / RESULTS / "site/_static/site.css"
    path.write_bytes(flipped(path.read_bytes()))
    done = snakemake(copy, "verify", check=False)
    assert done.returncode != 0
    for name in ("linear.html", "_static/site.css"):
        assert f"{RESULTS}/site/{name} is not what rule site wrote" in done.stdout
