"""Takes an account or a post out of the files of a crawl: feeds, journals, archive, list of accounts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from crawler.accounts import read_handle
from crawler.archive import archive_files
from crawler.cutting import is_named, token
from crawler.feed import PART, SUFFIX, Record
from crawler.forget_archive import forget_in_archive
from crawler.forget_feeds import feeds_and_journals, replace_file, rewrite
from crawler.forgotten import handle_name, id_name, post_name
from crawler.items import PLATFORMS, Platform
from crawler.study import CrawlStudy

_REMOVED = "(forgotten)"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Whom or what to forget: an account by its handle (then `post_ids` are its posts), or single posts.

    `texts` are the words of its posts, by which a table without ids is recognised.
    """

    platform: Platform
    account: str = ""
    account_ids: frozenset[str] = field(default_factory=frozenset)
    post_ids: frozenset[str] = field(default_factory=frozenset)
    texts: frozenset[str] = field(default_factory=frozenset)

    @property
    def title(self) -> str:
        """How a person says it: platform/handle, or platform/id."""
        return f"{self.platform}/{self.account or ', '.join(sorted(self.post_ids)[:5])}"

    @cached_property
    def names(self) -> re.Pattern[str]:
        """A pattern that finds the handle or any of the ids."""
        return token({self.account, self.account.lstrip("@"), *self.account_ids, *self.post_ids})

    @cached_property
    def ids(self) -> re.Pattern[str]:
        """A pattern that finds any of the ids, where a mention of the handle does not count."""
        return token(self.account_ids | self.post_ids)

    def hashed(self) -> list[str]:
        """Return the names by which the ledger knows it again."""
        if not self.account:
            return [post_name(self.platform, one) for one in sorted(self.post_ids)]
        ids = [id_name(self.platform, one) for one in sorted(self.account_ids)]
        return [handle_name(self.platform, self.account), *ids]

    def owns(self, platform: str, account: str | None, account_id: str | None) -> bool:
        """Tell whether this is the account to forget."""
        same = (account or "").lstrip("@").casefold() == self.account.lstrip("@").casefold()
        return bool(self.account) and platform == self.platform and (same or account_id in self.account_ids)

    def has_post(self, platform: str, post_id: str | None, repost_of: str | None = None) -> bool:
        """Tell whether this is a post to forget, or a repost of one."""
        return platform == self.platform and (post_id in self.post_ids or repost_of in self.post_ids)

    def feed_name(self) -> str:
        """Return the name that feeds of the account have."""
        return f"{self.platform}-{quote(self.account, safe='@')}{SUFFIX}"

    def __or__(self, other: Target) -> Target:
        """Return what two looks at the same target found together."""
        sets = {
            name: getattr(self, name) | getattr(other, name) for name in ("account_ids", "post_ids", "texts")
        }
        return replace(self, **sets)

    def as_json(self) -> bytes:
        """Return the target as it is kept while it is being forgotten."""
        return orjson.dumps(asdict(self), default=sorted)

    @classmethod
    def from_json(cls, said: bytes) -> Target:
        """Return the target of an interrupted forgetting."""
        values: dict[str, Any] = orjson.loads(said)
        known: dict[str, Any] = {
            key: frozenset(one) if isinstance(one, list) else one for key, one in values.items()
        }
        return cls(**known)


def account_target(study: CrawlStudy, platform: Platform, handle: str) -> Target:
    """Return an account with all ids and posts that feeds and journals know of it."""
    target = Target(platform=platform, account=read_handle(platform, handle))
    ids = {
        record["account_id"]
        for record in _records(study)
        if record["record"] in ("account", "post", "outcome") and record.get("account_id")
        if target.owns(record["platform"], record["account"], None)
    }
    return _with_posts(study, replace(target, account_ids=frozenset(ids)))


def post_target(study: CrawlStudy, platform: Platform, post_ids: Iterable[str]) -> Target:
    """Return posts by their ids, with their words."""
    return _with_posts(study, Target(platform=platform, post_ids=frozenset(post_ids)))


def _with_posts(study: CrawlStudy, target: Target) -> Target:
    ids, texts = set(target.post_ids), set()
    for record in _records(study):
        if record["record"] == "post" and is_gone(record, target):
            ids.add(record["post_id"])
            texts |= {text for name in ("title", "text") if (text := record.get(name)) and len(text) >= 20}
    return replace(target, post_ids=frozenset(ids), texts=frozenset(texts))


