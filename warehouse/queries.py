"""Answers questions by name: runs the SQL of queries/ and puts intervals beside the estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from warehouse.asking import asking
from warehouse.clusters import NESTED, fill_clusters
from warehouse.corrected_shares import find_corrections
from warehouse.db import sql, sql_names
from warehouse.errors import QueryError
from warehouse.estimates import with_intervals
from warehouse.intervals import DrawnBeyond
from warehouse.known import known, nearest, refuse_unknown

ACCOUNT_NAMES = (
    "level",
    "platform",
    "institution",
    "account",
    "region",
    "place",
    "type",
    "scope",
    "programme",
    "run_by",
)
PERIODS = ("week", "month", "quarter", "year")
POST_NAMES = ("media_type", "language", *PERIODS)
CODED_NAMES = ("sector", "audience", "standing")
DIMENSIONS = ("theme", "labour", "sector", "audience")

_ANY = ACCOUNT_NAMES + POST_NAMES + CODED_NAMES
_NOT_CODED = ACCOUNT_NAMES + POST_NAMES
_BY = {
    "share_of_posts": _ANY,
    "share_primary": _ANY,
    "mean_institution_share": _ANY,
    "share_of_institutions": _ANY,
    "promising_gap": tuple(name for name in _NOT_CODED if name != "level"),
    "central_against_programme": tuple(
        name for name in _ANY if name not in ("scope", "account", "programme")
    ),
    "relative_engagement": _NOT_CODED,
    "labour_market_subcodes": _NOT_CODED,
    "co_occurrence": _NOT_CODED,
    "posting_rhythm": _NOT_CODED,
    "posting_rate": _NOT_CODED,
    "comment_rate": _NOT_CODED,
    "outcomes": ACCOUNT_NAMES,
    "example_posts": ACCOUNT_NAMES,
}
_ALWAYS_BY = {
    "promising_gap": ("standing",),
    "central_against_programme": ("scope",),
    "said_minus_done": ("level",),
}
_OF_ALL_THERE_IS = ("coders", "crawls", "platform_presence", "survey")
_OF_ALL_ACCOUNTS = (
    "outcomes",
    "coverage",
    "changes_since_last_crawl",
    "platform_presence",
    "survey",
    "crawls",
    "coders",
)

_OF_CODES = (
    *(name for name in _BY if name not in ("posting_rhythm", "posting_rate", "comment_rate", "outcomes")),
    "said_minus_done",
    "most_recent_posts",
)
_OF_ONE_DIMENSION = {"share_primary": "theme", "said_minus_done": "theme", "labour_market_subcodes": "labour"}

MIDDLE = 0.3  # of the posts; medians of draws of many institutions are hardly ever beyond
_KEEP = (*ACCOUNT_NAMES, "media_type", "language", "sector", "audience")
_ACCOUNTS_ALONE = ("changes_since_last_crawl", "coverage", "left_out", "outcomes", "vanished_posts")
_CODED_OR_NOT = ("comment_rate", "posting_rate", "posting_rhythm")
_TIMELESS = (*_ACCOUNTS_ALONE, *_OF_ALL_THERE_IS)
_KEEP_OF = dict.fromkeys(_ACCOUNTS_ALONE, ACCOUNT_NAMES) | dict.fromkeys(_CODED_OR_NOT, _KEEP[:-2])


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question the warehouse can answer: what it asks, what one row is, and what it can be grouped by."""

    name: str
    question: str
    grain: str
    by: tuple[str, ...]


def find_queries() -> dict[str, Query]:
    """Return all queries by name, as their SQL files introduce themselves."""
    return {name: _introduce(name, text) for name, text in _texts().items()}


@cache
def _texts() -> dict[str, str]:
    """Return the SQL of each query by name."""
    names = [file.removesuffix(".sql") for file in sql_names("queries")]
    return {name: sql(f"queries/{name}.sql") for name in names}


def run(
    con_or_path: duckdb.DuckDBPyConnection | Path | str,
    name: str,
    *,
    by: Sequence[str] | str = (),
    since: date | str | None = None,
    until: date | str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    dimension: str = "theme",
    code: str | None = None,
    coder: str = "rules",
    codebook_version: str | None = None,
    coverage: str = "complete",
    most: int | None = None,
) -> pd.DataFrame:
    """Return a query's answer: a column per name of `by`, then the columns that docs/warehouse.md describes.

    `by` is a name or several; `since` and `until` are dates, both included; `where` keeps only some values
    ({"platform": "tiktok"}); `coverage` is "complete" (accounts whose latest visit was complete) or "all". Estimates
    come with `low` and `high` (95 %), `method` and `too_few`; shares run from 0 to 1, and moments are in UTC.
    `frame.attrs["left_out"]` names the accounts that are not counted, and why.

    Raises QueryError for a name, day, code, coder or value that is not known, WarehouseError without a warehouse.
    """
    query = _find(name)
    by = _check_by(query, (by,) if isinstance(by, str) else by)
    variables: dict[str, Any] = {
        "by_names": list(by),
        "since": _day("since", since),
        "until": _day("until", until),
        "keep": _check_keep(query, where or {}),
        "dimension": _check_dimension(name, dimension),
        "code": _check_code(name, code),
        "coder": coder,
        "codebook_version": codebook_version,
        "coverage": known("coverage", "all" if name in _OF_ALL_ACCOUNTS else coverage, ("complete", "all")),
        "most": _check_most(most),
        "middle": MIDDLE if name == "relative_engagement" else None,
    }
    _check_days(variables["since"], variables["until"])
    with asking(con_or_path, variables, _texts()[name]) as con:
        refuse_unknown(con, variables)
        answer = fill_clusters(find_answer(con, name))
        left_out = _left_out(con) if variables["coverage"] == "complete" else []
        corrections = find_corrections(con, name, answer, coder=coder)
        try:
            frame = with_intervals(name, _spread(answer, _shown(name, by)))
        except DrawnBeyond:
            con.execute("reset variable middle")
            frame = with_intervals(name, _spread(find_answer(con, name), _shown(name, by)))
    if corrections is not None:
        frame = frame.join(corrections)
    frame.attrs = {"left_out": left_out, "question": query.question}
    return frame


