"""How fast do feeds load? 1,000 feeds of 1,000 posts; again; a second crawl of the same posts.

    python -m bench.warehouse_load [--feeds 1000] [--posts 1000]

Beside them, in the same run: DuckDB's own `insert ... select from read_parquet` of the very rows that the first load
wrote, into empty tables with the same constraints, and a checkpoint: as DuckDB is set by itself, and as it is fastest
(rows in any order, as the loader writes them). That yardstick has nothing to decompress, parse, check, hash or look up,
and its rows are typed and whole. So two lines stand beside it: what it costs DuckDB merely to read the feeds' fields
into a table (`reading alone`), and the loader's own first step (`read lines`). A loader that did nothing but read, and
then copied as fast as DuckDB copies from Parquet, would reach the ratio `at most`. The first load and the yardsticks
are the least of three, as a checkpoint sometimes costs as much again. Ratios are given of time by the clock and of
processor time: other work on the machine touches the second less.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from tests.warehouse.making import NOW, feed, iso, post, profile
from warehouse import LoadReport, load_feeds, load_register, open_warehouse, publish
from warehouse.db import FILE_FORMAT, migrate, sql

LOADED = (
    "dim_post",
    "dim_account",
    "dim_account_alias",
    "dim_capture",
    "dim_feed",
    "fact_post_snapshot",
    "fact_post_latest",
    "fact_account_snapshot",
    "fact_outcome",
    "meta_file",
    "meta_changed",
)
FIELDS = """{
    "record": "varchar", "platform": "varchar", "account": "varchar", "account_id": "varchar", "post_id": "varchar",
    "url": "varchar", "media_type": "varchar", "title": "varchar", "text": "varchar", "alt_text": "varchar",
    "transcript": "varchar", "transcript_source": "varchar",
    "hashtags": ["varchar"], "mentions": ["varchar"], "coauthors": ["varchar"],
    "posted_at": "timestamptz", "posted_precision": "varchar", "posted_source": "varchar",
    "like_count": "bigint", "comment_count": "bigint", "share_count": "bigint", "view_count": "bigint",
    "save_count": "bigint", "is_pinned": "boolean", "is_repost": "boolean", "repost_of": "varchar",
    "route": "varchar", "capture_id": "varchar", "captured_at": "timestamptz", "parser_version": "integer"
}"""
SYLLABLES = [
    "ba",
    "de",
    "ko",
    "len",
    "mi",
    "nou",
    "pra",
    "sche",
    "ti",
    "vo",
    "wer",
    "zij",
    "ont",
    "op",
    "leid",
    "school",
    "stu",
    "werk",
    "kom",
    "daag",
]


def write_feeds(folder: Path, feeds: int, posts: int, crawl: int) -> list[Path]:
    """Write one crawl's feeds; texts are as long as captions are and differ from post to post."""
    paths = []
    rng = random.Random(7)  # noqa: S311
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(5_000)]
    (folder / f"crawl-{crawl}").mkdir(parents=True)
    seen = NOW + timedelta(days=7 * crawl)
    for number in range(feeds):
        account = f"school{number:05}"
        records = [profile(account, captured_at=iso(seen), capture_id=f"{crawl}-{account}")]
        for item in range(posts):
            text = " ".join(rng.choices(words, k=50))
            records.append(
                post(
                    f"{account}-{item}",
                    account,
                    text=text,
                    posted_at=iso(NOW - timedelta(hours=item * 9 + number)),
                    like_count=item + crawl,
                    hashtags=["opendag", "mbo"],
                    captured_at=iso(seen),
                    capture_id=f"{crawl}-{account}-{item // 33}",
                )
            )
        lines = "".join(
            json.dumps(record) + "\n"
            for record in feed(
                account, records, crawl_id=f"crawl-{crawl}", started_at=seen - timedelta(hours=1)
            )
        )
        path = folder / f"crawl-{crawl}" / f"instagram-{account}.jsonl.gz"
        path.write_bytes(gzip.compress(lines.encode(), 6, mtime=0))
        paths.append(path)
    return paths


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return what work costs, in seconds of the clock and of processors, and what it returns."""
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - clock, time.process_time() - processor, found


def load(warehouse: Path, paths: list[Path]) -> LoadReport:
    """Load feeds, opening and committing included."""
    with open_warehouse(warehouse) as con:
        return load_feeds(con, paths)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--posts", type=int, default=1000)
    asked = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="warehouse-load-"))
    try:
        measure(folder, asked.feeds, asked.posts)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, feeds: int, posts: int) -> None:
    """Load two crawls, each twice, and the plain copies beside them."""
    first, second = (write_feeds(folder, feeds, posts, crawl) for crawl in (1, 2))
    warehouse = folder / "working.duckdb"
    total = feeds * posts
    clock, processor = least_of_three(lambda: first_load(warehouse, first))
    show("first crawl", clock, processor, total, "into an empty warehouse")
    keep_rows(folder)
    plain = least_of_three(lambda: plain_copy(folder, in_order=True))
    any_order = least_of_three(lambda: plain_copy(folder, in_order=False))
    alone = least_of_three(lambda: timed(lambda: read_alone(first))[:2])
    for name, paths in (("again", first), ("second crawl", second), ("again", second)):
        again, spent, report = timed(lambda: load(warehouse, paths))  # noqa: B023
        show(name, again, spent, total, f"{report.posts_new} new, {report.snapshots_new} snapshots")
    show("publish", *timed(lambda: publish(warehouse, folder / "warehouse.duckdb"))[:2], total)
    show("reading alone", *alone, total, "DuckDB: decompress, parse, take the fields out")
    show("read lines", *timed(lambda: read_lines(first))[:2], total, "decompress, take apart, check and hash")
    show("plain", *plain, total, "insert ... select from read_parquet, the rows of the first load")
    show("plain, any order", *any_order, total, "the same with preserve_insertion_order = false")
    for name, copy in (("plain", plain), ("plain, any order", any_order)):
        print(
            f"rate as a ratio to {name}: {copy[0] / clock:.2f} by the clock, {copy[1] / processor:.2f} of processor; "
            f"at most {copy[0] / (copy[0] + alone[0]):.2f} and {copy[1] / (copy[1] + alone[1]):.2f}"
        )
    size = (folder / "warehouse.duckdb").stat().st_size
    print(f"{size / 1e6:,.0f} MB on disk, {size / total:,.0f} bytes a post; peak memory {peak():.1f} GB")


def least_of_three(measure: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """Return the least clock time and the least processor time."""
    clocks, processors = zip(*(measure() for _ in range(3)), strict=True)
    return min(clocks), min(processors)


def first_load(warehouse: Path, paths: list[Path]) -> tuple[float, float]:
    """Return how long feeds take to load into a new warehouse."""
    warehouse.unlink(missing_ok=True)
    with open_warehouse(warehouse) as con:
        load_register(con, [])
    return timed(lambda: load(warehouse, paths))[:2]


def peak() -> float:
    """Return the most memory that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def show(name: str, clock: float, processor: float, posts: int, what: str = "") -> None:
    """Print a line."""
    print(
        f"{name:17}{clock:7.2f} s {processor:7.2f} s of processor {posts / processor:10,.0f} posts/s  {what}",
        flush=True,
    )


