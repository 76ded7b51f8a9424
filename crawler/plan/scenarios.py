"""How many posts an account may have: from its own past, from accounts like it, or from a stated assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from statistics import fmean
from typing import Any, Literal

from crawler.items import Platform
from crawler.plan.past import DAY, Past
from crawler.plan.walks import Scenario
from crawler.study import CrawlStudy
from crawler.tiktok_api import windows

Ground = Literal["its own past", "accounts like it", "an assumption"]

# Posts a week, where nothing is known: as many accounts post as seldom or as often as each of these.
ASSUMED_PER_WEEK: dict[Platform, tuple[float, ...]] = {
    "instagram": (0.5, 1.5, 2.5, 4.0, 7.0),
    "tiktok": (0.1, 0.5, 1.0, 2.0, 4.0),
    "youtube": (0.1, 0.3, 0.6, 1.0, 2.0),
    "linkedin": (0.5, 1.5, 2.5, 4.0, 7.0),
}
ASSUMED_GONE = 20  # one account in so many is not there any more
ASSUMED_AGE = timedelta(days=5 * 365)  # of an account
ENOUGH_PEERS = 5
_STEPS = (-1.3, -0.5, 0.0, 0.5, 1.3)  # fifths of a normal distribution
_FAR = (-2.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """What may be met: equally likely scenarios, further ones that are possible, and what they rest on.

    `seen` is of how many accounts the likely ones are told; 0 where it is the account's own past.
    """

    likely: tuple[Scenario, ...]
    possible: tuple[Scenario, ...] = ()
    rests_on: Ground
    seen: int = 0
    posts_per_week: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The study's window as a visit now meets it."""

    since: datetime
    last_day: date
    now: datetime
    overlap: timedelta

    @classmethod
    def of(cls, study: CrawlStudy, now: datetime) -> Frame:
        """Return the frame of a study at a moment."""
        overlap = timedelta(days=study.crawl.overlap_days)
        today = now.astimezone(UTC).date()
        last = min(study.until or today, today)
        return cls(since=study.window_since, last_day=last, now=now, overlap=overlap)

    @property
    def days(self) -> float:
        """How many days of posts a walk from the newest one meets until it leaves the window."""
        return max((self.now - self.since) / DAY, 0)

    def windows(self, since: datetime) -> int:
        """Return in how many windows an interface that wants them is asked."""
        first = since.astimezone(UTC).date()
        return max(1, len(windows(first, self.last_day)))

    def threshold(self, past: Past) -> datetime | None:
        """Return how far back a visit goes that was there before."""
        watermark = past.history.watermark
        return None if watermark is None else max(self.since, watermark - self.overlap)


def find_scenarios(past: Past, platform: Platform, peers: Sequence[Past], frame: Frame) -> Scenarios:
    """Return the scenarios of an account, from the best ground there is."""
    rate = past.posts_per_day(frame.since)
    if past.is_whole and rate is not None:
        return _grown(past, rate, frame)
    if rate is not None:
        return _at_rate(past, rate, frame)
    known = [one for one in peers if one.is_whole or one.showed_nothing]
    if len(known) >= ENOUGH_PEERS:
        return _like(known, past, frame)
    return _assumed(platform, past, frame)


def _grown(past: Past, rate: float, frame: Frame) -> Scenarios:
    """Return the account as it was seen, with what it will have posted since."""
    threshold, ended = frame.threshold(past) or frame.since, past.ended_at
    assert ended is not None  # noqa: S101
    dates = past.dates(frame.since)
    fresh = sum(date >= threshold for date in dates)
    total = max(past.reported or 0, len(past.history.sights))
    expected = rate * max((frame.now - ended) / DAY, 0)

    def after(new: float) -> Scenario:
        return Scenario(
            posts=len(dates) + new, total=total + new, windows=frame.windows(threshold), fresh=fresh + new
        )

    return Scenarios(
        likely=tuple(after(_spread(expected, step)) for step in _STEPS),
        possible=tuple(after(_spread(expected, step)) for step in _FAR),
        rests_on="its own past",
        posts_per_week=7 * rate,
    )


def _at_rate(past: Past, rate: float, frame: Frame) -> Scenarios:
    expected = rate * frame.days
    total = past.reported or rate * (ASSUMED_AGE / DAY)

    def of(posts: float) -> Scenario:
        return _first(posts, max(total, posts), past, frame)

    return Scenarios(
        likely=tuple(of(_spread(expected, step)) for step in _STEPS),
        possible=tuple(of(_spread(expected, step)) for step in _FAR),
        rests_on="its own past",
        posts_per_week=7 * rate,
    )


def _like(peers: Sequence[Past], past: Past, frame: Frame) -> Scenarios:
    """Return one scenario for each account of the platform that was seen whole, or that showed nothing."""
    rates = [peer.posts_per_day(frame.since) or 0.0 for peer in peers]
    found = []
    for peer, rate in zip(peers, rates, strict=True):
        posts = rate * frame.days
        seen = max(peer.reported or 0, len(peer.history.sights))
        total = (
            seen
            if peer.reported is not None or peer.showed_nothing
            else max(seen, rate * (ASSUMED_AGE / DAY))
        )
        found.append(_first(posts, max(total, posts), past, frame))
    return Scenarios(
        likely=tuple(found), rests_on="accounts like it", seen=len(peers), posts_per_week=7 * fmean(rates)
    )


def _assumed(platform: Platform, past: Past, frame: Frame) -> Scenarios:
    rates = ASSUMED_PER_WEEK[platform]
    found = [_first(rate / 7 * frame.days, rate / 7 * (ASSUMED_AGE / DAY), past, frame) for rate in rates]
    gone = _first(0, 0, past, frame)
    return Scenarios(
        likely=(*found * (ASSUMED_GONE // len(found)), gone),
        rests_on="an assumption",
        seen=len(found),
        posts_per_week=fmean(rates),
    )


def _first(posts: float, total: float, past: Past, frame: Frame) -> Scenario:
    """Return the scenario of a walk over the whole window; no account has more posts than it was said to have."""
    if past.reported is not None:
        total = past.reported
    total = max(total, 0)
    return Scenario(posts=min(posts, total), total=total, windows=frame.windows(frame.since))


def _spread(expected: float, step: float) -> float:
    return max(0.0, expected + step * sqrt(expected))


def with_facts(scenarios: Scenarios, **facts: Any) -> Scenarios:
    """Return scenarios in which these facts about the account hold: `is_own`, `by_handle`, `known`."""
    return replace(
        scenarios,
        likely=tuple(replace(one, **facts) for one in scenarios.likely),
        possible=tuple(replace(one, **facts) for one in scenarios.possible),
    )
