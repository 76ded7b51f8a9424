"""Instagram's Graph API: other businesses' accounts (Business Discovery) and the media of one's own."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from crawler.fields import Fields, iso_moment
from crawler.items import Account, Capture, MediaType, Page, Post
from crawler.parsers.formats import Body, Format, read_each
from crawler.parsers.instagram.shortcode import check, from_permalink, post_url
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, find_mentions

PARSER_VERSION = 1

_MEDIA = "instagram.media"
_TYPES: dict[Any, MediaType] = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "carousel"}
_TARGET = re.compile(r"business_discovery\.username\(\s*@?([\w.]+)\s*\)", re.ASCII)


def _detects_discovery(body: Body) -> bool:
    return "business_discovery" in body.object


def _parse_discovery(capture: Capture, body: Body) -> Page:
    name = "instagram.business_discovery"
    found = Fields(body.json, name).within("business_discovery")
    account = _read_account(found, capture)
    owner = (account.account if account else "", found.take_identifier("id"))
    media = found.take_within("media")
    if media is None:
        return Page(format=name, account=account)
    return _read_list(name, media, capture, account, owner)


def _read_account(found: Fields, capture: Capture) -> Account | None:
    username = found.take_text("username") or capture.account.lstrip("@") or _asked_for(capture.url)
    if not username:
        return None
    return Account(
        account=username,
        account_id=found.take_identifier("id"),
        name=found.take_text("name"),
        url=f"https://www.instagram.com/{username}/",
        description=found.take_text("biography"),
        website=found.take_text("website"),
        followers_count=found.take_count("followers_count"),
        following_count=found.take_count("follows_count"),
        posts_count=found.take_count("media_count"),
        **provenance(capture, PARSER_VERSION),
    )


def _asked_for(url: str) -> str:
    found = _TARGET.search(unquote(url))
    return found.group(1) if found else ""


def _detects_media(body: Body) -> bool:
    whole = body.object
    if "data" in whole:
        return isinstance(whole["data"], list)
    return bool(whole) and all(isinstance(media, dict) and "permalink" in media for media in whole.values())


def _parse_media(capture: Capture, body: Body) -> Page:
    name = "instagram.media"
    whole = Fields(body.json, name)
    if "data" not in whole.raw:  # asked for by their ids: an object with a medium under each
        whole = Fields({"data": list(whole.raw.values())}, name)
    return _read_list(name, whole, capture, None, (capture.account.lstrip("@"), None))


def _read_list(
    name: str, media: Fields, capture: Capture, account: Account | None, owner: tuple[str, str | None]
) -> Page:
    records = media.take_items("data")
    # the API leaves out the caption of a post that has none, and also when nobody asked for captions
    shows_text = any(isinstance(record, dict) and "caption" in record for record in records)
    origin = provenance(capture, PARSER_VERSION)
    posts, errors = read_each(records, lambda record: _read_media(record, owner, shows_text, origin))
    paging = media.take_within("paging")
    cursors = paging.take_within("cursors") if paging else None
    cursor = cursors.take_text("after") if cursors else None
    return Page(format=name, account=account, posts=posts, errors=errors, cursor=cursor or None)


def _read_media(raw: object, owner: tuple[str, str | None], shows_text: bool, origin: dict[str, Any]) -> Post:
    media = Fields(raw, _MEDIA)
    permalink = media.take_text("permalink") or ""
    sent = media.take_text("shortcode")
    code = check(sent, f"{_MEDIA}.shortcode") if sent else from_permalink(permalink, f"{_MEDIA}.permalink")
    text = (media.take_text("caption") or "") if shows_text else None
    maker = media.take_within("owner")
    posted_at = _posted_at(media)
    return Post(
        post_id=code,
        account=media.take_text("username") or owner[0],
        account_id=(maker.take_identifier("id") if maker else None) or owner[1],
        url=post_url(code),
        media_type=_media_type(media, permalink),
        text=text,
        alt_text=_join_alt_text(media),
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        posted_at=posted_at,
        posted_precision="second" if posted_at else "unknown",
        posted_source="api" if posted_at else "unknown",
        like_count=media.take_count("like_count"),
        comment_count=media.take_count("comments_count"),
        view_count=media.take_count("view_count"),
        **origin,
    )


def _media_type(media: Fields, permalink: str) -> MediaType:
    media_type = media.one_of("media_type", _TYPES)
    is_reel = media.take("media_product_type") == "REELS" or "/reel/" in permalink
    return "short" if media_type == "video" and is_reel else media_type


def _join_alt_text(media: Fields) -> str | None:
    own, children = media.take_text("alt_text"), media.take_within("children")
    if children is None:
        return own or None
    below = (Fields(raw, f"{_MEDIA}.children") for raw in children.take_items("data"))
    shown = (own, *(child.take_text("alt_text") for child in below))
    return "\n".join(dict.fromkeys(text for text in shown if text)) or None


def _posted_at(media: Fields) -> datetime | None:
    sent = media.take("timestamp")
    return None if sent is None else iso_moment(sent, f"{_MEDIA}.timestamp")


FORMATS = (
    Format(
        name="instagram.business_discovery",
        platform="instagram",
        detects=_detects_discovery,
        parse=_parse_discovery,
    ),
    Format(name="instagram.media", platform="instagram", detects=_detects_media, parse=_parse_media),
)
