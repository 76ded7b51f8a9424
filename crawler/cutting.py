"""Cuts records out of a capture: what is left reads as before, without them; anything else is no cut."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from crawler.errors import ParseError
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.formats import parse

_DEEPEST = 8
_DROPPED = {"content-length", "content-md5", "etag", "digest"}


def cut(capture: Capture, page: Page, left: Page) -> Capture | None:
    """Return the capture with `left` of its `page`; None where the rest cannot be cut out without harm.

    JSON only: elements of lists that name what goes are taken out, at the outermost level at which the parser
    still reads exactly what is to be left, and nothing of the rest is in the answer any more.
    """
    names = token(_gone(page, left))
    if names.search(f"{capture.url} {capture.request_body.decode(errors='replace')}"):
        return None
    try:
        body = orjson.loads(capture.body)
    except orjson.JSONDecodeError:
        return None
    for depth in range(1, _DEEPEST + 1):
        bare = _without(body, names, depth)
        if not is_named(bare, names):
            less = replace(capture, body=orjson.dumps(bare), headers=_headers(capture))
            if _reads_as(less, left):
                return less
    return None


def token(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of these names where they stand by themselves, whatever their case."""
    escaped = "|".join(
        re.escape(name) for name in sorted({one for one in names if one}, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w.-])@?(?:{escaped})(?![\w-]|\.\w)" if escaped else r"(?!)", re.IGNORECASE)


def is_named(value: Any, names: re.Pattern[str]) -> bool:
    """Tell whether a JSON value holds one of these names anywhere, keys included."""
    if isinstance(value, dict):
        return any(names.search(key) or is_named(one, names) for key, one in value.items())
    if isinstance(value, list):
        return any(is_named(one, names) for one in value)
    return isinstance(value, (str, int)) and names.search(str(value)) is not None


def _gone(page: Page, left: Page) -> set[str]:
    kept = {post.post_id for post in left.posts}
    posts = [post for post in page.posts if post.post_id not in kept]
    names = {post.post_id for post in posts} | {
        value for pair in page.more if pair not in left.more for value in pair[1:]
    }
    owners = {post.account for post in left.posts} | {post.account_id for post in left.posts}
    shown: list[Account] = [page.account] if page.account and left.account is None else []
    gone: list[Account | Post] = [*posts, *shown]
    for one in gone:
        names |= {name for name in (one.account, one.account_id) if name and name not in owners}
    return names


def _without(value: Any, names: re.Pattern[str], depth: int) -> Any:
    """Return a value without the elements of its lists, `depth` lists deep, that name what goes."""
    if isinstance(value, dict):
        return {key: _without(one, names, depth) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if depth == 1:
        return [one for one in value if not is_named(one, names)]
    return [_without(one, names, depth - 1) for one in value]


def _reads_as(capture: Capture, left: Page) -> bool:
    try:
        page = parse(capture)
    except ParseError:
        return False
    return (page.account, page.posts, page.more, page.cursor) == (
        left.account,
        left.posts,
        left.more,
        left.cursor,
    )


def _headers(capture: Capture) -> tuple[tuple[str, str], ...]:
    kept = [(name, value) for name, value in capture.headers if name.lower() not in _DROPPED]
    return tuple(kept)
