"""Readers of people's own exports: a file becomes captures and posts, like any crawl."""
