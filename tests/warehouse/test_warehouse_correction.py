"""Corrected shares: against prediction-powered inference, a computation by hand, and simulated studies."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS

from bench.correction import CLASSIFIERS, SHARE, Classifier, ask, make_posts
from warehouse.correction import HandCoded, correct, correct_posts, student
from warehouse.intervals import wilson

PPI = (0.384, 0.28291555341521424, 0.4850844465847858)


def hand_coded(
    cluster: list[int], weight: list[float], error: list[float], under: list[float] | None = None
) -> HandCoded:
    return HandCoded(
        cluster=np.array(cluster),
        stratum=np.zeros(len(cluster), dtype=np.int64),
        weight=np.array(weight, dtype=float),
        over_error=np.array(error, dtype=float),
        under_error=np.array(under or [0] * len(error), dtype=float),
    )


def test_one_stratum_is_the_estimate_and_interval_of_ppi_python() -> None:
    """The figures are those of ppi_py 0.2.3: ppi_mean_ci(y, f, all_f, alpha=0.05, lam=1)."""
    labelled, total = 40, 1000
    y = np.array([float(k * 7 % 10 < 3) for k in range(labelled)])
    f = np.array([float((k * 7 % 10 < 3 and k % 5 > 0) or k % 13 == 0) for k in range(labelled)])
    all_f = np.array([float(k % 4 == 0 or k % 9 == 1) for k in range(total)])
    sample = hand_coded([0] * labelled, [total / labelled] * labelled, list(y - f))
    found = correct_posts(all_f.sum(), float(total), sample)
    assert found.share == pytest.approx(PPI[0], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(PPI[1:], abs=1e-9)


def test_a_perfect_classifier_keeps_the_share_and_a_perfect_sample_finds_the_truth() -> None:
    over, under = np.array([3.0, 5.0, 2.0]), np.array([30.0, 20.0, 10.0])
    kept = correct(over, under, hand_coded([0, 1, 2], [20.0, 20.0, 20.0], [0, 0, 0]))
    assert kept.share == pytest.approx(10 / 60, abs=1e-12)
    every = correct(
        over, under, hand_coded([0] * 30 + [1] * 20 + [2] * 10, [1.0] * 60, [1.0] * 6 + [0.0] * 54)
    )
    assert every.share == pytest.approx(16 / 60, abs=1e-12)


def without_each(over: np.ndarray, under: np.ndarray) -> float:
    """Return the jackknife's standard error of a ratio, by leaving out one at a time."""
    share = over.sum() / under.sum()
    left = [np.delete(over, one).sum() / np.delete(under, one).sum() - share for one in range(len(over))]
    return float(np.sqrt((len(over) - 1) / len(over) * np.sum(np.square(left))))


def test_without_errors_the_interval_is_that_of_a_ratio_over_institutions() -> None:
    over, under = np.array([3.0, 5.0, 2.0, 9.0]), np.array([30.0, 20.0, 10.0, 40.0])
    found = correct(over, under, hand_coded([0], [100.0], [0.0]))
    error = without_each(over, under)
    assert found.standard_error == pytest.approx(error, abs=1e-12)
    assert found.high - found.share >= stats.t.ppf(0.975, 3) * error - 1e-12


def test_a_coded_group_is_corrected_in_both_parts_of_its_share() -> None:
    over, under = np.array([4.0, 6.0]), np.array([20.0, 20.0])
    found = correct(over, under, hand_coded([0, 1, 1], [5.0, 5.0, 5.0], [1, 0, -1], [1, 1, -1]))
    assert found.share == pytest.approx((10 + 5 - 5) / (40 + 5 + 5 - 5), abs=1e-12)
    sample = hand_coded([0, 1, 2], [5.0, 5.0, 5.0], [1, 0, -1], [1, 1, -1])
    sample.stratum[:] = (0, 1, 2)  # nothing is saved by strata
    over, under = np.array([4.0, 6.0, 9.0]), np.array([20.0, 30.0, 25.0])
    error = without_each(over + np.array((5, 0, -5)), under + np.array((5, 5, -5)))
    assert correct(over, under, sample).standard_error == pytest.approx(error, abs=1e-12)


