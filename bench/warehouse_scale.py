"""Time each query at a million or ten million posts, and loads beside them.

    python -m bench.warehouse_scale [--posts 1000000] [--snapshots 5] [--keep FOLDER]

Makes a warehouse of 300 institutions with that many posts, five snapshots and about 3 codings a post; asks every
named query, beside SQL written by hand on the same tables that has to give the same rows, both as a pandas frame;
loads 500 feeds of 200 posts. A query's time is all of `run`: a session, the answer, 2,000 bootstrap draws for every
interval, and the list of accounts left out. SQL by hand has none of these, so two ratios are told: of the query's own
SQL, which also gathers what the intervals need, and of all of `run`. Both are of processor time in alternate runs.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pandas as pd

from bench.warehouse_load import load, timed, write_feeds
from warehouse import connect_readonly, find_queries, load_register, open_warehouse, publish, run
from warehouse.corrected_shares import COLUMNS, SURVEY_COLUMNS
from warehouse.marts import refresh, remake
from warehouse.queries import find_answer

TIMES = 3
INSTITUTIONS = 300
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
# What Python puts beside an answer.
ESTIMATED = {
    *("low", "high", "method", "too_few", "said_low", "said_high", "difference_low", "difference_high"),
    *COLUMNS,
    *SURVEY_COLUMNS,
}
CROSSINGS = (
    ["level", "month"],
    ["sector"],
    ["institution"],
    ["account"],
    ["week", "platform"],
    ["sector", "audience"],
)

MAKE_POSTS = """
insert into dim_post by name
with made as (
    select range as n, platforms[1 + n % 4] as platform, n // 4 % 300 as school
    from range({start}, {stop}), (select ['instagram', 'tiktok', 'youtube', 'linkedin'] as platforms)
)
select
    key_of(platform || chr(31) || 'made-' || n) as post_key,
    1 as version,
    platform,
    'made-' || n as post_id,
    key_of(platform || chr(31) || 'school' || school || platform) as account_key,
    'school' || school || platform as account,
    'https://example.org/' || n as url,
    ['image', 'video', 'short'][1 + n % 3] as media_type,
    concat('Kom kijken bij ', md5(n::varchar), ' en ontdek ', md5((n + 1)::varchar), ' in school ', school) as text,
    key_of(n::varchar) as text_hash,
    timestamptz '2023-01-01 00:00:00+00' + interval (hash(n) % 100000000) second as posted_at,
    'second' as posted_precision,
    'api' as posted_source,
    n % 50 = 0 as is_repost,
    'first' as change,
    n // 50 as capture_key,
    timestamptz '2026-11-01 00:00:00+00' as valid_from,
    true as is_current
