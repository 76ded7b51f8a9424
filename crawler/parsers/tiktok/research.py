"""TikTok's Research API: an account, and videos that a query found."""

from __future__ import annotations

from typing import Any

from crawler.errors import MissingField
from crawler.fields import Fields
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.formats import Body, Format, read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, find_mentions, tidy
from crawler.parsers.tiktok.item import PARSER_VERSION, post_url, read_id


def _detects_videos(body: Body) -> bool:
    data = body.object.get("data")
    return isinstance(data, dict) and "videos" in data


def _parse_videos(capture: Capture, body: Body) -> Page:
    name = "tiktok.research_videos"
    data = Fields(body.json, name).within("data")
    asked_for, origin = capture.account.lstrip("@"), provenance(capture, PARSER_VERSION)
    posts, errors = read_each(data.items("videos"), lambda raw: _read_video(raw, asked_for, origin))
    search_id = data.take_identifier("search_id")
    more = (("search_id", search_id),) if search_id else ()
    if not data.take_flag("has_more"):
        return Page(format=name, posts=posts, errors=errors, more=more)
    cursor = data.take_identifier("cursor")
    lost = () if cursor else (MissingField(f"{name}.data.cursor", list(data.raw)),)
    return Page(format=name, posts=posts, errors=errors + lost, cursor=cursor, more=more)


def _read_video(raw: object, asked_for: str, origin: dict[str, Any]) -> Post:
    video = Fields(raw, "tiktok.video")
    post_id = read_id(video, "video_id" if "video_id" in video.raw else "id")  # video_id until 2023
    account = video.take_text("username") or asked_for
    text, spoken = video.take_text("video_description"), video.take_text("voice_to_text")
    return Post(
        post_id=post_id,
        account=account,
        account_id=None,
        url=post_url(account, post_id),
        media_type="video",
        text=text,
        transcript=spoken,
        transcript_source="asr" if spoken else None,
        hashtags=_read_hashtags(video, text),
        mentions=find_mentions(text),
        posted_at=video.moment("create_time"),
        posted_precision="second",
        posted_source="api",
        like_count=video.take_count("like_count"),
        comment_count=video.take_count("comment_count"),
        share_count=video.take_count("share_count"),
        view_count=video.take_count("view_count"),
        save_count=video.take_count(
            "favorites_count" if "favorites_count" in video.raw else "favourites_count"
        ),
        **origin,
    )


def _read_hashtags(video: Fields, text: str | None) -> tuple[str, ...]:
    names = video.take_items("hashtag_names")
    return tidy([name for name in names if isinstance(name, str)]) or find_hashtags(text)


def _detects_user(body: Body) -> bool:
    data = body.object.get("data")
    return isinstance(data, dict) and "follower_count" in data


def _parse_user(capture: Capture, body: Body) -> Page:
    """Return the account; the API gives it no id that its videos have too."""
    user = Fields(body.json, "tiktok.research_user").within("data")
    username = capture.account.lstrip("@")
    account = Account(
        account=username,
        account_id=None,
        name=user.take_text("display_name"),
        url=f"https://www.tiktok.com/@{username}",
        description=user.take_text("bio_description"),
        followers_count=user.take_count("follower_count"),
        following_count=user.take_count("following_count"),
        posts_count=user.take_count("video_count"),
        is_private=user.take_flag("is_private"),
        is_verified=user.take_flag("is_verified"),
        **provenance(capture, PARSER_VERSION),
    )
    return Page(format="tiktok.research_user", account=account)


FORMATS = (
    Format(name="tiktok.research_user", platform="tiktok", detects=_detects_user, parse=_parse_user),
    Format(name="tiktok.research_videos", platform="tiktok", detects=_detects_videos, parse=_parse_videos),
)
