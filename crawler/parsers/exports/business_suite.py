"""Meta Business Suite, Insights, Content: an Instagram account's own posts; Facebook's and stories are left out.

The file does not say in which time zone its times are: they are taken as written and no finer than a day.
"""

from __future__ import annotations

from crawler.errors import ParseError
from crawler.items import Capture, MediaType, Post
from crawler.parsers.dates import UNDATED, Dated, decode_instagram_pk
from crawler.parsers.exports.cells import Cells
from crawler.parsers.exports.days import read_numbers
from crawler.parsers.exports.export import Export, column, common, on_day
from crawler.parsers.instagram.shortcode import decode, from_permalink, post_url
from crawler.parsers.tags import find_hashtags, find_mentions

_TYPES: dict[str, MediaType] = {
    "ig image": "image",
    "ig photo": "image",
    "ig carousel": "carousel",
    "ig video": "video",
    "ig reel": "short",
}


def read_row(row: Cells, capture: Capture) -> Post:
    """Return a post; its id is the shortcode in its address, as on every other route."""
    if row.has("span"):
        row.one_of("span", {"lifetime": True})
    permalink = row.need("permalink")
    code = from_permalink(permalink, row.where("permalink"))
    text = row.text("text")
    day = read_numbers(row.need("at"), row.date_order, row.where("at"))
    return Post(
        post_id=code,
        account=row.need("account").lstrip("@").lower(),
        account_id=row.account_id("account_id"),
        url=post_url(code),
        media_type=row.one_of("media_type", _TYPES),
        text=text,
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        like_count=row.count("like_count"),
        comment_count=row.count("comment_count"),
        share_count=row.count("share_count"),
        save_count=row.count("save_count"),
        view_count=row.count("view_count"),
        **common(row, capture, on_day(day)),
    )


def _no_post(row: Cells) -> str:
    permalink, kind = (row.take("permalink") or "").lower(), (row.take("media_type") or "").lower()
    if "facebook.com/" in permalink or "fb.watch/" in permalink:
        return "Facebook's"
    return "a story" if kind == "ig story" or "instagram.com/stories/" in permalink else ""


def _dates(row: Cells) -> tuple[str, Dated]:
    try:
        pk = decode(from_permalink(row.need("permalink"), ""))
    except ParseError:
        return row.take("at") or "", UNDATED
    return row.take("at") or "", decode_instagram_pk(pk)


EXPORTS = (
    Export(
        platform="instagram",
        route="business_suite",
        title="Meta Business Suite (content, Instagram)",
        needs={
            "account": ("Account username",),
            "text": ("Description",),
            "at": ("Publish time",),
            "permalink": ("Permalink",),
            "media_type": ("Post type",),
        },
        takes={
            "account_id": ("Account ID",),
            "span": ("Date",),
            "view_count": ("Views", "Plays"),
            "like_count": ("Likes",),
            "share_count": ("Shares",),
            "comment_count": ("Comments",),
            "save_count": ("Saves",),
        },
        ignores=(
            "Post ID",
            "Account name",
            "Duration (sec)",
            "Data comment",
            "Reach",
            "Impressions",
            "Follows",
            "Profile visits",
            "Replies",
            "Navigation",
            "Link clicks",
            "Sticker taps",
            "Reactions",
            "Title",
            "Page ID",
            "Page name",
            "Caption type",
            "Is crossposted",
            "Is share",
            "Languages",
            "Custom labels",
            "Funded content status",
            "Reactions, Comments and Shares",
            "Total clicks",
        ),
        owner=column("account"),
        leaves_out=_no_post,
        dates=_dates,
        read=read_row,
        lookalikes=(
            (
                ("Page ID", "Page name", "Publish time"),
                "Meta Business Suite's export of a Facebook page, which Uitzicht does not follow; choose Instagram",
            ),
        ),
    ),
)
