"""One row of a table that a person exported, by our names for its columns; errors name the column as the file does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from crawler.errors import MissingField, UnknownValue, WrongType
from crawler.fields import epoch, iso_moment

T = TypeVar("T")
Columns = Mapping[str, tuple[str, ...]]

_WHOLE = re.compile(r"-?\d{1,18}(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3}){1,5}", re.ASCII)


@lru_cache(maxsize=4096)
def fold(header: str) -> str:
    """Return a header as it is compared: in lower case, with single spaces, without byte order mark and quotes.

    >>> fold('\\ufeff"Video  title" ')
    'video title'
    """
    return " ".join(header.replace("\ufeff", "").replace("\u00a0", " ").strip(' "').casefold().split())


def find_headers(columns: Columns, there: Iterable[str]) -> dict[str, str]:
    """Return for each of our names the header that a file has for it, the first that it could have where it has none.

    >>> find_headers({"title": ("Video title", "Title")}, ["views", "TITLE"])
    {'title': 'TITLE'}
    """
    known = {fold(header): header for header in there}
    return {
        name: next((known[fold(one)] for one in spellings if fold(one) in known), spellings[0])
        for name, spellings in columns.items()
    }


class Cells:
    """A row: `headers` tells by which header each of our names goes; an empty cell is None.

    >>> headers = {"title": "Video title", "views": "Views"}
    >>> row = Cells({"Video title": " Open dag ", "Views": "1,204"}, headers, "x")
    >>> row.need("title"), row.count("views")
    ('Open dag', 1204)
    """

    __slots__ = ("_headers", "date_order", "place", "raw")

    def __init__(
        self, raw: Mapping[str, str], headers: Mapping[str, str], place: str, date_order: str = ""
    ) -> None:
        self._headers = headers
        self.raw = raw
        self.place = place
        self.date_order = date_order

    def where(self, name: str) -> str:
        """Return where a value stands, by the file's own header."""
        return f"{self.place}: {self._headers[name]}"

    def has(self, name: str) -> bool:
        """Return whether the file has the column at all."""
        return self._headers[name] in self.raw

    def take(self, name: str) -> str | None:
        """Return a text, None where the cell is empty or the column is not there."""
        return self.raw.get(self._headers[name], "").strip() or None

    def text(self, name: str) -> str | None:
        """Return a text that posts may lack: "" in an empty cell, None where the column is not there.

        It is as the platform has it, spaces at its ends too, and its lines end as everywhere else: else a post that a
        crawl saw as well, or a file that was saved anew on Windows, would tell of an edit.
        """
        if not self.has(name):
            return None
        value = self.raw[self._headers[name]].replace("\r\n", "\n").replace("\r", "\n")
        return value if value.strip() else ""

    def need(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.take(name)
        if value is None:
            raise MissingField(self.where(name))
        return value

    def count(self, name: str) -> int | None:
        """Return a whole number, also with its thousands apart; empty or negative is None: not shown."""
        value = self.take(name)
        if value is None or value == "-":
            return None
        if _GROUPED.fullmatch(value):
            return int(re.sub(r"\D", "", value))
        if not _WHOLE.fullmatch(value):
            raise WrongType(self.where(name), value, "a whole number")
        number = int(value.partition(".")[0])
        return number if number >= 0 else None

    def one_of(self, name: str, known: Mapping[str, T]) -> T:
        """Return what a known value means, capitals apart; an unknown or empty one is an error."""
        value = self.need(name)
        try:
            return known[fold(value)]
        except KeyError:
            raise UnknownValue(self.where(name), value, list(known)) from None

    def account_id(self, name: str) -> str | None:
        """Return an account's number; None for one that Excel rounded to 15 digits, which accounts would share."""
        value = self.take(name)
        if value is None or not _NUMBER.fullmatch(value) or (len(value) > 15 and value.endswith("00")):
            return None
        return value

    def match(self, name: str, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        """Return how a pattern matches the whole value; anything else is an error that says what was expected."""
        value = self.need(name)
        found = pattern.fullmatch(value)
        if found is None:
            raise WrongType(self.where(name), value, expected)
        return found

    def take_epoch(self, name: str) -> datetime | None:
        """Return a moment in whole epoch seconds; empty, 0 and below is None: the tool did not know it."""
        value = self.take(name)
        if value is None:
            return None
        if not _WHOLE.fullmatch(value):
            raise WrongType(self.where(name), value, "epoch seconds")
        seconds = int(value.partition(".")[0])
        return epoch(seconds, self.where(name)) if seconds > 0 else None

    def take_moment(self, name: str) -> datetime | None:
        """Return the UTC moment of "2026-02-17 10:00:00" or ISO 8601, read as UTC where it names no zone."""
        value = self.take(name)
        if value is None:
            return None
        plain = value.removesuffix("UTC").strip()
        moment = iso_moment(plain if _ZONED.search(plain) else f"{plain}+00:00", self.where(name))
        epoch(moment.timestamp(), self.where(name))  # no platform is older than 2000
        return moment


_ZONED = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$", re.ASCII)
