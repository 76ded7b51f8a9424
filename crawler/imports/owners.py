"""Whose posts a file holds: the accounts that a study wants, by its names, and whose an export is that does not say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from crawler.accounts import read_handle
from crawler.errors import StudyError
from crawler.feed import feed_files, read_feed
from crawler.imports.source import Source
from crawler.items import Page, Platform, Post
from crawler.study import CrawlStudy

_RECORDS = 5  # the account stands at the beginning of a feed


class Owners:
    """The accounts of a study, and the ids under which earlier visits saw them.

    `said` is whose file is read, "" where its rows tell.
    """

    said = ""

    def __init__(self, study: CrawlStudy, *, everybody: bool) -> None:
        self._names = {(one.platform, one.account.casefold()): one.account for one in study.accounts()}
        self._by_id = _known_ids(study) if self._names else {}
        self._ids: dict[tuple[str, str], set[str]] = {}
        for (on, number), name in self._by_id.items():
            self._ids.setdefault((on, name), set()).add(number)
        self.wants_all = everybody or not self._names

    def of(self, platform: Platform) -> list[str]:
        """Return the study's accounts of a platform."""
        return [name for (on, _), name in self._names.items() if on == platform]

    def spelling(self, platform: Platform, account: str) -> str | None:
        """Return the name that the study has for an account, None where it does not want it."""
        return self._names.get((platform, account.casefold())) or (account if self.wants_all else "") or None

    def find(self, post: Post) -> str | None:
        """Return the name that the study has for a post's account, None where it does not want it."""
        by_id = self._by_id.get((post.platform, post.account_id)) if post.account_id else None
        return by_id or self.spelling(post.platform, post.account)

    def name(self, page: Page) -> Page:
        """Return a page with the posts that the study wants, under its own names."""
        named = ((post, self.find(post)) for post in page.posts)
        posts = tuple(replace(post, account=name) for post, name in named if name is not None)
        shown = page.account
        if shown is not None:
            name = posts[0].account if posts else None
            shown = replace(shown, account=name) if name else None
        return replace(page, posts=posts, account=shown)

    def check(self, page: Page, file: str) -> None:
        """Raise StudyError for a post whose account's number earlier visits saw as another's than is said.

        Only posts that go by what is said, on YouTube and LinkedIn: Instagram's numbers differ by route.
        """
        for post in page.posts if self.said else ():
            of, number, name = post.platform, post.account_id, self.spelling(post.platform, self.said)
            if of not in ("youtube", "linkedin") or not number or post.account != self.said:
                continue
            owner, seen = self._by_id.get((of, number)), self._ids.get((of, name or ""), ())
            if owner != name and (owner or seen):
                known = f"which is {owner}" if owner else f"while {name} is {', '.join(sorted(seen))}"
                told = f"{file} is of {number}, {known}, as earlier visits saw; expected {name}'s own"
                raise StudyError(told)

    def strangers(self, page: Page) -> set[tuple[Platform, str]]:
        """Return the accounts of a page that the study does not list, at least not by these names."""
        return {(post.platform, post.account) for post in page.posts if self.find(post) is None}


def choose_account(study: CrawlStudy, source: Source, said: str, owners: Owners, file: str) -> str:
    """Return whose a file is: as the person says, or the study's only account of its platform; "" where rows tell.

    Raises StudyError where nothing tells, and for an account that the study does not list.
    """
    if said:
        return _check(source.platform, said, owners)
    if source.names_account or source.platform is None:
        return ""
    known = owners.of(source.platform)
    if len(known) == 1:
        return known[0]
    lists = (
        f"several accounts of {source.platform} ({_some(known)})"
        if known
        else f"no account of {source.platform}"
    )
    raise StudyError(
        f"{file} is from {source.title}, which does not say whose it is, and the study lists {lists};"
        " say it with --account"
    )


def _check(platform: Platform | None, said: str, owners: Owners) -> str:
    if platform is None:
        return said.lstrip("@")
    handle = read_handle(platform, said)
    known = {name.casefold(): name for name in owners.of(platform)}
    if handle.casefold() not in known and not owners.wants_all:
        lists = _some(known.values()) or "none"
        raise StudyError(f"--account is {said!r}; expected one that the study lists on {platform}: {lists}")
    return known.get(handle.casefold(), handle)


def _some(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(shown[:10]) + (", ..." if len(shown) > 10 else "")


def _known_ids(study: CrawlStudy) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for feed in feed_files(study.feeds):
        for record in islice(read_feed(feed), _RECORDS):
            if record.get("record") == "account" and record.get("account_id"):
                found[record["platform"], record["account_id"]] = record["account"]
    return found
