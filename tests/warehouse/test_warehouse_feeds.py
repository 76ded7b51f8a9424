from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

import warehouse.feeds
from crawler.items import Account, Outcome, Post
from tests.warehouse.making import NOW, Record, account_row, feed, iso, make_study, post, profile, write_feed
from warehouse import check, load_feeds, load_register, open_warehouse
from warehouse.db import sql
from warehouse.errors import WarehouseError
from warehouse.feeds import LoadReport
from warehouse.marts import refresh

LATER = NOW + timedelta(days=7)
VERSIONS = """
    select platform, post_id, text, transcript, change, valid_from, valid_to, is_current, posted_at, posted_precision
    from dim_post order by valid_from
"""
TABLES = (
    "dim_post",
    "dim_account",
    "dim_feed",
    "dim_capture",
    "fact_post_snapshot",
    "fact_post_latest",
    "fact_outcome",
    "fact_account_snapshot",
)


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return con.execute(query).fetchall()


def load(con: duckdb.DuckDBPyConnection, folder: Path, *feeds: list[Record]) -> LoadReport:
    report = load_feeds(con, [write_feed(folder, records) for records in feeds])
    assert report.refused == ()
    assert [finding.sentence for finding in check(con) if finding.violations] == []
    return report


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    order = {"dim_feed": "* exclude (loaded_at, file)"}
    queries = {table: f"select {order.get(table, '*')} from {table} order by all" for table in TABLES}  # noqa: S608
    return {table: rows(con, query) for table, query in queries.items()}


def again(
    account: str, *records: Record, crawl: str = "crawl-2", moment: Any = LATER, **facts: Any
) -> list[Record]:
    """Return a later crawl that shows these records."""
    seen = {"captured_at": iso(moment), "capture_id": f"capture-{account}-{crawl}"}
    return feed(account, [record | seen for record in records], crawl_id=crawl, started_at=moment, **facts)


def test_loading_twice_changes_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    register, paths = make_study(tmp_path, institutions=4)
    load_register(con, register, at=NOW)
    first = load_feeds(con, paths)
    before = contents(con)
    second = load_feeds(con, paths)
    load_register(con, register)
    assert (first.loaded, first.skipped) == (len(paths), 0)
    assert second == LoadReport(skipped=len(paths))
    assert contents(con) == before


def test_the_order_and_batching_of_feeds_do_not_matter(tmp_path: Path) -> None:
    """Three crawls of one account: with an edit, with less detail, with a better date."""
    crawls = [
        feed("a", [post("1", "a", text="Eerst", posted_precision="day", posted_source="relative")]),
        again("a", post("1", "a", text="Toen", like_count=None)),
        again(
            "a",
            post("1", "a", text=None, transcript="Hoi", like_count=30),
            crawl="crawl-3",
            moment=LATER + timedelta(days=7),
        ),
    ]
    found = []
    for number, order in enumerate(((0, 1, 2), (2, 1, 0), (1, 0, 2), None)):
        folder = tmp_path / str(number)
        paths = [write_feed(tmp_path, crawl) for crawl in crawls]
        with open_warehouse(folder / "w.duckdb") as con:
            for batch in [paths] if order is None else [[paths[place]] for place in order]:
                load_feeds(con, batch)
            found.append((rows(con, VERSIONS), rows(con, "from fact_post_latest")))
            assert [one.sentence for one in check(con) if one.violations] == []
    assert found[1:] == [found[0]] * 3
    versions, latest = found[0]
    assert [version[2:5] for version in versions] == [
        ("Eerst", None, "first"),
        ("Toen", None, "edited"),
        ("Toen", "Hoi", "completed"),
    ]
    assert {version[9] for version in versions} == {"second"}
    assert latest[0][3] == 30


