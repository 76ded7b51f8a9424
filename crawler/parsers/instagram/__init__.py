"""Instagram: web answers (legacy, XDT and Polaris) and the Graph API.

A post's id is its shortcode, the only id that all routes show; its `account_id` is the web's number on web
routes and the Graph API's own number on official ones.
"""

from __future__ import annotations

from crawler.parsers.instagram import graph, web

FORMATS = (*web.FORMATS, *graph.FORMATS)

__all__ = ["FORMATS"]
