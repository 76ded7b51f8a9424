"""Weights for many codes in one integer, so that one addition adds to all of them."""

from __future__ import annotations

import struct
from collections.abc import Iterable

_FIELD = 64  # bits of a packed sum that belong to one code
_ZERO = 1 << 62  # what stands for 0, so that sums stay positive
_UNIT = 1_000  # weights are added up in thousandths
Scores = tuple[tuple[int, float], ...]  # number of a code, weight


class Packing:
    """Packs weights for the first so many codes into integers, whose sum says what all of them add to each code.

    >>> packing, scores = Packing(3), [0.0, 0.0, 1.0]
    >>> packing.add(packing.pack([(0, 1.5)]) + packing.pack([(0, 0.5), (2, -0.25)]), scores)
    >>> scores
    [2.0, 0.0, 0.75]
    """

    def __init__(self, count: int) -> None:
        self._start = sum(_ZERO << _FIELD * code for code in range(count))
        self._bytes = count * _FIELD // 8
        self._unpack = struct.Struct(f"<{count}Q").unpack

    def pack(self, weights: Iterable[tuple[int, float]]) -> int:
        """Return weights by code as one integer."""
        return sum(round(weight * _UNIT) * (1 << _FIELD * code) for code, weight in weights)

    def add(self, total: int, scores: list[float], share: float = 1.0) -> None:
        """Add to the scores what a sum of packed weights says, or a share of it."""
        if total:
            share /= _UNIT
            sums = self._unpack((total + self._start).to_bytes(self._bytes, "little"))
            added = [score + (one - _ZERO) * share for score, one in zip(scores, sums, strict=False)]
            scores[: len(added)] = added
