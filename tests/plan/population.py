"""Institutions by the dozen, for plans: accounts that post as often as chance has it, fewer times in summer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.mocksite import Behaviour, SitePost
from tests.mocksite.content import read_post

DAY = timedelta(days=1)
# Median posts a week of an account, and how far accounts differ (sigma of a lognormal distribution). These are not
# the assumptions that a plan makes where it knows nothing.
RHYTHMS = {
    "instagram": (2.2, 0.7),
    "tiktok": (0.6, 1.0),
    "youtube": (0.4, 0.9),
    "linkedin": (2.0, 0.7),
}
MEDIA = {"youtube": ("video", "video", "short"), "linkedin": ("text", "image")}
SUMMER = {7: 0.4, 8: 0.6}


def handle(platform: str, number: int) -> str:
    """Return the account of an institution."""
    return f"{'@' if platform == 'youtube' else ''}school{number:02}"


def accounts(institutions: int) -> list[tuple[str, str]]:
    """Return platform and handle of every account."""
    return [(platform, handle(platform, number)) for number in range(institutions) for platform in RHYTHMS]


def posts(institutions: int, until: datetime, *, seed: int) -> list[SitePost]:
    """Return all that the accounts ever posted, the oldest accounts for six years."""
    chance = random.Random(seed)  # noqa: S311
    return [post for one in accounts(institutions) for post in _posts(*one, until, chance)]


def dead(institutions: int, *, seed: int) -> list[Behaviour]:
    """Return what ails a few of the accounts: one in twenty-five is gone, some are private."""
    chance = random.Random(seed)  # noqa: S311
    gone = [one for one in accounts(institutions) if one[0] != "linkedin" and chance.random() < 0.04]
    return [Behaviour(kind="vanished", platform=platform, account=name) for platform, name in gone]


def _posts(platform: str, name: str, until: datetime, chance: random.Random) -> Iterator[SitePost]:
    median, sigma = RHYTHMS[platform]
    gap = 7 * DAY / (median * chance.lognormvariate(0, sigma))
    at = until - chance.uniform(1.5, 6) * 365 * DAY
    kinds = MEDIA.get(platform, ("video", "image", "carousel"))
    number = 0
    while (at := at + gap * chance.expovariate(1)) < until:
        if chance.random() > SUMMER.get(at.month, 1):
            continue
        number += 1
        yield read_post(
            {
                "account": name,
                "platform": platform,
                "posted_at": at.isoformat(),
                "media": kinds[number % len(kinds)],
                "title": f"Aflevering {number}" if platform == "youtube" else "",
                "text": f"Bericht {number} uit lokaal {number % 97}",
            }
        )
