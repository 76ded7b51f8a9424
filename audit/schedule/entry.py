"""`[[schedule]]`: what a study does by itself, when, and what it leaves alone meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from audit.schedule.cron import Cron
from audit.schedule.wall import moment_of, wall_of
from crawler.accounts import StudyAccount
from crawler.items import PLATFORMS, Platform
from crawler.study import Table

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
SHORTEST, LONGEST = timedelta(seconds=20), timedelta(weeks=2)
LEAST_TIME, MOST_TIME = timedelta(minutes=1), timedelta(weeks=4)
Follow = Literal["load", "code", "report", "export"]
Span = tuple[time, time]


def read_duration(value: object) -> object:
    """Return a length of time that is written in words.

    >>> read_duration("90 minutes")
    datetime.timedelta(seconds=5400)
    """
    if isinstance(value, timedelta):
        return value
    match = re.fullmatch(r"(\d{1,6}) ?(second|minute|hour|day|week)s?", str(value).strip().lower())
    if not isinstance(value, str) or not match:
        raise ValueError('expected a number and a unit, such as "20 seconds", "6 hours" or "2 weeks"')
    return timedelta(seconds=int(match[1]) * UNITS[match[2]])


def in_words(length: timedelta) -> str:
    """Return a length of time as it is written in a study file.

    >>> in_words(timedelta(minutes=90)), in_words(timedelta(days=7))
    ('90 minutes', '1 week')
    """
    seconds = int(length.total_seconds())
    unit = max((name for name in UNITS if seconds % UNITS[name] == 0), key=UNITS.__getitem__)
    number = seconds // UNITS[unit]
    return f"{number} {unit}{'' if number == 1 else 's'}"


def read_span(value: object) -> object:
    """Return the two ends of hours of the day, such as "22:00-06:30"."""
    if isinstance(value, tuple):
        return value
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d) ?- ?([01]\d|2[0-3]):([0-5]\d)", str(value))
    if not match:
        raise ValueError('expected two times of the day, such as "22:00-06:30"')
    first, last = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if first == last:
        raise ValueError('expected two different times, such as "22:00-06:30"')
    return first, last


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError('expected a zone of the tz database, such as "Europe/Amsterdam"')
    return value


def _interval(value: timedelta) -> timedelta:
    if not SHORTEST <= value <= LONGEST:
        raise ValueError('expected "20 seconds" to "2 weeks"; use cron for longer')
    return value


def _limit(value: timedelta) -> timedelta:
    if not LEAST_TIME <= value <= MOST_TIME:
        raise ValueError('expected "1 minute" to "4 weeks"')
    return value


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Interval = Annotated[Duration, AfterValidator(_interval)]
TimeLimit = Annotated[Duration, AfterValidator(_limit)]
QuietHours = Annotated[Span, BeforeValidator(read_span)]


class Entry(Table):
    """One schedule of a study. Either `cron` or `every` says when; the rest has defaults."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    cron: str = ""
    every: Interval | None = None
    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Amsterdam"
    platforms: tuple[Platform, ...] = ()
    accounts: tuple[str, ...] = ()
    jitter: Annotated[Duration, Field(le=timedelta(hours=12))] = timedelta()
    quiet_hours: tuple[QuietHours, ...] = ()
    then: tuple[Follow, ...] = ("load", "code", "report")
    missed: Literal["once", "skip"] = "once"
    time_limit: TimeLimit = timedelta(hours=12)

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if bool(self.cron) == (self.every is not None):
            raise ValueError("expected either cron or every, and not both")
        if self.cron:
            self._read_cron()
        if self.every is not None and self.jitter >= self.every:
            raise ValueError("jitter: expected less than every")
        if all(self._is_quiet(time(minute // 60, minute % 60)) for minute in range(24 * 60)):
            raise ValueError("quiet_hours: expected to leave some hours of the day")
        return self

    def _read_cron(self) -> None:
        try:
            Cron(self.cron, self.zone)
        except ValueError as error:
            problem = re.sub(r"^Error validating expression '.*': ", "", str(error))
            raise ValueError(f"cron: {problem[0].lower()}{problem[1:]}") from None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone that cron and quiet hours are in."""
        return ZoneInfo(self.time_zone)

    @property
    def rhythm(self) -> str:
        """What says when, in one line: another one begins anew."""
        return f"{self.cron} {self.time_zone}" if self.cron else f"every {self.every}"

    def wanted(self, accounts: Iterable[StudyAccount]) -> dict[Platform, tuple[str, ...]]:
        """Return the handles of this schedule per platform, in the order in which platforms are known."""
        mine = [one for one in accounts if self._wants(one)]
        by_platform = {name: tuple(one.account for one in mine if one.platform == name) for name in PLATFORMS}
        return {name: handles for name, handles in by_platform.items() if handles}

    def _wants(self, account: StudyAccount) -> bool:
        if self.platforms and account.platform not in self.platforms:
            return False
        names = (account.account.lower(), f"{account.platform}/{account.account}".lower())
        return not self.accounts or any(
            fnmatchcase(name, pattern.strip().lower()) for pattern in self.accounts for name in names
        )

    def quiet_until(self, moment: datetime) -> datetime | None:
        """Return when the quiet hours around a moment end, None where it is in none."""
        end = moment
        while self._is_quiet(wall_of(end, self.zone).time()):
            end = self._end_of_quiet(end)
        return end if end > moment else None

    def _is_quiet(self, at: time) -> bool:
        return any(_is_within(at, span) for span in self.quiet_hours)

    def _end_of_quiet(self, moment: datetime) -> datetime:
        wall = wall_of(moment, self.zone)
        last = next(end for begin, end in self.quiet_hours if _is_within(wall.time(), (begin, end)))
        day = wall.date() if wall.time() < last else wall.date() + timedelta(days=1)
        end = moment_of(datetime.combine(day, last), self.zone)
        if end <= moment:  # the clock was put back within the quiet hours: the second time counts
            end = datetime.combine(day, last, self.zone).replace(fold=1).astimezone(UTC)
        return end


def _is_within(at: time, span: Span) -> bool:
    begin, end = span
    return begin <= at < end if begin < end else at >= begin or at < end
