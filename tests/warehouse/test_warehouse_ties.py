"""What a load does where two things are alike: captures of one moment, versions and visits with the same words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.making import NOW, Record, feed, iso, post, write_feed
from warehouse import check, load_feeds, open_warehouse


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()


def load(con: duckdb.DuckDBPyConnection, folder: Path, *feeds: list[Record]) -> None:
    assert load_feeds(con, [write_feed(folder, records) for records in feeds]).refused == ()
    assert [finding.sentence for finding in check(con) if finding.violations] == []


def shown(number: int, days: int, **facts: Any) -> list[Record]:
    """Return a crawl that shows one post."""
    seen = NOW + timedelta(days=days)
    record = post("1", "a", captured_at=iso(seen), capture_id=f"capture-{number}", **facts)
    return feed("a", [record], crawl_id=f"crawl-{number}", started_at=seen)


@pytest.mark.parametrize("together", [True, False])
def test_of_captures_of_one_moment_the_same_one_counts_in_whatever_order_they_come(
    tmp_path: Path, together: bool
) -> None:
    crawls = [
        shown(number, 0, like_count=number, view_count=None if number == 3 else 9) for number in range(1, 7)
    ]
    found: list[tuple[Any, ...]] = []
    for order in (crawls, crawls[::-1]):
        with open_warehouse(tmp_path / f"{len(found)}.duckdb") as con:
            for batch in [order] if together else [[crawl] for crawl in order]:
                load(con, tmp_path / str(len(found)), *batch)
            found += rows(con, "select like_count, view_count from fact_post_latest")
            assert (
                rows(con, "select arg_max(like_count, capture_key), 9 from fact_post_snapshot") == found[-1:]
            )
    assert found[0] == found[1]


def test_of_feeds_of_one_moment_the_first_by_name_is_believed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Several are read at a time, so which is read first is chance."""
    feeds = []
    for account in "abcdef":
        record = post("1", "a", url=f"https://example.org/{account}", media_type="image", text=account)
        filler = [post(f"{account}-{number}", account) for number in range(900 if account < "c" else 9)]
        feeds.append(feed(account, [*filler, record | {"capture_id": f"capture-{account}"}]))
    load(con, tmp_path, *feeds[::-1])
    assert rows(con, "select url, text from posts where post_id = '1'") == [("https://example.org/a", "f")]


def test_words_that_were_not_shown_and_words_taken_away_are_two_versions(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for number, text in enumerate([None, "Open dag", "", "Open avond"]):
        load(con, tmp_path, shown(number, number, text=text))
    assert rows(con, "select version, text, change, is_current from dim_post order by valid_from") == [
        (1, None, "first", False),
        (2, "Open dag", "completed", False),
        (3, "", "edited", False),
        (4, "Open avond", "edited", True),
    ]


def test_a_post_that_another_visit_showed_stays_when_a_reading_anew_lacks_it(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, shown(1, 0, text="Open dag"))
    load(con, tmp_path, shown(2, 7, text="Open dag"))
    load(con, tmp_path, feed("a", [], crawl_id="crawl-1", started_at=NOW))
    assert rows(con, "select version, text, is_current from dim_post") == [(1, "Open dag", True)]
    load(con, tmp_path, feed("a", [], crawl_id="crawl-2", started_at=NOW + timedelta(days=7)))
    assert rows(con, "select * from dim_post") == []


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        (
            [post("1", "a", parser_version=2**31)],
            "line 2: parser_version is '2147483648'; expected a whole number",
        ),
        (
            [post("1", "a")],
            "line 3: status is '2147483648'; expected a whole number below 2147483648 or null",
        ),
    ],
)
def test_a_number_that_is_too_great_is_named(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, records: list[Record], sentence: str
) -> None:
    status = 2**31 if "status" in sentence else 200
    report = load_feeds(con, [write_feed(tmp_path, feed("a", records, status=status))])
    assert sentence in report.refused[0]
