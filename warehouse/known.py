"""Refuses words that a question uses and the warehouse does not know: they would otherwise count as none."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import duckdb

from warehouse.errors import QueryError

_ALWAYS = {  # of these a study may have some only, and may be asked about all
    "level": ("hbo", "mbo"),
    "platform": ("instagram", "linkedin", "tiktok", "youtube"),
    "scope": ("central", "programme"),
    "run_by": ("institution", "students"),
    "programme": ("none",),
}
_OF_POSTS = ("media_type", "language")
_OF_CODES = ("sector", "audience")
_MISSPELT = 0.7  # of a code that no post carries: how near it has to be to one that is carried


def known(what: str, value: str, names: Iterable[str]) -> str:
    """Return a value that is one of the names; raise QueryError, with the nearest, where it is not."""
    names = list(names)
    if value not in names:
        raise QueryError(f"{what} cannot be {value!r}; {nearest(value, names)}.")
    return value


def nearest(name: str, names: Iterable[str]) -> str:
    """Return words that tell the nearest of the names, and all of them."""
    names = list(names)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return (
        f"the nearest is {close[0]!r} (known: {', '.join(names)})"
        if close
        else f"known are {', '.join(names) or 'none'}"
    )


def refuse_unknown(con: duckdb.DuckDBPyConnection, asked: Mapping[str, Any]) -> None:
    """Raise QueryError where a question names a coder, codebook, code or value to keep that the warehouse lacks."""
    _refuse_coder(con, asked["coder"], asked["codebook_version"])
    if asked["code"] is not None:
        _refuse_code(con, asked["dimension"], asked["code"])
    keep = asked["keep"] or {"key": [], "value": []}
    for name, values in zip(keep["key"], keep["value"], strict=True):
        names = _values(con, name)
        for value in values:
            known(f"where {name}", value, names)


def _refuse_coder(con: duckdb.DuckDBPyConnection, coder: str, codebook_version: str | None) -> None:
    rows = con.execute("select coder, codebook_version from dim_coder order by last_coded_at desc").fetchall()
    known("coder", coder, dict.fromkeys(["rules", *(name for name, _ in rows)]))
    if codebook_version is not None:
        known("codebook_version", codebook_version, [version for name, version in rows if name == coder])


def _refuse_code(con: duckdb.DuckDBPyConnection, dimension: str, code: str) -> None:
    """Refuse a code of another dimension, or misspelt; one that no post happens to carry is carried by none."""
    rows = con.execute(
        "select distinct dimension, code from asked_sets where code is not null order by all"
    ).fetchall()
    carried = [one for where, one in rows if where == dimension]
    elsewhere = [where for where, one in rows if one == code]
    if code not in carried and elsewhere:
        raise QueryError(f"code {code!r} is one of dimension {elsewhere[0]!r}, not of {dimension!r}.")
    if code not in carried and difflib.get_close_matches(code, carried, n=1, cutoff=_MISSPELT):
        known("code", code, carried)


def _values(con: duckdb.DuckDBPyConnection, name: str) -> Collection[str]:
    """Return the values that `where` can keep of a name: those that `by` shows as groups."""
    if name in _OF_CODES:
        query = "select code from asked_sets where dimension = ? union select 'none' order by all"
        rows = con.execute(query, [name]).fetchall()
    else:
        table = "mart_post" if name in _OF_POSTS else "accounts"
        absent = "none" if name == "programme" else "unknown"
        query = f"select distinct coalesce({name}, '{absent}') from {table} order by all"  # noqa: S608 - our names
        rows = con.execute(query).fetchall()
    return dict.fromkeys([*(value for (value,) in rows if value is not None), *_ALWAYS.get(name, ())])
