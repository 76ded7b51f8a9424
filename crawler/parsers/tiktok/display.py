"""TikTok's Display API: the account that a token belongs to, and its videos.

It cuts descriptions at 150 characters; there is no transcript and no list of hashtags.
"""

from __future__ import annotations

from functools import partial

from crawler.errors import MissingField
from crawler.fields import Fields
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.formats import Body, Format, read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, find_mentions
from crawler.parsers.tiktok.item import PARSER_VERSION, post_url, read_id


def detects_user(body: Body) -> bool:
    """Return whether the body says whose the token is."""
    data = body.object.get("data")
    user = data.get("user") if isinstance(data, dict) else None
    return isinstance(user, dict) and "display_name" in user


def detects_videos(body: Body) -> bool:
    """Return whether the body is a list of own videos; the Research API names their account."""
    data = body.object.get("data")
    videos = data.get("videos") if isinstance(data, dict) else None
    first = videos[0] if isinstance(videos, list) and videos else None
    return isinstance(first, dict) and "share_url" in first


def parse_user(capture: Capture, body: Body) -> Page:
    """Return the account, its handle under "username"; it is the asked one only where that says so."""
    user = Fields(body.json, "tiktok.display_user").within("data").within("user")
    username = user.text("username")
    account = Account(
        account=username,
        account_id=None,  # the open_id is another one for every app
        name=user.take_text("display_name"),
        url=f"https://www.tiktok.com/@{username}",
        description=user.take_text("bio_description"),
        followers_count=user.take_count("follower_count"),
        following_count=user.take_count("following_count"),
        posts_count=user.take_count("video_count"),
        is_verified=user.take_flag("is_verified"),
        **provenance(capture, PARSER_VERSION),
    )
    return Page(format="tiktok.display_user", account=account, more=(("username", username),))


def parse_videos(capture: Capture, body: Body) -> Page:
    """Return a page of own videos, newest first."""
    data = Fields(body.json, "tiktok.display_videos").within("data")
    posts, errors = read_each(data.take_items("videos"), partial(_read_video, capture=capture))
    cursor = data.take_identifier("cursor") if data.take_flag("has_more") else None
    if data.take_flag("has_more") and cursor is None:
        errors += (MissingField("tiktok.display_videos.data.cursor", list(data.raw)),)
    return Page(format="tiktok.display_videos", posts=posts, errors=errors, cursor=cursor)


def _read_video(raw: object, capture: Capture) -> Post:
    video = Fields(raw, "tiktok.video")
    post_id = read_id(video, "id")
    account = capture.account.lstrip("@")
    text = video.take_text("video_description")
    address = (video.take_text("share_url") or "").partition("?")[0]
    return Post(
        post_id=post_id,
        account=account,
        account_id=None,
        url=address or post_url(account, post_id),
        media_type="carousel" if "/photo/" in address else "video",
        title=video.take_text("title") or None,
        text=text,
        hashtags=find_hashtags(text),
        mentions=find_mentions(text),
        posted_at=video.moment("create_time"),
        posted_precision="second",
        posted_source="api",
        like_count=video.take_count("like_count"),
        comment_count=video.take_count("comment_count"),
        share_count=video.take_count("share_count"),
        view_count=video.take_count("view_count"),
        **provenance(capture, PARSER_VERSION),
    )


FORMATS = (
    Format(name="tiktok.display_user", platform="tiktok", detects=detects_user, parse=parse_user),
    Format(name="tiktok.display_videos", platform="tiktok", detects=detects_videos, parse=parse_videos),
)
