"""Opens the study that a notebook is about, and asks it in SQL of a line."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pandas as pd

from warehouse import connect_readonly

DEMO = Path(__file__).parent.parent / "examples" / "demo"


def open_study() -> duckdb.DuckDBPyConnection:
    """Return the warehouse of the study that UITZICHT_STUDY names, or else of the demo study."""
    return connect_readonly(Path(os.environ.get("UITZICHT_STUDY", DEMO)) / "warehouse.duckdb")


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """Return what SQL of a line answers."""
    return con.execute(sql).df()
