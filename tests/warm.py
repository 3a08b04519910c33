"""Programs started as copies of a process that has imported the large packages already.

Tests of programs start hundreds of them, and imports would take most of the time.  Our own library
is imported anew by each.  That a program's bytes depend on no order of a set, which copies share,
is tested with whole runs, whose jobs are processes of their own.
"""

import multiprocessing
import os
import runpy
import sys
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

REPOSITORY = Path(__file__).parents[1]
LARGE = ("pandas", "scipy.optimize", "scipy.stats", "torch", "timm", "foolbox")
STREAMS = ("stdin", "stdout", "stderr")

_copies = multiprocessing.get_context("forkserver")
_copies.set_forkserver_preload(list(LARGE))


def run(script: Path, told: str, folder: Path, environment: dict) -> CompletedProcess:
    """Run a program in ``folder`` on a text as its standard input, with one thread."""
    os.environ["OMP_NUM_THREADS"] = "1"  # the first process reads it while it imports
    with tempfile.TemporaryDirectory() as base:
        streams = {name: Path(base) / name for name in STREAMS}
        streams["stdin"].write_text(told, encoding="utf-8")
        process = _copies.Process(target=_become, args=(script, folder, environment, streams))
        process.start()
        process.join()
        said = [streams[name].read_text(encoding="utf-8") for name in STREAMS[1:]]
    return CompletedProcess(str(script), process.exitcode, *said)


def _become(script: Path, folder: Path, environment: dict, streams: dict[str, Path]) -> None:
    for number, (name, path) in enumerate(streams.items()):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        os.dup2(os.open(path, flags), number)
        setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", closefd=False))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(script)]
    foreign = [path for path in sys.path if not Path(path or ".").is_relative_to(REPOSITORY)]
    installed = [path for path in sys.path if "site-packages" in path and path not in foreign]
    sys.path = [str(script.parent), str(REPOSITORY / "workflow"), *foreign, *installed]
    runpy.run_path(str(script), run_name="__main__")
