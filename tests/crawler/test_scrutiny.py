"""Pages that are not believed, lists that go in circles, and a fault of our own beside healthy accounts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.items import Page, Post
from crawler.refusals.signs import NOTHING_SHOWN
from crawler.scrutiny import ENOUGH, SAME_PAGE, Listing, find_vanished
from tests.crawler.study import make_study, outcomes, post_ids, shown_ids, surroundings
from tests.mocksite import NOW, Site, many_posts, running

POST = Post(
    platform="tiktok",
    post_id="1",
    account="x",
    account_id=None,
    url="u",
    media_type="video",
    text="Open dag",
    posted_at=NOW,
    route="browser",
    capture_id="c",
    captured_at=NOW,
    parser_version=1,
)


def page(ids: Iterable[int], cursor: str | None = None, format: str = "youtube.playlist_items") -> Page:
    return Page(format=format, posts=tuple(replace(POST, post_id=str(one)) for one in ids), cursor=cursor)


@pytest.mark.parametrize(
    ("pages", "sign"),
    [
        ([page([1, 2], "a"), page([3], "b"), page([4])], ""),
        ([page([1, 2], "a"), page([1, 2], "a")], SAME_PAGE),
        ([page([1, 2], "a"), page([1, 2], "b")], SAME_PAGE),  # paged by number: the cursor moves all the same
        ([page([1, 2], "a"), page([2])], ""),  # the last page overlaps
        ([page(range(9), "a"), page(range(9))], SAME_PAGE),
        ([page([1], "a"), page([1, 2], "b")], ""),
        ([page([1], "a"), page([], "a")], NOTHING_SHOWN),
        ([page([], "a"), page([], "a")], NOTHING_SHOWN),
        ([page([], "a"), page([], "b"), page([1], "c")], ""),
        ([page([], "a"), page([], "b"), page([], "c")], NOTHING_SHOWN),
        ([page([1], "a", "tiktok.item_list"), page([1], "a", "tiktok.item_list")], ""),
        ([page([1], "a", "tiktok.item_list")] + [page([1], "a", "tiktok.item_list")] * 2, SAME_PAGE),
    ],
)
def test_lists_that_go_in_circles(pages: list[Page], sign: str) -> None:
    listing = Listing()
    told = [listing.find_circle(one) for one in pages]
    assert told == [""] * (len(pages) - 1) + [sign]


def test_a_field_that_every_post_has_lost_is_missed() -> None:
    whole = page(range(ENOUGH), format="tiktok.item_list")
    lost = replace(whole, posts=tuple(replace(post, posted_at=None) for post in whole.posts))
    half = replace(whole, posts=(*lost.posts[1:], whole.posts[0]))
    assert find_vanished(whole) == find_vanished(half) == ""
    assert "none of the 5 posts of a page of tiktok.item_list has posted_at" in find_vanished(lost)
    assert find_vanished(replace(lost, posts=lost.posts[1:])) == ""  # too few to tell
    assert find_vanished(replace(lost, format="youtube.player")) == ""


FAULT = """
import sys
from crawler.spiders.instagram import InstagramSpider
follow = InstagramSpider.follow
def stumble(self, step, page, visit):
    if visit.account.account == "struikel":
        raise ZeroDivisionError("geheim")
    return follow(self, step, page, visit)
InstagramSpider.follow = stumble
from audit.cli import main
sys.exit(main())
"""


def test_a_fault_of_ours_is_told_and_costs_no_other_account(tmp_path: Path) -> None:
    accounts = [("instagram", name) for name in ("eerst", "struikel", "daarna")]
    site = Site([post for _, name in accounts for post in many_posts(60, "instagram", name)])
    study = make_study(tmp_path, accounts)
    with running(site):
        command = [sys.executable, "-c", FAULT, "crawl", str(study)]
        done = subprocess.run(
            command, env=surroundings(site), capture_output=True, text=True, timeout=90, check=False
        )
    told = outcomes(study)
    assert done.returncode == 3, done.stderr
    assert {name: one["outcome"] for name, one in told.items()} == {
        "eerst": "complete",
        "struikel": "parser_broken",
        "daarna": "complete",
    }
    assert "a fault of the crawler, see its log: ZeroDivisionError" in told["struikel"]["sign"]
    assert post_ids(study) >= shown_ids(site, [accounts[0], accounts[2]])
