"""Feeds: what one visit to one account brought, as JSON lines, kept as a journal until the visit has ended.

While the visit lasts, `<feed>.part` grows by one write a page: what the page said and where to go on.
A crash loses at most the page that was being written; `Journal` cuts that one off and hands back where to go
on. When the visit ends, the feed appears under its own name in one step: nobody ever reads half a visit.
A visit that ran out of budget shows its feed so far and keeps its journal, to be gone on with another day.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from crawler.errors import ArchiveError, ParseError
from crawler.items import Account, Outcome, Platform, Post

SUFFIX = ".jsonl.gz"
PART = ".part"
CURSOR = b'{"record":"cursor"'

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of a feed: which visit this is and on what ground it was made."""

    crawl_id: str
    study: str
    platform: Platform
    account: str
    route: str
    legal_ground: str
    started_at: datetime
    window_since: datetime | None
    window_until: datetime | None
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What an interrupted visit left behind: its header, its records, and where it was to go on."""

    part: Path
    header: Record
    cursor: Record
    capture_ids: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """Yield what the visit had brought, one record at a time."""
        with self.part.open("rb") as lines:
            next(lines)
            yield from (orjson.loads(line) for line in lines if not line.startswith(CURSOR))


def feed_path(feeds: Path, crawl_id: str, platform: str, account: str) -> Path:
    """Return where the feed of a visit stands."""
    return feeds / crawl_id / f"{platform}-{quote(account, safe='@')}{SUFFIX}"


def part_of(feed: Path) -> Path:
    """Return where the journal of a visit stands while it lasts."""
    return feed.with_name(feed.name + PART)


def as_record(item: Post | Account | Outcome | ParseError | Header, capture_id: str = "") -> bytes:
    """Return one line of a feed."""
    match item:
        case ParseError():
            body = {"capture_id": capture_id, "place": item.place, "problem": item.problem}
            return as_line({"record": "error", **body})
        case Header():
            return _tagged(b"crawl", item)
        case _:
            return _tagged(type(item).__name__.lower().encode(), item)


class Journal:
    """The feed of a visit while it lasts."""

    def __init__(self, path: Path, header: Header) -> None:
        self.path = path
        self.part = part_of(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.left = _read_left(self.part) if self.part.exists() else None
        self._file = self.part.open("ab")
        if self.left is None:
            self._file.write(as_record(header))
            self._file.flush()

    def write(self, lines: Iterable[bytes], cursor: Record, capture_id: str = "") -> None:
        """Write what a page said, the capture it came from and where to go on, in one write."""
        line = as_line({"record": "cursor", **cursor, "capture_id": capture_id})
        self._file.write(b"".join([*lines, line]))
        self._file.flush()

    def end(self, outcome: Outcome, more: Iterable[bytes] = ()) -> None:
        """Let the feed appear: all records, some more, and how the visit ended."""
        self._show(outcome, more)
        self.part.unlink()

    def pause(self, outcome: Outcome) -> None:
        """Let the feed so far appear, and keep the journal: the visit is gone on with another day."""
        self._show(outcome, ())

    def _show(self, outcome: Outcome, more: Iterable[bytes]) -> None:
        self._file.close()
        with self.part.open("rb") as lines:
            records = (line for line in lines if not line.startswith(CURSOR))
            write_feed(self.path, chain(records, more, [as_record(outcome)]))

    def close(self) -> None:
        """Leave the visit unended; another run can go on with it."""
        self._file.close()


def write_feed(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole feed at once; it appears, or replaces what stood there, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = path.with_name(path.name + ".tmp")
    try:
        with packed.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
            out.writelines(lines)
        _replace(packed, path)
    finally:
        packed.unlink(missing_ok=True)


def read_feed(path: Path) -> Iterator[Record]:
    """Yield the records of a feed. Raises ArchiveError where the file is damaged."""
    try:
        with gzip.open(path, "rb") as lines:
            for line in lines:
                yield orjson.loads(line)
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise ArchiveError(f"{path} is no feed that can be read: {error}") from None


def feed_files(feeds: Path) -> list[Path]:
    """Return all feeds of a study, oldest crawl first."""
    return sorted(feeds.glob(f"*/*{SUFFIX}"))


def _read_left(part: Path) -> Left | None:
    """Return what stands whole in a journal, None where not even its header does; cut off the rest."""
    header: Record | None = None
    last: Record = {}
    capture_ids: list[str] = []
    position = whole = 0
    with part.open("rb") as lines:
        for line in lines:
            position += len(line)
            if header is not None and not line.startswith(CURSOR):
                continue
            record = _try(line)
            if record is None:
                break
            last = record if header is not None else last
            capture_ids += filter(None, [last.get("capture_id")])
            header = header or record
            whole = position
    with part.open("r+b") as file:
        file.truncate(whole)
    if header is None:
        return None
    return Left(part=part, header=header, cursor=last, capture_ids=tuple(capture_ids))


def _try(line: bytes) -> Record | None:
    try:
        record = orjson.loads(line) if line.endswith(b"\n") else None
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) and "record" in record else None


def _tagged(name: bytes, item: object) -> bytes:
    return (
        b'{"record":"'
        + name
        + b'",'
        + orjson.dumps(item, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)[1:]
    )


def as_line(record: Record) -> bytes:
    """Return a record as one line of a feed."""
    return orjson.dumps(record, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def _replace(packed: Path, path: Path) -> None:
    with packed.open("rb+") as file:
        os.fsync(file.fileno())
    packed.replace(path)
