"""The way back from a figure: all that a warehouse knows of one post."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb

from warehouse.db import connect_readonly, sql
from warehouse.errors import QueryError

PARTS = ("versions", "snapshots", "codings", "visits")
TEXTS = ("title", "text", "alt_text", "transcript")
Row = dict[str, Any]


def trace(warehouse: Path | str, post: str) -> dict[str, Any]:
    """Return a post, given as platform/id or by its address, with its versions, snapshots, codings and visits.

    Each coding has its evidence as a list, and `texts`, the words of the version that was coded. Raises QueryError,
    which names the nearest known posts, for one that is not there.
    """
    con = connect_readonly(warehouse)
    try:
        platform, post_id = find_post(con, post)
        _ask(con, platform, post_id)
        found: dict[str, Any] = {"post": _rows(con, "post")[0]}
        found |= {part: _rows(con, part) for part in PARTS}
    finally:
        con.close()
    words = {row["version"]: {name: row[name] for name in TEXTS} for row in found["versions"]}
    for coding in found["codings"]:
        coding["evidence"] = json.loads(coding["evidence"] or "[]")
        coding["texts"] = words.get(coding["version"], {})
    return found


def find_post(con: duckdb.DuckDBPyConnection, post: str) -> tuple[str, str]:
    """Return platform and id of a post that is given so, or by its address; QueryError for one that is not there."""
    if "://" in post or "." in post.partition("/")[0]:
        con.execute("set variable url = ?", [post])
        con.execute("set variable ids = ?::varchar[]", [re.findall(r"[\w-]{5,}", post)])
        found = con.execute(sql("trace/by_url.sql")).fetchall()
        platform, post_id = found[0] if found else (None, "")
    else:
        platform, _, post_id = post.partition("/")
    _ask(con, platform, post_id)
    if platform is None or not _rows(con, "post"):
        raise QueryError(_unknown(con, post, platform, post_id))
    return platform, post_id


def _ask(con: duckdb.DuckDBPyConnection, platform: str | None, post_id: str) -> None:
    con.execute("set variable platform = ?", [platform])
    con.execute("set variable post_id = ?", [post_id])


def _unknown(con: duckdb.DuckDBPyConnection, post: str, platform: str | None, post_id: str) -> str:
    known = con.execute("select count(*) from dim_post where platform = ?", [platform]).fetchone()
    _ask(con, platform if known and known[0] else None, post_id or post)
    con.execute("set variable url = ?", [post])
    near = [f"{one}/{of}" for one, of in con.execute(sql("trace/near.sql")).fetchall()]
    hint = f"the nearest are {', '.join(near)}" if near else "it knows no posts yet"
    return f"{post} is no post of this warehouse (expected platform/id, or the post's address); {hint}."


def _rows(con: duckdb.DuckDBPyConnection, part: str) -> list[Row]:
    result = con.execute(sql(f"trace/{part}.sql"))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
