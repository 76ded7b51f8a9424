"""A second crawl asks for little and misses nothing: what is new, what was edited, what has vanished."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from crawler.crawl import Crawl
from crawler.feed import feed_files, feed_path, part_of, read_feed
from crawler.history import History, Sight, read_history
from crawler.items import Post
from crawler.routes import LADDERS
from crawler.study import CrawlStudy
from crawler.visit import Visit
from tests.crawler.study import ground, make_study, outcomes, post_ids, records, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, SitePost, many_posts, running

OVERLAP = "overlap_days = 5\n"
NEW = datetime(2026, 11, 15, 11, tzinfo=UTC)


def new_posts(number: int, platform: str = "instagram", account: str = "veel") -> list[SitePost]:
    return many_posts(number, platform, account, newest=NEW, apart=timedelta(minutes=5))


def last_feed(study: Path) -> list[dict[str, object]]:
    return list(read_feed(feed_files(study / "feeds")[-1]))


def seen(feed: list[dict[str, object]]) -> set[object]:
    return {record["post_id"] for record in feed if record["record"] == "post"}


def gone(feed: list[dict[str, object]]) -> list[object]:
    return [record["post_id"] for record in feed if record["record"] == "vanished"]


@pytest.mark.parametrize(
    ("platform", "account", "route", "pages"),
    [
        ("instagram", "veel", "business_discovery", (6, 1)),
        ("instagram", "veel", "profile", (26, 6)),
        ("tiktok", "veel", "research_api", (6, 2)),
        ("tiktok", "veel", "display_api", (16, 4)),
    ],
)
def test_a_second_crawl_is_short_and_whole(
    tmp_path: Path, platform: str, account: str, route: str, pages: tuple[int, int]
) -> None:
    pinned = 3 if route == "profile" else 0
    site = Site(many_posts(300, platform, account, pinned=pinned), tiktok_owner="veel")
    study = make_study(
        tmp_path,
        [(platform, account)],
        since="2026-09-01\nuntil = 2026-11-20",
        more=OVERLAP + ground(platform, routes=f'"{route}"'),
    )
    posts = site.posts(platform, account)
    inside, outside = posts[10], posts[200]
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        first = site.requests(account=account)
        before = post_ids(study)
        site.publish(*new_posts(3, platform, account))
        site.delete(inside)
        site.delete(outside)
        site.edit(posts[4], "Gewijzigd")
        done = uitzicht("crawl", study, env=env)
        second = site.requests(account=account) - first
    assert done.returncode == 0, done.stderr
    assert (len(before), first) == (300, pages[0]), first
    assert second <= pages[1]
    feed = last_feed(study)
    assert {post.post_id for post in site.posts(platform, account)[:20]} <= seen(feed)
    assert gone(feed) == [inside.post_id]  # the other one lies before the overlap: nobody looked
    assert any(record.get("text") == "Gewijzigd" for record in feed)
    assert feed[-1]["outcome"] == "complete"


def test_an_interrupted_crawl_leaves_no_hole(tmp_path: Path) -> None:
    site = Site(many_posts(200, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")], more=OVERLAP)
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        site.publish(*new_posts(150))  # three pages: the wall stands after the first one
        wall = Behaviour(kind="forbidden", account="veel", after=1)
        site.behaviours.add(wall)
        uitzicht("crawl", study, env=env)
        assert last_feed(study)[-1]["outcome"] == "blocked"
        site.behaviours.clear()
        site.publish(
            *many_posts(
                30, "instagram", "veel", newest=NEW + timedelta(minutes=50), apart=timedelta(minutes=1)
            )
        )
        done = uitzicht("crawl", study, env=env)
    assert done.returncode == 0, done.stderr
    assert post_ids(study) == {post.post_id for post in site.posts("instagram", "veel")}


def test_a_wider_window_is_walked_whole(tmp_path: Path) -> None:
    site = Site(many_posts(200, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")], since="2026-11-01", more=OVERLAP)
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        assert len(post_ids(study)) == 150
        text = (study / "study.toml").read_text(encoding="utf-8")
        (study / "study.toml").write_text(text.replace("2026-11-01", "2026-01-01"), encoding="utf-8")
        uitzicht("crawl", study, env=env)
    assert len(post_ids(study)) == 200


def test_youtube_asks_again_for_every_known_video(tmp_path: Path) -> None:
    site = Site(many_posts(300, "youtube", "@veel"))
    study = make_study(tmp_path, [("youtube", "@veel")], more=OVERLAP)
    posts = site.posts("youtube", "@veel")
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        site.delete(posts[250])
        done = uitzicht("crawl", study, env=env)
        asked = Counter(one.route for one in site.received(host="www.googleapis.com"))
    assert done.returncode == 0, done.stderr
    feed = last_feed(study)
    assert seen(feed) == {post.post_id for post in posts} - {posts[250].post_id}
    assert gone(feed) == [posts[250].post_id]
    assert asked["youtube.playlist_items"] == 6 + 1
    spent = orjson.loads((study / "state" / "youtube.data_api.quota.json").read_bytes())
    assert spent["requests"] == sum(asked.values())
    told = records(study)
    assert uitzicht("reparse", study).returncode == 0
    assert records(study) == told


def test_videos_own_pages_give_what_browse_does_not(tmp_path: Path) -> None:
    site = Site(many_posts(40, "youtube", "@veel"))
    study = make_study(tmp_path, [("youtube", "@veel")], more=OVERLAP + ground("youtube", routes='"browse"'))
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        posts = {record["post_id"]: record for record in records(study, "post")}
        assert {record["posted_precision"] for record in posts.values()} == {"second"}
        assert all(record["text"] for record in posts.values())
        assert site.requests(route="youtube.player") == 40
        uitzicht("crawl", study, env=env)
        young = [post for post in posts.values() if is_young(post, records(study, "outcome")[-1])]
        assert site.requests(route="youtube.player") == 40 + len(young)


def is_young(post: dict[str, str], outcome: dict[str, str]) -> bool:
    started_at = datetime.fromisoformat(outcome["started_at"])
    return datetime.fromisoformat(post["posted_at"]) >= started_at - timedelta(days=5)


def test_shorts_are_not_walked_beyond_the_window(tmp_path: Path) -> None:
    """Pages of Shorts say no dates; the last Short's own page tells that the next page lies before the window."""
    made = many_posts(160, "youtube", "@veel")
    kinds = ["video", "short", "short", "short"] * 40
    site = Site([replace(post, media=kind) for post, kind in zip(made, kinds, strict=True)])
    since = site.posts("youtube", "@veel")[20].posted_at.date()
    study = make_study(
        tmp_path, [("youtube", "@veel")], since=f"{since}", more=ground("youtube", routes='"browse"')
    )
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert site.requests(route="youtube.player") == 40 + 48  # every video, and the first page of Shorts
    told = outcomes(study)["@veel"]
    assert (told["outcome"], told["sign"]) == ("complete", "reached the window's start")
    window = [post.post_id for post in site.posts("youtube", "@veel") if post.posted_at.date() >= since]
    assert len(window) > 20
    assert set(window) <= post_ids(study)


