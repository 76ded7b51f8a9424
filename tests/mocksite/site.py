"""The site's state: accounts, posts, behaviours, clock, and what it was asked. May be changed while it runs."""

from __future__ import annotations

import bisect
import csv
import threading
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from tests.mocksite import ids
from tests.mocksite.behaviours import Behaviour, Behaviours, read_behaviour
from tests.mocksite.content import SitePost, account_key, as_posts
from tests.mocksite.credentials import Credentials

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
Edits = Literal["pending", "second_sight", "second_visit", "shown"]
SETTINGS = frozenset(("clock", "edits", "own_pages", "most_per_page", "behaviour"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAccount:
    """An account, and everything about it that follows from its handle."""

    platform: str
    handle: str
    name: str
    website: str = ""

    @property
    def key(self) -> str:
        return account_key(self.handle)

    @property
    def followers(self) -> int:
        return ids.followers(self.platform, self.key)

    @property
    def number(self) -> int:
        """Its id where ids are numbers: on Instagram, and as a LinkedIn organisation."""
        return 1_000_000 + ids.number("account", self.platform, self.key) % (
            10**10 if self.platform == "instagram" else 10**8
        )

    @property
    def graph_id(self) -> str:
        return f"17841{ids.number('graph', self.key) % 10**12:012d}"

    @property
    def tiktok_id(self) -> str:
        return str(ids.tiktok_id(1_577_880_000_000, ids.number("account", self.key)))

    @property
    def sec_uid(self) -> str:
        return "MS4wLjABAAAA" + ids.letters(64, "secUid", self.key)

    @property
    def channel_id(self) -> str:
        return "UC" + ids.letters(21, "channel", self.key) + "AQgw"[ids.number("channel", self.key) % 4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request that the site answered, and when by the site's own steady clock (seconds)."""

    host: str
    platform: str
    account: str
    route: str
    method: str
    target: str
    status: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One page of a timeline; `last` is the post that a cursor to the next page names."""

    posts: tuple[SitePost, ...]
    last: SitePost | None
    more: bool


class Site:
    """Accounts and posts, and how they behave.

    `content` is a folder of JSON lines, lines, or posts. `edits` says when a post with an edited text shows it: when
    told (`edit`), from its second sight on, once the study has feeds of an earlier crawl, or at once. `own_pages`
    are the LinkedIn pages that the API token administers, None for all; `most_per_page` is what the Graph API gives
    before it asks to reduce the data; `tiktok_owner` is whose token the Display API knows.
    """

    def __init__(
        self,
        content: Path | Iterable[SitePost | Mapping[str, Any]] = (),
        behaviours: Iterable[Behaviour] = (),
        clock: datetime = NOW,
        *,
        accounts: Iterable[SiteAccount] = (),
        edits: Edits = "pending",
        own_pages: Iterable[str] | None = None,
        most_per_page: int = 100,
        tiktok_owner: str = "",
        credentials: Credentials | None = None,
    ) -> None:
        self.clock = clock
        self.edits: Edits = edits
        self.own_pages = None if own_pages is None else {account_key(slug) for slug in own_pages}
        self.most_per_page = most_per_page
        self.tiktok_owner = account_key(tiktok_owner)
        self.credentials = credentials or Credentials()
        self.behaviours = Behaviours(behaviours)
        self.origins: dict[str, str] = {}
        self.robots: dict[str, str] = {}
        self.page_nonces: set[str] = set()
        self._lock = threading.Lock()
        self._accounts: dict[tuple[str, str], SiteAccount] = {}
        self._by_id: dict[tuple[str, str], SiteAccount] = {}
        self._timelines: dict[tuple[str, str], tuple[SitePost, ...]] = {}
        self._posts: dict[tuple[str, str], SitePost] = {}
        self._sights: Counter[int] = Counter()
        self._received: list[Received] = []
        for account in accounts:
            self._know(account)
        for behaviour in behaviours:
            if behaviour.platform and behaviour.account:
                self._know(
                    SiteAccount(platform=behaviour.platform, handle=behaviour.account, name=behaviour.account)
                )
        self.publish(*as_posts(content))

    @classmethod
    def from_folder(cls, folder: Path, **changes: Any) -> Self:
        """Return the site of a study folder: content/, accounts.csv and site.toml, with changes to its settings."""
        settings = tomllib.loads((folder / "site.toml").read_text(encoding="utf-8"))
        if unknown := sorted(set(settings) - SETTINGS):
            raise ValueError(
                f"site.toml has {', '.join(unknown)}; expected only {', '.join(sorted(SETTINGS))}"
            )
        tables = settings.pop("behaviour", [])
        behaviours = [
            read_behaviour(table, f"site.toml behaviour {n}") for n, table in enumerate(tables, start=1)
        ]
        if isinstance(settings.get("clock"), str):
            settings["clock"] = datetime.fromisoformat(settings["clock"])
        given = {
            "behaviours": behaviours,
            "accounts": list(read_accounts(folder / "accounts.csv")),
            **settings,
            **changes,
        }
        if given.get("edits") == "second_visit":
            given["edits"] = "shown" if any((folder / "feeds").glob("*/*.jsonl.gz")) else "pending"
        return cls(folder / "content", **given)

    # Accounts

    def _know(self, account: SiteAccount) -> None:
        key = (account.platform, account.key)
        if key in self._accounts:
            return
        self._accounts[key] = account
        self._timelines.setdefault(key, ())
        numbers = (
            str(account.number),
            account.graph_id,
            account.tiktok_id,
            account.sec_uid,
            account.channel_id,
        )
        self._by_id.update({(account.platform, one): account for one in numbers})

    def account(self, platform: str, handle_or_id: str) -> SiteAccount | None:
        """Return an account by its handle or by any of its ids on its platform."""
        return self._accounts.get((platform, account_key(handle_or_id))) or self._by_id.get(
            (platform, handle_or_id)
        )

    def accounts(self) -> list[tuple[str, str]]:
        """Return the platform and handle of every account, handles without @ and in lower case."""
        return list(self._accounts)

    # Posts

    def publish(self, *posts: SitePost | Mapping[str, Any]) -> list[SitePost]:
        """Add posts, and the accounts that make them; return them."""
        new = as_posts(posts)
        with self._lock:
            for post in new:
                self._know(SiteAccount(platform=post.platform, handle=post.account, name=post.account))
                self._posts[post.platform, post.post_id] = post
            for key in {(post.platform, account_key(post.account)) for post in new}:
                mine = [post for post in new if (post.platform, account_key(post.account)) == key]
                self._timelines[key] = tuple(
                    sorted([*self._timelines[key], *mine], key=lambda post: post.order, reverse=True)
                )
        return new

    def delete(self, post: SitePost) -> None:
        """Take a post away."""
        key = (post.platform, account_key(post.account))
        with self._lock:
            self._timelines[key] = tuple(one for one in self._timelines[key] if one.seed != post.seed)
            self._posts.pop((post.platform, post.post_id), None)

    def edit(self, post: SitePost, text: str = "") -> SitePost:
        """Change a post's text, to its `edited_text` where none is given; return it as it stands now."""
        changed = post.after_edit(text)
        key = (post.platform, account_key(post.account))
        with self._lock:
            self._timelines[key] = tuple(
                changed if one.seed == post.seed else one for one in self._timelines[key]
            )
            self._posts[post.platform, post.post_id] = changed
        return changed

    def posts(self, platform: str, handle: str) -> tuple[SitePost, ...]:
        """Return an account's posts up to the site's clock, newest first."""
        timeline = self._timelines.get((platform, account_key(handle)), ())
        limit = ids.epoch_ms(self.clock)
        return timeline[bisect.bisect_left(timeline, -limit, key=lambda post: -post.order[0]) :]

    def find(self, platform: str, post_id: str) -> SitePost | None:
        """Return a post by the id that its platform's pages use, None where there is none up to the clock."""
        post = self._posts.get((platform, post_id))
        return post if post and post.posted_at <= self.clock else None

    def shown(self, post: SitePost) -> SitePost:
        """Return a post as this look at it shows it: before or after its edit."""
        if post.edited or not post.edited_text or self.edits in ("pending", "second_visit"):
            return post
        self._sights[post.seed] += 1
        return post.after_edit() if self.edits == "shown" or self._sights[post.seed] > 1 else post

    def cut(
        self,
        posts: tuple[SitePost, ...],
        size: int,
        after: tuple[int, int] | None,
        *,
        pinned_first: bool = False,
    ) -> Slice:
        """Return the page of posts older than `after`; pinned ones come on top of the first page only."""
        pinned = tuple(post for post in posts if post.pinned) if pinned_first else ()
        rest = tuple(post for post in posts if not post.pinned) if pinned else posts
        if after is None:
            start, top = 0, pinned[:size]
        else:
            start, top = bisect.bisect_right(rest, (-after[0], -after[1]), key=_descending), ()
        end = start + max(0, size - len(top))
        page = rest[start:end]
        shown = tuple(self.shown(post) for post in (*top, *page))
        return Slice(posts=shown, last=page[-1] if page else None, more=end < len(rest))

    # What it was asked

    def note(self, received: Received) -> None:
        """Remember a request."""
        with self._lock:
            self._received.append(received)

    def received(self, *, host: str = "", account: str = "", route: str = "") -> list[Received]:
        """Return the requests answered so far: all, or those to a host, about an account, to a route."""
        with self._lock:
            return [one for one in self._received if _is_of(one, host, account, route)]

    def requests(self, *, host: str = "", account: str = "", route: str = "") -> int:
        """Return how many requests were answered so far: to a host, about an account, to a route."""
        return len(self.received(host=host, account=account, route=route))

    def url(self, host: str, path: str) -> str:
        """Return where a path of a platform's host is on this machine."""
        return self.origins.get(host, f"https://{host}") + path


def read_accounts(path: Path) -> Iterator[SiteAccount]:
    """Find the accounts of a study's accounts.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = " ".join(part for part in (row["institution"], row["programme"]) if part)
            yield SiteAccount(
                platform=row["platform"], handle=row["account"], name=name, website=row["website"]
            )


def _descending(post: SitePost) -> tuple[int, int]:
    return -post.order[0], -post.order[1]


def _is_of(one: Received, host: str, account: str, route: str) -> bool:
    about = not account or account_key(one.account) == account_key(account)
    return about and host in ("", one.host) and route in ("", one.route)
