"""What holds a run up: spent budgets, crawls that somebody else runs; and which accounts of a run are left."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from audit.schedule.wall import moment_of, wall_of
from audit.study import Study
from crawler.budget import Budget
from crawler.crawl import lock_platform, read_crawls
from crawler.errors import CrawlerError
from crawler.feed import feed_path, part_of
from crawler.items import Platform
from crawler.quota import CALIFORNIA
from crawler.routes import choose_routes

WORK_LOCK = "schedule.work.lock"
_UTC = ZoneInfo("UTC")

Accounts = dict[Platform, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A budget that is spent, and when it begins anew."""

    platform: Platform
    until: datetime
    why: str


def find_spent(
    study: Study, platform: Platform, now: datetime, environ: Mapping[str, str] = os.environ
) -> Spent | None:
    """Return a platform's spent budget of requests or quota of units, None where some is left."""
    table = study.platform(platform)
    requests = Budget(study.state / f"{platform}.budget.json", table.requests_per_day, lambda: now)
    if table.requests_per_day is not None and requests.spent_today >= table.requests_per_day:
        why = f"{platform}: its budget of {table.requests_per_day} requests a day is spent"
        return Spent(platform=platform, until=_midnight(now, _UTC), why=why)
    if not _is_counted_in_units(study, platform, environ):
        return None
    for path in study.state.glob(f"{platform}.*.quota.json"):
        units = Budget(path, table.units_per_day, lambda: now.astimezone(CALIFORNIA))
        if units.spent_today >= table.units_per_day:
            why = f"{platform}: its quota of {table.units_per_day} units a day is spent"
            return Spent(platform=platform, until=_midnight(now, CALIFORNIA), why=why)
    return None


def renewal(study: Study, platform: Platform, now: datetime) -> Spent:
    """Return when a platform that told of a spent budget may be asked again."""
    zone = CALIFORNIA if platform == "youtube" else _UTC
    told = Spent(platform=platform, until=_midnight(now, zone), why=f"{platform}: the day's budget is spent")
    return find_spent(study, platform, now) or told


def find_work(study: Study, platforms: Sequence[Platform]) -> str:
    """Return what is at work in the study already, in words; empty where nothing is."""
    study.state.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(study.state / WORK_LOCK, timeout=0):
            pass
    except Timeout:
        return "an earlier run is still at work"
    for platform in platforms:
        try:
            lock_platform(study, platform).release()
        except CrawlerError:
            return f"a crawl of {platform} is at work that this schedule did not begin"
    return ""


def left_to_visit(study: Study, wanted: Accounts, since: datetime) -> Accounts:
    """Return the accounts of which no visit ended since a moment; one that waits for another day's budget has not."""
    notes = [note for note in read_crawls(study.feeds) if _is_since(note.get("finished_at"), since)]
    left: Accounts = {}
    for platform, accounts in wanted.items():
        crawls = [note["crawl_id"] for note in notes if note["platform"] == platform]
        rest = tuple(one for one in accounts if not _is_visited(study, crawls, platform, one, since))
        left |= {platform: rest} if rest else {}
    return left


def _is_visited(study: Study, crawls: list[str], platform: Platform, account: str, since: datetime) -> bool:
    feeds = [feed_path(study.feeds, crawl_id, platform, account) for crawl_id in crawls]
    return any(
        feed.exists() and not part_of(feed).exists() and feed.stat().st_mtime >= since.timestamp()
        for feed in feeds
    )


def _is_since(text: str | None, since: datetime) -> bool:
    return text is None or datetime.fromisoformat(text) >= since


def _is_counted_in_units(study: Study, platform: Platform, environ: Mapping[str, str]) -> bool:
    usable = choose_routes(study, platform, environ).usable
    return bool(usable) and usable[0].kind == "official"


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = wall_of(now, zone).date() + timedelta(days=1)
    return moment_of(datetime.combine(tomorrow, time()), zone).astimezone(UTC)