def test_a_quota_of_units_pauses_and_is_gone_on_with(tmp_path: Path) -> None:
    site = Site(many_posts(300, "youtube", "@veel"))
    study = make_study(tmp_path, [("youtube", "@veel")], more="[platforms.youtube]\nunits_per_day = 5\n")
    with running(site):
        env = surroundings(site)
        uitzicht("crawl", study, env=env)
        assert site.requests(host="www.googleapis.com") == 5
        assert outcomes(study)["@veel"]["outcome"] == "over_budget"
        assert "California" in outcomes(study)["@veel"]["sign"]
        for _ in range(2):
            (study / "state" / "youtube.data_api.quota.json").unlink()
            uitzicht("crawl", study, env=env)
        assert site.requests(host="www.googleapis.com") == 1 + 6 + 6
    assert outcomes(study)["@veel"]["outcome"] == "complete"


def test_a_spent_budget_is_gone_on_with_from_its_cursor(tmp_path: Path) -> None:
    accounts = [("instagram", "veel"), ("instagram", "later")]
    site = Site([*many_posts(120, "instagram", "veel"), *many_posts(20, "instagram", "later")])
    study = make_study(tmp_path, accounts, more="[platforms.instagram]\nrequests_per_day = 2\n")
    with running(site):
        env = surroundings(site)
        first = uitzicht("crawl", study, env=env)
        assert {name: one["outcome"] for name, one in outcomes(study).items()} == {
            "veel": "over_budget",
            "later": "over_budget",
        }
        assert len(post_ids(study)) == 100
        (study / "state" / "instagram.budget.json").unlink()
        again = uitzicht("crawl", study, env=env)
        assert site.requests(host="graph.facebook.com") == 3 + 1
    assert (first.returncode, again.returncode) == (3, 0)
    assert {one["outcome"] for one in outcomes(study).values()} == {"complete"}
    assert len(records(study, "post")) == 140
    assert len(feed_files(study / "feeds")) == 2


