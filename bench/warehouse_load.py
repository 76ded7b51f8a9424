"""How fast do feeds load? 1,000 feeds of 200 posts; again; a second crawl of the same posts.

    python -m bench.warehouse_load [--feeds 1000] [--posts 200]

Beside them, in the same run: DuckDB's own `insert ... select from read_parquet` of the very rows that the first load
wrote, into empty tables with the same constraints, and a checkpoint: as DuckDB is set by itself, and as it is fastest
(rows in any order, as the loader writes them). That yardstick has nothing to decompress, parse, check, hash or look up,
and its rows are typed and whole; what reading the feeds' lines costs by itself stands beside it. Ratios are given of
time by the clock and of processor time: other work on the machine touches the second less.
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
        path.write_bytes(gzip.compress(lines.encode(), 1))
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
    options.add_argument("--posts", type=int, default=200)
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
    with open_warehouse(warehouse) as con:
        load_register(con, [])
    clock, processor, report = timed(lambda: load(warehouse, first))
    show("first crawl", clock, processor, total, f"{report.posts_new} new")
    plain, any_order = plain_copy(folder, in_order=True), plain_copy(folder, in_order=False)
    for name, paths in (("again", first), ("second crawl", second), ("again", second)):
        again, spent, report = timed(lambda: load(warehouse, paths))  # noqa: B023
        show(name, again, spent, total, f"{report.posts_new} new, {report.snapshots_new} snapshots")
    show("publish", *timed(lambda: publish(warehouse, folder / "warehouse.duckdb"))[:2], total)
    show("read lines", *timed(lambda: read_lines(first))[:2], total, "decompress, take apart, check and hash")
    show("plain", *plain, total, "insert ... select from read_parquet, the rows of the first load")
    show("plain, any order", *any_order, total, "the same with preserve_insertion_order = false")
    for name, copy in (("plain", plain), ("plain, any order", any_order)):
        print(
            f"rate as a ratio to {name}: {copy[0] / clock:.2f} by the clock, {copy[1] / processor:.2f} of processor"
        )
    size = (folder / "warehouse.duckdb").stat().st_size
    print(f"{size / 1e6:,.0f} MB on disk, {size / total:,.0f} bytes a post; peak memory {peak():.1f} GB")


def peak() -> float:
    """Return the most memory that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def show(name: str, clock: float, processor: float, posts: int, what: str = "") -> None:
    """Print a line."""
    print(
        f"{name:17}{clock:7.2f} s {processor:7.2f} s of processor {posts / processor:10,.0f} posts/s  {what}",
        flush=True,
    )


def read_lines(paths: list[Path]) -> None:
    """Do the loader's first step and no more."""
    with duckdb.connect() as con:
        migrate(con)
        con.execute("set variable feeds = ?", [list(map(str, paths))])
        con.execute("set threads = 1")
        con.execute(duckdb.extract_statements(sql("load/10_lines.sql"))[0].query)


def plain_copy(folder: Path, *, in_order: bool) -> tuple[float, float]:
    """Return how long DuckDB takes to copy the same rows from Parquet into empty tables of the same schema."""
    path = folder / "plain.duckdb"
    path.unlink(missing_ok=True)
    if in_order:
        with duckdb.connect(folder / "working.duckdb", read_only=True) as con:
            for table in LOADED:
                con.execute(f"copy {table} to '{folder}/{table}.parquet' (format parquet)")
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
