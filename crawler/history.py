"""What earlier crawls brought of an account, read from their feeds: what is known, and since when it is whole.

Nothing but feeds is asked, for a feed appears only when its visit has ended: no kill can make this lie.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ArchiveError
from crawler.feed import Record, feed_path, read_feed
from crawler.items import Platform, Precision

EXACT: frozenset[Precision] = frozenset({"second", "minute", "hour"})  # "13 days ago" is not

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """A post as it was last seen: its date where exact, when, by which route; whether its spoken words are known."""

    posted_at: datetime | None
    last_seen_at: datetime
    route: str
    is_gone: bool = False
    is_heard: bool = False


@dataclass(slots=True)
class History:
    """All posts of an account that earlier crawls saw, and its watermark.

    Every post up to the watermark was seen by a visit that came to its end; None where no visit did
    that reached as far back as the study wants.
    """

    sights: dict[str, Sight] = field(default_factory=dict)
    watermark: datetime | None = None

    def add(self, records: Iterable[Record], window_since: datetime | None) -> None:
        """Take a feed in, younger than all before it."""
        header: Record = {}
        for record in records:
            match record["record"]:
                case "crawl":
                    header = record
                case "post":
                    self._see(record)
                case "vanished" if record["post_id"] in self.sights:
                    last = self.sights[record["post_id"]]
                    self.sights[record["post_id"]] = replace(last, is_gone=True)
                case "outcome" if _is_whole(record, header, window_since):
                    self.watermark = _watermark(record)

    def _see(self, record: Record) -> None:
        before = self.sights.get(record["post_id"])
        exact = record["posted_at"] and record["posted_precision"] in EXACT
        known = before.posted_at if before else None
        at = _moment(record["posted_at"]) if exact else known
        heard = bool(record.get("transcript")) or (before is not None and before.is_heard)
        seen_at = _moment(record["captured_at"])
        self.sights[record["post_id"]] = Sight(at, seen_at, record["route"], is_heard=heard)


def read_history(
    feeds: Path, platform: Platform, account: str, window_since: datetime | None, *, but: str = ""
) -> History:
    """Return what the feeds of a study tell of an account, those of the crawl `but` left out."""
    history = History()
    name = feed_path(feeds, "crawl", platform, account).name
    for path in sorted(feeds.glob(f"*/{name}")):
        if path.parent.name == but:
            continue
        try:
            history.add(read_feed(path), window_since)
        except ArchiveError as error:  # as if that crawl had never been: more is asked, nothing is lost
            logger.warning("%s", error)
        except (KeyError, TypeError, ValueError) as error:
            logger.warning("%s is no feed that can be read: %r", path, error)
    return history


def _is_whole(outcome: Record, header: Record, window_since: datetime | None) -> bool:
    if outcome["outcome"] != "complete":
        return False
    begins = header.get("window_since")
    return begins is None or (window_since is not None and _moment(begins) <= window_since)


def _watermark(outcome: Record) -> datetime:
    """Return the newest post's moment: a platform may show a post later than it dates it."""
    started = _moment(outcome["started_at"])
    newest = outcome["newest_posted_at"]
    return min(started, _moment(newest)) if newest else started


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
