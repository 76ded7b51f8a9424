"""Feeds made anew from the archive, without the network: a parser that reads better costs a re-read, no re-crawl."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.archive import SUFFIX, read_archive
from crawler.errors import ArchiveError, ParseError
from crawler.feed import Record, as_line, as_record, feed_files, read_feed, write_feed
from crawler.forgotten import Forgotten
from crawler.items import Capture, Page
from crawler.parsers.formats import parse
from crawler.seen import Seen
from crawler.study import CrawlStudy


@dataclass(frozen=True, slots=True, kw_only=True)
class Reparsed:
    """What reading a visit's captures again gave."""

    feed: Path
    posts_before: int
    posts: int
    errors: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What of a feed no capture tells: its header, its outcome, and the posts that had vanished."""

    header: Record
    outcome: Record
    vanished: tuple[bytes, ...]
    posts: int


def reparse(study: CrawlStudy) -> Iterator[Reparsed]:
    """Rebuild every feed of a study from its captures; a feed whose captures are gone stays as it is."""
    by_crawl: dict[str, list[Path]] = {}
    for feed in feed_files(study.feeds):
        by_crawl.setdefault(feed.parent.name, []).append(feed)
    for crawl_id, feeds in by_crawl.items():
        archive = study.archive / f"{crawl_id}{SUFFIX}"
        if not archive.exists():
            raise ArchiveError(f"{archive} is not there; the feeds of {crawl_id} cannot be made anew")
        yield from _reparse_crawl(archive, feeds, Forgotten.read(study.state))


def _reparse_crawl(archive: Path, feeds: list[Path], forgotten: Forgotten) -> Iterator[Reparsed]:
    wanted = {feed: _read_frame(feed) for feed in feeds}
    of_capture = {
        capture_id: feed for feed, frame in wanted.items() for capture_id in frame.outcome["capture_ids"]
    }
    pages: dict[Path, dict[str, list[bytes]]] = {feed: {} for feed in feeds}
    seen = {feed: Seen(frame.header["account"]) for feed, frame in wanted.items()}
    for capture in read_archive(archive):
        feed = of_capture.get(capture.capture_id)
        if feed is not None:
            page = seen[feed].take(forgotten.without(_read(capture)), capture.capture_id)
            pages[feed][capture.capture_id] = _lines(page, capture.capture_id)
    for feed, frame in wanted.items():
        yield _rebuild(feed, frame, pages[feed])


def _rebuild(feed: Path, frame: _Frame, pages: dict[str, list[bytes]]) -> Reparsed:
    outcome = frame.outcome
    order = list(dict.fromkeys(outcome["capture_ids"]))
    missing = sum(capture_id not in pages for capture_id in order)
    lines = [line for capture_id in order for line in pages.get(capture_id, [])]
    errors = sum(line.startswith(b'{"record":"error"') for line in lines)
    posts = sum(line.startswith(b'{"record":"post"') for line in lines)
    if not missing:
        last = as_line(outcome | {"errors_count": errors})
        write_feed(feed, [as_line(frame.header), *lines, *frame.vanished, last])
    return Reparsed(feed=feed, posts_before=frame.posts, posts=posts, errors=errors, missing=missing)


def _read_frame(feed: Path) -> _Frame:
    header: Record = {}
    last: Record = {}
    vanished: list[bytes] = []
    posts = 0
    for record in read_feed(feed):
        header = header or record
        posts += record["record"] == "post"
        if record["record"] == "vanished":
            vanished.append(as_line(record))
        last = record
    if header.get("record") != "crawl" or last.get("record") != "outcome":
        raise ArchiveError(f"{feed} is no whole feed; expected a crawl first and an outcome last")
    return _Frame(header=header, outcome=last, vanished=tuple(vanished), posts=posts)


def _read(capture: Capture) -> Page:
    try:
        return parse(capture)
    except ParseError as error:
        return Page(format=capture.format, errors=(error,))


def _lines(page: Page, capture_id: str) -> list[bytes]:
    items: list[Any] = [*filter(None, [page.account]), *page.posts, *page.errors]
    return [as_record(item, capture_id) for item in items]
