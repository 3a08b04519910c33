"""A job as its program runs it: read from a JSON document, checked, computed, then recorded.

A rule states its inputs, outputs and settings.  The program's ``main`` declares by its signature
what it takes: files as positional parameters, by the names they have in the rule, settings as
keyword-only ones, and ``device`` where a GPU helps.  The record next to the results holds the
document, so that ``python SCRIPT FOLDER < RECORD`` repeats the job.
"""

import inspect
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from fragility.runtime import devices, digests, files

PACKAGES = ("numpy", "scipy", "numba", "torch", "pandas", "matplotlib", "snakemake")
FIELDS = {
    "rule": str, "results": str, "inputs": dict, "digests": dict, "outputs": dict,
    "volatile": list, "settings": dict, "device": str, "threads": int,
}  # fmt: skip
# outputs that contain times or places: equal runs give other bytes, so no digests file lists them
VOLATILE = ("record", "digests", "executed", "cost")
NUMBER_OF_THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    *("GOTO_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
)


class ResultError(RuntimeError):
    """A job cannot make its results; the message says which key or file to change."""


def run(main: Callable[..., dict | None]) -> None:
    """Read the document from standard input, check it, call ``main`` and write the record.

    With a folder as the program's argument all outputs are written into it, under the paths of the
    document.  A second argument may name the record; standard input is then free for a debugger.
    Expected errors end in one line on standard error and exit status 1.
    """
    started = time.time()
    try:
        document, expected = _told(sys.argv[1:])
        arguments = bind(inspect.signature(main), _fields(main, document))
        devices.require(document["device"])
        read = digests.checked(document, expected)
        for path in digests.flat(document["outputs"]):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        facts = main(**arguments) or {}  # further fields of the record, from the program
        _leave(document, read, facts, started)
    except (ResultError, devices.DeviceError, ValueError, OSError) as error:
        sys.exit(f"error: {error}")


def bind(
    signature: inspect.Signature,
    given: Mapping[str, object],
    readers: Mapping[Any, Callable] | None = None,
) -> dict[str, Any]:
    """The arguments for a signature, from JSON values by name.

    Paths are given as text; ``readers`` maps a further annotation to the function that makes such a
    value from a path.  A signature with ``**rest`` takes all values that no parameter names, as
    they are.

    Raises:
        ValueError: a value is missing, unknown or of another type; one line names all of them.
    """
    readers = {Path: Path, float: float, **(readers or {})}
    parameters = signature.parameters
    takes_rest = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    kinds = {n: p.annotation for n, p in parameters.items() if p.kind is not p.VAR_KEYWORD}
    wrong = [
        f"{name} is missing"
        for name in kinds
        if name not in given and parameters[name].default is inspect.Parameter.empty
    ]
    wrong += [f"{name} is unknown" for name in given if name not in kinds and not takes_rest]
    wrong += [
        f"{name} is {json.dumps(given[name])[:60]}, not {inspect.formatannotation(kind)}"
        for name, kind in kinds.items()
        if name in given and not _fits(given[name], kind, readers)
    ]
    if wrong:
        raise ValueError(
            f"{Path(sys.argv[0]).name} cannot run the job that it was given: {'; '.join(wrong)}"
        )
    return {
        name: _converted(value, kinds[name], readers) if name in kinds else value
        for name, value in given.items()
    }


def _fits(value: object, kind: Any, readers: Mapping[type, Callable]) -> bool:
    """Whether a JSON value is of a type: an integer is a float, too; a truth value is neither."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, each, readers) for each in inner)
    if origin is Literal:
        return any(type(value) is type(each) and value == each for each in inner)
    if origin is list:
        return isinstance(value, list) and all(_fits(each, inner[0], readers) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(
            _fits(each, inner[1], readers) for each in value.values()
        )
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return kind in (Any, inspect.Parameter.empty) or isinstance(
        value, str if kind in readers else kind
    )


def _converted(value: Any, kind: Any, readers: Mapping[type, Callable]) -> Any:
    """A value that fits its annotation, as that type; for a union, as the first type that fits."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        fitting = next(each for each in inner if _fits(value, each, readers))
        return _converted(value, fitting, readers)
    if origin is list:
        return [_converted(each, inner[0], readers) for each in value]
    if origin is dict:
        return {name: _converted(each, inner[1], readers) for name, each in value.items()}
    return readers[kind](value) if kind in readers else value


