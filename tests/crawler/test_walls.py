"""What counts as a wall: a refusal of us, never what a platform says of one account."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.browser import find_chromium
from crawler.routes import LADDERS
from tests.crawler.study import ground, list_permalinks, make_study, outcomes, surroundings, uitzicht
from tests.mocksite import Site, many_posts, running

ROUTES = [(platform, route.name) for platform, ladder in LADDERS.items() for route in ladder]
WALLS = {"blocked", "challenged", "rate_limited"}


def named(platform: str, name: str) -> str:
    return f"@{name}" if platform == "youtube" else name


@pytest.mark.parametrize(("platform", "route"), ROUTES, ids=[route for _, route in ROUTES])
def test_accounts_that_are_not_there_are_no_walls(tmp_path: Path, platform: str, route: str) -> None:
    if route == "browser" and find_chromium() is None:
        pytest.skip("no Chromium on this machine: browser route left out")
    missing = [named(platform, f"weg{number}") for number in range(4)]
    there = named(platform, "veel")
    site = Site(many_posts(5, platform, there), tiktok_owner="veel")
    study = make_study(
        tmp_path,
        [(platform, name) for name in (*missing, there)],
        since="2026-11-01\nuntil = 2026-11-20",
        more=ground(platform, routes=f'"{route}"'),
    )
    list_permalinks(study, site)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)
    assert told[there]["posts_collected"] == 5, told[there]["sign"]
    assert not WALLS & {told[name]["outcome"] for name in missing}


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
