"""Ids, counts and cursors that follow from an account or a post alone: the same in every run.

Each platform puts time into its ids in its own way, and so does the site.
"""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from statistics import NormalDist

INSTAGRAM_EPOCH_MS = 1_314_220_021_721
MEDIAN_FOLLOWERS = {"instagram": 4_200, "tiktok": 2_600, "youtube": 950, "linkedin": 11_000}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_NORMAL = NormalDist()


def number(*parts: object) -> int:
    """Return 64 bits that follow from the parts."""
    text = "\n".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def letters(length: int, *parts: object) -> str:
    """Return letters, digits, - and _ that follow from the parts."""
    digest = hashlib.shake_128("\n".join(str(part) for part in parts).encode()).digest(length)
    return base64.urlsafe_b64encode(digest).decode()[:length]


def epoch_ms(moment: datetime) -> int:
    """Return milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def shortcode(pk: int) -> str:
    """Return an Instagram media's shortcode.

    >>> shortcode(3700000000000000001)
    'DNZCmWE8gAB'
    """
    code = ""
    while pk:
        pk, rest = divmod(pk, 64)
        code = _ALPHABET[rest] + code
    return code


def instagram_pk(posted_ms: int, seed: int) -> int:
    """Return an Instagram media's pk: time and 23 other bits."""
    return (posted_ms - INSTAGRAM_EPOCH_MS) << 23 | seed >> 41


def tiktok_id(posted_ms: int, seed: int) -> int:
    """Return a TikTok video's id: the second and 32 other bits."""
    return (posted_ms // 1000) << 32 | seed >> 32


def youtube_id(seed: int) -> str:
    """Return a YouTube video's id of eleven characters."""
    return base64.urlsafe_b64encode(seed.to_bytes(8)).decode().rstrip("=")


def linkedin_id(posted_ms: int, seed: int) -> int:
    """Return a LinkedIn activity's id: the millisecond and 22 other bits."""
    return posted_ms << 22 | seed >> 42


def post_id(platform: str, posted_ms: int, seed: int) -> str:
    """Return the id by which a platform's pages know a post."""
    if platform == "instagram":
        return shortcode(instagram_pk(posted_ms, seed))
    if platform == "youtube":
        return youtube_id(seed)
    return str((tiktok_id if platform == "tiktok" else linkedin_id)(posted_ms, seed))


def spread(*parts: object) -> float:
    """Return a value of the standard normal distribution that follows from the parts."""
    return _NORMAL.inv_cdf((number(*parts) + 1) / (2**64 + 2))


@lru_cache(maxsize=4096)
def followers(platform: str, key: str) -> int:
    """Return how many follow an account: heavy-tailed, other per platform."""
    return int(MEDIAN_FOLLOWERS[platform] * math.exp(0.7 * spread("followers", platform, key))) + 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What people did with a post."""

    likes: int
    comments: int
    shares: int
    saves: int
    views: int


@lru_cache(maxsize=65536)
def counts(seed: int, reach: int) -> Counts:
    """Return a post's counts: heavy-tailed, and larger where more people follow."""
    likes = 0.05 * reach**0.88 * math.exp(0.95 * spread("likes", seed))
    return Counts(
        likes=int(likes),
        comments=int(0.05 * likes * math.exp(1.1 * spread("comments", seed))),
        shares=int(0.06 * likes * math.exp(1.2 * spread("shares", seed))),
        saves=int(0.07 * likes * math.exp(0.9 * spread("saves", seed))),
        views=int(likes * 18 * math.exp(0.5 * spread("views", seed))) + 3,
    )


def seal(kind: str, posted_ms: int, seed: int) -> str:
    """Return an opaque cursor that says which post came last."""
    return base64.urlsafe_b64encode(f"{kind}:{posted_ms}:{seed}".encode()).decode().rstrip("=")


def unseal(kind: str, cursor: str) -> tuple[int, int] | None:
    """Return the post that a cursor says came last; None when the cursor is not of this kind."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        found, posted_ms, seed = text.rsplit(":", 2)
        return (int(posted_ms), int(seed)) if found == kind else None
    except ValueError:
        return None
