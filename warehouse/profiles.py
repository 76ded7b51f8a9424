"""Takes what a route showed of accounts before a moment out of a warehouse: names, descriptions, counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.db import open_warehouse, sql
from warehouse.forgetting import Gone, forget


@dataclass(frozen=True, slots=True, kw_only=True)
class OldProfiles:
    """What goes: what a route showed before a moment. `said` is what stays, as (account, field, value).

    `account` is a handle, or "id:" and an id; `rewritten` maps the digest of a feed that was loaded to that of what
    it became.
    """

    platform: str
    route: str
    before: datetime
    said: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    rewritten: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One capture in which a warehouse knows an account to have been shown."""

    account: str
    capture_id: str
    captured_at: datetime


def find_old_profiles(path: Path | str, old: OldProfiles) -> list[Shown]:
    """Return in which captures the route showed which accounts before the moment."""
    con = open_warehouse(path)
    try:
        _ask(con, old)
        rows = con.execute(sql("forget/old_profiles.sql")).fetchall()
    finally:
        con.close()
    return [Shown(account=one, capture_id=of, captured_at=at) for one, of, at in rows]


def forget_profiles(path: Path | str, old: OldProfiles) -> None:
    """Replace a warehouse, in one step, by a new file without what goes. A kill leaves the one or the other."""

    def prepare(con: duckdb.DuckDBPyConnection) -> None:
        _ask(con, old)
        said = sorted(old.said)
        for place, name in enumerate(("said_accounts", "said_fields", "said_values")):
            con.execute(f"set variable {name} = ?::varchar[]", [[one[place] for one in said]])
        con.execute(sql("forget/30_profiles.sql"))

    forget(path, Gone(platform=old.platform, rewritten=old.rewritten), also=prepare)


def _ask(con: duckdb.DuckDBPyConnection, old: OldProfiles) -> None:
    for name, value in (("platform", old.platform), ("route", old.route), ("before", old.before)):
        con.execute(f"set variable {name} = ?", [value])
