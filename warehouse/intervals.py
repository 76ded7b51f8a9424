"""Intervals of shares: Wilson for one account, a bootstrap over institutions for whatever pools them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
Z = 1.959963984540054  # 97.5th percentile of the standard normal distribution
DRAWS = 2_000
SEED = 20_261_122
TOGETHER = 16  # draws in one product of matrices
SMALL = 250_000  # multiplications; larger products BLAS gives to threads, which on a busy machine wait for one another

Floats = NDArray[np.float64]


def wilson(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of Wilson's 95 % interval of a proportion; nan where there were no trials.

    >>> low, high = wilson(4, 72)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0218, 0.1343)
    """
    hits, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / n
        centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        reach = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
        low = np.where(hits == 0, 0.0, np.clip(centre - reach, 0, 1))
        high = np.where(hits == n, 1.0, np.clip(centre + reach, 0, 1))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def bootstrap_ratio(over: Floats, under: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of sum(over) / sum(under), drawing institutions with replacement.

    `over` and `under` have one value per institution, or one row per institution and one column per ratio; of
    several columns the interval is that of the first ratio minus the second.
    """
    over, under = (side.reshape(len(side), -1) for side in (over, under))
    if over.shape[1] > 1:
        low, high = bootstrap_gaps((over[:, :1], under[:, :1]), (over[:, 1:], under[:, 1:]))
    else:
        low, high = bootstrap_ratios(over, under)
    return float(low[0]), float(high[0])


def bootstrap_ratios(over: Floats, under: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of the 95 % percentile interval of each column's sum(over) / sum(under).

    All columns see the same draws of institutions (rows).
    """
    return _bounds(_drawn_ratios(over[:, part], under[:, part]) for part in _parts(over))


def bootstrap_gaps(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the same of each column's first ratio minus its second, both given as (over, under)."""
    return _bounds(
        _drawn_ratios(first[0][:, part], first[1][:, part])
        - _drawn_ratios(second[0][:, part], second[1][:, part])
        for part in _parts(first[0])
    )


def _bounds(parts: Iterator[Floats]) -> tuple[Floats, Floats]:
    bounds = []
    for drawn in parts:
        bounds += [_percentiles(drawn)] if not np.isnan(drawn).any() else _percentiles_of_each(drawn)
    low, high = np.concatenate(bounds, axis=1) if bounds else np.empty((2, 0))
    return low, high


def _drawn_ratios(over: Floats, under: Floats) -> Floats:
    """Return a row of draws per column; nan where a draw has nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios: Floats = _drawn_sums(over) / _drawn_sums(under)
    return ratios


def _drawn_sums(values: Floats) -> Floats:
    """Return a row of draws per column of values; neighbours that are equal, as the codes of one group, cost once."""
    is_new = np.append(True, (values[:, 1:] != values[:, :-1]).any(axis=0))
    new, times = values[:, is_new].T, _times_drawn(len(values))
    sums = np.empty((len(new), DRAWS))
    for part in _parts(new.T):
        products = new[part] @ times
        sums[part] = products.transpose(1, 0, 2).reshape(-1, DRAWS)
    return sums if is_new.all() else sums[np.cumsum(is_new) - 1]


def _parts(values: Floats) -> Iterator[slice]:
    """Return the columns in parts whose products with a number of draws are small."""
    institutions, columns = values.shape
    size = max(1, SMALL // (TOGETHER * institutions))
    return (slice(start, start + size) for start in range(0, columns, size))


def bootstrap_mean(values: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean over institutions."""
    return bootstrap_ratio(values, np.ones(len(values)))


class DrawnBeyond(Exception):
    """A draw's median is among the values that were not told apart."""


def bootstrap_median(values: Floats, counts: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of the median over posts, drawing institutions with replacement.

    `values` are the distinct values in order; `counts` has a row per institution: how many of its posts have each. The
    first and last value may be infinite, for whatever lies beyond; a draw whose median is there raises DrawnBeyond.
    """
    share = np.cumsum(counts.sum(axis=0)) / counts.sum()
    first, last = (int(np.searchsorted(share, bound)) for bound in (0.35, 0.65))
    medians = _drawn_medians(values, counts, first, last)
    if np.isinf(medians).any():  # rare: some draws lie far from the pooled median
        medians = _drawn_medians(values, counts, 0, len(values) - 1)
    if np.isinf(medians).any():
        raise DrawnBeyond
    (low,), (high,) = np.concatenate(_percentiles_of_each(medians[None]), axis=1)
    return float(low), float(high)


def _drawn_medians(values: Floats, counts: Floats, first: int, last: int) -> Floats:
    """Return the median of each draw; infinite where it is not among values[first] to values[last]."""
    sides = np.column_stack([counts[:, :first].sum(axis=1), counts.sum(axis=1)])
    below, posts = _drawn_sums(sides)
    half = posts / 2
    up_to = below + np.cumsum(_drawn_sums(counts[:, first : last + 1]), axis=0)
    lower = (up_to < half).sum(axis=0)
    upper = (up_to <= half).sum(axis=0)
    inside = np.append(values[first : last + 1], np.inf)
    one, other = inside[lower], inside[upper]
    with np.errstate(invalid="ignore"):
        medians = np.where(np.isinf(one) | np.isinf(other), np.inf, (one + other) / 2)
    if first:
        medians = np.where(below >= half, -np.inf, medians)
    return np.where(half > 0, medians, np.nan)


def difference(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return first - second of two independent estimates (value, low, high), with Newcombe's hybrid interval."""
    (a, a_low, a_high), (b, b_low, b_high) = first, second
    gap = a - b
    return gap, gap - float(np.hypot(a - a_low, b_high - b)), gap + float(np.hypot(a_high - a, b - b_low))


@lru_cache(maxsize=64)
def _times_drawn(institutions: int) -> Floats:
    """Return how often each institution is in each draw: parts of TOGETHER draws, a row per institution."""
    chosen = np.random.default_rng(SEED).integers(0, institutions, (DRAWS, institutions))
    flat = (chosen + institutions * np.arange(DRAWS)[:, None]).ravel()
    counted = np.bincount(flat, minlength=DRAWS * institutions).astype(float)
    times = counted.reshape(DRAWS // TOGETHER, TOGETHER, institutions).transpose(0, 2, 1)
    return np.ascontiguousarray(times)


def _percentiles(drawn: Floats) -> Floats:
    """Return the bounds, two rows, of each row of draws."""
    low_high: Floats = np.percentile(drawn, [50 * (1 - LEVEL), 50 * (1 + LEVEL)], axis=1)
    return low_high


def _percentiles_of_each(drawn: Floats) -> list[Floats]:
    """Return the bounds row by row: of the draws that have a value, nan where none has."""
    rows = [row[~np.isnan(row)][None] for row in drawn]
    return [_percentiles(row) if row.size else np.full((2, 1), np.nan) for row in rows]
