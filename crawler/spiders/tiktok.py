"""TikTok: the Research API; Display for own accounts; else the profile in a browser, reading what it receives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from scrapy import Request

from crawler import tiktok_api as api
from crawler.browser import Interception, find_chromium, is_not_needed, launch_options
from crawler.budget import OverBudget
from crawler.ending import Ending, ending_of
from crawler.errors import CrawlerError
from crawler.failure import refused_by_disk
from crawler.items import Capture, Page
from crawler.redact import redact
from crawler.refusals import find_refusal
from crawler.spiders.platform import PlatformSpider
from crawler.tiktok_api import windows
from crawler.visit import Step, Visit

if TYPE_CHECKING:
    from playwright.async_api import Page as BrowserPage
    from scrapy.http import Response
    from twisted.python.failure import Failure

ZERO = Ending(outcome="complete", sign="end")
LISTS = {"/api/post/item_list/": "tiktok.item_list"}  # which of the page's own requests bring posts


class TikTokSpider(PlatformSpider):
    """Visits accounts by the Research API, else in a browser where the study names a ground."""

    name = "tiktok"
    platform = "tiktok"
    token = ""
    is_token_doubted = False

    def own_settings(self) -> dict[str, Any]:
        """Return the settings of scrapy-playwright; the browser itself starts with the first request to it."""
        handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
        if not self._may_browse() or not self.has_browser():
            return {}
        return {
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(),
            "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
            "PLAYWRIGHT_ABORT_REQUEST": is_not_needed,
            "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
            "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": self.study.crawl.timeout * 1000,
        }

    def has_browser(self) -> bool:
        """Tell whether a Chromium is to be had; nobody looks for one where the study has no use for it."""
        return not self._may_browse() or find_chromium() is not None

    def _may_browse(self) -> bool:
        table = self.study.platform("tiktok")
        return bool(table.legal_ground.strip()) and "browser" in (table.routes or ("browser",))

    def begin(self, visit: Visit) -> list[Step]:
        """Return the first steps: the user and the windows, the own user, or the profile in the browser."""
        match visit.route.name:
            case "research_api":
                return [Step("user"), *(Step("videos", days) for days in windows(*self._days(visit)))]
            case "display_api":
                return [Step("own_user")]
        return [Step("browser")]

    def _days(self, visit: Visit) -> tuple[date, date]:
        """Return the first and the last day to ask for: none that is to come, and the window's last ones always."""
        today = self._day(visit) or datetime.now(UTC).date()
        until = min(self.study.until or today, today)
        since = visit.since.date() if visit.since else self.study.since
        overlap = timedelta(days=self.study.crawl.overlap_days)
        return min(since, max(self.study.since, until - overlap), until), until

    def _day(self, visit: Visit) -> date | None:
        """Return the day up to which a replayed visit asked for videos; None where the network answers."""
        return self.replay.day(visit.account.account) if self.replay else None

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a step; the Research API is asked for a token first."""
        origin, account = self.study.origin(api.HOST), visit.account.account
        if step.name in ("user", "videos") and not self.token:
            return api.ask_for_token(origin).replace(callback=self.parse_token)
        match step.name:
            case "user":
                return api.ask_for_user(origin, self.token, account)
            case "videos":
                return api.ask_for_videos(origin, self.token, account, step.values)
            case "own_user":
                return api.ask_for_own_user(origin)
            case "own_videos":
                return api.ask_for_own_videos(origin, step.values)
            case "browser":
                return self._profile(visit)
        raise CrawlerError(f"tiktok: {step.name} is no step")

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return what follows an answer of the APIs; further windows are waiting already."""
        self.is_token_doubted = False
        match step.name:
            case "user":
                return ZERO if page.account and page.account.posts_count == 0 else []
            case "videos":
                return self._after_window(step, page, visit)
            case "own_user":
                return self._after_own_user(page, visit)
        if visit.has_arrived(page.posts) or not page.cursor:
            return []
        return [Step("own_videos", {"cursor": page.cursor})]

    def instead(self, step: Step, visit: Visit, ending: Ending) -> list[Step] | Ending:
        """Ask for a new token, once, where the old one has run out."""
        if ending.status != 401 or step.name not in ("user", "videos") or self.is_token_doubted:
            return ending
        self.token, self.is_token_doubted = "", True
        return visit.steps

    # The APIs.

    async def parse_token(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Keep the token in memory, and do the step that waits for it."""
        try:
            self.token = str(orjson.loads(response.body)["access_token"])
            self.secrets = (*self.secrets, self.token.encode())
        except (orjson.JSONDecodeError, KeyError, TypeError):
            visit.note(_end_without_token(response))
        for request in self.proceed(visit):
            yield request

    def _after_window(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        if not page.cursor:
            last = len(visit.steps) <= 1
            return Ending(outcome="complete", sign="asked") if last else []
        search = next((value for kind, value in page.more if kind == "search_id"), "")
        return [Step("videos", {**step.values, "cursor": page.cursor, "search_id": search})]

    def _after_own_user(self, page: Page, visit: Visit) -> list[Step] | Ending:
        owner = next((value for kind, value in page.more if kind == "username"), "")
        if owner.casefold() != visit.account.account.casefold():
            return Ending(outcome="partial", sign="the token of the Display API is another account's")
        return [] if page.account and page.account.posts_count == 0 else [Step("own_videos")]

    # The public profile in a browser.

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Leave the page that was opened for a request that brought nothing, and note that it did."""
        browser_page: BrowserPage | None = failure.request.meta.get("playwright_page")  # type: ignore[attr-defined]
        if browser_page is not None:
            await browser_page.context.close()
        async for request in super().failed(failure):
            yield request

    def _profile(self, visit: Visit) -> Request:
        account = visit.account.account
        if self.replay is not None:
            return Request("data:,", callback=self.parse_replayed)
        seen = Interception("tiktok", "browser", account)
        return Request(
            f"{self.study.origin('www.tiktok.com')}/@{account}",
            callback=self.parse_browser,
            meta={
                "playwright": True,
                "playwright_include_page": True,
                "playwright_context": f"{self.crawl.crawl_id} {account}",
                "playwright_context_kwargs": {"user_agent": _agent(self.crawler.settings["USER_AGENT"])},
                "playwright_page_event_handlers": {"response": seen.note, "requestfailed": seen.note_failure},
                "interception": seen,
            },
        )

    async def parse_browser(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Read what the page receives, scroll for more, and leave the page at the end whatever happens."""
        browser_page: BrowserPage = response.meta["playwright_page"]
        seen: Interception = response.meta["interception"]
        ending = Ending(outcome="partial", sign="more was promised, and scrolling brought nothing")
        is_done = False
        try:
            async for page, is_last in self._read_while_scrolling(browser_page, response, visit, step):
                is_done = is_last
                yield page
        except OverBudget as error:
            ending = Ending(outcome="over_budget", sign=str(error))
        except Exception as error:
            if refused_by_disk(error):
                raise
            self.logger.warning("%s: the browser failed: %s", visit.account.account, error)
            ending = Ending(outcome="partial", sign=f"the browser failed: {str(error)[:200]}")
        finally:
            await browser_page.context.close()
        if seen.failures and ending.outcome == "partial":
            ending = replace(ending, sign=f"a request of the page broke off: {seen.failures[-1]}")
        if not is_done:
            visit.note(replace(ending, status=response.status, url=response.url))
        for request in self.proceed(visit):
            yield request

    async def parse_replayed(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Read what a browser received then."""
        assert self.replay is not None  # noqa: S101
        is_done = False
        for capture in self.replay.browser(visit.account.account):
            if _leads_on(capture):
                continue
            page, is_done = self._take(capture, visit, step)
            yield page
            if is_done:
                break
        if not is_done:
            visit.note(Ending(outcome="partial", sign="the archive holds no more"))
        for request in self.proceed(visit):
            yield request

    async def _read_while_scrolling(
        self, browser_page: BrowserPage, response: Response, visit: Visit, step: Step
    ) -> AsyncIterator[tuple[Page, bool]]:
        seen: Interception = response.meta["interception"]
        delay = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        while capture := await seen.next(max(5.0, 2 * delay)):
            name = self._format(capture)
            if not name:
                continue
            capture = redact(replace(capture, format=name), self.secrets)
            self.crawl.archive.write(capture)
            if _leads_on(capture):
                continue
            page, is_done = self._take(capture, visit, step)
            yield page, is_done
            if is_done:
                return
            if name in LISTS.values():
                await asyncio.sleep(delay)
                self.budget.spend()
                await browser_page.evaluate("window.scrollTo(0, document.body.scrollHeight)")

    def _take(self, capture: Capture, visit: Visit, step: Step) -> tuple[Page, bool]:
        """Take in what the browser received; tell whether that ends the route."""
        page, ending = self.read(capture)
        ending = ending or visit.doubt(page, capture)
        after = ending or self.within_limit(self._after_browser(page, visit, step), visit)
        return self.keep(page, capture, after, visit), isinstance(after, Ending) or not after

    def _after_browser(self, page: Page, visit: Visit, step: Step) -> list[Step]:
        if page.account is not None and page.account.posts_count == 0:
            return []
        if page.format == "tiktok.profile_page":
            return [step]
        return [] if visit.has_arrived(page.posts) or not page.cursor else [step]

    def _format(self, capture: Capture) -> str:
        path = urlsplit(capture.url).path
        if path.startswith(("/@", "/login")):
            return "tiktok.profile_page"
        return next((name for start, name in LISTS.items() if path.startswith(start)), "")


def _leads_on(capture: Capture) -> bool:
    """Tell whether a profile's address leads to a profile's: in a language, or under its new name."""
    target = next((value for name, value in capture.headers if name.lower() == "location"), "")
    return 300 <= capture.status < 400 and urlsplit(target).path.startswith("/@")


def _end_without_token(response: Response) -> Ending:
    """Return how a route ends that got no token: by trouble of the platform's own, or by a refusal of ours."""
    refusal = find_refusal(response.meta["capture"])
    if refusal is not None and refusal.outcome in ("partial", "rate_limited"):
        return ending_of(refusal, response.status, response.url)
    sign = f"no token: HTTP {response.status}; are key and secret right?"
    return Ending(outcome="blocked", sign=sign, status=response.status, url=response.url)


def _agent(ours: str) -> str:
    """Return a browser's user agent that says who we are, in the way search engines' browsers do."""
    name = ours.replace(" (", "; ").rstrip(")")
    return f"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; {name}) Chrome Safari/537.36"
