"""YouTube Studio, advanced mode, "Table data.csv": a channel's own videos with their views.

The same file name also holds tables by geography, date or traffic source; only the one by content has videos.
"""

from __future__ import annotations

import re

from crawler.items import Capture, Post
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.days import read_day
from crawler.parsers.exports.export import Export, common, on_day
from crawler.parsers.tags import find_hashtags, find_mentions

VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)
_OTHERS = (
    "Date",
    "Geography",
    "Cities",
    "City",
    "Traffic source",
    "Viewer age",
    "Viewer gender",
    "Subscription status",
    "Subscription source",
    "Playlist",
    "Device type",
    "Operating system",
    "Playback location",
    "Subtitles and CC",
    "Content type",
    "New and returning viewers",
)


def read_row(row: Cells, capture: Capture) -> Post:
    """Return a video; whether it is a Short the table does not say, and the day is the channel's own."""
    video_id = row.match("video_id", VIDEO_ID, "the 11 characters of a video's id").group()
    day = row.take("day")
    title = row.text("title")
    return Post(
        post_id=video_id,
        account=capture.account,
        account_id=None,
        url=f"https://www.youtube.com/watch?v={video_id}",
        media_type="video",
        title=title,
        text=None,
        hashtags=find_hashtags(title),
        mentions=find_mentions(title),
        view_count=row.count("view_count"),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        share_count=row.count("share_count"),
        **common(row, capture, on_day(read_day(day, row.where("day")) if day else None)),
    )


def _total(row: Cells) -> str:
    return "the row of totals" if row.take("video_id") in ("Total", "Totaal") else ""


EXPORTS = (
    Export(
        platform="youtube",
        route="youtube_studio",
        title="YouTube Studio (Table data.csv)",
        needs={
            "video_id": ("Content", "Video"),
            "title": ("Video title",),
            "day": ("Video publish time", "Video publish date"),
        },
        takes={
            "view_count": ("Views",),
            "like_count": ("Likes",),
            "comment_count": ("Comments added", "Comments"),
            "share_count": ("Shares",),
        },
        ignores=(
            "Duration",
            "Watch time (hours)",
            "Subscribers",
            "Impressions",
            "Impressions click-through rate (%)",
            "Average view duration",
            "Average percentage viewed (%)",
            "Engaged views",
            "Likes (vs. dislikes) (%)",
            "Dislikes",
            "Subscribers gained",
            "Subscribers lost",
            "Unique viewers",
            "Average views per viewer",
            "New viewers",
            "Returning viewers",
            "Casual viewers",
            "Regular viewers",
            "Estimated revenue (EUR)",
            "Your estimated revenue (EUR)",
        ),
        names_account=False,
        leaves_out=_total,
        caution="its numbers are those of the period that was chosen on the screen, which the file does not name;"
        " only with Lifetime are they what others count",
        read=read_row,
        lookalikes=tuple(
            ((name, "Views"), f"YouTube Studio's table by {name}, which names no videos; choose Content")
            for name in _OTHERS
        ),
    ),
)
