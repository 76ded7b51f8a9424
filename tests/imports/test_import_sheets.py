"""Spreadsheets, those that were made to fill the memory included."""

from __future__ import annotations

import subprocess
import sys
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from reading import FILES, read
from spreadsheet import MAIN, packed, parts

from crawler.errors import ParseError
from crawler.imports.readers import find_source
from crawler.imports.xlsx import MOST_CELLS, MOST_UNPACKED

HEADER = ["Post title", "Post link", "Created date", "Content Type"]
LINK = "https://www.linkedin.com/feed/update/urn:li:activity:7429441978368004242"
ROW = ["Open dag", LINK, "02/17/2026", "Image"]
SHEET = "xl/worksheets/sheet1.xml"
MOST_MEMORY = 64 << 20  # bytes that refusing or reading any of these may take, Python and all

GROWING = f"""
import sys
sys.path.insert(0, {str(FILES.parent)!r})
from pathlib import Path
from reading import read
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
before = peak()
try:
    print(len(read(Path(sys.argv[1]), "x").posts), "posts")
except Exception as error:
    print(type(error).__name__, error)
print(peak() - before)
"""


def write(tmp_path: Path, made: Mapping[str, str | bytes]) -> Path:
    path = tmp_path / "x.xlsx"
    path.write_bytes(packed(made))
    return path


def book(**changes: str | bytes) -> dict[str, str | bytes]:
    names = {"sheet": SHEET, "strings": "xl/sharedStrings.xml", "workbook": "xl/workbook.xml"}
    return {**parts({"All posts": [HEADER, ROW]}), **{names[key]: value for key, value in changes.items()}}


def test_rows_are_counted_as_the_sheet_counts_them(tmp_path: Path) -> None:
    bad = ["Stage", "no link", "02/17/2026", "Image"]
    path = write(tmp_path, parts({"Metrics": [["a"]], "All posts": [["about"], HEADER, ROW, bad, ROW]}))
    found = read(path, "x")
    assert len(found.posts) == 2
    assert found.told == [
        "x.xlsx sheet All posts row 4: Post link is 'no link'; expected the address of a post with its number"
    ]


def test_a_row_that_is_wider_than_the_header_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, parts({"All posts": [HEADER, [*ROW, "more"], ROW[:3]]}))
    found = read(path, "x")
    assert [post.media_type for post in found.posts] == ["text"]
    assert found.told == ["x.xlsx sheet All posts row 2 has a value in column 5; the header has 4"]


def test_numbers_and_texts_in_every_spelling_of_the_format(tmp_path: Path) -> None:
    cells = (
        '<c r="A2" t="inlineStr"><is><r><t>Open</t></r><r><t xml:space="preserve"> dag</t></r></is></c>'
        f'<c r="B2" t="str"><f>"x"</f><v>{LINK}</v></c><c r="C2" s="1"><v>46070.5</v></c>'
    )
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER[:3])
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row>{head}</row><row r="2">{cells}</row></sheetData></worksheet>'
    found = read(write(tmp_path, book(sheet=sheet)), "x")
    assert found.told == []
    assert [(post.text, str(post.posted_at)) for post in found.posts] == [
        ("Open dag", "2026-02-17 00:00:00+00:00")
    ]
    assert b'"2026-02-17 12:00:00"' in found.captures[0].body


def test_letters_that_are_written_by_their_number_are_those_letters(tmp_path: Path) -> None:
    texts = ["Open_x000D_\ndag", "een_x005F_x000D_", "_xD800__x0000_", "snake_x_case"]
    path = write(tmp_path, parts({"All posts": [HEADER, *([text, *ROW[1:]] for text in texts)]}))
    assert [post.text for post in read(path, "x").posts] == [
        "Open\ndag",
        "een_x000D_",
        "_xD800__x0000_",
        "snake_x_case",
    ]


def _sparse() -> dict[str, str | bytes]:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return book(sheet=f'<worksheet xmlns="{MAIN}"><sheetData>{far}</sheetData></worksheet>')


