"""What a web page says about accounts: every link of interest with its place on the page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from w3lib.encoding import html_to_unicode
from w3lib.url import safe_url_string

from crawler.discover.linked_data import read_linked_data
from crawler.discover.links import is_link_page, is_short, platform_of
from crawler.discover.mention import (
    MOST_MENTIONS,
    Mention,
    Place,
    find_label,
    find_near,
    find_place,
    find_rows,
)
from crawler.items import PLATFORMS
from crawler.registry import site_of

_MOST_LINKS = 20_000
_MOST_TEXT = 4_000  # characters: enough to tell a page from a wall
_IN_SCRIPT = re.compile(
    r"https?://(?:[a-z]{1,9}\.)?(?:instagram|tiktok|youtube|linkedin)\.com/[^\s\"'<>\\,;)\]}]{1,150}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A page as it was read: its mentions, its links to the same website, its first text."""

    url: str
    mentions: tuple[Mention, ...]
    links: tuple[tuple[str, str], ...]
    text: str
    title: str
    scripts: int


def read_page(url: str, body: bytes, content_type: str = "", names: tuple[str, ...] = ()) -> WebPage:
    """Return what a page says, however broken its HTML and its encoding are; `names` are the institution's."""
    tree = Selector(text=_decode(body, content_type) or " ", type="html")
    base = _base(tree, url)
    anchors = list(islice(_anchors(tree, base), _MOST_LINKS))
    found = chain(
        read_linked_data(tree, url, names),
        _marked(tree, base, url),
        _linked(anchors, url),
        _embedded(tree, base, url),
        _scripted(tree, url),
    )
    return WebPage(
        url=url,
        mentions=tuple(islice(found, MOST_MENTIONS)),
        links=tuple((to, find_label(node)) for node, to in anchors if site_of(to) == site_of(url)),
        text=_visible(tree),
        title=" ".join((tree.xpath("string(//title)").get() or "").split())[:200],
        scripts=len(tree.xpath("//script")),
    )


def of_interest(url: str) -> bool:
    """Return whether an address may be an account's, or lead to one."""
    return bool(platform_of(url)) or is_short(url) or is_link_page(url)


def _anchors(tree: Selector, base: str) -> Iterator[tuple[Any, str]]:
    """Yield each link's element with the address to which it leads."""
    for node in tree.root.iter("a", "area"):
        href = (node.get("href") or "").strip()
        to = _absolute(base, href) if href and not href.startswith("#") else ""
        if to:
            yield node, to


def _linked(anchors: list[tuple[Any, str]], page: str) -> Iterator[Mention]:
    rows = find_rows(anchors)
    for node, to in anchors:
        if of_interest(to) or (site_of(to) == site_of(page) and _names_platform(node, to)):
            label = find_label(node)
            element = f"link {label!r}" if label else "link without a text"
            place = _place(node, in_row=node in rows)
            yield Mention(url=to, place=place, element=element, page=page, label=label, near=find_near(node))


def _place(node: Any, *, in_row: bool) -> Place:
    if "me" in (node.get("rel") or "").lower().split():
        return "rel_me"
    place = find_place(node)
    return "social" if place == "text" and in_row else place


def _names_platform(node: Any, to: str) -> bool:
    """Return whether a link within the website says that it leads to a platform ("/go/instagram")."""
    path = to.partition("://")[2].partition("/")[2].lower()
    named = len(path) <= 60 and path.count("/") <= 3 and any(name in path for name in PLATFORMS)
    return named and find_place(node) in ("footer", "header", "social")


def _marked(tree: Selector, base: str, page: str) -> Iterator[Mention]:
    """Yield what the page's head and attributes say for machines, apart from JSON-LD."""
    marks: tuple[tuple[str, str, Place, str], ...] = (
        ("//link[contains(concat(' ', @rel, ' '), ' me ')]", "href", "rel_me", "link rel=me"),
        ("//meta[@property='og:see_also']", "content", "meta", "meta og:see_also"),
        ("//*[@itemprop='sameAs']", "href", "own_data", "itemprop sameAs"),
        ("//*[@itemprop='sameAs']", "content", "own_data", "itemprop sameAs"),
    )
    for path, attribute, place, element in marks:
        for one in tree.xpath(path)[:MOST_MENTIONS]:
            to = _absolute(base, one.attrib.get(attribute, ""))
            if to and of_interest(to):
                yield Mention(url=to, place=place, element=element, page=page)


def _embedded(tree: Selector, base: str, page: str) -> Iterator[Mention]:
    """Yield the posts of somebody that the page shows."""
    for path in ("//iframe/@src", "//iframe/@data-src", "//blockquote/@cite", "//*/@data-instgrm-permalink"):
        for one in tree.xpath(path)[:MOST_MENTIONS]:
            to = _absolute(base, one.get())
            if to and platform_of(to):
                yield Mention(url=to, place="embed", element="embedded post", page=page)


def _scripted(tree: Selector, page: str) -> Iterator[Mention]:
    """Yield addresses that stand in a script, as sites put together by JavaScript have them."""
    for one in tree.xpath("//script[not(@type='application/ld+json')]/text()"):
        text = one.get().replace("\\/", "/").replace("\\u002F", "/")
        for found in islice(_IN_SCRIPT.finditer(text), MOST_MENTIONS):
            yield Mention(url=found.group(), place="script", element="address within a script", page=page)


def _decode(body: bytes, content_type: str) -> str:
    """Return the text of a page; one that names an encoding for something else than text is taken for UTF-8."""
    try:
        text = html_to_unicode(content_type, body, default_encoding="utf-8")[1]
        return text.encode("utf-8", "replace").decode("utf-8")  # half a character of two is none
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def _visible(tree: Selector) -> str:
    """Return the first text that a visitor sees."""
    parts: list[str] = []
    size = 0
    for node in tree.root.iter():
        if node.tag in ("script", "style", "noscript", "title") or not isinstance(node.tag, str):
            text = node.tail or ""
        else:
            text = f"{node.text or ''} {node.tail or ''}"
        text = " ".join(text.split())
        parts.append(text)
        size += len(text)
        if size > _MOST_TEXT:
            break
    return " ".join(part for part in parts if part)[:_MOST_TEXT]


def _base(tree: Selector, url: str) -> str:
    base = _absolute(url, tree.xpath("//base/@href").get() or "")
    return base or url


def _absolute(base: str, to: str) -> str:
    """Return a whole address of the web, "" for what is none."""
    try:
        url = safe_url_string(urljoin(base, to.strip()))
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) and len(url) < 2_000 else ""
