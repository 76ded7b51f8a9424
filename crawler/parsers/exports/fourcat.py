"""4CAT's CSV, which Zeeschuimer's own CSV export follows: one row a post, by the platform that it came from."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from crawler.errors import WrongType
from crawler.fields import epoch
from crawler.items import Capture, MediaType, Post
from crawler.parsers.dates import (
    UNDATED,
    Dated,
    decode_linkedin_id,
    decode_tiktok_id,
    read_relative,
    reconcile,
)
from crawler.parsers.exports import ytdt
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.export import Export, at_second, column, common
from crawler.parsers.instagram.shortcode import check, post_url
from crawler.parsers.tags import find_hashtags, find_mentions, tidy

_NUMBER = re.compile(r"\d{10,20}", re.ASCII)
_IN_LINK = re.compile(r"(?:/video/|/photo/|activity[:-])(\d{10,20})\b", re.ASCII)
_COMPANY = re.compile(r"/?(company|school|showcase)/([^/?]+).*")
_STAMP = re.compile(r"\d{4}_\d{2}_\d{2}-\d{2}_\d{2}_\d{2}", re.ASCII)
_INSTAGRAM: dict[str, MediaType] = {
    "photo": "image",
    "picture": "image",
    "image": "image",
    "video": "video",
    "mixed": "carousel",
}


def read_instagram(row: Cells, capture: Capture) -> Post:
    """Return an Instagram post; reels are videos here, and a partial item has neither date nor counts."""
    code = check(row.need("id"), row.where("id"))
    text, hidden = row.text("text"), (row.take("hidden") or "").casefold() == "yes"
    media_type = row.one_of("media_type", _INSTAGRAM)
    return Post(
        post_id=code,
        account=(row.take("account") or capture.account).lower(),
        account_id=row.account_id("account_id"),
        url=post_url(code),
        media_type="carousel" if (row.count("parts") or 1) > 1 else media_type,
        text=text,
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        like_count=None if hidden else row.count("like_count"),
        comment_count=row.count("comment_count"),
        view_count=None if hidden else row.count("view_count"),
        coauthors=tidy((row.take("coauthors") or "").split(",")),
        **common(row, capture, _moment(row)),
    )


def read_tiktok(row: Cells, capture: Capture) -> Post:
    """Return a TikTok post; `alt_text` is the text on screen."""
    post_id = _post_id(row)
    account = row.need("account").lstrip("@").lower()
    text, is_photo = row.text("text"), "/photo/" in (row.take("link") or "")
    moment = _moment(row)
    return Post(
        post_id=post_id,
        account=account,
        account_id=row.account_id("account_id"),
        url=f"https://www.tiktok.com/@{account}/{'photo' if is_photo else 'video'}/{post_id}",
        media_type="carousel" if is_photo else "video",
        text=text,
        alt_text=row.take("stickers"),
        hashtags=tidy((row.take("hashtags") or "").split(",")) or find_hashtags(text),
        mentions=find_mentions(text),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        share_count=row.count("share_count"),
        view_count=row.count("view_count"),
        **common(row, capture, moment if moment.at else decode_tiktok_id(post_id)),
    )


def read_linkedin(row: Cells, capture: Capture) -> Post:
    """Return an organisation's post, dated by its id unless the page's own "2w" contradicts that."""
    number = _post_id(row)
    owner = row.match("account", _COMPANY, "an organisation, such as company/roc-voorbeeld").group(2)
    text = row.text("text")
    said = row.take("ago")
    by_text = read_relative(said, capture.captured_at) if said else UNDATED
    return Post(
        post_id=number,
        account=capture.account or owner.casefold(),
        account_id=None,
        url=f"https://www.linkedin.com/feed/update/urn:li:activity:{number}",
        media_type=_linkedin_type(row),
        text=text,
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        share_count=row.count("share_count"),
        **common(row, capture, reconcile(decode_linkedin_id(number), by_text, capture.captured_at)),
    )


def _post_id(row: Cells) -> str:
    """Return a post's number; where Excel may have rounded it, the one in its address, which is text."""
    said, there = row.need("id"), _IN_LINK.search(row.take("link") or "")
    if there and ("e+" in said.casefold() or said.endswith("000")):
        return there[1]
    return row.match("id", _NUMBER, "the number of a post").group()


