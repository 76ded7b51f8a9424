"""Loads feeds: each wholly or not at all, and each once."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb

from warehouse.db import first_line, one, sql, sql_names, transaction
from warehouse.errors import FeedError

MOST_FEEDS = 1000
MOST_BYTES = 128 * 1024 * 1024  # compressed; about four times as much unpacked

OnFeeds = Callable[[int], None]


class Forgotten(Protocol):
    """Tells what was forgotten on request: a feed that somebody restored must not bring it back."""

    def has_account(self, platform: str, account: str, account_id: str | None = None) -> bool:
        """Tell whether an account is forgotten, by its handle or its id."""

    def has_post(self, platform: str, post_id: str | None) -> bool:
        """Tell whether a post is forgotten."""


_ACCOUNTS_MET = """
    select distinct filename, platform, account, account_id
    from stg_line where record in ('crawl', 'account', 'post', 'outcome') and account is not null
"""
_SCATTERED = """
    select count(*)
    from (select filename from stg_line group by filename having max(rowid) - min(rowid) + 1 <> count(*))
"""
_POSTS_MET = """
    select distinct filename, platform, unnest([post_id, repost_of])
    from stg_line where record in ('post', 'vanished') and post_id is not null
"""


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What a load added. `refused` holds one sentence per feed that could not be loaded."""

    loaded: int = 0
    skipped: int = 0
    refused: tuple[str, ...] = ()
    posts_new: int = 0
    versions_new: int = 0
    snapshots_new: int = 0
    outcomes: int = 0
    parse_errors: int = 0

    def __add__(self, other: LoadReport) -> LoadReport:
        """Return the sum of two reports."""
        return LoadReport(**{name: getattr(self, name) + getattr(other, name) for name in self.__dict__})


@dataclass(frozen=True, kw_only=True)
class _Feed:
    path: str
    size: int
    sha256: str = field(repr=False)


def load_feeds(
    con: duckdb.DuckDBPyConnection,
    paths: Iterable[Path | str],
    *,
    at: datetime | None = None,
    on_feeds: OnFeeds = lambda count: None,
    forgotten: Forgotten | None = None,
) -> LoadReport:
    """Load feeds that were not loaded before, in bounded batches; a reader sees a feed wholly or not at all.

    A feed that cannot be loaded is refused by name and the others are loaded. A feed of a visit that is known,
    with other content (after `reparse`), replaces what the earlier one said. `on_feeds` is told how many are done.
    A feed that tells of what is `forgotten` is refused.
    """
    feeds, report = _find_unknown(con, paths)
    on_feeds(report.skipped + len(report.refused))
    con.execute("set variable loaded_at = ?", [at or datetime.now(UTC)])
    for batch in _batches(feeds):
        report += _load(con, batch, forgotten)
        on_feeds(len(batch))
    return report


def _find_unknown(
    con: duckdb.DuckDBPyConnection, paths: Iterable[Path | str]
) -> tuple[list[_Feed], LoadReport]:
    known = {row[0] for row in con.execute("select sha256 from meta_file").fetchall()}
    feeds, report = [], LoadReport()
    for path in sorted(map(str, paths)):
        try:
            feed = _identify(path)
        except OSError as error:
            report += LoadReport(refused=(f"{path} cannot be read: {error.strerror}.",))
            continue
        if feed.sha256 in known:
            report += LoadReport(skipped=1)
        else:
            known.add(feed.sha256)
            feeds.append(feed)
    return feeds, report


