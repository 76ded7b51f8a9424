"""The codes of a post by dimension, out of the bits that tell which thresholds it reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from classify.codebook import Dimension
from classify.masked import MEMO_LIMIT
from classify.packing import Packing

Numbered = dict[int, str]  # the number of a code, its name


class Answers(NamedTuple):
    """The codes of each dimension, and its primary one: the first, but in `contested` dimensions the strongest."""

    codes: Mapping[str, tuple[str, ...]]
    first: Mapping[str, str]
    contested: Mapping[str, Numbered]


class Answering(dict[int, Answers]):
    """For the bits of the codes that a post reached, its answers; remembered up to a limit.

    `decided` are the codes of each dimension in the order in which they are decided, by their numbers.
    """

    def __init__(
        self, dimensions: Iterable[Dimension], decided: Mapping[str, Numbered], packing: Packing
    ) -> None:
        super().__init__()
        self._dimensions = dimensions
        self._decided = decided
        self._packing = packing

    def __missing__(self, reached: int) -> Answers:
        found = {dimension.name: self._found(dimension, reached) for dimension in self._dimensions}
        answers = Answers(
            codes={name: tuple(codes.values()) for name, codes in found.items()},
            first={name: next(iter(codes.values()), "") for name, codes in found.items()},
            contested={
                dimension.name: _in_order(dimension, found[dimension.name])
                for dimension in self._dimensions
                if len(found[dimension.name]) > 1
            },
        )
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[reached] = answers
        return answers

    def primaries(self, answers: Answers, total: int) -> Mapping[str, str]:
        """Return the primary code of each dimension, the packed scores given."""
        if not answers.contested:
            return answers.first
        strongest = self._packing.strongest
        contested = answers.contested.items()
        return {**answers.first, **{name: found[strongest(total, found)] for name, found in contested}}

    def _found(self, dimension: Dimension, reached: int) -> Numbered:
        """Return the codes of a dimension that hold; the one for all else only where no other does."""
        decided = self._decided[dimension.name]
        found = {
            number: name
            for number, name in decided.items()
            if name != dimension.otherwise and reached & self._packing.reached([number])
        }
        return found or {number: name for number, name in decided.items() if name == dimension.otherwise}


def _in_order(dimension: Dimension, found: Numbered) -> Numbered:
    """Return codes in the order that settles which of equally strong ones is primary."""
    number = {name: number for number, name in found.items()}
    return {number[name]: name for name in dimension.order if name in number} or found
