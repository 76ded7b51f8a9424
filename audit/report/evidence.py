"""Shows a text with the words that decided: whole where it is short, else the stretches around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from audit.report.figures import Passage, Piece

WHOLE = 560  # characters: a longer text is shown in part
AROUND = 150
FIELDS = ("title", "text", "alt_text", "transcript")
ALWAYS_SHOWN = ("title", "text")
ELLIPSIS = "…"

Span = tuple[int, int]

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"  # what would turn text around too
)
_GAPS = re.compile(r"\s*\n\s*\n\s*")


def find_passages(
    texts: Mapping[str, str | None], evidence: Iterable[Mapping[str, Any]]
) -> tuple[Passage, ...]:
    """Return title and text, and other fields where words in them decided."""
    found: dict[str, list[Span]] = {}
    for part in evidence:
        field = str(part.get("field"))
        span = find_span(texts.get(field) or "", part)
        if span:
            found.setdefault(field, []).append(span)
    shown = [field for field in FIELDS if texts.get(field) and (field in found or field in ALWAYS_SHOWN)]
    return tuple(
        Passage(field=field, pieces=tuple(cut(texts[field] or "", found.get(field, [])))) for field in shown
    )


def find_span(text: str, part: Mapping[str, Any]) -> Span | None:
    """Return where a piece of evidence stands; None where the text does not have its words."""
    words = str(part.get("words") or "")
    start, end = part.get("start"), part.get("end")
    if not words:
        return None
    if isinstance(start, int) and isinstance(end, int) and text[start:end] == words:
        return start, end
    place = text.find(words)
    return (place, place + len(words)) if place >= 0 else None


def cut(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    """Yield a text in pieces, evidence set apart and an ellipsis for what is left out."""
    marked = merge(spans)
    at = 0
    for first, last in _windows(text, marked):
        yield from _plain(f" {ELLIPSIS} " if first > at else "")
        at = first
        for start, end in marked:
            if first <= start and end <= last:
                yield from _plain(text[at:start])
                yield Piece(words=clean(text[start:end]), is_evidence=True)
                at = end
        yield from _plain(text[at:last])
        at = last
    yield from _plain(" " + ELLIPSIS if at < len(text) else "")


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def clean(text: str) -> str:
    """Return a text as it can be shown: without control or half characters, gaps of one empty line."""
    return _GAPS.sub("\n\n", _CONTROL.sub("", text))


def _plain(text: str) -> Iterator[Piece]:
    if text:
        yield Piece(words=clean(text), is_evidence=False)


def _windows(text: str, marked: Sequence[Span]) -> list[Span]:
    if len(text) <= WHOLE:
        return [(0, len(text))]
    opening = [(0, _word_end(text, WHOLE - 2 * AROUND if marked else WHOLE))]
    around = [(_word_start(text, start - AROUND), _word_end(text, end + AROUND)) for start, end in marked[:4]]
    return merge([*opening, *around])


def _word_start(text: str, place: int) -> int:
    place = max(place, 0)
    space = text.find(" ", place, place + 40) if place else -1
    return place if space < 0 else space + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", max(place - 40, 0), place)
    return place if space < 0 else space
