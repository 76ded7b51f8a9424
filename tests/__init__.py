"""Tests; a folder per package, and the mock site that they crawl."""
