"""How many requests a visit takes by each route, where an account has so many posts.

These are the spiders' own ways of paging, in numbers; tests hold them against real crawls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from crawler.ending import IN_A_ROW
from crawler.items import Platform
from crawler.routes import ROUTES, Route

PROFILE = ROUTES["instagram", "profile"].posts_per_page
SHORTS = 1 / 3  # of a channel's videos, where nothing tells
SHORTS_PAGE = 48  # how many of them a page holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """An account as it might be: so many posts in the window up to now, so many in all, over so many windows.

    `fresh` posts are younger than what a later crawl goes back to; None on a first one. `is_own` tells whether a
    token that speaks for one account speaks for this one, `with_words` whether its videos' captions are asked for.
    `known` posts can be asked for one by one, by their addresses.
    """

    posts: float
    total: float
    windows: int
    fresh: float | None = None
    by_handle: bool = True
    is_own: bool = True
    with_words: bool = False
    known: int = 0


Walk = Callable[[Scenario], int]


def count_requests(routes: Sequence[Route], platform: Platform, scenario: Scenario) -> Counter[str]:
    """Return the requests by route of a visit that meets no wall: down the ladder until a route shows all."""
    asked: Counter[str] = Counter()
    for route in routes:
        asked[route.name] = WALKS[platform, route.name](scenario)
        if not _falls_short(route, scenario):
            return asked
        scenario = replace(scenario, by_handle=False)  # its id is known by now
    return asked


def pages(scenario: Scenario, size: int) -> int:
    """Return how many pages, newest first, are asked for: to the first post, beyond the window, or to what is known.

    >>> [pages(Scenario(posts=posts, total=500, windows=1), 50) for posts in (0, 100, 101, 500)]
    [1, 3, 4, 10]
    >>> pages(Scenario(posts=100, total=500, windows=1, fresh=5), 50)
    1
    """
    last = min(ceil(scenario.total / size), ceil(scenario.posts / size) + 1)
    if scenario.fresh is not None:
        last = min(last, ceil((scenario.fresh + IN_A_ROW) / size))
    return max(1, last)


def _data_api(scenario: Scenario) -> int:
    """Count the channel, its lists, the videos on them, and known videos that are asked for again."""
    size = ROUTES["youtube", "data_api"].posts_per_page
    lists = pages(scenario, size)
    videos = min(lists, ceil(scenario.total / size))
    again = ceil(max(0.0, scenario.posts - lists * size) / size) if scenario.fresh is not None else 0
    return 1 + lists + videos + again


def _rss(scenario: Scenario) -> int:
    return 1 + scenario.by_handle


def _browse(scenario: Scenario) -> int:
    """Count both tabs, and for each video that is not known well its own page and, if wanted, its captions."""
    size = ROUTES["youtube", "browse"].posts_per_page
    shorts, each = scenario.total * SHORTS, 1 + scenario.with_words
    videos = replace(
        scenario,
        posts=scenario.posts - scenario.posts * SHORTS,
        total=scenario.total - shorts,
        fresh=None if scenario.fresh is None else scenario.fresh - scenario.fresh * SHORTS,
    )
    lists = pages(videos, size)
    if scenario.fresh is not None:
        met = min(ceil(shorts / SHORTS_PAGE), ceil((scenario.fresh * SHORTS + IN_A_ROW) / SHORTS_PAGE))
        return scenario.by_handle + lists + max(1, met) + each * ceil(scenario.fresh)
    met = max(1, min(ceil(shorts / SHORTS_PAGE), int(scenario.posts * SHORTS / SHORTS_PAGE) + 1))
    shown = ceil(min(videos.total, lists * size) + min(shorts, met * SHORTS_PAGE))
    return scenario.by_handle + lists + met + each * shown


def _profile(scenario: Scenario) -> int:
    if scenario.total <= PROFILE or not scenario.posts:
        return 1
    return 1 + pages(scenario, PROFILE)


def _research(scenario: Scenario) -> int:
    """Count the user, and each window of thirty days."""
    if not scenario.total:
        return 1
    size = ROUTES["tiktok", "research_api"].posts_per_page
    posts = scenario.posts if scenario.fresh is None else scenario.fresh
    return 1 + scenario.windows * max(1, ceil(posts / scenario.windows / size))


def _display(scenario: Scenario) -> int:
    if not scenario.is_own or not scenario.total:
        return 1
    return 1 + pages(scenario, ROUTES["tiktok", "display_api"].posts_per_page)


def _browser(scenario: Scenario) -> int:
    return 1 + pages(scenario, ROUTES["tiktok", "browser"].posts_per_page) if scenario.total else 1


def _posts_api(scenario: Scenario) -> int:
    return 1 + (pages(scenario, ROUTES["linkedin", "posts_api"].posts_per_page) if scenario.is_own else 1)


WALKS: dict[tuple[Platform, str], Walk] = {
    ("youtube", "data_api"): _data_api,
    ("youtube", "rss"): _rss,
    ("youtube", "browse"): _browse,
    ("instagram", "business_discovery"): lambda scenario: pages(
        scenario, ROUTES["instagram", "business_discovery"].posts_per_page
    ),
    ("instagram", "profile"): _profile,
    ("instagram", "permalinks"): lambda scenario: scenario.known,
    ("tiktok", "research_api"): _research,
    ("tiktok", "display_api"): _display,
    ("tiktok", "browser"): _browser,
    ("linkedin", "posts_api"): _posts_api,
    ("linkedin", "guest"): lambda scenario: 1,
}
ONE_OWNER = {"display_api", "posts_api"}  # their token speaks for an account or some pages


def _falls_short(route: Route, scenario: Scenario) -> bool:
    """Tell whether a route leaves the rest to the next one."""
    if route.name in ONE_OWNER:
        return not scenario.is_own
    posts = scenario.posts if scenario.fresh is None else min(scenario.posts, scenario.fresh)
    return route.name == "rss" and posts >= min(route.posts_per_page, scenario.total)
