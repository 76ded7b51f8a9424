"""However a spreadsheet saved it: encodings, delimiters, line ends; and a spoilt row costs no other."""

from __future__ import annotations

import csv
from functools import partial
from pathlib import Path

import pytest
from reading import FILES, read

from crawler.imports.tables import TextTable

TABLE = (FILES / "studio-table.csv").read_text(encoding="utf-8").replace("dag mee", "dagje café mee")
TITLE = "Werken in de zorg: een dagje café mee met Noor"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_way_of_saving_reads_the_same(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    path = tmp_path / "x.csv"
    lines = TABLE.replace('"', "").replace("Mar 4, 2026", "Mar 4 2026").replace("Oct 28, 2025", "Oct 28 2025")
    lines = lines.replace("Open dag, 12", "Open dag 12").replace(",", delimiter).replace("\r\n", end)
    path.write_bytes(lines.encode(encoding))
    found = read(path, "@x")
    assert found.told == []
    assert [post.title for post in found.posts] == [TITLE, "Open dag 12 november", "Nog niet gepland"]


def test_excels_first_line_that_names_the_delimiter_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("sep=,\n" + TABLE, encoding="utf-8", newline="")
    assert len(read(path, "@x").posts) == 3


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = TABLE.replace('"Open dag, 12 november"', '"Open dag,\nen nog\n\nmeer"').replace(
        "Zz8yYxXwWvV", "kort"
    )
    path.write_text(rows, encoding="utf-8", newline="")
    found = read(path, "@x")
    assert [post.title for post in found.posts] == [TITLE, "Open dag,\nen nog\n\nmeer"]
    assert found.told == ["x.csv line 8: Content is 'kort'; expected the 11 characters of a video's id"]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (",1204,", ",veel,", "x.csv line 3: Views is 'veel'; expected a whole number"),
        ("kQ3vbT0aLmE", "", "x.csv line 3: Content is missing"),
        (
            '"Mar 4, 2026"',
            "ooit",
            "x.csv line 3: Video publish time is 'ooit'; expected a day such as Dec 18, 2022",
        ),
        (",312,1204", ",1204", "x.csv line 3 has 8 cells; expected 9, as in the header"),
        (",312,1204", ",3,1,2,1204", "x.csv line 3 has 11 cells; expected 9, as in the header"),
        (
            "kQ3vbT0aLmE,Werken",
            'kQ3vbT0aLmE,"Werken',
            "x.csv line 3 cannot be taken apart: ',' expected after '\"'",
        ),
        (
            "kQ3vbT0aLmE,Werken",
            'kQ3vbT0aLmE,"Wer"ken',
            "x.csv line 3 cannot be taken apart: ',' expected after '\"'",
        ),
    ],
)
def test_one_bad_row_is_told_and_costs_no_other(tmp_path: Path, was: str, now: str, told: str) -> None:
    path = tmp_path / "x.csv"
    assert was in TABLE
    path.write_text(TABLE.replace(was, now), encoding="utf-8", newline="")
    found = read(path, "@x")
    assert [post.post_id for post in found.posts] == ["-a_Zx09pQrs", "Zz8yYxXwWvV"]
    assert len(found.told) == 1
    assert found.told[0].startswith(told)


def test_a_mark_that_is_never_closed_costs_its_row_only(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    head, rows = TABLE.splitlines()[0], ["kQ3vbT0aLmE", "-a_Zx09pQrs", "Zz8yYxXwWvV", "AAAAAAAAAAA"]
    lines = [f"{one},Les {number},2026-03-04,1,2,3,4,5,6" for number, one in enumerate(rows)]
    lines[1] = lines[1].replace("Les", '"Les')
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    found = read(path, "@x")
    assert [post.title for post in found.posts] == ["Les 0", "Les 2", "Les 3"]
    assert found.told == ["x.csv line 3 cannot be taken apart: unexpected end of data"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_zeeschuimers_lines_read_in_other_encodings_too(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.ndjson"
    whole = (FILES / "zeeschuimer-linkedin.ndjson").read_text(encoding="utf-8")
    path.write_bytes(whole.encode(encoding))
    found = read(path)
    assert (found.told, len(found.posts)) == ([], 2)


def test_a_byte_that_is_no_text_costs_its_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(TABLE.encode().replace(b"Nog niet", b"Nog \xff niet"))
    found = read(path, "@x")
    assert len(found.posts) == 2
    assert found.told == ["x.csv line 5 holds the byte 0xff, which is no text"]


def test_a_file_that_breaks_off_keeps_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(TABLE.encode()[: TABLE.encode().index(b"Oct 28") + 3])
    found = read(path, "@x")
    assert [post.post_id for post in found.posts] == ["kQ3vbT0aLmE"]
    assert len(found.told) == 1
    assert found.told[0].startswith("x.csv line 4 cannot be taken apart: unexpected end of data")


def test_marks_that_are_never_closed_cost_no_time(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(TABLE + 'x,"y\n' * 50_000, encoding="utf-8", newline="")
    table = TextTable(path=path, delimiter=",")
    rows = list(table.rows(table.head()[0]))
    assert len(rows) > 100
    assert sum(not isinstance(row, Exception) for row in rows) == 4


@pytest.mark.parametrize("limit", [131_072, 1 << 30])
def test_a_row_without_end_is_cut(tmp_path: Path, request: pytest.FixtureRequest, limit: int) -> None:
    """Whatever another library has made of csv's limit, which holds for all of the process."""
    request.addfinalizer(partial(csv.field_size_limit, csv.field_size_limit(limit)))
    path = tmp_path / "x.csv"
    path.write_bytes(TABLE.encode() + b"x" * (5 << 20) + b"\n" + TABLE.encode().splitlines(keepends=True)[2])
    found = read(path, "@x")
    assert [post.post_id for post in found.posts][-1] == "kQ3vbT0aLmE"
    assert all("cannot be taken apart" in told or "cells; expected 9" in told for told in found.told)
