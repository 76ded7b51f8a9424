"""Weights for many codes in one integer, so that one addition adds to all of them."""

from __future__ import annotations

from collections.abc import Iterable

_FIELD = 48  # bits of a packed sum that belong to one code
_ZERO = 1 << 46  # what stands for 0, so that sums stay positive
_UNIT = 1_000  # weights are added up in thousandths
_MASK = (1 << _FIELD) - 1
Scores = tuple[tuple[int, float], ...]  # number of a code, weight


class Packing:
    """Packs weights for some codes into integers, whose sum says what all of them add to each code.

    >>> packing, scores = Packing([0, 2]), [0.0, 0.0, 1.0]
    >>> packing.add(packing.pack([(0, 1.5)]) + packing.pack([(0, 0.5), (2, -0.25)]), scores)
    >>> scores
    [2.0, 0.0, 0.75]
    """

    def __init__(self, codes: Iterable[int]) -> None:
        self._codes = sorted(set(codes))
        self._shift = {code: _FIELD * number for number, code in enumerate(self._codes)}
        self._start = sum(_ZERO << shift for shift in self._shift.values())

    def pack(self, weights: Iterable[tuple[int, float]]) -> int:
        """Return weights by code as one integer."""
        packed = 0
        for code, weight in weights:
            thousandths = round(abs(weight) * _UNIT) << self._shift[code]
            packed += thousandths if weight >= 0 else -thousandths
        return packed

    def add(self, total: int, scores: list[float], share: float = 1.0) -> None:
        """Add to the scores what a sum of packed weights says, or a share of it."""
        if not total:
            return
        total += self._start
        share /= _UNIT
        for code in self._codes:
            scores[code] += ((total & _MASK) - _ZERO) * share
            total >>= _FIELD
