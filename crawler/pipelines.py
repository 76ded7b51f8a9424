"""What happens to each page after its visit has kept it, one thing per step, counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from crawler.items import Page, Post

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CountPipeline:
    """Counts posts, and how many of them have each field filled, as `audit/<platform>/...` in the stats."""

    FIELDS = (
        "text",
        "title",
        "alt_text",
        "transcript",
        "posted_at",
        "like_count",
        "comment_count",
        "view_count",
    )

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None  # noqa: S101
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the step for a crawler."""
        return cls(crawler)

    def process_item(self, item: Page) -> Page:
        """Count a page, its posts, its unreadable records and the fields its posts fill."""
        assert self.crawler.spider is not None  # noqa: S101
        place = f"audit/{self.crawler.spider.name}"
        counts = Counter({"pages": 1, "posts": len(item.posts), "unreadable": len(item.errors)})
        for name in self.FIELDS:
            counts[f"filled/{name}"] = sum(_is_filled(post, name) for post in item.posts)
        for what, number in counts.items():
            self.stats.inc_value(f"{place}/{what}", number)
        return item


def _is_filled(post: Post, name: str) -> bool:
    return getattr(post, name) not in (None, "")
