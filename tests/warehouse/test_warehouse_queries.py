"""Every query against a computation in pandas that starts from the records as written, not from the warehouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.warehouse.conftest import MadeStudy
from tests.warehouse.making import NOW, account_row, feed, iso, post, write_feed
from warehouse import find_queries, load_codings, load_feeds, load_register, open_warehouse, run
from warehouse.errors import QueryError
from warehouse.estimates import with_intervals
from warehouse.intervals import bootstrap_mean, bootstrap_ratio
from warehouse.marts import remake
from warehouse.queries import refuse_idle

BYS: list[list[str]] = [
    [],
    ["level"],
    ["platform", "level"],
    ["institution"],
    ["region", "media_type"],
    ["scope"],
    ["language"],
    ["month"],
    ["quarter", "level"],
    ["year"],
    ["week"],
    ["sector", "level"],
    ["audience"],
    ["account"],
]
ASKED: list[dict[str, Any]] = [
    {"where": {"platform": "tiktok"}},
    {"where": {"media_type": "video"}},
    {"where": {"language": "en"}},
    {"where": {"sector": "green"}},
    {"since": "2026-11-01"},
    {"until": "2026-03-01"},
    {"dimension": "sector"},
    {"code": "labour_market"},
    {"most": 1},
]
DUTCH = "Europe/Amsterdam"
PROMISING = {"mbo": {"health", "technology"}, "hbo": {"health", "technology", "education"}}
LESS = {"mbo": {"economics"}, "hbo": {"economics", "language_culture"}}


def with_groups(counted: pd.DataFrame, codings: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One row per post and group, with a column per name of `by`."""
    frame = counted.copy()
    precise = frame["posted_precision"]
    for name, code, vague in (
        ("week", "%G-W%V", ["unknown", "year", "month"]),
        ("month", "%Y-%m", ["unknown", "year"]),
        ("year", "%Y", ["unknown"]),
    ):
        if name in by:
            frame = frame[~precise.isin(vague)]
            frame[name] = frame["posted_at"].dt.tz_convert(DUTCH).dt.strftime(code)
    if "quarter" in by:
        frame = frame[~precise.isin(["unknown", "year"])]
        local = frame["posted_at"].dt.tz_convert(DUTCH)
        frame["quarter"] = [f"{moment.year}-Q{moment.quarter}" for moment in local]
    for name in ("sector", "audience"):
        if name in by:
            codes = codings[codings["dimension"] == name][["post_id", "code"]].rename(columns={"code": name})
            frame = frame.merge(codes, on="post_id", how="left").fillna({name: "none"})
    return frame


def clusters(
    counted: pd.DataFrame, codings: pd.DataFrame, by: list[str], *, primary: bool = False
) -> pd.DataFrame:
    """One row per group, institution and theme: posts, and posts that carry it."""
    frame = with_groups(counted, codings, by)
    keys = [*by, "institution"] if "institution" not in by else by
    posts = frame.groupby(keys).size().rename("n_posts").reset_index()
    themes = codings[codings["dimension"] == "theme"]
    carrying = frame.merge(themes[themes["is_primary"]] if primary else themes, on="post_id")
    hits = carrying.groupby([*keys, "code"]).size().rename("n_carrying").reset_index()
    # a code that occurs nowhere in the answer is not a row of it
    every = posts.merge(
        themes[themes["post_id"].isin(frame["post_id"])][["code"]].drop_duplicates(), how="cross"
    )
    return every.merge(hits, on=[*keys, "code"], how="left").fillna({"n_carrying": 0})


def expected_shares(
    cells: pd.DataFrame, by: list[str], share: Callable[[pd.DataFrame], float]
) -> pd.DataFrame:
    rows = []
    for key, group in cells.groupby([*by, "code"]):
        over, under = group["n_carrying"].to_numpy(float), group["n_posts"].to_numpy(float)
        few = "institution" not in by and "account" not in by and len(group) < 5
        rows.append(
            {
                **dict(zip([*by, "code"], key if isinstance(key, tuple) else (key,), strict=True)),
                "n_posts": under.sum(),
                "n_carrying": over.sum(),
                "n_institutions": len(group),
                "share": share(group),
                "over": over,
                "under": under,
                "too_few": under.sum() < 30 or few,
            }
        )
    return pd.DataFrame(rows)


def compare(found: pd.DataFrame, expected: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
    assert len(found) == len(expected) > 0
    both = found.merge(expected, on=[*by, "code"], suffixes=("", "_expected"), validate="one_to_one")
    assert len(both) == len(expected)
    for column in columns:
        np.testing.assert_allclose(
            both[column].astype(float),
            both[f"{column}_expected"].astype(float),
            rtol=0,
            atol=1e-12,
            err_msg=column,
        )
    return both


COUNTS = ["n_posts", "n_carrying", "n_institutions", "share", "too_few"]


def assert_interval(row: Mapping[Any, Any], method: str, interval: tuple[float, float]) -> None:
    """Find no interval where too little is counted, or all or none of several institutions' posts carry."""
    if row["too_few"] or (method == "bootstrap" and row.get("share") in (0, 1)):
        assert row["method"] == "none"
        assert np.isnan(row["low"]) and np.isnan(row["high"])
    else:
        assert row["method"] == method
        assert (row["low"], row["high"]) == pytest.approx(interval, abs=1e-9)


@pytest.mark.parametrize("by", BYS, ids="-".join)
@pytest.mark.parametrize("name", ["share_of_posts", "share_primary"])
def test_shares_are_those_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, name: str, by: list[str]
) -> None:
    cells = clusters(counted, study.codings, by, primary=name == "share_primary")
    expected = expected_shares(cells, by, lambda group: group["n_carrying"].sum() / group["n_posts"].sum())
    both = compare(run(study.warehouse, name, by=by), expected, by, COUNTS)
    for row in both.to_dict("records"):
        if row["n_institutions"] == 1:
            wilson = proportion_confint(row["n_carrying"], row["n_posts"], method="wilson")
            assert_interval(row, "wilson", wilson)
        else:
            assert_interval(row, "bootstrap", bootstrap_ratio(row["over"], row["under"]))


