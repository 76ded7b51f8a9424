"""One crawl of one platform: its folder of feeds, its archive file, and which accounts are still to visit."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import orjson
from filelock import FileLock, Timeout

from crawler.accounts import StudyAccount
from crawler.archive import SUFFIX, Archive
from crawler.errors import CrawlerError
from crawler.feed import Header, Journal, feed_path, part_of
from crawler.forgotten import Forgotten
from crawler.history import History, read_history
from crawler.items import Platform
from crawler.study import CrawlStudy

NOTE = "crawl.json"
SOFTWARE = f"uitzicht {version('uitzicht')}"


class Crawl:
    """A crawl of a platform, new or gone on with where the last one was interrupted.

    Only one crawl of a platform runs in a study at a time; a second one is refused with a sentence.
    """

    def __init__(self, study: CrawlStudy, platform: Platform, note: dict[str, Any], lock: FileLock) -> None:
        self.study = study
        self.platform = platform
        self.crawl_id: str = note["crawl_id"]
        self.note = note
        self._lock = lock
        self.archive = Archive(self._archive_path(), Forgotten.read(study.state).kept)

    @classmethod
    def begin(cls, study: CrawlStudy, platform: Platform) -> Self:
        """Go on with the platform's unfinished crawl, else begin a new one."""
        lock = lock_platform(study, platform)
        unfinished = _unfinished(study.feeds, platform)
        if unfinished is not None:
            return cls(study, platform, unfinished, lock)
        now = datetime.now(UTC)
        crawl_id = f"{platform}-{now:%Y%m%dT%H%M%SZ}-{now.microsecond // 16:04x}"  # ids sort as crawls began
        crawl = cls(study, platform, {"crawl_id": crawl_id, "platform": platform}, lock)
        crawl._write_note(started_at=now.isoformat(), finished_at=None)
        return crawl

    def is_resumed(self) -> bool:
        """Tell whether this crawl goes on with an interrupted one."""
        return any(self.folder.glob("*.jsonl.gz*"))

    @property
    def folder(self) -> Path:
        """The folder of this crawl's feeds."""
        return self.study.feeds / self.crawl_id

    def is_visited(self, account: StudyAccount) -> bool:
        """Tell whether the account's feed stands already, and no journal waits to be gone on with."""
        feed = self._feed(account)
        return feed.exists() and not part_of(feed).exists()

    def is_waiting(self, account: StudyAccount) -> bool:
        """Tell whether an interrupted visit to the account waits to be gone on with."""
        return account.platform == self.platform and part_of(self._feed(account)).exists()

    def history(self, account: str) -> History:
        """Return what earlier crawls saw of an account."""
        feeds, since = self.study.feeds, self.study.window_since
        return read_history(feeds, self.platform, account, since, but=self.crawl_id)

    def journal(self, account: StudyAccount, route: str, ground: str) -> Journal:
        """Return the account's journal, with what an interrupted run left in it."""
        header = Header(
            crawl_id=self.crawl_id,
            study=self.study.title,
            platform=self.platform,
            account=account.account,
            route=route,
            legal_ground=ground,
            started_at=datetime.now(UTC),
            window_since=self.study.window_since,
            window_until=self.study.window_until,
            software=SOFTWARE,
        )
        return Journal(self._feed(account), header)

    def close(self, *, finished: bool) -> None:
        """Close the archive; a crawl that is not finished is gone on with next time."""
        self.archive.close()
        if finished:
            self._write_note(finished_at=datetime.now(UTC).isoformat())
        self._lock.release()

    def _feed(self, account: StudyAccount) -> Path:
        return feed_path(self.study.feeds, self.crawl_id, self.platform, account.account)

    def _archive_path(self) -> Path:
        return self.study.archive / f"{self.crawl_id}{SUFFIX}"

    def _write_note(self, **changes: str | None) -> None:
        self.note.update(changes)
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f"{NOTE}.tmp"
        with temporary.open("wb") as file:
            file.write(orjson.dumps(self.note, option=orjson.OPT_INDENT_2))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / NOTE)


def read_crawls(feeds: Path) -> list[dict[str, Any]]:
    """Return what is noted of every crawl of a study, oldest first."""
    notes = [_read_note(path) for path in feeds.glob(f"*/{NOTE}")]
    return sorted(notes, key=lambda note: str(note.get("started_at")))


def _read_note(path: Path) -> dict[str, Any]:
    """Return a crawl's note; one that a power failure left unreadable is told by its id, and not as finished."""
    crawl_id = path.parent.name
    try:
        note: dict[str, Any] = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        platform, _, began = crawl_id.partition("-")
        return {"crawl_id": crawl_id, "platform": platform, "started_at": _moment_of(began)}
    return note


def _moment_of(began: str) -> str:
    try:
        return datetime.strptime(began[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return ""


def _unfinished(feeds: Path, platform: Platform) -> dict[str, Any] | None:
    mine = [note for note in read_crawls(feeds) if note["platform"] == platform]
    return mine[-1] if mine and not mine[-1].get("finished_at") else None


def lock_platform(study: CrawlStudy, platform: Platform) -> FileLock:
    """Return the lock of a platform's crawls, held; raises CrawlerError where a crawl of it is running."""
    study.state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(study.state / f"{platform}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CrawlerError(
            f"{study.folder}: a crawl of {platform} is running already; wait until it ends"
        ) from None
    return lock
