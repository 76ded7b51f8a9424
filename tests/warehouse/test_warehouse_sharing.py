from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb
import pytest

from bench.warehouse_sharing import share
from tests.warehouse.making import feed, make_study, post, write_feed
from warehouse import backup, check, connect_readonly, load_feeds, open_warehouse, publish, restore
from warehouse.errors import WarehouseError


def posts_in(path: Path) -> int:
    with connect_readonly(path) as con:
        row = con.execute("select count(*) from posts").fetchone()
    assert row is not None
    return int(row[0])


def load(working: Path, folder: Path, account: str) -> None:
    with open_warehouse(working) as con:
        load_feeds(con, [write_feed(folder, feed(account, [post(account, account)]))])


def test_readers_keep_their_copy_while_a_newer_one_is_published(tmp_path: Path) -> None:
    working, public = tmp_path / "working.duckdb", tmp_path / "warehouse.duckdb"
    load(working, tmp_path, "a")
    publish(working, public)
    with connect_readonly(public) as old:
        load(working, tmp_path, "b")
        publish(working, public)
        assert old.execute("select count(*) from posts").fetchone() == (1,)
        assert posts_in(public) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "crawl-1",
        "warehouse.duckdb",
        "working.duckdb",
    ]


def test_a_published_copy_cannot_be_written(tmp_path: Path) -> None:
    load(tmp_path / "working.duckdb", tmp_path, "a")
    publish(tmp_path / "working.duckdb", tmp_path / "warehouse.duckdb")
    with (
        connect_readonly(tmp_path / "warehouse.duckdb") as con,
        pytest.raises(duckdb.Error, match="read-only"),
    ):
        con.execute("delete from dim_post")


PUBLISHER = """
import sys
from warehouse import publish
import shutil, time
def slow(source, target):
    with open(source, "rb") as read, open(target, "wb") as written:
        written.write(read.read(100_000)); written.flush(); print("half", flush=True); time.sleep(30)
shutil.copyfile = slow
publish(*sys.argv[1:])
"""


def test_a_killed_publication_leaves_the_last_good_copy(tmp_path: Path) -> None:
    working, public = tmp_path / "working.duckdb", tmp_path / "warehouse.duckdb"
    load(working, tmp_path, "a")
    publish(working, public)
    load(working, tmp_path, "b")
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(working), str(public)], stdout=subprocess.PIPE, text=True
    ) as publisher:
        assert publisher.stdout is not None
        assert publisher.stdout.readline() == "half\n"
        os.kill(publisher.pid, signal.SIGKILL)
    assert posts_in(public) == 1
    publish(working, public)
    assert posts_in(public) == 2
    assert not list(tmp_path.glob("**/.*partial"))


def test_a_log_left_by_a_killed_load_is_in_the_published_copy(tmp_path: Path) -> None:
    working = tmp_path / "working.duckdb"
    path = write_feed(tmp_path, feed("a", [post("1", "a")]))
    code = (
        "import os, sys; from warehouse import *; c = open_warehouse(sys.argv[1]); load_feeds(c, [sys.argv[2]]);"
        "print('loaded', flush=True); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(working), str(path)], check=False, capture_output=True)
    publish(working, tmp_path / "warehouse.duckdb")
    assert posts_in(tmp_path / "warehouse.duckdb") == 1


def test_publishing_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"working\.duckdb does not exist; load the study first"):
        publish(tmp_path / "working.duckdb", tmp_path / "warehouse.duckdb")


def test_a_backup_comes_back(tmp_path: Path) -> None:
    working, saved = tmp_path / "w" / "working.duckdb", tmp_path / "saved.duckdb"
    load(working, tmp_path, "a")
    backup(working, saved)
    load(working, tmp_path, "b")
    restore(saved, working)
    assert posts_in(working) == 1
    assert posts_in(working.with_name("working.duckdb.before")) == 2
    load(working, tmp_path, "b")
    assert posts_in(working) == 2
    with pytest.raises(WarehouseError, match=r"saved\.duckdb exists; expected a name that is free"):
        backup(working, saved)


def test_a_backup_that_cannot_be_used_changes_nothing(tmp_path: Path) -> None:
    working, saved, own = tmp_path / "working.duckdb", tmp_path / "saved.duckdb", tmp_path / "own.duckdb"
    load(working, tmp_path, "a")
    backup(working, saved)
    with duckdb.connect(saved) as con:
        con.execute("insert into meta_schema values ('999_later.sql', 'x', now())")
    load(working, tmp_path, "b")
    with pytest.raises(WarehouseError, match="made by a newer Uitzicht"):
        restore(saved, working)
    with duckdb.connect(own) as con:
        con.execute("create table mijn as select 1 as a")
    with pytest.raises(WarehouseError, match=r"own\.duckdb is no warehouse that Uitzicht made"):
        restore(own, working)
    assert posts_in(working) == 2
    assert sorted(path.name for path in tmp_path.glob("*working*")) == ["working.duckdb"]


