"""Weights for many codes in one integer, so that one addition adds to all of them."""

from __future__ import annotations

import struct
from collections.abc import Iterable

_FIELD = 64  # bits of a packed sum that belong to one code
_ZERO = 1 << 62  # what stands for 0, so that sums stay positive
_UNIT = 1_000  # weights are added up in thousandths
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
        self._is_all = self._codes == list(range(len(self._codes)))
        self._bytes = len(self._codes) * _FIELD // 8
        self._unpack = struct.Struct(f"<{len(self._codes)}Q").unpack

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
        share /= _UNIT
        sums = self._unpack((total + self._start).to_bytes(self._bytes, "little"))
        if self._is_all:
            scores[: len(sums)] = [
                score + (one - _ZERO) * share for score, one in zip(scores, sums, strict=False)
            ]
        else:
            for code, one in zip(self._codes, sums, strict=True):
                scores[code] += (one - _ZERO) * share
