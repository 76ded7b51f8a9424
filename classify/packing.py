"""Scores of all codes in one integer: one addition adds to all of them, one look tells which reach their thresholds."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

_FIELD = 64  # bits of a packed sum that belong to one code
_ALL = (1 << _FIELD) - 1
_REACHED = 1 << _FIELD - 1  # the highest of them: set where the code's score has reached its threshold
_THOUSAND = 1_000  # weights are whole numbers of thousandths
WHOLE = 1 << 30  # what weights are multiplied by that count as they are; a share of them is a smaller number
_UNIT = _THOUSAND * WHOLE
_ROUNDED = _UNIT // 1_000_000  # shares are rounded: who lacks less than a millionth has reached a threshold


def pack(weights: Iterable[tuple[int, float]]) -> int:
    """Return weights by number of their code as one integer; to be multiplied by WHOLE, or a share of it, and added."""
    return sum(round(weight * _THOUSAND) << _FIELD * code for code, weight in weights)


class Packing:
    """What sums of packed weights say of codes with these thresholds and leads.

    >>> packing = Packing([2.0, 1.0, 3.0], [0.0, 0.0, 2.5])
    >>> total = packing.start + WHOLE * pack([(0, 1.5), (1, -0.25)]) + WHOLE // 4 * pack([(0, 2)])
    >>> packing.scores(total, [0, 1, 2])
    [2.0, -0.25, 0.0]
    >>> [bool(total & packing.reached([code])) for code in range(3)]
    [True, False, False]
    >>> packing.strongest(total, [0, 1]), packing.strongest(total, [0, 1, 2])
    (0, 2)
    """

    def __init__(self, thresholds: Sequence[float], leads: Sequence[float]) -> None:
        rounded = sum(_ROUNDED << _FIELD * code for code in range(len(thresholds)))
        self._limits = WHOLE * pack(enumerate(thresholds)) - rounded
        self._led = self._limits + WHOLE * pack(enumerate(leads))
        self.start = self.reached(range(len(thresholds))) - self._limits
        self._bytes = len(thresholds) * _FIELD // 8
        self._unpack = struct.Struct(f"<{len(thresholds)}Q").unpack

    def reached(self, codes: Iterable[int]) -> int:
        """Return the bits of a sum that tell which of some codes have reached their thresholds."""
        return sum(_REACHED << _FIELD * code for code in codes)

    def scores(self, total: int, codes: Iterable[int]) -> list[float]:
        """Return the scores of some codes."""
        fields = self._unpack((total + self._limits).to_bytes(self._bytes, "little"))
        return [(fields[code] - _REACHED) / _UNIT for code in codes]

    def strongest(self, total: int, codes: Iterable[int]) -> int:
        """Return which of some codes has the highest score, each with its lead; of equals the first."""
        total += self._led
        fields = {code: total >> _FIELD * code & _ALL for code in codes}
        return max(fields, key=fields.__getitem__)
