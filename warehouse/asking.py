"""Opens the session in which a question is answered: its variables, and what all its parts ask for, told once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from warehouse.db import connect_readonly, first_line, session
from warehouse.errors import QueryError
from warehouse.marts import refresh

# Views find what is temporary first: without these they would work out the same, once for every time they name it.
_ONCE = """
    set variable codebook_version = (select asked_codebook());
    create temp macro asked_codebook() as cast(getvariable('codebook_version') as varchar);
    create temp table asked_accounts as select * from asked_accounts;
"""
_ALL_KEPT = "create temp macro is_kept(name, value) as true;"


@contextmanager
def asking(
    con_or_path: duckdb.DuckDBPyConnection | Path | str, variables: Mapping[str, Any], text: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a session with a question's variables, for its SQL; raise QueryError where the warehouse lacks a view."""
    is_path = isinstance(con_or_path, (str, Path))
    database = connect_readonly(con_or_path) if isinstance(con_or_path, (str, Path)) else con_or_path
    con = session(database)
    try:
        if not _is_readonly(con):
            refresh(con)
        for name, value in variables.items():
            if value is not None:
                con.execute(f"set variable {name} = ?", [value])
        if "asked_" in text:
            con.execute(_ONCE if variables.get("keep") else _ALL_KEPT + _ONCE)
        yield con
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise QueryError(
            f"the warehouse is of another version of Uitzicht: {first_line(error)}; load and publish it again."
        ) from error
    finally:
        con.close()
        if is_path:
            database.close()


def _is_readonly(con: duckdb.DuckDBPyConnection) -> bool:
    asked = "select readonly from duckdb_databases() where database_name = current_database()"
    return bool((con.execute(asked).fetchone() or (True,))[0])
