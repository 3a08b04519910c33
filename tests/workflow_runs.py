"""Running the real workflow in copies of this repository, and its scripts as programs."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import warm

REPOSITORY = Path(__file__).parents[1]
TINY = ["--configfile", "tests/config.tiny.yaml"]
RESULTS = "results/demo"

# What rightly differs between two runs of the same thing: times, and what is made of them.
TIMED = re.compile(
    r"^(logs/|benchmarks/)|\.(ipynb|json)$|[._]cost\.|^(provenance|site|report|crate)\.(csv|html|sha256)$"
    r"|^site/|^start\.html$"
)


def copy_of_repository(target: Path) -> Path:
    """A copy of the working tree as git sees it: tracked files and new ones not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)
    return target


def copy_of_run(finished: Path, target: Path) -> Path:
    """A copy of a finished run, dates and Snakemake's records included."""
    subprocess.run(["cp", "-a", finished, target], check=True)
    return target


def environment() -> dict:
    """The environment without what the test runner adds to it."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON", "OMP"))}


def snakemake(
    folder: Path, *words: str, check: bool = True, **variables: str
) -> subprocess.CompletedProcess:
    """Run snakemake in ``folder`` on the tiny settings; the output's streams are merged."""
    done = warm.snakemake(*words, *TINY, folder=folder, environment=environment() | variables)
    if check and done.returncode != 0:
        raise AssertionError(f"snakemake {' '.join(words)} failed:\n{done.stdout[-6000:]}")
    return done


def planned(folder: Path, *words: str, **variables: str) -> Counter:
    """The jobs a dry run announces, as rule name to count; empty if there is nothing to do."""
    output = snakemake(folder, "-n", *words, **variables).stdout
    if "Nothing to be done" in output:
        return Counter()
    table = output.split("Job stats:")[1].split("total")[0]
    return Counter({name: int(n) for name, n in re.findall(r"^(\w+)\s+(\d+)$", table, re.M)})


def job_document(
    *, inputs: dict, outputs: dict, settings: dict, device: str = "cpu", threads: int = 1
) -> dict:
    """What a rule tells its program (fragility.runtime.job), with no digests of the inputs."""
    return {
        "rule": "test", "results": "results", "inputs": inputs, "digests": {}, "volatile": [],
        "outputs": outputs, "settings": settings, "device": device, "threads": threads,
    }  # fmt: skip


def run_job(
    name: str,
    folder: Path,
    *,
    inputs: dict,
    outputs: dict,
    settings: dict,
    device: str = "cpu",
    threads: int = 1,
    variables: dict | None = None,
    alone: bool = False,
) -> subprocess.CompletedProcess:
    """Run workflow/scripts/NAME.py in ``folder`` as a rule does; paths may be Path or text.

    Unless it is to be ``alone``, it starts as a copy of a process with the large packages.
    """
    told = job_document(
        inputs=inputs, outputs=outputs, settings=settings, device=device, threads=threads
    )
    if alone or threads > 1:
        return tell(name, folder, told, variables=variables)
    script, text = REPOSITORY / f"workflow/scripts/{name}.py", json.dumps(told, default=str)
    variables = script_environment() | (variables or {})
    return warm.run(script, folder=folder, environment=variables, told=text)


def in_folders(base: Path, jobs: dict) -> dict[str, subprocess.CompletedProcess]:
    """Each job in a folder of its name, two at a time."""
    for name in jobs:
        (base / name).mkdir()
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda name: jobs[name](base / name), jobs)
    return dict(zip(jobs, done, strict=True))


def tell(
    name: str, folder: Path, document: object, *words: str, variables: dict | None = None
) -> subprocess.CompletedProcess:
    """Run workflow/scripts/NAME.py on a document, or a text, as its standard input."""
    is_text = isinstance(document, str)
    threads = 1 if is_text else document.get("threads", 1)
    return subprocess.run(
        [sys.executable, REPOSITORY / "workflow/scripts" / f"{name}.py", *words], cwd=folder,
        input=document if is_text else json.dumps(document, default=str),
        capture_output=True, text=True,
        env=script_environment() | {"OMP_NUM_THREADS": str(threads)} | (variables or {}),
    )  # fmt: skip


def script_environment() -> dict:
    """As a job's: the library is found, one thread; and nothing is asked of timm's hub."""
    return os.environ | warm.READ_BY_IMPORTS | {"PYTHONPATH": str(REPOSITORY / "workflow")}


def contents(folder: Path) -> dict[str, bytes]:
    """Every result that must not depend on when or how it was made, by name."""
    results = folder / RESULTS
    return {
        name: path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file() and not TIMED.search(name := str(path.relative_to(results)))
    }


def started(folder: Path, *words: str, **variables: str) -> subprocess.Popen:
    """Snakemake on the tiny settings, under way in a process group of its own."""
    return subprocess.Popen(
        ["snakemake", *words, *TINY], cwd=folder, env=environment() | variables,
        start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def wait_for(folder: Path, pattern: str, process: subprocess.Popen) -> None:
    """Wait until a file under the results matches, while the run goes on."""
    deadline = time.monotonic() + 300
    while not list((folder / RESULTS).glob(pattern)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the run ended before {pattern} appeared")
        time.sleep(0.02)


def kill(process: subprocess.Popen) -> None:
    """SIGKILL a run and all its jobs."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text that must be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
