"""One TikTok post as the web sends it, in a list, on a page of its own or in a Zeeschuimer export."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from crawler.errors import WrongType
from crawler.fields import Fields
from crawler.items import Capture, MediaType, Post
from crawler.parsers.dates import decode_tiktok_id
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, find_mentions, tidy

PARSER_VERSION = 1

_LIST_OF = re.compile(r"[?&]secUid=([^&#]+)")


def read_item(raw: object, capture: Capture) -> Post | None:
    """Return the post that a web item holds, None for a live room; `alt_text` is the text on screen."""
    item = Fields(raw, _place(raw))
    if item.take("liveRoomInfo") is not None:
        return None
    post_id = read_id(item, "id")
    author, author_id, sec_uid = _author(item)
    is_repost = _is_repost(sec_uid, capture)
    photos = item.take_within("imagePost")
    text = _read_text(item)
    hashtags, mentions = _read_tags(item, text)
    return Post(
        post_id=post_id,
        account=(None if is_repost else author) or capture.account.lstrip("@") or author or "",
        account_id=None if is_repost else author_id,
        url=post_url(author, post_id, is_photo=photos is not None),
        media_type=_media_type(photos),
        text=text,
        title=(photos.take_text("title") or None) if photos else None,
        alt_text=_join_stickers(item),
        hashtags=hashtags,
        mentions=mentions,
        **_dated(item, post_id),
        **_read_counts(item),
        is_pinned=item.take_flag("isPinnedItem") is True,
        is_repost=is_repost,
        repost_of=post_id if is_repost else None,
        **provenance(capture, PARSER_VERSION),
    )


def read_id(item: Fields, name: str) -> str:
    """Return a post's id: digits, as a number or as text."""
    post_id = item.identifier(name)
    if not (post_id.isascii() and post_id.isdigit()):
        raise WrongType(f"{item.place}.{name}", post_id, "the number of a post")
    return post_id


def post_url(account: str | None, post_id: str, *, is_photo: bool = False) -> str:
    """Return the address of a post; TikTok finds it by its id even where the account is not known."""
    return f"https://www.tiktok.com/@{account or '_'}/{'photo' if is_photo else 'video'}/{post_id}"


def _place(raw: object) -> str:
    post_id = raw.get("id") if isinstance(raw, dict) else None
    return f"tiktok.item {post_id}" if isinstance(post_id, str) and len(post_id) < 30 else "tiktok.item"


def _author(item: Fields) -> tuple[str | None, str | None, str | None]:
    """Return the author's name, number and secUid; older pages write the author as a plain name."""
    if isinstance(item.take("author"), str):
        return item.text("author"), item.take_identifier("authorId"), item.take_text("authorSecId")
    author = item.within("author")
    return author.take_text("uniqueId"), author.take_identifier("id"), author.take_text("secUid")


def _media_type(photos: Fields | None) -> MediaType:
    if photos is None:
        return "video"
    return "image" if len(photos.take_items("images")) == 1 else "carousel"


def _read_text(item: Fields) -> str | None:
    text = item.take_text("desc")
    if text:
        return text
    contents = [Fields(raw, f"{item.place}.contents") for raw in item.take_items("contents")]
    shown = [part for content in contents if (part := content.take_text("desc")) is not None]
    return "\n".join(part for part in shown if part) if shown else text


def _read_tags(item: Fields, text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return hashtags and mentions as TikTok marked them in the text, else as the text itself has them."""
    marks = list(item.take_items("textExtra"))
    if not marks:
        contents = (Fields(raw, f"{item.place}.contents") for raw in item.take_items("contents"))
        marks = [mark for content in contents for mark in content.take_items("textExtra")]
    extras = [Fields(mark, f"{item.place}.textExtra") for mark in marks]
    hashtags = tidy(name for extra in extras if (name := extra.take_text("hashtagName")))
    mentions = tidy(name for extra in extras if (name := extra.take_text("userUniqueId")))
    return hashtags or find_hashtags(text), mentions or (find_mentions(text) if not extras else ())


def _join_stickers(item: Fields) -> str | None:
    stickers = (Fields(raw, f"{item.place}.stickersOnItem") for raw in item.take_items("stickersOnItem"))
    lines = (line for sticker in stickers for line in sticker.take_items("stickerText"))
    return "\n".join(dict.fromkeys(line for line in lines if isinstance(line, str) and line)) or None


def _dated(item: Fields, post_id: str) -> dict[str, Any]:
    posted_at = item.take_moment("createTime")
    if posted_at is not None:
        return {"posted_at": posted_at, "posted_precision": "second", "posted_source": "page"}
    by_id = decode_tiktok_id(post_id)
    return {"posted_at": by_id.at, "posted_precision": by_id.precision, "posted_source": by_id.source}


def _read_counts(item: Fields) -> dict[str, Any]:
    """Return the counts, exact ones (statsV2) before those rounded from 10,000 on (stats)."""
    shown = [stats for name in ("statsV2", "stats") if (stats := item.take_within(name))]
    return {
        "like_count": _first_count(shown, "diggCount"),
        "comment_count": _first_count(shown, "commentCount"),
        "share_count": _first_count(shown, "shareCount"),
        "view_count": _first_count(shown, "playCount"),
        "save_count": _first_count(shown, "collectCount"),
    }


def _first_count(shown: list[Fields], name: str) -> int | None:
    return next((count for stats in shown if (count := stats.take_count(name)) is not None), None)


def _is_repost(sec_uid: str | None, capture: Capture) -> bool:
    """Return whether a post is by another than the account whose list the address asks for."""
    asked_for = _LIST_OF.search(capture.url)
    return asked_for is not None and sec_uid is not None and unquote(asked_for.group(1)) != sec_uid
