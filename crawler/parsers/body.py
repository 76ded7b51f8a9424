"""The body of a capture, decoded once and only when somebody looks."""

from __future__ import annotations

import re

import orjson

from crawler.errors import ParseError
from crawler.items import Capture

_ESCAPE = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u[dD][89a-fA-F]..|\\.", re.DOTALL)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


class Body:
    """What a capture holds, as text and as JSON.

    `sniff` is how it begins, without leading white space and byte order mark: cheap enough to tell JSON from HTML and
    XML without decoding anything.
    """

    __slots__ = ("_decoded", "_text", "capture", "looks_like_html", "looks_like_json", "sniff")

    def __init__(self, capture: Capture) -> None:
        self.capture = capture
        self.sniff = sniff = capture.body[:512].removeprefix(_BOM).lstrip()
        self.looks_like_json = sniff.startswith((b"{", b"["))
        self.looks_like_html = sniff[:14].lower().startswith((b"<!doctype html", b"<html"))
        self._decoded: tuple[object] | None = None
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are a ParseError."""
        if self._text is None:
            try:
                self._text = self.capture.body.removeprefix(_BOM).decode("utf-8")
            except UnicodeDecodeError as error:
                raise ParseError(self.capture.place, f"is not UTF-8 text at byte {error.start}") from None
        return self._text

    @property
    def json(self) -> object:
        """The decoded JSON; anything else, and nesting without end, is a ParseError."""
        if self._decoded is None:
            if self.looks_like_html:
                raise ParseError(
                    self.capture.place, f"is a page of HTML titled {self._title!r}; expected JSON"
                )
            self._decoded = (decode_json(self.capture.body, self.capture.place),)
        return self._decoded[0]

    @property
    def object(self) -> dict[str, object]:
        """The JSON object that the body is, {} where it is none: for detection, never for reading."""
        if not self.sniff.startswith(b"{"):
            return {}
        try:
            decoded = self.json
        except ParseError:
            return {}
        return decoded if isinstance(decoded, dict) else {}

    @property
    def _title(self) -> str:
        found = _TITLE.search(self.capture.body[:65_536])
        return found.group(1).decode("utf-8", "replace").strip()[:80] if found else ""


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
