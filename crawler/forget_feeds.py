"""Reads and writes again whole the feeds of a study and the journals of its interrupted visits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from crawler.errors import ArchiveError
from crawler.feed import PART, Record, as_line, read_feed, write_feed


def feeds_and_journals(feeds: Path, *, tidy: bool = False) -> Iterator[tuple[Path, list[Record]]]:
    """Yield every feed and journal of a study with its records; tidying removes what a kill left of one (`.tmp`)."""
    for path in sorted(feeds.glob("*/*")):
        if re.search(r"\.jsonl\.gz(\.part)?$", path.name):
            yield path, list(_read(path))
        elif tidy and path.name.endswith(".jsonl.gz.tmp"):
            path.unlink()


def _read(path: Path) -> Iterator[Record]:
    """Yield the records of a feed or journal. Raises ArchiveError where it is damaged."""
    if not path.name.endswith(PART):
        yield from read_feed(path)
        return
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):  # a line that a crash cut off was never said
                yield _journal_line(path, line)


def rewrite(path: Path, records: Sequence[Record]) -> tuple[str, str]:
    """Replace the records of a feed or journal in one step; return the file's digest before and after."""
    was = _digest(path)
    lines = [as_line(record) for record in records]
    if path.name.endswith(PART):
        replace_file(path, b"".join(lines))
    else:
        write_feed(path, lines)
    return was, _digest(path)


def replace_file(path: Path, body: bytes) -> None:
    """Write a file in one step."""
    fresh = path.with_name(f".{path.name}.forgetting")
    fresh.write_bytes(body)
    fresh.replace(path)


def _journal_line(path: Path, line: bytes) -> Record:
    try:
        record: Record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ArchiveError(f"{path} is no journal that can be read: {error}") from None
    return record


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
