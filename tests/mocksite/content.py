"""The posts that the site serves, neutral of platform, as read from JSON lines or made by the thousand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.mocksite import ids

PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
MEDIA = ("image", "carousel", "video", "short", "text", "document", "article")
GIVEN = frozenset(
    ("account", "platform", "posted_at", "media", "title", "text", "alt_text", "transcript")
) | {
    "pinned",
    "hidden_likes",
    "repost_of",
    "edited_text",
    "coauthors",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePost:
    """One post; `seed` gives its ids and counts, and stays when its text is edited."""

    seed: int
    platform: str
    account: str
    posted_at: datetime
    media: str
    title: str = ""
    text: str = ""
    alt_text: str = ""
    transcript: str = ""
    pinned: bool = False
    hidden_likes: bool = False
    repost_of: str = ""
    edited_text: str = ""
    edited: bool = False
    coauthors: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[int, int]:
        """Newer posts are greater, and no two are equal."""
        return ids.epoch_ms(self.posted_at), self.seed

    @property
    def post_id(self) -> str:
        """The id by which the platform's pages know the post; on Instagram its shortcode."""
        return ids.post_id(self.platform, *self.order)

    @property
    def shown_text(self) -> str:
        """The text as it stands now."""
        return self.edited_text if self.edited else self.text

    def after_edit(self, text: str = "") -> SitePost:
        """Return the post as it stands after its author edited the text."""
        return replace(self, edited=True, edited_text=text or self.edited_text)


def account_key(handle: str) -> str:
    """Return a handle as the site compares it: without @, in lower case."""
    return handle.strip().lstrip("@").casefold()


def read_post(line: Mapping[str, Any], place: str = "post") -> SitePost:
    """Return a post from a line of content; an unknown key or value is an error that names it."""
    if unknown := sorted(set(line) - GIVEN):
        raise ValueError(f"{place} has {', '.join(unknown)}; expected only {', '.join(sorted(GIVEN))}")
    platform, media = str(line.get("platform")), str(line.get("media"))
    if platform not in PLATFORMS or media not in MEDIA:
        raise ValueError(f"{place} is {platform} {media}; expected one of {PLATFORMS} and one of {MEDIA}")
    posted_at = datetime.fromisoformat(line["posted_at"])
    if posted_at.tzinfo is None:
        raise ValueError(f"{place}.posted_at is {line['posted_at']!r}; expected a moment with a zone")
    texts = {name: str(line.get(name) or "") for name in ("title", "text", "alt_text", "transcript")}
    return SitePost(
        seed=ids.number("post", platform, account_key(line["account"]), line["posted_at"], texts["text"]),
        platform=platform,
        account=str(line["account"]),
        posted_at=posted_at.astimezone(UTC),
        media=media,
        title=texts["title"],
        text=texts["text"],
        alt_text=texts["alt_text"],
        transcript=texts["transcript"],
        pinned=bool(line.get("pinned")),
        hidden_likes=bool(line.get("hidden_likes")),
        repost_of=str(line.get("repost_of") or ""),
        edited_text=str(line.get("edited_text") or ""),
        coauthors=tuple(line.get("coauthors") or ()),
    )


def read_content(folder: Path) -> Iterator[SitePost]:
    """Find the posts of every .jsonl file in a folder."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                yield read_post(json.loads(line), f"{path.name} line {number}")


def as_posts(content: Path | Iterable[SitePost | Mapping[str, Any]]) -> list[SitePost]:
    """Return posts from a folder of content, from lines of content or from posts."""
    if isinstance(content, Path):
        return list(read_content(content))
    return [post if isinstance(post, SitePost) else read_post(post) for post in content]


def many_posts(
    count: int,
    platform: str = "instagram",
    account: str = "veelposter",
    *,
    newest: datetime = datetime(2026, 11, 14, 18, tzinfo=UTC),
    apart: timedelta = timedelta(hours=5, seconds=7),
    pinned: int = 0,
) -> list[SitePost]:
    """Return `count` posts of one account, each with a text of its own; the oldest `pinned` ones are pinned."""
    media = {"youtube": ("video", "video", "short"), "linkedin": ("text", "image")}
    kinds = media.get(platform, ("video", "image", "carousel"))
    return [
        read_post(
            {
                "account": account,
                "platform": platform,
                "posted_at": (newest - apart * number).isoformat(),
                "media": kinds[number % len(kinds)],
                "title": f"Aflevering {count - number}" if platform == "youtube" else "",
                "text": f"Bericht {count - number} van {count}, uit lokaal {number % 97}. #dag{number % 7}",
                "pinned": number >= count - pinned,
            }
        )
        for number in range(count)
    ]
