from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.warehouse.conftest import code_at_random
from tests.warehouse.making import NOW, account_row, feed, iso, post, write_feed
from warehouse import (
    check,
    load_codings,
    load_feeds,
    load_languages,
    load_register,
    run,
    texts_without_language,
    units_to_code,
)
from warehouse.errors import QueryError, WarehouseError

RNG = random.Random(1)  # noqa: S311


def load(
    con: duckdb.DuckDBPyConnection, folder: Path, *posts: dict[str, object], crawl: str = "crawl-1"
) -> None:
    assert load_feeds(con, [write_feed(folder, feed("a", list(posts), crawl_id=crawl))]).refused == ()


def texts(con: duckdb.DuckDBPyConnection) -> list[str]:
    return sorted(text for batch in texts_without_language(con) for _, text in batch)


def test_a_language_is_asked_for_once_per_distinct_text(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(
        con,
        tmp_path,
        post("1", "a", text="Hallo"),
        post("2", "a", text="Hallo"),
        post("3", "a", text=None, title="Kop"),
    )
    load(con, tmp_path, post("4", "a", text=""), post("5", "a", text=None), crawl="crawl-2")
    assert texts(con) == ["Hallo", "Kop"]
    for batch in texts_without_language(con):
        load_languages(con, [(key, "nl" if text == "Hallo" else None) for key, text in batch])
    assert texts(con) == []
    load(
        con,
        tmp_path,
        post("6", "a", text="Hallo"),
        post("7", "a", text="Dag", transcript="Doei"),
        crawl="crawl-3",
    )
    assert texts(con) == ["Dag\nDoei"]
    found = con.execute("select post_id, language from posts order by 1").fetchall()
    assert found == [
        ("1", "nl"),
        ("2", "nl"),
        ("3", None),
        ("4", None),
        ("5", None),
        ("6", "nl"),
        ("7", None),
    ]


def test_alternative_text_has_no_say_in_the_language(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(con, tmp_path, post("1", "a", text="Hallo", alt_text="May be an image of a cat"))
    assert texts(con) == ["Hallo"]


def test_a_unit_has_all_that_a_coder_sees(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load_register(con, [account_row("School A", "mbo", "instagram", "a", run_by="students")])
    load(
        con,
        tmp_path,
        post("1", "a", text="Hoi", hashtags=["mbo"], coauthors=["b"]),
        post("2", "a", is_repost=True),
    )
    (units,) = units_to_code(con, "rules", "1")
    assert len(units) == 1
    unit = units.iloc[0]
    assert (unit["platform"], unit["post_id"], unit["text"], unit["title"]) == ("instagram", "1", "Hoi", None)
    assert [list(unit[name]) for name in ("hashtags", "mentions", "coauthors")] == [["mbo"], [], ["b"]]
    assert (unit["institution"], unit["level"], unit["run_by"]) == ("School A", "mbo", "students")


def test_units_come_in_batches_while_codings_go_in(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(con, tmp_path, *(post(str(number), "a") for number in range(5000)))
    sizes = []
    for units in units_to_code(con, "rules", "1", most=2048):
        load_codings(con, code_at_random(units, RNG))
        sizes.append(len(units))
    assert sum(sizes) == 5000
    assert len(sizes) > 1
    assert list(units_to_code(con, "rules", "1")) == []
    assert sum(map(len, units_to_code(con, "rules", "2"))) == 5000
    assert sum(map(len, units_to_code(con, "Anna", "1"))) == 5000
    assert [one.sentence for one in check(con) if one.violations] == []


def test_an_edited_post_is_coded_again_and_its_old_codings_no_longer_count(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load(con, tmp_path, post("1", "a", text="Open dag"))
    for units in units_to_code(con, "rules", "1"):
        load_codings(con, code_at_random(units, RNG))
    later = {"captured_at": "2026-11-21T00:00:00Z", "capture_id": "later"}
    load(con, tmp_path, post("1", "a", text="Banenmarkt") | later, crawl="crawl-2")
    assert con.execute("select count(*) from codings").fetchone() == (0,)
    (units,) = units_to_code(con, "rules", "1")
    assert units[["version", "text"]].to_numpy().tolist() == [[2, "Banenmarkt"]]
    load_codings(con, code_at_random(units, RNG))
    assert con.execute("select distinct version from codings").fetchall() == [(2,)]
    assert con.execute("select count(distinct version) from fact_coding").fetchone() == (2,)


def coding(
    key: int, code: str, coder: str = "rules", codebook: str = "1", **facts: object
) -> dict[str, object]:
    return {
        "post_key": key, "version": 1, "dimension": "theme", "code": code, "is_primary": True, "score": None,
        "coder": coder, "codebook_version": codebook, "evidence": None,
    } | facts  # fmt: skip


def test_coding_again_replaces_and_other_coders_stay(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(con, tmp_path, post("1", "a"))
    (key,) = con.execute("select post_key from dim_post").fetchone() or (0,)
    load_codings(con, pd.DataFrame([coding(key, "other"), coding(key, "programme", "Anna")]))
    load_codings(con, pd.DataFrame([coding(key, "open_day", score=2.5, evidence='{"rule": "r1"}')]))
    found = con.execute("select coder, code, score, evidence from codings order by 1").fetchall()
    assert found == [("Anna", "programme", None, None), ("rules", "open_day", 2.5, '{"rule": "r1"}')]
    coders = con.execute("select coder, codebook_version from dim_coder order by 1").fetchall()
    assert coders == [("Anna", "1"), ("rules", "1")]


def test_the_last_codebook_counts_unless_another_is_asked_for(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    load_register(con, [account_row("School A", "mbo", "instagram", "a")])
    load(con, tmp_path, post("1", "a"))
    (key,) = con.execute("select post_key from dim_post").fetchone() or (0,)
    for codebook, code in (("10", "other"), ("9", "open_day")):
        load_codings(con, pd.DataFrame([coding(key, code, codebook=codebook)]))
    load_codings(con, pd.DataFrame([coding(key, "programme", "Anna")]))
    assert run(con, "share_of_posts")["code"].tolist() == ["open_day"]
    assert run(con, "share_of_posts", codebook_version="10")["code"].tolist() == ["other"]
    assert run(con, "share_of_posts", coder="Anna")["code"].tolist() == ["programme"]
    with pytest.raises(QueryError, match="coder cannot be 'Bert'; known are rules, Anna"):
        run(con, "share_of_posts", coder="Bert")


@pytest.mark.parametrize(("primaries", "found"), [([False, False], 0), ([True, True], 2)])
def test_a_unit_needs_one_primary_theme(
    con: duckdb.DuckDBPyConnection, primaries: list[bool], found: int
) -> None:
    codings = [
        coding(7, code, is_primary=flag) for code, flag in zip(("other", "open_day"), primaries, strict=True)
    ]
    with pytest.raises(WarehouseError, match=f"unit 7 has {found} primary themes by rules; expected one"):
        load_codings(con, pd.DataFrame(codings))


def test_codings_that_lack_a_column_are_named(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(WarehouseError, match="codings lack coder, evidence; expected the columns"):
        load_codings(con, pd.DataFrame([coding(7, "other")]).drop(columns=["coder", "evidence"]))


def test_codings_go_in_whole_or_not_at_all(con: duckdb.DuckDBPyConnection) -> None:
    load_codings(con, pd.DataFrame([coding(7, "other")]))
    with pytest.raises(duckdb.Error):
        load_codings(con, pd.DataFrame([coding(7, "open_day", evidence="{broken")]))
    assert con.execute("select code from fact_coding").fetchall() == [("other",)]


def test_what_is_known_at_a_moment_is_in_the_history(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    load(con, tmp_path, post("1", "a", text="Toen"))
    load(
        con,
        tmp_path,
        post("1", "a", text="Nu", captured_at="2026-11-28T00:00:00Z", capture_id="2"),
        crawl="2",
    )
    then = con.execute(
        "select text from post_history where valid_from <= ? and (valid_to is null or valid_to > ?)",
        [NOW, NOW],
    ).fetchall()
    assert then == [("Toen",)]
    assert iso(NOW) == "2026-11-20T12:00:00Z"
