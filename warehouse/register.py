"""Loads the study's register (accounts.csv): which accounts it asks for, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import duckdb
import pandas as pd

from warehouse.db import one, sql, transaction
from warehouse.errors import WarehouseError

COLUMNS = (
    "institution",
    "level",
    "place",
    "region",
    "type",
    "website",
    "platform",
    "account",
    "scope",
    "programme",
    "run_by",
)
KNOWN = {
    "level": ("mbo", "hbo"),
    "platform": ("instagram", "tiktok", "youtube", "linkedin"),
    "scope": ("central", "programme", ""),
    "run_by": ("institution", "students", ""),
}


def load_register(
    con: duckdb.DuckDBPyConnection, rows: Iterable[Mapping[str, object]], *, at: datetime | None = None
) -> int:
    """Make the warehouse know exactly these accounts as the study's own; return how many there are.

    `rows` are those of accounts.csv, one an account; empty cells are unknown.
    """
    frame = pd.DataFrame(
        [_row(row, line) for line, row in enumerate(rows, 2)], columns=list(COLUMNS), dtype=str
    )
    _refuse_contradictions(frame)
    with transaction(con):
        con.execute("set variable loaded_at = ?", [at or datetime.now(UTC)])
        con.register("register_rows", frame)
        con.execute(sql("load/register.sql"))
        con.unregister("register_rows")
    return one(con, "select count(*) from stg_register")


def _row(row: Mapping[str, object], line: int) -> dict[str, str]:
    cells = {column: str(row.get(column) or "").strip() for column in COLUMNS}
    for column in ("institution", "account"):
        if not cells[column]:
            raise WarehouseError(f"accounts.csv line {line}: {column} is empty; expected its name.")
    for column, known in KNOWN.items():
        if cells[column] not in known:
            raise WarehouseError(
                f"accounts.csv line {line}: {column} is {cells[column]!r}; "
                f"expected one of {', '.join(filter(None, known))}."
            )
    return cells


def _refuse_contradictions(frame: pd.DataFrame) -> None:
    levels = frame.groupby(frame["institution"].str.lower())["level"].unique()
    for institution, found in levels.items():
        if len(found) > 1:
            raise WarehouseError(
                f"accounts.csv: {institution} is {' and '.join(found)}; expected one level per institution "
                "(name the two parts differently)."
            )
