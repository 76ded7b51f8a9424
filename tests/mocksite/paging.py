"""One page of a timeline, as the behaviours due let a visit see it."""

from __future__ import annotations

from tests.mocksite.content import SitePost
from tests.mocksite.site import Slice
from tests.mocksite.visit import Visit

NOTHING = Slice(posts=(), last=None, more=False)


def page_of(
    visit: Visit,
    posts: tuple[SitePost, ...],
    size: int,
    after: tuple[int, int] | None,
    *,
    pinned_first: bool = False,
) -> Slice:
    """Return the posts older than `after`, newest first and at most `size`."""
    if visit.has("empty") or not posts:
        return NOTHING
    if visit.has("more_with_nothing"):
        return Slice(posts=(), last=posts[0], more=True)
    if visit.has("same_page_twice") and after is not None:
        after = _one_page_back(posts, size, after, pinned_first)
    return visit.site.cut(posts, size, after, pinned_first=pinned_first)


def _one_page_back(
    posts: tuple[SitePost, ...], size: int, after: tuple[int, int], pinned_first: bool
) -> tuple[int, int] | None:
    newer = [post.order for post in posts if post.order >= after and not (pinned_first and post.pinned)]
    return newer[-1 - size] if len(newer) > size else None
