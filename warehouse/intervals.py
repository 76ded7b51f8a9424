"""Intervals of shares: Wilson for one account, a bootstrap over institutions for whatever pools them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
Z = 1.959963984540054  # 97.5th percentile of the standard normal distribution
DRAWS = 2_000
SEED = 20_261_122

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
    times = _times_drawn(len(over))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = (times @ over.reshape(len(over), -1)) / (times @ under.reshape(len(under), -1))
    drawn = ratios[:, 0] if ratios.shape[1] == 1 else ratios[:, 0] - ratios[:, 1]
    return _percentiles(drawn)


def bootstrap_mean(values: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of the mean over institutions."""
    return bootstrap_ratio(values, np.ones(len(values)))


def bootstrap_median(values: Floats, counts: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of the median over posts, drawing institutions with replacement.

    `values` are the distinct values in order; `counts` has a row per institution: how many of its posts have each.
    """
    share = np.cumsum(counts.sum(axis=0)) / counts.sum()
    first, last = (int(np.searchsorted(share, bound)) for bound in (0.35, 0.65))
    medians = _drawn_medians(values, counts, first, last)
    if np.isinf(medians).any():  # rare: some draws lie far from the pooled median
        medians = _drawn_medians(values, counts, 0, len(values) - 1)
    return _percentiles(medians)


def _drawn_medians(values: Floats, counts: Floats, first: int, last: int) -> Floats:
    """Return the median of each draw; infinite where it is not among values[first] to values[last]."""
    times = _times_drawn(len(counts))
    below = times @ counts[:, :first].sum(axis=1)
    half = times @ counts.sum(axis=1) / 2
    up_to = below[:, None] + np.cumsum(times @ counts[:, first : last + 1], axis=1)
    lower = (up_to < half[:, None]).sum(axis=1)
    upper = (up_to <= half[:, None]).sum(axis=1)
    inside = np.append(values[first : last + 1], np.inf)
    medians = (inside[lower] + inside[upper]) / 2
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
    """Return how often each institution is in each draw: an array of DRAWS rows and a column per institution."""
    chosen = np.random.default_rng(SEED).integers(0, institutions, (DRAWS, institutions))
    flat = (chosen + institutions * np.arange(DRAWS)[:, None]).ravel()
    times: Floats = (
        np.bincount(flat, minlength=DRAWS * institutions).reshape(DRAWS, institutions).astype(float)
    )
    return times


def _percentiles(drawn: Floats) -> tuple[float, float]:
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return float("nan"), float("nan")
    low, high = np.percentile(drawn, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)
