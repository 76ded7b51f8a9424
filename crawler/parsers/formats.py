"""Every format we can read, by name; the one way from a capture to a page.

>>> sorted(name for name in FORMATS if name.startswith("linkedin.post"))
['linkedin.post_page', 'linkedin.posts_api']
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from crawler.errors import ParseError, UnknownFormat, UnknownValue
from crawler.items import PLATFORMS, Capture, Page, Platform, Post
from crawler.parsers.body import Body, decode_json
from crawler.refusals import find_refusal, judge_page

__all__ = [
    "FORMATS",
    "Body",
    "Format",
    "attempt",
    "decode_json",
    "detect",
    "find_format",
    "parse",
    "read_each",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One shape in which a platform answers: how to recognise it and how to read it.

    `detects` is cheap and never raises; `parse` may raise ParseError when the page as a whole is unreadable.
    """

    name: str
    platform: Platform
    detects: Callable[[Body], bool]
    parse: Callable[[Capture, Body], Page]


@cache
def _formats_of(platform: Platform) -> dict[str, Format]:
    module = importlib.import_module(f"crawler.parsers.{platform}")
    exports = importlib.import_module("crawler.parsers.exports")
    formats: Sequence[Format] = (*module.FORMATS, *exports.formats_of(platform))
    return {known.name: known for known in formats}


class _Formats(Mapping[str, Format]):
    """The formats of all platforms by name; a platform's parser is imported when first asked for."""

    def __getitem__(self, name: str) -> Format:
        platform = name.partition(".")[0]
        for known in PLATFORMS:
            if platform == known:
                return _formats_of(known)[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for platform in PLATFORMS for name in _formats_of(platform))

    def __len__(self) -> int:
        return sum(len(_formats_of(platform)) for platform in PLATFORMS)


FORMATS: Mapping[str, Format] = _Formats()


def detect(body: Body, platforms: Iterable[Platform] = PLATFORMS) -> Format | None:
    """Return the first format of these platforms that recognises the body, None where none does."""
    for platform in platforms:
        for known in _formats_of(platform).values():
            if known.detects(body):
                return known
    return None


def find_format(capture: Capture, body: Body | None = None) -> Format:
    """Return the format that the capture names, else the one of its platform that recognises the body."""
    if capture.format:
        try:
            return FORMATS[capture.format]
        except KeyError:
            formats = list(_formats_of(capture.platform))
            raise UnknownValue(f"the format of {capture.url}", capture.format, formats) from None
    body = body or Body(capture)
    found = detect(body, (capture.platform,))
    if found is None:
        if body.looks_like_json:
            body.json  # noqa: B018 - a body that is broken JSON is told as that
        known = ", ".join(_formats_of(capture.platform))
        raise UnknownFormat(capture.place, f"is of no known format; expected one of {known}")
    return found


def parse(capture: Capture) -> Page:
    """Return what a capture says: a refusal where the platform said no, else accounts, posts and errors.

    Raises ParseError when the page as a whole cannot be read; one bad record is an error inside the page.
    """
    body = Body(capture)
    refusal = find_refusal(capture, body)
    if refusal is not None:
        return Page(format=capture.format, refusal=refusal)
    page = find_format(capture, body).parse(capture, body)
    silence = judge_page(page)
    return replace(page, refusal=silence) if silence else page


def attempt(read: Callable[[], T]) -> tuple[T | None, tuple[ParseError, ...]]:
    """Return what is read, or None and the error: for a part of a page that must not lose the rest."""
    try:
        return read(), ()
    except ParseError as error:
        return None, (error,)


def read_each(
    records: Iterable[object], read: Callable[[object], Post | None]
) -> tuple[tuple[Post, ...], tuple[ParseError, ...]]:
    """Return the posts read from records, and the errors of those that could not be; None is not a post."""
    posts: list[Post] = []
    errors: list[ParseError] = []
    for record in records:
        try:
            post = read(record)
        except ParseError as error:
            errors.append(error)
        else:
            if post is not None:
                posts.append(post)
    return tuple(posts), tuple(errors)
