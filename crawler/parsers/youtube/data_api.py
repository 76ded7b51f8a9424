"""The YouTube Data API v3: channels, the uploads playlist, videos and search.

A Short cannot be told from its metadata here. It is one for us when it comes from the channel's playlist
of Shorts ("UUSH..."), or when its maker says so ("#shorts") and it lasts three minutes at most.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from crawler.errors import MissingField
from crawler.fields import Fields, iso_moment
from crawler.items import Account, Capture, Page, Post, Refusal
from crawler.parsers.body import Body
from crawler.parsers.dates import UNDATED, Dated
from crawler.parsers.formats import read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags
from crawler.parsers.youtube.video import PARSER_VERSION, video_post

LONGEST_SHORT = timedelta(minutes=3)
_GONE = frozenset({"Deleted video", "Private video"})
_DURATION = re.compile(r"P(?:(\d{1,4})D)?T?(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,4})S)?", re.ASCII)


def is_kind(kind: str) -> Callable[[Body], bool]:
    """Return a detector of one kind of answer of the API."""
    return lambda body: body.object.get("kind") == f"youtube#{kind}"


def parse_channels(capture: Capture, body: Body) -> Page:
    """Return the first channel, its video count as witness, and its uploads playlist under "uploads"."""
    answer = Fields(body.json, "youtube.channels")
    items = answer.take_items("items")  # absent when no such channel exists
    info = answer.take_within("pageInfo")
    if not items and info and info.take_count("totalResults"):
        raise MissingField("youtube.channels.items", list(answer.raw))
    if not items:
        no_such = Refusal(outcome="not_found", sign="the API knows no such channel")
        return Page(format="youtube.channels", refusal=no_such)
    channel = Fields(items[0], "youtube.channels.item")
    details = channel.take_within("contentDetails")
    playlists = details.take_within("relatedPlaylists") if details else None
    uploads = playlists.take_text("uploads") if playlists else None
    return Page(
        format="youtube.channels",
        account=_read_channel(channel, capture),
        more=(("uploads", uploads),) if uploads else (),
    )


def parse_playlist_items(capture: Capture, body: Body) -> Page:
    """Return a playlist's videos, their ids under "video"; deleted and private ones are left out."""
    answer = Fields(body.json, "youtube.playlist_items")
    items = answer.items("items")
    posts, errors = read_each(items, partial(_read_playlist_item, capture=capture))
    return Page(
        format="youtube.playlist_items",
        posts=posts,
        errors=errors,
        cursor=answer.take_text("nextPageToken") or None,
        more=tuple(("video", post.post_id) for post in posts),
    )


def parse_videos(capture: Capture, body: Body) -> Page:
    """Return videos with their exact date, full text and counts."""
    answer = Fields(body.json, "youtube.videos")
    posts, errors = read_each(answer.items("items"), partial(_read_video, capture=capture))
    return Page(
        format="youtube.videos", posts=posts, errors=errors, cursor=answer.take_text("nextPageToken") or None
    )


def parse_search(capture: Capture, body: Body) -> Page:
    """Return the videos found; their descriptions are cut short in this answer, so text is None."""
    answer = Fields(body.json, "youtube.search")
    posts, errors = read_each(answer.items("items"), partial(_read_result, capture=capture))
    return Page(
        format="youtube.search",
        posts=posts,
        errors=errors,
        cursor=answer.take_text("nextPageToken") or None,
        more=tuple(("video", post.post_id) for post in posts),
    )


def _read_channel(channel: Fields, capture: Capture) -> Account:
    channel_id = channel.identifier("id")
    snippet, statistics = channel.take_within("snippet"), channel.take_within("statistics")
    handle = snippet.take_text("customUrl") if snippet else None
    hidden = statistics.take_flag("hiddenSubscriberCount") if statistics else None
    return Account(
        account=capture.account or handle or channel_id,
        account_id=channel_id,
        name=snippet.take_text("title") if snippet else None,
        url=f"https://www.youtube.com/{handle or 'channel/' + channel_id}",
        description=snippet.take_text("description") if snippet else None,
        followers_count=statistics.take_count("subscriberCount") if statistics and not hidden else None,
        posts_count=statistics.take_count("videoCount") if statistics else None,
        **provenance(capture, PARSER_VERSION),
    )


def _read_playlist_item(raw: object, capture: Capture) -> Post | None:
    item = Fields(raw, "youtube.playlist_items.item")
    snippet, details = item.take_within("snippet"), item.take_within("contentDetails")
    published = details.take("videoPublishedAt") if details else None
    title = snippet.take_text("title") if snippet else None
    if title in _GONE and published is None:
        return None
    video_id = (
        details.identifier("videoId")
        if details
        else item.within("snippet").within("resourceId").identifier("videoId")
    )
    playlist = (snippet.take_text("playlistId") if snippet else None) or ""
    return video_post(
        capture,
        video_id=video_id,
        channel_id=_owner(snippet) if snippet else None,
        title=title,
        text=snippet.take_text("description") if snippet else None,
        is_short=playlist.startswith("UUSH"),
        dated=_dated(published, f"{item.place}.contentDetails.videoPublishedAt"),
    )


def _read_video(raw: object, capture: Capture) -> Post:
    item = Fields(raw, "youtube.videos.item")
    snippet = item.within("snippet")
    statistics = item.take_within("statistics") or Fields({}, f"{item.place}.statistics")
    details = item.take_within("contentDetails")
    title, text = snippet.take_text("title"), snippet.take_text("description")
    return video_post(
        capture,
        video_id=item.identifier("id"),
        channel_id=snippet.take_text("channelId"),
        title=title,
        text=text,
        is_short=_says_short(title, text, details.take_text("duration") if details else None),
        dated=_dated(snippet.take("publishedAt"), f"{snippet.place}.publishedAt"),
        like_count=statistics.take_count("likeCount"),
        comment_count=statistics.take_count("commentCount"),
        view_count=statistics.take_count("viewCount"),
    )


def _read_result(raw: object, capture: Capture) -> Post | None:
    item = Fields(raw, "youtube.search.item")
    video_id = item.within("id").take_identifier("videoId")
    if video_id is None:  # a channel or a playlist
        return None
    snippet = item.within("snippet")
    title = snippet.take_text("title")
    return video_post(
        capture,
        video_id=video_id,
        channel_id=snippet.take_text("channelId"),
        title=html.unescape(title) if title else title,
        text=None,
        dated=_dated(snippet.take("publishedAt"), f"{snippet.place}.publishedAt"),
    )


def _owner(snippet: Fields) -> str | None:
    return snippet.take_text("videoOwnerChannelId") or snippet.take_text("channelId")


def _dated(value: object, place: str) -> Dated:
    if value is None:
        return UNDATED
    return Dated(at=iso_moment(value, place), precision="second", source="api")


def _says_short(title: str | None, text: str | None, duration: str | None) -> bool:
    said = f"{title or ''}\n{text or ''}".lower()
    if "#short" not in said or not {"short", "shorts"}.intersection(find_hashtags(said)):
        return False
    length = _read_duration(duration or "")
    return length is not None and length <= LONGEST_SHORT


def _read_duration(text: str) -> timedelta | None:
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
