"""Verifies what DuckDB does not hold: the rules of checks/, one SQL file each that returns what breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.db import connect_readonly, session, sql, sql_names


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule, how many rows break it, and the first of them."""

    name: str
    rule: str
    violations: int
    example: str

    @property
    def sentence(self) -> str:
        """Say whether the rule holds."""
        if not self.violations:
            return f"holds   {self.rule}"
        return f"BROKEN  {self.rule} {self.violations} times; the first: {self.example}"


def check(con_or_path: duckdb.DuckDBPyConnection | Path | str) -> list[Finding]:
    """Return each rule with what breaks it; a path is that of a published warehouse or a backup."""
    is_path = isinstance(con_or_path, (str, Path))
    database = connect_readonly(con_or_path) if isinstance(con_or_path, (str, Path)) else con_or_path
    con = session(database)
    try:
        return [_find(con, file) for file in sql_names("checks")]
    finally:
        con.close()
        if is_path:
            database.close()


def _find(con: duckdb.DuckDBPyConnection, file: str) -> Finding:
    text = sql(f"checks/{file}")
    rows = con.execute(text)
    names = [column[0] for column in rows.description or []]
    broken = rows.fetchall()
    example = (
        ", ".join(f"{name} {value}" for name, value in zip(names, broken[0], strict=True)) if broken else ""
    )
    rule = text.splitlines()[0].removeprefix("-- ")
    return Finding(name=file.removesuffix(".sql"), rule=rule, violations=len(broken), example=example)
