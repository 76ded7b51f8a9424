"""Where in the original text the words stand that spoke for a code."""

from __future__ import annotations

from typing import NamedTuple

from classify.masked import MaskedRule
from classify.passage import Passage
from classify.place import Quote, spell
from classify.reader import Reader, Stretch, original
from classify.reading import Reading


class Evidence(NamedTuple):
    """The words that spoke for a code: `words` is what stands from `start` to `end` in that field of the unit."""

    code: str
    rule: str
    weight: float
    field: str
    start: int
    end: int
    words: str

    def as_record(self) -> dict[str, object]:
        """Return the evidence as plain values."""
        return self._asdict()


class Finder:
    """Looks up the words that made rules fire for one reading; a passage remembers what was looked up in it."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self._reader = reader
        self._reading = reading

    def find(self, rule: MaskedRule) -> Quote:
        """Return the words that made a rule fire first."""
        for passage in self._reading.message.passages:
            if rule.any & passage.held:
                quote = passage.quotes.get(rule.number) or self._look_up(rule, passage)
                if quote:
                    return quote
        raise LookupError(
            f"{rule.rule.place}: rule {rule.rule.name} fires nowhere in unit {self._reading.unit.id}"
        )

    def find_word(self, word: str) -> Quote:
        """Return where a word that says something by itself stands first."""
        passage = next(passage for passage in self._reading.message.passages if word in passage.said)
        quote = passage.quotes.get(word)
        if quote is None:
            quote = passage.quotes[word] = self._quote(passage, passage.said[word], passage.said[word])
        return quote

    def first_words(self, stretch: Stretch, wanted: int) -> Quote:
        """Return the first wanted words of a stretch."""
        _, passage, first, end = stretch
        masks = passage.masks
        while not masks[first] & wanted:
            first += 1
        wanted &= masks[first]
        last = first
        while last + 1 < end and masks[last + 1] & wanted:
            last += 1
        return self._quote(passage, first, last)

    def _look_up(self, rule: MaskedRule, passage: Passage) -> Quote | None:
        for mask, span in zip(passage.stretches, passage.spans, strict=True):
            if rule.fires_in(mask):
                quote = passage.quotes[rule.number] = self.first_words(
                    Stretch(mask, passage, *span), rule.any
                )
                return quote
        return None

    def _quote(self, passage: Passage, first: int, last: int) -> Quote:
        text = original(self._reading.unit, passage.field)
        located = self._reader.locate(text)
        start, end = located.tag(first, last) if passage.is_tags else located.words(first, last)
        words = text[start:end]
        json = f'"field":"{passage.field}","start":{start},"end":{end},"words":{spell(words)}}}'
        return Quote(passage.field, start, end, words, json)
