"""TikTok: pages with their rehydration data, the web's lists of posts, and its APIs."""

from __future__ import annotations

from crawler.parsers.tiktok import display, page, research, web

FORMATS = (*page.FORMATS, *display.FORMATS, *research.FORMATS, *web.FORMATS)

__all__ = ["FORMATS"]
