"""Takes an account or posts out of all other files of a study: reports, exports, coding sheets, logs."""

from __future__ import annotations

import gzip
import html
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from crawler.archive import is_gzip, open_text
from crawler.cutting import is_named
from crawler.errors import CrawlerError
from crawler.forget import Target, spans
from crawler.forget_feeds import replace_file
from crawler.items import PLATFORMS

LINES = (".jsonl", ".ndjson", ".log", ".txt", ".md")
TABLES = (".csv", ".tsv")
_AGAIN = "uitzicht report {study}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The study's folder, its report, and what is looked after elsewhere."""

    folder: Path
    report: Path
    apart: tuple[Path, ...]


def forget_in_files(places: Places, target: Target, *, apply: bool) -> tuple[Counter[str], list[str]]:
    """Take a target out of files that people or commands made: rows, lines and elements where it can be, else the file.

    Returns how much, and a sentence per file that goes whole or names the target and is a person's to change.
    """
    counts: Counter[str] = Counter()
    notes: list[str] = []
    for path in _others(places):
        if ".forgetting" in path.name or path.suffix == ".partial":
            if apply:
                path.unlink()  # left by a kill
            continue
        less, gone = _less(path, target)
        if not gone:
            continue
        name = path.relative_to(places.folder)
        if less is None:
            counts["files removed"] += 1
            notes.append(_sentence(name, places, path))
        else:
            counts.update({"files rewritten": 1, "rows and lines of files": gone})
        if apply and less is None:
            path.unlink()
        elif apply and less is not None:
            replace_file(path, gzip.compress(less, mtime=0) if is_gzip(path) else less)
    notes += _by_hand(places, target)
    return counts, notes


def is_duckdb(path: Path) -> bool:
    """Tell whether a file is a DuckDB database, by its first bytes."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _others(places: Places) -> list[Path]:
    apart = set(places.apart)
    return sorted(
        path
        for path in places.folder.rglob("*")
        if path.is_file() and not apart & {path, *path.parents} and path.suffix != ".wal"
        if not is_duckdb(path) or ".forgetting" in path.name or path.suffix == ".partial"
    )


def _less(path: Path, target: Target) -> tuple[bytes | None, int]:
    """Return a file without the target and how many rows that is; None where the file has to go whole."""
    try:
        if path.suffix == ".xlsx":
            return _less_sheet(path, target)
        if path.suffix == ".parquet":
            return None, _is_in_parquet(path, target)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        duckdb.Error,
    ):  # not what its name says: read as plain bytes
        return None, is_in_text(path.read_bytes().decode("latin-1"), target)
    with open_text(path) as file:
        body = file.read()
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None, is_in_text(body.decode("latin-1"), target)
    return _less_text(path.name.removesuffix(".gz"), text, target)


def _less_text(name: str, text: str, target: Target) -> tuple[bytes | None, int]:
    if name.endswith(LINES):
        return _less_lines(text, target)
    if name.endswith(TABLES):
        return _less_table(text, target)
    if name.endswith(".json"):
        return _less_json(text, target)
    return None, is_in_text(text, target)


def _less_lines(text: str, target: Target) -> tuple[bytes, int]:
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not _is_in_line(line, target)]
    return "".join(kept).encode(), len(lines) - len(kept)


def _less_table(text: str, target: Target) -> tuple[bytes, int]:
    rows = list(spans(text))
    kept = [raw for raw, cells in rows if not is_row_of(cells, target)]
    return "".join(kept).encode(), len(rows) - len(kept)


def _less_json(text: str, target: Target) -> tuple[bytes | None, int]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return None, is_in_text(text, target)
    if not isinstance(value, list):
        return None, _is_in_value(value, target)
    kept = [one for one in value if not _is_in_value(one, target)]
    return json.dumps(kept, ensure_ascii=False, indent=1).encode(), len(value) - len(kept)


def _less_sheet(path: Path, target: Target) -> tuple[bytes | None, int]:
    book = _open(path)
    gone = 0
    for sheet in book.worksheets:
        rows = [
            number
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1)
            if is_row_of([str(cell) for cell in cells if cell is not None], target)
        ]
        for number in reversed(rows):
            sheet.delete_rows(number)
        gone += len(rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), gone


def _open(path: Path) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(path)
    except Exception as error:  # openpyxl tells of a spoilt workbook in whatever way it stumbles
        if not zipfile.is_zipfile(path):
            raise
        raise CrawlerError(
            f"{path} is a workbook that cannot be read ({error}), so what it holds cannot be told; "
            "mend or remove it, and run this again"
        ) from error


def is_row_of(cells: list[str], target: Target) -> bool:
    """Tell whether a row is of the target; a row that says another platform's name is not."""
    platforms = {cell for cell in cells if cell in PLATFORMS}
    if platforms and target.platform not in platforms:
        return False
    return any(cell in target.texts or target.names.search(cell) for cell in cells)


def _is_in_line(line: str, target: Target) -> bool:
    try:
        return _is_in_value(json.loads(line), target)
    except json.JSONDecodeError:
        return bool(is_in_text(line, target))


def _is_in_value(value: Any, target: Target) -> bool:
    return is_named(value, target.names) or any(text in target.texts for text in _strings(value))


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [value] if isinstance(value, str) else []


def is_in_text(text: str, target: Target) -> bool:
    """Tell whether a text names the target or holds its words."""
    if target.names.search(text) or target.feed_name() in text:
        return True
    plain = html.unescape(text) + text.replace("\\n", "\n").replace('\\"', '"')
    return any(words in plain for words in target.texts)


def _is_in_parquet(path: Path, target: Target) -> bool:
    with duckdb.connect() as con:
        rows = con.execute("from read_parquet(?)", [str(path)])
        while batch := rows.fetchmany(1_000):
            if any(is_row_of([str(cell) for cell in row if cell is not None], target) for row in batch):
                return True
    return False


def _sentence(name: Path, places: Places, path: Path) -> str:
    if path == places.report:
        return f"{name} names it and is removed; make it again with: {_AGAIN.format(study=places.folder)}"
    return f"{name} names it and is removed; make it again from the warehouse if you need it"


def _by_hand(places: Places, target: Target) -> list[str]:
    file = places.folder / "study.toml"
    if file.exists() and target.names.search(file.read_text(encoding="utf-8-sig")):
        return [f"{file.name} names it; it is yours to change"]
    return []
