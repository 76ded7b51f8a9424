"""Opens a warehouse: one DuckDB file that its numbered schema files have brought up to date."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from weakref import WeakSet

import duckdb

from warehouse.errors import BusyError, ForeignError, WarehouseError

FILE_FORMAT = "v1.5.0"  # DuckDB 1.5 cannot read what 2.0 writes by default

REFERENCES = ("survey_benchmark", "promising_sectors")

_OPEN: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()
_HERE = files("warehouse")
_WITHIN = re.compile(r'"exception_message":"((?:[^"\\]|\\.)*)"')
_SCHEMA = _HERE / "schema"


def open_warehouse(path: Path | str, *, wait: float = 60.0) -> duckdb.DuckDBPyConnection:
    """Return a connection for writing; creates the file and migrates it, and waits for another writer to end.

    Its time zone is UTC; `wait` is in seconds. Raises WarehouseError where the writer does not end in time, or the file
    was made by a newer Uitzicht.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    con = _connect(Path(path), time.monotonic() + wait)
    try:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        _load_references(con)
    except BaseException:
        con.close()
        raise
    return con


def open_known(path: Path | str, *, wait: float = 60.0) -> duckdb.DuckDBPyConnection:
    """Return a connection for writing to a warehouse that is there: what follows a load never makes an empty one."""
    need(path)
    return open_warehouse(path, wait=wait)


def need(path: Path | str) -> None:
    """Raise WarehouseError where there is no warehouse yet."""
    if not Path(path).is_file():
        raise WarehouseError(f"{path} does not exist; load the study first (uitzicht load).")


def connect_readonly(path: Path | str) -> duckdb.DuckDBPyConnection:
    """Return a connection for reading a published warehouse; it keeps that copy while newer ones replace it.

    Its time zone is UTC. Raises WarehouseError where there is no file, or one that is no warehouse of Uitzicht.
    """
    need(path)
    con = _noted(duckdb.connect())
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach {quoted(str(path))} as warehouse (read_only)")
        con.execute("use warehouse")
        con.execute("select file from meta_schema")
    except duckdb.CatalogException as error:
        con.close()
        raise ForeignError(f"{path} is no warehouse that Uitzicht made.") from error
    except duckdb.Error as error:
        con.close()
        raise WarehouseError(f"{path} cannot be read as a warehouse: {first_line(error)}") from error
    return con


def is_warehouse(path: Path | str) -> bool:
    """Tell whether a DuckDB file is a warehouse, of whatever version."""
    try:
        connect_readonly(path).close()
    except ForeignError:
        return False
    return True


def session(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a second session on the same database, with its own variables and temporary tables."""
    ((database,),) = con.execute("select current_database()").fetchall()
    cursor = _noted(con.cursor())
    cursor.execute(f'use "{database}"')
    cursor.execute("set TimeZone = 'UTC'")
    return cursor


def interrupt() -> None:
    """End what all connections are at, each with duckdb.InterruptException; called from another thread than theirs."""
    with suppress(RuntimeError):  # one is just being opened, so nothing is asked
        for con in list(_OPEN):
            with suppress(duckdb.Error):  # it was closed
                con.interrupt()


def migrate(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Apply the schema files that this warehouse has not seen, each in a transaction; return their names."""
    con.execute(sql("schema/000_ledger.sql"))
    seen = dict(con.execute("select file, sha256 from meta_schema").fetchall())
    numbered = [name for name in _names(_SCHEMA) if not name.startswith("000")]
    _refuse_newer(seen, numbered)
    applied = []
    for name in numbered:
        text = sql(f"schema/{name}")
        if name not in seen:
            _apply(con, name, text)
            applied.append(name)
        elif seen[name] != digest(text):
            raise WarehouseError(
                f"schema/{name} differs from what this warehouse was made with; "
                "a released schema file is never changed, write the next number instead."
            )
    return applied + _apply_repeatable(con, seen)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Do all of a block or nothing of it."""
    con.begin()
    try:
        yield
        con.commit()
    except BaseException:
        with suppress(duckdb.TransactionException):  # a commit that fails has ended it already
            con.rollback()
        raise


def sql(name: str) -> str:
    """Return the text of one of the package's SQL files ("load/30_feeds.sql")."""
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def sql_names(folder: str) -> list[str]:
    """Return the names of the SQL files in one of the package's folders, in order."""
    return _names(_HERE / folder)


def digest(text: str) -> str:
    """Return the hexadecimal SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def quoted(text: str) -> str:
    """Return an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, in which DuckDB says what and where."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    within = _WITHIN.search(line)  # of a write that went wrong in another thread
    return str(json.loads(f'"{within[1]}"')) if within else line


def one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the single whole number that a query answers."""
    row = con.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _load_references(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the published facts beside the measured ones, once per edition of them."""
    texts = {name: _HERE.joinpath("facts", f"{name}.csv").read_text(encoding="utf-8") for name in REFERENCES}
    edition = digest("".join(texts.values()) + sql("load/references.sql"))
    known = con.execute("select sha256 from meta_schema where file = 'facts'").fetchone()
    if known == (edition,):
        return
    with transaction(con):
        for name in REFERENCES:
            with as_file(_HERE / "facts" / f"{name}.csv") as path:
                con.execute(f"set variable {name} = ?", [str(path)])
        con.execute(sql("load/references.sql"))
        con.execute("delete from meta_schema where file = 'facts'")
        con.execute("insert into meta_schema values ('facts', ?, now())", [edition])


def _noted(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a connection, from now on one that can be interrupted."""
    _OPEN.add(con)
    return con


def _connect(path: Path, deadline: float) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            return _noted(duckdb.connect(path, config={"storage_compatibility_version": FILE_FORMAT}))
        except duckdb.Error as error:
            if "Could not set lock" not in str(error):  # paths may hold the word
                raise WarehouseError(
                    f"{path} cannot be opened as a warehouse: {first_line(error)}"
                ) from error
            if time.monotonic() > deadline:
                raise BusyError(
                    f"{path} is being written by another process; wait for it to end, or read the published copy."
                ) from error
            time.sleep(0.1)


def _names(folder: Traversable) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))


def _refuse_newer(seen: dict[str, str], numbered: list[str]) -> None:
    newer = [name for name in seen if name[:1].isdigit() and name not in numbered]
    if newer:
        raise WarehouseError(
            f"This warehouse was made by a newer Uitzicht (it knows {max(newer)}; the newest here is "
            f"{max(numbered)}); update Uitzicht to open it."
        )


def _apply_repeatable(con: duckdb.DuckDBPyConnection, seen: dict[str, str]) -> list[str]:
    names = _names(_SCHEMA / "repeatable")
    texts = {f"repeatable/{name}": sql(f"schema/repeatable/{name}") for name in names}
    if all(seen.get(name) == digest(text) for name, text in texts.items()):
        return []
    with transaction(con):  # together, because later ones build on earlier ones
        for name, text in texts.items():
            _record(con, name, text)
    return list(texts)


def _apply(con: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    with transaction(con):
        _record(con, name, text)


def _record(con: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    con.execute(text)
    con.execute("delete from meta_schema where file = ?", [name])
    con.execute("insert into meta_schema values (?, ?, now())", [name, digest(text)])
