"""Signals of ours, sent like Scrapy's own: connect to them with `crawler.signals.connect(receiver, signal)`."""

progressed = object()
"""Sent with `spider` after each page and each visit."""
