"""Moments of a crontab expression, as cron itself understands one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from audit.schedule.wall import moment_of, wall_of

FIELDS = ("minute", "hour", "day", "month", "day_of_week")
NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NEAR = timedelta(hours=3)  # further than any clock is put back or forward
_NEXT = timedelta(microseconds=1)


class Cron:
    """The moments of a crontab expression in a time zone; raises ValueError where there are none.

    APScheduler's triggers find the next match. They count weekdays from Monday and want the day of the month and of
    the week both to match, where cron counts from Sunday and is content with either; that is translated here.

    Where the hour is fixed, the clock on the wall decides, and a change of the clock neither skips nor repeats a run
    (see `moment_of`). Where it is `*` or `*/n`, the hours that pass decide.
    """

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        fields = dict(zip(FIELDS, _fields(expression), strict=True))
        self.zone = zone
        self._by_wall = not fields["hour"].startswith("*")
        self._triggers = [
            CronTrigger(timezone=UTC if self._by_wall else zone, **chosen) for chosen in _choices(fields)
        ]
        if self._match(datetime(2024, 1, 1)) is None:  # noqa: DTZ001 - any time on a wall
            raise ValueError(f"no day of the calendar fits {expression!r}")

    def after(self, moment: datetime) -> datetime:
        """Return the first moment (UTC) of the expression after another one."""
        if not self._by_wall:
            return self._found((moment + _NEXT).astimezone(self.zone)).astimezone(UTC)
        wall = wall_of(moment, self.zone) - (_NEAR if self._is_near_a_change(moment) else timedelta())
        while True:
            wall = self._found(wall + _NEXT)
            if (found := moment_of(wall, self.zone)) > moment:
                return found

    def _is_near_a_change(self, moment: datetime) -> bool:
        around = (moment - _NEAR, moment + _NEAR)
        before, after = (one.astimezone(self.zone).utcoffset() for one in around)
        return before != after

    def _found(self, start: datetime) -> datetime:
        found = self._match(start)
        assert found is not None  # noqa: S101 - asked when it was made
        return found

    def _match(self, start: datetime) -> datetime | None:
        aware = start if start.tzinfo else start.replace(tzinfo=UTC)
        found = [trigger.get_next_fire_time(None, aware) for trigger in self._triggers]
        first: datetime | None = min((one for one in found if one is not None), default=None)
        return first if first is None or start.tzinfo else first.replace(tzinfo=None)


def _fields(expression: str) -> list[str]:
    fields = NAMED.get(expression.strip().lower(), expression).lower().split()
    if len(fields) != len(FIELDS):
        raise ValueError(
            f"it has {len(fields)} fields; expected 5: minute, hour, day of the month, month, day of the week"
        )
    return fields


def _choices(fields: dict[str, str]) -> list[dict[str, str]]:
    """Return the fields of each trigger: two where days of the month and of the week are both given, without a *."""
    named = fields | {"day_of_week": _weekdays(fields["day_of_week"])}
    if fields["day"].startswith("*") or fields["day_of_week"].startswith("*"):
        return [named]
    return [named | {"day": "*"}, named | {"day_of_week": "*"}]


def _weekdays(field: str) -> str:
    """Return a field of weekdays by their names.

    >>> _weekdays("1-5,7")
    'mon,tue,wed,thu,fri,sun'
    """
    if field == "*":
        return field
    numbers: list[int] = []
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin, end = (
            (0, 6) if span == "*" else (_weekday(first), _weekday(last or (first if not step else "6")))
        )
        end += 7 if end < begin and last in ("0", "sun") else 0
        if end < begin or (step and (not step.isdigit() or int(step) == 0)):
            raise ValueError(f"{part!r} is no day of the week; expected 0-7 or sun-sat, such as 1-5")
        numbers += [number % 7 for number in range(begin, end + 1, int(step or 1))]
    return ",".join(DAYS[number] for number in sorted(set(numbers), key=lambda number: (number - 1) % 7))


def _weekday(text: str) -> int:
    if text in DAYS:
        return DAYS.index(text)
    if text.isdigit() and int(text) <= 7:
        return int(text)
    raise ValueError(f"{text!r} is no day of the week; expected 0-7 or sun-sat")
