"""Every route, crawled for real on the mock site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.archive import archive_files, read_archives
from crawler.browser import find_chromium
from tests.crawler.study import ground, make_study, outcomes, post_ids, records, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

needs_browser = pytest.mark.skipif(
    find_chromium() is None, reason="no Chromium on this machine: browser route left out"
)

ROUTES = [
    ("youtube", "@veel", "data_api", 70),
    ("youtube", "@veel", "browse", 70),
    ("instagram", "veel", "business_discovery", 70),
    ("instagram", "veel", "profile", 70),
    ("tiktok", "veel", "research_api", 70),
    pytest.param("tiktok", "veel", "browser", 70, marks=[needs_browser, pytest.mark.browser]),
    ("youtube", "@veel", "rss", 15),
    ("linkedin", "veel", "guest", 10),
    ("linkedin", "veel", "posts_api", 70),
    ("tiktok", "veel", "display_api", 70),
]


@pytest.mark.parametrize(("platform", "account", "route", "shown"), ROUTES)
def test_a_route_brings_every_post_it_shows(
    tmp_path: Path, platform: str, account: str, route: str, shown: int
) -> None:
    pinned = 2 if platform in ("instagram", "tiktok") else 0
    site = Site(many_posts(70, platform, account, pinned=pinned), tiktok_owner="veel")
    study = make_study(
        tmp_path, [(platform, account)], since="2026-06-01", more=ground(platform, routes=f'"{route}"')
    )
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    there = {post.post_id for post in site.posts(platform, account)}
    told = outcomes(study)[account]
    whole = shown == 70
    assert done.returncode == (0 if whole else 3), done.stderr
    assert told["outcome"] == ("complete" if whole else "partial"), told["sign"]
    assert len(post_ids(study)) == told["posts_collected"] == shown
    assert route == "posts_api" or post_ids(study) <= there  # LinkedIn numbers posts in two ways
    assert {record["route"] for record in records(study, "post")} == {route}
    assert not records(study, "error")


@pytest.mark.parametrize(("platform", "route", "shown"), [("youtube", "rss", 15), ("linkedin", "guest", 10)])
def test_a_page_that_goes_back_beyond_the_window_shows_it_whole(
    tmp_path: Path, platform: str, route: str, shown: int
) -> None:
    account = "@veel" if platform == "youtube" else "veel"
    site = Site(many_posts(70, platform, account, apart=timedelta(days=3)))
    days_ago = f"{datetime.now(UTC) - timedelta(days=10):%Y-%m-%d}"  # a guest page tells how old a post is
    since = "2026-11-01" if route == "rss" else days_ago
    study = make_study(
        tmp_path, [(platform, account)], since=since, more=ground(platform, routes=f'"{route}"')
    )
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)[account]
    assert (told["outcome"], told["sign"]) == ("complete", "reached the window's start")
    assert (done.returncode, told["posts_collected"]) == (0, shown)


def test_captures_stand_in_the_archive_before_posts_in_the_feed(tmp_path: Path) -> None:
    site = Site(many_posts(60, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    archived = {capture.capture_id for capture in read_archives(archive_files(study / "archive"))}
    assert {record["capture_id"] for record in records(study, "post")} <= archived
    assert set(outcomes(study)["veel"]["capture_ids"]) == archived


def test_without_credentials_or_ground_nothing_is_asked(tmp_path: Path) -> None:
    site = Site(many_posts(5, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    env = {name: value for name, value in surroundings(site).items() if "TOKEN" not in name}
    with running(site):
        done = uitzicht("crawl", study, env=env)
        assert site.requests() == 0
    assert done.returncode == 4
    told = outcomes(study)["veel"]
    assert told["outcome"] == "skipped"
    assert "UITZICHT_INSTAGRAM_TOKEN" in told["sign"]
    assert "legal_ground" in told["sign"]


def test_robots_txt_is_obeyed_without_a_ground(tmp_path: Path) -> None:
    site = Site(many_posts(5, "linkedin", "veel"))
    study = make_study(tmp_path, [("linkedin", "veel")], more='[platforms.linkedin]\nroutes = ["guest"]\n')
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert site.requests(route="linkedin.company_page") == 0
    assert outcomes(study)["veel"]["outcome"] == "skipped"


def test_a_wait_that_the_platform_asks_for_is_kept(tmp_path: Path) -> None:
    site = Site(
        many_posts(60, "instagram", "veel"),
        behaviours=[Behaviour(kind="rate_limited", account="veel", after=1, times=1, seconds=1)],
    )
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    assert done.returncode == 0, done.stderr
    assert outcomes(study)["veel"]["posts_collected"] == 60


@pytest.mark.parametrize("seconds", [1, 3600], ids=["waited out once", "too long"])
def test_nothing_is_retried_before_the_time_that_the_platform_names(tmp_path: Path, seconds: float) -> None:
    busy = Behaviour(kind="unavailable", route="linkedin.company_page", seconds=seconds)
    site = Site(many_posts(3, "linkedin", "veel"), behaviours=[busy])
    study = make_study(tmp_path, [("linkedin", "veel")], more=ground("linkedin", routes='"guest"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    asked = [one.at for one in site.received(route="linkedin.company_page")]
    assert len(asked) == (2 if seconds == 1 else 1)
    assert all(later - sooner >= seconds for sooner, later in pairwise(asked))
    assert outcomes(study)["veel"]["outcome"] == "rate_limited"


def test_the_third_wall_stops_a_platform(tmp_path: Path) -> None:
    names = [f"school{number}" for number in range(6)]
    posts = [post for name in names for post in many_posts(3, "instagram", name)]
    walls = [Behaviour(kind="login_redirect", account=name) for name in names[:4]]
    site = Site(posts, behaviours=walls)
    study = make_study(
        tmp_path, [("instagram", name) for name in names], more=ground("instagram", routes='"profile"')
    )
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    told = [outcomes(study)[name]["outcome"] for name in names]
    assert told[:3] == ["blocked"] * 3
    assert told[3:] == ["skipped"] * 3
    assert done.returncode == 4
    assert site.requests() == 3


def test_a_budget_holds_across_restarts(tmp_path: Path) -> None:
    site = Site(many_posts(120, "instagram", "veel"))
    study = make_study(
        tmp_path, [("instagram", "veel")], more="[platforms.instagram]\nrequests_per_day = 2\n"
    )
    with running(site):
        first = uitzicht("crawl", study, env=surroundings(site))
        again = uitzicht("crawl", study, env=surroundings(site))
        assert site.requests() == 2
    assert outcomes(study)["veel"]["outcome"] == "over_budget"
    assert (first.returncode, again.returncode) == (3, 3)


LIMITED = [
    ("instagram", "business_discovery"),
    pytest.param("tiktok", "browser", marks=[needs_browser, pytest.mark.browser]),
]


@pytest.mark.parametrize(("platform", "route"), LIMITED)
def test_a_visit_ends_at_the_studys_limit_of_pages(tmp_path: Path, platform: str, route: str) -> None:
    site = Site(many_posts(180, platform, "veel"))
    more = f"{ground(platform, routes=f'{route!r}')}pages_per_account = 3\n"
    study = make_study(tmp_path, [(platform, "veel")], more=more)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)["veel"]
    assert told["outcome"] == "partial"
    assert told["sign"] == "the study's limit of 3 pages an account was reached"
    assert len(told["capture_ids"]) == 3


def test_somebody_elses_page_is_asked_for_as_a_guest(tmp_path: Path) -> None:
    names = [f"school{number}" for number in range(5)]
    site = Site([post for name in names for post in many_posts(4, "linkedin", name)], own_pages=names[:1])
    study = make_study(tmp_path, [("linkedin", name) for name in names], more=ground("linkedin"))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)
    assert [told[name]["route"] for name in names] == ["posts_api", *["guest"] * 4]
    assert [told[name]["posts_collected"] for name in names] == [4] * 5


def test_a_ground_is_told_of_the_routes_that_stand_on_it(tmp_path: Path) -> None:
    names = ["eigen", "ander"]
    site = Site([post for name in names for post in many_posts(4, "linkedin", name)], own_pages=names[:1])
    study = make_study(tmp_path, [("linkedin", name) for name in names], more=ground("linkedin"))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    grounds = {name: told["legal_ground"] for name, told in outcomes(study).items()}
    assert grounds == {"eigen": "", "ander": "a test on this machine"}
