"""What goes wrong during a run: it says so, and nothing half-made is taken for a result.

The runs here are of the whole tiny workflow or of its first jobs.  Those that need root, for a
small or a read-only file system, are marked ``root``; .ci/run runs them.
"""

import os
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from planning import asked, tiny
from workflow_runs import (
    RESULTS,
    contents,
    copy_of_repository,
    edit,
    kill,
    planned,
    snakemake,
    started,
    wait_for,
)

from fragility.runtime import digests
from fragility.runtime.seeds import generator

KILLS = 10
LONGEST = 25  # seconds from a start to a kill: of starting up, and of several jobs


def test_a_run_killed_and_resumed_ends_with_the_same_bytes(finished, tmp_path):
    """While networks train; the moments are random in the longer test below."""
    folder = copy_of_repository(tmp_path / "killed")
    process = started(folder, "table_1")
    wait_for(folder, "logs/linear_train/*", process)
    kill(process)
    refused = snakemake(folder, "table_1", check=False)
    assert refused.returncode != 0 and "--unlock" in refused.stdout
    snakemake(folder, "--unlock")
    snakemake(folder, "table_1")
    made = contents(folder)
    assert len(made) > 10
    assert made == {name: value for name, value in contents(finished).items() if name in made}


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A run of everything on one core, killed at ten random moments, each file that it opens noted.

    One run for three tests, since it is the whole workflow: how it was made must not show.
    """
    base = tmp_path_factory.mktemp("killed")
    folder, notes = copy_of_repository(base / "run"), base / "notes"
    notes.mkdir()
    shutil.copy(Path(__file__).parent / "watching/sitecustomize.py", folder / "workflow")
    watched = {"FILES_OPENED": str(notes)}
    kills = 0
    for wait in generator(1, "test", "kills").uniform(0, LONGEST, KILLS):
        process = started(folder, "--cores", "1", **watched)
        try:
            process.communicate(timeout=float(wait))
        except subprocess.TimeoutExpired:
            kill(process)
            kills += 1
        if (folder / ".snakemake/locks").is_dir() and any((folder / ".snakemake/locks").iterdir()):
            refused = snakemake(folder, check=False)
            assert refused.returncode != 0 and "--unlock" in refused.stdout
            snakemake(folder, "--unlock")
    assert kills >= KILLS - 1
    snakemake(folder, "--cores", "1", **watched)
    return folder, notes


@pytest.mark.ci
@pytest.mark.timeout(3600)
def test_a_run_killed_at_ten_random_moments_on_one_core_ends_with_the_same_bytes(finished, killed):
    folder, _ = killed
    assert contents(folder) == contents(finished)


@pytest.mark.ci
def test_after_ten_kills_nothing_is_left_to_do(killed):
    folder, _ = killed
    assert not planned(folder)


def opened(notes: Path, folder: Path) -> dict[str, set[str]]:
    """The files of ``folder`` that each job's processes opened or wrote, by the job's record."""
    own, children, maker = {}, defaultdict(list), {}
    for file in notes.iterdir():
        events = [line.split(f" {folder}/", 1) for line in file.read_text().splitlines()]
        inside = [event for event in events if len(event) == 2]
        own[file.name] = {path for _, path in inside}
        children[file.name.split("-")[0]].append(file.name)
        maker |= {path: file.name for event, path in inside if event == "os.rename"}

    def with_children(name: str) -> set[str]:
        return own[name].union(*map(with_children, children[name.split("-")[1]]))

    return {path: with_children(name) for path, name in maker.items()}


COMPILED = re.compile(r"__pycache__/([^.]+)[.][^/]+")
# temporary files, what numba compiled, the watch itself, and what the site's job builds
NO_INPUT = re.compile(rf"/[.][^/]*[.]part|[.]nb[ic]$|^workflow/sitecustomize.py$|^{RESULTS}/site/")
OF_THE_WHOLE_RUN = ("provenance", "report", "crate")  # they check or show every job's files


@pytest.mark.ci
def test_a_job_opens_the_files_that_it_is_told_of_and_no_others(killed):
    """So no setting reaches it but by its document: it opens no configuration file."""
    folder, notes = killed
    seen = opened(notes, folder)
    untold = {}
    for job in asked(folder, {"tiny": tiny()})["tiny"]["jobs"]:
        if job["rule"] in OF_THE_WHOLE_RUN:
            continue
        document = job["document"]
        told = {*job["inputs"], *document["digests"], *digests.flat(document["outputs"])}
        read = {COMPILED.sub(r"\1.py", path) for path in seen[job["record"]]}
        others = {path for path in read - told if not NO_INPUT.search(path)}
        if files := {path for path in others if (folder / path).is_file()}:
            untold[job["record"]] = files
    assert untold == {}


def test_of_two_runs_in_one_folder_the_second_is_refused(tmp_path):
    folder = copy_of_repository(tmp_path / "two")
    first = started(folder, "linear")
    try:
        wait_for(folder, "logs/linear_draw/*", first)
        second = snakemake(folder, "linear", check=False)
        assert first.poll() is None, "the first run ended too soon to say anything"
        assert second.returncode != 0
        assert "Directory cannot be locked" in second.stdout
    finally:
        kill(first)


def test_a_config_changed_during_a_run_counts_from_the_next_one_on(finished, tmp_path):
    folder = copy_of_repository(tmp_path / "changed")
    process = started(folder, "table_1")
    wait_for(folder, "logs/linear_train/*", process)
    edit(folder / "tests/config.tiny.yaml", "n_runs_table: 30", "n_runs_table: 31")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    made = contents(folder)
    assert len(made) > 5
    assert made == {name: value for name, value in contents(finished).items() if name in made}
    assert planned(folder, "table_1")["linear_train"] == 1


def test_a_digit_file_that_was_changed_is_refused_by_its_checksum(copy, mnist, tmp_path):
    cache = tmp_path / "cache"
    shutil.copytree(mnist, cache)
    changes = {"  images: 3000": f"  cache: {cache}\n  sources: [{cache}]\n  images: 3000"}
    for old, new in changes.items():
        edit(copy / "tests/config.tiny.yaml", old, new)
    images = np.fromfile(cache / "train-images-idx3-ubyte", dtype=np.uint8)
    images[1234567] ^= 1  # one bit of a pixel
    images.tofile(cache / "train-images-idx3-ubyte")
    done = snakemake(copy, "mnist", "--forcerun", "mnist_train", "mnist_fetch", check=False)
    assert done.returncode != 0
    assert "train-images-idx3-ubyte" in done.stdout and "SHA-256" in done.stdout


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a quarter of a megabyte: too small for the tiny run's linear networks."""
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.root
def test_a_full_disk_is_a_clear_error_and_leaves_nothing_half_written(
    finished, tmp_path, small_disk
):
    folder = copy_of_repository(tmp_path / "full")
    (folder / RESULTS).mkdir(parents=True)
    (folder / RESULTS / "linear").symlink_to(small_disk)  # the logs, which say it, lie elsewhere
    full = snakemake(folder, "linear", "relu", check=False)
    assert full.returncode != 0
    assert "No space left on device" in full.stdout
    whole = contents(finished)
    made = contents(folder)
    assert made == {name: whole[name] for name in made}  # what is there is complete
    subprocess.run(["mount", "-o", "remount,size=500m", small_disk], check=True)
    snakemake(folder, "linear", "relu")
    made = contents(folder)
    assert len(made) > 30 and made == {name: whole[name] for name in made}


@pytest.mark.root
def test_a_results_folder_that_cannot_be_written_is_a_clear_error(copy):
    results = copy / RESULTS
    subprocess.run(["mount", "--bind", results, results], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", results], check=True)
        assert not planned(copy)  # looking is allowed
        done = snakemake(copy, "--forcerun", "linear_score", check=False)
        assert done.returncode != 0
        assert "Write-protected output files" in done.stdout and RESULTS in done.stdout
        assert "Traceback" not in done.stdout
    finally:
        subprocess.run(["umount", results], check=True)
    assert not planned(copy)
    assert os.access(results, os.W_OK)
