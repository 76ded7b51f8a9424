"""Passages as the rules see them: the words of a field, or of its rows of hashtags, and what its sentences hold."""

from __future__ import annotations

from typing import NamedTuple

from classify.hashtag import HashtagSegmenter
from classify.phrase import END
from classify.single_words import SingleWords
from classify.text import fold, words_of
from classify.vocabulary import Vocabulary

LONGEST_STRETCH = 36  # words; speech without full stops is read in stretches of this length
LONGEST_REMEMBERED = 1_000  # characters
MOST_REMEMBERED = 20_000
NAMELESS = "xxx"
SHORTEST_NAME = 6  # letters


class Passage(NamedTuple):
    """The masks of a passage's words, and of each stretch what it holds that some rule looks at, with its bounds.

    A stretch is a sentence, or a part of one that is very long; its bounds are its first word and the one past its
    last. `held` is what all of them hold. `said` are the words that say something by themselves, each with where it
    stands first, `says` the sum of it; `distinct` is how many distinct words there are, full stops included. `places`
    remembers where in the text the words stand that were looked up.
    """

    masks: list[int]
    stretches: list[int]
    spans: list[tuple[int, int]]
    held: int
    said: dict[str, int]
    says: int
    distinct: int
    places: dict[tuple[int, int], tuple[int, int, str]]


EMPTY = Passage([], [], [], 0, {}, 0, 0, {})
Passages = tuple[Passage, Passage]  # what a text says, and its rows of hashtags


class PassageReader:
    """Reads the texts of one language.

    The same text is posted on four platforms, and coded again when the codebook's author changes a line. What was read
    is remembered up to a limit, and then forgotten at once.
    """

    def __init__(
        self, vocabulary: Vocabulary, single: SingleWords, segment: HashtagSegmenter, relevant: int
    ) -> None:
        self._vocabulary = vocabulary
        self._single = single
        self._segment = segment
        self._relevant = relevant
        self._remembered: dict[tuple[str, str], Passages] = {}

    def read(self, text: str, name: str) -> Passages:
        """Return the passages of a text; the institution's name in it is made nameless."""
        known = self._remembered.get((text, name))
        if known is None:
            running, tags = words_of(text, self._segment)
            if name:
                hide_name(running, fold(name))
                hide_name(tags, fold(name))
            known = (self._passage(running), self._passage(tags) if tags else EMPTY)
            if len(text) <= LONGEST_REMEMBERED:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[text, name] = known
        return known

    def _passage(self, words: list[str]) -> Passage:
        masks = self._vocabulary.masks_of(words)
        relevant = self._relevant
        found: list[int] = []
        spans: list[tuple[int, int]] = []
        held = together = first = 0
        limit = LONGEST_STRETCH
        for number, mask in enumerate(masks, 1):
            if mask:
                held |= mask
                if not mask & END and number < limit:
                    continue
            elif number < limit:
                continue
            held &= relevant
            if held:
                found.append(held)
                spans.append((first, number))
                together |= held
            held, first, limit = 0, number, number + LONGEST_STRETCH
        held &= relevant
        if held:
            found.append(held)
            spans.append((first, len(masks)))
        distinct = dict(zip(reversed(words), range(len(words) - 1, -1, -1), strict=True))
        single = self._single
        said = {word: place for word, place in distinct.items() if single[word]}
        return Passage(
            masks, found, spans, together | held, said, sum(map(single.__getitem__, said)), len(distinct), {}
        )


def hide_name(words: list[str], name: str) -> None:
    """Put a word that means nothing in the place of each word of a name: a name says nothing of a post.

    >>> words = ["fijne", "dag", "op", "roc", "techniek", "noord"]
    >>> hide_name(words, "roc techniek noord"); words
    ['fijne', 'dag', 'op', 'xxx', 'xxx', 'xxx']
    """
    joined = "".join(name.split())
    if len(joined) < SHORTEST_NAME:
        return
    for start in range(len(words)):
        if joined.startswith(words[start]):
            rest, end = joined, start
            while rest and end < len(words) and rest.startswith(words[end]):
                rest = rest[len(words[end]) :]
                end += 1
            if not rest:
                words[start:end] = [NAMELESS] * (end - start)
