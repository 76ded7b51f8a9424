"""The crawl of a study, all platforms at once, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from audit.exits import Exit
from audit.study import Study
from crawler.accounts import StudyAccount, read_handle
from crawler.errors import CrawlerError, StudyError
from crawler.items import PLATFORMS, Outcome, OutcomeKind, Platform
from crawler.signals import progressed
from crawler.spiders.platform import PlatformSpider

TOLD: frozenset[OutcomeKind] = frozenset({"complete", "empty", "private", "not_found"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """How a crawl ended: the outcome of each account, and the log that tells the rest.

    `errors` are sentences, one per platform that could not be crawled; `finished` tells of the others.
    """

    outcomes: tuple[Outcome, ...]
    errors: tuple[str, ...] = ()
    finished: bool
    log: Path

    @property
    def counts(self) -> Counter[OutcomeKind]:
        """Accounts by outcome."""
        return Counter(outcome.outcome for outcome in self.outcomes)

    @property
    def exit(self) -> Exit:
        """Success where every account told what it has; blocked where none did; else partial."""
        told = sum(number for kind, number in self.counts.items() if kind in TOLD)
        if self.finished and not self.errors and told == len(self.outcomes):
            return Exit.SUCCESS
        collected = any(outcome.posts_collected for outcome in self.outcomes)
        return Exit.PARTIAL if told or collected else Exit.BLOCKED


Progress = Callable[[PlatformSpider], None]


def crawl(
    study: Study,
    *,
    platforms: Sequence[Platform] = (),
    accounts: Iterable[str] | Mapping[Platform, Iterable[str]] = (),
    replay: Path | None = None,
    on_progress: Progress = lambda spider: None,
) -> Crawled:
    """Visit the study's accounts, all platforms at once and one account at a time on each.

    `accounts` are handles of any platform, or handles per platform; none means all. An interrupted crawl is gone
    on with. May be called once per process, as Scrapy's reactor runs once.
    """
    chosen = choose(study, platforms, accounts)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    log = study.logs / f"crawl-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    settings.set("LOG_FILE", str(log), priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawlers = [process.create_crawler(name) for name in chosen]
    for handles, crawler in zip(chosen.values(), crawlers, strict=True):
        crawler.signals.connect(on_progress, progressed, weak=False)
        process.crawl(crawler, study=str(study.folder), accounts=",".join(handles), replay=str(replay or ""))
    process.start()
    return _crawled([crawler.spider for crawler in crawlers], log)


def choose(
    study: Study, platforms: Sequence[Platform], accounts: Iterable[str] | Mapping[Platform, Iterable[str]]
) -> dict[Platform, list[str]]:
    """Return the handles to visit by platform, none for all of it.

    Raises CrawlerError where nothing is listed, or where an account is named that is not.
    """
    listed = [one for one in study.accounts() if not platforms or one.platform in platforms]
    of = f" of {', '.join(platforms)}" if platforms else ""
    file = study.folder / study.accounts_file
    if not listed:
        raise CrawlerError(f"{file} lists no accounts{of}; there is nothing to visit")
    chosen: dict[Platform, list[str]] = {
        name: [] for name in PLATFORMS if name in {one.platform for one in listed}
    }
    if isinstance(accounts, Mapping):
        return {name: list(accounts.get(name, ())) for name in chosen}
    words = [word for one in accounts for word in one.split(",") if word.strip()]
    for word in words:
        found = [one for one in listed if _is_named(one, word)]
        if not found:
            raise CrawlerError(f"{file} lists no account {word!r}{of}")
        for account in found:
            chosen[account.platform].append(account.account)
    return {name: handles for name, handles in chosen.items() if handles or not words}


def _is_named(account: StudyAccount, word: str) -> bool:
    try:
        return read_handle(account.platform, word).casefold() == account.account.casefold()
    except StudyError:
        return False


def _crawled(spiders: Sequence[Spider | None], log: Path) -> Crawled:
    ours = [spider for spider in spiders if isinstance(spider, PlatformSpider)]
    errors = [f"{spider.name}: {spider.error}" for spider in ours if spider.error]
    if len(ours) < len(spiders):
        errors.append(f"a spider did not start; {log} says why")
    outcomes = tuple(outcome for spider in ours for outcome in spider.outcomes)
    if errors and not outcomes:
        raise CrawlerError("; ".join(errors))
    finished = all(spider.is_finished for spider in ours if not spider.error)
    return Crawled(outcomes=outcomes, errors=tuple(errors), finished=finished, log=log)