def test_the_research_api_tells_private_accounts_and_holds_counts_against_them(tmp_path: Path) -> None:
    site = Site(
        [*many_posts(5, "tiktok", "dicht"), *many_posts(5, "tiktok", "stil")],
        behaviours=[Behaviour(kind="private", account="dicht", platform="tiktok")],
    )
    accounts = [("tiktok", "dicht"), ("tiktok", "stil"), ("tiktok", "niemand")]
    study = make_study(tmp_path, accounts, since="2026-11-16", more=ground("tiktok", routes='"research_api"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    told = outcomes(study)
    assert {name: one["outcome"] for name, one in told.items()} == {
        "dicht": "private",
        "stil": "partial",
        "niemand": "not_found",
    }
    assert told["stil"]["sign"] == "no post within the window, though 5 are reported in all"


def test_posts_that_are_shown_again_after_none_were_are_not_passed_over(tmp_path: Path) -> None:
    none = Behaviour(kind="empty", account="veel")
    site = Site(many_posts(40, "tiktok", "veel", apart=timedelta(days=3)), behaviours=[none])
    study = make_study(
        tmp_path, [("tiktok", "veel")], since="2026-07-01", more=ground("tiktok", routes='"research_api"')
    )
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert outcomes(study)["veel"]["outcome"] == "empty"
        site.behaviours.clear()
        uitzicht("crawl", study, env=surroundings(site))
    assert len(post_ids(study)) == 40


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("2026-09-01\nuntil = 2099-07-31", "complete"),
        ("2099-01-01\nuntil = 2099-07-31", "partial"),
    ],
    ids=["goes on", "has not begun"],
)
def test_the_research_api_is_not_asked_for_days_to_come(tmp_path: Path, days: str, told: str) -> None:
    site = Site(many_posts(9, "tiktok", "veel"))
    study = make_study(
        tmp_path, [("tiktok", "veel")], since=days, more=ground("tiktok", routes='"research_api"')
    )
    today = datetime.now(UTC).date()
    windows = (today - datetime(2026, 9, 1, tzinfo=UTC).date()).days // 30 + 2
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert 1 <= site.requests(route="tiktok.research_videos") <= windows
    assert outcomes(study)["veel"]["outcome"] == told


def test_a_window_that_is_over_is_looked_at_by_another_route_too(tmp_path: Path) -> None:
    site = Site(many_posts(60, "tiktok", "veel", apart=timedelta(days=3)), tiktok_owner="veel")
    days = "2026-06-01\nuntil = 2026-09-30"
    for route in ("display_api", "research_api"):
        study = make_study(
            tmp_path, [("tiktok", "veel")], since=days, more=ground("tiktok", routes=f'"{route}"')
        )
        with running(site):
            uitzicht("crawl", study, env=surroundings(site))
    assert outcomes(study)["veel"]["outcome"] == "complete"
    assert {record["posted_at"][:7] for record in last_feed(study) if record["record"] == "post"} == {  # type: ignore[index]
        "2026-08",
        "2026-09",
    }


def test_a_token_that_has_run_out_is_asked_for_anew(tmp_path: Path) -> None:
    expired = Behaviour(kind="token_expired", route="tiktok.research_videos", after=1, times=1)
    site = Site(many_posts(150, "tiktok", "veel"), behaviours=[expired])
    study = make_study(
        tmp_path, [("tiktok", "veel")], since="2026-10-01", more=ground("tiktok", routes='"research_api"')
    )
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        assert site.requests(route="tiktok.token") == 2
    assert outcomes(study)["veel"]["outcome"] == "complete"
    assert len(post_ids(study)) == 150


def test_a_token_of_another_account_tells_nothing_about_this_one(tmp_path: Path) -> None:
    site = Site([*many_posts(5, "tiktok", "mijn"), *many_posts(5, "tiktok", "ander")], tiktok_owner="mijn")
    study = make_study(tmp_path, [("tiktok", "ander")], more=ground("tiktok", routes='"display_api"'))
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
    assert outcomes(study)["ander"]["outcome"] == "partial"
    assert "another account's" in outcomes(study)["ander"]["sign"]
    assert not post_ids(study)