def test_an_institution_that_is_the_whole_group_has_no_error_and_none_to_itself() -> None:
    found = correct(np.array([4.0, 0.0]), np.array([20.0, 0.0]), hand_coded([0], [1.0], [0.0]))
    assert (found.share, found.standard_error) == pytest.approx((0.2, 0.0), abs=1e-12)


def test_one_institution_without_errors_is_nearly_wilson() -> None:
    found = correct(np.array([300.0]), np.array([2_000.0]), hand_coded([0] * 10, [200.0] * 10, [0.0] * 10))
    low, high = wilson(300, 2_000)
    assert (found.low, found.high) == pytest.approx((float(low), float(high)), abs=1e-3)


def test_students_quantile_is_that_of_scipy() -> None:
    for degrees in (1, 2, 3, 4, 7, 30, 99, 200):
        assert student(degrees) == pytest.approx(float(stats.t.ppf(0.975, degrees)), abs=1e-9)


@pytest.mark.parametrize("classifier", CLASSIFIERS[1:3], ids=lambda one: one.name)
def test_simulated_studies_hold_the_truth_and_the_raw_share_does_not(classifier: Classifier) -> None:
    rows = []
    for seed in range(80):
        posts = make_posts(np.random.default_rng(seed), classifier, 60)
        found = ask(posts, np.ones(len(posts.true), dtype=bool), 300, seed)
        rows.append(
            (
                found.raw - SHARE,
                found.corrected.share - SHARE,
                found.corrected.low <= SHARE <= found.corrected.high,
            )
        )
    raw, corrected, holds = np.array(rows).T
    assert abs(raw.mean()) > 0.03
    assert abs(corrected.mean()) < 0.01
    assert holds.mean() >= 0.88  # 80 studies; bench/correction.py counts 1,000


def test_the_error_over_institutions_is_statsmodels_jackknife_of_pseudo_outcomes() -> None:
    """Design-based supervised learning: regress f + (y - f) / p on a constant, again without each institution."""
    rng = np.random.default_rng(3)
    institution = np.repeat(np.arange(9), rng.integers(20, 60, 9))
    predicted, true = (rng.random((2, len(institution))) < 0.3).astype(float)
    chance = np.where(predicted == 1, 0.4, 0.1)
    drawn = rng.random(len(institution)) < chance
    outcome = predicted + (true - predicted) * drawn / chance
    sample = HandCoded(
        cluster=institution[drawn],
        stratum=np.arange(drawn.sum()),  # each drawn on its own: nothing is saved by strata
        weight=1 / chance[drawn],
        over_error=(true - predicted)[drawn],
        under_error=np.zeros(drawn.sum()),
    )
    found = correct(np.bincount(institution, predicted), np.bincount(institution).astype(float), sample)
    share, *without = (
        float(OLS(outcome[kept], np.ones(kept.sum())).fit().params[0])
        for kept in (institution >= 0, *(institution != one for one in range(9)))
    )
    assert found.share == pytest.approx(share, abs=1e-9)
    error = np.sqrt(8 / 9 * np.sum((np.array(without) - share) ** 2))
    assert found.standard_error == pytest.approx(error, abs=1e-9)


def test_of_institutions_of_one_size_it_is_statsmodels_robust_error_a_little_wider() -> None:
    """The jackknife adds n / (n - 1) to the sandwich, which finds too little variance between few institutions."""
    institution = np.repeat(np.arange(9), 30)
    predicted = (np.random.default_rng(5).random(len(institution)) < 0.3).astype(float)
    fitted = OLS(predicted, np.ones(len(predicted))).fit(
        cov_type="cluster", cov_kwds={"groups": institution, "use_correction": False}
    )
    found = correct(np.bincount(institution, predicted), np.full(9, 30.0), hand_coded([0], [1.0], [0.0]))
    assert found.standard_error == pytest.approx(float(fitted.bse[0]) * np.sqrt(9 / 8), abs=1e-9)
