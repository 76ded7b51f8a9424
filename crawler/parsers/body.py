"""The body of a capture, decoded once and only when somebody looks."""

from __future__ import annotations

import re
from functools import cached_property

import orjson

from crawler.errors import ParseError
from crawler.items import Capture

_ESCAPE = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..|\\.", re.DOTALL)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


class Body:
    """What a capture holds, as text and as JSON.

    `sniff` is how the body begins, cheap enough to tell JSON from HTML and XML without decoding anything.
    """

    def __init__(self, capture: Capture) -> None:
        self.capture = capture

    @cached_property
    def sniff(self) -> bytes:
        """Return the first 512 bytes without leading white space and byte order mark."""
        return self.capture.body[:512].removeprefix(_BOM).lstrip()

    @property
    def looks_like_json(self) -> bool:
        """Return whether the body begins as a JSON object or list."""
        return self.sniff[:1] in (b"{", b"[")

    @property
    def looks_like_html(self) -> bool:
        """Return whether the body begins as an HTML page."""
        return self.sniff[:14].lower().startswith((b"<!doctype html", b"<html"))

    @cached_property
    def text(self) -> str:
        """Return the body as text; bytes that are not UTF-8 are a ParseError."""
        try:
            return self.capture.body.removeprefix(_BOM).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(self.capture.place, f"is not UTF-8 text at byte {error.start}") from None

    @cached_property
    def json(self) -> object:
        """Return the decoded JSON; anything else, and nesting without end, is a ParseError."""
        if self.looks_like_html:
            found = _TITLE.search(self.capture.body[:65_536])
            title = found.group(1).decode("utf-8", "replace").strip()[:80] if found else ""
            raise ParseError(self.capture.place, f"is a page of HTML titled {title!r}; expected JSON")
        return decode_json(self.capture.body, self.capture.place)

    @cached_property
    def object(self) -> dict[str, object]:
        """Return the JSON object that the body is, {} where it is none: for detection, never for reading."""
        if self.sniff[:1] != b"{":
            return {}
        try:
            decoded = self.json
        except ParseError:
            return {}
        return decoded if isinstance(decoded, dict) else {}


def decode_json(data: bytes | str, place: str) -> object:
    """Return decoded JSON; a lone surrogate becomes U+FFFD, all else that is amiss a ParseError."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data.removeprefix(_BOM)
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        problem = str(error)
    if "surrogate" in problem:
        try:
            return orjson.loads(_ESCAPE.sub(_mend_surrogate, raw))
        except orjson.JSONDecodeError as error:
            problem = str(error)
    raise ParseError(place, f"is not JSON: {problem}")


def _mend_surrogate(found: re.Match[bytes]) -> bytes:
    escape = found.group()
    lone = len(escape) == 6 and escape[2:3] in b"dD"
    return rb"\ufffd" if lone else escape
