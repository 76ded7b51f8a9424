"""What a kind of export is: how its table is recognised, what its columns mean, how a row becomes a post.

A new kind is one small module beside this one that declares an Export, and a line in `__init__`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, unquote

import orjson

from crawler.errors import WrongType
from crawler.items import Capture, Page, Platform, Post
from crawler.parsers.body import Body
from crawler.parsers.dates import Dated
from crawler.parsers.exports.cells import Cells, Columns, find_headers, fold
from crawler.parsers.exports.days import find_order
from crawler.parsers.formats import Format, read_each
from crawler.parsers.provenance import provenance

PARSER_VERSION = 1

_ROOT = "https://import.invalid/file/"


def _keeps(row: Cells) -> str:
    return ""


def _as_file(row: Cells, file_at: datetime) -> datetime:
    return file_at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Export:
    """One kind of table. Columns go by our names, each with the headers under which files have it.

    A table is of this kind when it has all columns that it `needs`; those it `takes` may be absent, those it
    `ignores` are known and not read, `private` ones name persons and are not even archived. `owner` returns
    whose post a row is, None where the file does not tell; without `names_account` it tells only a number.
    `leaves_out` says why a row is no post ("" for one that is). `dates` returns a row's day and the moment in
    its id, where day and month could be exchanged. `lookalikes` are headers of tables that people take for
    this one, with what those are. `caution` is what its numbers do not tell of themselves.
    """

    platform: Platform
    route: str
    title: str
    needs: Columns
    takes: Columns
    read: Callable[[Cells, Capture], Post]
    ignores: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    owner: Callable[[Cells], str | None] | None = None
    names_account: bool = True
    leaves_out: Callable[[Cells], str] = _keeps
    collected_at: Callable[[Cells, datetime], datetime] = _as_file
    dates: Callable[[Cells], tuple[str, Dated]] | None = None
    lookalikes: tuple[tuple[tuple[str, ...], str], ...] = ()
    caution: str = ""

    @property
    def name(self) -> str:
        """The name of the format in which its rows are captured."""
        return f"{self.platform}.{self.route}_row"

    @property
    def columns(self) -> Columns:
        """All columns that are read."""
        return {**self.needs, **self.takes}

    @property
    def headers(self) -> list[str]:
        """All headers that are known, those that are needed first."""
        read = [header for spellings in self.columns.values() for header in spellings]
        return list(dict.fromkeys([*read, *self.ignores, *self.private]))

    def missing(self, there: Collection[str]) -> list[str]:
        """Return the needed columns that a header, as it is compared, lacks; by their first spelling."""
        return [first for first, spellings in _needs_of(self) if spellings.isdisjoint(there)]

    def repeated(self, header: Iterable[str]) -> str | None:
        """Return the first column that is read and stands in a header twice, None where there is none."""
        read = {fold(one) for spellings in self.columns.values() for one in spellings}
        names = [fold(one) for one in header]
        return next((one for one in names if one in read and names.count(one) > 1), None)

    def unknown(self, header: Iterable[str]) -> list[str]:
        """Return the columns of a header that this kind does not know."""
        known = {fold(one) for one in self.headers}
        if "*" in known:  # a tool with ever more columns
            return []
        return [one for one in header if fold(one) and fold(one) not in known]

    def cells(self, row: Mapping[str, str], place: str, date_order: str = "") -> Cells:
        """Return a row by our names."""
        return Cells(row, _headers_of(self, tuple(row)), place, date_order)

    def date_order(self, rows: Iterable[Cells]) -> str:
        """Return whether day or month comes first in the file's dates."""
        return find_order(map(self.dates, rows)) if self.dates else ""

    def body(self, row: Cells) -> bytes:
        """Return a row as it is captured: JSON, without the columns that name persons."""
        private = {fold(one) for one in self.private}
        kept = {name: value for name, value in row.raw.items() if fold(name) not in private}
        about = {"date_order": row.date_order} if row.date_order else {}
        return orjson.dumps({"row": kept, **about})

    def as_format(self) -> Format:
        """Return the format that reads this kind's captured rows."""
        return Format(name=self.name, platform=self.platform, detects=lambda body: False, parse=self._parse)

    def _parse(self, capture: Capture, body: Body) -> Page:
        place = place_of(capture.url)
        captured = body.object
        row = captured.get("row")
        if not isinstance(row, dict) or not all(isinstance(cell, str) for cell in row.values()):
            raise WrongType(f"{place}.row", row, "an object of texts")
        cells = self.cells(row, place, str(captured.get("date_order", "")))
        posts, errors = read_each([cells], lambda _: self.read(cells, capture))
        return Page(format=self.name, posts=posts, errors=errors)


@cache
def _needs_of(export: Export) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((one[0], frozenset(map(fold, one))) for one in export.needs.values())


@lru_cache(maxsize=64)
def _headers_of(export: Export, there: tuple[str, ...]) -> dict[str, str]:
    return find_headers(export.columns, there)


def column(name: str) -> Callable[[Cells], str | None]:
    """Return what reads one column of a row."""
    return lambda row: row.take(name)


def row_url(file: str, where: str) -> str:
    """Return an address for a row of a file: WARC wants one of HTTP, and no such host can ever be.

    >>> row_url("Table data.csv", "line 3")
    'https://import.invalid/file/Table%20data.csv#line%203'
    """
    return f"{_ROOT}{quote(file, safe='')}#{quote(where)}"


def place_of(url: str) -> str:
    """Return in words where a row stands.

    >>> place_of("https://import.invalid/file/Table%20data.csv#line%203")
    'Table data.csv line 3'
    """
    return unquote(url.removeprefix(_ROOT).replace("#", " ", 1))


def common(row: Cells, capture: Capture, dated: Dated) -> dict[str, Any]:
    """Return what all posts that are read from rows share: their date and where they come from."""
    return {
        "posted_at": dated.at,
        "posted_precision": dated.precision,
        "posted_source": dated.source,
        **provenance(capture, PARSER_VERSION),
    }


def on_day(moment: datetime | None) -> Dated:
    """Return a day that an export states, as midnight: a clock of no known zone could move it to the next day."""
    return _dated(moment and moment.replace(hour=0, minute=0, second=0, microsecond=0), "day")


def at_second(moment: datetime | None) -> Dated:
    """Return a moment that an export states to the second."""
    return _dated(moment, "second")


def _dated(moment: datetime | None, precision: Any) -> Dated:
    known = moment is not None
    return Dated(
        at=moment, precision=precision if known else "unknown", source="export" if known else "unknown"
    )
