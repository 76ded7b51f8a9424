"""The codes of a post by dimension, out of the bits that tell which thresholds it reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from classify.codebook import Dimension
from classify.masked import MEMO_LIMIT
from classify.packing import Packing

Names = dict[int, str]  # of codes, by their numbers


class Decision(NamedTuple):
    """The codes of each dimension, and its primary one: the first, but in `contested` dimensions the strongest.

    `given` are the numbers of all codes.
    """

    given: tuple[int, ...]
    codes: Mapping[str, tuple[str, ...]]
    first: Mapping[str, str]
    contested: Mapping[str, Names]


class Decisions(dict[int, Decision]):
    """For the bits of the codes that a post reached, its decision; remembered up to a limit.

    `decided` are the codes of each dimension in the order in which they are decided, by their numbers.
    """

    def __init__(
        self, dimensions: Iterable[Dimension], decided: Mapping[str, Names], packing: Packing
    ) -> None:
        super().__init__()
        self._dimensions = {dimension.name: dimension for dimension in dimensions}
        self._decided = decided
        self._packing = packing

    def __missing__(self, reached: int) -> Decision:
        found = {name: self._found(dimension, reached) for name, dimension in self._dimensions.items()}
        decision = Decision(
            given=tuple(number for codes in found.values() for number in codes),
            codes={name: tuple(codes.values()) for name, codes in found.items()},
            first={name: next(iter(codes.values()), "") for name, codes in found.items()},
            contested={
                name: _in_order(dimension, found[name])
                for name, dimension in self._dimensions.items()
                if len(found[name]) > 1
            },
        )
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[reached] = decision
        return decision

    def primaries(self, decision: Decision, total: int) -> Mapping[str, str]:
        """Return the primary code of each dimension, the packed scores given."""
        if not decision.contested:
            return decision.first
        strongest = self._packing.strongest
        contested = decision.contested.items()
        return {**decision.first, **{name: found[strongest(total, found)] for name, found in contested}}

    def _found(self, dimension: Dimension, reached: int) -> Names:
        """Return the codes of a dimension that hold; the one for all else only where no other does."""
        decided = self._decided[dimension.name]
        is_asked = self._is_asked(dimension, reached)
        found = {
            number: name
            for number, name in decided.items()
            if is_asked and name != dimension.otherwise and reached & self._packing.reached([number])
        }
        return found or {number: name for number, name in decided.items() if name == dimension.otherwise}

    def _is_asked(self, dimension: Dimension, reached: int) -> bool:
        """Say whether the code holds that a dimension refines, where it refines one."""
        home, _, code = dimension.within.partition(".")
        return not home or code in self._found(self._dimensions[home], reached).values()


def _in_order(dimension: Dimension, found: Names) -> Names:
    """Return codes in the order that settles which of equally strong ones is primary."""
    number = {name: number for number, name in found.items()}
    return {number[name]: name for name in dimension.order if name in number} or found