def _linkedin_type(row: Cells) -> MediaType:
    if row.take("video"):
        return "video"
    images = (row.take("images") or "").count("http")
    if images:
        return "carousel" if images > 1 else "image"
    return "link" if row.take("target") else "text"


def _moment(row: Cells) -> Dated:
    return at_second(row.take_epoch("unix") if row.has("unix") else row.take_moment("posted_at"))


def _comment(row: Cells) -> str:
    return "a comment" if row.take("media_type") == "comment" else ""


def _persons(row: Cells) -> str:
    account = row.take("account") or ""
    return (
        "a private person's" if account.lstrip("/").startswith("in/") or row.take("company") == "no" else ""
    )


def _seen_at(row: Cells, file_at: datetime) -> datetime:
    return row.take_epoch("seen_unix") or row.take_moment("seen_at") or file_at


def _youtube_seen_at(row: Cells, file_at: datetime) -> datetime:
    found = _STAMP.search(row.take("seen_at") or "")
    if found is None:
        return file_at
    try:
        said = datetime.strptime(found.group(), "%Y_%m_%d-%H_%M_%S").replace(tzinfo=UTC)
        return epoch(said.timestamp(), row.where("seen_at"))
    except ValueError:
        raise WrongType(row.where("seen_at"), row.need("seen_at"), "such as 2026_05_21-10_00_00") from None


_SHARED = {"id": ("id",), "thread": ("thread_id",), "account": ("author",), "text": ("body",)}
_INSTAGRAM_NEEDS = {
    **_SHARED,
    "posted_at": ("timestamp",),
    "media_type": ("media_type", "type"),
    "like_count": ("num_likes",),
    "comment_count": ("num_comments",),
}
_INSTAGRAM_TAKES = {
    "unix": ("unix_timestamp",),
    "account_id": ("author_id",),
    "hidden": ("likes_hidden",),
    "parts": ("num_media",),
    "view_count": ("play_count",),
    "coauthors": ("coauthors",),
}
_TIKTOK_NEEDS = {
    **_SHARED,
    "posted_at": ("timestamp",),
    "link": ("tiktok_url",),
    "like_count": ("likes",),
    "comment_count": ("comments",),
    "share_count": ("shares",),
    "view_count": ("plays",),
}
_TIKTOK_TAKES = {
    "unix": ("unix_timestamp",),
    "account_id": ("author_id",),
    "stickers": ("stickers",),
    "hashtags": ("hashtags",),
}
_LINKEDIN_NEEDS = {
    **_SHARED,
    "link": ("post_url",),
    "ago": ("timestamp_ago",),
    "like_count": ("reactions",),
    "comment_count": ("comments",),
    "share_count": ("shares",),
}
_LINKEDIN_TAKES = {
    "seen_unix": ("unix_timestamp_collected",),
    "seen_at": ("timestamp_collected",),
    "company": ("author_is_company",),
    "video": ("video_thumb_url",),
    "images": ("image_urls",),
    "target": ("link_url",),
}

EXPORTS = (
    Export(
        platform="instagram",
        route="fourcat",
        title="4CAT (Instagram)",
        needs=_INSTAGRAM_NEEDS,
        takes=_INSTAGRAM_TAKES,
        ignores=("*",),
        owner=column("account"),
        leaves_out=_comment,
        read=read_instagram,
    ),
    Export(
        platform="tiktok",
        route="fourcat",
        title="4CAT (TikTok)",
        needs=_TIKTOK_NEEDS,
        takes=_TIKTOK_TAKES,
        ignores=("*",),
        owner=column("account"),
        read=read_tiktok,
    ),
    Export(
        platform="youtube",
        route="fourcat",
        title="4CAT (YouTube, from YouTube Data Tools)",
        needs={**ytdt.NEEDS, "thread": ("thread_id",), "body": ("body",)},
        takes={**ytdt.TAKES, "seen_at": ("date_collected",)},
        ignores=("*",),
        owner=column("channel_id"),
        collected_at=_youtube_seen_at,
        read=ytdt.read_row,
    ),
    Export(
        platform="linkedin",
        route="fourcat",
        title="4CAT (LinkedIn)",
        needs=_LINKEDIN_NEEDS,
        takes=_LINKEDIN_TAKES,
        ignores=("*",),
        private=("author_mentions", "author_name_mentions"),
        owner=column("account"),
        leaves_out=_persons,
        collected_at=_seen_at,
        read=read_linkedin,
    ),
)
