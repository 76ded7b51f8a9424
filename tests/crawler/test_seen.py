"""A visit is one look at an account: each post once, and again only where it shows more."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from crawler.feed import as_record
from crawler.items import Account, Page, Post
from crawler.seen import Seen
from tests.crawler.study import ground, make_study, outcomes, records, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

AT = datetime(2026, 11, 10, tzinfo=UTC)
POST = Post(
    platform="tiktok",
    post_id="1",
    account="veel",
    account_id="7",
    url="",
    media_type="video",
    text="Open dag",
    posted_at=AT,
    posted_precision="second",
    like_count=0,
    route="research_api",
    capture_id="a",
    captured_at=AT,
    parser_version=1,
)
MORE = [
    {"transcript": "Welkom"},
    {"comment_count": 0},
    {"hashtags": ("mbo",)},
    {"is_pinned": True},
    {"title": ""},
    {"coauthors": ("ander",)},
]
NO_MORE = [
    {},
    {"like_count": 9},
    {"text": "Open avond"},
    {"text": None, "posted_at": None, "posted_precision": "unknown"},
    {"route": "display_api", "capture_id": "b"},
]


def page(*posts: Post) -> Page:
    return Page(format="tiktok.research_videos", posts=posts)


@pytest.mark.parametrize("changes", MORE, ids=str)
def test_a_second_sight_that_shows_more_is_kept(changes: dict[str, object]) -> None:
    seen = Seen("veel")
    assert seen.take(page(POST), "a").posts == (POST,)
    again = replace(POST, **changes)
    assert seen.take(page(again), "b").posts == (again,)
    assert seen.take(page(again, POST), "c").posts == ()
    assert len(seen) == 1


@pytest.mark.parametrize("changes", NO_MORE, ids=str)
def test_a_second_sight_that_shows_no_more_is_left_out(changes: dict[str, object]) -> None:
    seen = Seen("veel")
    seen.take(page(POST), "a")
    assert seen.take(page(replace(POST, **changes)), "b").posts == ()
    assert seen.capture_ids == ["a", "b"]


def test_an_exact_date_is_more_than_a_vague_one() -> None:
    seen = Seen("veel")
    vague = replace(POST, posted_precision="month", posted_at=AT - timedelta(days=9))
    seen.take(page(vague), "a")
    assert seen.take(page(POST), "b").posts == (POST,)
    assert (seen.oldest, seen.newest) == (vague.posted_at, AT)


def test_what_an_interrupted_run_wrote_counts_as_seen() -> None:
    first, second = Seen("veel"), Seen("veel")
    account = Account(
        platform="tiktok",
        account="veel",
        account_id="7",
        posts_count=3,
        route="research_api",
        capture_id="a",
        captured_at=AT,
        parser_version=1,
    )
    first.take(replace(page(POST, replace(POST, post_id="2", hashtags=("mbo",))), account=account), "a")
    for item in (account, POST, replace(POST, post_id="2", hashtags=("mbo",))):
        second.take_record(orjson.loads(as_record(item)))
    for seen in (first, second):
        assert seen.post_ids == {"1", "2"}
        assert (seen.account_id, seen.posts_reported, seen.newest) == ("7", 3, AT)
        assert seen.take(page(POST, replace(POST, post_id="2", hashtags=("hbo",))), "b").posts == ()


def test_posts_published_meanwhile_repeat_nothing(tmp_path: Path) -> None:
    """TikTok's cursor counts results: each post published meanwhile shows the last of a page again."""
    site = Site(many_posts(250, "tiktok", "veel"), behaviours=[Behaviour(kind="slow", seconds=0.4)])
    since = "2026-09-20\nuntil = 2026-11-20"
    study = make_study(
        tmp_path, [("tiktok", "veel")], since=since, more=ground("tiktok", routes='"research_api"')
    )
    with running(site):
        crawl = subprocess.Popen(
            [sys.executable, "-m", "audit", "crawl", str(study)],
            env=surroundings(site),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while site.requests(route="tiktok.research_videos") < 1:
            assert crawl.poll() is None
            time.sleep(0.01)
        newest = datetime(2026, 11, 15, 11, tzinfo=UTC)
        site.publish(*many_posts(5, "tiktok", "veel", newest=newest, apart=timedelta(minutes=1)))
        site.behaviours.clear()
        assert crawl.wait(timeout=60) == 0
        done = uitzicht("reparse", study)
    told = records(study, "post")
    assert len(told) == len({post["post_id"] for post in told}) == outcomes(study)["veel"]["posts_collected"]
    assert len(told) >= 250
    assert done.returncode == 0
    assert records(study, "post") == told
