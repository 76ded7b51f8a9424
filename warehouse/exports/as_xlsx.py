"""Writes relations as one workbook, sheet by sheet, so that memory does not grow with the rows."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import duckdb
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from warehouse.exports.relations import Column, Relation
from warehouse.exports.safe_text import is_risky

MOST_ROWS = 1_048_576  # of a sheet, its header included
MOST_UNITS = 32_767  # UTF-16 code units of a cell
MOST_NAME = 31
CUT = " [...]"
AMSTERDAM = "Europe/Amsterdam"
EXACT = ("second", "minute", "hour")
BATCH = 2_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT_COLUMNS = ("title", "text", "alt_text", "transcript", "description", "evidence", "question")

_NAME_COLUMNS = ("institution", "account", "post", "capture", "crawl", "url", "name")
_BOOLEAN = '"TRUE";"TRUE";"FALSE"'  # without it LibreOffice shows some as 1 and 0

Lines = Sequence[tuple[str, str]]
Write = Callable[[Any], Any]


@dataclass(slots=True)
class Changes:
    """What a workbook could not hold as it is, by table and column."""

    cut: dict[str, int] = field(default_factory=dict)
    cleaned: dict[str, int] = field(default_factory=dict)
    continued: dict[str, int] = field(default_factory=dict)

    def sentences(self) -> Iterator[str]:
        """Yield what a reader must know."""
        for place, number in self.cut.items():
            yield (
                f"{place}: {number} texts are longer than a cell holds (32,767) and end in{CUT}; "
                "CSV and Parquet have them whole."
            )
        for place, number in self.cleaned.items():
            yield f"{place}: {number} texts had characters that a workbook cannot hold; they are left out."
        for name, sheets in self.continued.items():
            yield f"{name} has more rows than a sheet holds (1,048,576) and goes on over {sheets} sheets."


def write_xlsx(
    con: duckdb.DuckDBPyConnection, relations: Sequence[Relation], path: Path, *, about: Lines = ()
) -> tuple[dict[str, int], list[str]]:
    """Write relations to the sheets of a workbook; return the rows of each, and sentences on what it could not hold.

    Ids are texts, and texts are never formulas. Each moment stands in UTC and, beside it, in Amsterdam time; that is
    empty where only the day or less is known. The first sheet says `about`, the last explains the columns.
    """
    book, changes = Workbook(write_only=True), Changes()
    with _temporary_files_in(path.parent):
        first = book.create_sheet("about")
        rows = {relation.name: _write_sheets(con, book, relation, changes) for relation in relations}
        _write_dictionary(book.create_sheet("columns"), relations)
        notes = list(changes.sentences())
        _write_about(first, [*about, *(("note", note) for note in notes)])
        book.save(path)
    return rows, notes


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Keep openpyxl's temporary files, which hold the rows too, where the export is made."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _write_sheets(
    con: duckdb.DuckDBPyConnection, book: Workbook, relation: Relation, changes: Changes
) -> int:
    cells = ", ".join(part for column in relation.columns for part in _selected(column, relation))
    result = con.execute(f"select {cells} from ({relation.sql})")  # noqa: S608 - names of our own
    sheet, writers = _begin(book, relation, 1, changes)
    sheets, total, here = 1, 0, 1
    while batch := result.fetchmany(BATCH):
        for row in batch:
            if here == MOST_ROWS:
                sheets, here = sheets + 1, 1
                changes.continued[relation.name] = sheets
                sheet, writers = _begin(book, relation, sheets, changes)
            sheet.append([write(value) for write, value in zip(writers, row, strict=True)])
            here += 1
        total += len(batch)
    return total


def _selected(column: Column, relation: Relation) -> Iterator[str]:
    name = f'"{column.name}"'
    if column.type.startswith("TIMESTAMP"):
        yield f"{name} at time zone 'UTC'"
        local = f"{name} at time zone '{AMSTERDAM}'"
        vague = column.name == "posted_at" and any(one.name == "posted_precision" for one in relation.columns)
        yield f"case when posted_precision in {EXACT} then {local} end" if vague else local
    elif column.type.endswith("[]"):
        yield f"array_to_string({name}, ' ')"
    else:
        yield name


def _begin(
    book: Workbook, relation: Relation, number: int, changes: Changes
) -> tuple[WriteOnlyWorksheet, list[Write]]:
    """Return a new sheet with its header, and what turns each value of a row into a cell."""
    sheet = book.create_sheet(_sheet_name(book, relation.name, number))
    heads, writers = [], []
    for column in relation.columns:
        write = _writer(sheet, column, f"{relation.name}.{column.name}", changes)
        names = [column.name]
        if column.type.startswith("TIMESTAMP"):
            names = [f"{column.name}_utc", f"{column.name}_amsterdam"]
        for name in names:
            heads.append(_head(sheet, name))
            writers.append(write)
            _widths(sheet, {get_column_letter(len(heads)): _width(name, column)})
    sheet.freeze_panes = "A2"
    _print_wide(sheet)
    sheet.append(heads)
    return sheet, writers


def _width(name: str, column: Column) -> int:
    if name in _TEXT_COLUMNS:
        return 60
    if name in _NAME_COLUMNS:
        return 28
    needed = 21 if column.type.startswith("TIMESTAMP") or name.endswith(("_key", "_id")) else 14
    return max(needed, len(name) + 3)


def _print_wide(sheet: Any) -> None:  # its stubs lack what it has of a worksheet
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _sheet_name(book: Workbook, name: str, number: int) -> str:
    whole = name.replace("_by_", " ") + (f" ({number})" if number > 1 else "")
    short, place = whole[:MOST_NAME], 2
    while short in book.sheetnames:
        short, place = f"{whole[: MOST_NAME - 4]} ~{place}", place + 1
    return short


def _head(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F3A4D")
    return cell


def _writer(sheet: WriteOnlyWorksheet, column: Column, place: str, changes: Changes) -> Write:
    if column.type.startswith(("TIMESTAMP", "DATE")):
        return _styled(sheet, "yyyy-mm-dd" if column.type == "DATE" else "yyyy-mm-dd hh:mm:ss")
    if column.type == "BOOLEAN":
        return _styled(sheet, _BOOLEAN)
    if "share" in column.unit.split(",")[0]:
        return _styled(sheet, "0.0%")
    if column.type != "VARCHAR" and not column.type.endswith("[]"):
        return lambda value: value
    return _text_writer(sheet, place, changes, is_id=column.name.endswith(("_id", "_key")))


def _styled(sheet: WriteOnlyWorksheet, number_format: str) -> Write:
    pattern = WriteOnlyCell(sheet, value=0)
    pattern.number_format = number_format

    def write(value: Any) -> Any:
        if value is None:
            return None
        cell = WriteOnlyCell(sheet, value=value)
        _dress(cell, pattern)
        return cell

    return write


def _dress(cell: Cell, pattern: Cell) -> None:
    """Give a cell the looks of another; naming them anew for each cell takes several times as long."""
    cell._style = pattern._style  # type: ignore[attr-defined]


def _widths(sheet: Any, widths: Mapping[str, int]) -> None:
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width


def _text_writer(sheet: WriteOnlyWorksheet, place: str, changes: Changes, *, is_id: bool) -> Write:
    pattern = WriteOnlyCell(sheet, value="")
    pattern.number_format = "@"
    risky = WriteOnlyCell(sheet, value="")
    risky.number_format, risky.quotePrefix = "@", True  # the apostrophe that keeps it a text when edited

    def write(text: str | None) -> Any:
        if text is None:
            return None
        text = _held(text, place, changes)
        needs_prefix = is_risky(text)
        if not (is_id or needs_prefix):
            return text
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type = "s"
        _dress(cell, risky if needs_prefix else pattern)
        return cell

    return write


def _held(text: str, place: str, changes: Changes) -> str:
    """Return as much of a text as a cell holds."""
    if _FORBIDDEN.search(text):
        changes.cleaned[place] = changes.cleaned.get(place, 0) + 1
        text = _FORBIDDEN.sub("", text)
    if len(text) * 2 > MOST_UNITS and len(encoded := text.encode("utf-16-le")) > MOST_UNITS * 2:
        changes.cut[place] = changes.cut.get(place, 0) + 1
        text = encoded[: (MOST_UNITS - len(CUT)) * 2].decode("utf-16-le", errors="ignore") + CUT
    return text


def _write_about(sheet: Any, lines: Iterable[tuple[str, str]]) -> None:
    _widths(sheet, {"A": 18, "B": 110})
    _print_wide(sheet)
    for number, (name, text) in enumerate(lines, 1):
        sheet.row_dimensions[number].height = 15 * ceil(len(text) / 100)
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
        label = _head(sheet, name)
        label.alignment = Alignment(vertical="top")
        sheet.append([label, cell])


def _write_dictionary(sheet: WriteOnlyWorksheet, relations: Iterable[Relation]) -> None:
    _widths(sheet, {"A": 32, "B": 30, "C": 22, "D": 110})
    sheet.freeze_panes = "A2"
    _print_wide(sheet)
    sheet.append([_head(sheet, name) for name in ("table", "column", "unit", "meaning")])
    for relation in relations:
        for column in relation.columns:
            sheet.append([relation.name, column.name, column.unit, column.description])