def test_primary_shares_add_up_to_one(study: MadeStudy) -> None:
    shares = run(study.warehouse, "share_primary", by=["level", "platform"])
    np.testing.assert_allclose(shares.groupby(["level", "platform"])["share"].sum(), 1)


@pytest.mark.parametrize("by", BYS[:8], ids="-".join)
def test_mean_institution_share_is_that_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    cells = clusters(counted, study.codings, by)
    expected = expected_shares(cells, by, lambda group: (group["n_carrying"] / group["n_posts"]).mean())
    both = compare(run(study.warehouse, "mean_institution_share", by=by), expected, by, COUNTS)
    for row in both[both["n_institutions"] > 1].to_dict("records"):
        assert_interval(row, "bootstrap", bootstrap_mean(row["over"] / row["under"]))


@pytest.mark.parametrize("by", [[], ["level"], ["level", "platform"], ["quarter"]], ids="-".join)
def test_share_of_institutions_is_that_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    """Only institutions whose accounts in the group were all seen completely count, posts or no posts."""
    outcomes = study.register.merge(
        study.outcomes[["platform", "account", "outcome"]], on=["platform", "account"]
    )
    own = [name for name in by if name in outcomes]
    whole = (
        outcomes.assign(seen=outcomes["outcome"] == "complete").groupby([*own, "institution"])["seen"].all()
    )
    seen = whole[whole].reset_index().drop(columns="seen")
    cells = clusters(counted, study.codings, by).merge(seen, on=[*own, "institution"])
    cells["carries"] = cells["n_carrying"] > 0
    expected = cells.groupby([*by, "code"], as_index=False).agg(
        n_posts=("n_posts", "sum"), n_institutions_carrying=("carries", "sum")
    )
    sizes = seen.groupby(own).size().rename("n_institutions").reset_index() if own else None
    expected = expected.merge(sizes, on=own) if own else expected.assign(n_institutions=len(seen))
    expected["share"] = expected["n_institutions_carrying"] / expected["n_institutions"]
    found = run(study.warehouse, "share_of_institutions", by=by)
    both = compare(found, expected, by, ["n_posts", "n_institutions_carrying", "n_institutions", "share"])
    for row in both.to_dict("records"):
        interval = proportion_confint(row["n_institutions_carrying"], row["n_institutions"], method="wilson")
        assert_interval(row, "wilson", interval)


def _gap(cells_a: pd.DataFrame, cells_b: pd.DataFrame, code: str) -> tuple[float, tuple[float, float]]:
    names = sorted(set(cells_a["institution"]) | set(cells_b["institution"]))
    columns = []
    for cells in (cells_a, cells_b):
        of_code = (
            cells[cells["code"] == code]
            .set_index("institution")
            .reindex(names)
            .fillna({"n_posts": 0, "n_carrying": 0})
        )
        columns.append((of_code["n_carrying"].to_numpy(float), of_code["n_posts"].to_numpy(float)))
    (over, under), (over_2, under_2) = columns
    gap = over.sum() / under.sum() - over_2.sum() / under_2.sum()
    return gap, bootstrap_ratio(np.column_stack([over, over_2]), np.column_stack([under, under_2]))


def test_promising_gap_is_that_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    sectors = study.codings[study.codings["dimension"] == "sector"]
    found = run(study.warehouse, "promising_gap").set_index(["level", "code"])
    for level in ("mbo", "hbo"):
        own = counted[counted["level"] == level]
        sides = [
            clusters(
                own[own["post_id"].isin(sectors[sectors["code"].isin(kind[level])]["post_id"])],
                study.codings,
                [],
            )
            for kind in (PROMISING, LESS)
        ]
        for code in ("labour_market", "programme"):
            gap, interval = _gap(*sides, code)
            row = found.loc[(level, code)]
            assert row["gap"] == pytest.approx(gap, abs=1e-12)
            assert_interval(row, "bootstrap", interval)
            assert row["gap"] == pytest.approx(row["share_promising"] - row["share_less_promising"])


def test_central_against_programme_is_that_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    sides = [
        clusters(counted[counted["scope"] == scope], study.codings, []) for scope in ("central", "programme")
    ]
    found = run(study.warehouse, "central_against_programme").set_index("code")
    gap, interval = _gap(*sides, "labour_market")
    row = found.loc["labour_market"]
    assert row["gap"] == pytest.approx(gap, abs=1e-12)
    assert_interval(row, "bootstrap", interval)


def test_a_gap_between_shares_of_nothing_has_no_interval(study: MadeStudy) -> None:
    """Drawing institutions none of whose posts carry a code finds 0 every time, which is no certainty."""
    rows = run(study.warehouse, "promising_gap", code="unheard_of").to_dict("records")
    assert len(rows) == 2
    for row in rows:
        assert (row["gap"], row["too_few"]) == (0, False)
        assert row["method"] == "none"
        assert np.isnan(row["low"]) and np.isnan(row["high"])


