"""Strict reading of decoded JSON: a field is needed, taken or one of the known; errors name the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from crawler.errors import MissingField, UnknownValue, WrongType

T = TypeVar("T")

EARLIEST = 946_684_800  # 2000-01-01: no platform here is older
LATEST = 4_102_444_800  # 2100-01-01
MOST = 10**18  # what a count stays below; the warehouse reads 18 digits


class Fields:
    """A JSON object together with the place where it was found.

    >>> item = Fields({"code": "C1", "like_count": None, "user": {"pk": "7"}}, "instagram.item")
    >>> item.text("code")
    'C1'
    >>> item.take_count("like_count") is None
    True
    >>> item.within("user").text("pk")
    '7'
    >>> item.need("taken_at")
    Traceback (most recent call last):
    crawler.errors.MissingField: instagram.item.taken_at is missing; there are code, like_count, user
    """

    __slots__ = ("place", "raw")

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, dict):
            raise WrongType(place, raw, "an object")
        self.raw: dict[str, Any] = raw
        self.place = place

    def need(self, name: str) -> Any:
        """Return the field's value; absent or null is an error."""
        value = self.raw.get(name)
        if value is None:
            raise MissingField(f"{self.place}.{name}", list(self.raw))
        return value

    def take(self, name: str) -> Any | None:
        """Return the field's value; absent or null is None."""
        return self.raw.get(name)

    def text(self, name: str) -> str:
        """Return a string that must be there."""
        value = self.need(name)
        if not isinstance(value, str):
            raise WrongType(f"{self.place}.{name}", value, "a string")
        return value

    def take_text(self, name: str) -> str | None:
        """Return a string, or None where there is none."""
        value = self.raw.get(name)
        if value is None or isinstance(value, str):
            return value
        raise WrongType(f"{self.place}.{name}", value, "a string or nothing")

    def identifier(self, name: str) -> str:
        """Return an id as a string; ids exceed 2**53, so a float is an error."""
        value = self.need(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise WrongType(f"{self.place}.{name}", value, "an id (a string or a whole number)")

    def take_identifier(self, name: str) -> str | None:
        """Return an id as a string, or None where there is none."""
        return None if self.raw.get(name) is None else self.identifier(name)

    def take_count(self, name: str) -> int | None:
        """Return a count (a number or a string of digits); absent, null or negative is None: not shown."""
        value = self.raw.get(name)
        if value is None:
            return None
        number = value
        if isinstance(value, str) and len(value) < 20 and value.isascii() and value.isdigit():
            number = int(value)
        if type(number) is int and number < MOST:
            return number if number >= 0 else None
        raise WrongType(f"{self.place}.{name}", value, "a whole number")

    def take_flag(self, name: str) -> bool | None:
        """Return true or false, or None where the platform says neither."""
        value = self.raw.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise WrongType(f"{self.place}.{name}", value, "true or false")

    def one_of(self, name: str, known: Mapping[Any, T]) -> T:
        """Return what a known value means; an unknown value is an error."""
        value = self.need(name)
        try:
            return known[value]
        except (KeyError, TypeError):
            raise UnknownValue(f"{self.place}.{name}", value, list(known)) from None

    def within(self, name: str) -> Fields:
        """Return the object under a field that must be there."""
        return Fields(self.need(name), f"{self.place}.{name}")

    def take_within(self, name: str) -> Fields | None:
        """Return the object under a field, or None where there is none."""
        value = self.raw.get(name)
        return None if value is None else Fields(value, f"{self.place}.{name}")

    def items(self, name: str) -> list[Any]:
        """Return a list that must be there."""
        value = self.need(name)
        if not isinstance(value, list):
            raise WrongType(f"{self.place}.{name}", value, "a list")
        return value

    def take_items(self, name: str) -> list[Any]:
        """Return a list, empty where there is none."""
        return [] if self.raw.get(name) is None else self.items(name)

    def moment(self, name: str) -> datetime:
        """Return a moment given in whole epoch seconds (a number or a string of digits)."""
        value = self.need(name)
        seconds = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
        if type(seconds) is not int:
            raise WrongType(f"{self.place}.{name}", value, "epoch seconds")
        return epoch(seconds, f"{self.place}.{name}")

    def take_moment(self, name: str) -> datetime | None:
        """Return a moment given in whole epoch seconds, or None where there is none."""
        return None if self.raw.get(name) is None else self.moment(name)


def epoch(seconds: float, place: str) -> datetime:
    """Return the UTC moment of epoch seconds between the years 2000 and 2100."""
    if not EARLIEST <= seconds < LATEST:
        raise WrongType(place, seconds, "epoch seconds between the years 2000 and 2100")
    return datetime.fromtimestamp(seconds, UTC)


def iso_moment(value: object, place: str) -> datetime:
    """Return the UTC moment of an ISO 8601 text with a zone ("2024-05-01T10:00:00Z", "...+0000")."""
    if not isinstance(value, str):
        raise WrongType(place, value, "an ISO 8601 moment with a zone")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise WrongType(place, value, "an ISO 8601 moment with a zone")
