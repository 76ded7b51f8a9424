"""TikTok Studio, Analytics, Content, "Content.csv": an account's own videos. Its days have no year."""

from __future__ import annotations

import re
from datetime import datetime

from crawler.errors import WrongType
from crawler.items import Capture, Post
from crawler.parsers.dates import decode_tiktok_id
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.days import last_day_before, read_day
from crawler.parsers.exports.export import Export, common, on_day
from crawler.parsers.tags import find_hashtags, find_mentions

_LINK = re.compile(
    r"https?://(?:www\.)?tiktok\.com/@([\w.]{1,30})/(video|photo)/(\d{10,20})/?(?:\?.*)?", re.ASCII
)


def read_row(row: Cells, capture: Capture) -> Post:
    """Return a video or slideshow; the year of its day is the one nearest to the moment in its id."""
    link = row.match("link", _LINK, "the address of a video, such as https://www.tiktok.com/@name/video/7...")
    account, kind, post_id = link.groups()
    text = row.text("text")
    made = decode_tiktok_id(post_id)
    if made.at is None:
        raise WrongType(row.where("link"), post_id, "a video's id that holds the time of its making")
    day = read_day(row.need("day"), row.where("day"), near=made.at)
    return Post(
        post_id=post_id,
        account=account.lower(),
        account_id=None,
        url=f"https://www.tiktok.com/@{account}/{kind}/{post_id}",
        media_type="carousel" if kind == "photo" else "video",
        text=text,
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        share_count=row.count("share_count"),
        view_count=row.count("view_count"),
        **common(row, capture, on_day(day)),
    )


def _collected_at(row: Cells, file_at: datetime) -> datetime:
    said = row.take("collected")
    return last_day_before(said, file_at, row.where("collected")) if said else file_at


def _owner(row: Cells) -> str | None:
    link = _LINK.fullmatch(row.take("link") or "")
    return link[1].lower() if link else None


EXPORTS = (
    Export(
        platform="tiktok",
        route="tiktok_studio",
        title="TikTok Studio (Content.csv)",
        needs={"link": ("Video link",), "day": ("Post time",)},
        takes={
            "text": ("Video title",),
            "collected": ("Time",),
            "like_count": ("Total likes", "Likes"),
            "comment_count": ("Total comments", "Comments"),
            "share_count": ("Total shares", "Shares"),
            "view_count": ("Total views", "Views", "Video views"),
        },
        owner=_owner,
        collected_at=_collected_at,
        read=read_row,
        lookalikes=(
            (
                ("Date", "Video Views", "Profile Views"),
                "TikTok Studio's daily totals (Overview.csv), which name no videos; choose Content",
            ),
            (
                ("Date", "Followers"),
                "TikTok Studio's followers per day, which name no videos; choose Content",
            ),
        ),
    ),
)
