"""Takes what a route showed of accounts before a moment out of feeds and journals; what other visits showed stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.feed import Record
from crawler.forget_feeds import feeds_and_journals, rewrite
from crawler.items import Platform
from crawler.study import CrawlStudy

SHOWN = ("name", "url", "description", "website", "is_private", "is_verified")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Which profiles: those that a route of a platform brought before a moment."""

    platform: Platform
    route: str
    before: datetime

    def has(self, record: Record) -> bool:
        """Tell whether a record of a feed is such a profile."""
        return (
            record["record"] == "account"
            and (record["platform"], record["route"]) == (self.platform, self.route)
            and datetime.fromisoformat(record["captured_at"]) < self.before
        )


@dataclass(slots=True)
class Profiles:
    """What of a platform's accounts goes from the feeds, and what profiles that stay still say.

    `kept` has account, field and value ("true" or "false" for a flag), under the account's handle and its id.
    """

    gone: list[Record] = field(default_factory=list)
    kept: set[tuple[str, str, str]] = field(default_factory=set)
    rewritten: dict[str, str] = field(default_factory=dict)

    def texts(self) -> frozenset[str]:
        """Return the descriptions that go and that no profile says any more, long enough to be told from others."""
        still = {value for _, name, value in self.kept if name == "description"}
        said = {record.get("description") or "" for record in self.gone}
        return frozenset(text for text in said - still if len(text) >= 20)


def drop_profiles(study: CrawlStudy, brought: Brought, *, apply: bool) -> Profiles:
    """Take such profiles out of feeds and journals, each file at once; return what went and what is still said."""
    found = Profiles()
    for path, records in feeds_and_journals(study.feeds, tidy=apply):
        gone = [record for record in records if brought.has(record)]
        kept = [record for record in records if not brought.has(record)]
        found.gone += gone
        found.kept.update(value for record in kept for value in _said(record, brought.platform))
        if gone and apply:
            was, now = rewrite(path, kept)
            found.rewritten[was] = now
    return found


def _said(record: Record, platform: Platform) -> list[tuple[str, str, str]]:
    if record["record"] != "account" or record["platform"] != platform:
        return []
    names = [record["account"], f"id:{record.get('account_id')}"]
    values = [(name, record.get(name)) for name in SHOWN]
    return [
        (account, name, str(value).lower() if isinstance(value, bool) else value)
        for account in names
        for name, value in values
        if value is not None
    ]
