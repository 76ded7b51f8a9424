"""An API's own quota: units per bucket and day, as the platform counts them, beside our budget of requests.

YouTube counts a unit for each list call of the Data API, errors included, and begins anew at midnight in
California. Searches and batches of statistics have buckets of their own, which nothing here draws on.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from crawler.budget import Budget, OverBudget

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.items import Platform
    from crawler.spiders.platform import PlatformSpider
    from crawler.study import CrawlStudy

CALIFORNIA = ZoneInfo("America/Los_Angeles")


class QuotaMiddleware:
    """Counts a unit for every request that names its bucket in `meta["quota"]`, retries too."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._budgets: dict[str, Budget] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Spend one unit, or raise OverBudget."""
        bucket = request.meta.get("quota")
        spider: PlatformSpider = self.crawler.spider  # type: ignore[assignment]
        if not bucket or spider.replay:
            return
        if bucket not in self._budgets:
            self._budgets[bucket] = quota_of(spider.study, spider.platform, bucket)
        budget = self._budgets[bucket]
        try:
            budget.spend()
        except OverBudget:
            told = (
                f"the quota of {budget.per_day} units a day ({bucket}) is spent until midnight in California"
            )
            raise OverBudget(told) from None
        assert self.crawler.stats is not None  # noqa: S101
        self.crawler.stats.inc_value(f"audit/{spider.name}/units/{bucket}")


def quota_of(study: CrawlStudy, platform: Platform, bucket: str) -> Budget:
    """Return what is left of a bucket of a platform's units in a study, as its day in California goes."""
    path = study.state / f"{platform}.{bucket}.quota.json"
    units = study.platform(platform).units_per_day
    return Budget(path, units, clock=lambda: datetime.now(CALIFORNIA))
