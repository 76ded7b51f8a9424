"""Puts shares corrected by a hand-coded sample beside the raw ones of a query, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from warehouse.correction import Corrected, HandCoded, Integers, correct
from warehouse.db import one, sql
from warehouse.estimates import FEWEST_POSTS
from warehouse.intervals import Floats

COLUMNS = ["corrected", "corrected_low", "corrected_high", "n_coded", "correction"]
CORRECTABLE = ("share_of_posts", "share_primary")

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

    def members(self, group: Group) -> set[Key]:
        """Return the posts that are in the group."""
        return {key for found, key in self.codes if found == group}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The settled posts of a sample, in order, what they weigh, and what the rules and people say of them."""

    place: dict[Key, int]
    stratum: Integers
    weight: Floats
    predicted: Answers
    settled: Answers


def find_corrections(
    con: duckdb.DuckDBPyConnection, name: str, answer: pd.DataFrame, *, coder: str
) -> pd.DataFrame | None:
    """Return the columns of correction for a query's answer, None where the query has none.

    A group with fewer than 30 hand-coded posts stays uncorrected, as do the codings of anybody but the rules.
    """
    if name not in CORRECTABLE:
        return None
    sample = _read_sample(con, primary=name == "share_primary") if coder == "rules" else None
    rows = [_of_row(row, sample) for row in answer.to_dict("records")]
    return pd.DataFrame(rows, columns=COLUMNS, index=answer.index)


def _read_sample(con: duckdb.DuckDBPyConnection, *, primary: bool) -> Sample | None:
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


def _of_row(row: dict[Any, Any], sample: Sample | None) -> dict[str, Any]:
    group: Group = tuple(row["groups"])
    predicted = sample.predicted.members(group) if sample else set()
    settled = sample.settled.members(group) if sample else set()
    coded = len(predicted | settled)
    if sample is None or coded < FEWEST_POSTS:
        nothing = dict.fromkeys(COLUMNS[:3], np.nan)
        return {**nothing, "n_coded": coded, "correction": "uncorrected"}
    found = _correct(row, sample, predicted, settled)
    return {
        "corrected": float(np.clip(found.share, 0, 1)),
        "corrected_low": float(np.clip(found.low, 0, 1)),
        "corrected_high": float(np.clip(found.high, 0, 1)),
        "n_coded": coded,
        "correction": "corrected",
    }


def _correct(row: dict[Any, Any], sample: Sample, predicted: set[Key], settled: set[Key]) -> Corrected:
    group, code = tuple(row["groups"]), row["code"]
    institutions = {int(number): place for place, number in enumerate(row["member_list"])}
    size = len(sample.place)
    cluster = np.zeros(size, dtype=np.int64)
    over, under = np.zeros(size), np.zeros(size)
    for key in predicted | settled:
        place = sample.place[key]
        name = sample.predicted.cluster.get(key) or sample.settled.cluster[key]
        cluster[place] = institutions.setdefault(name, len(institutions))
        over[place] = (code in sample.settled.codes.get((group, key), ())) - (
            code in sample.predicted.codes.get((group, key), ())
        )
        under[place] = (key in settled) - (key in predicted)
    return correct(
        _sums(row["over_list"], len(institutions)),
        _sums(row["under_list"], len(institutions)),
        HandCoded(
            cluster=cluster, stratum=sample.stratum, weight=sample.weight, over_error=over, under_error=under
        ),
    )


def _sums(values: Any, size: int) -> Floats:
    """Return one value per institution, 0 for those that only the hand coding puts into the group."""
    known = np.asarray(values, dtype=float)
    return np.append(known, np.zeros(size - len(known)))
