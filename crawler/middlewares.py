"""What happens to every request and response: budgets, captures before anything else, patience when asked."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from crawler.budget import OverBudget
from crawler.items import Capture, capture_id
from crawler.redact import redact
from crawler.refusals import find_refusal
from crawler.refusals.signs import TOO_MUCH

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.spiders.platform import PlatformSpider

logger = logging.getLogger(__name__)


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None  # noqa: S101
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def spider(self) -> PlatformSpider:
        return self.crawler.spider  # type: ignore[return-value]


class BudgetMiddleware(_Middleware):
    """Counts what is asked of a platform per day, across restarts, and refuses what is over its budget."""

    def process_request(self, request: Request) -> None:
        """Spend one request, or raise OverBudget."""
        if "visit" not in request.meta or self.spider.replay:
            return
        try:
            self.spider.budget.spend()
        except OverBudget:
            self.stats.inc_value(f"audit/{self.spider.name}/over_budget")
            raise


class CaptureMiddleware(_Middleware):
    """Writes every response to the archive, secrets redacted, before anybody reads it."""

    def process_request(self, request: Request) -> None:
        """Forget the capture of an earlier try: what is asked again is captured again."""
        request.meta.pop("capture", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive a response and hang its capture on the request."""
        if "visit" in request.meta and not (request.meta.get("playwright") or "capture" in request.meta):
            capture = redact(_capture(request, response), self.spider.secrets)
            self.spider.crawl.archive.write(capture)
            self.stats.inc_value(f"audit/{self.spider.name}/captures")
            request.meta["capture"] = capture
        return response


class PatienceMiddleware(_Middleware):
    """Waits once when a platform asks for it, for as long as it asks and the study allows; otherwise passes on."""

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Ask again after Retry-After, once."""
        capture = request.meta.get("capture")
        refusal = capture and find_refusal(capture)
        if not refusal:
            return response
        self.stats.inc_value(f"audit/{self.spider.name}/refusals/{refusal.outcome}")
        if TOO_MUCH in refusal.sign:
            request.meta["dont_retry"] = True  # the same page would be too large again
        seconds = refusal.retry_after
        if seconds is None:
            return response
        if request.meta.get("waited") or seconds > self.spider.study.crawl.patience:
            request.meta["dont_retry"] = True  # a retry would come sooner than it was asked for
            return response
        logger.info("%s asks to wait %.0f s: %s", self.spider.name, seconds, refusal.sign)
        await asyncio.sleep(0 if self.spider.replay else seconds)
        again: Request = request.replace(dont_filter=True)
        again.meta["waited"] = True
        return again


def _capture(request: Request, response: Response) -> Capture:
    visit = request.meta["visit"]
    now = datetime.now(UTC)
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Capture(
        capture_id=capture_id(response.url, now, response.body),
        platform=visit.account.platform,
        route=visit.route.name,
        account=visit.account.account,
        format=request.meta.get("format", ""),
        url=response.url,
        captured_at=now,
        status=response.status,
        method=request.method,
        headers=headers,
        request_body=request.body,
        body=response.body,
    )
