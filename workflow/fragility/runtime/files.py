"""Reading and writing results: tidy CSV, safetensors, JSON, text.

A file gets its name when it is complete: it is written to a temporary file in the same folder and
then renamed, so that a killed job leaves no incomplete file under a result's name.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path in the same folder; rename it to ``path`` when the block succeeds."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # always the same name: the next job overwrites the temporary file that a killed job left
    temporary = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(text: str, path: Path | str) -> None:
    """Write text as UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_csv(frame: pd.DataFrame, path: Path | str) -> None:
    """Write a tidy table, a line per row; equal floats give equal bytes (shortest exact form)."""
    write_text(frame.to_csv(index=False, lineterminator="\n"), path)


def read_csv(path: Path | str) -> pd.DataFrame:
    """Read a tidy table, a row per line.

    Raises:
        ValueError: the file is empty or is no CSV; the message names it.
    """
    try:
        return pd.read_csv(path)
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())
        raise ValueError(f"{path} is not a readable CSV ({why}); delete it and rerun") from error


def write_json(value: object, path: Path | str) -> None:
    """Write a JSON file, keys in the order given."""
    write_text(json.dumps(value, indent=2) + "\n", path)


def read_json(path: Path | str) -> dict:
    """Read a JSON file.

    Raises:
        ValueError: the file is damaged; the message names it.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged ({error}); delete it and rerun") from error


def write_tensors(tensors: dict[str, NDArray], path: Path | str) -> None:
    """Write named arrays as safetensors (no pickle, the same bytes for the same arrays)."""
    from safetensors.numpy import save

    contiguous = {name: np.asarray(array, order="C") for name, array in tensors.items()}
    with replacing(path) as temporary:
        temporary.write_bytes(save(contiguous))


def read_tensors(path: Path | str) -> dict[str, NDArray]:
    """Read arrays of any shape by name from safetensors.

    Raises:
        ValueError: the file is damaged; the message names it.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path} is damaged ({error}); delete it and rerun") from error
