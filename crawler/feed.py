"""Feeds: what one visit to one account brought, as JSON lines, kept as a journal until the visit has ended.

While the visit lasts, `<feed>.part` grows by one write a page: what the page said and where to go on.
A crash loses at most the page that was being written; `Journal` cuts that one off and hands back where to go
on. When the visit ends, the feed appears under its own name in one step: nobody ever reads half a visit.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from crawler.errors import ArchiveError, ParseError
from crawler.items import Account, Outcome, Platform, Post

SUFFIX = ".jsonl.gz"
PART = ".part"

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


@dataclass(slots=True)
class Left:
    """What an interrupted visit left behind: its header, its records and the steps that were still to do."""

    header: Record
    records: list[Record] = field(default_factory=list)
    steps: list[Record] = field(default_factory=list)


def feed_path(feeds: Path, crawl_id: str, platform: str, account: str) -> Path:
    """Return where the feed of a visit stands."""
    return feeds / crawl_id / f"{platform}-{quote(account, safe='@')}{SUFFIX}"


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
        self.part = path.with_name(path.name + PART)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.left = _read_left(self.part) if self.part.exists() else None
        self._file = self.part.open("ab")
        if self.left is None:
            self._file.truncate(0)
            self._file.write(as_record(header))
            self._file.flush()

    def write(self, lines: Iterable[bytes], steps: Iterable[Record]) -> None:
        """Write what a page said and the steps still to do, in one write."""
        self._file.write(b"".join([*lines, as_line({"record": "cursor", "steps": list(steps)})]))
        self._file.flush()

    def end(self, outcome: Outcome) -> None:
        """Write how the visit ended and let the feed appear."""
        self._file.write(as_record(outcome))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with self.part.open("rb") as lines:
            write_feed(self.path, (line for line in lines if not line.startswith(b'{"record":"cursor"')))
        self.part.unlink()

    def close(self) -> None:
        """Leave the visit unended; another run can go on with it."""
        self._file.close()


def write_feed(path: Path, lines: Iterable[bytes]) -> None:
    """Write a whole feed at once; it appears, or replaces what stood there, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = path.with_name(path.name + ".tmp")
    with packed.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        out.writelines(lines)
    _replace(packed, path)


def read_feed(path: Path) -> Iterator[Record]:
    """Yield the records of a feed. Raises ArchiveError where the file is damaged."""
    try:
        with gzip.open(path, "rb") as lines:
            for line in lines:
                yield orjson.loads(line)
    except (OSError, EOFError, orjson.JSONDecodeError) as error:
        raise ArchiveError(f"{path} is no feed that can be read: {error}") from None


def feed_files(feeds: Path) -> list[Path]:
    """Return all feeds of a study, oldest crawl first."""
    return sorted(feeds.glob(f"*/*{SUFFIX}"))


def _read_left(part: Path) -> Left | None:
    whole = 0
    pending: list[Record] = []
    left: Left | None = None
    with part.open("rb") as lines:
        position = 0
        for line in lines:
            position += len(line)
            record = _try(line)
            if record is None:
                break
            if left is None:
                left, whole = Left(record), position
            elif record["record"] == "cursor":
                left.records += pending
                left.steps, pending, whole = record["steps"], [], position
            else:
                pending.append(record)
    with part.open("r+b") as file:
        file.truncate(whole)
    return left


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
