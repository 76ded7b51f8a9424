"""A unit as the rules see it: what its sentences hold, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from classify.passage import Passage
from classify.unit import Unit


class Part(NamedTuple):
    """A passage of a unit: the field it stands in, the bit of that place, and whether it is rows of hashtags."""

    field: str
    bit: int
    is_tags: bool
    passage: Passage


@dataclass(slots=True)
class Reading:
    """A unit, the language its rules were chosen by, its passages, and masks of their stretches, the post, its facts.

    A stretch's mask says which word lists it holds, in which field it stands, and whether it opens the post.
    """

    unit: Unit
    language: str
    parts: list[Part]
    stretches: list[int]
    post: int
    facts: int

    @property
    def said(self) -> Iterable[str]:
        """The distinct words that say something by themselves."""
        return dict.fromkeys([word for part in self.parts for word in part.passage.said])

    @property
    def distinct(self) -> int:
        """How many distinct words the parts have, added up."""
        return sum([part.passage.distinct for part in self.parts])

    def count(self, wanted: int) -> int:
        """Return how many words belong to one of the wanted lists."""
        return sum(
            [
                len([1 for mask in part.passage.masks if mask & wanted])
                for part in self.parts
                if part.passage.held & wanted
            ]
        )
