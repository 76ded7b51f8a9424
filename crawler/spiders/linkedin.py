"""LinkedIn: the Community Management API for own pages; else the guest page, which shows the newest posts only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from scrapy import Request

from crawler.ending import Ending
from crawler.items import Page
from crawler.parsers.linkedin.card import find_slug
from crawler.redact import credential
from crawler.routes import ROUTES
from crawler.spiders.platform import PlatformSpider
from crawler.visit import Step, Visit

if TYPE_CHECKING:
    from scrapy.http import Response

MOST = ROUTES["linkedin", "posts_api"].posts_per_page
MOVED = (301, 302, 303, 307, 308)
# A version of the API lives about a year and comes out in its own month: this old, it is out and alive.
VERSION_AGE = timedelta(days=62)


class LinkedInSpider(PlatformSpider):
    """Visits own pages by API; guest pages where the study names a ground: robots.txt forbids them to everybody."""

    name = "linkedin"
    platform = "linkedin"
    sent_to: tuple[str, str] | None = None  # kind and name of the page that the last answer sent us on to

    def begin(self, visit: Visit) -> list[Step]:
        """Return the first step: the organisation behind the page's name, or its guest page."""
        return [Step("organization" if visit.route.name == "posts_api" else "guest")]

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a step."""
        slug = visit.account.account
        match step.name:
            case "organization":
                return self._api("organizations", {"q": "vanityName", "vanityName": slug}, "organizations")
            case "posts":
                start = step.values.get("start", "0")
                query = {"q": "author", "author": step.values["author"], "sortBy": "CREATED"}
                return self._api("posts", {**query, "count": str(MOST), "start": start}, "posts_api")
        kind, slug = step.values.get("kind", "company"), step.values.get("slug", slug)
        url = f"{self.study.origin('www.linkedin.com')}/{kind}/{quote(slug)}/"
        return Request(url, meta={"format": "linkedin.company_page"})

    def keep_in_memory(self, response: Response, step: Step) -> None:
        """Remember which page of an organisation the answer sends us on to."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        found = find_slug(location.partition("?")[0])
        self.sent_to = found if found and found[0] != "in" else None

    def instead(self, step: Step, visit: Visit, ending: Ending) -> list[Step] | Ending:
        """Go where a page has moved to, once: LinkedIn sends /company/ on to /school/, and old names to new ones."""
        if step.name != "guest" or step.values or self.sent_to is None or ending.status not in MOVED:
            return ending
        kind, slug = self.sent_to
        return [Step("guest", {"kind": kind, "slug": slug})]

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return what follows a page; a guest page is whole only where it reaches back to the window's start."""
        if step.name == "organization":
            return self._after_organization(page)
        if step.name == "posts":
            is_over = visit.has_arrived(page.posts) or not page.cursor
            return [] if is_over else [Step("posts", {**step.values, "start": page.cursor or ""})]
        if visit.shows_all(page.posts):
            return []
        shown = "the newest posts only" if page.posts else "no post"
        return Ending(outcome="partial", sign=f"the guest page shows {shown}")

    def _after_organization(self, page: Page) -> list[Step] | Ending:
        if page.account is None:
            return Ending(outcome="not_found", sign="the API knows no organisation of this name")
        return [Step("posts", {"author": f"urn:li:organization:{page.account.account_id}"})]

    def _api(self, path: str, query: dict[str, str], format: str) -> Request:
        url = f"{self.study.origin('api.linkedin.com')}/rest/{path}?{urlencode(query)}"
        headers = {
            "Authorization": f"Bearer {credential('UITZICHT_LINKEDIN_TOKEN')}",
            "LinkedIn-Version": f"{datetime.now(UTC) - VERSION_AGE:%Y%m}",
            "X-Restli-Protocol-Version": "2.0.0",
            "X-RestLi-Method": "FINDER",
        }
        return Request(url, headers=headers, meta={"format": f"linkedin.{format}"})
