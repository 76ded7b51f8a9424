"""Reads filled coding sheets: answers by post, and each wrong cell with its place, value and expectation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from audit.sheets.answer import Answer, Filled, WrongCell, asked_dimensions, code_named, find_fault
from audit.sheets.layout import HEADER_ROWS
from audit.sheets.words import WORDS, YES
from classify.codebook import Codebook
from classify.errors import SampleError

Cells = Mapping[str, str]


def read_workbook(path: Path, codebook: Codebook, units: Collection[str]) -> Filled:
    """Return what a coder filled in; `units` are those the sheet may speak of. A file that is no sheet raises."""
    book = _open(path)
    about = _about(book, path)
    page = _page(book, path)
    columns = _columns(page, codebook, path)
    filled = Filled(file=path.name, sample=about["sample"], coder=about["coder"])
    seen: set[str] = set()
    for number, row in enumerate(page.iter_rows(min_row=HEADER_ROWS + 1, values_only=True), HEADER_ROWS + 1):
        cells = {key: _text(row[place - 1]) for key, place in columns.items()}
        if any(cells.values()):
            places = {
                key: f"{path.name}, sheet {page.title}, cell {get_column_letter(place)}{number}"
                for key, place in columns.items()
            }
            _read_row(filled, cells, places, codebook=codebook, units=units, seen=seen)
    filled.uncoded += len(set(units) - seen)
    return filled


def read_about(path: Path) -> dict[str, str]:
    """Return whose sheet it is: sample, coder, codebook."""
    return _about(_open(path), path)


def _open(path: Path) -> Workbook:
    try:
        return load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl tells of a spoilt workbook in whatever way it stumbles
        raise SampleError(
            f"{path} cannot be read as a workbook ({error}); expected a filled .xlsx sheet"
        ) from error


def _about(book: Workbook, path: Path) -> dict[str, str]:
    for words in WORDS.values():
        if words["about"] in book.sheetnames:
            rows = book[words["about"]].iter_rows(max_col=2, values_only=True)
            about = {_text(row[0]): _text(row[1]) for row in rows}
            if {"sample", "coder", "codebook"} <= about.keys():
                return about
    raise SampleError(
        f"{path} does not say whose sheet it is; expected the tab Over or About as it was written"
    )


def _page(book: Workbook, path: Path) -> Worksheet:
    for words in WORDS.values():
        if words["sheet"] in book.sheetnames:
            page = book[words["sheet"]]
            assert isinstance(page, Worksheet)  # noqa: S101
            return page
    raise SampleError(
        f"{path} has the tabs {', '.join(book.sheetnames)}; expected Coderen or Coding among them"
    )


def _columns(page: Worksheet, codebook: Codebook, path: Path) -> dict[str, int]:
    found = {_text(cell.value): place for place, cell in enumerate(page[2], 1)}
    codes = [code.code for dimension in asked_dimensions(codebook) for code in dimension.codes]
    needed = ["unit", *codes, "primary", "unsure", "remark"]
    lacking = [key for key in needed if key not in found]
    if lacking:
        raise SampleError(
            f"{path}, sheet {page.title}, row 2 lacks {', '.join(lacking[:5])}; expected the names as written"
        )
    return {key: found[key] for key in needed}


def _read_row(
    filled: Filled,
    cells: Cells,
    places: Cells,
    *,
    codebook: Codebook,
    units: Collection[str],
    seen: set[str],
) -> None:
    unit = cells["unit"]
    if unit not in units or unit in seen:
        expected = (
            "a post that stands in the sheet once" if unit in seen else "a post of this sample, as written"
        )
        filled.wrong.append(WrongCell(place=places["unit"], value=unit, expected=expected))
        filled.answers.pop(unit, None)  # which of the two rows is about the post, nobody knows
        return
    seen.add(unit)
    if not any(text for key, text in cells.items() if key not in ("unit", "remark")):
        filled.uncoded += 1
        return
    wrong = _unreadable(cells, places, codebook)
    if not wrong:
        answer = _answer(cells, codebook)
        fault = find_fault(answer, codebook)
        if fault is None:
            filled.answers[unit] = answer
            return
        wrong = [WrongCell(place=places[fault.column], value=cells[fault.column], expected=fault.expected)]
    filled.wrong += wrong


def _unreadable(cells: Cells, places: Cells, codebook: Codebook) -> list[WrongCell]:
    wrong = [
        WrongCell(place=places[key], value=text, expected="'ja', 'yes' or empty")
        for key, text in cells.items()
        if key not in ("unit", "primary", "remark") and text and text.casefold() not in YES
    ]
    themes = codebook.dimension("theme").codes
    if cells["primary"] and code_named(cells["primary"], themes) is None:
        known = "one of " + ", ".join(code.name for code in themes)
        wrong.append(WrongCell(place=places["primary"], value=cells["primary"], expected=known))
    return wrong


def _answer(cells: Cells, codebook: Codebook) -> Answer:
    primary = code_named(cells["primary"], codebook.dimension("theme").codes)
    return Answer(
        codes={
            dimension.name: frozenset(code.name for code in dimension.codes if cells[code.code])
            for dimension in asked_dimensions(codebook)
        },
        primary=primary.name if primary else "",
        unsure=bool(cells["unsure"]),
        remark=cells["remark"],
    )


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return str(value).strip()
