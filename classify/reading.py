"""A unit as the rules see it: words, the lists they belong to, and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classify.hashtag import HashtagSegmenter
from classify.text import Token, tokens_of
from classify.unit import Unit
from classify.phrase import END

LONGEST_SENTENCE = 36  # words; speech without full stops is read in stretches of this length


@dataclass(slots=True)
class ReadField:
    """The words of one field and their masks. `is_tags` says that they are the row of hashtags in it."""

    name: str
    is_tags: bool
    bit: int
    words: list[str]
    masks: list[int]


@dataclass(slots=True)
class Reading:
    """A unit, the language its rules were chosen by, and the masks of its fields, sentences, post and facts."""

    unit: Unit
    language: str
    fields: list[ReadField]
    sentences: list[int]
    post: int
    facts: int
    opening_bit: int
    relevant: int
    segment: HashtagSegmenter

    def original(self, field: ReadField) -> str:
        """Return the text as posted that a field was read from."""
        if field.name == "hashtags":
            return " ".join(f"#{tag.lstrip('#')}" for tag in self.unit.hashtags)
        return str(getattr(self.unit, field.name))

    def count(self, wanted: int) -> int:
        """Return how many words belong to one of the wanted lists."""
        return sum(1 for field in self.fields for mask in field.masks if mask & wanted)

    def tokens(self, field: ReadField) -> list[Token]:
        """Return the words of a field with their places in the text as posted."""
        running, tags = tokens_of(self.original(field), self.segment)
        return tags if field.is_tags else running


def sentence_masks(masks: list[int], relevant: int, bit: int, found: list[int]) -> None:
    """Append what each sentence holds, sentences that hold nothing left out."""
    sentence = length = 0
    for mask in masks:
        length += 1
        if mask:
            sentence |= mask
        if mask & END or length == LONGEST_SENTENCE:
            sentence &= relevant
            if sentence:
                found.append(sentence | bit)
            sentence = length = 0
    sentence &= relevant
    if sentence:
        found.append(sentence | bit)


def sentence_ranges(masks: list[int], relevant: int) -> Iterator[tuple[int, int, int]]:
    """Yield first word, past-the-last word and mask of each sentence that `sentence_masks` finds."""
    first = sentence = 0
    for number, mask in enumerate(masks):
        sentence |= mask
        if mask & END or number + 1 - first == LONGEST_SENTENCE:
            if sentence & relevant:
                yield first, number + 1, sentence & relevant
            first, sentence = number + 1, 0
    if sentence & relevant:
        yield first, len(masks), sentence & relevant
