"""Keeps the narrow tables that questions read (mart_post, mart_coding) up to date with what was loaded and coded."""

from __future__ import annotations

import duckdb

from warehouse.db import one, sql, sql_names, transaction


def refresh(con: duckdb.DuckDBPyConnection) -> int:
    """Tell anew what changed since the last refresh, in one transaction; return how many posts that was.

    Whatever writes posts, counts, languages or codings notes the posts in meta_changed within its own transaction, so a
    kill between the two loses nothing: the next refresh, before the next publication, finds them there.
    """
    changed = one(con, "select count(distinct post_key) from meta_changed")
    if changed:
        with transaction(con):
            for name in sql_names("mart"):
                con.execute(sql(f"mart/{name}"))
    return changed


def remake(con: duckdb.DuckDBPyConnection) -> int:
    """Make the narrow tables again from all posts and codings; return how many posts there are."""
    con.execute("insert into meta_changed select post_key from dim_post where is_current")
    return refresh(con)
