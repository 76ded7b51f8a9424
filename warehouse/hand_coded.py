"""Reads the posts that people coded and settled: what they weigh, and what the rules and people say of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from warehouse.correction import Integers
from warehouse.db import one, sql
from warehouse.intervals import Floats

_GROWN = """
    (select max(loaded_at) from dim_feed) > (select min(drawn_at) from fact_sample)
    or (select max(last_coded_at) from dim_coder where coder = 'rules') > (select min(drawn_at) from fact_sample)
"""

Group = tuple[Any, ...]
Key = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What one coder says of the sampled posts: the groups each is in, with its codes and their institution there."""

    codes: dict[tuple[Group, Key], set[str]]
    cluster: dict[Key, int]

    def members(self, groups: frozenset[Group]) -> set[Key]:
        """Return the posts that are in one of the groups."""
        return {key for found, key in self.codes if found in groups}

    def carries(self, groups: frozenset[Group], key: Key, code: str) -> bool:
        """Tell whether a post carries the code in one of the groups."""
        return any(code in self.codes.get((group, key), ()) for group in groups)

    @property
    def groups(self) -> frozenset[Group]:
        """Return all groups that there are."""
        return frozenset(group for group, _ in self.codes)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The settled posts of a sample, in order, what they weigh, and what the rules and people say of them."""

    place: dict[Key, int]
    stratum: Integers
    weight: Floats
    predicted: Answers
    settled: Answers


def read_sample(con: duckdb.DuckDBPyConnection, *, primary: bool) -> Sample | None:
    """Return the latest sample that is settled, None where there is none; `primary` asks for primary codes alone."""
    if not one(con, "select count(*) from fact_sample where population is not null"):
        return None
    con.execute(f"set variable sample_grown = ({_GROWN})")
    units = con.execute(sql("samples/asked_weights.sql")).df()
    if units.empty:
        return None
    con.execute("create or replace temp table sample_unit as select post_key, version from units")
    version = str(units["codebook_version"].iloc[0])
    keys = zip(units["post_key"].tolist(), units["version"].tolist(), strict=True)
    return Sample(
        place={key: number for number, key in enumerate(keys)},
        stratum=np.unique(units["stratum"].to_numpy(str), return_inverse=True)[1],
        weight=units["weight"].to_numpy(float),
        predicted=_read_answers(con, primary=primary),
        settled=_read_settled(con, version, primary=primary),
    )


def _read_settled(con: duckdb.DuckDBPyConnection, version: str, *, primary: bool) -> Answers:
    """Return the settled answers; the session's variables are as before afterwards."""
    (asked,) = con.execute("select getvariable('codebook_version')").fetchone() or (None,)
    try:
        con.execute("set variable coder = 'settled'")
        con.execute("set variable codebook_version = ?", [version])
        return _read_answers(con, primary=primary)
    finally:
        con.execute("set variable coder = 'rules'")
        con.execute("set variable codebook_version = ?", [asked])


def _read_answers(con: duckdb.DuckDBPyConnection, *, primary: bool) -> Answers:
    rows = con.execute(sql("samples/asked_units.sql")).fetchall()
    codes: dict[tuple[Group, Key], set[str]] = {}
    cluster: dict[Key, int] = {}
    for post_key, version, institution, groups, code, is_primary in rows:
        cluster[post_key, version] = institution
        found = codes.setdefault((tuple(groups), (post_key, version)), set())
        if code is not None and (is_primary or not primary):
            found.add(code)
    return Answers(codes=codes, cluster=cluster)
