"""From the time on a clock on the wall to the moment it means, on the nights the clock changes too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_A_MINUTE = timedelta(minutes=1)


def moment_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) of a time on the wall, given without a zone.

    A time that comes twice, when the clock goes back, is the first of the two. A time that never comes, when the
    clock goes forward, is the first moment after the gap.

    >>> moment_of(datetime(2026, 10, 25, 2, 30), ZoneInfo("Europe/Amsterdam")).isoformat()
    '2026-10-25T00:30:00+00:00'
    >>> moment_of(datetime(2027, 3, 28, 2, 30), ZoneInfo("Europe/Amsterdam")).isoformat()
    '2027-03-28T01:00:00+00:00'
    """
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC).replace(second=0, microsecond=0)
    while before.astimezone(zone).replace(tzinfo=None) < wall:
        before += _A_MINUTE
    return before


def wall_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the wall shows at a moment, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
