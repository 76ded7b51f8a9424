"""The way back: where in the text as posted the words of its normal form stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONEncoder
from typing import NamedTuple

from classify.text import HASHTAG, ROW, WIDE, WORD, Segmenter, fold, fold_character, keeps_places

Span = tuple[int, int]
_SPAN = re.Match.span
spell = JSONEncoder(ensure_ascii=False).encode  # of lone surrogates too, which orjson refuses


class Quote(NamedTuple):
    """The words that stand from `start` to `end` in a field of a unit; `json` says so as the end of an object."""

    field: str
    start: int
    end: int
    words: str
    json: str


class Places:
    """A normal form in the making that remembers for each piece where it came from.

    A straight piece has as many characters as its origin; of any other piece every character stands for the whole.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._origins: list[tuple[int, int, bool]] = []
        self._length = 0

    def add(self, piece: str, start: int, end: int, straight: bool) -> None:
        """Add a piece and where it came from."""
        if piece:
            self._pieces.append(piece)
            self._starts.append(self._length)
            self._origins.append((start, end, straight))
            self._length += len(piece)

    @property
    def text(self) -> str:
        """All pieces together."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def origin(self, start: int, end: int) -> Span:
        """Return where the characters from start to end came from."""
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _origin(self, at: int) -> Span:
        number = bisect_right(self._starts, at) - 1
        start, end, straight = self._origins[number]
        if straight:
            start += at - self._starts[number]
            end = start + 1
        return start, end


class Located:
    """A text as posted beside its normal form; finds where its words stand that `words_of` returns."""

    def __init__(self, text: str, segment: Segmenter) -> None:
        self._folded = None if keeps_places(text) else _fold(text)
        self._running: Places | None = None
        self._tags: list[Span] = []
        normal = fold(text) if self._folded is None else self._folded.text
        if "#" in normal:
            normal = self._without_hashtags(normal, segment)
        self._spans = list(map(_SPAN, WORD.finditer(normal)))

    def _without_hashtags(self, normal: str, segment: Segmenter) -> str:
        self._running, at = Places(), 0
        for row in ROW.finditer(normal):
            _add_running(self._running, normal, at, row.start(), segment)
            self._running.add("\n", row.start(), row.end(), False)
            self._add_tags(normal, row.span(), segment)
            at = row.end()
        _add_running(self._running, normal, at, len(normal), segment)
        return self._running.text

    def _add_tags(self, normal: str, row: Span, segment: Segmenter) -> None:
        for tag in HASHTAG.finditer(normal, *row):
            whole = self._origin(*tag.span())
            stop = [whole] if self._tags else []
            self._tags += [*stop, *(whole for _ in WORD.finditer(segment(tag[1])))]

    def _origin(self, start: int, end: int) -> Span:
        return (start, end) if self._folded is None else self._folded.origin(start, end)

    def tag(self, first: int, last: int) -> Span:
        """Return where the tags stand that hold the words from first to last of the rows of hashtags."""
        return self._tags[first][0], self._tags[last][1]

    def words(self, first: int, last: int) -> Span:
        """Return where the words from first to last of the text stand."""
        start, end = self._spans[first][0], self._spans[last][1]
        if self._running is not None:
            start, end = self._running.origin(start, end)
        return self._origin(start, end)


def _fold(text: str) -> Places:
    places, at = Places(), 0
    for run in WIDE.finditer(text):
        places.add(fold(text[at : run.start()]), at, run.start(), True)
        for number, character in enumerate(run[0], run.start()):
            places.add(fold_character(character).lower(), number, number + 1, False)
        at = run.end()
    places.add(fold(text[at:]), at, len(text), True)
    return places


def _add_running(running: Places, normal: str, start: int, end: int, segment: Segmenter) -> None:
    for tag in HASHTAG.finditer(normal, start, end):
        running.add(normal[start : tag.start()], start, tag.start(), True)
        running.add(f" {segment(tag[1])} ", tag.start(), tag.end(), False)
        start = tag.end()
    running.add(normal[start:end], start, end, True)
