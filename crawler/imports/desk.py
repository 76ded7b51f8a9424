"""An import is a crawl that a person made by hand: its captures are archived, its posts go to feeds, with outcomes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from crawler.archive import SUFFIX, Archive
from crawler.crawl import SOFTWARE
from crawler.errors import ArchiveError, ParseError, UnknownFormat
from crawler.feed import Header, as_record, feed_path, write_feed
from crawler.imports import zeeschuimer
from crawler.items import Capture, Outcome, Platform, Post
from crawler.parsers.formats import parse
from crawler.redact import known_secrets, redact
from crawler.study import CrawlStudy

READERS = (zeeschuimer,)
SIGN = "a person's own capture: what was on screen, no more"
Key = tuple[Platform, str]


@dataclass(slots=True, kw_only=True)
class Import:
    """What an import of one file did: posts by account, what was left out, what could not be read."""

    path: Path
    crawl_id: str
    route: str
    rows: int = 0
    posts: int = 0
    repeated: int = 0
    others: int = 0
    complaints: list[ParseError] = field(default_factory=list)
    known: bool = False


@dataclass(slots=True)
class _Gathered:
    account_id: str | None
    lines: list[bytes] = field(default_factory=list)
    post_ids: set[str] = field(default_factory=set)
    capture_ids: list[str] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)


def import_file(
    study: CrawlStudy, path: Path, *, everybody: bool, on_row: Callable[[], None] = lambda: None
) -> Import:
    """Import one file into a study; a file that was imported before adds nothing.

    Posts of accounts that the study does not list are left out, and counted, unless `everybody` is true or the study
    lists no account. Rows that are not understood are complaints; the others are kept. Raises UnknownFormat for a
    file of no known kind and ArchiveError for one that cannot be read.
    """
    reader = _reader_of(path)
    crawl_id = f"import-{_digest(path)}"
    result = Import(path=path, crawl_id=crawl_id, route=reader.ROUTE)
    if (study.feeds / crawl_id).exists():
        result.known = True
        return result
    listed = {(one.platform, one.account) for one in study.accounts()}
    wanted: Callable[[Key], bool] = listed.__contains__ if listed and not everybody else lambda key: True
    archive = study.archive / f"{crawl_id}{SUFFIX}"
    archive.unlink(missing_ok=True)  # left by an import that was interrupted: it is read again whole
    began = datetime.now(UTC)
    with Archive(archive) as out:
        gathered = _gather(_rows(reader.read_captures(path), result, on_row), wanted, out, result)
    _write_feeds(study, result, gathered, began)
    return result


def _reader_of(path: Path) -> ModuleType:
    try:
        for reader in READERS:
            if reader.recognises(path):
                return reader
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}") from None
    raise UnknownFormat(str(path), "is of no known kind; expected a Zeeschuimer export (NDJSON)")


def _rows(
    captures: Iterator[Capture | ParseError], result: Import, on_row: Callable[[], None]
) -> Iterator[Capture]:
    for capture in captures:
        result.rows += 1
        on_row()
        if isinstance(capture, ParseError):
            result.complaints.append(capture)
        else:
            yield capture


def _gather(
    captures: Iterator[Capture], wanted: Callable[[Key], bool], archive: Archive, result: Import
) -> dict[Key, _Gathered]:
    gathered: dict[Key, _Gathered] = {}
    secrets = known_secrets()
    for sent in captures:
        capture = redact(sent, secrets)
        posts = _posts(capture, result)
        kept = [post for post in posts if wanted((post.platform, post.account))]
        result.others += len(posts) - len(kept)
        if kept or not posts:  # what cannot be read yet is kept too: a later parser may
            archive.write(capture)
        for post in kept:
            _note(gathered, post, result)
    return gathered


def _posts(capture: Capture, result: Import) -> list[Post]:
    try:
        page = parse(capture)
    except ParseError as error:
        result.complaints.append(error)
        return []
    result.complaints.extend(page.errors)
    return list(page.posts)


def _note(gathered: dict[Key, _Gathered], post: Post, result: Import) -> None:
    of = gathered.setdefault((post.platform, post.account), _Gathered(post.account_id))
    result.repeated += post.post_id in of.post_ids
    result.posts += post.post_id not in of.post_ids
    of.post_ids.add(post.post_id)
    of.lines.append(as_record(post))
    of.capture_ids.append(post.capture_id)
    if post.posted_at is not None:
        of.moments.append(post.posted_at)


def _write_feeds(study: CrawlStudy, result: Import, gathered: dict[Key, _Gathered], began: datetime) -> None:
    """Write the feeds to a folder of their own and let all appear at once."""
    pending = study.feeds / f".{result.crawl_id}"
    for key, of in gathered.items():
        header, outcome = _header(study, result, key, began), _outcome(result, key, of, began)
        lines = [as_record(header), *of.lines, as_record(outcome)]
        write_feed(feed_path(study.feeds, pending.name, *key), lines)
    pending.mkdir(parents=True, exist_ok=True)
    pending.rename(study.feeds / result.crawl_id)


def _header(study: CrawlStudy, result: Import, key: Key, began: datetime) -> Header:
    return Header(
        crawl_id=result.crawl_id,
        study=study.title,
        platform=key[0],
        account=key[1],
        route=result.route,
        legal_ground="",
        started_at=began,
        window_since=None,
        window_until=None,
        software=SOFTWARE,
    )


def _outcome(result: Import, key: Key, of: _Gathered, began: datetime) -> Outcome:
    return Outcome(
        crawl_id=result.crawl_id,
        platform=key[0],
        account=key[1],
        account_id=of.account_id,
        outcome="partial",
        sign=SIGN,
        status=None,
        final_url=None,
        route=result.route,
        legal_ground="",
        posts_collected=len(of.post_ids),
        posts_reported=None,
        errors_count=0,
        oldest_posted_at=min(of.moments, default=None),
        newest_posted_at=max(of.moments, default=None),
        window_since=None,
        started_at=began,
        ended_at=datetime.now(UTC),
        capture_ids=tuple(of.capture_ids),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