def test_however_many_feeds_are_refused_one_by_one_the_others_are_loaded(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_or_name_the_first(con: object, feeds: list[Any], forgotten: object) -> LoadReport:
        first = feeds[0].path
        if "bad" in first:
            raise duckdb.IOException(f'Could not read file "{first}"')
        return LoadReport(loaded=len(feeds))

    monkeypatch.setattr(warehouse.feeds, "_load_at_once", load_or_name_the_first)
    paths = [tmp_path / f"{'bad' if number < 900 else 'good'}-{number}" for number in range(910)]
    for path in paths:
        path.write_text(path.name)
    report = load_feeds(con, paths)
    assert (report.loaded, len(report.refused)) == (10, 900)


def test_an_edit_is_one_in_whatever_order_feeds_come_and_whatever_is_learnt_later(tmp_path: Path) -> None:
    crawls = [
        feed("a", [post("1", "a", text="Eerst")], crawl_id="crawl-1"),
        again("a", post("1", "a", text="Toen")),
        again(
            "a",
            post("1", "a", text="Toen", transcript="Hoi"),
            crawl="crawl-3",
            moment=LATER + timedelta(days=7),
        ),
    ]
    paths = [write_feed(tmp_path, crawl) for crawl in crawls]
    for number, order in enumerate(((0, 1), (1, 0), (0, 1, 2), (2, 1, 0))):
        with open_warehouse(tmp_path / f"w{number}.duckdb") as con:
            for place in order:
                load_feeds(con, [paths[place]])
            refresh(con)
            assert rows(con, "select is_edited from posts") == [(True,)], order
            assert rows(con, "select edited_at from mart_post") == [(LATER,)], order


def test_who_told_a_transcript_is_known_with_its_words_in_whatever_order_they_come(tmp_path: Path) -> None:
    """Of the same words a person's source is kept; a source alone is no new version; other words have their own."""
    said = [("Hoi", "asr"), ("Hoi", "written"), ("Hoi", None), ("Hoi allemaal", "asr"), (None, None)]
    paths = []
    for number, (transcript, source) in enumerate(said):
        shown = post("1", "a", transcript=transcript, transcript_source=source)
        crawl = again("a", shown, crawl=f"crawl-{number}", moment=LATER + timedelta(days=number))
        paths.append(write_feed(tmp_path, crawl))
    told = "select transcript, transcript_source, is_current from dim_post order by valid_from"
    for place, order in enumerate(((3, 1, 0, 4, 2), (1, 4, 2, 3, 0), None)):
        with open_warehouse(tmp_path / f"{place}.duckdb") as con:
            for batch in [paths] if order is None else [[paths[number]] for number in order]:
                load_feeds(con, batch)
            assert rows(con, told) == [("Hoi", "written", False), ("Hoi allemaal", "asr", True)]


def test_one_visit_that_shows_words_twice_keeps_the_source_of_the_last(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    shown = [
        post("1", "a", transcript="Hoi", transcript_source="written"),
        post("1", "a", transcript="Hoi allemaal", transcript_source=None),
        post("1", "a", text="Eerst"),
    ]
    load(con, tmp_path, feed("a", shown))
    assert rows(con, "select transcript, transcript_source from posts") == [("Hoi allemaal", None)]


def test_what_a_route_does_not_show_is_no_new_version(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(con, tmp_path, feed("a", [post("1", "a", text="Tekst", alt_text="Foto")]))
    report = load(
        con,
        tmp_path,
        again("a", post("1", "a", text=None)),
        again("a", post("1", "a", text="Tekst"), crawl="crawl-3"),
    )
    assert report.versions_new == 0
    assert rows(con, "select text, alt_text, version from posts") == [("Tekst", "Foto", 1)]


def test_an_edited_text_is_a_new_version_and_the_old_one_is_kept(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, feed("a", [post("1", "a", text="Open dag op 3 mei")]))
    report = load(con, tmp_path, again("a", post("1", "a", text="Open dag op 4 mei")))
    assert (report.posts_new, report.versions_new, report.snapshots_new) == (0, 1, 1)
    assert rows(
        con, "select version, text, change, valid_from, valid_to, is_current from dim_post order by 1"
    ) == [
        (1, "Open dag op 3 mei", "first", NOW, LATER, False),
        (2, "Open dag op 4 mei", "edited", LATER, None, True),
    ]
    assert rows(con, "select is_edited from posts") == [(True,)]


def test_a_removed_text_is_an_edit_but_an_empty_one_first_shown_is_not(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, feed("a", [post("1", "a", text="Weg ermee"), post("2", "a", text=None)]))
    load(con, tmp_path, again("a", post("1", "a", text=""), post("2", "a", text="")))
    assert rows(con, "select post_id, text, change from dim_post order by 1, version") == [
        ("1", "Weg ermee", "first"),
        ("1", "", "edited"),
        ("2", None, "first"),
    ]


def test_a_post_shown_several_times_in_one_visit_is_one_post(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    listed = post("1", "a", text=None, like_count=None, hashtags=[])
    single = post("1", "a", text="Heel de tekst", hashtags=["opendag"], capture_id="capture-a-2")
    load(con, tmp_path, feed("a", [listed, single, listed]))
    assert rows(con, "select text, hashtags, version from dim_post") == [("Heel de tekst", ["opendag"], 1)]
    assert rows(con, "select count(*) from fact_post_snapshot") == [(2,)]
    assert rows(con, "select like_count from latest_counts") == [(10,)]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (("day", "page"), ("second", "relative"), 1),
        (("second", "id"), ("second", "api"), 1),
        (("second", "api"), ("second", "id"), 0),
        (("second", "export"), ("second", "id"), 0),
        (("month", "api"), ("day", "relative"), 1),
        (("second", "page"), ("second", "api"), 0),
    ],
)
def test_the_most_precise_date_is_kept_and_then_the_better_source(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, first: tuple[str, str], second: tuple[str, str], kept: int
) -> None:
    days = [NOW - timedelta(days=5), NOW - timedelta(days=4)]
    shown = [
        post("1", "a", posted_at=iso(day), posted_precision=precision, posted_source=source)
        for day, (precision, source) in zip(days, (first, second), strict=True)
    ]
    load(con, tmp_path, feed("a", shown[:1]))
    load(con, tmp_path, again("a", shown[1]))
    assert rows(con, "select posted_at, posted_precision, posted_source from posts") == [
        (days[kept], *(first, second)[kept])
    ]


def test_an_unknown_date_stays_unknown_until_one_is_shown(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    undated = post("1", "a", posted_at=None, posted_precision="unknown", posted_source="unknown")
    load(con, tmp_path, feed("a", [undated]))
    assert rows(con, "select posted_at, posted_precision from posts") == [(None, "unknown")]
    load(con, tmp_path, again("a", post("1", "a", posted_precision="month")))
    assert rows(con, "select posted_precision from posts") == [("month",)]


def test_counts_are_kept_as_seen_and_hidden_ones_stay_null(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, feed("a", [post("1", "a", like_count=5), post("2", "a", like_count=None)]))
    load(con, tmp_path, again("a", post("1", "a", like_count=9), post("2", "a", like_count=None)))
    assert rows(con, "select like_count from fact_post_snapshot order by post_key, captured_at") in (
        [(5,), (9,), (None,), (None,)],
        [(None,), (None,), (5,), (9,)],
    )
    assert rows(con, "select post_id, like_count from latest_counts order by 1") == [("1", 9), ("2", None)]


def test_reposts_and_other_authors_are_kept_but_are_not_the_accounts_own(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load_register(con, [account_row("School A", "mbo", "instagram", "a")])
    records = [post("1", "a"), post("2", "a", is_repost=True, repost_of="9"), post("3", "vreemd")]
    load(con, tmp_path, feed("a", records))
    assert rows(con, "select post_id, institution, is_own from posts order by 1") == [
        ("1", "School A", True),
        ("2", "School A", False),
        ("3", None, False),
    ]


def test_an_account_is_known_by_handle_and_by_id(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_register(con, [account_row("School A", "mbo", "youtube", "@SchoolA")])
    records = [
        profile("schoola", "youtube", account_id="UC1"),
        post("1", "SCHOOLA", "youtube", account_id="UC1"),
        post("2", "UC1", "youtube", account_id="UC1"),
        post("3", "@schoola", "youtube", account_id=None),
    ]
    load(con, tmp_path, feed("@SchoolA", records, platform="youtube", account_id="UC1"))
    assert rows(con, "select count(*), count(distinct account_key), any_value(institution) from posts") == [
        (3, 1, "School A")
    ]


def test_posts_seen_before_the_account_was_asked_for_come_along(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, feed("b", [post("1", "Naam van A", account_id="77")]))
    load_register(con, [account_row("School A", "mbo", "instagram", "a")])
    load(con, tmp_path, feed("a", [post("2", "a", account_id="77")], account_id="77", crawl_id="crawl-2"))
    assert rows(con, "select post_id, institution from posts order by 1") == [
        ("1", "School A"),
        ("2", "School A"),
    ]


def test_a_changed_profile_is_a_new_version_of_the_account(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load_register(con, [account_row("School A", "mbo", "instagram", "a")])
    load(con, tmp_path, feed("a", [profile("a", name="Oud", followers_count=10)]))
    load(con, tmp_path, again("a", profile("a", name=None, followers_count=20)))
    load(
        con,
        tmp_path,
        again("a", profile("a", name="Nieuw"), crawl="crawl-3", moment=LATER + timedelta(days=1)),
    )
    assert rows(con, "select version, name, is_current, valid_to from dim_account order by version") == [
        (1, "Oud", False, LATER + timedelta(days=1)),
        (2, "Nieuw", True, None),
    ]
    assert rows(con, "select followers_count from fact_account_snapshot order by captured_at") == [
        (10,),
        (20,),
        (1000,),
    ]
    assert rows(con, "select institution, name from accounts") == [("School A", "Nieuw")]


def test_the_register_can_be_corrected(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_register(
        con,
        [account_row("School A", "mbo", "instagram", "a"), account_row("School B", "hbo", "instagram", "b")],
    )
    load(con, tmp_path, feed("a", [profile("a"), post("1", "a")]))
    load_register(con, [account_row("School A", "hbo", "instagram", "A", scope="programme")])
    assert rows(con, "select account, level, scope from accounts where institution is not null") == [
        ("A", "hbo", "programme")
    ]
    assert rows(con, "select institution from accounts where account = 'b'") == [(None,)]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"level": "wo"}, r"accounts.csv line 2: level is 'wo'; expected one of mbo, hbo\."),
        ({"institution": " "}, r"accounts.csv line 2: institution is empty; expected its name\."),
        ({"platform": "facebook"}, r"line 2: platform is 'facebook'"),
    ],
)
def test_a_wrong_register_is_named(
    con: duckdb.DuckDBPyConnection, facts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(WarehouseError, match=sentence):
        load_register(con, [account_row("School A", "mbo", "instagram", "a") | facts])


def test_one_institution_has_one_level(con: duckdb.DuckDBPyConnection) -> None:
    both = [account_row("School A", level, "instagram", level) for level in ("mbo", "hbo")]
    with pytest.raises(WarehouseError, match="school a is mbo and hbo; expected one level"):
        load_register(con, both)


def test_a_feed_parsed_anew_replaces_what_it_said(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    wrong = [post("1", "a", text="Kapot ?", like_count=3, posted_at=iso(NOW)), post("2", "x")]
    load(con, tmp_path, feed("a", wrong, errors_count=1))
    right = [post("1", "a", text="Heel €", like_count=None, parser_version=2)]
    report = load(con, tmp_path, feed("a", right))
    assert report.posts_new == 0
    assert rows(con, "select post_id, text, posted_at from posts") == [
        ("1", "Heel €", NOW - timedelta(days=10))
    ]
    assert rows(con, "select like_count from latest_counts") == [(None,)]
    assert rows(con, "select posts_collected, errors_count from fact_outcome") == [(1, 0)]
    assert rows(con, "select parser_version from dim_capture where capture_id = 'capture-a-1'") == [(2,)]


def test_a_version_that_reads_as_before_keeps_its_number_when_parsed_anew(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, feed("a", [post("1", "a", text="Een")]), again("a", post("1", "a", text="Twee")))
    load(con, tmp_path, feed("a", [post("1", "a", text="Een", like_count=99)]))
    assert rows(con, "select version, text from dim_post order by 1") == [(1, "Een"), (2, "Twee")]


def test_two_readings_of_a_visit_in_one_load_come_one_after_the_other(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first = write_feed(tmp_path / "a", feed("a", [post("1", "a", text="Een")]))
    second = write_feed(tmp_path / "b", feed("a", [post("1", "a", text="Twee")]))
    assert load_feeds(con, [second, first]).loaded == 2
    assert rows(con, "select text, version from dim_post") == [("Twee", 2)]
    assert load_feeds(con, [first, second]).skipped == 2


def _changed() -> bytes:
    """Return a gzipped feed in which some bytes were overwritten."""
    whole = bytearray(
        gzip.compress(b'{"record": "crawl", "study": "' + os.urandom(3000).hex().encode() + b'"}')
    )
    whole[20:24] = b"\xff" * 4
    return bytes(whole)


BAD: dict[str, tuple[bytes, str]] = {
    "truncated.jsonl.gz": (gzip.compress(os.urandom(9000) + b"x" * 90_000)[:5000], "expected a gzipped feed"),
    "changed.jsonl.gz": (_changed(), "Failed to decode gzip stream"),
    "plain.jsonl.gz": (b'{"record": "crawl"}\n', "Input is not a GZIP stream"),
    "latin.jsonl.gz": (gzip.compress('{"record": "café"}\n'.encode("latin-1")), "invalid UTF-8"),
    "alien.jsonl.gz": (gzip.compress(b'[1, 2]\n{"a": 1}\n'), r"line 1: record is missing"),
    "empty.jsonl.gz": (gzip.compress(b""), "is nothing; expected a record"),
}


def test_bad_feeds_are_named_and_the_others_load(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    _, paths = make_study(tmp_path, institutions=3)
    for name, (content, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
    report = load_feeds(con, [*paths, *(tmp_path / name for name in BAD), tmp_path / "none.jsonl.gz"])
    assert report.loaded == len(paths)
    said = {Path(sentence.split(".gz")[0] + ".gz").name: sentence for sentence in report.refused}
    assert set(said) == {*BAD, "none.jsonl.gz"}
    for name, (_, expected) in BAD.items():
        assert expected.replace("\\", "") in said[name]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"posted_at": "2026-13-45T00:00:00Z"},
            "line 2: posted_at is '2026-13-45T00:00:00Z'; expected a moment with a zone",
        ),
        (
            {"posted_at": "2026-05-01T10:00:00"},
            "line 2: posted_at is '2026-05-01T10:00:00'; expected a moment with a zone",
        ),
        ({"posted_at": "1970-01-01T00:00:00Z"}, "between 2000 and 2100"),
        ({"captured_at": None}, "line 2: captured_at is missing; expected the moment of the capture"),
        ({"like_count": "veel"}, "line 2: like_count is 'veel'; expected a whole number or null"),
        ({"like_count": -1}, "line 2: like_count is '-1'"),
        ({"is_repost": "misschien"}, "line 2: is_repost is 'misschien'; expected true, false or null"),
        ({"platform": "hyves"}, "line 2: platform is 'hyves'"),
        ({"post_id": None}, "line 2: post_id is missing; expected the id of the post"),
        ({"posted_precision": "ongeveer"}, "line 2: posted_precision is 'ongeveer'"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, facts: dict[str, Any], sentence: str
) -> None:
    good = write_feed(tmp_path, feed("b", [post("9", "b")]))
    bad = write_feed(tmp_path, feed("a", [post("1", "a") | facts]))
    report = load_feeds(con, [bad, good])
    assert report.loaded == 1
    assert len(report.refused) == 1
    assert str(bad) in report.refused[0]
    assert sentence in report.refused[0]
    assert rows(con, "select post_id from posts") == [("9",)]


def test_a_feed_without_its_ending_is_refused_and_loads_once_it_is_whole(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    whole = feed("a", [post("1", "a")])
    path = write_feed(tmp_path, whole[:-1])
    assert 'expected a record "outcome"; the visit has not ended' in load_feeds(con, [path]).refused[0]
    write_feed(tmp_path, whole)
    assert load_feeds(con, [path]).loaded == 1


def test_an_unknown_outcome_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    report = load_feeds(con, [write_feed(tmp_path, feed("a", [], outcome="prima"))])
    assert "line 2: outcome is 'prima'; expected one of complete" in report.refused[0]


def test_other_records_and_unknown_fields_are_let_by(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    records = [
        {"record": "note", "of": 1},
        post("1", "a", new_field=3),
        {"record": "error", "capture_id": "c", "place": "p", "problem": "is broken"},
    ]
    report = load(con, tmp_path, feed("a", records))
    assert (report.posts_new, report.parse_errors) == (1, 1)
    assert rows(con, "select place, problem from fact_parse_error") == [("p", "is broken")]


def test_text_survives_as_it_is(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = 'Emoji 👩‍🔧\r\n\'; drop table dim_post; -- "<script>" \\u0000? é\u0301 \u2028 einde'
    load(con, tmp_path, feed("a", [post("1", "a", text=text)]))
    assert rows(con, "select text from posts") == [(text,)]


KILLED = """
import os, pathlib, sys
import warehouse.feeds as feeds
from warehouse.db import open_warehouse, sql
warehouse, folder, step, batch = sys.argv[1:]
feeds.MOST_FEEDS = 3
seen = []
def deadly(name):
    seen.append(name)
    if seen.count(f"load/{step}.sql") == int(batch):
        os.kill(os.getpid(), 9)
    return sql(name)
feeds.sql = deadly
with open_warehouse(warehouse) as con:
    feeds.load_feeds(con, pathlib.Path(folder).glob("crawl-1/*.gz"))
"""
HALF_LOADED = """
    select outcome.account, outcome.posts_collected, count(distinct snapshot.post_key)
    from fact_outcome as outcome left join fact_post_snapshot as snapshot using (feed_key)
    group by all having outcome.posts_collected <> count(distinct snapshot.post_key)
    union all
    select platform, 0, 0 from dim_post where post_key not in (select post_key from fact_post_snapshot)
"""


@pytest.mark.parametrize(
    ("step", "batch"), [("40_accounts", 2), ("60_snapshots", 1), ("70_outcomes", 3), ("90_report", 2)]
)
def test_a_killed_load_leaves_whole_feeds_and_the_next_one_goes_on(
    tmp_path: Path, step: str, batch: int
) -> None:
    _, paths = make_study(tmp_path, institutions=6)
    warehouse = tmp_path / "w.duckdb"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(warehouse), str(tmp_path), step, str(batch)], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with open_warehouse(warehouse) as con:
        assert rows(con, HALF_LOADED) == []
        assert rows(con, "select count(*) from dim_feed") == [(3 * (batch - 1),)]
        assert [one.sentence for one in check(con) if one.violations] == []
        load_feeds(con, paths)
        after = contents(con)
    with open_warehouse(tmp_path / "calm.duckdb") as con:
        load_feeds(con, paths)
        assert contents(con) == after


def test_a_text_seen_earlier_than_known_begins_earlier(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, again("a", post("1", "a", text="Gelijk")))
    load(con, tmp_path, feed("a", [post("1", "a", text="Gelijk")]))
    assert rows(con, "select version, valid_from, is_current from dim_post") == [(1, NOW, True)]


def test_one_capture_in_two_feeds_is_counted_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """As when the same export is imported twice."""
    load(con, tmp_path, feed("a", [post("1", "a")]))
    report = load(con, tmp_path, feed("a", [post("1", "a"), post("2", "a")], crawl_id="crawl-2"))
    assert report.snapshots_new == 1
    assert rows(con, "select post_id, version from dim_post order by 1") == [("1", 1), ("2", 1)]


def test_json_lines_of_the_generator_are_what_a_crawl_writes(tmp_path: Path) -> None:
    """The made feeds have the fields of the crawler's own items, no more and no fewer."""
    lines = gzip.decompress(
        write_feed(tmp_path, feed("a", [profile("a"), post("1", "a")])).read_bytes()
    ).splitlines()
    records = [json.loads(line) for line in lines]
    for record, item in zip(records[1:], (Account, Post, Outcome), strict=True):
        assert set(record) - {"record"} == {field.name for field in fields(item)}


@dataclass(frozen=True)
class Forgotten:
    """An account and a post that were forgotten, in plain words."""

    account: str = "weg"
    post_id: str = "9"

    def has_account(self, platform: str, account: str, account_id: str | None = None) -> bool:
        return (platform, account) == ("instagram", self.account) or account_id == f"id-{self.account}"

    def has_post(self, platform: str, post_id: str | None) -> bool:
        return (platform, post_id) == ("instagram", self.post_id)


@pytest.mark.parametrize(
    ("account", "records", "what"),
    [
        ("weg", [post("1", "weg")], "an account"),
        ("nieuwe_naam", [post("1", "nieuwe_naam", account_id="id-weg")], "an account"),
        ("a", [post("9", "a")], "a post"),
        ("a", [post("1", "a", is_repost=True, repost_of="9")], "a post"),
    ],
)
def test_a_restored_feed_of_what_was_forgotten_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, account: str, records: list[dict[str, Any]], what: str
) -> None:
    kept = write_feed(tmp_path, feed("b", [post("2", "b")]))
    restored = write_feed(tmp_path, feed(account, records))
    report = load_feeds(con, [kept, restored], forgotten=Forgotten())
    assert report.loaded == 1
    (sentence,) = report.refused
    assert sentence.startswith(f"{restored}: tells of {what} that was forgotten on request; expected nothing")
    assert con.execute("select post_id from dim_post").fetchall() == [("2",)]


def test_lines_keep_their_order(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A join would mix them, and DuckDB makes one of a long IN."""
    con.execute("set variable feeds = ?", [[str(write_feed(tmp_path, feed("a", [post("1", "a")])))]])
    reading = duckdb.extract_statements(sql("load/10_lines.sql"))[0].query
    ((_, plan),) = rows(con, f"explain {reading}")
    assert "READ_NDJSON_OBJECTS" in plan.upper()
    assert "JOIN" not in plan.upper()


def test_the_last_line_that_shows_a_text_counts_among_many_feeds(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    feeds = [
        feed(f"a{n}", [post(f"p{n}", f"a{n}", text=f"Tekst {time}") for time in range(9)]) for n in range(40)
    ]
    load(con, tmp_path, *feeds)
    assert rows(con, "select distinct text, version from dim_post") == [("Tekst 8", 1)]


def test_lines_of_long_feeds_keep_their_order_though_several_are_read_at_a_time(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("set threads = 4")
    written = [
        write_feed(tmp_path, feed(f"a{n}", [post(str(i), f"a{n}") for i in range(3000)])) for n in range(9)
    ]
    con.execute("set variable feeds = ?", [list(map(str, written))])
    con.execute("set variable hashes = ?", [["h"] * 9])
    warehouse.feeds._read_lines(con)
    shown = rows(
        con, "select filename, list(post_id order by rowid) from stg_line where record = 'post' group by all"
    )
    assert dict(shown) == {str(path): list(map(str, range(3000))) for path in written}


def test_lines_that_do_not_lie_together_are_read_again_one_by_one(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = []

    def reading(name: str) -> str:
        if name == "load/10_lines.sql":
            readings.extend(
                rows(con, "select current_setting('threads'), current_setting('preserve_insertion_order')")
            )
        return sql(name)

    monkeypatch.setattr(warehouse.feeds, "sql", reading)
    con.execute("set threads = 3")
    load(con, tmp_path, feed("a", [post("1", "a")]), feed("b", [post("2", "b")]))
    assert readings == [(3, False)]
    monkeypatch.setattr(warehouse.feeds, "_SCATTERED", "select 1")
    load(con, tmp_path, feed("c", [post("3", "c", text="Eerst"), post("3", "c", text="Dan")]))
    assert readings[1:] == [(3, False), (1, True)]
    assert rows(con, "select text from dim_post where post_id = '3'") == [("Dan",)]


@pytest.mark.parametrize(("files", "scattered"), [("aab", 0), ("aba", 1), ("aabbab", 2), ("", 0)])
def test_lines_that_lie_apart_are_noticed(con: duckdb.DuckDBPyConnection, files: str, scattered: int) -> None:
    con.execute("create temp table stg_line as select unnest(?::varchar[]) as filename", [list(files)])
    assert rows(con, warehouse.feeds._SCATTERED) == [(scattered,)]


def test_a_load_leaves_settings_as_they_were(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    settings = "select current_setting('threads'), current_setting('preserve_insertion_order')"
    con.execute("set threads = 3")
    (tmp_path / "bad.jsonl.gz").write_bytes(b"no gzip")
    load_feeds(con, [tmp_path / "bad.jsonl.gz", write_feed(tmp_path, feed("a", [post("1", "a")]))])
    assert rows(con, settings) == [(3, True)]


IMPORT = "import-0123456789abcdef"


@pytest.mark.parametrize(
    ("visits", "stands"),
    [
        ([("crawl-1", "complete"), (IMPORT, "partial")], "complete"),
        ([("crawl-1", "empty"), (IMPORT, "partial")], "empty"),
        ([("crawl-1", "blocked"), (IMPORT, "partial")], "partial"),
        ([(IMPORT, "partial"), ("crawl-2", "skipped")], "partial"),
        ([(IMPORT, "partial"), ("crawl-2", "complete")], "complete"),
        ([(IMPORT, "partial"), ("crawl-2", "blocked")], "blocked"),
        ([("crawl-1", "complete"), ("crawl-2", "skipped")], "skipped"),
        ([("crawl-1", "complete"), (IMPORT, "partial"), ("crawl-2", "blocked")], "blocked"),
        ([("crawl-1", "skipped")], "skipped"),
    ],
)
def test_an_import_and_a_crawl_that_asked_nothing_take_no_better_visits_place(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, visits: list[tuple[str, str]], stands: str
) -> None:
    feeds = [
        feed("school", [], crawl_id=crawl, outcome=outcome, started_at=NOW + timedelta(days=day))
        for day, (crawl, outcome) in enumerate(visits)
    ]
    load(con, tmp_path, *feeds)
    assert rows(con, "select account, outcome from latest_outcomes") == [("school", stands)]
