"""Shares a warehouse: a published copy for readers, backup and restore; each copy appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from warehouse.db import connect_readonly, open_known, open_warehouse
from warehouse.errors import BusyError, WarehouseError
from warehouse.marts import refresh


def publish(working_path: Path | str, public_path: Path | str) -> Path:
    """Replace the copy that analysts read by the warehouse as it is now; those who have it open keep the old one."""
    con = open_known(working_path)
    try:
        refresh(con)
        con.execute("checkpoint")  # a copy of a file with a log beside it would lack what is in the log
        _copy(Path(working_path), Path(public_path))
    finally:
        con.close()
    return Path(public_path)


def renew(path: Path | str) -> None:
    """Tell the narrow tables of a warehouse anew where posts of it changed, as a publication does."""
    with open_known(path) as con:
        refresh(con)
        con.execute("checkpoint")


def backup(working_path: Path | str, backup_path: Path | str) -> Path:
    """Write a copy of the warehouse that `restore` takes back; an existing backup is not overwritten."""
    if Path(backup_path).exists():
        raise WarehouseError(f"{backup_path} exists; expected a name that is free.")
    return publish(working_path, backup_path)


def restore(backup_path: Path | str, working_path: Path | str) -> Path:
    """Make the warehouse what it was when the backup was made; what it was until now is kept beside it as .before.

    A backup that cannot be used is refused before anything changes. What it replaces may be broken, or gone.
    """
    working = Path(working_path)
    connect_readonly(backup_path).close()
    fresh = working.with_name(f".{working.name}.restoring")
    try:
        _copy(Path(backup_path), fresh)
        open_warehouse(fresh).close()
        _keep_before(working)
        fresh.replace(working)
    finally:
        fresh.unlink(missing_ok=True)
        _log_of(fresh).unlink(missing_ok=True)
    return working


def _keep_before(working: Path) -> None:
    """Copy a warehouse to .before as far as it can be read, and move a log that nothing is left to add to with it."""
    before = working.with_name(working.name + ".before")
    if working.exists():
        try:
            with open_warehouse(working) as con:
                con.execute("checkpoint")
        except BusyError:
            raise
        except (WarehouseError, duckdb.Error):
            pass  # broken, or made by a newer Uitzicht: kept as it is
        _copy(working, before)
    _log_of(before).unlink(missing_ok=True)
    if _log_of(working).exists():
        _log_of(working).replace(_log_of(before))


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        shutil.copyfile(source, partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    _forget_partials(target)


def _forget_partials(target: Path) -> None:
    """Remove what killed copies left behind; one that still writes would hold the warehouse's lock."""
    for left in target.parent.glob(f".{target.name}.*.partial"):
        left.unlink(missing_ok=True)
