"""Requests that a plan counts, held against what the mock site was really asked, route by route."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Platform
from crawler.plan.past import Past
from crawler.plan.scenarios import Frame, find_scenarios
from crawler.plan.walks import WALKS, Scenario, count_requests
from crawler.routes import ROUTES
from crawler.study import CrawlStudy
from tests.crawler.study import ground, make_study, surroundings, uitzicht
from tests.mocksite import Site, many_posts, running
from tests.mocksite.site import SiteAccount

OFFICIAL = (
    ("youtube", "data_api"),
    ("instagram", "business_discovery"),
    ("tiktok", "research_api"),
    ("linkedin", "posts_api"),
)
PUBLIC = (("youtube", "browse"), ("instagram", "profile"), ("linkedin", "guest"))


@pytest.mark.parametrize(("routes", "many"), [(OFFICIAL, 108), (PUBLIC, 60)], ids=["official", "public"])
def test_a_first_visit_asks_as_often_as_counted(
    tmp_path: Path, routes: tuple[tuple[Platform, str], ...], many: int
) -> None:
    sizes = {"geen": 0, "tien": 10, "veel": many}
    now = datetime.now(UTC)
    apart = timedelta(hours=12, seconds=7)
    since = now - timedelta(days=14)
    site = Site(
        [
            post
            for platform, _ in routes
            for name, count in sizes.items()
            for post in many_posts(count, platform, handle(platform, name), newest=now - apart, apart=apart)
        ],
        clock=now,
        accounts=[
            SiteAccount(platform=platform, handle=handle(platform, "geen"), name="Geen")
            for platform, _ in routes
        ],
    )
    listed = [(platform, handle(platform, name)) for platform, _ in routes for name in sizes]
    tables = "".join(ground(platform, routes=f'"{route}"') for platform, route in routes)
    study = make_study(tmp_path / "study", listed, since=since.date().isoformat(), more=tables)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    asked = Counter((one.platform, one.account) for one in site.received())
    frame = Frame.of(CrawlStudy.read(study), now)
    counted: Counter[tuple[str, str]] = Counter()
    for platform, route in routes:
        for name, total in sizes.items():
            posts = site.posts(platform, handle(platform, name))
            in_window = sum(post.posted_at >= frame.since for post in posts)
            scenario = Scenario(posts=in_window, total=total, windows=frame.windows(frame.since))
            told = count_requests([ROUTES[platform, route]], platform, scenario)
            counted[platform, handle(platform, name)] = told.total()
            assert total == 0 or in_window
    tokens = asked.pop(("tiktok", ""), 0)
    assert tokens == (1 if ("tiktok", "research_api") in routes else 0)
    assert asked == counted


def handle(platform: str, name: str) -> str:
    return f"@{name}" if platform == "youtube" else name


def test_a_route_that_falls_short_hands_over_to_the_next() -> None:
    ladder = [ROUTES["youtube", "rss"], ROUTES["youtube", "browse"]]
    scenario = Scenario(posts=30, total=30, windows=1)
    assert count_requests(ladder, "youtube", scenario) == {"rss": 2, "browse": 32}
    nothing_new = Scenario(posts=0, total=30, windows=1, by_handle=False)
    assert count_requests(ladder, "youtube", nothing_new) == {"rss": 1}


@pytest.mark.parametrize(
    ("posts", "total", "is_enough"),
    [(14, 30, True), (15, 30, False), (8, 9, True), (9, 9, False), (0, 0, False)],
)
def test_a_feed_is_enough_where_it_goes_back_beyond_the_window(
    posts: int, total: int, is_enough: bool
) -> None:
    ladder = [ROUTES["youtube", "rss"], ROUTES["youtube", "browse"]]
    told = count_requests(ladder, "youtube", Scenario(posts=posts, total=total, windows=1))
    assert (set(told) == {"rss"}) is is_enough


def test_a_token_of_somebody_else_is_asked_and_left() -> None:
    ladder = [ROUTES["linkedin", "posts_api"], ROUTES["linkedin", "guest"]]
    theirs = Scenario(posts=300, total=900, windows=1, is_own=False)
    assert count_requests(ladder, "linkedin", theirs) == {"posts_api": 2, "guest": 1}
    mine = Scenario(posts=300, total=900, windows=1)
    assert count_requests(ladder, "linkedin", mine) == {"posts_api": 5}


@pytest.mark.parametrize(
    ("fresh", "requests"),
    [(None, 1 + 2 * 7), (0, 1 + 2 + 5), (40, 1 + 4 + 4), (400, 1 + 2 * 7)],
    ids=["first", "nothing new", "some new", "all new"],
)
def test_a_later_visit_to_a_channel_walks_to_what_it_knows_and_refreshes_the_rest(
    fresh: float | None, requests: int
) -> None:
    scenario = Scenario(posts=300, total=900, windows=1, fresh=fresh)
    assert count_requests([ROUTES["youtube", "data_api"]], "youtube", scenario).total() == requests


def test_shorts_are_counted_as_far_as_the_window_goes() -> None:
    """A channel of 900 of which 300 are Shorts: two pages of videos, the first 48 Shorts, and each one's own page."""
    channel = Scenario(posts=30, total=900, windows=1, by_handle=False)
    told = count_requests([ROUTES["youtube", "browse"]], "youtube", channel)
    assert told.total() == 2 + 1 + 60 + 48


def test_captions_are_one_request_more_for_each_video() -> None:
    route = [ROUTES["youtube", "browse"]]
    plain = Scenario(posts=30, total=30, windows=1)
    spoken = Scenario(posts=30, total=30, windows=1, with_words=True)
    more = count_requests(route, "youtube", spoken).total() - count_requests(route, "youtube", plain).total()
    assert more == 30


def test_a_later_visit_asks_the_research_api_for_its_own_windows_only() -> None:
    route = [ROUTES["tiktok", "research_api"]]
    assert count_requests(route, "tiktok", Scenario(posts=900, total=900, windows=13)).total() == 14
    assert (
        count_requests(route, "tiktok", Scenario(posts=2_700, total=2_700, windows=13)).total() == 1 + 13 * 3
    )
    later = Scenario(posts=900, total=900, windows=2, fresh=60)
    assert count_requests(route, "tiktok", later).total() == 3


def test_every_route_of_every_ladder_is_counted() -> None:
    assert set(ROUTES) <= set(WALKS)


def test_posts_known_by_their_addresses_are_one_request_each() -> None:
    assert WALKS["instagram", "permalinks"](Scenario(posts=90, total=900, windows=1, known=12)) == 12


def test_an_account_that_said_zero_is_expected_to_be_as_it_was(tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    study = CrawlStudy.read(make_study(tmp_path, [("tiktok", "geen")], since="2026-09-01"))
    past = Past(
        outcome="empty", route="research_api", ended_at=now - timedelta(days=7), reported=0, captures=1
    )
    found = find_scenarios(past, "tiktok", (), Frame.of(study, now))
    assert found.rests_on == "its own past"
    assert {one.total for one in found.likely} == {0}
