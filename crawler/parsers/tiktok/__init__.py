"""TikTok: pages with their rehydration data, the web's lists of posts, and the Research API."""

from __future__ import annotations

from crawler.parsers.tiktok import page, research, web

FORMATS = (*page.FORMATS, *research.FORMATS, *web.FORMATS)

__all__ = ["FORMATS"]