def read_alone(paths: list[Path]) -> None:
    """Take a post's fields out of every line, as the types they have."""
    with duckdb.connect() as con:
        con.execute("set variable feeds = ?", [list(map(str, paths))])
        con.execute("set preserve_insertion_order = false")
        con.execute(
            f"create temp table line as select unnest(json_transform(json, '{FIELDS}'))"  # noqa: S608
            " from read_ndjson_objects(getvariable('feeds'), compression = 'gzip')"
        )


def read_lines(paths: list[Path]) -> None:
    """Do the loader's first step and no more."""
    with duckdb.connect() as con:
        migrate(con)
        con.execute("set variable feeds = ?", [list(map(str, paths))])
        con.execute("set preserve_insertion_order = false")
        con.execute(duckdb.extract_statements(sql("load/10_lines.sql"))[0].query)


def keep_rows(folder: Path) -> None:
    """Write what the first load wrote as Parquet."""
    with duckdb.connect(folder / "working.duckdb", read_only=True) as con:
        for table in LOADED:
            con.execute(f"copy {table} to '{folder}/{table}.parquet' (format parquet)")


def plain_copy(folder: Path, *, in_order: bool) -> tuple[float, float]:
    """Return how long DuckDB takes to copy the same rows from Parquet into empty tables of the same schema."""
    path = folder / "plain.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(path, config={"storage_compatibility_version": FILE_FORMAT}) as con:
        migrate(con)
        con.execute(f"set preserve_insertion_order = {in_order}")

        def copy() -> None:
            for table in LOADED:
                con.execute(f"insert into {table} select * from read_parquet('{folder}/{table}.parquet')")  # noqa: S608
            con.execute("checkpoint")

        return timed(copy)[:2]


if __name__ == "__main__":
    main()