def test_a_page_too_large_is_asked_for_in_halves(tmp_path: Path) -> None:
    site = Site(many_posts(60, "instagram", "veel"), most_per_page=15)
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    assert done.returncode == 0, done.stderr
    assert len(post_ids(study)) == 60


def outcome(kind: str, day: int, newest: int | None = None) -> dict[str, object]:
    at = f"2026-10-{newest:02}T00:00:00Z" if newest else None
    return {
        "record": "outcome",
        "outcome": kind,
        "started_at": f"2026-10-{day:02}T00:00:00Z",
        "newest_posted_at": at,
    }


def header(since: str) -> dict[str, object]:
    return {"record": "crawl", "window_since": since}


@pytest.mark.parametrize(
    ("since", "visits", "watermark"),
    [
        ("2026-01-01T00:00:00Z", [("complete", 9, 7)], 7),
        ("2026-01-01T00:00:00Z", [("complete", 9, 7), ("partial", 12, 11), ("blocked", 13, None)], 7),
        ("2026-01-01T00:00:00Z", [("over_budget", 9, 7), ("parser_broken", 10, 9)], None),
        ("2026-01-01T00:00:00Z", [("complete", 9, 30)], 9),  # a premiere: dated after the visit
        ("2026-01-01T00:00:00Z", [("empty", 9, None)], None),  # its posts may be shown again
        ("2026-01-01T00:00:00Z", [("complete", 9, 7), ("empty", 12, None)], 7),
        ("2026-06-01T00:00:00Z", [("complete", 9, 7)], None),  # did not reach as far back
    ],
)
def test_only_a_whole_visit_moves_the_watermark(
    since: str, visits: list[tuple[str, int, int | None]], watermark: int | None
) -> None:
    history = History()
    for visit in visits:
        history.add([header(since), outcome(*visit)], datetime(2026, 3, 1, tzinfo=UTC))
    assert history.watermark == (watermark and datetime(2026, 10, watermark, tzinfo=UTC))


def visit_of(tmp_path: Path, history: History) -> Visit:
    crawl = Crawl.begin(CrawlStudy.read(make_study(tmp_path, [("instagram", "veel")])), "instagram")
    account = crawl.study.accounts()[0]
    return Visit(
        crawl_id=crawl.crawl_id,
        account=account,
        ladder=LADDERS["instagram"],
        journal=crawl.journal(account, "profile", ""),
        legal_ground="",
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        window_since=datetime(2020, 1, 1, tzinfo=UTC),
        history=history,
        overlap=timedelta(days=30),
    )


@pytest.mark.parametrize(
    ("years", "pinned", "is_whole"),
    [
        ([2026, 2021, 2019], 0, True),
        ([2026, 2021, 2020], 0, False),  # the window begins with 2020
        ([2019, 2026, 2021], 0, False),  # an old one on top is pinned, said or not
        ([2019, 2026, 2021, 2018], 1, True),
        ([2019], 1, False),
        ([], 0, False),
    ],
)
def test_a_single_page_is_whole_where_its_last_post_is_older_than_the_window(
    tmp_path: Path, years: list[int], pinned: int, is_whole: bool
) -> None:
    visit = visit_of(tmp_path, History())
    posts = [
        replace(shown(number, is_pinned=number < pinned), posted_at=datetime(year, 6, 1, tzinfo=UTC))
        for number, year in enumerate(years)
    ]
    assert visit.shows_all(posts) is is_whole
    assert visit.arrived == ("window" if is_whole else "")


@pytest.mark.parametrize(
    ("page", "is_whole"),
    [
        ([50, 51, 3], True),
        ([50, 51, 52], False),  # more may have come since than the page shows
        ([50, 19], False),  # known, but its counts are to be read again
        ([50, 99], False),  # of no visit
    ],
)
def test_a_single_page_is_whole_where_its_last_post_is_known_and_old(
    tmp_path: Path, page: list[int], is_whole: bool
) -> None:
    days = {3: 3, 19: 20, 99: 3}
    sights = {str(number): Sight(None, datetime(2026, 10, 20, tzinfo=UTC), "rss") for number in (3, 19)}
    visit = visit_of(tmp_path, History(sights=sights, watermark=datetime(2026, 10, 15, tzinfo=UTC)))
    assert visit.shows_all([shown(number, day=days.get(number, 28)) for number in page]) is is_whole
    assert visit.arrived == ("known page" if is_whole else "")


