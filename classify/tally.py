"""Adds up what single word lists say of the codes: a few table look-ups per post, however many lists it holds."""

from __future__ import annotations

from collections.abc import Iterable
from operator import getitem

from classify.packing import Packing, Scores


class Tally:
    """The weights of single bits for codes, as one table per eight bits of a post's mask.

    An entry packs the sums for all codes into one integer, so that a post takes one addition per table.

    >>> scores = [0.0, 1.0]
    >>> Tally({1 << 3: ((0, 1.5), (1, -0.25)), 1 << 9: ((1, 2.0),)}).add(0b1000001000, scores)
    >>> scores
    [1.5, 2.75]
    """

    def __init__(self, weights: dict[int, Scores]) -> None:
        codes = [code for scores in weights.values() for code, _ in scores]
        self._packing = Packing(1 + max(codes, default=-1))
        self._bytes = (max(weights, default=0).bit_length() + 7) // 8
        self._inside = (1 << 8 * self._bytes) - 1
        self._tables = [
            _table(self._packing.pack(weights.get(1 << 8 * number + bit, ())) for bit in range(8))
            for number in range(self._bytes)
        ]

    def add(self, mask: int, scores: list[float]) -> None:
        """Add to the scores what the bits of a mask say."""
        held = (mask & self._inside).to_bytes(self._bytes, "little")
        self._packing.add(sum(map(getitem, self._tables, held)), scores)


def _table(bits: Iterable[int]) -> list[int]:
    """Return the sums of all choices out of some numbers; the place of a sum says by its bits which are in it."""
    sums = [0]
    for value in bits:
        sums += [one + value for one in sums]
    return sums
