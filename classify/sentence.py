"""Sentences as the rules see them, read once and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple

from classify.text import words_of
from classify.vocabulary import Vocabulary

LONGEST_STRETCH = 36  # words; speech without full stops is read in stretches of this length
LONGEST_REMEMBERED = 300  # characters
MOST_REMEMBERED = 50_000


class Sentence(NamedTuple):
    """The masks of a sentence's words, what its stretches hold that some rule looks at, and all of that together."""

    masks: list[int]
    stretches: tuple[int, ...]
    held: int


class Sentences(dict[str, Sentence]):
    """The sentences of one language, by their normal form.

    Institutions repeat themselves: tags, addresses, closing lines, the same text on four platforms. What was read is
    remembered up to a limit, and then forgotten at once.
    """

    def __init__(self, vocabulary: Vocabulary, relevant: int) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._relevant = relevant

    def __missing__(self, sentence: str) -> Sentence:
        masks = self._vocabulary.masks_of(words_of(sentence))
        held = reduce(or_, masks, 0) & self._relevant
        if len(masks) <= LONGEST_STRETCH:
            read = Sentence(masks, (held,) if held else (), held)
        else:
            read = Sentence(masks, tuple(part for _, _, part in stretches(masks, self._relevant)), held)
        if len(sentence) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[sentence] = read
        return read


def stretches(masks: list[int], relevant: int) -> Iterator[tuple[int, int, int]]:
    """Yield first word, past-the-last word and what they hold, for each stretch that holds anything relevant."""
    for first in range(0, len(masks), LONGEST_STRETCH):
        last = min(first + LONGEST_STRETCH, len(masks))
        held = reduce(or_, masks[first:last], 0) & relevant
        if held:
            yield first, last, held