def shown(number: int, *, day: int = 1, is_pinned: bool = False) -> Post:
    return Post(
        platform="instagram",
        post_id=str(number),
        account="veel",
        account_id="7",
        url="",
        media_type="image",
        text="",
        posted_at=datetime(2026, 9, day, tzinfo=UTC),
        is_pinned=is_pinned,
        route="profile",
        capture_id="a",
        captured_at=datetime(2026, 11, 21, tzinfo=UTC),
        parser_version=1,
    )


@pytest.mark.parametrize(
    ("page", "arrives"),
    [
        ([shown(number) for number in range(20)], True),
        ([shown(number) for number in range(19)], False),
        ([*(shown(number) for number in range(19)), shown(19, is_pinned=True)], False),
        (
            [
                *(shown(number) for number in range(10)),
                shown(99),
                *(shown(number) for number in range(10, 20)),
            ],
            False,
        ),
        ([*(shown(number) for number in range(19)), shown(19, day=20)], False),  # within the overlap
    ],
    ids=["twenty", "nineteen", "pinned", "unknown between", "too young"],
)
def test_a_walk_ends_after_twenty_known_old_posts_in_a_row(
    tmp_path: Path, page: list[Post], arrives: bool
) -> None:
    last = datetime(2026, 10, 20, tzinfo=UTC)
    sights = {str(number): Sight(None, last, "profile") for number in range(20)}
    visit = visit_of(tmp_path, History(sights=sights, watermark=datetime(2026, 10, 15, tzinfo=UTC)))
    assert visit.has_arrived(page) is arrives
    assert visit.arrived == ("known" if arrives else "")


def test_a_post_on_two_pages_is_one_known_post(tmp_path: Path) -> None:
    """Instagram's profile and the first page of its feed show the same twelve."""
    sights = {str(number): Sight(None, datetime(2026, 10, 20, tzinfo=UTC), "profile") for number in range(20)}
    visit = visit_of(tmp_path, History(sights=sights, watermark=datetime(2026, 10, 15, tzinfo=UTC)))
    twelve = [shown(number) for number in range(12)]
    assert not visit.has_arrived(twelve)
    assert not visit.has_arrived(twelve)
    assert visit.has_arrived([shown(number) for number in range(12, 20)])


def test_without_a_whole_visit_nothing_known_ends_a_walk(tmp_path: Path) -> None:
    sights = {str(number): Sight(None, datetime(2026, 10, 20, tzinfo=UTC), "profile") for number in range(40)}
    visit = visit_of(tmp_path, History(sights=sights))
    assert not visit.has_arrived([shown(number) for number in range(40)])


RESUMED = """
{"record":"crawl","crawl_id":"c","started_at":"2026-11-20T08:00:00Z"}
{"record":"post","post_id":"1","posted_at":"2026-11-19T08:00:00Z","capture_id":"a"}
{"record":"cursor","steps":[],"endings":[{"outcome":"complete","sign":"window","status":null,"url":null}],"capture_id":"a"}
{"record":"post","post_id":"2","posted_at":"2026-11-18T08:00:00Z","capture_id":"b"}
{"record":"cursor","st"""


def test_a_visit_that_had_ended_is_not_begun_anew(tmp_path: Path) -> None:
    study = CrawlStudy.read(make_study(tmp_path, [("instagram", "veel")]))
    crawl = Crawl.begin(study, "instagram")
    feed = feed_path(study.feeds, crawl.crawl_id, "instagram", "veel")
    part_of(feed).write_text(RESUMED.lstrip(), encoding="utf-8")
    crawl.close(finished=False)
    visit = visit_of(tmp_path, History())
    assert visit.is_over
    assert (visit.seen.post_ids, visit.seen.capture_ids) == (
        {"1"},
        ["a"],
    )  # what came after the last cursor was cut off
    told = visit.outcome(datetime(2026, 11, 21, tzinfo=UTC))
    assert (told.outcome, told.started_at.day) == ("complete", 20)
    visit.journal.end(told)
    assert [record["record"] for record in read_feed(feed)] == ["crawl", "post", "outcome"]
    assert crawl.is_visited(visit.account)


def test_a_damaged_feed_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    feed = tmp_path / "instagram-1" / "instagram-veel.jsonl.gz"
    feed.parent.mkdir()
    feed.write_bytes(b"no gzip")
    assert read_history(tmp_path, "instagram", "veel", None) == History()
