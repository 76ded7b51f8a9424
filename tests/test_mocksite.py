"""The mock site pages as the platforms do, demands credentials, and makes nothing at random."""

from __future__ import annotations

import doctest
import importlib
import urllib.parse
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.mocksite import Site, environment, many_posts, running
from tests.mocksite.asking import ask
from tests.mocksite.walks import (
    WALKS,
    Walk,
    business_discovery,
    discovery_url,
    feed_user,
    line,
    linkedin_headers,
    playlist_items,
    timeline,
)

APP_ID = {"x-ig-app-id": "936619743392459"}


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_a_walk_finds_every_post_once_newest_first(walk: Walk) -> None:
    site = Site(many_posts(137, WALKS[walk], "veel"))
    with running(site) as hosts:
        found = [one for page in walk(site, hosts) for one in page]
    assert found == [post.post_id for post in site.posts(WALKS[walk], "veel")]
    assert len(found) == 137


@pytest.mark.parametrize("walk", [feed_user, timeline, business_discovery, playlist_items])
def test_what_is_published_or_deleted_during_a_walk_makes_no_hole(walk: Walk) -> None:
    site = Site(many_posts(137, WALKS[walk], "veel"))
    before = [post.post_id for post in site.posts(WALKS[walk], "veel")]
    with running(site) as hosts:
        found = []
        for number, page in enumerate(walk(site, hosts)):
            found += page
            extra = many_posts(1, WALKS[walk], "veel", newest=site.clock - timedelta(minutes=number + 1))
            site.publish(*extra)
            last = site.find(WALKS[walk], page[-1])
            assert last
            site.delete(last)  # the very post that the cursor names
    assert [one for one in found if one in before] == before
    assert len(found) == len(set(found))


@pytest.mark.parametrize("walk", [feed_user, timeline])
def test_pinned_posts_come_first_and_once(walk: Walk) -> None:
    site = Site(many_posts(40, "instagram", "veel", pinned=2))
    with running(site) as hosts:
        pages = list(walk(site, hosts))
    newest = [post.post_id for post in site.posts("instagram", "veel")]
    assert pages[0][:2] == newest[-2:]
    assert [one for page in pages for one in page] == [*newest[-2:], *newest[:-2]]


def test_the_profile_shows_twelve_and_the_count_of_all() -> None:
    site = Site(many_posts(30, "instagram", "veel", pinned=1))
    with running(site) as hosts:
        url = f"{hosts['www.instagram.com']}/api/v1/users/web_profile_info/?username=veel"
        user = ask(url, headers=APP_ID).json["data"]["user"]
        assert ask(url).status == 400
    timeline_ = user["edge_owner_to_timeline_media"]
    assert (timeline_["count"], len(timeline_["edges"]), timeline_["page_info"]["has_next_page"]) == (
        30,
        12,
        True,
    )
    assert timeline_["edges"][0]["node"]["pinned_for_users"]


def test_a_post_later_than_the_clock_is_not_out_yet() -> None:
    site = Site(many_posts(3, "instagram", "veel"), clock=datetime(2026, 11, 14, 15, tzinfo=UTC))
    assert len(site.posts("instagram", "veel")) == 2
    site.clock = datetime(2026, 11, 15, tzinfo=UTC)
    assert len(site.posts("instagram", "veel")) == 3


def test_an_edit_shows_when_told_and_keeps_the_id() -> None:
    site = Site([{**line(), "edited_text": "Tweede tekst"}])
    (post,) = site.posts("instagram", "klein")
    with running(site) as hosts:
        assert captions(site, hosts) == [("Eerste tekst", False)]
        site.edit(post)
        assert captions(site, hosts) == [("Tweede tekst", True)]
        site.edit(post, "Derde tekst")
        assert captions(site, hosts) == [("Derde tekst", True)]
        assert site.find("instagram", post.post_id)


def test_an_edit_may_come_with_the_second_sight() -> None:
    site = Site([{**line(), "edited_text": "Tweede tekst"}], edits="second_sight")
    with running(site) as hosts:
        assert [captions(site, hosts)[0][0] for _ in range(3)] == [
            "Eerste tekst",
            "Tweede tekst",
            "Tweede tekst",
        ]


def captions(site: Site, hosts: dict[str, str]) -> list[tuple[str, bool]]:
    account = site.account("instagram", "klein")
    assert account
    items = ask(f"{hosts['www.instagram.com']}/api/v1/feed/user/{account.number}/").json["items"]
    return [(item["caption"]["text"], item["caption_is_edited"]) for item in items]


def test_ids_hold_the_time_and_are_the_same_in_every_run() -> None:
    ids = {}
    for platform in ("instagram", "tiktok", "youtube", "linkedin"):
        (post,) = Site([line(platform=platform)]).posts(platform, "klein")
        ids[platform] = post.post_id
    moment = datetime(2026, 10, 3, 12, 5, tzinfo=UTC).timestamp()
    assert int(ids["tiktok"]) >> 32 == moment
    assert (int(ids["linkedin"]) >> 22) / 1000 == moment
    assert ids == {
        "instagram": "DeCBJMDnyj1",
        "tiktok": "7692411412273956778",
        "youtube": "9ABSTDHPDlY",
        "linkedin": "7512120518248183313",
    }


