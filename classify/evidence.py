"""Where in the original text the words stand that made a rule fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from classify.masked import MaskedRule
from classify.passage import Passage
from classify.reader import Reader, Stretch, original
from classify.reading import Reading
from classify.ruleset import Spoken


class Evidence(NamedTuple):
    """The words that a rule matched: `words` is what stands from `start` to `end` in that field of the unit."""

    code: str
    rule: str
    weight: float
    field: str
    start: int
    end: int
    words: str

    def as_record(self) -> dict[str, object]:
        """Return the evidence as plain values."""
        return {
            "code": self.code,
            "rule": self.rule,
            "weight": self.weight,
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "words": self.words,
        }

    def as_json(self) -> str:
        """Return the evidence as a JSON object."""
        words = orjson.dumps(self.words).decode()
        return (
            f'{{"code":"{self.code}","rule":"{self.rule}","weight":{self.weight},"field":"{self.field}",'
            f'"start":{self.start},"end":{self.end},"words":{words}}}'
        )


class Finder:
    """Looks up the words that made rules fire for one reading."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self._reader = reader
        self._reading = reading
        self._unit = reading.unit
        self._stretches = reader.stretches(reading)

    def find(self, rule: MaskedRule) -> tuple[str, int, int, str] | None:
        """Return field, start, end and words that made a rule fire first, None where it did not."""
        for stretch in self._stretches:
            if rule.fires_in(stretch.mask):
                return self.first_words(stretch, rule.any)
        return None

    def first_words(self, stretch: Stretch, wanted: int) -> tuple[str, int, int, str]:
        """Return field, start, end and the first wanted words of a stretch."""
        passage = stretch.passage
        known = passage.places.get((stretch.first, wanted))
        if known is None:
            known = self._look_up(stretch, wanted)
            passage.places[stretch.first, wanted] = known
        return passage.field, *known

    def _look_up(self, stretch: Stretch, wanted: int) -> tuple[int, int, str]:
        masks, first = stretch.passage.masks, stretch.first
        while not masks[first] & wanted:
            first += 1
        wanted &= masks[first]
        last = first
        while last + 1 < stretch.last and masks[last + 1] & wanted:
            last += 1
        return self._span(stretch.passage, first, last)

    def place_of(self, word: str) -> tuple[str, int, int, str]:
        """Return field, start, end and spelling of a word that says something by itself."""
        passage = next(passage for passage in self._reading.passages if word in passage.said)
        return passage.field, *self._span(passage, passage.said[word], passage.said[word])

    def _span(self, passage: Passage, first: int, last: int) -> tuple[int, int, str]:
        text = original(self._unit, passage.field)
        located = self._reader.locate(text)
        start, end = located.tag(first, last) if passage.is_tags else located.words(first, last)
        return start, end, text[start:end]


def find_evidence(finder: Finder, spoken: Iterable[Spoken]) -> Iterator[Evidence]:
    """Yield the first place of each rule that fired, with the code it spoke for and how strongly."""
    places: dict[int, tuple[str, int, int, str] | None] = {}
    for rule, code, weight in spoken:
        if rule.number not in places:
            places[rule.number] = finder.find(rule)
        place = places[rule.number]
        if place is not None:
            yield Evidence(code, rule.rule.name, weight, *place)
