"""The roads to each platform: what opens a route that is closed, and what people can bring themselves.

What platforms ask for, as their documents said in 2026; they change it, so each road names where to read on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit.starting.answers import Purpose
from crawler.items import Platform
from crawler.routes import LADDERS, Ladder, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """How to get what a route needs: for whom it is, where to ask, what it costs and how long it takes."""

    what: str
    who: str
    where: str
    costs: str
    takes: str
    purposes: frozenset[Purpose] = frozenset({"own", "research"})


RESEARCH: frozenset[Purpose] = frozenset({"research"})
OWN: frozenset[Purpose] = frozenset({"own"})

ROADS: Mapping[tuple[Platform, str], Road] = {
    ("youtube", "data_api"): Road(
        what="an API key for the YouTube Data API v3",
        who="anybody with a Google account",
        where="https://console.cloud.google.com: make a project, enable the API, Credentials, API key",
        costs="nothing; 10,000 units a day, and 1,000 videos take about 41",
        takes="minutes",
    ),
    ("instagram", "business_discovery"): Road(
        what="a Facebook Login token (instagram_basic, instagram_manage_insights, pages_read_engagement)",
        who="who has a professional account linked to a Facebook page; it shows other professional accounts",
        where="https://developers.facebook.com: make an app, add Instagram, and have it reviewed",
        costs="nothing",
        takes="Meta's review; how long is not known here",
    ),
    ("tiktok", "research_api"): Road(
        what="a client key and secret for the Research API",
        who="non-profit academic researchers, for research that is not commercial",
        where="https://developers.tiktok.com/products/research-api: apply with your research plan",
        costs="nothing; 1,000 requests a day",
        takes="TikTok's review; how long is not known here",
        purposes=RESEARCH,
    ),
    ("tiktok", "display_api"): Road(
        what="a token of your own account for the Display API, scopes video.list and user.info.stats",
        who="the owner of a TikTok account, for that account alone",
        where="https://developers.tiktok.com: make an app with the Display API, and log in with the account",
        costs="nothing; 600 requests a minute",
        takes="TikTok's review of the app; how long is not known here",
        purposes=OWN,
    ),
    ("linkedin", "posts_api"): Road(
        what="a token for the Community Management API with r_organization_social",
        who="administrators and content administrators of a page, for that page alone",
        where="https://developer.linkedin.com: make an app, ask for the Community Management API",
        costs="nothing",
        takes="LinkedIn vets each application; how long is not known here",
        purposes=OWN,
    ),
}

IMPORTS: Mapping[Platform, Mapping[Purpose, str]] = {
    "youtube": {"own": "YouTube Studio's Table data.csv", "research": "YouTube Data Tools' Video List, 4CAT"},
    "instagram": {"own": "Meta Business Suite's CSV of content", "research": "Zeeschuimer, 4CAT"},
    "tiktok": {"own": "TikTok Studio's Content.csv", "research": "Zeeschuimer, 4CAT"},
    "linkedin": {"own": "the page's own export (XLS)", "research": "an organisation's page, saved as HTML"},
}


def describe_roads(platform: Platform, ladder: Ladder, purpose: Purpose) -> Iterator[str]:
    """Yield lines that say which route is ready, how to open each of the others, and what can be imported."""
    ready = ", ".join(route.name for route in ladder.usable)
    yield f"{platform}: {ready + ' is ready' if ready else 'no route yet'}"
    off = {name for name, _ in ladder.left_out}
    closed = [route for route in LADDERS[platform] if route.name in off]
    for route in closed:
        road = ROADS.get((platform, route.name))
        if road is not None and purpose in road.purposes:
            yield from _describe(route, road)
    if forbidden := [route for route in closed if route.needs_ground]:
        names = " and ".join(route.name for route in forbidden)
        browser = ", and a Chromium" if any(route.needs_browser for route in forbidden) else ""
        yield f"  {names}: robots.txt or the platform's terms forbid such pages; needs a legal_ground in the study"
        yield f"    file{browser}. Researchers may have one in article 40(12) of the Digital Services Act"
    yield f"  import: {IMPORTS[platform][purpose]}; docs/imports.md says how to get it"


def _describe(route: Route, road: Road) -> Iterator[str]:
    yield f"  {route.name} needs {road.what}"
    yield f"    for    {road.who}"
    yield f"    where  {road.where}"
    yield f"    costs  {road.costs}"
    yield f"    takes  {road.takes}"
    yield f"    then   set {' and '.join(route.credentials)}"
