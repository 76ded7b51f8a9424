"""How platforms say no: signs in status, headers, address and body, and the outcome each amounts to.

Pure, and of use to any Scrapy project: make a `Capture` of a response and ask `find_refusal`. Specific signs
win over general ones: an error object in the body, then the address we were sent to, then marks in the
page, then the status. What no sign tells is None: the answer is then the parser's business.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime

import orjson

from crawler.items import PLATFORMS, Capture, OutcomeKind, Page, Platform, Refusal
from crawler.parsers.body import Body
from crawler.refusals.errors import outcome_of_status, read_error, read_tiktok_code
from crawler.refusals.signs import (
    ADDRESSES,
    CONTENT,
    EMPTY,
    EMPTY_PROMISES,
    FEED_404,
    HTML_FORMATS,
    MARKS,
    NOT_GIVEN,
    NOTHING_SHOWN,
    STATUSES,
)

__all__ = ["FEED_404", "find_refusal", "find_retry_after", "guess_platform", "judge_page"]

_ADDRESSES_OF = {
    name: tuple((start, outcome, words) for of, start, outcome, words in ADDRESSES if of == name)
    for name in PLATFORMS
}
_DETAIL = re.compile(rb'"webapp\.(?:user|video)-detail"\s*:')
_DETAIL_CODE = re.compile(rb'"statusCode"\s*:\s*"?(\d{1,9})')


def find_refusal(capture: Capture, body: Body | None = None) -> Refusal | None:
    """Return how the platform refused, with the sign that told and how long it asks us to wait, or None."""
    body = body or Body(capture)
    refusal = (
        _find_error(capture, body)
        or _find_address(capture)
        or _find_mark(capture, body)
        or _find_status(capture)
        or _find_silence(capture)
    )
    if refusal is None:
        return None
    return replace(refusal, retry_after=find_retry_after(capture), sign=_shorten(refusal.sign))


def guess_platform(capture: Capture) -> Platform | None:
    """Return the platform in whose own words the body refuses, None where it is none's."""
    body = Body(capture)
    for platform in PLATFORMS:
        guess = replace(capture, platform=platform)
        stated = body.looks_like_html and any(
            of == platform and mark in capture.body for of, mark, *_ in MARKS
        )
        if stated or _find_error(guess, body):
            return platform
    return None


def judge_page(page: Page) -> Refusal | None:
    """Return the refusal in a page that was read: a private account, or more promised and nothing shown."""
    if page.posts or page.errors:
        return None
    if page.account is not None and page.account.is_private:
        return Refusal(outcome="private", sign="the account is private")
    if page.cursor is not None and page.format in EMPTY_PROMISES:
        return Refusal(outcome=EMPTY_PROMISES[page.format], sign=NOTHING_SHOWN)
    return None


def find_retry_after(capture: Capture) -> float | None:
    """Return the seconds to wait that Retry-After (seconds or a date) or Meta's usage header asks for."""
    headers = {name.lower(): value.strip() for name, value in capture.headers}
    value = headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
        return float(value)
    if value:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - capture.captured_at).total_seconds())
    return _read_meta_usage(headers.get("x-business-use-case-usage", ""))


def _read_meta_usage(value: str) -> float | None:
    try:
        usage = orjson.loads(value)
        minutes = [float(use["estimated_time_to_regain_access"]) for uses in usage.values() for use in uses]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return max(minutes, default=0.0) * 60 or None


def _find_error(capture: Capture, body: Body) -> Refusal | None:
    if body.looks_like_json:
        refusal = read_error(capture.platform, body.object) if body.object else None
        if refusal and refusal.outcome == "blocked" and capture.status in (404, 410):
            return replace(refusal, outcome="not_found")
        return refusal
    if capture.platform == "tiktok":
        detail = _DETAIL.search(capture.body)
        code = _DETAIL_CODE.search(capture.body, detail.end()) if detail else None
        return read_tiktok_code(int(code.group(1))) if code else None
    return None


