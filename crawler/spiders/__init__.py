"""One spider per platform: where to look and how to page."""