def is_gone(record: Record, target: Target) -> bool:
    """Tell whether a record of a feed goes."""
    platform = record.get("platform", target.platform)
    match record["record"]:
        case "post":
            post = target.has_post(platform, record["post_id"], record.get("repost_of"))
            return post or target.owns(platform, record["account"], record.get("account_id"))
        case "account":
            return target.owns(platform, record["account"], record.get("account_id"))
        case "vanished":
            return target.has_post(platform, record["post_id"])
        case "error":
            return is_named([record.get("place") or "", record.get("problem") or ""], target.names)
    return False


def forget_in_feeds(
    study: CrawlStudy, target: Target, *, apply: bool, rewritten: dict[str, str] | None = None
) -> Counter[str]:
    """Take a target out of feeds and journals, each file at once; return how many files and records it is.

    `rewritten` is told the digest of each feed before and after.
    """
    counts: Counter[str] = Counter()
    for path, records in feeds_and_journals(study.feeds, tidy=apply):
        gone = sum(is_gone(record, target) for record in records)
        if target.account and _is_of(path, records, target):
            counts.update({"feeds removed": 1, "posts in feeds": gone})
            if apply:
                path.unlink()
            continue
        kept = [scrubbed(record, target) for record in records if not is_gone(record, target)]
        if kept != records:
            counts.update({"feeds rewritten": 1, "posts in feeds": gone})
            if apply:
                was, now = rewrite(path, kept)
                (rewritten if rewritten is not None else {})[was] = now
    return +counts


def scrubbed(record: Record, target: Target) -> Record:
    """Return a record that stays, without addresses and steps that name what goes."""
    if record["record"] == "outcome":
        changes = {
            name: None if name == "final_url" else _REMOVED
            for name in ("final_url", "sign")
            if target.names.search(record.get(name) or "")
        }
        return record | changes
    return _scrubbed_cursor(record, target) if record["record"] == "cursor" else record


def _scrubbed_cursor(record: Record, target: Target) -> Record:
    steps = []
    for step in record.get("steps", ()):
        values = {key: _less(str(value), target) for key, value in step["values"].items()}
        if all(values.get(key) or not value for key, value in step["values"].items()):
            steps.append(step | {"values": values})
    endings = [
        {
            key: _REMOVED if isinstance(value, str) and target.names.search(value) else value
            for key, value in one.items()
        }
        for one in record.get("endings", ())
    ]
    return record | {"steps": steps, "endings": endings}


def _less(value: str, target: Target) -> str:
    """Return a step's value without the ids that go; lists of ids have commas between."""
    parts = value.split(",")
    return ",".join(part for part in parts if part not in target.post_ids)


def forget_captures(study: CrawlStudy, target: Target, *, apply: bool) -> Counter[str]:
    """Take a target out of the archive, each WARC file at once; return how many captures go or are cut."""
    counts: Counter[str] = Counter()
    for path in archive_files(study.archive):
        counts += forget_in_archive(path, target, apply=apply)
    return counts


def forget_in_accounts(path: Path, target: Target, *, apply: bool) -> int:
    """Take an account's row out of the study's list; the other lines stay as they are, byte by byte."""
    if not target.account or not path.exists():
        return 0
    body = path.read_bytes()
    codec = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    text = body.decode(codec)
    rows = list(spans(text))
    kept = "".join(raw for raw, cells in rows if not _lists(cells, target))
    if kept != text and apply:
        replace_file(path, kept.encode(codec))
    return sum(_lists(cells, target) for _, cells in rows)


def spans(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each row of a table as it stands and its cells; commas, semicolons or tabs are told by the first line."""
    lines = text.splitlines(keepends=True)
    mark = max(",;\t", key=(lines[0] if lines else "").count)
    reader = csv.reader(iter(lines), delimiter=mark)
    before = 0
    for cells in reader:
        yield "".join(lines[before : reader.line_num]), cells
        before = reader.line_num


def _lists(cells: list[str], target: Target) -> bool:
    words = [cell.strip() for cell in cells]
    if target.platform not in [word.lower() for word in words]:
        return False
    for word in words:
        try:
            if (
                word
                and word not in PLATFORMS
                and read_handle(target.platform, word).casefold() == target.account.casefold()
            ):
                return True
        except Exception:  # noqa: S112
            continue
    return False


def _records(study: CrawlStudy) -> Iterator[Record]:
    for _, records in feeds_and_journals(study.feeds):
        yield from records


def _is_of(path: Path, records: list[Record], target: Target) -> bool:
    header: dict[str, Any] = records[0] if records else {}
    named = path.name.removesuffix(PART).casefold() == target.feed_name().casefold()
    return named or target.owns(str(header.get("platform")), header.get("account"), None)