@pytest.mark.parametrize("name", ["__init__", "graph", "ids", "linkedin", "linkedin_api", "youtube_text"])
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module("tests.mocksite" if name == "__init__" else f"tests.mocksite.{name}")
    result = doctest.testmod(module)
    assert (result.attempted > 0, result.failed) == (True, 0)


# Credentials


def api_urls(site: Site, hosts: dict[str, str]) -> dict[str, tuple[str, Any, dict[str, str]]]:
    mine = site.credentials
    urn = urllib.parse.quote("urn:li:organization:1", safe="")
    return {
        "youtube": (
            f"{hosts['www.googleapis.com']}/youtube/v3/videos?part=snippet&id=x&key=verkeerd",
            None,
            {},
        ),
        "instagram": (
            discovery_url(site, hosts, "media").replace(mine.instagram_token, "verkeerd"),
            None,
            {},
        ),
        "tiktok": (
            f"{hosts['open.tiktokapis.com']}/v2/research/video/query/",
            {},
            {"authorization": "Bearer verkeerd"},
        ),
        "linkedin": (
            f"{hosts['api.linkedin.com']}/rest/posts?author={urn}&q=author",
            None,
            linkedin_headers(site) | {"authorization": "Bearer verkeerd"},
        ),
    }


def test_a_wrong_credential_is_refused_in_the_platforms_own_shape() -> None:
    site = Site(many_posts(3, "instagram", "veel"))
    with running(site) as hosts:
        found = {name: ask(*call) for name, call in api_urls(site, hosts).items()}
        form = b"client_key=x&client_secret=y&grant_type=client_credentials"
        token = ask(f"{hosts['open.tiktokapis.com']}/v2/oauth/token/", form)
    assert {name: answer.status for name, answer in found.items()} == {
        "youtube": 400,
        "instagram": 400,
        "tiktok": 401,
        "linkedin": 401,
    }
    assert found["youtube"].json["error"]["status"] == "INVALID_ARGUMENT"
    assert found["instagram"].json["error"]["code"] == 190
    assert found["tiktok"].json["error"]["code"] == "access_token_invalid"
    assert found["linkedin"].json["code"] == "INVALID_ACCESS_TOKEN"
    assert (token.status, token.json["error"]) == (401, "invalid_client")


def test_credentials_differ_per_run_and_stand_in_the_environment() -> None:
    first, second = environment(Site()), environment(Site())
    names = {name for name in first if name != "UITZICHT_HOSTS"}
    assert len(names) == 6
    assert all(first[name] != second[name] for name in names)


def test_linkedin_wants_a_living_version_and_an_own_page() -> None:
    site = Site(many_posts(3, "linkedin", "veel"), own_pages=["een-andere"])
    account = site.account("linkedin", "veel")
    assert account
    with running(site) as hosts:
        url = f"{hosts['api.linkedin.com']}/rest/posts?author=urn%3Ali%3Aorganization%3A{account.number}&q=author"
        answers = [
            ask(url, headers=linkedin_headers(site, version)).json["code"] for version in ("202312", "202609")
        ]
    assert answers == ["NONEXISTENT_VERSION", "ACCESS_DENIED"]


def test_the_graph_api_asks_to_reduce_the_data_and_knows_its_accounts() -> None:
    site = Site(many_posts(60, "instagram", "veel"), most_per_page=30)
    with running(site) as hosts:
        too_much = ask(discovery_url(site, hosts, "media.limit(31)"))
        enough = ask(discovery_url(site, hosts, "media.limit(30)"))
        unknown = ask(discovery_url(site, hosts, "media", target="niemand"))
    assert too_much.status == 500
    assert "reduce the amount of data" in too_much.json["error"]["message"]
    assert len(enough.json["business_discovery"]["media"]["data"]) == 30
    assert (unknown.status, unknown.json["error"]["code"]) == (400, 110)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"end_date": "20261115", "start_date": "20261001"}, "more than 30 days"),
        ({"max_count": 101}, "max_count"),
        ({"cursor": 20, "search_id": "7"}, "search_id"),
        ({"start_date": "2026-11-01"}, "YYYYMMDD"),
    ],
)
def test_the_research_api_refuses_what_its_documentation_forbids(
    change: dict[str, Any], problem: str
) -> None:
    site = Site(many_posts(3, "tiktok", "veel"))
    query = {"and": [{"field_name": "username", "operation": "EQ", "field_values": ["veel"]}]}
    body = {"query": query, "start_date": "20261101", "end_date": "20261115", "max_count": 20}
    with running(site) as hosts:
        url = f"{hosts['open.tiktokapis.com']}/v2/research/video/query/?fields=id"
        bearer = {"authorization": f"Bearer {site.credentials.tiktok_token}"}
        assert ask(url, body, bearer).status == 200
        refused = ask(url, {**body, **change}, bearer)
    assert (refused.status, refused.json["error"]["code"]) == (400, "invalid_params")
    assert problem in refused.json["error"]["message"]
