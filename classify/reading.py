"""A unit as the rules see it: what its sentences hold, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from classify.sentence import Sentence
from classify.unit import Unit


class Part(NamedTuple):
    """The sentences of one field of a unit, or the tags of its rows of hashtags, in normal form."""

    field: str
    bit: int
    is_tags: bool
    sentences: list[str]


@dataclass(slots=True)
class Reading:
    """A unit, the language its rules were chosen by, its sentences, and masks of their stretches, the post, its facts.

    A stretch's mask says which word lists it holds, in which field it stands, and whether it opens the post.
    """

    unit: Unit
    language: str
    parts: list[Part]
    sentences: list[Sentence]
    stretches: list[int]
    post: int
    facts: int

    def count(self, wanted: int) -> int:
        """Return how many words belong to one of the wanted lists."""
        return sum(
            sum([1 for mask in sentence.masks if mask & wanted])
            for sentence in self.sentences
            if sentence.held & wanted
        )
