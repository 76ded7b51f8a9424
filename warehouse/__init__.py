"""Keeps posts, counts, outcomes and codings in DuckDB, and answers questions about them."""

from warehouse.check import Finding, check
from warehouse.coding import load_codings, load_languages, texts_without_language, units_to_code
from warehouse.db import connect_readonly, open_warehouse
from warehouse.exports import export, write_answer
from warehouse.feeds import LoadReport, load_feeds
from warehouse.publish import backup, publish, restore
from warehouse.queries import Query, find_queries, run
from warehouse.register import load_register

__all__ = [
    "Finding",
    "LoadReport",
    "Query",
    "backup",
    "check",
    "connect_readonly",
    "export",
    "find_queries",
    "load_codings",
    "load_feeds",
    "load_languages",
    "load_register",
    "open_warehouse",
    "publish",
    "restore",
    "run",
    "texts_without_language",
    "units_to_code",
    "write_answer",
]
