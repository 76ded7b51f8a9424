"""A crawl without the network: every request is answered from an archive, as it was answered then."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.responsetypes import responsetypes

from crawler.archive import archive_files, read_archives
from crawler.errors import ArchiveError
from crawler.items import Capture
from crawler.redact import known_secrets, redact_body, redact_text, redact_url

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

Question = tuple[str, str, bytes]


class Replay:
    """The answers of an archive by what was asked, in the order in which they came."""

    def __init__(self, archive: Path) -> None:
        files = archive_files(archive) if archive.is_dir() else [archive]
        if not files:
            raise ArchiveError(f"{archive} holds no WARC file")
        self._answers: dict[Question, deque[Capture]] = defaultdict(deque)
        self._browser: dict[str, list[Capture]] = defaultdict(list)
        self._days: dict[str, date] = {}
        for capture in read_archives(files):
            self._days.setdefault(capture.account, capture.captured_at.date())
            if capture.route == "browser":
                self._browser[capture.account].append(capture)
            else:
                question = _question(capture.method, capture.url, capture.request_body)
                self._answers[question].append(capture)

    def answer(self, method: str, url: str, body: bytes) -> Capture | None:
        """Return the next answer to a question; the last one stays. None where it was never asked."""
        secrets = known_secrets()
        asked = _question(method, redact_text(redact_url(url), secrets), redact_body(body, secrets))
        answers = self._answers.get(asked)
        if not answers:
            return None
        return answers.popleft() if len(answers) > 1 else answers[0]

    def day(self, account: str) -> date | None:
        """Return the day (UTC) on which an account was first asked for, None where it never was."""
        return self._days.get(account)

    def browser(self, account: str) -> list[Capture]:
        """Return what a browser received for an account."""
        return self._browser.get(account, [])


def _question(method: str, url: str, body: bytes) -> Question:
    """Return what was asked, wherever the platform's host lived then and lives now."""
    parts = urlsplit(url)
    return method, f"{parts.path}?{parts.query}", body


class ReplayMiddleware:
    """Answers requests from the spider's archive instead of the network; on where the spider has a `replay`."""

    def __init__(self, crawler: Crawler) -> None:
        replay = getattr(crawler.spider, "replay", None)
        if replay is None:
            raise NotConfigured
        self.replay: Replay = replay

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawler whose spider replays."""
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        """Answer from the archive; a question that was never asked then is not asked now."""
        if request.url.startswith("data:"):
            return None
        capture = self.replay.answer(request.method, request.url, request.body)
        if capture is None:
            raise IgnoreRequest(f"{request.method} {redact_url(request.url)} is not in the archive")
        request.meta["capture"] = capture
        headers = {name: value for name, value in capture.headers if name.lower() != "content-encoding"}
        kind = responsetypes.from_args(headers=None, url=request.url, body=capture.body)
        return kind(url=request.url, status=capture.status, headers=headers, body=capture.body)
