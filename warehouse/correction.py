"""Corrects a share for the errors of the classifier, by a hand-coded random sample: one interval of both terms.

The estimate is that of prediction-powered inference (Angelopoulos and others, Science 382, 2023) and of design-based
supervised learning (Egami and others, NeurIPS 2023): what the classifier says of all posts, plus the mean of what it
got wrong in the sample, each sampled post weighted by the inverse of its inclusion probability. It is unbiased however
bad the classifier is; a better one only narrows the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import atan, cos, isnan, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from warehouse.intervals import LEVEL, Floats, Z

Integers = NDArray[np.int64]

MOST_GAIN = 0.5  # of the variance; small strata tell the rest too roughly
MOST_LEVERAGE = 0.9  # of a group's posts; without an institution that is nearly all of it there is no group


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A corrected share with its 95 % interval. Neither is cut off at 0 and 1."""

    share: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True, kw_only=True)
class HandCoded:
    """A hand-coded sample, one value per post: its institution's place, stratum's place and weight, and the errors.

    `weight` is the inverse of the inclusion probability. `over_error` is what the hand coding adds to the numerator of
    the share (-1, 0 or 1), `under_error` what it adds to the denominator: 0 unless groups are coded themselves, such as
    sectors. Posts outside the group asked for have 0 in both.
    """

    cluster: Integers
    stratum: Integers
    weight: Floats
    over_error: Floats
    under_error: Floats


def correct(over: Floats, under: Floats, sample: HandCoded) -> Corrected:
    """Return the corrected share sum(over) / sum(under), where both have one value per institution.

    Of several institutions the variance is that of the jackknife, which leaves out each with its predictions and
    corrections in turn (MacKinnon, Nielsen and Webb, Journal of Econometrics 232, 2023), less what the strata save,
    with Student's quantile; of one it is that between posts, as if these were independent.
    """
    if len(over) == 1:
        return correct_posts(float(over[0]), float(under[0]), sample)
    return _of_institutions(_Jackknife.of(over, under, sample), sample)


def correct_gap(
    first: tuple[Floats, Floats, HandCoded], second: tuple[Floats, Floats, HandCoded]
) -> Corrected:
    """Return the corrected difference of two shares of the same institutions, given as (over, under, sample) each.

    A post, and an institution, may be on both sides: the variance is that of what both sides together add.
    """
    one, other = (_Jackknife.of(*side) for side in (first, second))
    both = _Jackknife(
        share=one.share - other.share, moves=one.moves - other.moves, errors=one.errors - other.errors
    )
    return _of_institutions(both, first[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Jackknife:
    """A share, how far it moves without each institution, and what each sampled post adds to it."""

    share: float
    moves: Floats
    errors: Floats

    @classmethod
    def of(cls, over: Floats, under: Floats, sample: HandCoded) -> _Jackknife:
        share, below = _ratio(over, under, sample)
        errors = sample.weight * (sample.over_error - share * sample.under_error) / below
        added = np.bincount(sample.cluster, errors, len(over))
        own = under + np.bincount(sample.cluster, sample.weight * sample.under_error, len(over))
        moves = (over - share * under) / below + added
        return cls(share=share, moves=moves / (1 - np.clip(own / below, 0, MOST_LEVERAGE)), errors=errors)


def _of_institutions(found: _Jackknife, sample: HandCoded) -> Corrected:
    size = len(found.moves)
    variance = (size - 1) / size * float(np.sum(found.moves**2)) if size > 1 else float("nan")
    variance -= min(_stratification_gain(found.errors, sample), MOST_GAIN * variance)
    return _interval(found.share, variance, student(_degrees(found.moves)))


def correct_posts(over: float, under: float, sample: HandCoded) -> Corrected:
    """Return the corrected share over / under of independent posts, with the variance of both terms.

    With one stratum it is the estimate and the interval of Angelopoulos and others for a mean.
    """
    share, below = _ratio(np.array([over]), np.array([under]), sample)
    predicted = over / under
    errors = sample.over_error - share * sample.under_error
    variance = predicted * (1 - predicted) / under
    for stratum in np.unique(sample.stratum):
        own = sample.stratum == stratum
        variance += float(np.sum(sample.weight[own] ** 2) * np.var(errors[own])) / below**2
    return _interval(share, variance, Z)


def _degrees(totals: Floats) -> int:
    """Return the degrees of freedom of a variance between totals, by Satterthwaite: few where few totals make it."""
    squares = totals**2
    spread = float(np.sum(squares**2) - np.sum(squares) ** 2 / len(totals))
    if not spread > 0:  # not a number where there is no share
        return max(1, len(totals) - 1)
    return max(1, min(len(totals) - 1, int(2 * float(np.sum(squares)) ** 2 / spread)))


def _stratification_gain(errors: Floats, sample: HandCoded) -> float:
    """Return what fixed numbers per stratum take off the variance of the sum of weighted errors.

    The variance between institutions is that of posts drawn each by chance; an estimate, so it may be below 0.
    """
    gain = 0.0
    for stratum in np.unique(sample.stratum):
        own = errors[sample.stratum == stratum]
        if len(own) > 1:
            left_out = 1 - 1 / sample.weight[sample.stratum == stratum].mean()
            gain += left_out * len(own) * float(own.mean() ** 2 - own.var(ddof=1) / len(own))
    return gain


def _ratio(over: Floats, under: Floats, sample: HandCoded) -> tuple[float, float]:
    below = float(under.sum() + sample.weight @ sample.under_error)
    if below <= 0:
        return float("nan"), float("nan")
    return float(over.sum() + sample.weight @ sample.over_error) / below, below


def _interval(share: float, variance: float, quantile: float) -> Corrected:
    error = sqrt(variance) if not isnan(variance) else float("nan")
    return Corrected(
        share=share, low=share - quantile * error, high=share + quantile * error, standard_error=error
    )


@lru_cache(maxsize=1024)
def student(degrees: int) -> float:
    """Return the 97.5th percentile of Student's distribution with so many degrees of freedom.

    >>> round(student(1), 4), round(student(11), 4)
    (12.7062, 2.201)
    """
    low, high = Z, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, degrees) < LEVEL else (low, middle)
    return (low + high) / 2


def _within(t: float, degrees: int) -> float:
    """Return the chance of a value between -t and t (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(degrees))
    odd = degrees % 2
    term, total = (cos(angle), cos(angle)) if odd else (1.0, 1.0)
    for number in range(2 + odd, degrees - 1, 2):
        term *= (number - 1) / number * cos(angle) ** 2
        total += term
    if degrees == 1:
        return 2 * angle / pi
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
