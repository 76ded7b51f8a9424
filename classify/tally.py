"""Adds up what single word lists say of the codes: a few table look-ups per post, however many lists it holds."""

from __future__ import annotations

from collections.abc import Iterable
from operator import getitem

_FIELD = 32  # bits of a packed sum that belong to one code
_ZERO = 1 << 24  # what stands for 0, so that sums stay positive
_UNIT = 1_000  # weights are added up in thousandths
_MASK = (1 << _FIELD) - 1
Scores = tuple[tuple[int, float], ...]  # number of a code, weight


class Tally:
    """The weights of single bits for codes, as one table per eight bits of a post's mask.

    An entry packs the sums for all codes into one integer, so that a post takes one addition per table.

    >>> scores = [0.0, 1.0]
    >>> Tally({1 << 3: ((0, 1.5), (1, -0.25)), 1 << 9: ((1, 2.0),)}).add(0b1000001000, scores)
    >>> scores
    [1.5, 2.75]
    """

    def __init__(self, weights: dict[int, Scores]) -> None:
        self._codes = sorted({code for scores in weights.values() for code, _ in scores})
        self._shift = {code: _FIELD * number for number, code in enumerate(self._codes)}
        self._bytes = (max(weights, default=0).bit_length() + 7) // 8
        self._inside = (1 << 8 * self._bytes) - 1
        self._tables = [_table(self._packed(weights, 8 * number)) for number in range(self._bytes)]
        self._start = sum(_ZERO << shift for shift in self._shift.values())

    def _packed(self, weights: dict[int, Scores], first: int) -> list[int]:
        """Return what each of eight bits adds to a packed sum."""
        return [
            sum(
                round(weight * _UNIT) << self._shift[code]
                if weight >= 0
                else -(round(-weight * _UNIT) << self._shift[code])
                for code, weight in weights.get(1 << first + bit, ())
            )
            for bit in range(8)
        ]

    def add(self, mask: int, scores: list[float]) -> None:
        """Add to the scores what the bits of a mask say."""
        held = (mask & self._inside).to_bytes(self._bytes, "little")
        total = sum(map(getitem, self._tables, held), self._start)
        for code in self._codes:
            scores[code] += ((total & _MASK) - _ZERO) / _UNIT
            total >>= _FIELD


def _table(bits: Iterable[int]) -> list[int]:
    """Return the sums of all choices out of some numbers; the place of a sum says by its bits which are in it."""
    sums = [0]
    for value in bits:
        sums += [one + value for one in sums]
    return sums
