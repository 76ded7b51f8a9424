"""Writes a coding sheet: a workbook with drop-downs, and the codebook on its second tab."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from audit.sheets.answer import Answer, asked_dimensions
from audit.sheets.layout import FROZEN, HEADER_ROWS, Column, sheet_columns
from audit.sheets.words import WORDS, code_words
from classify.codebook import Code, Codebook

MOST_CHARACTERS = 32_000  # a cell holds 32,767
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = PatternFill("solid", fgColor="1F3A4D")
_BAND = PatternFill("solid", fgColor="F3F6F8")
_DISPUTED = PatternFill("solid", fgColor="FFE9B8")
_LINE = Border(bottom=Side(style="thin", color="C9D3DA"))
_TOP = Alignment(vertical="top", wrap_text=True)
_MIDDLE = Alignment(vertical="top", horizontal="center")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One post of a sheet: what stands in it by column key, and the answers filled in or disputed already."""

    cells: Mapping[str, str]
    agreed: Answer | None = None
    disputed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet for one coder of one sample."""

    sample: str
    coder: str
    language: str
    rows: tuple[SheetRow, ...]


def write_workbook(sheet: Sheet, codebook: Codebook, path: Path) -> Path:
    """Write the sheet to a file that spreadsheets open; nothing in it tells what the rules said."""
    words = WORDS[sheet.language]
    settling = any("answers" in row.cells for row in sheet.rows)
    columns = sheet_columns(codebook, sheet.language, with_answers=settling)
    book = Workbook()
    page = book.worksheets[0]
    page.title = words["sheet"]
    _write_header(page, columns)
    for number, row in enumerate(sheet.rows, HEADER_ROWS + 1):
        _write_row(page, number, columns, row, language=sheet.language, codebook=codebook)
    _write_codebook(book.create_sheet(words["codebook"]), codebook, sheet.language)
    _write_about(book.create_sheet(words["about"]), sheet, codebook)
    _offer_choices(page, columns, codebook, sheet, last=HEADER_ROWS + len(sheet.rows))
    _hide_empty(page, columns, sheet.rows)
    book.save(path)
    return path


def put(cell: Cell | MergedCell, text: str, *, alignment: Alignment = _TOP) -> None:
    """Write a text as a text, whatever it begins with, and without what a workbook cannot hold."""
    if text:
        cell.value = _FORBIDDEN.sub("", text)
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = alignment
    if text.startswith(_FORMULA):
        cell.quotePrefix = True  # the apostrophe that keeps it a text when edited


def _write_header(page: Worksheet, columns: tuple[Column, ...]) -> None:
    for place, column in enumerate(columns, 1):
        head = page.cell(1, place)
        key = page.cell(2, place)
        turned = Alignment(text_rotation=90, horizontal="center", vertical="bottom", wrap_text=True)
        put(head, column.words, alignment=turned if column.is_code else Alignment(vertical="bottom"))
        head.font, head.fill = Font(name="Calibri", bold=True, color="FFFFFF"), _HEAD
        put(key, column.key, alignment=Alignment(shrink_to_fit=True))
        key.font = Font(name="Calibri", size=7, color="808080")
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.row_dimensions[1].height = 190
    page.freeze_panes = f"{get_column_letter(FROZEN + 1)}{HEADER_ROWS + 1}"
    page.sheet_view.zoomScale = 90
    _print_wide(page)


def _print_wide(page: Worksheet) -> None:
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 8
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _write_row(
    page: Worksheet,
    number: int,
    columns: tuple[Column, ...],
    row: SheetRow,
    *,
    language: str,
    codebook: Codebook,
) -> None:
    lines = 1
    for place, column in enumerate(columns, 1):
        cell = page.cell(number, place)
        text = _cut(row.cells.get(column.key, ""), language) or _filled_in(
            row, column.key, language, codebook
        )
        put(cell, text, alignment=_MIDDLE if column.is_code else _TOP)
        cell.border = _LINE
        if column.key in row.disputed:
            cell.fill = _DISPUTED
        elif column.is_code and place % 2:
            cell.fill = _BAND
        if column.key == "url" and text.startswith("https://"):
            cell.hyperlink = text
        lines = max(lines, _lines(text, column.width))
    page.row_dimensions[number].height = min(400, max(32, 14 * lines))


def _lines(text: str, width: float) -> int:
    """Return about how many lines a text takes in a column, as spreadsheets do not all find out themselves."""
    return sum(ceil((len(line) + 1) / width) for line in text.split("\n"))


def _filled_in(row: SheetRow, key: str, language: str, codebook: Codebook) -> str:
    if row.agreed is None or key in row.disputed:
        return ""
    if key == "primary":
        codes = {code.name: code for code in codebook.dimension("theme").codes}
        return code_words(codes[row.agreed.primary], language) if row.agreed.primary else ""
    dimension, _, code = key.partition(".")
    return WORDS[language]["yes"] if code in row.agreed.codes.get(dimension, ()) else ""


def _cut(text: str, language: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + WORDS[language]["cut"]


def _offer_choices(
    page: Worksheet, columns: tuple[Column, ...], codebook: Codebook, sheet: Sheet, *, last: int
) -> None:
    words = WORDS[sheet.language]
    themes = len(codebook.dimension("theme").codes)
    named = f"'{words['codebook']}'!$C$2:$C${themes + 1}"
    yes = _choice(f'"{words["yes"]}"', words["pick"])
    primary = _choice(named, words["pick_primary"])
    for place, column in enumerate(columns, 1):
        cells = f"{get_column_letter(place)}{HEADER_ROWS + 1}:{get_column_letter(place)}{last}"
        if column.is_code:
            yes.add(cells)
        elif column.key == "primary":
            primary.add(cells)
    page.add_data_validation(yes)
    page.add_data_validation(primary)


def _choice(formula: str, message: str) -> DataValidation:
    return DataValidation(
        type="list",
        formula1=formula,
        allow_blank=True,
        showErrorMessage=True,
        error=message,
        errorTitle="Uitzicht",
    )


def _hide_empty(page: Worksheet, columns: tuple[Column, ...], rows: Iterable[SheetRow]) -> None:
    shown = {key for row in rows for key, text in row.cells.items() if text}
    for place, column in enumerate(columns, 1):
        if column.key in ("title", "alt_text", "transcript") and column.key not in shown:
            page.column_dimensions[get_column_letter(place)].hidden = True


def _write_codebook(page: Worksheet, codebook: Codebook, language: str) -> None:
    """Write the codes, themes first: the drop-down of the primary theme refers to their names in column C."""
    widths = {"dimension": 16, "code": 20, "name": 26, "definition": 60}
    widths |= {"include": 50, "exclude": 50, "examples": 60, "counterexamples": 60}
    for place, (key, width) in enumerate(widths.items(), 1):
        cell = page.cell(1, place)
        put(cell, WORDS[language][key])
        cell.font, cell.fill = Font(name="Calibri", bold=True, color="FFFFFF"), _HEAD
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "D2"
    _print_wide(page)
    codes = [code for dimension in asked_dimensions(codebook) for code in dimension.codes]
    for number, code in enumerate(codes, 2):
        texts = _code_texts(code, language)
        for place, text in enumerate(texts, 1):
            put(page.cell(number, place), text)
            page.cell(number, place).border = _LINE
        page.row_dimensions[number].height = 4 + 14 * max(map(_lines, texts, widths.values()))


def _code_texts(code: Code, language: str) -> tuple[str, ...]:
    dimension = code.code.partition(".")[0]
    wording = code.worded(language)
    listed = [
        "\n".join(f"• {line}" for line in lines)
        for lines in (
            wording.include,
            wording.exclude,
            (" / ".join(example.texts.values()) for example in code.examples),
            (" / ".join(example.texts.values()) for example in code.counterexamples),
        )
    ]
    return (WORDS[language][dimension], code.name, code_words(code, language), wording.definition, *listed)


def _write_about(page: Worksheet, sheet: Sheet, codebook: Codebook) -> None:
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 14, 100
    facts = {"sample": sheet.sample, "coder": sheet.coder, "codebook": codebook.version}
    for number, (key, text) in enumerate((facts | {"": WORDS[sheet.language]["how"]}).items(), 1):
        put(page.cell(number, 1), key)
        put(page.cell(number, 2), text)