def test_a_log_of_a_warehouse_that_is_gone_is_not_read_into_its_backup(tmp_path: Path) -> None:
    working, saved = tmp_path / "working.duckdb", tmp_path / "saved.duckdb"
    log = working.with_name("working.duckdb.wal")
    load(working, tmp_path, "a")
    backup(working, saved)
    with duckdb.connect(working) as con:
        con.execute("delete from dim_post")
        left = log.read_bytes()
    working.unlink()
    log.write_bytes(left)
    restore(saved, working)
    assert posts_in(working) == 1
    assert working.with_name("working.duckdb.before.wal").read_bytes() == left


@pytest.mark.parametrize("damaged", [b"", b"no warehouse at all", None], ids=["empty", "other", "damaged"])
def test_a_backup_takes_the_place_of_a_damaged_warehouse(tmp_path: Path, damaged: bytes | None) -> None:
    working, saved = tmp_path / "w" / "working.duckdb", tmp_path / "saved.duckdb"
    load(working, tmp_path, "a")
    backup(working, saved)
    whole = working.read_bytes()
    left = whole[:4096] + b"\xff" * 8192 + whole[12288:] if damaged is None else damaged
    working.write_bytes(left)
    working.with_name("working.duckdb.wal").write_bytes(b"a log of what is no more")
    restore(saved, working)
    assert posts_in(working) == 1
    assert working.with_name("working.duckdb.before").read_bytes() == left
    load(working, tmp_path, "b")
    assert posts_in(working) == 2


def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    working = tmp_path / "working.duckdb"
    load(working, tmp_path, "a")
    (tmp_path / "letter.txt").write_text("Beste lezer")
    with pytest.raises(WarehouseError, match=r"letter\.txt cannot be read as a warehouse"):
        restore(tmp_path / "letter.txt", working)
    assert posts_in(working) == 1


def _write(folder: Path, paths: list[Path]) -> None:
    while paths:
        with open_warehouse(folder / "working.duckdb") as con:
            report = load_feeds(con, paths[:2])
        assert not report.refused
        del paths[:2]
        publish(folder / "working.duckdb", folder / "warehouse.duckdb")


def _read(folder: Path, done: Event, found: multiprocessing.Queue[tuple[int, int]]) -> None:
    """Count reads, and feeds that were seen in part; any error ends the process and so the test."""
    reads = partial = 0
    while not done.is_set():
        with connect_readonly(folder / "warehouse.duckdb") as con:
            row = con.execute(
                """
                select count(*) from (
                    select feed_key from fact_outcome left join fact_post_snapshot using (feed_key)
                    group by feed_key, posts_collected having posts_collected <> count(distinct post_key))
                """
            ).fetchone()
            assert row is not None
            partial += row[0]
            reads += 1
    found.put((reads, partial))


def test_writers_and_readers_do_not_meet(tmp_path: Path) -> None:
    """Two loaders take turns while two analysts read: no error, no feed in part, nothing lost."""
    _, paths = make_study(tmp_path, institutions=10)
    publish_first = write_feed(tmp_path, feed("first", [post("first", "first")]))
    with open_warehouse(tmp_path / "working.duckdb") as con:
        load_feeds(con, [publish_first])
    publish(tmp_path / "working.duckdb", tmp_path / "warehouse.duckdb")
    spawn = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[tuple[int, int]] = spawn.Queue()
    done = spawn.Event()
    writers = [spawn.Process(target=_write, args=(tmp_path, paths[turn::2])) for turn in (0, 1)]
    readers = [spawn.Process(target=_read, args=(tmp_path, done, found)) for _ in range(2)]
    for process in [*readers, *writers]:
        process.start()
    for writer in writers:
        writer.join(120)
    done.set()
    counts = [found.get(timeout=60) for _ in readers]
    for process in [*writers, *readers]:
        process.join(60)
        assert process.exitcode == 0
    assert [partial for _, partial in counts] == [0, 0]
    assert all(reads > 1 for reads, _ in counts)
    with connect_readonly(tmp_path / "warehouse.duckdb") as con:
        assert con.execute("select count(*) from dim_feed").fetchone() == (len(paths) + 1,)
        assert [one.sentence for one in check(con) if one.violations] == []


def test_killed_writers_leave_readers_and_rows_alone(tmp_path: Path) -> None:
    """As bench/warehouse_sharing.py does with four and four for two minutes."""
    found = share(tmp_path, seconds=6, writers=2, readers=2, kills=4)
    assert found["kills"] >= 2
    assert found["reads"] > 2
    assert found["feeds"] >= 3
    bad = ("reader_errors", "feeds_in_part", "failed", "rows_lost", "posts_lost", "rules_broken", "leftovers")
    assert {name: found[name] for name in bad} == dict.fromkeys(bad, 0)
