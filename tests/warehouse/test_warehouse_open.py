from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.making import NOW, feed, post, write_feed
from warehouse import check, connect_readonly, load_feeds, open_warehouse, publish
from warehouse.db import digest, migrate, sql, sql_names
from warehouse.errors import WarehouseError


def test_a_new_warehouse_has_every_schema_file_once(con: duckdb.DuckDBPyConnection) -> None:
    seen = con.execute("select file from meta_schema where file <> 'facts' order by file").fetchall()
    expected = [name for name in sql_names("schema") if name != "000_ledger.sql"]
    expected += [f"repeatable/{name}" for name in sql_names("schema/repeatable")]
    assert [file for (file,) in seen] == sorted(expected)
    assert migrate(con) == []


def test_a_released_schema_file_that_was_changed_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update meta_schema set sha256 = 'other' where file = '001_tables.sql'")
    with pytest.raises(WarehouseError, match=r"schema/001_tables.sql differs"):
        migrate(con)


def test_a_warehouse_of_a_newer_uitzicht_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into meta_schema values ('999_future.sql', 'x', now())")
    with pytest.raises(WarehouseError, match=r"newer Uitzicht \(it knows 999_future.sql"):
        migrate(con)


def test_changed_views_are_made_again(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "drop view coverage; update meta_schema set sha256 = 'old' where file = 'repeatable/20_views.sql'"
    )
    assert "repeatable/20_views.sql" in migrate(con)
    assert con.execute("select count(*) from coverage").fetchone() == (0,)


def test_a_schema_file_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> str:
        return sql(name) + ("select no_such_thing();" if name == "schema/001_tables.sql" else "")

    monkeypatch.setattr("warehouse.db.sql", broken)
    with pytest.raises(duckdb.Error):
        open_warehouse(tmp_path / "w.duckdb")
    monkeypatch.undo()
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        tables = con.execute("select table_name from duckdb_tables()").fetchall()
    assert tables == [("meta_schema",)]
    open_warehouse(tmp_path / "w.duckdb").close()


RELEASED = [name for name in sql_names("schema") if name != "000_ledger.sql"]
KNOWN = """
    insert into dim_account by name
    select key_of('youtube' || chr(31) || 'a') as account_key, 1 as version, 'youtube' as platform, 'a' as account,
        timestamptz '2026-11-11 00:00:00+00' as valid_from, true as is_current;
    insert into dim_account_alias select platform, account, account_key from dim_account;
    insert into dim_capture by name
    select 1 as capture_key, 'c' as capture_id, 'youtube' as platform, valid_from as captured_at from dim_account;
    insert into dim_post by name
    select key_of('youtube' || chr(31) || '1') as post_key, 1 as version, platform, '1' as post_id, account_key,
        account, 'Titel' as title, text_key('title', 'Titel') as title_hash, 'Hoi' as transcript,
        text_key('transcript', 'Hoi') as transcript_hash, 'unknown' as posted_precision,
        'unknown' as posted_source, false as is_repost, 'first' as change, 1 as capture_key, valid_from, is_current
    from dim_account;
    insert into dim_feed by name
    select 1 as feed_key, 'crawl-0' as crawl_id, platform, account, account_key, 'f' as file, '' as sha256,
        valid_from as loaded_at
    from dim_account;
    insert into fact_outcome by name
    select feed_key, crawl_id, platform, account_key, account, 'complete' as outcome, loaded_at as started_at
    from dim_feed;
    insert into fact_post_snapshot by name
    select post_key, 1 as capture_key, 1 as feed_key, valid_from as captured_at, false as is_pinned from dim_post;
    insert into fact_post_latest by name
    select post_key, captured_at as first_captured_at, captured_at as last_captured_at, is_pinned
    from fact_post_snapshot;
"""


def make_released(path: Path, files: int) -> None:
    """Make a warehouse of a schema with that many files, which holds a post."""
    with duckdb.connect(path) as con:
        con.execute(sql("schema/000_ledger.sql"))
        for name in RELEASED[:files]:
            con.execute(sql(f"schema/{name}"))
            con.execute("insert into meta_schema values (?, ?, now())", [name, digest(sql(f"schema/{name}"))])
        con.execute(KNOWN)


@pytest.mark.parametrize("newest", RELEASED)
def test_a_warehouse_of_every_released_schema_is_brought_up_to_date(tmp_path: Path, newest: str) -> None:
    """Its posts stay, and learn who told their transcripts once a crawl tells it."""
    make_released(tmp_path / "w.duckdb", RELEASED.index(newest) + 1)
    seen = post("1", "a", "youtube", text=None, title="Titel", transcript="Hoi", transcript_source="asr")
    with open_warehouse(tmp_path / "w.duckdb") as con:
        told = "select post_id, version, title, transcript, transcript_source from posts"
        assert con.execute(told).fetchall() == [("1", 1, "Titel", "Hoi", None)]
        path = write_feed(tmp_path, feed("a", [seen], platform="youtube", started_at=NOW))
        assert load_feeds(con, [path]).refused == ()
        assert con.execute(told).fetchall() == [("1", 1, "Titel", "Hoi", "asr")]
        assert [finding.sentence for finding in check(con) if finding.violations] == []
    publish(tmp_path / "w.duckdb", tmp_path / "public.duckdb")


