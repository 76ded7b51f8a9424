"""Where in the original text the words stand that made a rule fire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classify.reading import ReadField, Reading, sentence_ranges
from classify.ruleset import MaskedRule, Ruleset
from classify.text import Token


@dataclass(frozen=True, slots=True, kw_only=True)
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


def find_evidence(reading: Reading, rules: Ruleset, fired: list[int]) -> Iterator[Evidence]:
    """Yield the first place of each rule that fired, once for each code it spoke for."""
    for number in fired:
        masked = rules.rules[number]
        place = find_place(reading, masked) if masked.any else None
        if place is None:
            continue
        field, start, end = place
        words = reading.original(field)[start:end]
        for code, weight in masked.scores:
            if weight > 0:
                yield Evidence(
                    code=rules.codes[code].code,
                    rule=masked.rule.name,
                    weight=weight,
                    field=field.name,
                    start=start,
                    end=end,
                    words=words,
                )


def find_place(reading: Reading, masked: MaskedRule) -> tuple[ReadField, int, int] | None:
    """Return field, start and end of the first words that made a rule fire, None where it did not."""
    for field, first, last, _ in fitting_sentences(reading, masked):
        for number in range(first, last):
            if field.masks[number] & masked.any:
                return field, *_span(reading.tokens(field), field.masks, number, last, masked.any)
    return None


def fitting_sentences(reading: Reading, masked: MaskedRule) -> Iterator[tuple[ReadField, int, int, int]]:
    """Yield field, first word, past-the-last word and mask of each sentence in which a rule fires."""
    opening = reading.opening_bit
    for field in reading.fields:
        for first, last, mask in sentence_ranges(field.masks, reading.relevant):
            sentence = mask | field.bit | opening
            opening = 0
            if masked.fires_in(sentence):
                yield field, first, last, sentence


def _span(tokens: list[Token], masks: list[int], number: int, last: int, wanted: int) -> tuple[int, int]:
    end = number
    while end + 1 < last and masks[end + 1] & masks[number] & wanted:
        end += 1
    return tokens[number].start, tokens[end].end
