from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from warehouse.intervals import (
    DRAWS,
    SEED,
    DrawnBeyond,
    bootstrap_mean,
    bootstrap_median,
    bootstrap_ratio,
    difference,
    wilson,
)


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (10, 10), (4, 72), (1, 1), (13, 112), (5000, 12345)])
def test_wilson_is_that_of_statsmodels(hits: int, n: int) -> None:
    expected = proportion_confint(hits, n, alpha=0.05, method="wilson")
    assert wilson(hits, n) == pytest.approx(expected, abs=1e-9)


def test_wilson_of_nothing_is_unknown() -> None:
    low, high = wilson([0, 1], [0, 2])
    assert np.isnan(low[0]) and np.isnan(high[0])
    assert not np.isnan(low[1])


def test_newcombe_difference_is_that_of_statsmodels() -> None:
    first = (20 / 60, *map(float, wilson(20, 60)))
    second = (9 / 80, *map(float, wilson(9, 80)))
    expected = confint_proportions_2indep(20, 60, 9, 80, method="newcomb", compare="diff")
    assert difference(first, second)[1:] == pytest.approx(expected, abs=1e-9)


def _clusters(seed: int, institutions: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    under = rng.integers(5, 300, institutions).astype(float)
    return np.round(under * rng.uniform(0, 0.4, institutions)), under


@pytest.mark.parametrize("institutions", [2, 7, 60])
def test_ratio_bootstrap_is_that_of_scipy_with_the_same_draws(institutions: int) -> None:
    over, under = _clusters(3, institutions)
    expected = stats.bootstrap(
        (over, under),
        lambda over, under, axis: over.sum(axis) / under.sum(axis),
        paired=True,
        n_resamples=DRAWS,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    assert bootstrap_ratio(over, under) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_mean_bootstrap_is_that_of_scipy_with_the_same_draws() -> None:
    over, under = _clusters(4, 25)
    expected = stats.bootstrap(
        (over / under,), np.mean, n_resamples=DRAWS, method="percentile", rng=np.random.default_rng(SEED)
    ).confidence_interval
    assert bootstrap_mean(over / under) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_gap_bootstrap_draws_both_sides_of_an_institution_together() -> None:
    (over, under), (over_2, under_2) = _clusters(5, 30), _clusters(6, 30)
    expected = stats.bootstrap(
        (over, under, over_2, under_2),
        lambda a, b, c, d, axis: a.sum(axis) / b.sum(axis) - c.sum(axis) / d.sum(axis),
        paired=True,
        n_resamples=DRAWS,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    found = bootstrap_ratio(np.column_stack([over, over_2]), np.column_stack([under, under_2]))
    assert found == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_median_bootstrap_pools_the_posts_of_the_institutions_drawn() -> None:
    rng = np.random.default_rng(8)
    posts = [np.round(rng.lognormal(0, 1, rng.integers(1, 9)), 2) for _ in range(12)]
    values = np.unique(np.concatenate(posts))
    counts = np.array([[np.sum(own == value) for value in values] for own in posts], dtype=float)
    drawn = np.random.default_rng(SEED).integers(0, len(posts), (DRAWS, len(posts)))
    medians = [np.median(np.concatenate([posts[number] for number in draw])) for draw in drawn]
    assert bootstrap_median(values, counts) == pytest.approx(np.percentile(medians, [2.5, 97.5]), abs=1e-9)


def test_median_bootstrap_needs_only_the_values_that_draws_reach() -> None:
    rng = np.random.default_rng(9)
    values, counts = np.arange(41) / 10, rng.integers(0, 9, (60, 41)).astype(float)
    beyond = np.column_stack([counts[:, :12].sum(axis=1), counts[:, 12:29], counts[:, 29:].sum(axis=1)])
    near = np.concatenate([[-np.inf], values[12:29], [np.inf]])
    assert bootstrap_median(near, beyond) == bootstrap_median(values, counts)
    with pytest.raises(DrawnBeyond):
        bootstrap_median(
            np.array([-np.inf, values[20], np.inf]),
            np.column_stack([counts[:, :20].sum(axis=1), counts[:, 20], counts[:, 21:].sum(axis=1)]),
        )


def test_intervals_are_the_same_every_time() -> None:
    over, under = _clusters(9, 40)
    assert bootstrap_ratio(over, under) == bootstrap_ratio(over.copy(), under.copy())