def test_sets_of_codes_that_were_told_wrongly_are_told_anew(tmp_path: Path) -> None:
    make_released(tmp_path / "w.duckdb", RELEASED.index("005_sets_of_codes.sql"))
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("insert into dim_code_set values (1, 'labour', [], null, 0)")
    with open_warehouse(tmp_path / "w.duckdb") as con:
        assert con.execute("select * from dim_code_set").fetchall() == []
        changed = "select post_key from meta_changed"
        assert (
            con.execute(changed).fetchall() == con.execute("select post_key from dim_post").fetchall() != []
        )


def test_posts_that_were_edited_are_told_anew(tmp_path: Path) -> None:
    make_released(tmp_path / "w.duckdb", RELEASED.index("006_edits.sql"))
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("update dim_post set change = 'edited'; delete from meta_changed")
    with open_warehouse(tmp_path / "w.duckdb") as con:
        assert (
            con.execute("from meta_changed").fetchall()
            == con.execute("select post_key from dim_post").fetchall()
        )


def test_every_table_column_and_view_has_a_comment(con: duckdb.DuckDBPyConnection) -> None:
    bare = con.execute(
        """
        select table_name from duckdb_tables() where comment is null
        union all
        select view_name from duckdb_views() where not internal and comment is null
        union all
        select table_name || '.' || column_name from duckdb_columns()
        where comment is null and not internal
        """
    ).fetchall()
    assert bare == []


def test_a_view_explains_its_columns_without_those_of_a_table(con: duckdb.DuckDBPyConnection) -> None:
    """'The same, as ...' says nothing where the column that it points at is not there."""
    views = "select view_name from duckdb_views() where not internal and view_name not like 'asked_%'"
    pointing = f"select table_name, column_name from duckdb_columns() where table_name in ({views})"  # noqa: S608
    assert con.execute(f"{pointing} and comment like 'The same%'").fetchall() == []


def test_files_can_be_read_by_duckdb_1_5(tmp_path: Path) -> None:
    open_warehouse(tmp_path / "w.duckdb").close()
    with duckdb.connect() as con:
        con.execute(f"attach '{tmp_path}/w.duckdb' as w")
        (tags,) = con.execute("select tags from duckdb_databases() where database_name = 'w'").fetchone() or (
            {},
        )
    assert "v1.5.0" in str(tags)


def test_the_time_zone_is_utc(tmp_path: Path) -> None:
    open_warehouse(tmp_path / "w.duckdb").close()
    for con in (open_warehouse(tmp_path / "w2.duckdb"), connect_readonly(tmp_path / "w.duckdb")):
        with con:
            assert con.execute("select current_setting('TimeZone')").fetchone() == ("UTC",)


def test_the_survey_and_the_promising_sectors_are_facts_of_the_package(
    con: duckdb.DuckDBPyConnection,
) -> None:
    aims = con.execute(
        "select value from ref_survey where item = 'figure 2.7' and answer = 'labour_market' order by value"
    ).fetchall()
    assert aims == [(13.0,), (16.0,)]
    promising = con.execute(
        "select level, sector from ref_promising_sector where standing = 'promising' order by all"
    ).fetchall()
    assert ("hbo", "education") in promising and ("mbo", "education") not in promising


def test_what_is_no_warehouse_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_bytes(b"no database at all" * 1000)
    with pytest.raises(WarehouseError, match=r"w\.duckdb cannot be opened as a warehouse"):
        open_warehouse(tmp_path / "w.duckdb")
    with pytest.raises(WarehouseError, match=r"cannot be read as a warehouse"):
        connect_readonly(tmp_path / "w.duckdb")
    with pytest.raises(WarehouseError, match=r"none\.duckdb does not exist; load the study first"):
        connect_readonly(tmp_path / "none.duckdb")


def test_what_is_no_warehouse_is_named_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "blocks" / "w.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(WarehouseError, match=r"w\.duckdb cannot be opened as a warehouse"):
        open_warehouse(path, wait=0.3)


def test_a_second_writer_waits_and_then_says_why(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    code = (
        f"from warehouse import open_warehouse as o; c = o({str(path)!r}); print('open', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError, match="is being written by another process"):
            open_warehouse(path, wait=0.3)
        other.communicate("\n")
    open_warehouse(path).close()
