"""Who and what was forgotten on request: known again when met, and yet nowhere written down.

`state/forgotten.jsonl` has a line per request with when, what kind and how much; whose it was stands there only as
a hash under a key of the study (`state/forgotten.key`), with which a crawl or import recognises what it must leave.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from crawler.cutting import cut
from crawler.errors import CrawlerError, ParseError
from crawler.items import Capture, Page, Post
from crawler.parsers.formats import parse

SIGN = "forgotten on request"
LEDGER = "forgotten.jsonl"
KEY = "forgotten.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What a study must not collect again."""

    key: bytes = b""
    hashes: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def read(cls, state: Path) -> Forgotten:
        """Return what a study has forgotten; nothing where it never forgot."""
        ledger, key = state / LEDGER, state / KEY
        if not ledger.exists():
            return cls()
        lines = [orjson.loads(line) for line in ledger.read_bytes().splitlines() if line.strip()]
        hashes = frozenset(one for line in lines for one in line.get("hashes", ()))
        if hashes and not key.exists():
            raise CrawlerError(
                f"{key} is not there; without it nobody can tell whom {ledger} tells to leave alone"
            )
        return cls(key=key.read_bytes() if hashes else b"", hashes=hashes)

    def has_account(self, platform: str, account: str, account_id: str | None = None) -> bool:
        """Tell whether an account is forgotten, by its handle or its id."""
        if not self.hashes:
            return False
        names = [handle_name(platform, account)] if account else []
        names += [id_name(platform, account_id)] if account_id else []
        return any(digest(self.key, name) in self.hashes for name in names)

    def has_post(self, platform: str, post_id: str | None) -> bool:
        """Tell whether a post is forgotten."""
        return bool(self.hashes and post_id) and digest(self.key, post_name(platform, post_id)) in self.hashes

    def without(self, page: Page) -> Page:
        """Return what a page says, without what is forgotten."""
        if not self.hashes:
            return page
        platform = page.format.split(".", maxsplit=1)[0]
        account = page.account
        if account and self.has_account(account.platform, account.account, account.account_id):
            account = None
        posts = tuple(post for post in page.posts if not self._refuses(post))
        more = tuple(one for one in page.more if not self.has_post(platform, one[1]))
        return replace(page, account=account, posts=posts, more=more)

    def kept(self, capture: Capture) -> Capture | None:
        """Return a capture as it may be archived: without what is forgotten; None where that cannot be cut out."""
        if not self.hashes:
            return capture
        if self.has_account(capture.platform, capture.account):
            return None
        try:
            page = parse(capture)
        except ParseError:
            return capture
        left = self.without(page)
        if (left.account, left.posts, left.more) == (page.account, page.posts, page.more):
            return capture
        return cut(capture, page, left)

    def _refuses(self, post: Post) -> bool:
        return (
            self.has_account(post.platform, post.account, post.account_id)
            or self.has_post(post.platform, post.post_id)
            or self.has_post(post.platform, post.repost_of)
        )


def note(state: Path, kind: str, names: Iterable[str], records: Mapping[str, int]) -> None:
    """Record that something was forgotten: when, what kind, how much; whose only as hashes."""
    key = _key(state)
    hashes = sorted(digest(key, name) for name in names)
    line: dict[str, Any] = {
        "forgotten_at": datetime.now(UTC),
        "kind": kind,
        "records": dict(records),
        "hashes": hashes,
    }
    with (state / LEDGER).open("ab") as file:
        file.write(orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
        file.flush()
        os.fsync(file.fileno())


def handle_name(platform: str, account: str) -> str:
    """Return what is hashed of a handle."""
    return f"{platform}\naccount\n{account.strip().lstrip('@').casefold()}"


def id_name(platform: str, account_id: str) -> str:
    """Return what is hashed of an account's id."""
    return f"{platform}\naccount id\n{account_id}"


def post_name(platform: str, post_id: str | None) -> str:
    """Return what is hashed of a post."""
    return f"{platform}\npost\n{post_id}"


def digest(key: bytes, name: str) -> str:
    """Return the keyed hash of a name."""
    return hashlib.blake2b(name.encode(), key=key, digest_size=20).hexdigest()


def _key(state: Path) -> bytes:
    path = state / KEY
    if not path.exists():
        state.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".tmp")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        fresh.replace(path)
    return path.read_bytes()
