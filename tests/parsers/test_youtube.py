"""What the capture folders do not show of the YouTube parsers: numbers, Shorts, broken XML and deep nesting."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from cases import CAPTURES, read_capture

from crawler.errors import MissingField, ParseError
from crawler.items import Capture, Page
from crawler.parsers.formats import parse
from crawler.parsers.youtube.video import read_subscribers, read_videos, read_views


def capture_of(case: str) -> Capture:
    return read_capture(CAPTURES / "youtube" / case)


def parse_changed(case: str, old: str, new: str) -> Page:
    capture = capture_of(case)
    text = capture.body.decode()
    assert old in text
    return parse(replace(capture, body=text.replace(old, new).encode()))


@pytest.mark.parametrize(
    ("text", "views"),
    [
        ("28 views", 28),
        ("1 view", 1),
        ("1,545,374 views", 1_545_374),
        ("1.545.374 weergaven", 1_545_374),
        ("1 204 vues", 1204),
        ("12'345 Aufrufe", 12_345),
        ("No views", 0),
        ("Geen weergaven", 0),
        ("12K views", None),
        ("1.2M views", None),
        ("1.2 views", None),
        ("12 dzd. weergaven", None),
        ("56 waiting", None),
        ("14 watching", None),
        ("13 days ago", None),
        ("views", None),
        ("", None),
    ],
)
def test_only_exact_views_are_read(text: str, views: int | None) -> None:
    assert read_views(text) == views


def test_the_witness_of_completeness_is_exact_or_none() -> None:
    assert read_videos("258 videos") == 258
    assert read_videos("1,204 videos") == 1204
    assert read_videos("1.2K videos") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("8.84K subscribers", 8840),
        ("25m subscribers", 25_000_000),
        ("1.05M subscribers", 1_050_000),
        ("884 abonnees", 884),
        ("1 subscriber", 1),
        ("many subscribers", None),
    ],
)
def test_subscribers_are_as_rounded_as_youtube_gives_them(text: str, count: int | None) -> None:
    assert read_subscribers(text) == count


@pytest.mark.parametrize(
    ("title", "duration", "media_type"),
    [
        ("Een dag mee #shorts", "PT59S", "short"),
        ("Een dag mee #Shorts!", "PT3M", "short"),
        ("Een dag mee #short", "PT1M1S", "short"),
        ("Een dag mee #shorts", "PT3M1S", "video"),
        ("Een dag mee #shorts", "P1DT1S", "video"),
        ("Een dag mee #shorts", "soon", "video"),
        ("Een dag mee #shortstory", "PT59S", "video"),
        ("Een dag mee in shorts", "PT59S", "video"),
    ],
)
def test_a_short_in_the_api_says_so_and_is_short(title: str, duration: str, media_type: str) -> None:
    capture = capture_of("videos")
    answer = json.loads(capture.body)
    answer["items"] = answer["items"][1:2]
    answer["items"][0]["snippet"]["title"] = title
    answer["items"][0]["contentDetails"]["duration"] = duration
    (post,) = parse(replace(capture, body=json.dumps(answer).encode())).posts
    assert post.media_type == media_type


def test_an_account_named_in_the_study_keeps_its_name_and_others_get_their_own() -> None:
    capture = capture_of("browse_videos_lockup")
    assert {post.account for post in parse(capture).posts} == {"@rocvlietlanden"}
    assert {post.account for post in parse(replace(capture, account="@RocV")).posts} == {"@RocV"}
    unnamed = parse(replace(capture, account=""))
    assert unnamed.account is not None
    assert {post.account for post in unnamed.posts} == {unnamed.account.account} == {"@rocvlietlanden"}


def test_a_tab_that_should_hold_videos_and_has_no_grid_is_an_error() -> None:
    with pytest.raises(MissingField, match="richGridRenderer"):
        parse_changed("browse_videos_lockup", '"richGridRenderer"', '"hologramGridRenderer"')


def test_relative_dates_count_from_the_capture() -> None:
    capture = capture_of("browse_videos_lockup")
    first = parse(capture).posts[0]
    later = parse(replace(capture, captured_at=capture.captured_at.replace(year=2027))).posts[0]
    assert first.posted_at is not None
    assert later.posted_at == first.posted_at.replace(year=2027)


@pytest.mark.parametrize(
    "declared", ['<!DOCTYPE feed [<!ENTITY a "b">]>', "<!DOCTYPE feed SYSTEM 'file:///etc/hosts'>"]
)
def test_a_feed_that_declares_entities_is_refused_at_once(declared: str) -> None:
    with pytest.raises(ParseError, match="document type"):
        parse_changed("rss_channel", "<feed ", f"{declared}<feed ")


def test_a_thousandfold_entity_costs_nothing() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    started = time.process_time()
    with pytest.raises(ParseError):
        parse_changed("rss_channel", "<feed ", f'<!DOCTYPE feed [<!ENTITY l0 "lol">{laughs}]><feed ')
    assert time.process_time() - started < 0.5


def test_entries_that_broken_xml_swallows_are_told() -> None:
    page = parse_changed("rss_channel", "  <yt:videoId>vl4nd3n0002</yt:videoId>\n", "<<<")
    assert page.errors
    page = parse_changed("rss_channel", "</feed>", "</feed>\n<entry></entry>")
    assert "holds 4 entries, of which 3 could be found" in str(page.errors)


def nested(levels: int) -> bytes:
    return b'{"onResponseReceivedActions":' + b"[" * levels + b"]" * levels + b"}"


def test_nesting_without_end_is_a_typed_error_at_once() -> None:
    started = time.process_time()
    with pytest.raises(ParseError, match="not JSON"):
        parse(replace(capture_of("browse_continuation"), body=nested(2_000_000)))
    assert time.process_time() - started < 1


@pytest.mark.parametrize("levels", [10, 500, 1000])
def test_deep_nesting_in_any_place_is_read_past_or_told(levels: int) -> None:
    capture = capture_of("videos")
    deep: Any = "@deep@"
    answer = json.loads(capture.body)
    for place in ("id", "snippet", "statistics", "contentDetails"):
        item = answer["items"][0] | {place: deep}
        body = json.dumps({"kind": answer["kind"], "items": [item, answer["items"][1]]})
        spoilt = body.replace('"@deep@"', "[" * levels + "]" * levels).encode()
        page = parse(replace(capture, body=spoilt))
        assert len(page.posts) == 1
        assert len(page.errors) == 1
        assert len(str(page.errors[0])) < 500


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\xff\xfe{}", "of no known format"),
        (b'{"kind": ', "not JSON"),
        (b'{"kind": "youtube#hologramListResponse"}', "of no known format"),
        (b"<feed xmlns:yt='http://www.youtube.com/xml/schemas/2015'>\xff</feed>", "not UTF-8 text at byte"),
    ],
)
def test_what_cannot_be_read_at_all_says_why(body: bytes, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        parse(replace(capture_of("videos"), body=body))


def test_a_format_may_be_named_and_must_be_known() -> None:
    capture = capture_of("videos")
    assert parse(replace(capture, format="youtube.videos")).posts == parse(capture).posts
    with pytest.raises(ParseError, match=r"expected one of .*youtube\.rss"):
        parse(replace(capture, format="youtube.hologram"))