@pytest.mark.parametrize("by", [[], ["platform"]], ids="-".join)
def test_a_gap_needs_as_many_institutions_on_both_sides(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    """Three institutions whose shares happen to be alike give every draw the same share, which is no certainty."""
    sides = counted[counted["scope"] == "programme"].groupby(by or (lambda _: ""))["institution"].nunique()
    rows = run(study.warehouse, "central_against_programme", by=by).query("n_central > 0 and n_programme > 0")
    assert len(rows) > 0
    for row in rows.to_dict("records"):
        assert row["n_institutions"] >= 5 > sides[row["platform"] if by else ""] > 1
        assert row["n_central"] >= 30 and row["n_programme"] >= 30
        assert (row["too_few"], row["method"]) == (True, "none")
        assert np.isnan(row["low"]) and np.isnan(row["high"])


def test_said_minus_a_share_of_nothing_has_no_interval() -> None:
    asked = {"share": [0.0, 0.1], "said": [0.16, 0.16], "n_said": [68, 68], "n_posts": [400, 400]}
    lists = {"over_list": [[0.0] * 8, [5.0] * 7 + [4.0]], "under_list": [[50.0] * 8] * 2}
    frame = pd.DataFrame(asked | lists | {"n_institutions": [8, 8]})
    none, some = with_intervals("said_minus_done", frame).to_dict("records")
    assert (none["method"], some["method"]) == ("none", "bootstrap")
    assert np.isnan(none["difference_low"]) and np.isnan(none["difference_high"])
    assert some["difference_low"] < 0.16 - 0.1 < some["difference_high"]


def assert_gaps(found: pd.DataFrame, sides: list[pd.DataFrame], by: list[str]) -> None:
    """Raise AssertionError unless every gap of groups that have both sides is that of the cells of these."""
    keys = [*by, "code"]
    (over, under), (over_2, under_2) = (
        (sums["n_carrying"], sums["n_posts"]) for sums in (side.groupby(keys).sum() for side in sides)
    )
    expected = (over / under - over_2 / under_2).dropna().rename("gap")
    both = found.set_index(keys)["gap"].reindex(expected.index)
    assert len(expected) > 0
    pd.testing.assert_series_equal(both, expected, check_dtype=False, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "by", [["level"], ["sector"], ["platform", "audience"], ["month"], ["media_type"]], ids="-".join
)
def test_gaps_of_scope_in_groups_are_those_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    sides = [
        clusters(counted[counted["scope"] == scope], study.codings, by) for scope in ("central", "programme")
    ]
    assert_gaps(run(study.warehouse, "central_against_programme", by=by), sides, by)


@pytest.mark.parametrize("by", [["platform"], ["quarter"], ["language"]], ids="-".join)
def test_gaps_of_sectors_in_groups_are_those_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    sectors = study.codings[study.codings["dimension"] == "sector"][["post_id", "code"]]
    about = counted[["post_id", "level"]].merge(sectors, on="post_id")
    sides = []
    for kind in (PROMISING, LESS):
        is_kind = [code in kind[level] for level, code in zip(about["level"], about["code"], strict=True)]
        own = counted[counted["post_id"].isin(about[is_kind]["post_id"])]
        sides.append(clusters(own, study.codings, ["level", *by]))
    assert_gaps(run(study.warehouse, "promising_gap", by=by), sides, ["level", *by])


@pytest.mark.parametrize("by", [[], ["level"], ["platform"]], ids="-".join)
def test_relative_engagement_is_that_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    frame = counted[
        counted["like_count"].notna() & ~counted["posted_precision"].isin(["unknown", "year"])
    ].copy()
    frame["interactions"] = frame["like_count"] + frame["comment_count"] + frame["share_count"].fillna(0)
    frame["quarter"] = frame["posted_at"].dt.tz_convert(DUTCH).dt.tz_localize(None).dt.to_period("Q")
    usual = frame.groupby(["platform", "account", "quarter"])["interactions"].transform("median")
    frame = frame[usual > 0].assign(figure=(frame["interactions"] / usual).round(2))
    coded = frame.merge(study.codings[study.codings["dimension"] == "theme"], on="post_id")
    expected = coded.groupby([*by, "code"], as_index=False).agg(
        n_posts=("figure", "size"),
        n_institutions=("institution", "nunique"),
        median_relative_engagement=("figure", "median"),
    )
    found = run(study.warehouse, "relative_engagement", by=by)
    both = compare(found, expected, by, ["n_posts", "n_institutions", "median_relative_engagement"])
    assert (both["low"].isna() == both["too_few"]).all()
    pooled = both[~both["too_few"].astype(bool)]
    assert (pooled["low"] <= pooled["median_relative_engagement"]).all()
    assert (pooled["high"] >= pooled["median_relative_engagement"]).all()


def test_said_minus_done_sets_the_survey_against_the_same_level(study: MadeStudy) -> None:
    found = run(study.warehouse, "said_minus_done")
    total = run(study.warehouse, "share_of_posts").set_index("code")
    aims = found[(found["item"] == "figure 2.7") & (found["code"] == "labour_market")]
    assert sorted(aims["said"]) == [0.13, 0.16]
    for row in found.to_dict("records"):
        measured = total.loc[row["code"]]
        assert row["share"] == pytest.approx(measured["share"])
        assert (row["low"], row["high"]) == pytest.approx((measured["low"], measured["high"]))
        assert row["said_minus_done"] == pytest.approx(row["said"] - measured["share"])
        assert row["difference_low"] < row["said_minus_done"] < row["difference_high"]
    answers = found[found["item"] == "table 2.2"].set_index("code").loc["labour_market"]
    assert answers["said"] == pytest.approx(4 / 72)
    assert (answers["said_low"], answers["said_high"]) == pytest.approx(
        proportion_confint(4, 72, method="wilson")
    )


def test_said_minus_done_takes_the_levels_own_figure(
    con: duckdb.DuckDBPyConnection, study: MadeStudy, tmp_path: Path
) -> None:
    con.execute(f"attach '{study.warehouse}' as made (read_only)")
    for table in ("dim_post", "dim_account", "dim_institution", "fact_outcome", "fact_coding", "dim_coder"):
        con.execute(f"insert into {table} from made.{table}")
    con.execute(
        "insert into ref_survey values ('x', 'y', 'main aims', 'mbo', 'labour_market', 50, 'percent', 40)"
    )
    assert remake(con) == len(study.posts)
    found = run(con, "said_minus_done").set_index("source").loc["x"]
    by_level = run(con, "share_of_posts", by=["level"]).set_index(["level", "code"])
    assert found["share"] == pytest.approx(by_level.loc[("mbo", "labour_market"), "share"])


@pytest.mark.parametrize("by", [[], ["level"]], ids="-".join)
def test_labour_market_subcodes_are_those_of_pandas(
    study: MadeStudy, counted: pd.DataFrame, by: list[str]
) -> None:
    themes = study.codings[
        (study.codings["dimension"] == "theme") & (study.codings["code"] == "labour_market")
    ]
    subject = counted[counted["post_id"].isin(themes["post_id"])]
    codes = study.codings[study.codings["dimension"] == "labour"]
    hits = (
        subject.merge(codes, on="post_id")
        .groupby([*by, "code"], as_index=False)
        .agg(n_carrying=("post_id", "size"))
    )
    posts = subject.groupby(by).size().rename("n_posts").reset_index() if by else None
    expected = hits.merge(posts, on=by) if by else hits.assign(n_posts=len(subject))
    expected["share"] = expected["n_carrying"] / expected["n_posts"]
    compare(
        run(study.warehouse, "labour_market_subcodes", by=by),
        expected,
        by,
        ["n_posts", "n_carrying", "share"],
    )


@pytest.mark.parametrize(
    "since",
    [
        pd.Timestamp("2026-01-01 09:00"),
        pd.Timestamp("2025-12-31 23:30", tz="UTC"),
        datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
        date(2026, 1, 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("until", ["2026-06-30", pd.Timestamp("2026-06-30 23:00")], ids=str)
def test_a_moment_asks_for_its_day_in_the_netherlands(
    study: MadeStudy, since: date, until: date | str
) -> None:
    """Notebooks hold moments; a date and a moment cannot be compared, and 23:30 in London is another day here."""
    expected = run(study.warehouse, "counted", since="2026-01-01", until="2026-06-30")
    pd.testing.assert_frame_equal(run(study.warehouse, "counted", since=since, until=until), expected)


def test_one_name_to_group_by_needs_no_list(study: MadeStudy) -> None:
    expected = run(study.warehouse, "share_primary", by=["level"])
    pd.testing.assert_frame_equal(run(study.warehouse, "share_primary", by="level"), expected)


def test_no_example_posts_at_all_cannot_be_asked_for(study: MadeStudy) -> None:
    with pytest.raises(QueryError, match="most is 0; expected 1 or more"):
        run(study.warehouse, "example_posts", code="labour_market", most=0)


@pytest.mark.parametrize("dimension", ["theme", "labour"])
def test_one_subcode_can_be_asked_for(study: MadeStudy, dimension: str) -> None:
    every = run(study.warehouse, "labour_market_subcodes", by=["level"])
    code = str(every["code"].iloc[-1])
    found = run(study.warehouse, "labour_market_subcodes", by=["level"], code=code, dimension=dimension)
    pd.testing.assert_frame_equal(found, every[every["code"] == code].reset_index(drop=True))
    nowhere = run(study.warehouse, "labour_market_subcodes", code="unheard_of").to_dict("records")
    assert [(row["code"], row["n_carrying"], row["share"]) for row in nowhere] == [("unheard_of", 0, 0)]


@pytest.mark.parametrize(
    ("name", "asked", "problem"),
    [
        ("share_primary", {"dimension": "labour"}, "share_primary is about dimension 'theme' only"),
        ("said_minus_done", {"dimension": "sector"}, "said_minus_done is about dimension 'theme' only"),
        (
            "labour_market_subcodes",
            {"dimension": "sector"},
            "is about dimension 'labour' only; leave out 'sec",
        ),
        ("labour_market_subcodes", {"code": "labour_market"}, "is one of dimension 'theme', not of 'labour'"),
        ("comment_rate", {"code": "labour_market"}, "comment_rate tells nothing of codes; leave out 'labour"),
        ("posting_rate", {"code": "labour_market"}, "posting_rate tells nothing of codes"),
        ("counted", {"code": "labour_market"}, "counted tells nothing of codes"),
    ],
)
def test_what_an_answer_would_not_heed_is_refused(
    study: MadeStudy, name: str, asked: dict[str, str], problem: str
) -> None:
    """A figure of all posts would be read as one of those that carry the code, and 0 of no primary as a share."""
    with pytest.raises(QueryError, match=problem):
        run(study.warehouse, name, **asked)  # type: ignore[arg-type]


def test_co_occurrence_is_that_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    themes = study.codings[study.codings["dimension"] == "theme"]
    matrix = pd.crosstab(themes["post_id"], themes["code"]).reindex(counted["post_id"])
    both = matrix.T @ matrix
    found = run(study.warehouse, "co_occurrence").set_index(["code", "with_code"])
    assert len(found) == 30
    for (code, other), row in found.iterrows():
        assert row["n_both"] == both.loc[code, other]
        assert row["share"] == pytest.approx(both.loc[code, other] / both.loc[code, code])
        lift = both.loc[code, other] * len(counted) / (both.loc[code, code] * both.loc[other, other])
        assert row["lift"] == pytest.approx(lift)


def test_posting_rhythm_is_that_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    found = run(study.warehouse, "posting_rhythm").set_index(["part", "value"])["n_posts"]
    local = counted["posted_at"].dt.tz_convert(DUTCH)
    precise = counted["posted_precision"]
    expected = {
        "month": local[~precise.isin(["unknown", "year"])].dt.month,
        "weekday": local[precise.isin(["second", "day"])].dt.day_of_week + 1,
        "hour": local[precise == "second"].dt.hour,
    }
    for part, values in expected.items():
        assert found[part].to_dict() == values.value_counts().to_dict()


def test_posting_rate_is_that_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    dated = counted[~counted["posted_precision"].isin(["unknown", "year", "month"])]
    accounts = (
        dated.groupby(["level", "platform", "account"])["posted_at"].agg(["size", "min", "max"]).reset_index()
    )
    accounts = accounts[accounts["size"] > 1]
    accounts["weeks"] = (accounts["max"] - accounts["min"]).dt.total_seconds() / 604800
    accounts["rate"] = (accounts["size"] - 1) / accounts["weeks"]
    found = run(study.warehouse, "posting_rate", by=["level"]).set_index("level")
    for level, group in accounts.groupby("level"):
        row = found.loc[str(level)]
        assert (row["n_accounts"], row["n_posts"]) == (len(group), group["size"].sum())
        assert row["median_posts_per_week"] == pytest.approx(group["rate"].median())
        assert row["posts_per_week"] == pytest.approx((group["size"] - 1).sum() / group["weeks"].sum())


def test_comment_rate_is_that_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    found = run(study.warehouse, "comment_rate", by=["platform"]).set_index("platform")
    for platform, group in counted.groupby("platform"):
        row = found.loc[str(platform)]
        liked = group[group["like_count"].notna()]
        assert row["share"] == pytest.approx((group["comment_count"] > 0).mean())
        assert row["median_comments"] == group["comment_count"].median()
        rate = 100 * liked["comment_count"].sum() / liked["like_count"].sum()
        assert row["comments_per_100_likes"] == pytest.approx(rate)


def test_platform_presence_is_that_of_the_register(study: MadeStudy) -> None:
    found = run(study.warehouse, "platform_presence").set_index(["level", "platform"])
    register = study.register
    for level, group in register.groupby("level"):
        for platform in ("instagram", "youtube", "linkedin"):
            n = group[group["platform"] == platform]["institution"].nunique()
            assert found.loc[(level, platform), "n_present"] == n
            assert found.loc[(level, platform), "share"] == n / group["institution"].nunique()
    assert found.loc[("mbo", "linkedin"), "said"] == pytest.approx(0.81)
    assert found.loc[("mbo", "facebook"), "n_present"] == 0


def test_most_recent_posts_are_those_of_pandas(study: MadeStudy, counted: pd.DataFrame) -> None:
    themes = study.codings[study.codings["dimension"] == "theme"]
    dated = counted.dropna(subset=["posted_at"]).merge(themes[["post_id", "code"]], on="post_id")
    expected = dated.groupby(["institution", "code"])["posted_at"].max()
    found = run(study.warehouse, "most_recent_posts").set_index(["institution", "code"])
    assert len(found) == len(expected) > 20
    for key, row in found.iterrows():
        assert row["posted_at"] == expected.loc[key]
        mine = dated[(dated["post_id"] == row["post_id"]) & (dated["code"] == key[1])]  # type: ignore[index]
        assert len(mine) == 1


def test_crawls_are_those_of_the_headers(study: MadeStudy) -> None:
    found = run(study.warehouse, "crawls").set_index("platform")
    visits = study.outcomes.groupby("platform")
    assert found["n_accounts"].to_dict() == visits["account"].nunique().to_dict()
    assert set(found["crawl_id"]) == {"crawl-1"} and set(found["route"]) == {"browser"}
    ended = pd.to_datetime(visits["ended_at"].max(), utc=True)
    assert (found["ended_at"].dt.tz_convert("UTC") == ended.reindex(found.index)).all()


def test_a_crawl_is_told_by_the_routes_that_its_visits_ended_on(tmp_path: Path) -> None:
    feeds = [
        feed("own", [], outcome="empty", route="posts_api", legal_ground=""),
        feed("other", [], outcome="partial", route="guest", legal_ground="a decision"),
        feed("nobody", [], outcome="skipped", route="", legal_ground=""),
    ]
    for header, *_ in feeds:
        header |= {"route": "posts_api", "legal_ground": "a decision"}
    with open_warehouse(tmp_path / "w.duckdb") as con:
        assert load_feeds(con, [write_feed(tmp_path, records) for records in feeds]).refused == ()
        found = run(con, "crawls")
    told = found[["route", "legal_ground", "n_accounts"]].itertuples(index=False, name=None)
    assert sorted(told) == [("guest", "a decision", 1), ("posts_api", "", 2)]


def test_coders_count_the_posts_they_coded(study: MadeStudy) -> None:
    found = run(study.warehouse, "coders").iloc[0]
    primary = study.codings[(study.codings["dimension"] == "theme") & study.codings["is_primary"]]
    assert (found["coder"], found["codebook_version"], found["n_posts"]) == ("rules", "1", len(primary))


def test_the_survey_is_the_file_of_published_figures(study: MadeStudy) -> None:
    file = pd.read_csv(Path(__file__).parents[2] / "warehouse" / "facts" / "survey_benchmark.csv")
    keys = ["source", "item", "question", "level", "answer"]
    found = run(study.warehouse, "survey")
    both = found.merge(file, on=keys, suffixes=("", "_file"), validate="one_to_one")
    assert len(both) == len(found) == len(file)
    assert (both["value"] == both["value_file"]).all()


def test_every_named_query_is_set_against_pandas_here() -> None:
    here = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in find_queries() if f'"{name}"' not in here] == []


def test_accounts_left_out_are_named_with_why(study: MadeStudy, counted: pd.DataFrame) -> None:
    found = run(study.warehouse, "share_of_posts", by=["level"])
    wrong = study.outcomes[~study.outcomes["outcome"].isin(["complete", "empty"])]
    expected = set(zip(wrong["platform"], wrong["account"], wrong["outcome"], strict=True))
    named = {(row["platform"], row["account"], row["why_left_out"]) for row in found.attrs["left_out"]}
    assert named == expected
    assert len(run(study.warehouse, "left_out")) == len(expected)
    everything = run(study.warehouse, "share_of_posts", coverage="all")
    assert everything.attrs["left_out"] == []
    assert everything["n_posts"].iloc[0] == (~study.posts["is_repost"].astype(bool)).sum() > len(counted)


def test_counted_says_what_the_figures_stand_on(study: MadeStudy, counted: pd.DataFrame) -> None:
    row = run(study.warehouse, "counted").iloc[0]
    assert (row["n_posts"], row["n_posts_coded"]) == (len(counted), len(counted))
    assert row["n_posts_undated"] == counted["posted_at"].isna().sum()
    assert row["n_reposts"] == study.posts["is_repost"].sum()
    assert row["n_institutions"] == counted["institution"].nunique()


def test_coverage_has_a_row_per_account_asked_for(study: MadeStudy) -> None:
    found = run(study.warehouse, "coverage").set_index("account")["outcome"]
    assert found.to_dict() == study.outcomes.set_index("account")["outcome"].to_dict()
    ended = run(study.warehouse, "outcomes").set_index("outcome")["n_accounts"]
    assert ended.to_dict() == study.outcomes["outcome"].value_counts().to_dict()


@pytest.mark.parametrize(
    ("question", "keeps"),
    [
        ({"since": "2026-01-01"}, lambda frame: frame["posted_at"] >= pd.Timestamp("2026-01-01", tz=DUTCH)),
        ({"until": "2026-01-31"}, lambda frame: frame["posted_at"] < pd.Timestamp("2026-02-01", tz=DUTCH)),
        ({"where": {"platform": "tiktok"}}, lambda frame: frame["platform"] == "tiktok"),
        (
            {"where": {"platform": ["tiktok", "youtube"], "level": "mbo"}},
            lambda frame: frame["platform"].isin(["tiktok", "youtube"]) & (frame["level"] == "mbo"),
        ),
        ({"where": {"media_type": "short"}}, lambda frame: frame["media_type"] == "short"),
        ({"where": {"language": "en"}}, lambda frame: frame["language"] == "en"),
    ],
)
def test_what_is_asked_is_what_counts(
    study: MadeStudy,
    counted: pd.DataFrame,
    question: dict[str, Any],
    keeps: Callable[[pd.DataFrame], pd.Series],
) -> None:
    kept = counted[keeps(counted)]
    expected = expected_shares(
        clusters(kept, study.codings, []),
        [],
        lambda group: group["n_carrying"].sum() / group["n_posts"].sum(),
    )
    compare(run(study.warehouse, "share_of_posts", **question), expected, [], COUNTS)


def test_a_post_about_two_kept_sectors_counts_once(study: MadeStudy, counted: pd.DataFrame) -> None:
    sectors = study.codings[
        (study.codings["dimension"] == "sector") & study.codings["code"].isin(["health", "green"])
    ]
    kept = counted[counted["post_id"].isin(sectors["post_id"])]
    found = run(study.warehouse, "share_of_posts", where={"sector": ["health", "green"]})
    assert set(found["n_posts"]) == {len(kept)}


@pytest.mark.parametrize("name", ["programme", "language", "type", "sector", "audience"])
def test_a_group_without_a_value_is_kept_by_the_name_it_is_shown_by(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
) -> None:
    load_register(con, [account_row("School A", "mbo", "instagram", "a", type="")])
    load_feeds(con, [write_feed(tmp_path, feed("a", [post("1", "a")]))])
    keys = con.execute("select post_key, version from dim_post").df()
    facts = {"dimension": "theme", "code": "other", "is_primary": True, "score": None, "evidence": None}
    load_codings(con, keys.assign(**facts, coder="rules", codebook_version="1"))
    (shown,) = run(con, "share_of_posts", by=[name])[name]
    assert shown in ("none", "unknown")
    assert run(con, "share_of_posts", where={name: shown})["n_posts"].tolist() == [1]
    assert run(con, "share_of_posts", by=[name], where={name: shown})["n_posts"].tolist() == [1]


def test_coverage_is_kept_by_every_name_of_an_account(study: MadeStudy) -> None:
    found = run(study.warehouse, "coverage", where={"type": "roc"})
    assert len(found) == (study.register["type"] == "roc").sum() < len(study.register)


def test_one_code_and_another_dimension_can_be_asked_for(study: MadeStudy, counted: pd.DataFrame) -> None:
    found = run(study.warehouse, "share_of_posts", code="labour_market", by=["level"])
    assert set(found["code"]) == {"labour_market"}
    audience = run(study.warehouse, "share_of_posts", dimension="audience").set_index("code")
    codes = study.codings[
        (study.codings["dimension"] == "audience") & study.codings["post_id"].isin(counted["post_id"])
    ]
    assert audience["n_carrying"].to_dict() == codes["code"].value_counts().to_dict()
    assert set(audience["n_posts"]) == {len(counted)}
    nowhere = run(study.warehouse, "share_of_posts", code="no_such_code").iloc[0]
    assert (nowhere["n_carrying"], nowhere["share"]) == (0, 0)


def test_example_posts_come_from_different_institutions_first(study: MadeStudy) -> None:
    found = run(study.warehouse, "example_posts", code="labour_market", most=8)
    assert len(found) == 8
    assert found["institution"].nunique() == 8
    carrying = study.codings[
        (study.codings["dimension"] == "theme") & (study.codings["code"] == "labour_market")
    ]
    assert set(found["post_id"]) <= set(carrying["post_id"])
    assert set(found["evidence"]) == {'[{"rule": "made"}]'}
    pd.testing.assert_frame_equal(found, run(study.warehouse, "example_posts", code="labour_market", most=8))


@pytest.fixture
def changed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """Load an account seen twice: one post edited, one new, one told to have vanished, two out of reach."""
    later = NOW + timedelta(days=7)
    seen = {"captured_at": iso(later), "capture_id": "second"}
    old = iso(NOW - timedelta(days=400))
    undated = {"posted_at": None, "posted_precision": "unknown", "posted_source": "unknown"}
    first = [post(str(n), "a", text=f"Tekst {n}") for n in range(1, 5)]
    first += [post("old", "a", posted_at=old), post("undated", "a", **undated)]
    second = [post(str(n), "a", text=f"Tekst {n}") | seen for n in (1, 2)]
    second += [post("4", "a", text="Anders") | seen, post("new", "a", posted_at=iso(later)) | seen]
    second.append(
        {
            "record": "vanished",
            "platform": "instagram",
            "account": "a",
            "post_id": "3",
            "last_seen_at": iso(NOW),
        }
    )
    window = {"window_since": iso(NOW - timedelta(days=100))}
    paths = [
        write_feed(tmp_path, feed("a", first)),
        write_feed(
            tmp_path, feed("a", second, crawl_id="crawl-2", started_at=later - timedelta(minutes=1), **window)
        ),
    ]
    load_register(con, [account_row("School A", "mbo", "instagram", "a")])
    assert load_feeds(con, paths).refused == ()
    return con


def test_new_edited_and_vanished_posts_since_the_last_crawl(changed: duckdb.DuckDBPyConnection) -> None:
    row = run(changed, "changes_since_last_crawl").iloc[0]
    assert (row["n_posts"], row["n_new"], row["n_edited"], row["n_vanished"]) == (7, 1, 1, 1)
    assert (row["outcome_before"], row["outcome"]) == ("complete", "complete")
    assert run(changed, "vanished_posts")["post_id"].tolist() == ["3"]


def test_a_post_that_is_seen_again_has_not_vanished(
    changed: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    later = NOW + timedelta(days=14)
    again = post("3", "a", text="Tekst 3", capture_id="third", captured_at=iso(later))
    path = write_feed(tmp_path, feed("a", [again], crawl_id="crawl-3", started_at=later))
    assert load_feeds(changed, [path]).refused == ()
    assert run(changed, "vanished_posts").empty
    assert run(changed, "changes_since_last_crawl")["n_vanished"].tolist() == [0]


def test_what_a_short_visit_did_not_ask_for_has_not_vanished(
    changed: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """An incremental visit is complete though it stops at what is known; coverage counts what is known."""
    later = NOW + timedelta(days=14)
    newest = post("5", "a", posted_at=iso(later), capture_id="third", captured_at=iso(later))
    records = feed("a", [newest], crawl_id="crawl-3", started_at=later, posts_reported=8)
    assert load_feeds(changed, [write_feed(tmp_path, records)]).refused == ()
    row = run(changed, "changes_since_last_crawl").iloc[0]
    assert (row["n_new"], row["n_edited"], row["n_vanished"]) == (1, 0, 0)
    assert run(changed, "vanished_posts")["post_id"].tolist() == ["3"]
    row = run(changed, "coverage").iloc[0]
    assert (row["posts_collected"], row["posts_known"], row["coverage"]) == (1, 7, 7 / 8)


def test_accounts_outside_the_register_count_in_the_total_only(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load_register(con, [account_row("School A", "mbo", "instagram", "a")])
    for account in ("a", "z"):
        load_feeds(con, [write_feed(tmp_path, feed(account, [post(account, account)]))])
    keys = con.execute("select distinct post_key, version from dim_post").df()
    codings = keys.assign(
        dimension="theme",
        code="other",
        is_primary=True,
        score=None,
        coder="rules",
        codebook_version="1",
        evidence=None,
    )
    load_codings(con, codings)
    assert run(con, "share_of_posts")[["n_posts", "n_institutions"]].to_numpy().tolist() == [[2, 2]]
    assert run(con, "share_of_posts", by=["platform"])["n_posts"].tolist() == [1]
    assert run(con, "share_of_posts", by=["level"])["level"].tolist() == ["mbo"]


def test_a_post_that_turns_out_to_be_a_repost_counts_no_longer(
    changed: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    keys = changed.execute("select post_key, version from dim_post where is_current").df()
    facts = {"dimension": "theme", "code": "other", "is_primary": True, "score": None, "evidence": None}
    load_codings(changed, keys.assign(**facts, coder="rules", codebook_version="1"))
    assert run(changed, "share_of_posts")["n_posts"].tolist() == [7]
    shared = post(
        "1", "a", text="Tekst 1", is_repost=True, capture_id="third", captured_at=iso(NOW + timedelta(days=9))
    )
    load_feeds(
        changed,
        [write_feed(tmp_path, feed("a", [shared], crawl_id="crawl-3", started_at=NOW + timedelta(days=8)))],
    )
    assert run(changed, "share_of_posts")["n_posts"].tolist() == [6]


@pytest.mark.parametrize(
    ("name", "question", "sentence"),
    [
        ("share_of_post", {}, "there is no query 'share_of_post'; the nearest is 'share_of_posts'"),
        (
            "share_of_posts",
            {"by": ["platfrom"]},
            "cannot be grouped by 'platfrom'; the nearest is 'platform'",
        ),
        ("share_of_posts", {"by": ["week", "month"]}, "by is week, month; expected one period at most"),
        ("share_of_posts", {"since": "1 mei"}, "since is '1 mei'; expected a date as 2026-09-01"),
        ("share_of_posts", {"where": {"lvl": "mbo"}}, "where cannot be 'lvl'; the nearest is 'level'"),
        ("share_of_posts", {"dimension": "themes"}, "dimension cannot be 'themes'; the nearest is 'theme'"),
        ("share_of_posts", {"coverage": "some"}, "coverage cannot be 'some'"),
        ("coverage", {"by": ["level"]}, "coverage is not grouped by anything"),
        (
            "share_of_posts",
            {"since": "2026-09-02", "until": "2026-09-01"},
            "until is 2026-09-01; expected a day not before since, 2026-09-02",
        ),
        (
            "share_of_posts",
            {"code": "labor_market"},
            "code cannot be 'labor_market'; the nearest is 'labour_market'",
        ),
        ("share_of_posts", {"code": "salary"}, "code 'salary' is one of dimension 'labour', not of 'theme'"),
        ("share_of_posts", {"coder": "anna"}, "coder cannot be 'anna'; known are rules"),
        ("share_of_posts", {"codebook_version": "9"}, "codebook_version cannot be '9'; known are 1"),
        (
            "share_of_posts",
            {"where": {"platform": ["tiktok", "instgram"]}},
            "where platform cannot be 'instgram'; the nearest is 'instagram'",
        ),
        (
            "share_of_posts",
            {"where": {"sector": "helth"}},
            "where sector cannot be 'helth'; the nearest is 'health'",
        ),
        ("share_of_posts", {"where": {"language": "xx"}}, "where language cannot be 'xx'"),
        ("crawls", {"where": {"platform": "tiktok"}}, "crawls tells of all there is; leave out where"),
        ("coverage", {"where": {"institution": ""}}, "where institution cannot be ''"),
        (
            "coverage",
            {"where": {"sector": "health"}},
            "coverage does not look at sector; where may be one of level, ",
        ),
        ("posting_rate", {"where": {"audience": "none"}}, "posting_rate does not look at audience"),
    ],
)
def test_what_is_not_known_gets_the_nearest_known(
    study: MadeStudy, name: str, question: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(QueryError) as raised:
        run(study.warehouse, name, **question)
    assert sentence in str(raised.value)


def test_every_query_introduces_itself_and_runs_in_a_plain_session(study: MadeStudy) -> None:
    """As an analyst would in the DuckDB shell: attach, use, set a variable, run the file."""
    for name, query in find_queries().items():
        assert query.question.endswith("?"), name
        assert query.grain.startswith(("one row", "One row")), name
        text = (Path(__file__).parents[2] / "warehouse" / "queries" / f"{name}.sql").read_text(
            encoding="utf-8"
        )
        with duckdb.connect() as shell:
            shell.execute(
                f"attach '{study.warehouse}' as w (read_only); use w; set variable by_names = ['level']"
            )
            shell.execute(text).fetchall()


def test_no_query_passes_over_what_it_is_asked(study: MadeStudy) -> None:
    """An answer about some of the posts is another one, or the question is refused."""
    with pytest.raises(
        QueryError, match="there is no query 'share_of_post'; the nearest is 'share_of_posts'"
    ):
        refuse_idle("share_of_post", most=3)
    refused: set[tuple[str, ...]] = set()
    for name in find_queries():
        everything = run(study.warehouse, name)
        for asked in ASKED:
            try:
                refuse_idle(name, **asked)
                some = run(study.warehouse, name, **asked)
            except QueryError as error:
                assert re.search("does not look at|leave out|not of 'labour'", str(error))
                refused.add((name, *asked))
            else:
                assert not some.equals(everything) or everything.empty, (name, asked)
    assert {
        ("coverage", "where"),
        ("posting_rate", "code"),
        ("outcomes", "since"),
        ("counted", "most"),
    } <= refused
    assert {name for name, what in refused if what != "most"}.isdisjoint(("share_of_posts", "example_posts"))


def test_every_query_answers_whatever_it_can_be_grouped_by(study: MadeStudy) -> None:
    for name, query in find_queries().items():
        for by in query.by:
            frame = run(study.warehouse, name, by=[by])
            assert by in frame.columns, (name, by)
            assert frame.columns.is_unique, (name, by)


def test_a_question_leaves_nothing_behind(study: MadeStudy, con: duckdb.DuckDBPyConnection) -> None:
    run(con, "share_of_posts", by=["level"], where={"platform": "tiktok"})
    assert con.execute("select getvariable('by_names'), getvariable('keep')").fetchone() == (None, None)


def test_an_empty_warehouse_answers_with_no_rows(con: duckdb.DuckDBPyConnection) -> None:
    for name, query in find_queries().items():
        frame = run(con, name, by=query.by[:1])
        assert len(frame) == {"counted": 1, "survey": 32}.get(name, 0), name
