"""Collects public posts: spiders and imports make captures, parsers read them, feeds carry what was read."""
