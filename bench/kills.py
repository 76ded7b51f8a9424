"""Two hundred random kills over a crawl of 2,000 posts, posts being published meanwhile: no hole, no double.

    python bench/kills.py [--kills 200] [--seed 7]

Eight accounts of 250 posts on three platforms, some pinned. The crawl is killed (SIGKILL) at a random moment
and begun again, so many times; in between posts are published. Pages come so slowly that few are read between two
kills; where a crawl ends all the same, the next one begins. The last one runs to its end. Every post must
then be in the feeds, none twice in one visit's answers to one kind of question, every capture must stand in
the archive, and no journal may be left.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess as Running
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from audit.steps import crawl as steps
from audit.study import Study
from crawler.archive import archive_files, read_archives
from crawler.feed import feed_files, read_feed
from tests.crawler.study import ground, make_study, surroundings
from tests.mocksite import Behaviour, Site, many_posts, running

ACCOUNTS = (
    *(("instagram", f"school{number}") for number in range(4)),
    *(("tiktok", f"school{number}") for number in range(2)),
    *(("youtube", f"@school{number}") for number in range(2)),
)
EACH = 250
FORKS = multiprocessing.get_context("forkserver")
ROUTES = {"instagram": '"profile"', "tiktok": '"research_api"', "youtube": '"data_api"'}
PUBLISHED_FROM = datetime(2026, 11, 14, 19, tzinfo=UTC)


@dataclass(kw_only=True)
class Tally:
    """What happened."""

    kills: int = 0
    runs: int = 0
    published: list[str] = field(default_factory=list)


def run_crawl(study: Path, env: dict[str, str]) -> None:
    """Begin a crawl in this process, or go on with one; exit as `uitzicht crawl` does."""
    os.environ.clear()
    os.environ.update(env)
    sys.exit(steps.crawl(Study.read(study)).exit)


def start(study: Path, site: Site) -> Running:
    """Crawl in a process of its own, which has what it needs imported already."""
    process = FORKS.Process(target=run_crawl, args=(study, surroundings(site, UITZICHT_CHROMIUM="none")))
    process.start()
    return process


def kill_at_random(study: Path, site: Site, wanted: int, dice: random.Random) -> Tally:
    """Kill crawls until there were enough kills of running ones; publish a post now and then."""
    tally = Tally()
    while tally.kills < wanted:
        asked = site.requests()
        process = start(study, site)
        tally.runs += 1
        while process.is_alive() and site.requests() == asked:  # until it is at work
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 1.2))
        tally.kills += process.is_alive()
        process.kill()
        process.join()
        if dice.random() < 0.25:
            publish(site, tally, dice)
    return tally


def publish(site: Site, tally: Tally, dice: random.Random) -> None:
    """Publish one post on one of the accounts, newer than all of its others."""
    platform, account = dice.choice(ACCOUNTS)
    moment = PUBLISHED_FROM + timedelta(minutes=len(tally.published))
    new = site.publish(*many_posts(1, platform, account, newest=moment))
    tally.published += [post.post_id for post in new]


def crawl_to_the_end(study: Path, site: Site) -> int:
    """Let the interrupted crawl end, and one more bring what was published behind its back; return its code."""
    code = 1
    for _ in range(2):
        process = start(study, site)
        process.join()
        code = process.exitcode or 0
    return code


def find_faults(study: Path, site: Site) -> list[str]:
    """Return what is wrong, one sentence each."""
    faults: list[str] = []
    there = {
        (platform, post.post_id) for platform, account in ACCOUNTS for post in site.posts(platform, account)
    }
    formats = {one.capture_id: one.format for one in read_archives(archive_files(study / "archive"))}
    found: set[tuple[str, str]] = set()
    for feed in feed_files(study / "feeds"):
        posts = [record for record in read_feed(feed) if record["record"] == "post"]
        found |= {(post["platform"], post["post_id"]) for post in posts}
        seen = Counter((post["post_id"], formats.get(post["capture_id"])) for post in posts)
        if doubles := sum(number - 1 for number in seen.values()):
            faults.append(f"{feed.parent.name}/{feed.name}: {doubles} posts stand there twice")
        if lost := {post["capture_id"] for post in posts} - formats.keys():
            faults.append(f"{feed.name}: {len(lost)} captures are not in the archive")
    faults += [f"{len(there - found)} posts are missing"] if there - found else []
    faults += [f"{len(found - there)} posts were invented"] if found - there else []
    faults += [f"{part} was left" for part in (study / "feeds").glob("*/*.part")]
    return faults


def main() -> int:
    """Kill, resume, compare; print what came of it."""
    parser = argparse.ArgumentParser(description="Random kills over a crawl of 2,000 posts.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    FORKS.set_forkserver_preload(["audit.steps.crawl", *(f"crawler.spiders.{name}" for name in ROUTES)])
    dice = random.Random(options.seed)  # noqa: S311
    posts = [post for platform, account in ACCOUNTS for post in many_posts(EACH, platform, account, pinned=3)]
    slow = Behaviour(kind="slow", seconds=0.5)
    site = Site(posts, behaviours=[slow])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running(site):
        tables = "overlap_days = 1\n" + "".join(ground(name, routes=route) for name, route in ROUTES.items())
        study = make_study(Path(folder) / "study", ACCOUNTS, since="2026-09-01", more=tables)
        tally = kill_at_random(study, site, options.kills, dice)
        site.behaviours.clear()
        code = crawl_to_the_end(study, site)
        faults = find_faults(study, site)
        visits = len(feed_files(study / "feeds"))
        crawls = len({feed.parent.name for feed in feed_files(study / "feeds")})
    print(
        f"{tally.kills} kills in {tally.runs} runs and {time.monotonic() - began:.0f} s, seed {options.seed}"
    )
    print(
        f"{len(posts):,} posts and {len(tally.published)} published meanwhile, in {crawls} crawls; exit code {code}"
    )
    print(f"visits that ended, of the {len(ACCOUNTS)} accounts: {visits}")
    print("\n".join(faults) or "no hole, no double, nothing left behind")
    return 1 if faults or code else 0


if __name__ == "__main__":
    sys.exit(main())
