"""What a visit has seen of an account so far: each post once, what could not be read, and what it came from.

A list that is cut by position shows a post again when another one is published meanwhile, and a profile page
repeats what the first page of its list has. A visit is one look, so a post stands in its feed once, and again
only where a later page shows of it what none before did: its text, its counts, its exact date. Counts that moved
within a visit wait for the next one; the archive has every answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter

from crawler.feed import Record
from crawler.history import EXACT
from crawler.items import Page, Post

_TOLD = (
    "text",
    "title",
    "alt_text",
    "transcript",
    "hashtags",
    "mentions",
    "posted_at",
    "like_count",
    "comment_count",
    "share_count",
    "view_count",
    "save_count",
    "is_pinned",
    "is_repost",
    "coauthors",
    "posted_precision",
)
_of_post = attrgetter(*_TOLD)


class Seen:
    """All that the answers of one visit showed of an account, as far as it is the account's own."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.account_id: str | None = None
        self.posts_reported: int | None = None
        self.errors_count = 0
        self.first_error = ""
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.capture_ids: list[str] = []
        self._told: dict[str, int] = {}  # of each post, the fields that were shown

    @property
    def post_ids(self) -> set[str]:
        """The ids of all posts seen."""
        return set(self._told)

    def __contains__(self, post_id: str) -> bool:
        return post_id in self._told

    def __len__(self) -> int:
        return len(self._told)

    @property
    def unreadable(self) -> str:
        """How many records could not be read, and what was wrong with the first; empty where all could."""
        if not self.errors_count:
            return ""
        what = "record is" if self.errors_count == 1 else "records are"
        return f"{self.errors_count} {what} unreadable: {self.first_error}"

    def take(self, page: Page, capture_id: str) -> Page:
        """Note what a page says; return it under the study's name for the account, without posts told before."""
        own = _as_own(page, self.account, self.account_id)
        self.capture_ids.append(capture_id)
        for error in own.errors:
            self._note_error(str(error))
        if own.account is not None:
            self._note_account(own.account.account_id, own.account.posts_count)
        new = tuple(
            post for post in own.posts if self._note_post(post.post_id, _of_post(post), post.posted_at)
        )
        return replace(own, posts=new)

    def take_record(self, record: Record) -> None:
        """Note a record that an interrupted run of the visit had written."""
        match record["record"]:
            case "account":
                self._note_account(record["account_id"], record["posts_count"])
            case "error":
                self._note_error(f"{record['place']} {record['problem']}")
            case "post":
                at = record["posted_at"]
                values = tuple(map(record.get, _TOLD))
                self._note_post(record["post_id"], values, at and read_moment(at))

    def _note_error(self, error: str) -> None:
        self.errors_count += 1
        self.first_error = self.first_error or error

    def _note_account(self, account_id: str | None, posts_count: int | None) -> None:
        self.account_id = account_id or self.account_id
        if posts_count is not None:
            self.posts_reported = posts_count

    def _note_post(self, post_id: str, values: tuple[object, ...], at: datetime | None) -> bool:
        """Note a post; tell whether this sight shows of it what none before did."""
        if at is not None:
            self.oldest = min(self.oldest or at, at)
            self.newest = max(self.newest or at, at)
        before = self._told.get(post_id)
        told = _which(values)
        self._told[post_id] = told | (before or 0)
        return before is None or bool(told & ~before)


def _which(values: Iterable[object]) -> int:
    """Return which fields are told, one bit each; the last value is a precision, told where it is exact."""
    *fields, precision = values
    told = 1 if precision in EXACT else 0
    for number, value in enumerate(fields, start=1):
        if value is not None and value is not False and value not in ((), []):
            told |= 1 << number
    return told


def _as_own(page: Page, account: str, account_id: str | None) -> Page:
    """Return a page with the account, and the posts that are its own, under the name the study gives it."""
    shown = page.account and replace(page.account, account=account)
    known = (shown and shown.account_id) or account_id
    posts = (
        replace(post, account=account) if _is_renamed(post, account, known) else post for post in page.posts
    )
    return replace(page, account=shown, posts=tuple(posts))


def _is_renamed(post: Post, account: str, account_id: str | None) -> bool:
    return post.account != account and account_id is not None and post.account_id == account_id


def read_moment(text: str) -> datetime:
    """Return the moment that stands in a record."""
    return datetime.fromisoformat(text).astimezone(UTC)
