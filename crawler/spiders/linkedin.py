"""LinkedIn: the guest page of a company or school, which shows the newest posts and no more."""

from __future__ import annotations

from urllib.parse import quote

from scrapy import Request

from crawler.items import Page
from crawler.spiders.platform import PlatformSpider
from crawler.visit import Ending, Step, Visit


class LinkedInSpider(PlatformSpider):
    """Visits guest pages, where the study names a ground: robots.txt of LinkedIn forbids them to everybody."""

    name = "linkedin"
    platform = "linkedin"

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a company's page."""
        url = f"{self.study.origin('www.linkedin.com')}/company/{quote(visit.account.account)}/"
        return Request(url, meta={"format": "linkedin.company_page"})

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return how the page ended: whole only where it reaches back to the window's start."""
        if visit.is_before_window(page.posts):
            return Ending(outcome="complete", sign="window")
        return Ending(outcome="partial", sign="the guest page shows the newest posts only")
