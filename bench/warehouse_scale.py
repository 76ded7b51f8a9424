"""Time each query at a million or ten million posts, and loads beside them.

    python -m bench.warehouse_scale [--posts 1000000] [--snapshots 5] [--keep FOLDER]

Makes a warehouse of 300 institutions with that many posts, five snapshots and about 2.9 codings a post; asks every
named query; sets share_of_posts against SQL written by hand on the same tables; loads 500 feeds of 200 posts.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.warehouse_load import timed_load, write_feeds
from warehouse import connect_readonly, find_queries, load_register, open_warehouse, publish, run

INSTITUTIONS = 300
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")

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
with theme as (select ['atmosphere', 'programme', 'open_day', 'student_made', 'labour_market', 'other'] as codes),
unit as (
    select post_key, (hash(post_id) % 6)::int as first, (hash(post_id) % 5)::int as other
    from dim_post where capture_key between {start} // 50 and {stop} // 50 - 1
),
answer as (
    select post_key, 'theme' as dimension, codes[1 + first] as code, true as is_primary from unit, theme
    union all
    select post_key, 'theme', codes[1 + (first + 1 + other % 3) % 6], false from unit, theme where other < 2
    union all
    select post_key, 'sector', ['health', 'technology', 'economics', 'education'][1 + first % 4], false
    from unit where other > 1
    union all
    select post_key, 'audience', ['prospective', 'current', 'community'][1 + first % 3], false from unit
    union all
    select post_key, 'labour', ['salary', 'career', 'employer'][1 + other % 3], false from unit where first = 4
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
BY_HAND = """
select account_level.level, account.platform, coding.code, count(*) as carrying
from dim_post as post
join fact_coding as coding on coding.post_key = post.post_key and coding.version = post.version
join dim_account as account on account.account_key = post.account_key and account.is_current
join dim_institution as account_level on account_level.institution_key = account.institution_key
where post.is_current and not post.is_repost and coding.coder = 'rules' and coding.codebook_version = '1'
    and coding.dimension = 'theme'
group by all
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
            " account_key, account, 'complete' as outcome, timestamptz '2026-11-20 00:00:00+00' as started_at"
            " from dim_account"
        )
        con.execute("insert into dim_coder values ('rules', '1', now(), now())")


def timed(work: Callable[[], object], times: int = 3) -> float:
    """Return the least time of several."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def ask(warehouse: Path) -> None:
    """Print the time of every named query, and of share_of_posts against SQL by hand."""
    with connect_readonly(warehouse) as con:
        con.execute("set threads = 2")
        for name, query in find_queries().items():
            by = [wanted for wanted in ("level", "platform") if wanted in query.by]
            print(f"  {name:28}{timed(lambda: run(con, name, by=by)):7.2f} s", flush=True)  # noqa: B023
        for by in (["level", "month"], ["sector"], ["institution"]):
            seconds = timed(lambda: run(con, "share_of_posts", by=by))  # noqa: B023
            print(f"  share_of_posts {'-'.join(by):13}{seconds:7.2f} s", flush=True)
        hand = timed(lambda: con.execute(BY_HAND).fetchall())
        ours = timed(lambda: run(con, "share_of_posts", by=["level", "platform"]))
        print(f"  share_of_posts {ours:.2f} s, by hand {hand:.2f} s: ratio {ours / hand:.2f}")


def load_more(folder: Path, warehouse: Path) -> None:
    """Print how long 100,000 new posts take to load, and how long the same posts seen again."""
    for crawl, what in ((1, "new posts"), (2, "seen again")):
        paths = write_feeds(folder / "feeds", 500, 200, crawl)
        seconds, report = timed_load(warehouse, paths)
        print(f"  load of 100,000 {what}: {seconds:.2f} s ({report.posts_new} new)", flush=True)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--posts", type=int, default=1_000_000)
    options.add_argument("--snapshots", type=int, default=5)
    options.add_argument("--keep", type=Path, help="use the warehouse in this folder, or make it there")
    asked = options.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="warehouse-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    working, public = folder / "working.duckdb", folder / "warehouse.duckdb"
    print(f"{asked.posts:,} posts, DuckDB {duckdb.__version__}", flush=True)
    if not working.exists():
        print(f"  made in {timed(lambda: make(working, asked.posts, asked.snapshots), 1):.0f} s", flush=True)
    seconds = timed(lambda: publish(working, public), 1)
    print(f"  published in {seconds:.1f} s, {public.stat().st_size / 1e9:.2f} GB", flush=True)
    ask(public)
    shutil.rmtree(folder / "feeds", ignore_errors=True)
    load_more(folder, working)
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")
    if asked.keep is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
