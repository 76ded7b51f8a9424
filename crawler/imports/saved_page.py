"""A LinkedIn page that a person saved in a browser, as a guest sees it: the file's own bytes are the capture."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ParseError, UnknownFormat
from crawler.fields import EARLIEST
from crawler.imports.source import Source, find_written
from crawler.imports.text import find_encoding
from crawler.items import Capture, capture_id
from crawler.parsers.body import Body
from crawler.parsers.exports.export import row_url
from crawler.parsers.formats import detect
from crawler.parsers.linkedin.card import SAVED

ROUTE = SAVED
LARGEST = 32 << 20

_SAVED = re.compile(rb"saved date: \w{3} (\w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4})")
_HTML = re.compile(rb"<(?:!doctype html|html)", re.IGNORECASE)


def find_source(path: Path) -> Source | None:
    """Return the saved page that a file is, None for a file that is no HTML. Raises UnknownFormat for other pages."""
    with path.open("rb") as file:
        head = _as_utf8(file.read(4096))
    if not _HTML.match(head.lstrip()):
        return None
    if path.stat().st_size > LARGEST:
        raise ParseError(path.name, f"is larger than {LARGEST} bytes; no saved page of posts is")
    body = _as_utf8(path.read_bytes())
    saved_at, note = _saved_at(body), ""
    if saved_at is None:
        saved_at, note = find_written(path)
    capture = _capture(path, body, "", saved_at)
    found = detect(Body(capture), ("linkedin",))
    if found is None:
        raise UnknownFormat(
            path.name,
            "is a web page, but not LinkedIn's page of an organisation or post as a guest sees it;"
            " save it from a window in which you are not signed in",
        )
    return Source(
        route=ROUTE,
        title="a saved LinkedIn page",
        platform="linkedin",
        notes=(note,) if note else (),
        read=lambda account: iter((_capture(path, body, found.name, saved_at, account),)),
    )


def _capture(path: Path, body: bytes, name: str, at: datetime, account: str = "") -> Capture:
    url = row_url(path.name, "page")
    return Capture(
        capture_id=capture_id(url, at, body),
        platform="linkedin",
        route=ROUTE,
        url=url,
        captured_at=at,
        body=body,
        format=name,
        account=account,
    )


def _as_utf8(data: bytes) -> bytes:
    """Return UTF-16 as UTF-8, which is what parsers read, and anything else as it is."""
    encoding = find_encoding(data[:4096])
    return (
        data.decode(encoding, "replace").lstrip("\ufeff").encode() if encoding.startswith("utf-16") else data
    )


def _saved_at(body: bytes) -> datetime | None:
    """Return when SingleFile says that it saved the page; other browsers do not say."""
    found = _SAVED.search(body, 0, 4096)
    try:
        at = (
            datetime.strptime(found[1].decode(), "%b %d %Y %H:%M:%S GMT%z").astimezone(UTC) if found else None
        )
    except (ValueError, OverflowError):
        return None
    return at if at and EARLIEST <= at.timestamp() <= datetime.now(UTC).timestamp() else None
