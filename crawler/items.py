"""What travels from spider to feed: captures, and the accounts, posts and outcomes read from them.

All moments are aware datetimes in UTC. A count or text that the platform did not show is None, never 0 or "".
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from crawler.errors import ParseError

Platform = Literal["instagram", "tiktok", "youtube", "linkedin"]
MediaType = Literal["image", "carousel", "video", "short", "text", "document", "article", "link"]
Precision = Literal["second", "minute", "hour", "day", "week", "month", "year", "unknown"]
DateSource = Literal["api", "page", "id", "relative", "export", "unknown"]
TranscriptSource = Literal["written", "asr"]  # by a person, or by automatic speech recognition
OutcomeKind = Literal[
    "complete",
    "partial",
    "empty",
    "blocked",
    "rate_limited",
    "challenged",
    "private",
    "not_found",
    "region_locked",
    "parser_broken",
    "over_budget",
    "skipped",
]

PLATFORMS: tuple[Platform, ...] = get_args(Platform)
MEDIA_TYPES: tuple[MediaType, ...] = get_args(MediaType)
PRECISIONS: tuple[Precision, ...] = get_args(Precision)
OUTCOMES: tuple[OutcomeKind, ...] = get_args(OutcomeKind)

_NAMESPACE = uuid.UUID("6f0f6d5e-6d0c-5d0e-8a55-0a1a9f3f7c11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response exactly as the platform sent it, secrets redacted, with what was asked and how.

    `route` is how we reached the platform ("data_api", "rss", "browse", "browser", "zeeschuimer", ...);
    `format` names the parser that reads it ("youtube.browse"), empty where that is still to be detected;
    `account` is the account that was asked for, as the study spells it.
    """

    capture_id: str
    platform: Platform
    route: str
    url: str
    captured_at: datetime
    body: bytes
    status: int = 200
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = b""
    format: str = ""
    account: str = ""

    @property
    def place(self) -> str:
        """Where an error about this capture points to."""
        return f"{self.format or self.platform} at {self.url}"


def capture_id(url: str, captured_at: datetime, body: bytes) -> str:
    """Return an id that is the same whenever the same answer at the same moment is read again."""
    digest = hashlib.sha256(body).hexdigest()
    return str(uuid.uuid5(_NAMESPACE, f"{url}\n{captured_at.isoformat()}\n{digest}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An institution's account as one response showed it. `posts_count` is the witness of completeness."""

    platform: Platform
    account: str
    account_id: str | None
    name: str | None = None
    url: str | None = None
    description: str | None = None
    website: str | None = None
    followers_count: int | None = None
    following_count: int | None = None
    posts_count: int | None = None
    is_private: bool | None = None
    is_verified: bool | None = None
    route: str
    capture_id: str
    captured_at: datetime
    parser_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post as one response showed it; the natural key is (platform, post_id).

    Texts are None where the route does not show them and "" where the post has none. An unknown date is
    None with precision "unknown", never the time of collection. `repost_of` is the id of the original.
    """

    platform: Platform
    post_id: str
    account: str
    account_id: str | None
    url: str
    media_type: MediaType
    text: str | None
    title: str | None = None
    alt_text: str | None = None
    transcript: str | None = None
    transcript_source: TranscriptSource | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    posted_at: datetime | None = None
    posted_precision: Precision = "unknown"
    posted_source: DateSource = "unknown"
    like_count: int | None = None
    comment_count: int | None = None
    share_count: int | None = None
    view_count: int | None = None
    save_count: int | None = None
    is_pinned: bool = False
    is_repost: bool = False
    repost_of: str | None = None
    coauthors: tuple[str, ...] = ()
    route: str
    capture_id: str
    captured_at: datetime
    parser_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a platform said no: the outcome it amounts to, the sign that told, the seconds it asks to wait."""

    outcome: OutcomeKind
    sign: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that one capture says.

    `errors` stand in the place of records that could not be read. `cursor` asks for the next page; None
    on the last one. `more` names follow-ups a route needs (ids of videos, the uploads playlist, a secUid).
    `refusal` is set where the platform said no, and then there are no posts to believe in.
    """

    format: str
    account: Account | None = None
    posts: tuple[Post, ...] = ()
    errors: tuple[ParseError, ...] = ()
    cursor: str | None = None
    more: tuple[tuple[str, str], ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the visit to one account in one crawl ended, with the evidence for it.

    `posts_reported` is what the platform says the account has, None where it says nothing.
    """

    crawl_id: str
    platform: Platform
    account: str
    account_id: str | None
    outcome: OutcomeKind
    sign: str
    status: int | None
    final_url: str | None
    route: str
    legal_ground: str
    posts_collected: int
    posts_reported: int | None
    errors_count: int
    oldest_posted_at: datetime | None
    newest_posted_at: datetime | None
    window_since: datetime | None
    started_at: datetime
    ended_at: datetime
    capture_ids: tuple[str, ...] = field(default=())
