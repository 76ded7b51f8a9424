"""Where in the original text the words stand that made a rule fire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify.place import Span
from classify.reader import Reader, Stretch, original
from classify.reading import Reading
from classify.ruleset import MaskedRule


@dataclass(frozen=True, slots=True)
class Evidence:
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
        return {name: getattr(self, name) for name in self.__slots__}


class Finder:
    """Looks up the words that made rules fire for one reading."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self._reader = reader
        self._unit = reading.unit
        self._stretches = list(reader.stretches(reading))
        self._located: dict[tuple[str, bool], list[list[Span]]] = {}

    def find(self, rule: MaskedRule) -> tuple[str, int, int] | None:
        """Return field, start and end of the first words that made a rule fire, None where it did not."""
        for stretch in self._stretches:
            if rule.fires_in(stretch.mask):
                return self._first_words(stretch, rule.any)
        return None

    def _first_words(self, stretch: Stretch, wanted: int) -> tuple[str, int, int]:
        masks = stretch.sentence.masks
        first = next(number for number in range(stretch.first, stretch.last) if masks[number] & wanted)
        last = first
        while last + 1 < stretch.last and masks[last + 1] & masks[first] & wanted:
            last += 1
        spans = self._spans(stretch)
        return stretch.part.field, spans[first][0], spans[last][1]

    def _spans(self, stretch: Stretch) -> Sequence[Span]:
        part = stretch.part
        key = (part.field, part.is_tags)
        if key not in self._located:
            self._located[key] = self._reader.locate(self._unit, part)
        return self._located[key][stretch.number]

    def words(self, field: str, start: int, end: int) -> str:
        """Return what stands there in the text as posted."""
        return original(self._unit, field)[start:end]


def find_evidence(
    reader: Reader, reading: Reading, spoken: Sequence[tuple[MaskedRule, str, float]]
) -> Iterator[Evidence]:
    """Yield the first place of each rule that fired, with the code it spoke for and how strongly."""
    if not spoken:
        return
    finder = Finder(reader, reading)
    for rule, code, weight in spoken:
        place = finder.find(rule)
        if place is not None:
            yield Evidence(code, rule.rule.name, weight, *place, finder.words(*place))