def _sent_on_to(capture: Capture) -> str:
    """Return where a redirect leads, empty where the answer is none."""
    if not 300 <= capture.status < 400:
        return ""
    return next((value for name, value in capture.headers if name.lower() == "location"), "")


def _find_address(capture: Capture) -> Refusal | None:
    sent_on = _sent_on_to(capture)
    target = sent_on or capture.url
    how = "HTTP {} to {}" if sent_on else "ended at {1}"
    for start, outcome, words in _ADDRESSES_OF[capture.platform]:
        if start in target and _begins(target, start):
            told = how.format(capture.status, _path(target))
            return Refusal(outcome=outcome, sign=f"{words}: {told}")
    if sent_on and capture.platform == "instagram" and _path(target) == "/":
        return Refusal(outcome="blocked", sign=f"login wall: HTTP {capture.status} to the home page")
    return None


def _begins(address: str, start: str) -> bool:
    """Tell whether an address' path begins with a whole step, or its host, where `start` has two slashes."""
    part = f"//{_split(address)[0]}" if start.startswith("//") else _path(address)
    return part == start or part.startswith(start if start.endswith(".") else f"{start}/")


def _path(address: str) -> str:
    return _split(address)[1]


def _split(address: str) -> tuple[str, str]:
    """Return host and path of an address, which may be a path alone."""
    scheme, slashes, rest = address.partition("?")[0].partition("#")[0].partition("//")
    if not slashes:
        return "", scheme
    host, _, path = rest.partition("/")
    return host, f"/{path}"


def _find_mark(capture: Capture, body: Body) -> Refusal | None:
    if not body.looks_like_html or _status_tells(capture):
        return None
    content = CONTENT.get(capture.platform, ())
    if any(mark in capture.body for mark in content):
        return None
    stated = _find_stated(capture)
    if stated is None and content and capture.status < 300 and capture.format in HTML_FORMATS:
        return Refusal(outcome="blocked", sign=f"a page without any data ({len(capture.body)} bytes)")
    return stated


def _status_tells(capture: Capture) -> bool:
    """Tell whether the status says more than a page's words: not where 429 comes with a captcha and no time."""
    if capture.status == 429:
        return find_retry_after(capture) is not None
    return capture.status in STATUSES and capture.status != 999


def _find_stated(capture: Capture) -> Refusal | None:
    for platform, mark, outcome, words in MARKS:
        if platform in (None, capture.platform) and mark in capture.body:
            return Refusal(outcome=outcome, sign=f"{words} (HTTP {capture.status})")
    return None


def _find_status(capture: Capture) -> Refusal | None:
    status = capture.status
    if status < 300 or status == 304:
        return None
    if status == 404 and "/feeds/videos.xml" in capture.url:
        return Refusal(outcome="partial", sign=FEED_404)
    asked_to_wait = status == 503 and find_retry_after(capture) is not None
    outcome: OutcomeKind = "rate_limited" if asked_to_wait else outcome_of_status(status)
    sent_on = _sent_on_to(capture)
    return Refusal(
        outcome=outcome, sign=f"HTTP {status} to {_path(sent_on)}" if sent_on else f"HTTP {status}"
    )


def _find_silence(capture: Capture) -> Refusal | None:
    if capture.status == 304 or capture.body.strip():
        return None
    if capture.format == "youtube.timedtext":
        return Refusal(outcome="partial", sign=f"{NOT_GIVEN} (HTTP {capture.status})")
    is_api = capture.format.startswith(("tiktok.research", "tiktok.display"))
    walls = capture.platform == "tiktok" and not is_api
    return Refusal(outcome="blocked" if walls else "partial", sign=f"HTTP {capture.status} {EMPTY}")


def _shorten(sign: str, limit: int = 300) -> str:
    plain = " ".join(re.sub(r"<[^<>]*>", "", sign[: limit * 2]).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
