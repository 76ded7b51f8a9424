"""Every route of every platform, crawled for real on the mock site: posts, fields filled, outcome.

    python bench/routes.py

Each route visits one account of 70 posts in a study of its own, by HTTP or in Chromium. A field counts as
filled for a post where any answer of the visit showed it; dates as exact where they are to the second.
Exit code 1 where a route brings another number of posts than it shows, or invents one.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.browser import find_chromium
from crawler.items import PLATFORMS, Platform
from crawler.routes import LADDERS, Route
from tests.crawler.study import ground, list_permalinks, make_study, outcomes, records, surroundings, uitzicht
from tests.mocksite import Site, SitePost, many_posts, running

POSTS = 70
SHOWN = {"rss": 15, "guest": 10}  # all others show every post
FIELDS = {
    "text": "text",
    "title": "title",
    "alt": "alt_text",
    "spoken": "transcript",
    "date": "posted_at",
    "like": "like_count",
    "comm": "comment_count",
    "share": "share_count",
    "view": "view_count",
    "save": "save_count",
}


def full_posts(platform: Platform, account: str) -> list[SitePost]:
    """Return posts that have all that a platform can show."""
    more = {"alt_text": "Studenten aan de werkbank", "transcript": "Welkom bij deze aflevering."}
    pinned = 2 if platform in ("instagram", "tiktok") else 0
    return [replace(post, **more) for post in many_posts(POSTS, platform, account, pinned=pinned)]


def visit(platform: Platform, route: Route, folder: Path) -> tuple[str, bool]:
    """Crawl one account by one route; return its line of the table, and whether it brought what the route shows."""
    account = "@veel" if platform == "youtube" else "veel"
    site = Site(full_posts(platform, account), tiktok_owner="veel")
    table = ground(platform, routes=f'"{route.name}"') + (
        "transcripts = true\n" if route.has_captions else ""
    )
    study = make_study(folder / platform / route.name, [(platform, account)], since="2026-06-01", more=table)
    list_permalinks(study, site)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site), timeout=300)
    told = outcomes(study)[account]
    posts: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in records(study, "post"):
        shown = {name: value for name, value in record.items() if value not in (None, "unknown")}
        posts[record["post_id"]].update(shown)
    filled = [share_filled(list(posts.values()), name) for name in FIELDS.values()]
    exact = sum(post.get("posted_precision") == "second" for post in posts.values())
    line = [platform, route.name, str(len(posts)), *filled, share(exact, len(posts)), told["outcome"]]
    return row(line), len(posts) == SHOWN.get(route.name, POSTS)


def share_filled(posts: list[dict[str, Any]], name: str) -> str:
    """Return in how many of a hundred posts a field is filled."""
    return share(sum(post.get(name) not in (None, "") for post in posts), len(posts))


def share(part: int, whole: int) -> str:
    """Return a percentage, a dot for none."""
    return f"{100 * part // whole}" if whole and part else "·"


def row(cells: list[str]) -> str:
    """Return a line of the table."""
    wide = (10, 19, 6, *(7 for _ in range(len(cells) - 4)), 10)
    return "".join(cell.ljust(width) for cell, width in zip(cells, wide, strict=True)).rstrip()


def main() -> int:
    """Print the table."""
    print(row(["platform", "route", "posts", *FIELDS, "exact", "outcome"]))
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        for platform in PLATFORMS:
            for route in LADDERS[platform]:
                if route.needs_browser and find_chromium() is None:
                    print(f"{platform} {route.name}: no Chromium on this machine, left out")
                    continue
                line, whole = visit(platform, route, Path(folder))
                print(line, flush=True)
                sound &= whole
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
