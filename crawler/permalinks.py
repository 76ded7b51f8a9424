"""Instagram posts that are known by their addresses: from a study's `permalinks.csv`, and from earlier crawls."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from crawler.accounts import read_handle, read_sheet
from crawler.errors import ParseError, StudyError
from crawler.history import History
from crawler.parsers.instagram.shortcode import decode, from_permalink

FILE = "permalinks.csv"
COLUMNS = ("account", "url")


def read_permalinks(path: Path) -> dict[str, set[str]]:
    """Return the shortcodes of an account's posts, by account; none where there is no such file.

    Raises StudyError, which names line, value and expectation.
    """
    if not path.exists():
        return {}
    found: dict[str, set[str]] = defaultdict(set)
    rows = read_sheet(path)
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise StudyError(f"{path} has no column {', '.join(missing)}; expected {', '.join(COLUMNS)}")
    try:
        for row in rows:
            account, url = ((row[name] or "").strip() for name in COLUMNS)
            if account or url:
                handle, code = _read_row(account, url, f"{path.name} line {rows.line_num}")
                found[handle].add(code)
    except csv.Error as error:
        raise StudyError(f"{path.name} line {rows.line_num}: {error}") from None
    return dict(found)


def _read_row(account: str, url: str, place: str) -> tuple[str, str]:
    try:
        handle, code = read_handle("instagram", account), from_permalink(url, f"{place}: url")
        decode(code)
    except StudyError as error:
        raise StudyError(f"{place}: account {error}") from None
    except (ParseError, ValueError):
        expected = "the address of an Instagram post, as https://www.instagram.com/p/DUgjOD7D0br/"
        raise StudyError(f"{place}: url is {url!r}; expected {expected}") from None
    return handle, code


def known_codes(listed: set[str], history: History, since: datetime | None) -> list[str]:
    """Return the shortcodes of listed posts and of those seen before within the window, newest first."""
    seen = {
        post_id
        for post_id, sight in history.sights.items()
        if not sight.is_gone and (since is None or sight.posted_at is None or sight.posted_at >= since)
    }
    return sorted(listed | seen, key=place_in_time, reverse=True)


def place_in_time(code: str) -> tuple[int, str]:
    """Return what grows with the moment at which a post was made."""
    return int(decode(code)), code
