"""What all of YouTube's formats share: a video as a post, and numbers as its pages write them."""

from __future__ import annotations

import re

from crawler.items import Capture, Post
from crawler.parsers.dates import UNDATED, Dated
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, find_mentions

PARSER_VERSION = 1

_GROUPED = r"\d{1,3}(?:[.,\s'’]\d{3})+|\d+"
_VIEWS = re.compile(rf"({_GROUPED})\s+(?:views?|weergaven?|aufrufe?|vues?)")
_NO_VIEWS = frozenset({"no views", "geen weergaven", "keine aufrufe", "aucune vue"})
_VIDEOS = re.compile(rf"({_GROUPED})\s+(?:videos?|video's|vidéos?)")
_SUBSCRIBERS = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,3})?)\s?([kmb]?)\s+(?:subscribers?|abonnees?|abonnenten|abonnés?)"
)
_POWERS = {"": 0, "k": 3, "m": 6, "b": 9}


def video_post(
    capture: Capture,
    *,
    video_id: str,
    channel_id: str | None,
    title: str | None,
    text: str | None,
    account: str | None = None,
    is_short: bool = False,
    dated: Dated = UNDATED,
    like_count: int | None = None,
    comment_count: int | None = None,
    view_count: int | None = None,
) -> Post:
    """Return a video as a post; `text` is the full description, None where only a part of it is shown."""
    shown = f"{title or ''}\n{text or ''}"
    return Post(
        post_id=video_id,
        account=capture.account or account or channel_id or "",
        account_id=channel_id,
        url=video_url(video_id, is_short),
        media_type="short" if is_short else "video",
        title=title,
        text=text,
        hashtags=find_hashtags(shown),
        mentions=find_mentions(shown),
        posted_at=dated.at,
        posted_precision=dated.precision,
        posted_source=dated.source,
        like_count=like_count,
        comment_count=comment_count,
        view_count=view_count,
        **provenance(capture, PARSER_VERSION),
    )


def video_url(video_id: str, is_short: bool) -> str:
    """Return the address of a video's own page."""
    return f"https://www.youtube.com/{'shorts/' if is_short else 'watch?v='}{video_id}"


def read_views(text: str) -> int | None:
    """Return the views that a page states exactly; None for rounded ones and for any other text.

    >>> read_views("1,545,374 views"), read_views("No views"), read_views("12K views")
    (1545374, 0, None)
    """
    plain = text.casefold().strip()
    return 0 if plain in _NO_VIEWS else _read_whole(_VIEWS, plain)


def read_videos(text: str) -> int | None:
    """Return the number of videos that a channel's page states exactly; None for any other text."""
    return _read_whole(_VIDEOS, text.casefold().strip())


def read_subscribers(text: str) -> int | None:
    """Return a channel's subscribers, which YouTube rounds to three digits in its API as on its pages.

    >>> read_subscribers("8.84k subscribers"), read_subscribers("258 videos")
    (8840, None)
    """
    found = _SUBSCRIBERS.fullmatch(text.casefold().strip())
    if found is None:
        return None
    whole, _, decimals = found.group(1).replace(",", ".").partition(".")
    power = _POWERS[found.group(2)]
    if power == 0:
        return int(whole + decimals)
    return int(whole + decimals.ljust(power, "0"))


def _read_whole(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.fullmatch(text[:60])
    return int(re.sub(r"\D", "", found.group(1))) if found else None
