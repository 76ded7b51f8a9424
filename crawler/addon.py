"""Scrapy add-ons: refusals recognised in anybody's project, and the monitors of this one.

ADDONS = {"crawler.addon.RefusalAddon": 500}
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest, NotConfigured

from crawler.items import PLATFORMS, Capture, Platform, capture_id
from crawler.refusals import find_refusal

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

HOSTS: dict[str, Platform] = {
    "instagram.com": "instagram",
    "graph.facebook.com": "instagram",
    "tiktok.com": "tiktok",
    "tiktokapis.com": "tiktok",
    "youtube.com": "youtube",
    "youtube.googleapis.com": "youtube",
    "www.googleapis.com": "youtube",
    "linkedin.com": "linkedin",
}
# A page that none of our parsers reads: nothing is to be missed in it.
ANY_PAGE = "other"


class RefusalAddon:
    """Gives a Scrapy project the refusals of the four platforms; REFUSALS_ENABLED = False switches it off."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Put the middleware where it sees each answer before it is retried."""
        if not settings.getbool("REFUSALS_ENABLED", True):
            raise NotConfigured
        settings.setdefault_in_component_priority_dict("DOWNLOADER_MIDDLEWARES", RefusalMiddleware, 560)


class RefusalMiddleware:
    """Notes in `request.meta["refusal"]` how a platform refused, and counts it as `refusals/<platform>/<outcome>`.

    REFUSALS_HOSTS adds hosts ({"mirror.example:8080": "linkedin"}); REFUSALS_IGNORE = True raises IgnoreRequest
    with the sign, for the errback. `meta["refusal_format"]` names the format of an answer ("tiktok.profile_page"):
    a page of it without any data is then a wall too.
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None  # noqa: S101
        self.stats = crawler.stats
        self.ignores = crawler.settings.getbool("REFUSALS_IGNORE", False)
        self.hosts = {**HOSTS, **crawler.settings.getdict("REFUSALS_HOSTS")}
        for host, platform in self.hosts.items():
            if platform not in PLATFORMS:
                known = ", ".join(PLATFORMS)
                raise ValueError(f"REFUSALS_HOSTS[{host!r}] is {platform!r}; expected one of {known}")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Look for a refusal in an answer of one of the platforms."""
        request.meta.pop("refusal", None)
        platform = find_platform(response.url, self.hosts)
        refusal = platform and find_refusal(_capture(platform, request, response))
        if not refusal:
            return response
        request.meta["refusal"] = refusal
        self.stats.inc_value(f"refusals/{platform}/{refusal.outcome}")
        if self.ignores:
            raise IgnoreRequest(f"{platform} refused, {refusal.outcome}: {refusal.sign}")
        return response


class MonitorAddon:
    """Runs the monitors at the end of each crawl where Spidermon is installed (the extra `monitors`)."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Put Spidermon and the suite in place; UITZICHT_MONITORS = False switches them off."""
        if not settings.getbool("UITZICHT_MONITORS", True) or find_spec("spidermon") is None:
            raise NotConfigured
        settings.setdefault("SPIDERMON_ENABLED", True)
        settings.setdefault("SPIDERMON_SPIDER_CLOSE_MONITORS", ["crawler.monitors.CrawlSuite"])
        extension = "spidermon.contrib.scrapy.extensions.Spidermon"
        settings.set("EXTENSIONS", {extension: 500, **settings.getdict("EXTENSIONS")}, "addon")


def find_platform(url: str, hosts: dict[str, Platform]) -> Platform | None:
    """Return whose host an address is on, None where it is none's.

    >>> find_platform("https://consent.youtube.com/m?continue=x", HOSTS)
    'youtube'
    >>> find_platform("https://nottiktok.com/", HOSTS) is None
    True
    """
    parts = urlsplit(url)
    names = (parts.netloc.lower(), (parts.hostname or "").lower())
    for host, platform in hosts.items():
        if any(name == host or name.endswith(f".{host}") for name in names):
            return platform
    return None


def _capture(platform: Platform, request: Request, response: Response) -> Capture:
    now = datetime.now(UTC)
    return Capture(
        capture_id=capture_id(response.url, now, response.body),
        platform=platform,
        route="",
        format=request.meta.get("refusal_format", ANY_PAGE),
        url=response.url,
        captured_at=now,
        status=response.status,
        method=request.method,
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ),
        body=response.body,
    )
