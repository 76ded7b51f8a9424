"""What earlier crawls tell of an account, as far as a plan needs it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.accounts import StudyAccount
from crawler.crawl import read_crawls
from crawler.ending import WALLS
from crawler.errors import ArchiveError
from crawler.feed import Record, feed_path, part_of, read_feed
from crawler.forgotten import SIGN as FORGOTTEN
from crawler.forgotten import Forgotten
from crawler.history import History, read_history
from crawler.items import OutcomeKind, Platform
from crawler.permalinks import FILE as PERMALINKS
from crawler.permalinks import read_permalinks
from crawler.routes import ROUTES
from crawler.study import CrawlStudy

ENOUGH_DATES = 5  # so many dated posts tell how often an account posts
UNTOLD = WALLS | {"over_budget", "skipped", "parser_broken"}  # outcomes that tell nothing of the account
VISITED = "visited already by the crawl that goes on"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An account as it was last visited, which took so many captures; without an `outcome` it never was.

    `listed` are posts that the study itself knows by their addresses.
    `left_alone` says why the next crawl asks nothing of it: forgotten on request, or visited already by the
    crawl that it goes on with.
    """

    history: History = field(default_factory=History)
    outcome: OutcomeKind | None = None
    route: str = ""
    ended_at: datetime | None = None
    reported: int | None = None
    captures: int = 0
    listed: frozenset[str] = frozenset()
    left_alone: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether a visit saw the whole window, or the last one that there is nothing to see."""
        told = self.history.watermark is not None or self.outcome == "empty"
        return told and self.ended_at is not None

    @property
    def showed_nothing(self) -> bool:
        """Tell whether a visit came to its end and no post was ever seen: the account is gone, private, empty."""
        told = self.captures > 0 and self.outcome not in UNTOLD
        return told and not self.history.sights

    def known(self, since: datetime) -> set[str]:
        """Return the ids of posts that can be asked for: listed ones, and those seen that may be in a window."""
        sights = self.history.sights.items()
        seen = {
            post_id
            for post_id, one in sights
            if not one.is_gone and (one.posted_at is None or one.posted_at >= since)
        }
        return seen | self.listed

    def dates(self, since: datetime) -> list[datetime]:
        """Return when its posts of a window were posted, oldest first, those that vanished left out."""
        sights = self.history.sights.values()
        return sorted(
            one.posted_at for one in sights if one.posted_at and one.posted_at >= since and not one.is_gone
        )

    def posts_per_day(self, since: datetime) -> float | None:
        """Return how many posts a day it makes, None where too little was seen to tell."""
        dates = self.dates(since)
        if self.is_whole and self.ended_at is not None:
            return len(dates) / max((self.ended_at - since) / DAY, 1)
        if len(dates) < ENOUGH_DATES:
            return None
        return (len(dates) - 1) / max((dates[-1] - dates[0]) / DAY, 1)


def read_pasts(study: CrawlStudy) -> dict[tuple[Platform, str], Past]:
    """Return the past of every account that a study lists."""
    forgotten = Forgotten.read(study.state)
    going_on = _unfinished(study.feeds)
    listed = read_permalinks(study.folder / PERMALINKS)
    pasts: dict[tuple[Platform, str], Past] = {}
    for account in study.accounts():
        key = account.platform, account.account
        if forgotten.has_account(*key):
            pasts[key] = Past(left_alone=FORGOTTEN)
        else:
            past = _read_past(study, account, going_on.get(account.platform, ""))
            codes = listed.get(account.account, ()) if account.platform == "instagram" else ()
            pasts[key] = replace(past, listed=frozenset(codes))
    return pasts


def _read_past(study: CrawlStudy, account: StudyAccount, going_on: str) -> Past:
    platform, name = account.platform, account.account
    feed = feed_path(study.feeds, going_on, platform, name)
    visited = bool(going_on) and feed.exists() and not part_of(feed).exists()
    but = "" if visited else going_on
    history = read_history(study.feeds, platform, name, study.window_since, but=but)
    outcome = _last_visit(study.feeds, account, but)
    if outcome is None:
        return Past(history=history, left_alone=VISITED if visited else "")
    return Past(
        history=history,
        outcome=outcome["outcome"],
        route=outcome["route"],
        ended_at=datetime.fromisoformat(outcome["ended_at"]).astimezone(UTC),
        reported=outcome["posts_reported"],
        captures=len(outcome["capture_ids"]),
        left_alone=VISITED if visited else "",
    )


def _last_visit(feeds: Path, account: StudyAccount, but: str) -> Record | None:
    """Return the outcome of a crawl's last visit; what people imported tells nothing of a visit."""
    name = feed_path(feeds, "crawl", account.platform, account.account).name
    for path in sorted(feeds.glob(f"*/{name}"), reverse=True):
        if path.parent.name == but:
            continue
        with suppress(ArchiveError):  # told when its history is read
            for record in read_feed(path):
                if record["record"] == "outcome" and (account.platform, record["route"]) in ROUTES:
                    return record
    return None


def _unfinished(feeds: Path) -> dict[Platform, str]:
    """Return the crawl of each platform that the next one goes on with."""
    last = {note["platform"]: note for note in read_crawls(feeds)}
    return {name: str(note["crawl_id"]) for name, note in last.items() if not note.get("finished_at")}
