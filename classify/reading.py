"""A unit as the rules see it: what it says, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from classify.masked import Numbered, fired_in, union
from classify.passage import Passage
from classify.single_words import SingleWords
from classify.unit import Unit

MOST_REMEMBERED = 10_000
LONGEST_REMEMBERED = 1_000  # words

Passages = tuple[Passage, ...]
GivenAndFired = tuple[tuple[int, ...], tuple[int, ...]]  # codes and rules, by their numbers


@dataclass(slots=True, eq=False, kw_only=True)
class Message:
    """All that a post says.

    `post` is what its passages hold; `says` are the packed scores by plain rules and single words, `called` the other
    rules that fire in its sentences, by stage; `words` is how many words there are, `distinct` how many distinct ones
    the passages have, added up. `written` remembers evidence as JSON, by the codes given and the rules that fired.
    """

    passages: Passages
    post: int
    says: int
    called: dict[int, Numbered]
    words: int
    distinct: int
    written: dict[GivenAndFired, tuple[str, ...]]

    @property
    def said(self) -> Iterable[str]:
        """The distinct words that say something by themselves."""
        said: dict[str, int] = {}
        return reduce(or_, [passage.said for passage in self.passages], said)

    def count(self, wanted: int) -> int:
        """Return how many words belong to one of the wanted lists."""
        return sum([passage.count(wanted) for passage in self.passages])


class Messages(dict[Passages, Message]):
    """What passages say together; remembered up to a limit, for the same is posted on several platforms."""

    def __init__(self, single: SingleWords) -> None:
        super().__init__()
        self._single = single

    def __missing__(self, passages: Passages) -> Message:
        fired = fired_in([passage.fired for passage in passages])
        message = Message(
            passages=passages,
            post=union([passage.held for passage in passages]),
            says=fired.packed + self._single.add_up(passages),
            called=fired.stages,
            words=sum([len(passage.masks) for passage in passages]),
            distinct=sum([passage.distinct for passage in passages]),
            written={},
        )
        if message.words <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[passages] = message
        return message


@dataclass(slots=True)
class Reading:
    """A unit, the language its rules were chosen by, what it says, and a mask of the facts known of it."""

    unit: Unit
    language: str
    message: Message
    facts: int
