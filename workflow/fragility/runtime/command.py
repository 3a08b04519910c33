"""What every script shares: options, one clear error, and the provenance record.

The record is a JSON file beside the result: what the job was told, with which versions, on which
device, from which commit, how long it took and how much memory it held.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from fragility.runtime import devices, files

PACKAGES = ("numpy", "scipy", "numba", "torch", "pandas", "matplotlib", "snakemake")


class ResultError(RuntimeError):
    """A job cannot deliver what was asked for; the message says which key or file to change."""


def parser(description: str | None, *, device: bool = False) -> argparse.ArgumentParser:
    """An argument parser with ``--provenance`` and, for jobs a GPU helps, ``--device``."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--provenance", type=Path, required=True, help="JSON record to write")
    if device:
        options.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    return options


def statement_parser(description: str | None) -> argparse.ArgumentParser:
    """The options of a script that checks one statement: its config block, the seed, its CSV."""
    options = parser(description)
    options.add_argument("--settings", type=json.loads, required=True, help="as JSON")
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    return options


def photo_parser(description: str | None) -> argparse.ArgumentParser:
    """The options of a script that shows photos to a pretrained model."""
    options = parser(description, device=True)
    options.add_argument("--model", required=True, help="timm's name")
    options.add_argument("--weights", required=True, help='"package", "hub" or a file')
    options.add_argument("--sha256", default="", help="of a weights file")
    options.add_argument("--photos", required=True, help='"packaged", or a folder by synset')
    options.add_argument("--torch-threads", type=int, required=True)
    options.add_argument("--output", type=Path, required=True)
    return options


class Clock:
    """Seconds spent on each dimension, for the record and the plot of costs."""

    def __init__(self) -> None:
        self._laps: dict[int, float] = {}
        self._last = time.perf_counter()

    def lap(self, d: int) -> None:
        """Add the time since the last lap to dimension ``d``."""
        now = time.perf_counter()
        self._laps[d] = self._laps.get(d, 0) + now - self._last
        self._last = now

    def record(self) -> dict:
        """The laps as a part of the provenance record."""
        return {"seconds_by_dimension": {str(d): round(t, 4) for d, t in self._laps.items()}}


def run(
    main: Callable[[argparse.Namespace], dict | None], options: argparse.ArgumentParser
) -> None:
    """Parse the command line, run ``main``, write the record; expected errors end in one line."""
    args = options.parse_args()
    started = time.time()
    try:
        if "device" in args:
            devices.require(args.device)
        facts = main(args) or {}  # what only the script knows, kept in the record
        files.write_json(_record(args, started) | facts, args.provenance)
    except (ResultError, devices.DeviceError, ValueError, OSError) as error:
        sys.exit(f"error: {error}")


def _record(args: argparse.Namespace, started: float) -> dict:
    settings = {key: _plain(value) for key, value in vars(args).items() if key != "provenance"}
    return {
        "script": Path(sys.argv[0]).name,
        "settings": settings,
        "device": devices.describe(settings.get("device", "cpu")),
        "threads": int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)),
        "versions": {"python": platform.python_version()} | _versions(),
        "platform": f"{platform.system()} {platform.machine()}",
        "commit": commit(),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
        "peak_memory_mb": _peak_memory(),
    }


def _peak_memory() -> int:
    """The most memory that this program has held, in MB.

    From the kernel's own file where there is one: Linux's getrusage also counts what the process
    held before it became this program, which is what its parent held.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    for line in lines:
        if line.startswith("VmHWM:"):  # not every kernel's has it
            return int(line.split()[1]) // 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # a per-rule environment holds only what its rule needs
    return found


def commit() -> str:
    """The commit of the code, with "+changes" if tracked files differ from it; else "unknown"."""
    here = Path(__file__).parent
    try:
        head, changes = (
            subprocess.run(
                ["git", "-C", here, *words], capture_output=True, text=True, check=True
            ).stdout.strip()
            for words in (
                ["rev-parse", "--short=12", "HEAD"],
                ["status", "--porcelain", "--untracked-files=no"],
            )
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}+changes" if changes else head
