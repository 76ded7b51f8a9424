"""What a page's JSON-LD says for machines: which accounts are the same as whom. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from parsel import Selector

from crawler.discover.links import platform_of
from crawler.discover.mention import MOST_MENTIONS, Mention
from crawler.registry import plain, site_of

_OTHERS = re.compile(
    "actor|alumniOf|author|contributor|creator|funder|hiringOrganization|member|memberOf|parentOrganization|performer"
    "|review|sponsor|subjectOf|worksFor"
)
_WRAPPING = re.compile(r"<!--|-->|(?://|/\*)?\s?(?:<!\[CDATA\[|\]\]>)(?:\s?\*/)?")  # for browsers of long ago
_DEEP = 30


def read_linked_data(tree: Selector, page: str, names: tuple[str, ...]) -> Iterator[Mention]:
    """Yield the addresses that JSON-LD calls the same as the institution, or as somebody else."""
    found = (
        mention
        for text in tree.xpath("//script[contains(@type, 'ld+json')]/text()").getall()
        for mention in _mentions(_read(text), page, names)
    )
    yield from islice(found, MOST_MENTIONS)


def _read(text: str) -> Any:
    try:
        return json.loads(_WRAPPING.sub("", text).strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _mentions(data: Any, page: str, names: tuple[str, ...]) -> Iterator[Mention]:
    for thing, others in _things(data, False, 0):
        same = thing.get("sameAs")
        own = not others and _is_own(thing, page, names)
        called = str(thing.get("name") or "nobody named")[:80]
        for url in same if isinstance(same, list) else [same]:
            if isinstance(url, str) and platform_of(url):
                yield Mention(
                    url=url.strip(),
                    place="own_data" if own else "other_data",
                    element=f"JSON-LD sameAs of {_type(thing)} {called!r}",
                    page=page,
                    label=called,
                )


def _things(data: Any, others: bool, depth: int) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield every object, and whether it stands for somebody other than the page's owner."""
    if depth > _DEEP:
        return
    if isinstance(data, list):
        for one in data:
            yield from _things(one, others, depth + 1)
    elif isinstance(data, dict):
        yield data, others
        for name, value in data.items():
            if isinstance(value, (dict, list)):
                yield from _things(value, others or bool(_OTHERS.fullmatch(name)), depth + 1)


def _is_own(thing: dict[str, Any], page: str, names: tuple[str, ...]) -> bool:
    """Return whether an object is the institution: by its address, else by its name, and never a person."""
    if "Person" in _type(thing):
        return False
    for key in ("url", "@id"):
        url = thing.get(key)
        if isinstance(url, str) and site_of(url):
            return site_of(page) == site_of(url) or site_of(page).endswith(f".{site_of(url)}")
    called = plain(str(thing.get("name") or ""))
    return not called or not names or any(called in plain(name) or plain(name) in called for name in names)


def _type(thing: dict[str, Any]) -> str:
    found = thing.get("@type")
    return str(found[0] if isinstance(found, list) and found else found or "something")[:40]
