"""The tables of an export as relations: SQL that gives their rows, and columns that say what they mean."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import duckdb
import pandas as pd

from warehouse.db import sql
from warehouse.errors import ExportError
from warehouse.exports.tables import Table

Words = Mapping[str, Mapping[str, str]]

TOLD_BY = (  # whose comments say what a column of an answer means, where words.toml does not
    *("dim_account", "dim_institution", "dim_post", "ref_survey"),
    *("coverage", "fact_outcome", "dim_coder", "dim_feed", "fact_coding", "mart_post"),
)
ESTIMATES = ("gap", "share", "median_relative_engagement")  # that `low` and `high` are the bounds of


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name, DuckDB's type, its unit ("" where it counts or measures nothing) and what it means."""

    name: str
    type: str
    unit: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A table of an export: `sql` gives its rows in order, `title` and `grain` say what they are."""

    name: str
    title: str
    grain: str
    sql: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    refers: Mapping[str, str] = field(default_factory=dict)
    is_answer: bool = False


def relation_of_table(con: duckdb.DuckDBPyConnection, table: Table) -> Relation:
    """Return a table of the warehouse as it is exported, ordered by its key."""
    text = sql(table.file)
    title, grain = _introduction(text)
    rows = f"from ({text}) order by {', '.join(table.key)}"
    said = [_comments(con, name) for name in (table.name, *table.of)]
    return Relation(
        name=table.name,
        title=title,
        grain=grain,
        sql=rows,
        columns=tuple(_columns(con, rows, table.name, said)),
        key=table.key,
        refers=table.refers,
    )


def relation_of_answer(
    con: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame, *, query: str, title: str, grain: str
) -> Relation:
    """Return a query's answer as it is exported, in the order of the query."""
    con.register(f"answer_{name}", _typed(frame))
    rows = f'select {_without_nan(con, name)} from "answer_{name}"'  # noqa: S608 - names of our own
    said = [_words()["answers"], *(_comments(con, table) for table in TOLD_BY)]
    return Relation(
        name=name,
        title=title,
        grain=grain,
        sql=rows,
        columns=_with_bounds(list(_columns(con, rows, f"answers.{query}", said))),
        is_answer=True,
    )


def _introduction(text: str) -> tuple[str, str]:
    first, second = text.split("\n", 2)[:2]
    return first.removeprefix("-- "), second.removeprefix("-- Grain: ").rstrip(".")


def _columns(
    con: duckdb.DuckDBPyConnection, rows: str, table: str, said: Sequence[Mapping[str, str]]
) -> Iterator[Column]:
    own = _words()
    sources = [own.get(table, {}), *said, own["any"]]
    for name, type_name, *_ in con.execute(f"describe {rows}").fetchall():
        description = next((source[name] for source in sources if name in source), "")
        if not description:
            raise ExportError(
                f"{table}.{name} has no description; expected one in its comment or in words.toml."
            )
        yield Column(name=name, type=type_name, unit=_unit(name, type_name), description=description)


def _with_bounds(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Give the bounds of an estimate the estimate's unit."""
    units = {column.name: column.unit for column in columns}
    unit = next((units[name] for name in ESTIMATES if name in units), "")
    return tuple(replace(one, unit=unit) if one.name in ("low", "high") else one for one in columns)


def _unit(name: str, type_name: str) -> str:
    units = _words()["units"]
    if name in units:
        return units[name]
    if type_name.startswith("TIMESTAMP"):
        return "moment, UTC"
    return "number" if type_name in ("BIGINT", "INTEGER") else ""


def _comments(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    asked = "select column_name, comment from duckdb_columns() where table_name = ? and comment is not null"
    return dict(con.execute(asked, [table]).fetchall())


@lru_cache(maxsize=1)
def _words() -> Words:
    return tomllib.loads(sql("exports/words.toml"))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return an answer whose numbers of things are whole, also where some are missing."""
    whole = [name for name in frame.columns if name.startswith("n_") and frame[name].dtype.kind == "f"]
    return frame.astype(dict.fromkeys(whole, "Int64"))


def _without_nan(con: duckdb.DuckDBPyConnection, name: str) -> str:
    parts = []
    for column, type_name, *_ in con.execute(f'describe from "answer_{name}"').fetchall():
        quoted = f'"{column}"'
        parts.append(
            f"case when not isnan({quoted}) then {quoted} end as {quoted}"
            if type_name == "DOUBLE"
            else quoted
        )
    return ", ".join(parts)
