"""Spreadsheets: the sheets of an XLS or XLSX file as tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import xlrd

from crawler.errors import ParseError
from crawler.imports.tables import HEAD, Row
from crawler.imports.xlsx import MOST_CELLS, MOST_PACKED, MOST_TEXT, as_text, read_sheets

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """One sheet; a row that is shorter than the header ends in empty cells."""

    path: Path
    sheet: str
    cells: list[tuple[int, list[str]]]

    def head(self) -> list[Row]:
        """Return the first rows, one of which is the header."""
        return [self._row(number, cells) for number, cells in self.cells[:HEAD]]

    def rows(self, header: Row) -> Iterator[Row | ParseError]:
        """Yield the rows behind the header, and in place of one that is wider than it, what is wrong."""
        width, behind = len(header[1]), False
        for number, cells in self.cells:
            where, row = self._row(number, cells)
            if behind and any(row[width:]):
                problem = f"has a value in column {len(row)}; the header has {width}"
                yield ParseError(f"{self.path.name} {where}", problem)
            elif behind:
                yield where, [*row, *[""] * (width - len(row))][:width]
            behind = behind or where == header[0]

    def _row(self, number: int, cells: list[str]) -> Row:
        return f"sheet {self.sheet} row {number}", cells


def read_workbook(path: Path) -> list[SheetTable]:
    """Return the sheets of an XLS or XLSX file as tables. Raises ParseError for what is none or too large."""
    if path.stat().st_size > MOST_PACKED:
        raise ParseError(path.name, f"is larger than {MOST_PACKED} bytes; no spreadsheet of posts is")
    data = path.read_bytes()
    sheets = read_sheets(data, path.name) if data.startswith(ZIP) else _read_xls(data, path.name)
    return [SheetTable(path=path, sheet=name, cells=rows) for name, rows in sheets]


def _read_xls(data: bytes, place: str) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    try:
        with xlrd.open_workbook(file_contents=data, ragged_rows=True, logfile=io.StringIO()) as book:
            return [(sheet.name, _rows(book, sheet, place)) for sheet in book.sheets()]
    except ParseError:
        raise
    except Exception as error:  # xlrd raises whatever a broken byte leads it to
        why = str(error)[:200] or type(error).__name__
        raise ParseError(place, f"is no XLS file that can be read: {why}") from None


def _rows(book: xlrd.Book, sheet: xlrd.sheet.Sheet, place: str) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    counted = letters = 0
    for number in range(sheet.nrows):
        cells = [_text(cell, book.datemode) for cell in sheet.row(number)]
        counted += len(cells)
        letters += sum(map(len, cells))
        if counted > MOST_CELLS or letters > MOST_TEXT:
            raise ParseError(place, f"has more than {MOST_CELLS} cells or {MOST_TEXT} letters")
        if any(cells):
            rows.append((number + 1, cells))
    return rows


def _text(cell: xlrd.sheet.Cell, datemode: Literal[0, 1]) -> str:
    if not isinstance(cell.value, float):
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return str(xlrd.xldate_as_datetime(cell.value, datemode).isoformat(" ", "seconds"))
    return as_text(cell.value)
