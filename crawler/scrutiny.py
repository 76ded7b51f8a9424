"""What a page must show to be believed: fields that every page of its kind has, and lists that get somewhere.

A platform that moves a field gives posts without dates or texts, and one that loses its place gives the same
page for ever; both would end as a crawl that looks well. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crawler.items import Page, Post, Refusal
from crawler.refusals.signs import NOTHING_SHOWN

# What some post of a page always has. Texts may be missing from a few posts, so a page needs ENOUGH of them to tell.
ALWAYS_THERE: dict[str, tuple[str, ...]] = {
    "instagram.business_discovery": ("posted_at", "text"),
    "instagram.feed_user": ("posted_at", "text"),
    "instagram.item": ("posted_at", "text"),
    "instagram.timeline": ("posted_at", "text"),
    "instagram.web_profile_info": ("posted_at",),
    "linkedin.company_page": ("posted_at", "text"),
    "linkedin.posts_api": ("posted_at", "text"),
    "tiktok.display_videos": ("posted_at", "text"),
    "tiktok.item_list": ("posted_at", "text"),
    "tiktok.research_videos": ("posted_at", "text"),
    "youtube.browse": ("title",),
    "youtube.playlist_items": ("posted_at", "title"),
    "youtube.rss": ("posted_at", "title"),
    "youtube.videos": ("posted_at", "title"),
}
ENOUGH = 5
ONE_A_PAGE = frozenset({"instagram.item"})  # so many pages in a row tell then
ALWAYS = "it always has"
SAME_PAGE = "the same page came again, so the list goes in circles"
EMPTY_IN_A_ROW = 3  # APIs leave out deleted posts, so a page may be empty and the next one not
# A page that a browser shows may ask twice for the same; nobody else brings what we have just had.
REPEATS = {"tiktok.item_list": 2}


def find_vanished(page: Page) -> str:
    """Return which field none of a page's posts has though its kind always shows it; empty where all is well."""
    if len(page.posts) < ENOUGH:
        return ""
    for name in ALWAYS_THERE.get(page.format, ()):
        if all(getattr(post, name) in (None, "") for post in page.posts):
            return f"none of the {len(page.posts)} posts of a page of {page.format} has {name}; {ALWAYS}"
    return ""


@dataclass(slots=True)
class Scrutiny:
    """The lists of posts of one visit, one for each format of page."""

    listings: dict[str, Listing] = field(default_factory=dict)
    singles: tuple[Post, ...] = ()

    def doubt(self, page: Page) -> Refusal | None:
        """Take in the next page; return why its route must end with it, None where it need not."""
        circle = self.listings.setdefault(page.format, Listing()).find_circle(page)
        if page.format in ONE_A_PAGE:
            self.singles = (*self.singles, *page.posts)[-ENOUGH:]
            page = replace(page, posts=self.singles)
        if vanished := find_vanished(page):
            return Refusal(outcome="parser_broken", sign=vanished)
        return Refusal(outcome="partial", sign=circle) if circle else None


@dataclass(slots=True)
class Listing:
    """The pages of one list of posts, in the order in which they came."""

    post_ids: set[str] = field(default_factory=set)
    cursors: set[str] = field(default_factory=set)
    repeats: int = 0
    empties: int = 0

    def find_circle(self, page: Page) -> str:
        """Take in the next page; return why there is no going on after it, empty where there is."""
        found = {post.post_id for post in page.posts} - self.post_ids
        self.post_ids |= found
        self.repeats = self.repeats + 1 if page.posts and not found else 0
        self.empties = 0 if page.posts or page.errors or page.cursor is None else self.empties + 1
        came_before = page.cursor in self.cursors
        self.cursors.add(page.cursor or "")
        if self.repeats >= REPEATS.get(page.format, 1) and (page.cursor or len(page.posts) >= ENOUGH):
            return SAME_PAGE
        if self.empties and (came_before or self.empties >= EMPTY_IN_A_ROW):
            return NOTHING_SHOWN
        return ""
