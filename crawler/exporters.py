"""Scrapy's own feed exports (`scrapy crawl youtube -o posts.csv`): a row a post, whatever the page."""

from __future__ import annotations

from typing import Any

from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter


class PostLinesExporter(JsonLinesItemExporter):
    """JSON lines, one a post."""

    def export_item(self, item: Any) -> None:
        """Write the posts of a page."""
        for post in item.posts:
            super().export_item(post)


class PostJsonExporter(JsonItemExporter):
    """A JSON list of posts."""

    def export_item(self, item: Any) -> None:
        """Write the posts of a page."""
        for post in item.posts:
            super().export_item(post)


class PostCsvExporter(CsvItemExporter):
    """CSV with a header, one row a post."""

    def export_item(self, item: Any) -> None:
        """Write the posts of a page."""
        for post in item.posts:
            super().export_item(post)
