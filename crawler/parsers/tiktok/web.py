"""TikTok's web lists of posts, as the page itself fetches them, and single items."""

from __future__ import annotations

from crawler.errors import MissingField
from crawler.fields import Fields
from crawler.items import Capture, Page
from crawler.parsers.formats import Body, Format, read_each
from crawler.parsers.tiktok.item import read_item


def _detects_list(body: Body) -> bool:
    whole = body.object
    return "itemList" in whole or "item_list" in whole or {"hasMore", "cursor"} <= whole.keys()


def _parse_list(capture: Capture, body: Body) -> Page:
    name = "tiktok.item_list"
    page = Fields(body.json, name)
    records = page.take_items("itemList") or page.take_items("item_list")  # absent where there are none
    posts, errors = read_each(records, lambda raw: read_item(raw, capture))
    if not _has_more(page):
        return Page(format=name, posts=posts, errors=errors)
    cursor = page.take_identifier("cursor")
    lost = tuple(MissingField(f"{name}.{part}", list(page.raw)) for part in _lost_parts(page, cursor))
    return Page(format=name, posts=posts, errors=errors + lost, cursor=cursor)


def _lost_parts(page: Fields, cursor: str | None) -> list[str]:
    """Return what a page that promises more must have and has not."""
    lists = "itemList" in page.raw or "item_list" in page.raw
    return [part for part, there in (("itemList", lists), ("cursor", bool(cursor))) if not there]


def _has_more(page: Fields) -> bool:
    name = "hasMore" if "hasMore" in page.raw else "has_more"
    return page.take(name) is not None and page.one_of(name, {True: True, False: False})  # or 1 and 0


def _detects_item(body: Body) -> bool:
    whole = body.object
    return (
        "id" in whole and "author" in whole and not whole.keys().isdisjoint(("createTime", "desc", "stats"))
    )


def _parse_item(capture: Capture, body: Body) -> Page:
    posts, errors = read_each([body.json], lambda raw: read_item(raw, capture))
    return Page(format="tiktok.item", posts=posts, errors=errors)


FORMATS = (
    Format(name="tiktok.item_list", platform="tiktok", detects=_detects_list, parse=_parse_list),
    Format(name="tiktok.item", platform="tiktok", detects=_detects_item, parse=_parse_item),
)
