"""What the benchmark sets named queries against has to be the same question: SQL by hand gives the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from bench.warehouse_scale import by_hand, compare, make, names_asked
from warehouse import connect_readonly, find_queries, run
from warehouse.intervals import bootstrap_median

VIEWS, STATEMENTS = by_hand()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Three hundred institutions on four platforms, twenty posts an account."""
    path = tmp_path_factory.mktemp("many") / "working.duckdb"
    make(path, 24_000, 1)
    with connect_readonly(path) as con:
        con.execute(VIEWS)
        yield con


def test_every_query_is_set_against_sql_by_hand() -> None:
    assert set(STATEMENTS) == set(find_queries())


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_sql_by_hand_gives_the_same_rows(many: duckdb.DuckDBPyConnection, name: str) -> None:
    hand = many.execute(STATEMENTS[name]).df()
    assert len(hand) > 0 or name == "vanished_posts"
    compare(run(many, name, by=names_asked(name)), hand)


def test_an_answer_that_differs_is_told(many: duckdb.DuckDBPyConnection) -> None:
    hand = many.execute(STATEMENTS["share_of_posts"]).df()
    hand.loc[3, "n_carrying"] += 1
    with pytest.raises(AssertionError):
        compare(run(many, "share_of_posts", by=["level", "platform"]), hand)


def test_medians_need_no_more_than_the_figures_around_the_middle(many: duckdb.DuckDBPyConnection) -> None:
    """The query as it is in the shell tells all figures apart; `run` gives the same intervals from those it needs."""
    text = (Path(__file__).parents[2] / "warehouse" / "queries" / "relative_engagement.sql").read_text(
        "utf-8"
    )
    every = {code: clusters for _, code, _, _, _, clusters in many.execute(text).fetchall()}
    rows = run(many, "relative_engagement").head(3)
    assert rows["method"].tolist() == ["bootstrap"] * 3
    for row in rows.itertuples():
        figures = pd.DataFrame(every[row.code]).pivot_table("posts", "member", "figure", "sum", fill_value=0)
        interval = bootstrap_median(figures.columns.to_numpy(float), figures.to_numpy(float))
        assert (row.low, row.high) == pytest.approx(interval, abs=1e-12)


def test_all_figures_are_asked_for_where_a_draw_needs_them(
    many: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(many, "relative_engagement", by=["level"])
    monkeypatch.setattr("warehouse.queries.MIDDLE", 0.001)
    pd.testing.assert_frame_equal(run(many, "relative_engagement", by=["level"]), expected)
