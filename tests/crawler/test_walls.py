"""What counts as a wall: a refusal of us, never what a platform says of one account."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.exits import Exit
from crawler.browser import find_chromium
from crawler.routes import LADDERS
from tests.crawler.study import ground, list_permalinks, make_study, outcomes, records, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

# each crawl tries a route of every platform that has one left
ROUNDS = [
    {platform: ladder[number].name for platform, ladder in LADDERS.items() if number < len(ladder)}
    for number in range(max(map(len, LADDERS.values())))
]
WALLS = {"blocked", "challenged", "rate_limited"}


def named(platform: str, name: str) -> tuple[str, str]:
    return platform, f"@{name}" if platform == "youtube" else name


@pytest.mark.parametrize("routes", ROUNDS, ids=lambda routes: " ".join(routes.values()))
def test_accounts_that_are_not_there_are_no_walls(tmp_path: Path, routes: dict[str, str]) -> None:
    if find_chromium() is None:
        routes = {platform: route for platform, route in routes.items() if route != "browser"}
    there = [named(platform, "veel") for platform in routes]
    missing = [named(platform, f"weg{number}") for platform in routes for number in range(4)]
    site = Site([post for one in there for post in many_posts(5, *one)], tiktok_owner="veel")
    study = make_study(
        tmp_path,
        [*missing, *there],
        since="2026-11-01\nuntil = 2026-11-20",
        more="".join(ground(platform, routes=f'"{route}"') for platform, route in routes.items()),
    )
    list_permalinks(study, site)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = {(one["platform"], one["account"]): one for one in records(study, "outcome")}
    assert {one: told[one]["posts_collected"] for one in there} == dict.fromkeys(there, 5)
    assert not WALLS & {told[one]["outcome"] for one in missing}


def test_pages_of_others_do_not_stop_the_api_for_own_pages(tmp_path: Path) -> None:
    """LinkedIn answers 403 for a page that we do not administer, and tells nothing of it."""
    names = [f"ander{number}" for number in range(4)]
    site = Site(
        [post for name in (*names, "eigen") for post in many_posts(4, "linkedin", name)], own_pages=["eigen"]
    )
    study = make_study(
        tmp_path,
        [("linkedin", name) for name in (*names, "eigen")],
        more=ground("linkedin", routes='"posts_api"'),
    )
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)
    assert [told[name]["outcome"] for name in names] == ["blocked"] * 4
    assert told["eigen"]["posts_collected"] == 4


def test_a_page_that_has_moved_is_no_wall(tmp_path: Path) -> None:
    """LinkedIn sends the address of a company on to that of a school where the organisation is one."""
    names = [f"school{number}" for number in range(4)]
    site = Site(
        [post for name in names for post in many_posts(4, "linkedin", name)],
        [Behaviour(kind="moved", account=name) for name in names],
    )
    accounts = [("linkedin", name) for name in names]
    study = make_study(tmp_path, accounts, more=ground("linkedin", routes='"guest"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert site.requests(route="linkedin.company_page") == 2 * len(names)
    told = outcomes(study)
    assert [told[name]["posts_collected"] for name in names] == [4] * len(names)
    assert all(told[name]["final_url"].endswith(f"/school/{name}/") for name in names)


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine: browser route left out")
def test_a_profile_that_leads_to_itself_in_a_language_is_no_wall(tmp_path: Path) -> None:
    site = Site(many_posts(40, "tiktok", "veel"), [Behaviour(kind="moved", account="veel")])
    more = ground("tiktok", routes='"browser"')
    study, again = (make_study(tmp_path / name, [("tiktok", "veel")], more=more) for name in ("een", "twee"))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    uitzicht("crawl", again, "--replay", study / "archive", env=surroundings(site))
    for told in (outcomes(study)["veel"], outcomes(again)["veel"]):
        assert (told["outcome"], told["posts_collected"]) == ("complete", 40), told["sign"]


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine: browser route left out")
def test_a_profile_that_does_not_come_leaves_no_page_open(tmp_path: Path) -> None:
    names = [f"school{number}" for number in range(3)]
    site = Site(
        [post for name in names for post in many_posts(2, "tiktok", name)],
        [Behaviour(kind="slow", route="tiktok.profile_page", seconds=5)],
    )
    accounts = [("tiktok", name) for name in names]
    study = make_study(tmp_path, accounts, more=ground("tiktok", routes='"browser"'))
    file = study / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("timeout = 10", "timeout = 1"), encoding="utf-8")
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    assert {told["outcome"] for told in outcomes(study).values()} == {"partial"}
    log = next((study / "logs").glob("crawl-*.log")).read_text(encoding="utf-8")
    assert "'playwright/context_count': 3," in log
    assert "'playwright/context_count/max_concurrent': 1," in log


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("UC000000000000000000000", "partial"), ("@weg", "not_found")],
    ids=["feed", "handle"],
)
def test_feeds_that_are_not_there_are_no_walls(tmp_path: Path, name: str, outcome: str) -> None:
    """A 404 of the feed itself tells nothing, as feeds fail in waves; one of the handle does."""
    missing = [f"{name}{number}" for number in range(3)]
    site = Site(many_posts(5, "youtube", "@veel"))
    accounts = [("youtube", name) for name in (*missing, "@veel")]
    study = make_study(tmp_path, accounts, more=ground("youtube", routes='"rss"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)
    assert [told[name]["outcome"] for name in missing] == [outcome] * 3
    assert told["@veel"]["posts_collected"] == 5


def test_a_platform_that_asks_for_a_long_wait_is_left_alone(tmp_path: Path) -> None:
    names = [f"school{number}" for number in range(3)]
    busy = Behaviour(kind="rate_limited", route="linkedin.company_page", seconds=3600)
    site = Site([post for name in names for post in many_posts(3, "linkedin", name)], behaviours=[busy])
    study = make_study(
        tmp_path, [("linkedin", name) for name in names], more=ground("linkedin", routes='"guest"')
    )
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)
    assert site.requests(route="linkedin.company_page") == 1
    assert [told[name]["outcome"] for name in names] == ["rate_limited", "skipped", "skipped"]
    assert told["school1"]["sign"] == "linkedin asked to wait 3600 s; the others were left alone"


def test_a_long_wait_holds_for_later_crawls_until_it_is_over(tmp_path: Path) -> None:
    busy = Behaviour(kind="rate_limited", route="linkedin.company_page", seconds=3600, times=1)
    site = Site(many_posts(3, "linkedin", "school"), behaviours=[busy])
    study = make_study(tmp_path, [("linkedin", "school")], more=ground("linkedin", routes='"guest"'))
    note = study / "state" / "linkedin.wait.json"
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        again = uitzicht("crawl", study, env=env)
        assert again.returncode == Exit.BLOCKED
        assert "linkedin asked to wait until 20" in again.stderr
        assert site.requests(route="linkedin.company_page") == 1
        note.write_text('{"guest": "2020-01-01T00:00:00+00:00"}')
        assert (
            uitzicht("crawl", study, env=env).returncode == Exit.PARTIAL
        )  # the guest page shows the newest only
        note.write_text("spoilt")
        asked = site.requests(route="linkedin.company_page")
        assert uitzicht("crawl", study, env=env).returncode == Exit.PARTIAL
        assert site.requests(route="linkedin.company_page") == asked + 1
    assert outcomes(study)["school"]["posts_collected"] == 3


def test_a_feed_that_asks_for_a_wait_stands_before_all_pages_of_youtube(tmp_path: Path) -> None:
    """A 503 of the feed tells nothing of the channel, unless it says how long to stay away."""
    busy = Behaviour(kind="unavailable", route="youtube.rss", seconds=3600)
    site = Site(many_posts(3, "youtube", "@veel"), behaviours=[busy])
    study = make_study(tmp_path, [("youtube", "@veel")], more=ground("youtube", routes='"rss", "browse"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    assert outcomes(study)["@veel"]["outcome"] == "rate_limited"
    assert site.requests(route="youtube.browse") == 0


def test_a_quota_that_the_platform_says_is_spent_is_asked_for_once(tmp_path: Path) -> None:
    names = [f"@school{number}" for number in range(3)]
    spent = Behaviour(kind="quota_exceeded", host="www.googleapis.com", times=1)
    site = Site([post for name in names for post in many_posts(3, "youtube", name)], behaviours=[spent])
    study = make_study(tmp_path, [("youtube", name) for name in names])
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        assert site.requests(host="www.googleapis.com") == 1
        assert {told["outcome"] for told in outcomes(study).values()} == {"over_budget"}
        assert all("quotaExceeded" in told["sign"] for told in outcomes(study).values())
        uitzicht("crawl", study, env=env)
    assert {told["outcome"] for told in outcomes(study).values()} == {"complete"}
    assert len(outcomes(study)) == len(names)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("server_error", "partial"), ("rate_limited", "rate_limited"), ("forbidden", "blocked")],
)
def test_trouble_with_a_token_is_told_as_what_it_is(tmp_path: Path, kind: str, outcome: str) -> None:
    trouble = Behaviour(kind=kind, route="tiktok.token", seconds=0)
    site = Site(many_posts(3, "tiktok", "veel"), behaviours=[trouble])
    study = make_study(tmp_path, [("tiktok", "veel")], more=ground("tiktok", routes='"research_api"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)["veel"]
    assert told["outcome"] == outcome
    assert ("key and secret" in told["sign"]) == (kind == "forbidden")
