"""Writes a relation as Parquet: typed, moments in UTC, compressed by Zstandard."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.db import quoted
from warehouse.exports.relations import Relation


def write_parquet(con: duckdb.DuckDBPyConnection, relation: Relation, path: Path) -> int:
    """Write a relation; return its number of rows."""
    written = con.execute(
        f"copy ({relation.sql}) to {quoted(str(path))} (format parquet, compression zstd)"
    ).fetchone()
    return int(written[0]) if written else 0
