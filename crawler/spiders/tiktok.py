"""TikTok: the Research API; else the public profile in a real browser, reading what its page receives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from scrapy import FormRequest, Request
from scrapy.http import JsonRequest

from crawler.browser import Interception, find_chromium, is_not_needed, launch_options
from crawler.errors import CrawlerError
from crawler.items import Capture, Page
from crawler.redact import credential, redact
from crawler.spiders.platform import PlatformSpider
from crawler.visit import Ending, Step, Visit

if TYPE_CHECKING:
    from playwright.async_api import Page as BrowserPage
    from scrapy.http import Response

WINDOW = timedelta(days=29)  # the API takes windows of at most 30 days, both ends included
FIELDS = (
    "id,video_description,create_time,username,hashtag_names,view_count,like_count,comment_count,share_count,"
    "favorites_count,voice_to_text,video_mention_list"
)
LISTS = {"/api/post/item_list/": "tiktok.item_list"}  # which of the page's own requests bring posts


class TikTokSpider(PlatformSpider):
    """Visits accounts by the Research API, else in a browser where the study names a ground."""

    name = "tiktok"
    platform = "tiktok"
    token = ""

    def own_settings(self) -> dict[str, Any]:
        """Return the settings of scrapy-playwright; the browser itself starts with the first request to it."""
        handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
        if not self.has_browser():
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
        """Tell whether a Chromium is to be had."""
        return find_chromium() is not None

    def begin(self, visit: Visit) -> list[Step]:
        """Return the first steps: a token or the windows it opens, or the profile in the browser."""
        if visit.route.name == "browser":
            return [Step("browser")]
        return self._windows() if self.token else [Step("token")]

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a step."""
        match step.name:
            case "token":
                return self._token()
            case "videos":
                return self._videos(step, visit)
            case "browser":
                return self._profile(visit)
        raise CrawlerError(f"tiktok: {step.name} is no step")

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return the next page of a window; the windows after it are waiting already."""
        if not page.cursor:
            last = len(visit.steps) <= 1
            return Ending(outcome="complete", sign="window") if last else []
        search = next((value for kind, value in page.more if kind == "search_id"), "")
        return [Step("videos", {**step.values, "cursor": page.cursor, "search_id": search})]

    # The Research API.

    def _token(self) -> Request:
        form = {
            "client_key": credential("UITZICHT_TIKTOK_CLIENT_KEY"),
            "client_secret": credential("UITZICHT_TIKTOK_CLIENT_SECRET"),
            "grant_type": "client_credentials",
        }
        url = f"{self.study.origin('open.tiktokapis.com')}/v2/oauth/token/"
        return FormRequest(url, formdata=form, callback=self.parse_token)

    async def parse_token(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Keep the token in memory and begin with the newest window."""
        try:
            self.token = str(orjson.loads(response.body)["access_token"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            sign = f"no token: HTTP {response.status}; are key and secret right?"
            after: Any = Ending(outcome="blocked", sign=sign, status=response.status, url=response.url)
        else:
            self.secrets = (*self.secrets, self.token.encode())
            visit.steps = after = self._windows()
        for request in self.proceed(visit, after):
            yield request

    def _windows(self) -> list[Step]:
        until = self.study.until or datetime.now(UTC).date()
        steps: list[Step] = []
        last = until
        while last >= self.study.since:
            begin = max(self.study.since, last - WINDOW)
            steps.append(Step("videos", {"from": _day(begin), "to": _day(last)}))
            last = begin - timedelta(days=1)
        return steps

    def _videos(self, step: Step, visit: Visit) -> Request:
        body: dict[str, Any] = {
            "query": {
                "and": [
                    {"operation": "EQ", "field_name": "username", "field_values": [visit.account.account]},
                ]
            },
            "start_date": step.values["from"],
            "end_date": step.values["to"],
            "max_count": 100,
        }
        if "cursor" in step.values:
            body |= {"cursor": int(step.values["cursor"]), "search_id": step.values["search_id"]}
        url = f"{self.study.origin('open.tiktokapis.com')}/v2/research/video/query/?fields={FIELDS}"
        headers = {"Authorization": f"Bearer {self.token}"}
        return JsonRequest(url, data=body, headers=headers, meta={"format": "tiktok.research_videos"})

    # The public profile in a browser.

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
                "playwright_page_event_handlers": {"response": seen.note},
                "interception": seen,
            },
        )

    async def parse_browser(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Read what the page receives, scroll for more, and leave the page at the end whatever happens."""
        browser_page: BrowserPage = response.meta["playwright_page"]
        seen: Interception = response.meta["interception"]
        after = Ending(outcome="partial", sign="the page brought nothing that can be read")
        try:
            async for page, told in self._read_while_scrolling(browser_page, seen, visit, step):
                after = told
                if page is not None:
                    yield page
        except Exception as error:
            self.logger.warning("%s: the browser failed: %s", visit.account.account, error)
            after = Ending(outcome="partial", sign=f"the browser failed: {str(error)[:200]}")
        finally:
            await browser_page.context.close()
        for request in self.proceed(visit, after):
            yield request

    async def parse_replayed(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Read what a browser received then."""
        assert self.replay is not None  # noqa: S101
        after = Ending(outcome="partial", sign="the archive holds no more")
        for capture in self.replay.browser(visit.account.account):
            page, ending = self._take(capture, visit, step)
            yield page
            if ending is not None:
                after = ending
                break
        for request in self.proceed(visit, after):
            yield request

    async def _read_while_scrolling(
        self, browser_page: BrowserPage, seen: Interception, visit: Visit, step: Step
    ) -> AsyncIterator[tuple[Page | None, Ending]]:
        delay = self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        patience = max(5.0, 2 * delay)
        while True:
            capture = await seen.next(patience)
            if capture is None:
                yield None, Ending(outcome="partial", sign="more was promised, and scrolling brought nothing")
                return
            name = self._format(capture)
            if not name:
                continue
            capture = redact(replace(capture, format=name), self.secrets)
            self.crawl.archive.write(capture)
            page, after = self._take(capture, visit, step)
            if after is not None:
                yield page, after
                return
            yield page, Ending(outcome="partial", sign="the browser was left early")
            if name in LISTS.values():
                await asyncio.sleep(delay)
                self.budget.spend()
                await browser_page.evaluate("window.scrollTo(0, document.body.scrollHeight)")

    def _take(self, capture: Capture, visit: Visit, step: Step) -> tuple[Page, Ending | None]:
        page, ending = self.read(capture)
        page = visit.take(page, capture, [step])
        if ending is not None:
            return page, ending
        if page.account is not None and page.account.posts_count == 0:
            return page, Ending(outcome="complete", sign="end")
        if page.format == "tiktok.profile_page":
            return page, None
        if visit.is_before_window(page.posts):
            return page, Ending(outcome="complete", sign="window")
        return page, None if page.cursor else Ending(outcome="complete", sign="end")

    def _format(self, capture: Capture) -> str:
        path = urlsplit(capture.url).path
        if path.startswith(("/@", "/login")):
            return "tiktok.profile_page"
        return next((name for start, name in LISTS.items() if path.startswith(start)), "")


def _agent(ours: str) -> str:
    """Return a browser's user agent that says who we are, in the way search engines' browsers do."""
    name = ours.replace(" (", "; ").rstrip(")")
    return f"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; {name}) Chrome Safari/537.36"


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
