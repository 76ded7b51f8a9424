"""A crawl that is killed at any moment goes on from there: nothing lost, nothing twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

from audit.exits import Exit
from crawler.archive import Archive, archive_files, read_archives
from crawler.feed import feed_files
from crawler.items import Capture, capture_id
from crawler.routes import LADDERS
from crawler.spiders.tiktok import TikTokSpider
from tests.crawler.study import (
    ground,
    make_study,
    outcomes,
    post_ids,
    records,
    shown_ids,
    surroundings,
    uitzicht,
)
from tests.mocksite import Behaviour, Site, many_posts, running

ACCOUNTS = [("instagram", f"school{number}") for number in range(4)]


def test_killed_crawls_go_on(tmp_path: Path) -> None:
    posts = [post for _, name in ACCOUNTS for post in many_posts(250, "instagram", name, pinned=2)]
    before = {post.post_id for post in posts}
    # Four times five pages: longer than all crawls together have before they are killed.
    slow = Behaviour(kind="slow", platform="instagram", seconds=0.4)
    site = Site(posts, behaviours=[slow])
    study = make_study(tmp_path, ACCOUNTS)
    dice = random.Random(7)  # noqa: S311
    with running(site):
        env = surroundings(site)
        kills = 0
        for _ in range(5):
            process = subprocess.Popen(
                [sys.executable, "-m", "audit", "crawl", str(study)],
                env=env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(dice.uniform(1.2, 2.4))
            kills += process.poll() is None
            process.kill()
            process.wait()
            newest = datetime(2026, 11, 15, kills, tzinfo=UTC)
            site.publish(*many_posts(1, "instagram", dice.choice(ACCOUNTS)[1], newest=newest))
        done = uitzicht("crawl", study, env=env)
        asked = site.requests(host="graph.facebook.com")
        assert before <= post_ids(study)
        assert len(records(study, "post")) == len(post_ids(study))
        assert {one["outcome"] for one in outcomes(study).values()} == {"complete"}
        assert len(feed_files(study / "feeds")) == len(ACCOUNTS)
        uitzicht("crawl", study, env=env)
    assert kills >= 3
    assert done.returncode == 0, done.stderr
    assert post_ids(study) == shown_ids(site, ACCOUNTS)  # what was published behind the crawl's back, too
    assert not list((study / "feeds").glob("*/*.part"))
    # A sixth page where posts came; and only the page that was cut off is asked for again.
    assert asked <= 4 * 6 + kills


def test_a_killed_crawl_leaves_an_archive_that_reads_whole(tmp_path: Path) -> None:
    site = Site(many_posts(200, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    path = archive_files(study / "archive")[0]
    before = list(read_archives([path]))
    path.write_bytes(path.read_bytes()[:-100])
    assert list(read_archives([path])) == before[:-1]


def test_reparse_gives_the_same_feeds(tmp_path: Path) -> None:
    site = Site([*many_posts(60, "youtube", "@veel"), *many_posts(30, "instagram", "veel")])
    study = make_study(tmp_path, [("youtube", "@veel"), ("instagram", "veel")])
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    before = records(study)
    for feed in feed_files(study / "feeds"):
        feed.touch()
    done = uitzicht("reparse", study)
    assert done.returncode == 0, done.stderr
    assert records(study) == before
    assert len(before) > 100


@pytest.mark.parametrize(
    ("accounts", "more"),
    [
        ([("youtube", "@veel"), ("instagram", "veel")], ""),
        ([("linkedin", "veel"), ("tiktok", "veel")], ""),
        (
            [("youtube", "@veel"), ("tiktok", "veel")],
            ground("youtube", routes='"browse"') + ground("tiktok", routes='"display_api"'),
        ),
    ],
)
def test_the_archive_replays_the_crawl_offline(
    tmp_path: Path, accounts: list[tuple[str, str]], more: str
) -> None:
    site = Site([post for one in accounts for post in many_posts(60, *one)], tiktok_owner="veel")
    since = "2026-09-01\nuntil = 2026-11-20"
    study = make_study(tmp_path / "online", accounts, since=since, more=more)
    again = make_study(tmp_path / "offline", accounts, since=since, more=more)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    offline = {name: value for name, value in surroundings(site).items() if not name.startswith("UITZICHT_")}
    done = uitzicht("crawl", again, "--replay", study / "archive", env=offline)
    assert done.returncode == 0, done.stderr
    assert len(post_ids(again)) == 120
    assert records(again, "post") == records(study, "post")


def test_a_replay_asks_for_the_days_up_to_which_was_asked_then(tmp_path: Path) -> None:
    """Without an end of the study's window, TikTok's Research API is asked for the days until today."""
    more = ground("tiktok", routes='"research_api"')
    study = make_study(tmp_path, [("tiktok", "veel")], since="2026-09-20", more=more)
    then = datetime(2026, 10, 5, 12, tzinfo=UTC)
    with Archive(tmp_path / "then.warc.gz") as archive:
        archive.write(
            Capture(
                capture_id=capture_id("x", then, b"{}"),
                platform="tiktok",
                route="research_api",
                url="https://open.tiktokapis.com/v2/research/user/info/",
                captured_at=then,
                body=b"{}",
                account="veel",
            )
        )
    spider = TikTokSpider(study=str(study), replay=str(archive.path))
    route = LADDERS["tiktok"][0]
    visit = SimpleNamespace(route=route, since=None, account=SimpleNamespace(account="veel"))
    user, *windows = spider.begin(visit)  # type: ignore[arg-type]
    assert user.name == "user"
    assert [step.values for step in windows] == [{"from": "20260920", "to": "20261005"}]


def test_a_crawl_of_other_accounts_leaves_the_half_seen_one_waiting(tmp_path: Path) -> None:
    site = Site(
        [*many_posts(250, "instagram", "veel"), *many_posts(5, "instagram", "weinig")],
        behaviours=[Behaviour(kind="slow", platform="instagram", account="veel", seconds=0.4)],
    )
    study = make_study(tmp_path, [("instagram", "veel"), ("instagram", "weinig")])
    with running(site):
        env = surroundings(site)
        process = subprocess.Popen(
            [sys.executable, "-m", "audit", "crawl", str(study)], env=env, stderr=subprocess.DEVNULL
        )
        journal = wait_for(lambda: next((study / "feeds").glob("*/*veel*.part"), None))
        process.kill()
        process.wait()
        others = uitzicht("crawl", study, "--account", "weinig", env=env)
        assert others.returncode == 0, others.stderr
        assert journal.exists()
        uitzicht("crawl", study, env=env)
    assert {one["outcome"] for one in outcomes(study).values()} == {"complete"}
    assert len(post_ids(study)) == len(records(study, "post")) == 255
    assert len(list((study / "feeds").iterdir())) == 1  # one crawl, gone on with
    assert not list((study / "feeds").glob("*/*.part"))


def test_one_account_is_crawled_and_other_platforms_are_no_complaint(tmp_path: Path) -> None:
    accounts = [("instagram", "een"), ("instagram", "twee"), ("tiktok", "drie"), ("youtube", "@RocVier")]
    study = make_study(tmp_path, accounts)
    posts = [post for platform, name in accounts for post in many_posts(3, platform, name)]
    with running(site := Site(posts)):
        env = surroundings(site)
        one = uitzicht("crawl", study, "--account", "een", "--account", "@rocvier", env=env)
        wrong = uitzicht("crawl", study, "--account", "een", "--account", "tweee", env=env)
        elsewhere = uitzicht("crawl", study, "--account", "een", "--platform", "tiktok", env=env)
    assert one.returncode == 0, one.stderr
    assert "2 accounts visited (2 complete); 6 posts seen." in one.stderr
    assert "Not crawled" not in one.stderr
    assert wrong.returncode == elsewhere.returncode == 1
    assert wrong.stderr.endswith("accounts.csv lists no account 'tweee'\n")
    assert elsewhere.stderr.endswith("accounts.csv lists no account 'een' of tiktok\n")


def wait_for(find: Callable[[], Path | None]) -> Path:
    """Return what `find` gives as soon as it gives something, within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = find()
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_two_crawls_of_a_platform_never_run_at_once(tmp_path: Path) -> None:
    site = Site(many_posts(5, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    (study / "state").mkdir()
    with running(site), FileLock(study / "state" / "instagram.lock"):
        second = uitzicht("crawl", study, env=surroundings(site))
        assert site.requests() == 0
    assert second.returncode == 1
    assert "a crawl of instagram is running" in second.stderr


def test_a_platform_that_another_crawl_holds_is_named_and_the_others_are_crawled(tmp_path: Path) -> None:
    accounts = [("instagram", "school0"), ("tiktok", "school1")]
    posts = [post for platform, name in accounts for post in many_posts(3, platform, name)]
    study = make_study(tmp_path, accounts)
    (study / "state").mkdir()
    with running(site := Site(posts)), FileLock(study / "state" / "tiktok.lock"):
        done = uitzicht("crawl", study, env=surroundings(site))
    assert done.returncode == Exit.PARTIAL
    assert "1 account visited (1 complete); 3 posts seen." in done.stderr
    assert (
        f"Not crawled: tiktok: {study}: a crawl of tiktok is running already; wait until it ends"
        in done.stderr
    )
    assert "interrupted" not in done.stderr


def test_a_full_disk_is_told_and_the_crawl_goes_on_when_there_is_room(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="a process's files are limited so on POSIX only")
    accounts = [("instagram", "een"), ("instagram", "twee")]
    study = make_study(tmp_path, accounts)
    posts = [post for platform, name in accounts for post in many_posts(200, platform, name)]
    with running(site := Site(posts)):
        env = surroundings(site)
        full = subprocess.run(
            [sys.executable, "-m", "audit", "crawl", str(study)],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)),
        )
        assert full.returncode == 1, full.stderr
        assert full.stderr.count("File too large; make room") == 1
        assert "Traceback" not in full.stderr
        assert not records(study, "outcome")  # it tells nothing of any account
        again = uitzicht("crawl", study, env=env)
    assert again.returncode == 0, again.stderr
    assert len(post_ids(study)) == len(records(study, "post")) == 400
