"""An import is a crawl that a person made by hand: its captures are archived, its posts go to feeds, with outcomes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import SUFFIX, Archive
from crawler.errors import ParseError
from crawler.feed import feed_path
from crawler.forgotten import SIGN, Forgotten
from crawler.imports.ledger import Gathered, Key, write_feeds
from crawler.imports.owners import Owners, choose_account
from crawler.imports.readers import find_source
from crawler.imports.source import Found, LeftOut
from crawler.items import Capture, Page
from crawler.parsers.formats import parse
from crawler.redact import known_secrets, redact
from crawler.study import CrawlStudy


@dataclass(slots=True, kw_only=True)
class Import:
    """What an import of one file did.

    `others` counts posts of accounts that the study does not list, `left_out` rows that are no posts, by why;
    `complaints` are the rows that were not understood; `strangers` the accounts of the others. `before` are the feeds
    that an earlier import of the same file left: their accounts are passed over. It is `known` where that is all.
    """

    path: Path
    crawl_id: str
    route: str
    title: str
    rows: int = 0
    posts: int = 0
    repeated: int = 0
    others: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    complaints: list[ParseError] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    strangers: set[Key] = field(default_factory=set)
    before: frozenset[str] = frozenset()
    known: bool = False


def import_file(
    study: CrawlStudy,
    path: Path,
    *,
    everybody: bool,
    account: str = "",
    on_row: Callable[[], None] = lambda: None,
) -> Import:
    """Import one file into a study; one that was imported before adds only accounts of which nothing was kept then.

    `account` is whose file it is, for kinds that do not say. Posts of accounts that the study does not list are
    left out, and counted, unless `everybody` is true or the study lists no account. Rows that are not understood
    are complaints; the others are kept. Raises UnknownFormat for a file of no known kind, StudyError where nothing
    tells whose it is or it is another's than said, and ArchiveError for one that cannot be read.
    """
    source = find_source(path)
    crawl_id = f"import-{_digest(path)}"
    result = Import(path=path, crawl_id=crawl_id, route=source.route, title=source.title, notes=source.notes)
    result.before = frozenset(feed.name for feed in (study.feeds / crawl_id).glob("*"))
    result.known = bool(result.before) and not source.names_account
    if result.known:
        return result
    owners = Owners(study, everybody=everybody)
    owners.said = choose_account(study, source, account, owners, path.name)
    archive = study.archive / f"{crawl_id}{SUFFIX}"
    if not result.before:
        archive.unlink(missing_ok=True)  # left by an import that was interrupted: it is read again whole
    began = datetime.now(UTC)
    forgotten = Forgotten.read(study.state)
    rows = _rows(source.read(owners.said), result, on_row)
    try:
        with Archive(archive, forgotten.kept) as out:
            gathered = _gather(rows, owners, forgotten, out, result)
        result.known = bool(result.before) and not gathered
        if gathered:
            write_feeds(study, crawl_id, source, gathered, began)
    finally:
        if not any((study.feeds / crawl_id).glob("*")):
            archive.unlink()
    return result


def _rows(found: Iterator[Found], result: Import, on_row: Callable[[], None]) -> Iterator[Capture]:
    for row in found:
        result.rows += 1
        on_row()
        if isinstance(row, ParseError):
            result.complaints.append(row)
        elif isinstance(row, LeftOut):
            result.left_out[row.why] += 1
        else:
            yield row


def _gather(
    captures: Iterator[Capture], owners: Owners, forgotten: Forgotten, archive: Archive, result: Import
) -> dict[Key, Gathered]:
    """Return what is kept, by account; only captures that hold something to keep are archived."""
    gathered: dict[Key, Gathered] = {}
    secrets = known_secrets()
    for sent in captures:
        capture = redact(sent, secrets)
        page = _read(capture)
        owners.check(page, result.path.name)
        listed = owners.name(page)
        named = forgotten.without(listed)
        if len(named.posts) < len(listed.posts):
            result.left_out[SIGN] += len(listed.posts) - len(named.posts)
        result.complaints.extend(_placed(error, result) for error in page.errors)
        result.others += len(page.posts) - len(listed.posts)
        result.strangers |= owners.strangers(page)
        if not page.posts and not page.errors:
            result.left_out["no post of an organisation's own"] += 1
        name = named.posts[0].account if named.posts else owners.spelling(capture.platform, capture.account)
        if name and (named.posts or named.errors):
            key = (capture.platform, name)
            if feed_path(Path(), "", *key).name in result.before:
                continue
            archive.write(capture)
            _note(gathered.setdefault(key, Gathered()), named, capture, result)
    return gathered


def _placed(error: ParseError, result: Import) -> ParseError:
    """Return an error with the file and row in which it stands, where it names only a platform's own field."""
    file = result.path.name
    if error.place.startswith(file):
        return error
    return ParseError(f"{file} row {result.rows}: {error.place}", error.problem)


def _read(capture: Capture) -> Page:
    """Return what a capture says; a refusal that a person saved is an error, for it holds no posts."""
    try:
        page = parse(capture)
    except ParseError as error:
        return Page(format=capture.format, errors=(error,))
    if page.refusal is None:
        return page
    told = f"holds no posts: the platform refused ({page.refusal.outcome}): {page.refusal.sign}"
    return replace(page, posts=(), errors=(ParseError(capture.place, told),))


def _note(of: Gathered, page: Page, capture: Capture, result: Import) -> None:
    before = len(of.post_ids)
    of.take(page, capture)
    new = len(of.post_ids) - before
    result.posts += new
    result.repeated += len(page.posts) - new


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