def refuse_idle(name: str, **asked: object) -> None:
    """Raise QueryError where a person asks a query for what would change nothing: the answer would seem to be about it.

    Programs that ask many queries of one window go without it.
    """
    _find(name)
    idle = {"since", "until"} if name in _TIMELESS else set()
    idle |= {"dimension"} if name not in _OF_CODES else set()
    idle |= set() if name == "example_posts" else {"most"}
    for what, value in asked.items():
        if what in idle and value not in (None, "theme"):
            raise QueryError(f"{name} does not look at {what}; leave it out.")


def find_answer(con: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """Return an answer as a frame; a list of structs becomes one array per field, which is a hundred times faster."""
    nested = NESTED.get(name, {})
    lists = "".join(
        f", list_transform({column}, lambda one: one.{field}) as {field}_list"
        for column, fields in nested.items()
        for field in fields
    )
    text = _texts()[name]
    if nested:
        text = f"select * exclude ({', '.join(nested)}){lists} from ({text.strip().removesuffix(';')})"  # noqa: S608
    frame: pd.DataFrame = con.execute(text).df()
    return frame


def _left_out(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the accounts that are not counted, and why."""
    found = con.execute(_texts()["left_out"])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _introduce(name: str, text: str) -> Query:
    lines = [line.removeprefix("-- ") for line in text.split("\n\n", 1)[0].splitlines()]
    grain = " ".join(lines[1:]).removeprefix("Grain: ")
    return Query(name=name, question=lines[0], grain=grain, by=_BY.get(name, ()))


def _find(name: str) -> Query:
    if name not in _texts():
        raise QueryError(f"there is no query {name!r}; {nearest(name, _texts())}.")
    return _introduce(name, _texts()[name])


def _check_by(query: Query, by: Sequence[str]) -> tuple[str, ...]:
    for name in by:
        if name not in query.by and name not in _ALWAYS_BY.get(query.name, ()):
            if not query.by:
                raise QueryError(f"{query.name} is not grouped by anything; leave out {name!r}.")
            raise QueryError(f"{query.name} cannot be grouped by {name!r}; {nearest(name, query.by)}.")
    if sum(name in PERIODS for name in by) > 1:
        raise QueryError(f"by is {', '.join(by)}; expected one period at most of {', '.join(PERIODS)}.")
    always = _ALWAYS_BY.get(query.name, ())
    first = ("level",) if query.name == "promising_gap" else ()
    return (*first, *(name for name in dict.fromkeys(by) if name not in always), *always)


def _check_dimension(name: str, dimension: str) -> str:
    """Return the dimension that a question is about; unless told, that is the one it can only be about."""
    known("dimension", dimension, DIMENSIONS)
    only = _OF_ONE_DIMENSION.get(name, dimension)
    if dimension not in ("theme", only):
        raise QueryError(f"{name} is about dimension {only!r} only; leave out {dimension!r}.")
    return only


def _check_code(name: str, code: str | None) -> str | None:
    if code is not None and name not in _OF_CODES:
        raise QueryError(f"{name} tells nothing of codes; leave out {code!r}.")
    return code


def _shown(name: str, by: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that are columns of the answer; a gap's two sides are not."""
    return by[:-1] if name in _ALWAYS_BY else by


def _check_keep(
    query: Query, where: Mapping[str, str | Sequence[str]]
) -> dict[str, list[list[str]] | list[str]] | None:
    if where and query.name in _OF_ALL_THERE_IS:
        raise QueryError(f"{query.name} tells of all there is; leave out where.")
    names, values = [], []
    for name, kept in where.items():
        if known("where", name, _KEEP) not in (looked_at := _KEEP_OF.get(query.name, _KEEP)):
            raise QueryError(
                f"{query.name} does not look at {name}; where may be one of {', '.join(looked_at)}."
            )
        names.append(name)
        values.append([kept] if isinstance(kept, str) else list(kept))
    return {"key": names, "value": values} if names else None


def _check_most(most: int | None) -> int | None:
    if most is not None and most < 1:
        raise QueryError(f"most is {most}; expected 1 or more.")
    return most


def _day(what: str, value: date | str | None) -> date | None:
    """Return a day; that of a moment is its day in the Netherlands, of one without a zone its own."""
    if isinstance(value, datetime):
        return (value.astimezone(ZoneInfo("Europe/Amsterdam")) if value.tzinfo else value).date()
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise QueryError(f"{what} is {value!r}; expected a date as 2026-09-01.") from None


def _check_days(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until < since:
        raise QueryError(f"until is {until}; expected a day not before since, {since}.")


def _spread(answer: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Turn the column `groups` into a column per name."""
    if "groups" not in answer.columns:
        return answer
    if not by:
        return answer.drop(columns="groups")
    new = [(place, name) for place, name in enumerate(by) if name not in answer.columns]
    groups = answer.pop("groups").tolist()
    for column, (place, name) in enumerate(new):
        answer.insert(column, name, [group[place] for group in groups])
    return answer
