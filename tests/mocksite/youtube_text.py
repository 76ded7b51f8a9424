"""How YouTube words times and numbers in English: "3 weeks ago", "12k views", "16:14"."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.mocksite.content import SitePost

_UNITS = (
    ("year", 365.0),
    ("month", 30.4),
    ("week", 7.0),
    ("day", 1.0),
    ("hour", 1 / 24),
    ("minute", 1 / 1440),
)


def ago(moment: datetime, clock: datetime) -> str:
    """Return how long ago a moment was; weeks are used from the fourteenth day on.

    >>> from datetime import UTC
    >>> clock = datetime(2026, 11, 15, 12, tzinfo=UTC)
    >>> [ago(clock - timedelta(days=days), clock) for days in (0.5, 13, 15, 45, 800)]
    ['12 hours ago', '13 days ago', '2 weeks ago', '1 month ago', '2 years ago']
    """
    days = max(0.0, (clock - moment) / timedelta(days=1))
    for unit, length in _UNITS:
        count = int(days / length + 1e-9)
        if count and not (unit == "week" and days < 14):
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def short_number(number: int) -> str:
    """Return a number as channels and lists round it.

    >>> [short_number(number) for number in (87, 3_149, 12_480, 895_412, 1_545_374)]
    ['87', '3.1K', '12K', '895K', '1.5M']
    """
    for mark, size in (("M", 1_000_000), ("K", 1_000)):
        if number >= size:
            tenths = number * 10 // size
            return (
                f"{tenths // 10}{mark}" if tenths >= 100 or tenths % 10 == 0 else f"{tenths / 10:.1f}{mark}"
            )
    return str(number)


def views(number: int, rounded: bool = True) -> str:
    """Return a number of views in words."""
    if number == 0:
        return "No views"
    text = short_number(number) if rounded else f"{number:,}"
    return f"{text} view{'' if number == 1 else 's'}"


def duration_of(post: SitePost) -> int:
    """Return how long a video is, in seconds."""
    return 14 + post.seed % 46 if post.media == "short" else 61 + post.seed % 1100


def clock_time(seconds: int) -> str:
    """Return a length as it stands on a thumbnail."""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def iso_duration(seconds: int) -> str:
    """Return a length as the Data API words it."""
    minutes, rest = divmod(seconds, 60)
    return "PT" + (f"{minutes}M" if minutes else "") + (f"{rest}S" if rest or not minutes else "")


def published(post: SitePost) -> datetime:
    """Return when a video's entry was last touched."""
    return post.posted_at + timedelta(seconds=post.seed % 200_000)
