"""What an import brought, by account, and the feeds and outcomes that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.crawl import SOFTWARE
from crawler.errors import ParseError
from crawler.feed import Header, as_record, feed_path, write_feed
from crawler.imports.source import Source
from crawler.items import Account, Capture, Outcome, Page, Platform, Post
from crawler.study import CrawlStudy

SIGN = "a person's own capture ({title}): what was on screen or chosen, no more"
Key = tuple[Platform, str]


@dataclass(slots=True)
class Gathered:
    """The lines of one account's feed, and what its outcome says."""

    account_id: str | None = None
    lines: list[bytes] = field(default_factory=list)
    post_ids: set[str] = field(default_factory=set)
    capture_ids: list[str] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    errors_count: int = 0

    def take(self, page: Page, capture: Capture) -> None:
        """Note all that a page says."""
        self.capture_ids.append(capture.capture_id)
        shown: list[Account | Post | ParseError] = [page.account] if page.account else []
        self.lines += [as_record(item, capture.capture_id) for item in [*shown, *page.posts, *page.errors]]
        self.errors_count += len(page.errors)
        for post in page.posts:
            self.post_ids.add(post.post_id)
            self.account_id = post.account_id or self.account_id
            if post.posted_at is not None:
                self.moments.append(post.posted_at)


def write_feeds(
    study: CrawlStudy, crawl_id: str, source: Source, gathered: dict[Key, Gathered], began: datetime
) -> None:
    """Write the feeds to a folder of their own and let all appear at once, beside those that are there already."""
    pending = study.feeds / f".{crawl_id}"
    for key, of in gathered.items():
        header, outcome = (
            _header(study, crawl_id, source, key, began),
            _outcome(crawl_id, source, key, of, began),
        )
        lines = [as_record(header), *of.lines, as_record(outcome)]
        write_feed(feed_path(study.feeds, pending.name, *key), lines)
    pending.mkdir(parents=True, exist_ok=True)
    there = study.feeds / crawl_id
    if there.exists():
        for feed in pending.iterdir():
            feed.replace(there / feed.name)
        pending.rmdir()
    else:
        pending.rename(there)


def _header(study: CrawlStudy, crawl_id: str, source: Source, key: Key, began: datetime) -> Header:
    return Header(
        crawl_id=crawl_id,
        study=study.title,
        platform=key[0],
        account=key[1],
        route=source.route,
        legal_ground="",
        started_at=began,
        window_since=None,
        window_until=None,
        software=SOFTWARE,
    )


def _outcome(crawl_id: str, source: Source, key: Key, of: Gathered, began: datetime) -> Outcome:
    return Outcome(
        crawl_id=crawl_id,
        platform=key[0],
        account=key[1],
        account_id=of.account_id,
        outcome="partial" if of.post_ids else "parser_broken",
        sign=SIGN.format(title=source.title) if of.post_ids else f"{of.errors_count} rows are unreadable",
        status=None,
        final_url=None,
        route=source.route,
        legal_ground="",
        posts_collected=len(of.post_ids),
        posts_reported=None,
        errors_count=of.errors_count,
        oldest_posted_at=min(of.moments, default=None),
        newest_posted_at=max(of.moments, default=None),
        window_since=None,
        started_at=began,
        ended_at=datetime.now(UTC),
        capture_ids=tuple(of.capture_ids),
    )
