"""A Zeeschuimer export becomes captures line by line; what is wrong with a line is said and costs no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ParseError
from crawler.imports.zeeschuimer import read_captures, recognises
from crawler.items import Capture
from crawler.parsers.formats import parse

CAPTURES = Path(__file__).parents[1] / "captures"


def line(case: str, **changes: Any) -> str:
    """Return the line in which Zeeschuimer writes the item of a capture folder; `...` leaves a field out."""
    platform = case.partition("/")[0]
    envelope = {
        "nav_index": "1:4:0",
        "item_id": "1",
        "timestamp_collected": 1795167000245,
        "source_platform": f"{platform}.com",
        "source_platform_url": f"https://www.{platform}.com/rocnoorderhaven/",
        "source_url": f"https://www.{platform}.com/api/?msToken=secret&sessionid=s#x",
        "user_agent": "Mozilla/5.0 (example)",
        "data": json.loads((CAPTURES / case / "body.json").read_bytes()),
        "id": 7,
    }
    kept = {name: value for name, value in (envelope | changes).items() if value is not ...}
    return json.dumps(kept, ensure_ascii=False)


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "export.ndjson"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> tuple[list[Capture], list[ParseError]]:
    found = list(read_captures(path))
    captures = [part for part in found if isinstance(part, Capture)]
    return captures, [part for part in found if isinstance(part, ParseError)]


def test_each_line_is_a_capture_with_its_own_post(tmp_path: Path) -> None:
    path = write(tmp_path, line("instagram/item_xdt"), line("tiktok/item_of_2023"))
    captures, errors = read(path)
    assert errors == []
    assert [(found.platform, found.route, found.format) for found in captures] == [
        ("instagram", "zeeschuimer", "instagram.item"),
        ("tiktok", "zeeschuimer", "tiktok.item"),
    ]
    posts = [post for found in captures for post in parse(found).posts]
    assert [post.post_id for post in posts] == ["Df41JzfgE5w", "7288995635753732226"]
    assert {post.captured_at for post in posts} == {datetime(2026, 11, 20, 9, 30, 0, 245000, tzinfo=UTC)}


def test_the_body_is_the_data_byte_for_byte(tmp_path: Path) -> None:
    sent = '{ "id" :\t"1", "desc": "caf\\u00e9 \\ud83d", "n": 18446744073709551617.50 ,"data": [1] }'
    whole = '{"data":' + sent + ', "source_platform":"tiktok.com","timestamp_collected": 1795167000245,'
    whole += '"source_url":"https://www.tiktok.com/x", "extra": {"data": 5}}'
    captures, errors = read(write(tmp_path, whole))
    assert errors == []
    assert captures[0].body == sent.encode()


def test_addresses_lose_their_query_and_with_it_session_tokens(tmp_path: Path) -> None:
    path = write(tmp_path, line("tiktok/item_of_2023"), line("tiktok/item_of_2023", source_url=...))
    captures, _ = read(path)
    assert [found.url for found in captures] == [
        "https://www.tiktok.com/api/",
        "https://www.tiktok.com/rocnoorderhaven/",
    ]
    assert b"msToken" not in captures[0].body


def test_reading_again_gives_the_same_ids_and_other_lines_other_ids(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        line("tiktok/item_of_2023"),
        line("tiktok/item_of_2023", timestamp_collected=1795167000246),
        line("tiktok/item_without_date"),
    )
    once, twice = read(path)[0], read(path)[0]
    assert once == twice
    assert len({found.capture_id for found in once}) == 3


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{not json", "'{not json'; expected one JSON object as Zeeschuimer writes it"),
        ('["a list"]', "is a list; expected an object"),
        (line("tiktok/item_of_2023", data=...), "data is missing; there are nav_index"),
        (line("tiktok/item_of_2023", data="text"), "data is 'text'; expected an object"),
        (
            line("tiktok/item_of_2023", source_platform="twitter.com"),
            "source_platform is 'twitter.com'; expected one of instagram.com, tiktok.com",
        ),
        (line("tiktok/item_of_2023", timestamp_collected=...), "timestamp_collected is missing"),
        (line("tiktok/item_of_2023", timestamp_collected=1795167000), "between the years 2000 and 2100"),
        (line("tiktok/item_of_2023", timestamp_collected="soon"), "timestamp_collected is 'soon'; expected"),
        (line("tiktok/item_of_2023", timestamp_collected=1.5), "timestamp_collected is 1.5; expected"),
        (
            line("tiktok/item_of_2023", source_url=..., source_platform_url=...),
            "source_platform_url is missing",
        ),
    ],
)
def test_a_bad_line_names_file_line_value_and_expectation(tmp_path: Path, bad: str, told: str) -> None:
    path = write(tmp_path, line("tiktok/item_of_2023"), "", bad, line("instagram/item_xdt"))
    captures, errors = read(path)
    assert [found.platform for found in captures] == ["tiktok", "instagram"]
    (error,) = errors
    assert str(error).startswith("export.ndjson line 3")
    assert told in str(error)


def test_bytes_that_are_no_text_cost_one_line(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    good = line("tiktok/item_of_2023").encode()
    path.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n" + b'{"data": "\xff\xfe"}\n' + good)
    captures, errors = read(path)
    assert (len(captures), len(errors)) == (2, 1)


def test_nesting_without_end_is_an_error_and_no_crash(tmp_path: Path) -> None:
    deep = '{"data":{"a":' + "[" * 100_000 + "]" * 100_000 + "}}"
    captures, errors = read(write(tmp_path, deep, line("instagram/item_xdt")))
    assert (len(captures), len(errors)) == (1, 1)


def test_the_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = write(tmp_path, line("tiktok/item_of_2023"), *["{"] * 3)
    found: Iterator[Capture | ParseError] = read_captures(path)
    assert isinstance(next(found), Capture)
    assert isinstance(next(found), ParseError)


@pytest.mark.parametrize(
    ("view", "visited", "account"),
    [
        ("user_posts", "https://www.instagram.com/rocnoorderhaven/", "rocnoorderhaven"),
        ("user_reels", "https://www.instagram.com/rocnoorderhaven/reels/?hl=nl", "rocnoorderhaven"),
        ("frontpage", "https://www.instagram.com/", ""),
        ("search", "https://www.instagram.com/rocnoorderhaven/", ""),
        ("user_tagged", "https://www.instagram.com/rocnoorderhaven/tagged/", ""),
    ],
)
def test_a_grid_item_without_an_owners_name_takes_it_from_the_profile_on_screen(
    tmp_path: Path, view: str, visited: str, account: str
) -> None:
    data = json.loads((CAPTURES / "instagram/item_polaris_grid/body.json").read_bytes())
    data["_zs_instagram_view"] = view
    changed = line("instagram/item_polaris_grid", data=data, source_platform_url=visited)
    captures, _ = read(write(tmp_path, changed))
    assert captures[0].account == account
    assert parse(captures[0]).posts[0].account == account


def test_its_own_files_are_recognised(tmp_path: Path) -> None:
    assert recognises(write(tmp_path, "", line("tiktok/item_of_2023")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"Video title,Views\n",
        b'{"id": 1}\n',
        b"[]\n",
        b"\xff\xfe\x00",
        b"PK\x03\x04",
        b'{"data": {}}',
    ],
)
def test_other_files_are_not(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert not recognises(path)
