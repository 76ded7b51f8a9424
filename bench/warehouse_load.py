"""How fast do feeds load? 1,000 feeds of 200 posts; again; a second crawl of the same posts.

    python -m bench.warehouse_load [--feeds 1000] [--posts 200]

Beside each figure stands DuckDB's own `insert ... select from read_parquet` of the same posts in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import duckdb

from tests.warehouse.making import NOW, feed, iso, post, profile
from warehouse import LoadReport, load_feeds, load_register, open_warehouse, publish

WORDS = ("Kom naar de open dag en ontdek wat je bij ons leert. " * 8).split()


def write_feeds(folder: Path, feeds: int, posts: int, crawl: int) -> list[Path]:
    """Write one crawl's feeds; texts are as long as captions are and differ from post to post."""
    paths = []
    (folder / f"crawl-{crawl}").mkdir(parents=True)
    seen = NOW + timedelta(days=7 * crawl)
    for number in range(feeds):
        account = f"school{number:05}"
        records = [profile(account, captured_at=iso(seen), capture_id=f"{crawl}-{account}")]
        for item in range(posts):
            text = (
                " ".join(WORDS[(item * 7 + word) % len(WORDS)] for word in range(60)) + f" {account} {item}"
            )
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


def timed_load(warehouse: Path, paths: list[Path]) -> tuple[float, LoadReport]:
    """Return how long a load took, opening and committing included, and what it added."""
    start = time.perf_counter()
    with open_warehouse(warehouse) as con:
        report = load_feeds(con, paths)
    return time.perf_counter() - start, report


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
    """Load two crawls, each twice, and the plain copy beside them."""
    first, second = (write_feeds(folder, feeds, posts, crawl) for crawl in (1, 2))
    warehouse = folder / "working.duckdb"
    with open_warehouse(warehouse) as con:
        load_register(con, [])
    total = feeds * posts
    for name, paths in (
        ("first crawl", first),
        ("again", first),
        ("second crawl", second),
        ("again", second),
    ):
        seconds, report = timed_load(warehouse, paths)
        print(f"{name:14}{seconds:7.2f} s {total / seconds:10,.0f} posts/s  {report}")
    start = time.perf_counter()
    publish(warehouse, folder / "warehouse.duckdb")
    size = (folder / "warehouse.duckdb").stat().st_size / 1e6
    print(f"publish       {time.perf_counter() - start:7.2f} s {size:10,.0f} MB")
    print(f"DuckDB's own insert from Parquet: {plain_copy(folder):.2f} s")


def plain_copy(folder: Path) -> float:
    """Return how long DuckDB takes to copy the same posts from Parquet into an empty table."""
    with duckdb.connect(folder / "warehouse.duckdb", read_only=True) as con:
        con.execute(f"copy dim_post to '{folder}/posts.parquet' (format parquet)")
    with duckdb.connect(folder / "plain.duckdb") as con:
        con.execute(f"create table posts as from '{folder}/posts.parquet' limit 0")
        start = time.perf_counter()
        con.execute("insert into posts select * from read_parquet(?)", [f"{folder}/posts.parquet"])
        con.execute("checkpoint")
        return time.perf_counter() - start


if __name__ == "__main__":
    main()
