"""A second crawl asks for little and misses nothing: what is new, what was edited, what has vanished."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from crawler.feed import feed_files, read_feed
from crawler.history import History, read_history
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
        ("2026-01-01T00:00:00Z", [("empty", 9, None)], 9),
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


def test_a_damaged_feed_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    feed = tmp_path / "instagram-1" / "instagram-veel.jsonl.gz"
    feed.parent.mkdir()
    feed.write_bytes(b"no gzip")
    assert read_history(tmp_path, "instagram", "veel", None) == History()