from made
"""
MAKE_CODINGS = """
insert into fact_coding by name
with known as (
    select
        ['atmosphere', 'programme', 'open_day', 'student_made', 'labour_market', 'news', 'event', 'alumni', 'help',
            'research', 'sport', 'other'] as themes,
        ['health', 'technology', 'economics', 'education', 'language_culture', 'green', 'safety_sport'] as sectors,
        ['prospective', 'current', 'community'] as audiences,
        ['salary', 'career', 'employer', 'shortage'] as labour
),
unit as (
    select post_key, (hash(post_id) // 2)::bigint as draw
    from dim_post where capture_key between {start} // 50 and {stop} // 50 - 1
),
answer as (
    select post_key, 'theme' as dimension, themes[1 + draw % 12] as code, true as is_primary from unit, known
    union all
    select post_key, 'theme', themes[1 + (draw + 1 + draw // 12 % 11) % 12], false
    from unit, known where draw // 132 % 10 < 4
    union all
    select post_key, 'sector', sectors[1 + draw // 1320 % 7], false from unit, known where draw // 9240 % 10 < 6
    union all
    select post_key, 'audience', audiences[1 + draw // 92400 % 3], false from unit, known
    union all
    select post_key, 'labour', labour[1 + draw // 277200 % 4], false from unit, known where draw % 12 = 4
)
select *, 1 as version, 1.0 as score, 'rules' as coder, '1' as codebook_version, '[]' as evidence,
    timestamptz '2026-11-02 00:00:00+00' as coded_at
from answer
"""
MAKE_SNAPSHOTS = """
insert into fact_post_snapshot by name
select
    post_key,
    capture_key + {crawl} * 1000000 as capture_key,
    {crawl} as feed_key,
    timestamptz '2026-11-01 00:00:00+00' + interval ({crawl}) week as captured_at,
    (hash(post_key) % 500)::bigint + {crawl} as like_count,
    (hash(post_key) % 20)::bigint as comment_count,
    false as is_pinned
from dim_post
"""


def make(path: Path, posts: int, snapshots: int) -> None:
    """Write a warehouse with that many posts, without going through feeds."""
    register = [
        {
            "institution": f"School {number}",
            "level": ("mbo", "hbo")[number % 2],
            "platform": platform,
            "account": f"school{number}{platform}",
            "scope": "programme" if number % 7 == 0 else "central",
        }
        for number in range(INSTITUTIONS)
        for platform in PLATFORMS
    ]
    with open_warehouse(path) as con:
        load_register(con, register)
        for start in range(0, posts, 1_000_000):
            stop = min(start + 1_000_000, posts)
            con.execute(MAKE_POSTS.format(start=start, stop=stop))
            con.execute(MAKE_CODINGS.format(start=start, stop=stop))
        for crawl in range(1, snapshots + 1):
            con.execute(MAKE_SNAPSHOTS.format(crawl=crawl))
        con.execute(
            "insert into fact_post_latest select post_key, min(captured_at), max(captured_at),"
            " arg_max(like_count, captured_at), arg_max(comment_count, captured_at), null, null, null, false"
            " from fact_post_snapshot group by post_key"
        )
        con.execute(
            "insert into fact_outcome by name select account_key as feed_key, 'made' as crawl_id, platform,"
            " account_key, account, case when hash(account) % 40 = 0 then 'blocked' else 'complete' end as outcome,"
            " timestamptz '2026-11-20 00:00:00+00' as started_at from dim_account"
        )
        con.execute(
            "insert into dim_feed by name select feed_key, crawl_id, platform, account, account_key, 'made' as route,"
            " started_at, account as file, '' as sha256, started_at as loaded_at from fact_outcome"
        )
        con.execute("insert into dim_coder values ('rules', '1', now(), now())")
        con.execute(
            "insert into dim_language select distinct text_hash, ['nl', 'en'][1 + text_hash % 2], now() from dim_post"
        )
        remake(con)


def by_hand() -> tuple[str, dict[str, str]]:
    """Return the SQL that each named query is set against, and the views that it uses."""
    text = Path(__file__).with_name("warehouse_by_hand.sql").read_text(encoding="utf-8")
    views, *parts = text.split("-- query: ")
    statements = dict(part.split("\n", 1) for part in parts)
    return views, statements


def names_asked(name: str) -> list[str]:
    """Return what a query is grouped by here."""
    return [wanted for wanted in ("level", "platform") if wanted in find_queries()[name].by]


def compare(answer: pd.DataFrame, hand: pd.DataFrame) -> None:
    """Raise AssertionError unless SQL by hand gives the rows of a query, all but intervals and corrections."""
    columns = [name for name in answer if name not in ESTIMATED]
    assert set(columns) == set(hand.columns), set(columns) ^ set(hand.columns)
    order = sorted(columns, key=lambda name: pd.api.types.is_float_dtype(answer[name]))
    found, expected = (frame[columns].sort_values(order, ignore_index=True) for frame in (answer, hand))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=0, atol=1e-9)


def least(work: Callable[[], object], times: int = TIMES) -> tuple[float, float]:
    """Return the least clock time and the least processor time of several."""
    found = [timed(work)[:2] for _ in range(times)]
    return min(clock for clock, _ in found), min(processor for _, processor in found)


def ask(warehouse: Path, threads: int) -> None:
    """Print each named query's time, and its ratio to SQL written by hand on the same tables."""
    views, statements = by_hand()
    with connect_readonly(warehouse) as con:
        con.execute(f"set threads = {threads}")
        con.execute(views)
        print(f"  {'':28}{'in all':>15}{'by names':>15}{'its SQL':>8}{'by hand':>15}{'ratio SQL, run':>16}")
        print(f"  {'':28}{'clock':>8}{'cpu':>7}{'clock':>8}{'cpu':>7}{'cpu':>8}{'clock':>8}{'cpu':>7}")
        for name, statement in statements.items():
            told = ask_one(con, name, statement)
            print(f"  {name:28}{told}", flush=True)
        for crossing in CROSSINGS:
            clock, processor = least(lambda: run(con, "share_of_posts", by=crossing), 2)  # noqa: B023
            print(
                f"  share_of_posts by {', '.join(crossing):18}{clock:8.2f}{processor:7.2f}  peak {peak():.1f} GB",
                flush=True,
            )


def ask_one(con: duckdb.DuckDBPyConnection, name: str, statement: str) -> str:
    """Return a query's seconds in all, by level and platform, and by hand, once both gave the same rows."""
    by = names_asked(name)
    compare(run(con, name, by=by), con.execute(statement).df())
    rounds = [
        (
            timed(lambda: run(con, name, by=by))[:2],
            of_sql(con, name, by),
            timed(lambda: con.execute(statement).df())[:2],
        )
        for _ in range(TIMES)
    ]
    ours, own_sql, hand = (tuple(map(min, zip(*times, strict=True))) for times in zip(*rounds, strict=True))
    in_all = least(lambda: run(con, name)) if by else ours
    return (
        f"{in_all[0]:8.3f}{in_all[1]:7.3f}{ours[0]:8.3f}{ours[1]:7.3f}{own_sql[1]:8.3f}{hand[0]:8.3f}{hand[1]:7.3f}"
        f"{own_sql[1] / hand[1]:9.2f}{ours[1] / hand[1]:7.2f}"
    )


def of_sql(con: duckdb.DuckDBPyConnection, name: str, by: list[str]) -> tuple[float, float]:
    """Return the clock and the processor time that the SQL of a query takes within `run`."""
    spent = [(0.0, 0.0)]

    def answer(*asked: Any) -> Any:
        clock, processor, found = timed(lambda: find_answer(*asked))
        spent.append((clock, processor))
        return found

    with mock.patch("warehouse.queries.find_answer", answer):
        run(con, name, by=by)
    return spent[-1]


def load_more(folder: Path, warehouse: Path) -> None:
    """Print how long 100,000 new posts take to load and publish, and how long the same posts seen again."""
    for crawl, what in ((1, "new posts"), (2, "seen again")):
        paths = write_feeds(folder / "feeds", 500, 200, crawl)
        clock, processor, report = timed(lambda: load(warehouse, paths))  # noqa: B023
        print(
            f"  load of 100,000 {what}: {clock:.2f} s, {processor:.2f} s of processor ({report.posts_new} new)"
        )
        with open_warehouse(warehouse) as con:
            clock, processor, told = timed(lambda: refresh(con))
        print(f"  marts of these {told:,} posts: {clock:.2f} s, {processor:.2f} s of processor", flush=True)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--posts", type=int, default=1_000_000)
    options.add_argument("--snapshots", type=int, default=5)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--keep", type=Path, help="use the warehouse in this folder, or make it there")
    asked = options.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="warehouse-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        measure(folder, asked.posts, asked.snapshots, asked.threads)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder)


def measure(folder: Path, posts: int, snapshots: int, threads: int) -> None:
    """Print the figures of one size."""
    working, public = folder / "working.duckdb", folder / "warehouse.duckdb"
    print(f"{posts:,} posts, DuckDB {duckdb.__version__}", flush=True)
    if not working.exists():
        print(f"  made in {timed(lambda: make(working, posts, snapshots))[0]:.0f} s", flush=True)
    seconds = timed(lambda: publish(working, public))[0]
    print(f"  published in {seconds:.1f} s, {public.stat().st_size / 1e9:.2f} GB", flush=True)
    ask(public, threads)
    print(f"  peak memory of asking {peak():.1f} GB")
    loading = folder / "loading.duckdb"
    shutil.copyfile(working, loading)  # what is kept stays as it was made
    shutil.rmtree(folder / "feeds", ignore_errors=True)
    load_more(folder, loading)
    print(f"  peak memory {peak():.1f} GB")


def peak() -> float:
    """Return the most memory that this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
