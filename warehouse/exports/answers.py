"""Writes the answer to a query where it is wanted: as a table on a screen, CSV, JSON or Parquet."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, TextIO

import duckdb
import numpy as np
import pandas as pd

from warehouse.db import first_line, quoted
from warehouse.errors import ExportError, QueryError
from warehouse.exports.safe_text import escape


def write_answer(frame: pd.DataFrame, target: Path | TextIO, shape: str) -> None:
    """Write a query's answer as table, csv, json (a list of rows) or parquet (to a path only).

    In a table shares are percentages, moments are in UTC, and what is missing is empty; on a terminal it is folded
    where it is too wide. In the other shapes shares run from 0 to 1. Raises ExportError where a file cannot be written;
    an earlier one stays as it was.
    """
    if shape == "parquet":
        _write_parquet(frame, target)
    elif isinstance(target, Path):
        with _appearing(target) as partial:
            encoding = "utf-8-sig" if shape == "csv" else "utf-8"
            partial.write_text(_TEXTS[shape](frame), encoding=encoding, newline="")
    elif shape == "table" and target.isatty():
        target.write(_as_table(frame, get_terminal_size().columns))
    else:
        target.write(_TEXTS[shape](frame))


def _write_parquet(frame: pd.DataFrame, target: Path | TextIO) -> None:
    if not isinstance(target, Path):
        raise QueryError("parquet is written to a file; name one.")
    with _appearing(target) as partial, duckdb.connect() as con:
        con.register("answer", frame)
        con.execute(f"copy answer to {quoted(str(partial))} (format parquet)")


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """Yield a file to write in, which takes its name once all is well; until then what was there stays."""
    if target.exists() and not target.is_file():  # a device or a pipe
        yield target
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(target)
    except (OSError, duckdb.IOException) as error:
        raise ExportError(f"{target} cannot be written: {_why(error)}") from error
    finally:
        partial.unlink(missing_ok=True)


def _why(error: OSError | duckdb.IOException) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else first_line(error)


def _as_csv(frame: pd.DataFrame) -> str:
    """Return CSV whose texts a spreadsheet takes for texts: what looks like a formula gets an apostrophe."""
    texts = [name for name in frame.columns if frame[name].dtype.kind not in "biufM"]
    safe = frame.assign(**{name: [_harmless(value) for value in frame[name].tolist()] for name in texts})
    text: str = safe.to_csv(index=False, date_format=_MOMENT, lineterminator="\r\n")
    return text


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return escape(value)
    is_list = isinstance(value, (list, tuple, np.ndarray))
    return _harmless(" ".join(map(str, value))) if is_list else value


def _as_json(frame: pd.DataFrame) -> str:
    text = frame.to_json(orient="records", date_format="iso", date_unit="s", force_ascii=False)
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"


def _as_table(frame: pd.DataFrame, width: int | None = None) -> str:
    """Return aligned columns; shares as percentages, and in brackets where they stand on too few posts."""
    if frame.empty:
        return "no rows\n"
    few: list[bool] = frame["too_few"].tolist() if "too_few" in frame else [False] * len(frame)
    shares = _SHARES + _BOUNDS if any(str(name).startswith(_SHARES) for name in frame) else _SHARES
    shown = frame.drop(columns="too_few", errors="ignore").copy()
    for name in shown.columns:
        cells = _cells(shown[name], few, is_share=str(name).startswith(shares))
        shown[name] = pd.Series(cells, index=shown.index, dtype=object)
    parts = [shown] if width is None else _folded(shown, width)
    return "\n".join(part.to_string(index=False, max_colwidth=_WIDEST) + "\n" for part in parts)


def _cells(column: pd.Series[Any], few: list[bool], *, is_share: bool) -> list[Any]:
    """Return what a table shows of a column: moments as CSV and JSON have them, nothing for what is missing."""
    kind = column.dtype.kind
    if kind == "M":
        cells = column.dt.strftime(_MOMENT).tolist()
    elif kind == "f":
        cells = [_figure(value, few=one, is_share=is_share) for value, one in zip(column, few, strict=True)]
    else:
        cells = column.astype(object).tolist()
    return ["" if gone else cell for cell, gone in zip(cells, column.isna(), strict=True)]


def _folded(shown: pd.DataFrame, width: int) -> list[pd.DataFrame]:
    """Return parts no wider than a terminal; each begins with what tells the rows apart, or else with their numbers."""
    wide = {
        name: 1 + max(len(str(name)), *(min(len(str(cell)), _WIDEST) for cell in shown[name]))
        for name in shown.columns
    }
    if sum(wide.values()) <= width:
        return [shown]
    keys = _keys(shown, wide, width // 2)
    if not keys:
        shown = shown.assign(row=range(1, len(shown) + 1))
        keys, wide["row"] = ["row"], 1 + max(3, len(str(len(shown))))
    parts: list[list[Any]] = [[]]
    for name in wide:
        if name not in keys:
            if parts[-1] and sum(wide[one] for one in [*keys, *parts[-1], name]) > width:
                parts.append([])
            parts[-1].append(name)
    return [shown[[*keys, *part]] for part in parts]


def _keys(shown: pd.DataFrame, wide: dict[Any, int], most: int) -> list[Any]:
    """Return the leading texts that fit, and tell the rows apart."""
    keys: list[Any] = []
    for name in shown.columns:
        is_text = all(isinstance(cell, str) for cell in shown[name])
        if not is_text or sum(wide[key] for key in [*keys, name]) > most:
            break
        keys.append(name)
    return keys if keys and not shown.duplicated(keys).any() else []


_TEXTS = {"table": _as_table, "csv": _as_csv, "json": _as_json}
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_WIDEST = 60  # characters of a cell in a table
_SHARES = ("share", "said", "gap", "coverage", "difference")
_BOUNDS = ("low", "high", "corrected")  # of whatever is estimated


def _figure(value: float, *, few: bool, is_share: bool) -> str:
    if pd.isna(value):
        return ""
    text = f"{100 * value:.1f} %" if is_share else f"{value:.2f}"
    return f"({text})" if few and is_share else text
