"""Programs started as copies of a process that has imported the large packages already.

Tests start hundreds of programs and Snakemake as often, and imports would take most of the time.
Our own library is imported anew by each, and Snakemake's jobs are processes of their own: that a
program's bytes depend on no order of a set, which copies share, is tested with whole runs.
"""

import gc
import multiprocessing
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

LARGE = ("pandas", "scipy.optimize", "scipy.stats", "torch", "timm", "foolbox", "snakemake.cli")
READ_BY_IMPORTS = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
STREAMS = ("stdin", "stdout", "stderr")

_copies = multiprocessing.get_context("forkserver")
_copies.set_forkserver_preload(list(LARGE))


def run(
    script: Path, *words: str, folder: Path, environment: dict, told: str = ""
) -> CompletedProcess:
    """Run a program in ``folder`` on ``told`` as its standard input, with one thread."""
    if sys.platform == "darwin":  # whose libraries do not work in a copy
        return cold(script, *words, folder=folder, environment=environment, told=told)
    os.environ.update(READ_BY_IMPORTS)
    with tempfile.TemporaryDirectory() as base:
        streams = {name: Path(base) / name for name in STREAMS}
        streams["stdin"].write_text(told, encoding="utf-8")
        process = _copies.Process(
            target=_become, args=([*map(str, [script, *words])], folder, environment, streams)
        )
        process.start()
        process.join()
        said = [streams[name].read_text(encoding="utf-8") for name in STREAMS[1:]]
    return CompletedProcess([str(script), *words], process.exitcode, *said)


def cold(
    script: Path, *words: str, folder: Path, environment: dict, told: str = ""
) -> CompletedProcess:
    """The same by a process of its own."""
    return subprocess.run(
        [sys.executable, script, *words], cwd=folder, env=environment, input=told,
        capture_output=True, text=True,
    )  # fmt: skip


def snakemake(*words: str, folder: Path, environment: dict) -> CompletedProcess:
    """Snakemake in ``folder``; all that it prints is its standard output."""
    done = run(Path(shutil.which("snakemake")), *words, folder=folder, environment=environment)
    return CompletedProcess(done.args, done.returncode, done.stdout + done.stderr)


def _become(words: list[str], folder: Path, environment: dict, streams: dict[str, Path]) -> None:
    for number, (name, path) in enumerate(streams.items()):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        os.dup2(os.open(path, flags), number)
        setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", closefd=False))
    gc.freeze()  # what was imported is there to stay
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words
    told = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    installed = [path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))]
    sys.path = [str(Path(words[0]).parent), *told, *installed]
    runpy.run_path(words[0], run_name="__main__")
