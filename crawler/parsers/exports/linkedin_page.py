"""LinkedIn, page analytics, Content, Export: sheet "All posts" of an organisation's own page."""

from __future__ import annotations

import re

from crawler.items import Capture, MediaType, Post
from crawler.parsers.dates import UNDATED, Dated, decode_linkedin_id
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.days import read_numbers
from crawler.parsers.exports.export import Export, common, on_day
from crawler.parsers.tags import find_hashtags, find_mentions

_LINK = re.compile(
    r"https?://(?:[a-z]+\.)?linkedin\.com/\S*?(activity|share|ugcPost)[:-](\d{15,20})\b\S*", re.ASCII
)
_TYPES: dict[str, MediaType] = {
    "text": "text",
    "image": "image",
    "multi image": "carousel",
    "multi-image": "carousel",
    "carousel": "carousel",
    "video": "video",
    "live video": "video",
    "document": "document",
    "article": "article",
    "newsletter": "article",
    "link": "link",
    "event": "link",
    "job": "link",
    "poll": "text",
    "celebration": "image",
}


def read_row(row: Cells, capture: Capture) -> Post:
    """Return a post; "Post title" is its text. Impressions are no views and are not read."""
    link = row.match("link", _LINK, "the address of a post with its number")
    kind, number = link.groups()
    text = row.text("text")
    day = read_numbers(row.need("day"), row.date_order, row.where("day"))
    return Post(
        post_id=number,
        account=capture.account,
        account_id=None,
        url=f"https://www.linkedin.com/feed/update/urn:li:{kind}:{number}",
        media_type=row.one_of("media_type", _TYPES) if row.take("media_type") else "text",
        text=text,
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        share_count=row.count("share_count"),
        view_count=row.count("view_count"),
        **common(row, capture, on_day(day)),
    )


def _advertisement(row: Cells) -> str:
    return "an advertisement" if (row.take("kind") or "").casefold() == "sponsored" else ""


def _dates(row: Cells) -> tuple[str, Dated]:
    link = _LINK.fullmatch(row.take("link") or "")
    return row.take("day") or "", decode_linkedin_id(link[2]) if link else UNDATED


EXPORTS = (
    Export(
        platform="linkedin",
        route="linkedin_page",
        title="LinkedIn page analytics (content, All posts)",
        needs={"text": ("Post title",), "link": ("Post link",), "day": ("Created date",)},
        takes={
            "kind": ("Post type",),
            "view_count": ("Views", "Views (Excluding offsite video views)"),
            "like_count": ("Likes", "Reactions"),
            "comment_count": ("Comments",),
            "share_count": ("Reposts", "Shares"),
            "media_type": ("Content Type",),
        },
        ignores=(
            "Campaign name",
            "Campaign start date",
            "Campaign end date",
            "Audience",
            "Impressions",
            "Offsite Views",
            "Clicks",
            "Click through rate (CTR)",
            "Follows",
            "Engagement rate",
        ),
        private=("Posted by",),
        names_account=False,
        leaves_out=_advertisement,
        dates=_dates,
        read=read_row,
        lookalikes=(
            (
                ("Date", "Impressions (organic)", "Clicks (total)"),
                "LinkedIn's daily totals (sheet Metrics), which name no posts; the sheet All posts is needed",
            ),
        ),
    ),
)