def _many_cells() -> dict[str, str | bytes]:
    row = "<row><c/></row>" + '<row><c r="GR1"><v>1</v></c></row>'
    return book(sheet=f'<worksheet xmlns="{MAIN}"><sheetData>{row * 500_000}</sheetData></worksheet>')


def _long_texts() -> dict[str, str | bytes]:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"A" * 1_000_000}</t></si></sst>'
    row = "<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>"
    return book(
        strings=strings, sheet=f'<worksheet xmlns="{MAIN}"><sheetData>{row * 1000}</sheetData></worksheet>'
    )


def _laughs() -> dict[str, str | bytes]:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return book(
        strings=f'<!DOCTYPE sst [<!ENTITY l0 "ha">{entities}]><sst xmlns="{MAIN}"><si><t>&l11;</t></si></sst>'
    )


BOMBS = {
    "a part of 1 GB": (lambda: book(sheet=b" " * 0), f"unpacks to more than {MOST_UNPACKED} bytes"),
    "a cell in the last corner": (_sparse, "it has more than 200 columns"),
    "a hundred million cells": (_many_cells, f"it has more than {MOST_CELLS} cells"),
    "one text a hundred thousand times": (_long_texts, "letters"),
    "a billion laughs": (_laughs, "xl/sharedStrings.xml declares a document type"),
    "ten thousand parts": (lambda: {**book(), **{f"x/{n}": "" for n in range(10_000)}}, "parts at most"),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux only")
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_time_with_memory_bounded(name: str, tmp_path: Path) -> None:
    make, told = BOMBS[name]
    path = write(tmp_path, make())
    if name == "a part of 1 GB":
        _swell(path)
    began = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", GROWING, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    said, grown = run.stdout.splitlines()
    spent = time.perf_counter() - began
    sys.stdout.write(
        f"\n{name}: {path.stat().st_size:,} bytes, {int(grown) / 1024:.0f} MB more, {spent:.1f} s: {said}\n"
    )
    assert told in said
    assert said.startswith("ParseError x.xlsx ")
    assert int(grown) * 1024 < MOST_MEMORY


def _swell(path: Path) -> None:
    """Make the sheet a gigabyte of nothing."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as out:
        for name, content in book().items():
            if name != SHEET:
                out.writestr(name, content)
        with out.open(SHEET, "w") as file:
            file.write(f'<worksheet xmlns="{MAIN}">'.encode())
            for _ in range(64):
                file.write(b" " * (16 << 20))


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, book(sheet=f'<worksheet xmlns="{MAIN}">{" " * (40 << 20)}</worksheet>'))
    size = (len(f'<worksheet xmlns="{MAIN}"></worksheet>') + (40 << 20)).to_bytes(4, "little")
    data = path.read_bytes()
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (5000).to_bytes(4, "little")))
    with pytest.raises(ParseError, match=r"is refused as a spreadsheet|can be read"):
        find_source(path)


@pytest.mark.parametrize("name", ["linkedin-page.xls", "linkedin-page.xlsx"])
def test_a_spreadsheet_cut_in_half_is_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    whole = (FILES / name).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ParseError) as error:
        find_source(path)
    assert str(error.value).startswith(f"{name} ")


def test_a_zip_of_csv_files_as_youtube_studio_sends_it_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, {"Table data.csv": (FILES / "studio-table.csv").read_bytes()})
    with pytest.raises(ParseError, match="is a ZIP file and no spreadsheet; unpack it and import the files"):
        find_source(path)


def test_no_spreadsheet_larger_than_any_export_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200 << 20)
    with pytest.raises(ParseError, match="is larger than 16777216 bytes"):
        find_source(path)


def test_a_stream_that_does_not_unpack_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, book())
    data = path.read_bytes()
    at = data.index(SHEET.encode()) + len(SHEET)
    path.write_bytes(data[:at] + bytes(20) + data[at + 20 :])
    with pytest.raises(ParseError, match="is no XLSX file that can be read"):
        find_source(path)
    assert zlib.crc32(data)