def _identify(path: str) -> _Feed:
    content = Path(path).read_bytes()
    return _Feed(path=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def _batches(feeds: list[_Feed]) -> Iterator[list[_Feed]]:
    batch: list[_Feed] = []
    size = 0
    for feed in feeds:
        if batch and (len(batch) == MOST_FEEDS or size + feed.size > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(feed)
        size += feed.size
    if batch:
        yield batch


def _load(con: duckdb.DuckDBPyConnection, feeds: list[_Feed], forgotten: Forgotten | None) -> LoadReport:
    """Load feeds in one transaction; where that fails, set the bad ones apart and load the others."""
    report = LoadReport()
    while feeds:
        try:
            return report + _load_at_once(con, feeds, forgotten)
        except _Refused as refused:
            bad = refused.sentences
        except _Twice:
            half = len(feeds) // 2
            return report + _load(con, feeds[:half], forgotten) + _load(con, feeds[half:], forgotten)
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            named = [feed.path for feed in feeds if _is_named(feed.path, error)]
            named = named or [feed.path for feed in feeds if _is_garbled(feed.path)]
            bad = {path: _sentence(path, error) for path in named}
            if not bad:
                raise
        report += LoadReport(refused=tuple(bad.values()))
        feeds = [feed for feed in feeds if feed.path not in bad]
    return report


def _is_named(path: str, error: Exception) -> bool:
    said = first_line(error)
    return f'"{path}"' in said or said.endswith(f": {path}")


def _is_garbled(path: str) -> bool:
    """Tell whether bytes within a gzipped file have changed, which DuckDB says without naming the file."""
    try:
        with gzip.open(path) as file:
            while file.read(MOST_BYTES):
                pass
    except zlib.error:
        return True
    except (OSError, EOFError):
        pass  # no gzip, or cut off: DuckDB names those
    return False


class _Twice(FeedError):
    """Two readings of one visit are in one batch; they have to come one after the other."""


class _Refused(FeedError):
    def __init__(self, sentences: dict[str, str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences.values()))


def _load_at_once(
    con: duckdb.DuckDBPyConnection, feeds: list[_Feed], forgotten: Forgotten | None
) -> LoadReport:
    con.execute("set variable feeds = ?", [[feed.path for feed in feeds]])
    con.execute("set variable hashes = ?", [[feed.sha256 for feed in feeds]])
    _read_lines(con)
    _refuse_problems(con)
    if forgotten:
        _refuse_forgotten(con, forgotten)
    if one(con, "select count(*) - count(distinct feed_key) from stg_header"):
        raise _Twice("two feeds tell of the same visit")
    with _set(con, "preserve_insertion_order", value=False), transaction(con):
        for name in sql_names("load"):
            if "30" <= name[:2] <= "79":
                con.execute(sql(f"load/{name}"))
        counts = con.execute(sql("load/90_report.sql")).df().iloc[0]
    added: dict[str, Any] = {str(name): int(count) for name, count in counts.items()}
    return LoadReport(loaded=len(feeds), **added)


@contextmanager
def _set(con: duckdb.DuckDBPyConnection, name: str, value: int | bool) -> Iterator[None]:
    """Change a setting of DuckDB for a while."""
    row = con.execute("select current_setting(?)", [name]).fetchone()
    con.execute(f"set {name} = {value}")
    try:
        yield
    finally:
        con.execute(f"set {name} = {row[0] if row else value}")


def _read_lines(con: duckdb.DuckDBPyConnection) -> None:
    """Read the feeds, several at a time: one thread reads a gzipped file to its end, so its lines stay in order.

    Where the lines of a file do not lie together, threads have shared it; then all are read again, one by one.
    """
    with _set(con, "preserve_insertion_order", value=False):
        con.execute(sql("load/10_lines.sql"))
    if one(con, _SCATTERED):
        with _set(con, "threads", 1), _set(con, "preserve_insertion_order", value=True):
            con.execute(sql("load/10_lines.sql"))


def _refuse_problems(con: duckdb.DuckDBPyConnection) -> None:
    suspects = [row[0] for row in con.execute(sql("load/20_suspects.sql")).fetchall()]
    if not suspects:
        return
    con.execute("set variable suspects = ?", [suspects])
    with _set(con, "preserve_insertion_order", value=True):
        problems = con.execute(sql("load/problems.sql")).fetchall()
    if problems:
        raise _Refused({file: _problem(file, *rest) for file, *rest in problems})


def _refuse_forgotten(con: duckdb.DuckDBPyConnection, forgotten: Forgotten) -> None:
    met: dict[str, str] = {}
    for file, platform, account, account_id in con.execute(_ACCOUNTS_MET).fetchall():
        if forgotten.has_account(platform, account, account_id):
            met[file] = "an account"
    for file, platform, post_id in con.execute(_POSTS_MET).fetchall():
        if file not in met and forgotten.has_post(platform, post_id):
            met[file] = "a post"
    if met:
        expected = "expected nothing of it, so the feed is not loaded; remove it, or read its captures again"
        raise _Refused(
            {
                file: f"{file}: tells of {what} that was forgotten on request; {expected}."
                for file, what in met.items()
            }
        )


def _problem(file: str, line: int | None, field_name: str, value: str | None, expected: str) -> str:
    place = file if line is None else f"{file} line {line}"
    verb = "are" if field_name.startswith("records") else "is"
    found = "missing" if value is None else value if line is None else repr(value)
    return f"{place}: {field_name} {verb} {found}; expected {expected}."


def _sentence(path: str, error: Exception) -> str:
    said = first_line(error)
    for prefix in ("Invalid Input Error: ", "IO Error: ", "Conversion Error: "):
        said = said.removeprefix(prefix)
    where = f' in file "{path}"'
    said = said.replace(f"{where}, ", " ").replace(where, "").replace(f": {path}", "").rstrip(". ")
    return f"{path}: {said}; expected a gzipped feed of JSON lines in UTF-8."
