"""Numbers that are not known yet: how likely, how far apart, and what a sum of them is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, sqrt
from statistics import fmean, pvariance

ALONE = ("", 1)
SURE = 2.0  # standard deviations to either side


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A number not known yet: at least, most likely, at most.

    `variance` tells how far it may be from the likely one. Numbers that rest on the same `sample`, a name and how
    many were seen, err together: the sample may be a lucky one.
    """

    least: int = 0
    likely: float = 0.0
    most: int = 0
    variance: float = 0.0
    sample: tuple[str, int] = ALONE

    @classmethod
    def of(
        cls, likely: Sequence[float], possible: Iterable[float], sample: tuple[str, int] = ALONE
    ) -> Foreseen:
        """Return what equally likely numbers amount to, and others that are possible."""
        every = [*likely, *possible]
        return cls(
            least=floor(min(every)),
            likely=fmean(likely),
            most=ceil(max(every)),
            variance=pvariance(likely),
            sample=sample,
        )


def add_up(numbers: Iterable[Foreseen]) -> Foreseen:
    """Return a sum; its range is where it lies nine times in ten or more, within the sums of all least and all most.

    >>> one = Foreseen.of([2, 4], [], sample=("accounts like it", 103))
    >>> add_up([one] * 100)
    Foreseen(least=271, likely=300.0, most=329, variance=200.0, sample=('', 1))
    """
    numbers = sorted(numbers, key=lambda one: one.sample)
    likely = sum(one.likely for one in numbers)
    variance = sum(one.variance for one in numbers)
    for (sample, seen), group in groupby(numbers, key=lambda one: one.sample):
        if sample:
            # A mean of n seen has a variance of s²/n, and s itself is uncertain, as Student's t has it.
            variance += sum(sqrt(one.variance) for one in group) ** 2 / max(seen - 3, 1)
    far = SURE * sqrt(variance)
    return Foreseen(
        least=max(floor(likely - far), sum(one.least for one in numbers)),
        likely=likely,
        most=min(ceil(likely + far), sum(one.most for one in numbers)),
        variance=variance,
    )
