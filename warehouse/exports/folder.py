"""A folder that appears whole or not at all, and never in the place of another."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.db import first_line
from warehouse.errors import ExportError


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Yield a folder to write in; it gets its name once all is well, and is removed where it is not.

    Raises ExportError where there is something of that name already.
    """
    refuse_taken(folder)
    folder = folder.absolute()
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        _make(partial)
        yield partial
        refuse_taken(folder)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except (OSError, duckdb.IOException) as error:
        raise ExportError(f"{folder} cannot be written: {first_line(error)}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _make(partial: Path) -> None:
    partial.parent.mkdir(parents=True, exist_ok=True)
    for left in partial.parent.glob(f"{partial.name.rsplit('.', 2)[0]}.*.partial"):
        shutil.rmtree(left, ignore_errors=True)  # of a killed run
    partial.mkdir()


def file_digest(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_taken(folder: Path) -> None:
    """Raise ExportError where there is something of that name that is no empty folder."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder} is a file; expected a folder that is new or empty.")
    if folder.is_dir() and any(folder.iterdir()):
        raise ExportError(
            f"{folder} is not empty; expected a folder that is new or empty. Nothing was changed."
        )