def _told(words: list[str]) -> tuple[dict, dict[str, str]]:
    """The document; if it is that of a record, also the digests of the files that the job read."""
    program = sys.argv[0]
    if len(words) > 2 or (len(words) < 2 and sys.stdin.isatty()):
        raise ValueError(
            f"{program} reads its job from standard input; to repeat a job that ran, into a folder "
            f"of its own: python {program} again < results/....json"
        )
    text = Path(words[1]).read_text(encoding="utf-8") if len(words) == 2 else sys.stdin.read()
    document, expected = _parts(text, program)
    if not words and expected is not None:
        raise ValueError(
            f"this is the record of a job that ran; to repeat the job, name a folder to write to: "
            f"python {program} again < RECORD"
        )
    wrong = [
        f"{name} is missing or no {kind.__name__}"
        for name, kind in FIELDS.items()
        if not _fits(document.get(name), kind, {})
    ] + [f"{name} is unknown" for name in document if name not in FIELDS]
    if wrong:
        raise ValueError(f"the job that {program} was given is incomplete: {'; '.join(wrong)}")
    if words:
        _with_threads(document["threads"], None if len(words) == 2 else text)
        document |= {"outputs": _below(words[0], document["outputs"])}
    return document, expected or {}


def _parts(text: str, program: str) -> tuple[dict, dict[str, str] | None]:
    """The document in a text, and the digests of what was read if the text is a record."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise ValueError(f"the job that {program} was given is no JSON: {error}") from error
    if not isinstance(told, dict):
        raise ValueError(f"the job that {program} was given is no JSON object")
    if "job" not in told:
        return told, None
    if not digests.is_sealed(told):
        raise ValueError(
            f"the record that {program} was given is damaged or was edited; to run the job with "
            f'other settings, give it an edited copy of the field "job" alone'
        )
    return told["job"], told["read"]


def _with_threads(number: int, standard_input: str | None) -> None:
    """Start the program again with that number of threads: libraries read it when imported.

    The text read from standard input is passed on, since a pipe cannot be read twice.
    """
    wanted = dict.fromkeys(NUMBER_OF_THREADS, str(number))
    if all(os.environ.get(name) == value for name, value in wanted.items()):
        return
    if standard_input is not None:
        with tempfile.TemporaryFile() as file:
            file.write(standard_input.encode())
            file.seek(0)
            os.dup2(file.fileno(), sys.stdin.fileno())
    os.execve(sys.executable, sys.orig_argv, os.environ | wanted)


def _below(folder: str, outputs: dict) -> dict:
    return {
        name: [os.path.join(folder, path.lstrip("/")) for path in value]  # noqa: PTH118
        if isinstance(value, list)
        else os.path.join(folder, value.lstrip("/"))  # noqa: PTH118
        for name, value in outputs.items()
    }


def _fields(main: Callable, document: dict) -> dict[str, object]:
    """The values for ``main``: files and settings by name, and the device if it has that name."""
    hidden = ("record", "digests")
    parts = [
        document["inputs"],
        {name: value for name, value in document["outputs"].items() if name not in hidden},
        document["settings"],
    ]
    if "device" in inspect.signature(main).parameters:
        parts.append({"device": document["device"]})
    names = [name for part in parts for name in part]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"the job names {name} twice, among its inputs, outputs and settings")
    return {name: value for part in parts for name, value in part.items()}


def _leave(document: dict, read: dict[str, str], facts: dict, started: float) -> None:
    """Write the digests of the outputs, then the record, if the document names such files."""
    outputs = document["outputs"]
    written = {
        path: digests.of(path)
        for name, value in outputs.items()
        if name not in ("record", "digests")
        for path in digests.flat({name: value})
    }
    volatile = set(digests.flat({name: outputs[name] for name in VOLATILE if name in outputs}))
    if "digests" in outputs:
        lasting = {path: sum_ for path, sum_ in written.items() if path not in volatile}
        digests.write(lasting, outputs["digests"])
        written[outputs["digests"]] = digests.of(outputs["digests"])
    if "record" in outputs:
        record = _record(document, started) | facts | {"read": read, "written": written}
        files.write_json(digests.sealed(record), outputs["record"])


def _record(document: dict, started: float) -> dict:
    return {
        "script": sys.argv[0],
        "job": document,
        "device": devices.describe(document["device"]),
        "threads": int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)),
        "versions": {"python": platform.python_version()} | _versions(),
        "platform": f"{platform.system()} {platform.machine()}",
        "commit": commit(),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
        "peak_memory_mb": _peak_memory(),
    }


def _peak_memory() -> int:
    """The largest amount of memory that this program has held, in MB.

    It is read from the kernel's own file where there is one: Linux's getrusage also counts memory
    that the process held before it became this program, as a copy of its parent.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    for line in lines:
        if line.startswith("VmHWM:"):  # not every kernel has this line
            return int(line.split()[1]) // 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def _versions() -> dict[str, str]:
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # a rule's own environment holds only the packages that the rule needs
    return versions


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
