"""Corrected figures of every estimand: where all posts are coded by hand, they are those of the hand coding."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta

import duckdb
import numpy as np
import pytest

from tests.warehouse.conftest import MadeStudy, code_at_random
from tests.warehouse.making import NOW
from warehouse import load_codings, open_warehouse, run
from warehouse.correction import HandCoded, correct, correct_gap
from warehouse.sampling import find_population, load_sample

ESTIMANDS = [
    ("share_of_posts", ["level"], "share"),
    ("share_of_posts", ["sector"], "share"),
    ("share_primary", ["platform"], "share"),
    ("mean_institution_share", ["level"], "share"),
    ("promising_gap", [], "gap"),
    ("central_against_programme", [], "gap"),
    ("said_minus_done", [], "share"),
]


@pytest.fixture(scope="module")
def census(study: MadeStudy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Draw and settle every post of the made study, often otherwise than the rules coded it."""
    path = tmp_path_factory.mktemp("census") / "working.duckdb"
    shutil.copyfile(study.warehouse, path)
    with open_warehouse(path) as con:
        units = find_population(con)
        sizes = units.groupby("stratum")["post_key"].transform("size")
        facts = {"population": sizes, "drawn": sizes, "place": range(1, len(units) + 1)}
        sample = units.assign(**facts, coders=[["an"]] * len(units))
        load_sample(con, sample, sample="census", seed=1, at=NOW + timedelta(days=9))
        settled = code_at_random(units.assign(post_id=""), random.Random(8))  # noqa: S311
        load_codings(con, settled.assign(coder="settled"))
        yield con


@pytest.mark.parametrize(("name", "by", "figure"), ESTIMANDS)
def test_a_census_finds_what_the_hand_coding_says(
    census: duckdb.DuckDBPyConnection, name: str, by: list[str], figure: str
) -> None:
    keys = [*by, *(("level",) if name == "promising_gap" else ()), "code"]
    if name == "said_minus_done":
        keys = ["item", "level", "code"]
    raw = run(census, name, by=by)
    truth = run(census, name, by=by, coder="settled", codebook_version="1")
    assert set(truth["correction"]) == {"uncorrected"}
    both = raw.merge(truth[[*keys, figure]], on=keys, suffixes=("", "_true"))
    corrected = both[both["correction"] == "corrected"]
    assert len(corrected) > 3
    assert (corrected["n_coded"] >= 30).all()
    np.testing.assert_allclose(corrected["corrected"], corrected[f"{figure}_true"], atol=1e-9)
    assert (corrected[figure] - corrected["corrected"]).abs().max() > 0.005
    assert (corrected["corrected_low"] <= corrected["corrected"]).all()
    assert (corrected["corrected_high"] >= corrected["corrected"]).all()


def test_the_mean_of_one_institution_is_the_share_of_its_posts(census: duckdb.DuckDBPyConnection) -> None:
    columns = ["institution", "code", "corrected", "corrected_low", "corrected_high", "n_coded"]
    share, mean = (
        run(census, name, by=["institution"])[columns].sort_values(["institution", "code"])
        for name in ("share_of_posts", "mean_institution_share")
    )
    assert (mean["n_coded"] >= 30).any()
    np.testing.assert_allclose(mean.iloc[:, 2:], share.iloc[:, 2:], atol=1e-12)


def test_the_surveys_figure_is_set_against_the_corrected_share(census: duckdb.DuckDBPyConnection) -> None:
    for row in run(census, "said_minus_done").to_dict("records"):
        assert row["said_minus_corrected"] == pytest.approx(row["said"] - row["corrected"], abs=1e-12)
        assert (
            row["said_minus_corrected_low"] < row["said_minus_corrected"] < row["said_minus_corrected_high"]
        )


@pytest.mark.parametrize("name", ["share_of_institutions", "labour_market_subcodes"])
def test_what_cannot_be_corrected_says_so(census: duckdb.DuckDBPyConnection, name: str) -> None:
    found = run(census, name)
    assert set(found["correction"]) == {"uncorrected"}
    assert found["corrected"].isna().all()


@pytest.mark.parametrize(("name", "by", "figure"), ESTIMANDS)
def test_without_a_sample_all_is_uncorrected_in_so_many_words(
    study: MadeStudy, name: str, by: list[str], figure: str
) -> None:
    found = run(study.warehouse, name, by=by)
    assert found[figure].notna().any()
    assert set(found["correction"]) == {"uncorrected"}


def test_the_variance_of_a_gap_of_two_samples_that_share_nothing_is_the_sum_of_theirs() -> None:
    """Institutions that are on one side only make the two sides independent, but for the small-sample factor."""
    rng = np.random.default_rng(4)
    under = rng.integers(20, 80, 60).astype(float)
    over = rng.binomial(under.astype(int), 0.3).astype(float)
    first = np.arange(60) < 30
    nothing = HandCoded(
        cluster=np.zeros(1, dtype=np.int64),
        stratum=np.zeros(1, dtype=np.int64),
        weight=np.ones(1),
        over_error=np.zeros(1),
        under_error=np.zeros(1),
    )
    sides = [(np.where(side, over, 0), np.where(side, under, 0), nothing) for side in (first, ~first)]
    gap = correct_gap(*sides)
    own = [correct(over[side], under[side], nothing) for side in (first, ~first)]
    assert gap.share == pytest.approx(own[0].share - own[1].share, abs=1e-12)
    summed = np.hypot(own[0].standard_error, own[1].standard_error) * np.sqrt((59 / 60) / (29 / 30))
    assert gap.standard_error == pytest.approx(summed, abs=1e-12)
