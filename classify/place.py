"""The way back: where in the text as posted the words of its normal form stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from classify.text import BREAK, HASHTAG, ROW, WIDE, WORD, Segmenter, fold, fold_character

Span = tuple[int, int]


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
        return "".join(self._pieces)

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


def locate(text: str, segment: Segmenter) -> tuple[list[list[Span]], list[list[Span]]]:
    """Return for each sentence and each tag that `sentences_of` returns the places of its words in the text."""
    folded = _fold(text)
    normal = folded.text
    running, tags = Places(), []
    at = 0
    for row in ROW.finditer(normal) if "#" in normal else ():
        _add_running(running, normal, at, row.start(), segment)
        running.add("\n", row.start(), row.end(), False)
        for tag in HASHTAG.finditer(normal, row.start(), row.end()):
            whole = folded.origin(tag.start(), tag.end())
            tags.append([whole for _ in WORD.finditer(segment(tag[1]))])
        at = row.end()
    _add_running(running, normal, at, len(normal), segment)
    return [list(_spans(sentence, running, folded)) for sentence in _sentences(running.text)], tags


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


def _sentences(normal: str) -> Iterator[tuple[str, int]]:
    at = 0
    for stop in BREAK.finditer(normal):
        if normal[at : stop.start()].strip():
            yield normal[at : stop.start()], at
        at = stop.end()
    if normal[at:].strip():
        yield normal[at:], at


def _spans(sentence: tuple[str, int], running: Places, folded: Places) -> Iterator[Span]:
    words, start = sentence
    for word in WORD.finditer(words):
        yield folded.origin(*running.origin(start + word.start(), start + word.end()))
