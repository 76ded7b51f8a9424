"""Days as exports write them: with English or Dutch months, in either order, with or without a year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

from crawler.errors import WrongType
from crawler.fields import EARLIEST, LATEST
from crawler.parsers.dates import Dated

Order = Literal["mdy", "dmy"]

_MONTHS = (
    "jan january januari",
    "feb february februari",
    "mar march mrt maart",
    "apr april",
    "may mei",
    "jun june juni",
    "jul july juli",
    "aug august augustus",
    "sep sept september",
    "oct october okt oktober",
    "nov november",
    "dec december",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:,? (\d{4}))?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2}) ([a-z]{3,9})\.?(?:,? (\d{4}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? (\d{1,2}):(\d{2})(?::\d{2})?)?", re.ASCII)


def read_day(value: str, place: str, near: datetime | None = None) -> datetime:
    """Return midnight, UTC, of "Dec 18, 2022", "18 dec. 2022" or "2022-12-18".

    Where no year is written, it is the one that brings the day nearest to `near`; more than 31 days away, and a
    year that nothing tells, are errors.

    >>> read_day("July 16", "x", datetime(2025, 7, 15, tzinfo=UTC)).date().isoformat()
    '2025-07-16'
    """
    year, month, day = _take_apart(value, place)
    if year is not None:
        return _need(_find((year, month, day)), value, place)
    if near is None:
        raise WrongType(place, value, "a day with its year")
    found = [moment for one in (-1, 0, 1) if (moment := _find((near.year + one, month, day)))]
    nearest = min(found, key=lambda moment: abs(moment - near), default=None)
    if nearest is None or abs(nearest - near) > timedelta(days=31):
        raise WrongType(place, value, f"a day near {near.date()}, when the post's id was made")
    return nearest


def last_day_before(value: str, moment: datetime, place: str) -> datetime:
    """Return midnight, UTC, of the last "February 28" that is not after a moment.

    The moment itself is returned for a day that had begun east of Greenwich while in UTC it had not.

    >>> last_day_before("February 28", datetime(2026, 2, 1, tzinfo=UTC), "x").date().isoformat()
    '2025-02-28'
    """
    eastern = moment + timedelta(hours=14)  # Kiribati
    year, month, day = _take_apart(value, place)
    if year is not None:
        return min(_need(_find((year, month, day)), value, place), moment)
    years = range(eastern.year, eastern.year - 9, -1)  # a 29th of February can be eight years ago
    days = (found for one in years if (found := _find((one, month, day))) and found <= eastern)
    return min(_need(next(days, None), value, place), moment)


def read_numbers(value: str, order: str, place: str) -> datetime:
    """Return the moment, as written, of "03/27/2026 06:08" in the file's order, or of "2026-03-27"."""
    plain = value.strip()
    if iso := _ISO.fullmatch(plain):
        year, month, day, *clock = iso.groups(default="0")
    else:
        found = _NUMBERS.fullmatch(plain)
        if found is None:
            raise WrongType(place, value, "a day such as 03/27/2026 06:08")
        first, _, second, year, *clock = found.groups(default="0")
        order = order or _order_of(int(first), int(second))
        if not order:
            raise WrongType(place, value, "the file to tell whether day or month comes first")
        month, day = (second, first) if order == "dmy" else (first, second)
    moment = _need(_find((int(year), int(month), int(day))), value, place)
    hour, minute = int(clock[0]), int(clock[1])
    if hour > 23 or minute > 59:
        raise WrongType(place, value, "a time of day")
    return moment.replace(hour=hour, minute=minute)


def find_order(days: Iterable[tuple[str, Dated]]) -> str:
    """Return whether day or month comes first in a file's dates; "" where the file contradicts itself.

    A number above 12 tells; so does the moment in the post's own id. What nothing tells is English: month first.

    >>> from crawler.parsers.dates import UNDATED
    >>> find_order([("03/04/2026", UNDATED), ("27/03/2026", UNDATED)])
    'dmy'
    """
    votes = {vote for value, by_id in days for vote in _votes(value, by_id)}
    return votes.pop() if len(votes) == 1 else "" if votes else "mdy"


def _votes(value: str, by_id: Dated) -> list[Order]:
    found = _NUMBERS.fullmatch(value.strip())
    if found is None:
        return []
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    order = _order_of(first, second)
    if order:
        return [order] if first != second else []
    ways: tuple[tuple[Order, datetime | None], ...] = (
        ("mdy", _find((year, first, second))),
        ("dmy", _find((year, second, first))),
    )
    near: list[Order] = [
        way for way, day in ways if day and by_id.at and abs(day - by_id.at) < timedelta(days=3)
    ]
    return near if len(near) == 1 else []


def _order_of(first: int, second: int) -> Order | Literal[""]:
    """Return the order that two numbers leave no doubt of."""
    if first > 12:
        return "dmy"
    return "mdy" if second > 12 or first == second else ""


def _take_apart(value: str, place: str) -> tuple[int | None, int, int]:
    """Return year (None where none is written), month and day."""
    plain = " ".join(value.casefold().split())
    if iso := _ISO.fullmatch(plain):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if found := _MONTH_FIRST.fullmatch(plain):
        name, day, year = found.groups()
    elif found := _DAY_FIRST.fullmatch(plain):
        day, name, year = found.groups()
    else:
        raise WrongType(place, value, "a day such as Dec 18, 2022")
    if name not in _MONTH_OF:
        raise WrongType(place, value, "a day with an English or Dutch month")
    return int(year) if year else None, _MONTH_OF[name], int(day)


def _find(day: tuple[int, int, int]) -> datetime | None:
    """Return midnight of a day, None where it does not exist or lies outside the years 2000 to 2100."""
    try:
        moment = datetime(*day, tzinfo=UTC)
    except ValueError:
        return None
    return moment if EARLIEST <= moment.timestamp() < LATEST else None


def _need(moment: datetime | None, value: str, place: str) -> datetime:
    if moment is None:
        raise WrongType(place, value, "a day that exists, between the years 2000 and 2100")
    return moment
