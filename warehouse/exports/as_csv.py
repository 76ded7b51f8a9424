"""Writes a relation as CSV (RFC 4180) that spreadsheets in the Netherlands open with the right letters."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from warehouse.exports.relations import Column, Relation
from warehouse.exports.safe_text import escaped_sql

BATCH = 10_000


def write_csv(con: duckdb.DuckDBPyConnection, relation: Relation, path: Path) -> int:
    """Write a relation; return its number of rows. Memory does not grow with them.

    UTF-8 with a mark; moments as 2026-11-22T01:02:03Z, lists as JSON, what is missing as nothing. What looks like a
    formula gets an apostrophe, which `unescape` takes away.
    """
    cells = ", ".join(_cell(column) for column in relation.columns)
    result = con.execute(f"select {cells} from ({relation.sql})")  # noqa: S608 - names of our own
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in relation.columns])
        while batch := result.fetchmany(BATCH):
            writer.writerows(batch)
            rows += len(batch)
    return rows


def _cell(column: Column) -> str:
    name = f'"{column.name}"'
    if column.type == "VARCHAR":
        return escaped_sql(name)
    if column.type.startswith("TIMESTAMP"):
        return (
            f"case when epoch_us({name}) % 1000000 = 0 then strftime({name}, '%Y-%m-%dT%H:%M:%SZ') "
            f"else strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ') end"
        )
    if column.type.endswith("[]"):
        return f"cast(to_json({name}) as varchar)"
    return f"cast({name} as varchar)"
