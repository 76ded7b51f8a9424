"""Takes an account or posts out of a warehouse: what stays goes to a new file, so that no byte of the rest is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.db import one, open_warehouse, quoted, sql

_OWN = ("meta_schema", "ref_survey", "ref_promising_sector")  # a new warehouse has these of itself
_MADE = ("mart_post", "mart_coding", "dim_code_set", "meta_changed")  # and makes these again from what stays
Prepare = Callable[[duckdb.DuckDBPyConnection], None]
_KEYS = {"post_key": "gone_post", "account_key": "gone_account", "feed_key": "gone_feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What goes: an account by its handle and ids, or posts by their ids alone (`handle` is then "").

    `names` are words that no address or complaint that stays may hold; `rewritten` maps the digest of a feed that
    was loaded to that of what it became.
    """

    platform: str
    handle: str = ""
    account_ids: frozenset[str] = field(default_factory=frozenset)
    post_ids: frozenset[str] = field(default_factory=frozenset)
    names: frozenset[str] = field(default_factory=frozenset)
    rewritten: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a warehouse knows of what goes: ids, words, and how many rows of each table."""

    account_ids: frozenset[str]
    post_ids: frozenset[str]
    texts: frozenset[str]
    rows: Mapping[str, int]


def find_gone(path: Path | str, gone: Gone) -> Known:
    """Return what a warehouse knows of an account or posts, and what forgetting would delete."""
    con = open_warehouse(path)
    try:
        _prepare(con, gone)
        found = con.execute(sql("forget/found.sql")).fetchall()
        rows = {table: _count(con, table) - _count(con, _kept(con, table)) for table in _tables(con)}
    finally:
        con.close()
    return Known(
        account_ids=frozenset(row[0] for row in found if row[0] and gone.handle),
        post_ids=frozenset(row[1] for row in found if row[1]),
        texts=frozenset(text for row in found for text in row[2:] if text),
        rows={table: number for table, number in rows.items() if number},
    )


def forget(path: Path | str, gone: Gone, *, also: Prepare = lambda con: None) -> None:
    """Replace a warehouse, in one step, by a new file without what goes. A kill leaves the one or the other.

    `also` may say more of what stays, as temporary views named `kept_` and the table.
    """
    path = Path(path)
    fresh = path.with_name(f".{path.name}.forgetting")
    remove_leftovers(path)
    con = open_warehouse(path)  # held until the new file is in place: nobody writes meanwhile
    try:
        _prepare(con, gone)
        also(con)
        open_warehouse(fresh).close()
        con.execute(f"attach {quoted(str(fresh))} as fresh")
        ours = _tables_of(con, "fresh")
        for table in _tables(con):
            if table in ours:
                con.execute(f'insert into fresh."{table}" by name from {_kept(con, table)}')
            else:  # made by whoever works with a copy
                con.execute(f'create table fresh."{table}" as from {_kept(con, table)}')
        con.execute("insert into fresh.meta_changed select post_key from fresh.dim_post where is_current")
        con.execute("checkpoint fresh")
        con.execute("detach fresh")
        con.execute("checkpoint")
        _sync(fresh)
        fresh.replace(path)
    finally:
        con.close()
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Remove what a killed run left beside a warehouse."""
    for left in path.parent.glob(f".{path.name}.forgetting*"):
        left.unlink()


def _prepare(con: duckdb.DuckDBPyConnection, gone: Gone) -> None:
    lists: dict[str, Iterable[str]] = {
        "account_ids": gone.account_ids,
        "post_ids": gone.post_ids,
        "names": gone.names,
    }
    for name, values in lists.items():
        con.execute(f"set variable {name} = ?::varchar[]", [sorted(values)])
    con.execute("set variable platform = ?", [gone.platform])
    con.execute("set variable handle = ?", [gone.handle])
    keys, values = list(gone.rewritten), list(gone.rewritten.values())
    con.execute("set variable rewritten = map(?::varchar[], ?::varchar[])", [keys, values])
    con.execute(sql("forget/10_gone.sql"))
    con.execute(sql("forget/20_kept.sql"))


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    ((database,),) = con.execute("select current_database()").fetchall()
    return [name for name in _tables_of(con, database) if name not in (*_OWN, *_MADE)]


def _tables_of(con: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    asked = "select table_name from duckdb_tables() where database_name = ? and not temporary"
    return [name for (name,) in con.execute(asked, [database]).fetchall()]


def _kept(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return what stays of a table, as a view or a query in brackets."""
    views = con.execute("select view_name from duckdb_views() where view_name = ?", [f"kept_{table}"])
    if views.fetchone():
        return f"kept_{table}"
    columns = con.execute(
        "select column_name from duckdb_columns() where database_name = current_database() and table_name = ?",
        [table],
    ).fetchall()
    tests = [f"{name} not in (select {name} from {_KEYS[name]})" for (name,) in columns if name in _KEYS]  # noqa: S608
    return f'(from "{table}" where {" and ".join(tests)})' if tests else f'"{table}"'


def _count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    return one(con, f"select count(*) from {source}")  # noqa: S608


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def find_past_time(path: Path | str, platform: str, route: str, before: datetime) -> dict[str, datetime]:
    """Return the posts that came by a route and were not seen again since `before`, with when they last were."""
    con = open_warehouse(path)
    try:
        for name, value in (("platform", platform), ("route", route), ("before", before)):
            con.execute(f"set variable {name} = ?", [value])
        return dict(con.execute(sql("forget/past_time.sql")).fetchall())
    finally:
        con.close()
