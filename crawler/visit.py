"""A visit to one account in one crawl: what it has seen, where it goes on, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from crawler.accounts import StudyAccount
from crawler.feed import Journal, Record, as_record
from crawler.items import Account, Capture, Outcome, OutcomeKind, Page, Post, Refusal
from crawler.routes import Route

WALLS: frozenset[OutcomeKind] = frozenset({"blocked", "challenged", "rate_limited"})
FINAL: frozenset[OutcomeKind] = WALLS | {"private", "region_locked", "skipped"}
# Platforms count posts that they no longer show; a shortfall beyond this is told as partial.
ENOUGH = 0.95


SIGNS = {"window": "reached the window's start", "end": "reached the account's first post"}


@dataclass(frozen=True, slots=True)
class Step:
    """One request still to do: its kind within a route, and what it needs (a cursor, ids)."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)

    def as_record(self, route: str) -> Record:
        """Return the step as it stands in a journal."""
        return {"route": route, "name": self.name, "values": dict(self.values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one route of a visit ended; `complete` has the sign "window" or "end"."""

    outcome: OutcomeKind
    sign: str
    status: int | None = None
    url: str | None = None


class Visit:
    """What is known of one account so far.

    It goes down the ladder of its routes: one that falls short hands over to the next, a wall ends the visit.
    """

    def __init__(
        self,
        *,
        crawl_id: str,
        account: StudyAccount,
        ladder: tuple[Route, ...],
        journal: Journal,
        legal_ground: str,
        started_at: datetime,
        window_since: datetime | None,
    ) -> None:
        self.crawl_id = crawl_id
        self.account = account
        self.routes = list(ladder)
        self.journal = journal
        self.legal_ground = legal_ground
        self.started_at = started_at
        self.window_since = window_since
        self.steps: list[Step] = []
        self.account_id: str | None = None
        self.posts_reported: int | None = None
        self.post_ids: set[str] = set()
        self.errors_count = 0
        self.pages_count = 0
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.capture_ids: list[str] = []
        self.endings: list[Ending] = []
        self._resume()

    @property
    def route(self) -> Route:
        """The route that is being tried."""
        return self.routes[0]

    def take(self, page: Page, capture: Capture, steps: Iterable[Step]) -> Page:
        """Note what a page says and the steps after it; return the page as far as it is this account's."""
        own = as_own(page, self.account.account, self.account_id)
        self.steps = list(steps)
        self.capture_ids.append(capture.capture_id)
        self.pages_count += 1
        self.errors_count += len(own.errors)
        if own.account is not None:
            self._note_account(own.account)
        for post in own.posts:
            self._note_post(post)
        items: list[Any] = [own.account] if own.account else []
        lines = [as_record(item, capture.capture_id) for item in (*items, *own.posts, *own.errors)]
        self.journal.write(lines, [step.as_record(self.route.name) for step in self.steps])
        return own

    def is_before_window(self, posts: Iterable[Post]) -> bool:
        """Tell whether a page has left the window: its unpinned dated posts are all older than the start."""
        if self.window_since is None:
            return False
        dates = [post.posted_at for post in posts if post.posted_at and not post.is_pinned]
        return bool(dates) and max(dates) < self.window_since

    def end_route(self, ending: Ending) -> bool:
        """Note how the present route ended; tell whether a next one should be tried."""
        self.endings.append(ending)
        self.steps = []
        tried = self.routes.pop(0)
        tells = ending.outcome in FINAL and ending.status not in tried.moves_on
        if tells or ending.outcome in ("complete", "empty") or not self.routes:
            self.routes.insert(0, tried)
            return False
        return True

    def outcome(self, ended_at: datetime) -> Outcome:
        """Return how the whole visit ended."""
        ending = self._judge()
        return Outcome(
            crawl_id=self.crawl_id,
            platform=self.account.platform,
            account=self.account.account,
            account_id=self.account_id,
            outcome=ending.outcome,
            sign=ending.sign,
            status=ending.status,
            final_url=ending.url,
            route=self.route.name if self.routes else "",
            legal_ground=self.legal_ground,
            posts_collected=len(self.post_ids),
            posts_reported=self.posts_reported,
            errors_count=self.errors_count,
            oldest_posted_at=self.oldest,
            newest_posted_at=self.newest,
            window_since=self.window_since,
            started_at=self.started_at,
            ended_at=ended_at,
            capture_ids=tuple(self.capture_ids),
        )

    def _judge(self) -> Ending:
        if not self.endings:
            return Ending(outcome="skipped", sign="no route was tried")
        last = self.endings[-1]
        return last if last.outcome != "complete" else self._witness(last)

    def _witness(self, ending: Ending) -> Ending:
        """Hold an ending that looks complete against what the platform says the account has."""
        seen, reported = len(self.post_ids), self.posts_reported
        if self.errors_count > seen:
            return replace(
                ending, outcome="parser_broken", sign=f"{self.errors_count} records are unreadable"
            )
        if seen == 0 and reported:
            return replace(
                ending, outcome="parser_broken", sign=f"no post seen, though {reported} are reported"
            )
        if seen == 0 and reported == 0:
            return replace(ending, outcome="empty", sign="the platform says zero posts")
        if seen == 0:
            return replace(ending, outcome="partial", sign="no posts shown, and no count reported")
        if ending.sign == "end" and reported is not None and seen < ENOUGH * reported:
            return replace(ending, outcome="partial", sign=f"{seen} of {reported} reported posts were shown")
        return replace(ending, sign=SIGNS[ending.sign])

    def _note_account(self, account: Account) -> None:
        self.account_id = account.account_id or self.account_id
        if account.posts_count is not None:
            self.posts_reported = account.posts_count

    def _note_post(self, post: Post) -> None:
        self.post_ids.add(post.post_id)
        if post.posted_at is not None:
            self.oldest = min(self.oldest or post.posted_at, post.posted_at)
            self.newest = max(self.newest or post.posted_at, post.posted_at)

    def _resume(self) -> None:
        left = self.journal.left
        if left is None:
            return
        self.started_at = _moment(left.header["started_at"])
        for record in left.records:
            self._note_record(record)
        if left.steps:
            route = left.steps[0]["route"]
            while self.routes and self.routes[0].name != route:
                self.routes.pop(0)
            self.steps = [Step(step["name"], step["values"]) for step in left.steps]

    def _note_record(self, record: Record) -> None:
        kind, capture_id = record["record"], record.get("capture_id")
        if capture_id and (not self.capture_ids or self.capture_ids[-1] != capture_id):
            self.capture_ids.append(capture_id)
        if kind == "account":
            self.account_id = record["account_id"] or self.account_id
            if record["posts_count"] is not None:
                self.posts_reported = record["posts_count"]
        elif kind == "error":
            self.errors_count += 1
        elif kind == "post":
            self.post_ids.add(record["post_id"])
            if record["posted_at"]:
                moment = _moment(record["posted_at"])
                self.oldest = min(self.oldest or moment, moment)
                self.newest = max(self.newest or moment, moment)


def as_own(page: Page, account: str, account_id: str | None) -> Page:
    """Return a page with the account, and the posts that are its own, under the name the study gives it."""
    shown = page.account and replace(page.account, account=account)
    known = (shown and shown.account_id) or account_id
    posts = (
        replace(post, account=account) if known is not None and post.account_id == known else post
        for post in page.posts
    )
    return replace(page, account=shown, posts=tuple(posts))


def ending_of(refusal: Refusal, status: int | None = None, url: str | None = None) -> Ending:
    """Return the ending that a refusal amounts to."""
    return Ending(outcome=refusal.outcome, sign=refusal.sign, status=status, url=url)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
