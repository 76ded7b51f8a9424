"""What a spreadsheet program makes of an export: texts stay texts, limits are kept and said."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.exports.conftest import Exported, about
from warehouse.exports import as_xlsx, escape, export, unescape

UTF8 = "--infilter=CSV:44,34,76,1"  # what its window proposes for a file with a mark
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def cells(path: Path, column: str) -> dict[str, openpyxl.cell.Cell]:
    """Return the cells of a column of the sheet of posts, by what they say."""
    page = openpyxl.load_workbook(path)["posts"]
    place = [cell.value for cell in page[1]].index(column) + 1
    return {str(row[0].value): row[0] for row in page.iter_rows(min_row=2, min_col=place, max_col=place)}


def test_no_cell_is_a_formula_and_what_looks_like_one_stays_a_text_when_edited(full: Exported) -> None:
    book = openpyxl.load_workbook(full.folder / "tables.xlsx")
    kinds = {
        cell.data_type for page in book for row in page.iter_rows() for cell in row if cell.value is not None
    }
    assert kinds <= {"s", "n", "b", "d"}
    texts = cells(full.folder / "tables.xlsx", "text")
    for text in ("=cmd|' /C calc'!A0", "+31 6 12345678", "-korting- op de open dag", "@rocvoorbeeld dankt"):
        assert texts[text].quotePrefix, text
    assert not texts["'s avonds open"].quotePrefix
    ids = cells(full.folder / "tables.xlsx", "post_id")
    assert {ids[one].data_type for one in ("1234567890123456789", "0012", "-dQw4w9WgXc")} == {"s"}
    assert {ids[one].number_format for one in ("1234567890123456789", "0012", "-dQw4w9WgXc")} == {"@"}


def test_in_csv_what_looks_like_a_formula_has_an_apostrophe(full: Exported) -> None:
    with (full.folder / "csv" / "posts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {cell for row in rows for cell in row.values()}
    assert not [cell for cell in found if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝")]
    assert {"'=cmd|' /C calc'!A0", "'-dQw4w9WgXc", "''=1+1", "'s avonds open"} <= found


def test_csv_begins_with_the_mark_and_its_rows_end_as_rfc_4180_says(full: Exported) -> None:
    for path in (*(full.folder / "csv").rglob("*.csv"), full.folder / "dictionary.csv"):
        body = path.read_bytes()
        assert body.startswith(b"\xef\xbb\xbf"), path.name
        assert body.endswith(b"\r\n"), path.name
    body = (full.folder / "csv" / "institutions.csv").read_bytes()
    assert body.count(b"\n") == body.count(b"\r\n") == 7


@pytest.mark.parametrize("text", ["=1", "'=1", "''@x", "'s", "", "'", "gewoon", "\ttab", "-", "‘zo’", "a=b"])
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text
    assert (escape(text) != text) == (text.lstrip("'")[:1] in ("=", "@", "\t", "-"))


def test_what_a_cell_cannot_hold_is_cut_counted_and_said(full: Exported) -> None:
    texts = cells(full.folder / "tables.xlsx", "text")
    longest = max(texts, key=len)
    assert [text for text in texts if len(text.encode("utf-16-le")) // 2 > 32_767] == []
    assert sum(text.endswith(" [...]") for text in texts) == 2
    assert longest.startswith("lang woord")
    said = " ".join(full.notes)
    assert "posts.text: 2 texts are longer than a cell holds (32,767)" in said
    assert "posts.text: " in said
    assert "characters that a workbook cannot hold" in said
    first = openpyxl.load_workbook(full.folder / "tables.xlsx").worksheets[0]
    assert full.notes[0] in [str(row[1].value) for row in first.iter_rows()]
    whole = pd.read_parquet(full.folder / "parquet" / "posts.parquet")["text"].dropna()
    assert max(len(text) for text in whole) == 36_005


def test_a_table_longer_than_a_sheet_goes_on_over_the_next(
    full: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 101)
    done = export(
        full.study.warehouse, tmp_path / "x", about=about(full.study), shapes=["xlsx"], questions=()
    )
    book = openpyxl.load_workbook(tmp_path / "x" / "tables.xlsx", read_only=True)
    names = [name for name in book.sheetnames if name.startswith("posts")]
    assert names == ["posts", "posts (2)", "posts (3)"]
    rows = [list(book[name].iter_rows(values_only=True)) for name in names]
    assert [len(sheet) for sheet in rows] == [101, 101, done.rows["posts"] - 200 + 1]
    assert rows[0][0] == rows[1][0] == rows[2][0]
    assert len({row[0] for sheet in rows for row in sheet[1:]}) == done.rows["posts"]
    assert "posts has more rows than a sheet holds (1,048,576) and goes on over 3 sheets." in done.notes


def test_shares_read_as_percentages_and_their_bounds_too(full: Exported) -> None:
    page = openpyxl.load_workbook(full.folder / "tables.xlsx")["share_of_posts"]
    names = [cell.value for cell in page[1]]
    formats = {name: cell.number_format for name, cell in zip(names, page[2], strict=True)}
    assert [formats[name] for name in ("share", "low", "high")] == ["0.0%"] * 3
    assert formats["n_posts"] == "General"


def test_nothing_is_left_in_the_temporary_folder(
    full: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "tmp"
    kept.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(kept))
    seen: list[list[str]] = []
    wrote = as_xlsx._write_sheets

    def watch(*words: object) -> int:
        rows = wrote(*words)  # type: ignore[arg-type]
        seen.append([path.name for path in kept.iterdir()])
        return rows

    monkeypatch.setattr(as_xlsx, "_write_sheets", watch)
    export(full.study.warehouse, tmp_path / "x", about=about(full.study), shapes=["xlsx"], questions=())
    assert seen
    assert not any(seen)
    assert sorted(path.name for path in (tmp_path / "x").iterdir())[-1] == "tables.xlsx"


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here to open the files with")
def test_libreoffice_shows_the_letters_and_runs_nothing(full: Exported, tmp_path: Path) -> None:
    for name in ("accounts", "institutions"):
        shutil.copy(full.folder / "csv" / f"{name}.csv", tmp_path / f"{name}.csv")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = [
        str(OFFICE),
        profile,
        "--headless",
        UTF8,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "seen"),
    ]
    subprocess.run([*words, *map(str, tmp_path.glob("*.csv"))], check=True, capture_output=True, timeout=120)
    page = openpyxl.load_workbook(tmp_path / "seen" / "institutions.xlsx").worksheets[0]
    assert page["A1"].value == "institution"
    assert [row[0].value for row in page.iter_rows(min_row=2)] == [f"Schóól {number}" for number in range(6)]
    page = openpyxl.load_workbook(tmp_path / "seen" / "accounts.xlsx").worksheets[0]
    seen = {str(cell.value) for row in page.iter_rows() for cell in row}
    assert {"'=1+1", "Schóól, of ‘zo’"} <= seen
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
