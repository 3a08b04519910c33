"""Digests: the SHA-256 of each file when its job ended, checked by every job that reads the file.

A job writes the SHA-256 of its results to a file in the format that ``sha256sum -c`` reads.  Names
are relative to that file's folder, so that its content does not depend on when or where the job
ran.  A record is sealed: its last field is a digest of its other fields.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from fragility.runtime import files

SEAL = "sha256"
AGAIN = "delete it and run snakemake: it is made anew"
NOT_AS_WRITTEN = f"{{path}} is not what rule {{rule}} wrote; {AGAIN}"


def of(path: str | Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(digests: Mapping[str, str], path: str) -> None:
    """Write digests by path (relative to the working folder) to ``path``, in the order given."""
    folder = Path(path).parent
    lines = [f"{sha256}  {os.path.relpath(name, folder)}\n" for name, sha256 in digests.items()]
    files.write_text("".join(lines), path)


def read(path: str) -> dict[str, str]:
    """The digests that :func:`write` wrote, by path relative to the working folder.

    Raises:
        ValueError: a line is not a digest and a name; the message names the file.
    """
    folder, digests = Path(path).parent, {}
    for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        sha256, _, name = line.partition("  ")
        if not re.fullmatch("[0-9a-f]{64}", sha256) or not name:
            raise ValueError(f"{path} is damaged; {AGAIN}")
        digests[os.path.normpath(folder / name)] = sha256
    return digests


def sealed(record: dict) -> dict:
    """The record with a digest of its fields as a further one, ``sha256``.

    Raises:
        ValueError: it has a field of that name already.
    """
    if SEAL in record:
        raise ValueError(f"a record may not have a field {SEAL}: that is its seal")
    return record | {SEAL: _seal(record)}


def is_sealed(record: dict) -> bool:
    """Whether a record is unchanged since :func:`sealed` made it."""
    return record.get(SEAL) == _seal({k: v for k, v in record.items() if k != SEAL})


def _seal(record: dict) -> str:
    return hashlib.sha256(json.dumps(record).encode()).hexdigest()


def read_record(path: str | Path) -> dict:
    """A record, with its seal checked.

    Raises:
        ValueError: the file is damaged; the message names it.
    """
    record = files.read_json(path)
    if not isinstance(record, dict) or not is_sealed(record):
        raise ValueError(f"{path} is damaged; {AGAIN}")
    return record


def checked(document: dict, expected: Mapping[str, str]) -> dict[str, str]:
    """The SHA-256 of every input of a job, checked against the digests of the job that made it.

    Args:
        document: the job's document (:mod:`fragility.runtime.job`).
        expected: digests from an earlier run of the same job, if it is repeated.

    Raises:
        ValueError: a file is not as its job wrote it; the message names file, rule and remedy.
    """
    left = {
        path: (sha256, rule)
        for listed, rule in document["digests"].items()
        for path, sha256 in read(listed).items()
    }
    now = {path: of(path) for path in flat(document["inputs"])}
    for path, sha256 in now.items():
        if os.path.normpath(path) in left:
            wanted, rule = left[os.path.normpath(path)]
            if sha256 != wanted:
                raise ValueError(NOT_AS_WRITTEN.format(path=path, rule=rule))
        elif path in document["volatile"]:
            if path.endswith(".json"):
                read_record(path)
        elif path.startswith(f"{document['results']}/"):
            raise ValueError(f"{path}: no job has written a digest of it; {AGAIN}")
        if expected.get(path, sha256) != sha256:
            raise ValueError(f"{path} has changed since the job ran, so that it cannot be repeated")
    return now


def flat(named: Mapping[str, object]) -> Iterator[str]:
    """All paths of a mapping of names to a path or a list of paths."""
    for value in named.values():
        yield from value if isinstance(value, list) else [value]
