"""Four writers and four readers share one warehouse for two minutes, writers being killed: no error, nothing lost.

    python -m bench.warehouse_sharing [--seconds 120] [--writers 4] [--readers 4] [--kills 40]

Each writer is a process that loads the next feeds of its own and publishes, over and over; a killer ends (SIGKILL) a
random writer at random moments, and another takes its place with the same feeds. Each reader opens the published
copy, counts feeds that are there in part, and asks a named query. At the end what a kill left unloaded is loaded; the
warehouse must then hold every feed that was written, once, and every rule of `uitzicht warehouse check`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from multiprocessing.context import SpawnProcess as Running
from multiprocessing.synchronize import Event
from pathlib import Path

from tests.warehouse.making import account_row, feed, post, profile, write_feed
from warehouse import check, connect_readonly, load_feeds, load_register, open_warehouse, publish, run
from warehouse.db import one

SPAWN = multiprocessing.get_context("spawn")
POSTS = 50  # a feed
AT_ONCE = 3  # feeds a load
IN_PART = """
select count(*) from (
    select feed_key
    from fact_outcome
    left join fact_post_snapshot using (feed_key)
    group by feed_key, posts_collected
    having posts_collected <> count(distinct post_key)
)
"""


def write(folder: Path, writer: int, done: Event) -> None:
    """Load feeds of this writer's own and publish, until told to stop; go on where a killed one was."""
    while not done.is_set():
        number = len(list(folder.glob(f"feeds/*/*-w{writer}x*.jsonl.gz")))
        for place in range(number, number + AT_ONCE):
            _appear(folder, f"w{writer}x{place}")
        with open_warehouse(folder / "working.duckdb") as con:
            refused = load_feeds(con, folder.glob(f"feeds/*/*-w{writer}x*.jsonl.gz")).refused
        if refused:
            raise AssertionError(refused[0])
        publish(folder / "working.duckdb", folder / "warehouse.duckdb")


def _appear(folder: Path, name: str) -> None:
    """Write a feed as a crawl does: it is there whole or not at all."""
    posts = [post(f"{name}-{item}", name) for item in range(POSTS)]
    path = write_feed(folder / "unfinished", feed(name, [profile(name), *posts]))
    (folder / "feeds" / "crawl-1").mkdir(parents=True, exist_ok=True)
    path.replace(folder / "feeds" / "crawl-1" / path.name)


def read(folder: Path, done: Event, found: multiprocessing.Queue[tuple[int, int, int, float]]) -> None:
    """Read as analysts do; tell how many reads, errors and feeds in part there were, and the slowest read."""
    reads = errors = partial = 0
    slowest = 0.0
    while not done.is_set():
        began = time.perf_counter()
        try:
            with connect_readonly(folder / "warehouse.duckdb") as con:
                partial += one(con, IN_PART)
                run(con, "counted")
        except Exception as error:  # whatever a reader meets is the finding
            errors += 1
            print(f"reader: {error}", flush=True)
        slowest = max(slowest, time.perf_counter() - began)
        reads += 1
    found.put((reads, errors, partial, slowest))


def share(folder: Path, *, seconds: float, writers: int, readers: int, kills: int) -> dict[str, float]:
    """Let writers and readers meet; return what happened, in numbers."""
    with open_warehouse(folder / "working.duckdb") as con:
        load_register(con, [account_row("School", "mbo", "instagram", "w0x0")])
    publish(folder / "working.duckdb", folder / "warehouse.duckdb")
    done = SPAWN.Event()
    found: multiprocessing.Queue[tuple[int, int, int, float]] = SPAWN.Queue()
    reading = [SPAWN.Process(target=read, args=(folder, done, found)) for _ in range(readers)]
    writing = [_writer(folder, number, done) for number in range(writers)]
    for process in reading:
        process.start()
    killed = _kill_at_random(folder, writing, done, seconds=seconds, kills=kills)
    done.set()
    seen = [found.get(timeout=120) for _ in reading]
    for process in [*reading, *writing]:
        process.join(120)
    failed = sum(process.exitcode != 0 for process in [*reading, *writing])
    reads, errors, partial, slowest = zip(*seen, strict=True)
    return {
        "reads": sum(reads),
        "reader_errors": sum(errors),
        "feeds_in_part": sum(partial),
        "slowest_read": max(slowest),
        "kills": killed,
        "failed": failed,
        **_left(folder),
    }


def _writer(folder: Path, number: int, done: Event) -> Running:
    process = SPAWN.Process(target=write, args=(folder, number, done))
    process.start()
    return process


def _kill_at_random(folder: Path, writing: list[Running], done: Event, *, seconds: float, kills: int) -> int:
    rng = random.Random(7)  # noqa: S311
    end = time.monotonic() + seconds
    killed = 0
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, rng.uniform(0.5, 1.5) * seconds / max(kills, 1)))
        if killed < kills and time.monotonic() < end:
            number = rng.randrange(len(writing))
            writing[number].kill()
            writing[number].join()
            killed += 1
            writing[number] = _writer(folder, number, done)
    return killed


def _left(folder: Path) -> dict[str, float]:
    """Load what a killed writer left unloaded, publish, and count what is there and what is missing."""
    feeds = list(folder.glob("feeds/*/*.jsonl.gz"))
    with open_warehouse(folder / "working.duckdb") as con:
        load_feeds(con, feeds)
    publish(folder / "working.duckdb", folder / "warehouse.duckdb")
    with connect_readonly(folder / "warehouse.duckdb") as con:
        return {
            "feeds": len(feeds),
            "rows_lost": len(feeds) * POSTS - one(con, "select count(*) from fact_post_snapshot"),
            "posts_lost": len(feeds) * POSTS - one(con, "select count(*) from posts"),
            "rules_broken": sum(finding.violations > 0 for finding in check(con)),
            "leftovers": len(list(folder.glob(".*partial"))),
        }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warehouse-sharing-") as folder:
        for name, value in share(Path(folder), **vars(given)).items():
            print(f"{name.replace('_', ' '):16}{value:>10,.1f}")


if __name__ == "__main__":
    main()
