"""Zeeschuimer's NDJSON: what the platforms sent to a person's own browser, one post a line.

https://github.com/digitalmethodsinitiative/zeeschuimer
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path

from crawler.errors import ParseError, WrongType
from crawler.fields import Fields, epoch
from crawler.imports.source import Source
from crawler.imports.text import find_encoding
from crawler.items import Capture, Platform, capture_id
from crawler.parsers.body import decode_json

ROUTE = "zeeschuimer"

LONGEST_LINE = 16 << 20

_FORMATS: dict[str, tuple[Platform, str]] = {
    "instagram.com": ("instagram", "instagram.item"),
    "tiktok.com": ("tiktok", "tiktok.item"),
    "linkedin.com": ("linkedin", "linkedin.voyager"),  # before June 2026
}
_ENVELOPE = ("source_platform", "timestamp_collected", "data")
_PROFILE = re.compile(r"https?://www\.instagram\.com/([\w.]+)/?(?:reels/?)?(?:[?#].*)?", re.ASCII)
_SPACE = re.compile(r"[ \t\r\n]*")
_BOM = b"\xef\xbb\xbf"


def recognises(path: Path) -> bool:
    """Return whether a file begins as a Zeeschuimer export."""
    for _, line in _read_lines(path):
        try:
            first = decode_json(line, path.name)
        except ParseError:
            return False
        return isinstance(first, dict) and all(name in first for name in _ENVELOPE)
    return False


def find_source(path: Path) -> Source | None:
    """Return the export that a file is, None for any other file."""
    if not recognises(path):
        return None
    return Source(route=ROUTE, title="Zeeschuimer", read=lambda account: read_captures(path, account))


def read_captures(path: Path, account: str = "") -> Iterator[Capture | ParseError]:
    """Yield a capture for each line, or in its place the error that says what is wrong with the line.

    `account` is whose items are that name no owner themselves.
    """
    for number, line in _read_lines(path):
        try:
            yield _read_line(line, f"{path.name} line {number}", account)
        except ParseError as error:
            yield error


def _read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold something, as UTF-8; also of a file that was saved anew as UTF-16."""
    with path.open("rb") as file:
        encoding = find_encoding(file.read(512))
        file.seek(0)
        if encoding.startswith("utf-16"):
            with io.TextIOWrapper(file, encoding, "replace", newline="\n") as text:
                yield from _filled(line.encode() for line in iter(lambda: text.readline(LONGEST_LINE), ""))
        else:
            yield from _filled(iter(lambda: file.readline(LONGEST_LINE), b""))


def _filled(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix(_BOM).strip()
        if text:
            yield number, text


def _read_line(line: bytes, place: str, account: str) -> Capture:
    envelope = Fields(_decode(line, place), place)
    platform, name = envelope.one_of("source_platform", _FORMATS)
    envelope.within("data")
    body = _slice_value(line.decode("utf-8"), "data", place).encode()
    captured_at = _collected_at(envelope)
    url = _strip_query(envelope.take_text("source_url") or envelope.text("source_platform_url"))
    return Capture(
        capture_id=capture_id(url, captured_at, body),
        platform=platform,
        route=ROUTE,
        url=url,
        captured_at=captured_at,
        body=body,
        format=name,
        account=_visited_profile(envelope) or account,
    )


def _decode(line: bytes, place: str) -> object:
    try:
        return decode_json(line, place)
    except ParseError as error:
        shown = line[:60].decode("utf-8", "replace")
        expected = f"one JSON object as Zeeschuimer writes it ({error.problem})"
        raise WrongType(place, shown, expected) from None


def _collected_at(envelope: Fields) -> datetime:
    name = "timestamp_collected"
    envelope.need(name)
    seconds, milliseconds = divmod(envelope.take_count(name) or 0, 1000)
    return epoch(seconds, f"{envelope.place}.{name}") + timedelta(milliseconds=milliseconds)


def _strip_query(url: str) -> str:
    """Return an address without its query, which can hold session tokens."""
    return re.split(r"[?#]", url, maxsplit=1)[0]


def _visited_profile(envelope: Fields) -> str:
    """Return whose Instagram profile was on screen, as grid items may not name their owner, else ""."""
    view = envelope.within("data").take("_zs_instagram_view")
    visited = _PROFILE.fullmatch(envelope.take_text("source_platform_url") or "")
    return visited.group(1) if visited and view in ("user_posts", "user_reels") else ""


def _slice_value(line: str, name: str, place: str) -> str:
    """Return the text of a top-level field of a JSON object, byte for byte as it was sent."""
    scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
    at, found = _skip(line, line.index("{") + 1), ""
    try:
        while line[at] != "}":
            field, at = scanstring(line, at + 1, False)
            start = _skip(line, _skip(line, at) + 1)
            _, end = scan(line, start)
            found = line[start:end] if field == name else found
            at = _skip(line, end)
            at = _skip(line, at + 1) if line[at] == "," else at
    except (ValueError, StopIteration, IndexError, RecursionError):
        raise ParseError(f"{place}.{name}", "cannot be cut out of the line; expected a JSON object") from None
    return found


def _skip(line: str, at: int) -> int:
    return _SPACE.match(line, at).end()  # type: ignore[union-attr]
