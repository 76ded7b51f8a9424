"""The ladder of routes per platform: what each needs, which ones a study can use, and why not the others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crawler.errors import StudyError
from crawler.items import Platform
from crawler.study import CrawlStudy


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way to reach a platform.

    `official` routes are agreed with the platform and need `credentials` (environment variables). `public`
    pages that robots.txt or the platform's terms forbid need a legal ground in the study (`needs_ground`).
    After a status in `moves_on` the next route is asked: it tells nothing about the account.
    Where it `asks_again`, every known post is asked for by its id, and so a missing one has vanished.
    Where it `has_captions`, a study may ask for transcripts too. One that is `by_name` is tried only where the study
    names it.
    A page holds up to `posts_per_page`; the platform itself allows `requests_per_day` of its API, None: not told.
    """

    name: str
    kind: Literal["official", "public"]
    credentials: tuple[str, ...] = ()
    needs_ground: bool = False
    needs_browser: bool = False
    moves_on: tuple[int, ...] = ()
    asks_again: bool = False
    has_captions: bool = False
    by_name: bool = False
    posts_per_page: int
    requests_per_day: int | None = None


LADDERS: dict[Platform, tuple[Route, ...]] = {
    "youtube": (
        Route(
            name="data_api",
            kind="official",
            credentials=("UITZICHT_YOUTUBE_API_KEY",),
            asks_again=True,
            posts_per_page=50,
        ),
        Route(
            name="rss",
            kind="public",
            needs_ground=True,
            moves_on=(404, 500, 502, 503),
            posts_per_page=15,
        ),
        Route(name="browse", kind="public", needs_ground=True, has_captions=True, posts_per_page=30),
    ),
    "instagram": (
        Route(
            name="business_discovery",
            kind="official",
            credentials=("UITZICHT_INSTAGRAM_TOKEN", "UITZICHT_INSTAGRAM_USER_ID"),
            posts_per_page=50,
        ),
        Route(name="profile", kind="public", needs_ground=True, posts_per_page=12),
        Route(name="permalinks", kind="public", needs_ground=True, by_name=True, posts_per_page=1),
    ),
    "tiktok": (
        Route(
            name="research_api",
            kind="official",
            credentials=("UITZICHT_TIKTOK_CLIENT_KEY", "UITZICHT_TIKTOK_CLIENT_SECRET"),
            posts_per_page=100,
            requests_per_day=1_000,
        ),
        Route(name="display_api", kind="official", credentials=("UITZICHT_TIKTOK_TOKEN",), posts_per_page=20),
        Route(name="browser", kind="public", needs_ground=True, needs_browser=True, posts_per_page=35),
    ),
    "linkedin": (
        Route(  # 403: somebody else's page, which tells nothing about it
            name="posts_api",
            kind="official",
            credentials=("UITZICHT_LINKEDIN_TOKEN",),
            moves_on=(403,),
            posts_per_page=100,
        ),
        Route(name="guest", kind="public", needs_ground=True, posts_per_page=10),
    ),
}
ROUTES = {(platform, route.name): route for platform, ladder in LADDERS.items() for route in ladder}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The routes a study can use on a platform, best first, and why it cannot use the others."""

    usable: tuple[Route, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def why_none(self) -> str:
        """One sentence that says why no route is left."""
        return "; ".join(f"{name}: {why}" for name, why in self.left_out)


def choose_routes(
    study: CrawlStudy, platform: Platform, environ: Mapping[str, str] = os.environ, browser: bool = True
) -> Ladder:
    """Return the ladder of a platform for a study, with what is in the environment.

    Raises StudyError where the study names a route that the platform does not have.
    """
    known = {route.name: route for route in LADDERS[platform]}
    table = study.platform(platform)
    for name in table.routes:
        if name not in known:
            raise StudyError(f"platforms.{platform}.routes has {name!r}; expected one of {', '.join(known)}")
    wanted = [known[name] for name in table.routes] or [one for one in known.values() if not one.by_name]
    usable: list[Route] = []
    left_out: list[tuple[str, str]] = []
    for route in wanted:
        why = (
            _lacks(route, table.legal_ground, environ, browser)
            if table.enabled
            else "switched off in the study"
        )
        if why:
            left_out.append((route.name, why))
        else:
            usable.append(route)
    if table.transcripts and usable and not usable[0].has_captions:
        raise StudyError(
            f"platforms.{platform}.transcripts is true, but the first route is {usable[0].name}; caption tracks are "
            'asked for on YouTube\'s own pages only: routes = ["browse"] and a legal_ground in platforms.youtube'
        )
    return Ladder(usable=tuple(usable), left_out=tuple(left_out))


def _lacks(route: Route, ground: str, environ: Mapping[str, str], browser: bool) -> str:
    if missing := [name for name in route.credentials if not environ.get(name)]:
        return f"no {' and no '.join(missing)} in the environment"
    if route.needs_ground and not ground.strip():
        return "robots.txt or the platform's terms forbid it, and the study file names no legal_ground for it"
    if route.needs_browser and not browser:
        return "no Chromium found on this machine"
    return ""
