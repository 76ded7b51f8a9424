"""A unit as the rules see it: what its sentences hold, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from classify.passage import Passage
from classify.unit import Unit


@dataclass(slots=True)
class Reading:
    """A unit, the language its rules were chosen by, its passages, and masks of all that they hold and of its facts."""

    unit: Unit
    language: str
    passages: list[Passage]
    post: int
    facts: int

    @property
    def said(self) -> Iterable[str]:
        """The distinct words that say something by themselves."""
        said: dict[str, int] = {}
        return reduce(or_, [passage.said for passage in self.passages], said)

    @property
    def distinct(self) -> int:
        """How many distinct words the passages have, added up."""
        return sum([passage.distinct for passage in self.passages])

    def count(self, wanted: int) -> int:
        """Return how many words belong to one of the wanted lists."""
        return sum([passage.count(wanted) for passage in self.passages])
