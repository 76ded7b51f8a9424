"""Writes the answer to a query where it is wanted: as a table on a screen, CSV, JSON or Parquet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

import duckdb
import numpy as np
import pandas as pd

from warehouse.db import quoted
from warehouse.errors import QueryError
from warehouse.exports.safe_text import escape


def write_answer(frame: pd.DataFrame, target: Path | TextIO, shape: str) -> None:
    """Write a query's answer as table, csv, json (a list of rows) or parquet (to a path only)."""
    if shape == "parquet":
        if not isinstance(target, Path):
            raise QueryError("parquet is written to a file; name one.")
        with duckdb.connect() as con:
            con.register("answer", frame)
            con.execute(f"copy answer to {quoted(str(target))} (format parquet)")
        return
    text = {"table": _as_table, "csv": _as_csv, "json": _as_json}[shape](frame)
    if isinstance(target, Path):
        target.write_text(text, encoding="utf-8-sig" if shape == "csv" else "utf-8", newline="")
    else:
        target.write(text)


def _as_csv(frame: pd.DataFrame) -> str:
    """Return CSV whose texts a spreadsheet takes for texts: what looks like a formula gets an apostrophe."""
    texts = [name for name in frame.columns if frame[name].dtype.kind not in "biufM"]
    safe = frame.assign(**{name: [_harmless(value) for value in frame[name].tolist()] for name in texts})
    text: str = safe.to_csv(index=False, date_format="%Y-%m-%dT%H:%M:%SZ", lineterminator="\r\n")
    return text


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value)
    is_list = isinstance(value, (list, tuple, np.ndarray))
    return _harmless(" ".join(map(str, value))) if is_list else value


def _as_json(frame: pd.DataFrame) -> str:
    text = frame.to_json(orient="records", date_format="iso", date_unit="s", force_ascii=False)
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"


def _as_table(frame: pd.DataFrame) -> str:
    """Return aligned columns; shares as percentages, and in brackets where they stand on too few posts."""
    shown = frame.drop(columns="too_few", errors="ignore").copy()
    few: list[bool] = frame["too_few"].tolist() if "too_few" in frame else [False] * len(frame)
    shares = _SHARES + _BOUNDS if any(str(name).startswith(_SHARES) for name in frame) else _SHARES
    for name in shown.columns:
        if shown[name].dtype.kind == "f":
            values: list[float] = shown[name].tolist()
            is_share = str(name).startswith(shares)
            shown[name] = [
                _figure(value, few=one, is_share=is_share) for value, one in zip(values, few, strict=True)
            ]
    if frame.empty:
        return "no rows\n"
    return str(shown.to_string(index=False, na_rep="", max_colwidth=60)) + "\n"


_SHARES = ("share", "said", "gap", "coverage", "difference")
_BOUNDS = ("low", "high", "corrected")  # of whatever is estimated


def _figure(value: float, *, few: bool, is_share: bool) -> str:
    if pd.isna(value):
        return ""
    text = f"{100 * value:.1f} %" if is_share else f"{value:.2f}"
    return f"({text})" if few and is_share else text
