"""Keeps samples for hand coding: what they are drawn from, which posts they are, and what people answered."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pandas as pd

from warehouse.coding import check_codings, write_codings
from warehouse.db import session, sql, transaction

SETTLED = "settled"


def find_population(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the posts a sample is drawn from: post_key, version, codebook_version and stratum.

    The stratum is the predicted primary code, platform and level, with slashes between.
    """
    return _ask(con, "samples/population.sql")


def load_sample(
    con: duckdb.DuckDBPyConnection,
    frame: pd.DataFrame,
    *,
    sample: str,
    seed: int,
    at: datetime | None = None,
) -> None:
    """Keep a sample, one row per unit.

    Columns: post_key, version, codebook_version, stratum, population, drawn, place, coders (lists).
    """
    with transaction(con):
        con.execute("set variable sample = ?", [sample])
        con.execute("set variable seed = ?", [seed])
        con.execute("set variable drawn_at = ?", [at or datetime.now(UTC)])
        con.register("sample_rows", frame)
        con.execute(sql("samples/load.sql"))
        con.unregister("sample_rows")


def find_samples(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the samples, the latest first: sample, codebook_version, seed, drawn_at, n_posts, n_settled, coders."""
    return _ask(con, "samples/samples.sql")


def find_sampled_units(con: duckdb.DuckDBPyConnection, sample: str) -> pd.DataFrame:
    """Return what coders read of each unit of a sample, in its random order, and who is to code it."""
    return _ask(con, "samples/units.sql", sample=sample)


def find_sample_codings(con: duckdb.DuckDBPyConnection, sample: str) -> pd.DataFrame:
    """Return all answers about a sample's units, those of the rules and the settled ones included."""
    return _ask(con, "samples/codings.sql", sample=sample)


def load_agreed(con: duckdb.DuckDBPyConnection, sample: str, frame: pd.DataFrame) -> None:
    """Keep as settled what the coders agree on now, in the place of what they agreed on before."""
    check_codings(frame)
    with transaction(con):
        con.execute("set variable sample = ?", [sample])
        con.execute(sql("samples/forget_agreed.sql"))
        if len(frame):
            write_codings(con, frame)


def _ask(con: duckdb.DuckDBPyConnection, file: str, **variables: str) -> pd.DataFrame:
    reader = session(con)
    try:
        for name, value in variables.items():
            reader.execute(f"set variable {name} = ?", [value])
        return reader.execute(sql(file)).df()
    finally:
        reader.close()
