"""The mock site misbehaves as told: each refusal in its platform's own words, and what goes wrong on the way."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.mocksite import HOSTS, KINDS, Behaviour, Site, many_posts, running
from tests.mocksite.asking import ask
from tests.mocksite.refusals import REFUSALS, refuse
from tests.mocksite.serving import ROUTES
from tests.mocksite.tiktok import sign
from tests.mocksite.visit import Visit
from tests.mocksite.walks import (
    WALKS,
    Walk,
    browse,
    business_discovery,
    discovery_url,
    feed_user,
    line,
    playlist_items,
)

APP_ID = {"x-ig-app-id": "936619743392459"}
PROFILE = ("www.instagram.com", "/api/v1/users/web_profile_info/?username=veel")
TIKTOK = ("www.tiktok.com", "/@veel")
RSS = ("www.youtube.com", "/feeds/videos.xml?channel_id={channel}")
CHANNELS = ("www.googleapis.com", "/youtube/v3/channels?part=id&forHandle=@veel&key={key}")
COMPANY = ("www.linkedin.com", "/company/veel/")


@pytest.mark.parametrize(
    ("kind", "address", "status", "sign"),
    [
        ("login_redirect", PROFILE, 302, "/accounts/login/?next="),
        ("login_redirect", TIKTOK, 302, "/login?redirect_url="),
        ("require_login", PROFILE, 401, '"require_login":true'),
        ("challenge", PROFILE, 400, '"challenge_required"'),
        ("challenge", TIKTOK, 200, "captcha"),
        ("challenge", RSS, 429, "das_captcha"),
        ("challenge", COMPANY, 302, "/checkpoint/challenge/"),
        ("checkpoint", PROFILE, 400, '"checkpoint_required"'),
        ("feedback", PROFILE, 400, '"feedback_required"'),
        ("forbidden", TIKTOK, 403, "403"),
        ("forbidden", CHANNELS, 403, "PERMISSION_DENIED"),
        ("not_found", RSS, 404, "Error 404"),
        ("not_found", PROFILE, 404, "Page not found"),
        ("rate_limited", PROFILE, 429, "Please wait"),
        ("rate_limited", COMPANY, 429, "Too Many Requests"),
        ("request_denied", COMPANY, 999, "authwall"),
        ("authwall", COMPANY, 302, "/authwall?trk="),
        ("consent", RSS, 302, "/m?continue="),
        ("not_a_bot", RSS, 200, "not a bot"),
        ("please_wait", TIKTOK, 200, "Please wait"),
        ("quota_exceeded", CHANNELS, 403, "quotaExceeded"),
        ("token_expired", CHANNELS, 400, "expired"),
        ("reduce_data", PROFILE, 500, "reduce the amount"),
        ("server_error", TIKTOK, 503, "503"),
        ("unavailable", COMPANY, 503, "503"),
        ("empty_body", PROFILE, 200, ""),
        ("html_for_json", PROFILE, 200, "<!DOCTYPE html>"),
        ("vanished", CHANNELS, 200, '"totalResults":0'),
        ("vanished", RSS, 404, "Error 404"),
        ("vanished", TIKTOK, 200, '"statusCode":10221'),
        ("private", TIKTOK, 200, '"statusCode":10222'),
        ("private", PROFILE, 200, '"is_private":true'),
        ("region_locked", TIKTOK, 200, '"statusCode":10231'),
        ("region_locked", COMPANY, 451, "country"),
        ("empty", PROFILE, 200, '"count":0'),
        ("moved", COMPANY, 301, "/school/veel/"),
        ("moved", TIKTOK, 301, "/@veel?lang=nl-NL"),
    ],
)
def test_each_refusal_is_what_it_is_called(
    kind: str, address: tuple[str, str], status: int, sign: str
) -> None:
    sites = [
        post
        for platform in ("instagram", "tiktok", "youtube", "linkedin")
        for post in many_posts(2, platform, "veel")
    ]
    site = Site(sites, [Behaviour(kind=kind, account="veel", seconds=7)])
    channel = site.account("youtube", "veel")
    assert channel
    host, path = address
    with running(site) as hosts:
        url = hosts[host] + path.format(channel=channel.channel_id, key=site.credentials.youtube_api_key)
        answer = ask(url, headers=APP_ID)
    assert answer.status == status
    assert sign in answer.headers.get("location", "") + answer.body.decode()
    assert answer.headers.get("retry-after") == ("7" if kind in ("rate_limited", "unavailable") else None)
    assert (answer.body == b"") == (kind == "empty_body" or status in (301, 302))
    assert answer.headers.get("location", "http://127.0.0.1:").startswith("http://127.0.0.1:")


def test_every_refusal_has_an_answer_on_every_route() -> None:
    for route in ROUTES:
        for kind in REFUSALS:
            visit = Visit(
                site=Site(),
                route=route,
                path={},
                query={},
                raw_query="",
                headers={},
                target="/x",
                body=b"",
                due=(Behaviour(kind=kind),),
            )
            assert refuse(visit) is not None, (route.name, kind)


def test_a_behaviour_begins_after_and_ends_after_so_many_requests() -> None:
    site = Site(
        many_posts(2, "instagram", "veel"), [Behaviour(kind="forbidden", account="veel", after=2, times=1)]
    )
    with running(site) as hosts:
        url = hosts["www.instagram.com"] + PROFILE[1]
        statuses = [ask(url, headers=APP_ID).status for _ in range(4)]
        site.behaviours.add(Behaviour(kind="server_error", host="www.instagram.com"))
        statuses.append(ask(url, headers=APP_ID).status)
        site.behaviours.clear("server_error")
        statuses.append(ask(url, headers=APP_ID).status)
        assert ask(f"{hosts['www.instagram.com']}/robots.txt").status == 200
    assert statuses == [200, 200, 403, 200, 503, 200]


def test_a_behaviour_of_one_route_or_account_leaves_the_others_alone() -> None:
    posts = [*many_posts(2, "instagram", "veel"), *many_posts(2, "instagram", "ander")]
    site = Site(posts, [Behaviour(kind="forbidden", account="Veel", route="instagram.web_profile_info")])
    with running(site) as hosts:
        url = hosts["www.instagram.com"]
        profiles = [
            ask(f"{url}/api/v1/users/web_profile_info/?username={one}", headers=APP_ID).status
            for one in ("veel", "ander")
        ]
        feed = ask(f"{url}/api/v1/feed/user/veel/username/").status
    assert (profiles, feed) == ([403, 200], 200)


@pytest.mark.parametrize(
    "kind", ["truncated", "wrong_encoding", "renamed_field", "broken_connection", "slow"]
)
def test_an_answer_that_goes_wrong_on_its_way(kind: str) -> None:
    posts = [
        replace(post, text=post.text + " Één café", edited=False)
        for post in many_posts(5, "instagram", "veel")
    ]
    spoilt = Behaviour(kind=kind, field="taken_at", to="taken_at_ts", seconds=0.4)
    site = Site(posts)
    with running(site) as hosts:
        url = f"{hosts['www.instagram.com']}/api/v1/feed/user/veel/username/"
        whole = ask(url)
        site.behaviours.add(spoilt)
        if kind == "broken_connection":
            with pytest.raises(http.client.IncompleteRead) as broken:
                ask(url)
            assert 0 < len(broken.value.partial) < len(whole.body)
            return
        started = time.monotonic()
        answer = ask(url)
        took = time.monotonic() - started
    assert int(answer.headers["content-length"]) == len(answer.body)
    if kind == "truncated":
        assert whole.body.startswith(answer.body)
        assert len(answer.body) < len(whole.body)
    elif kind == "wrong_encoding":
        assert answer.body.decode("cp1252") == whole.body.decode()
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode()
    elif kind == "renamed_field":
        assert {"taken_at_ts"} == {key for key in answer.json["items"][0] if key.startswith("taken_at")}
    else:
        assert took >= 0.4
        assert answer.body == whole.body


@pytest.mark.parametrize("walk", [feed_user, business_discovery, playlist_items, browse])
def test_a_page_may_come_twice_and_a_page_may_be_empty(walk: Walk) -> None:
    platform = WALKS.get(walk, "youtube")
    route = {"feed_user": "feed_user", "browse": "browse"}.get(walk.__name__, walk.__name__)
    again = Behaviour(kind="same_page_twice", route=f"{platform}.{route}", after=2, times=1)
    site = Site(many_posts(230, platform, "veel"), [again])
    with running(site) as hosts:
        pages = list(walk(site, hosts))
        assert pages[2] == pages[1] != pages[0]
        assert len({one for page in pages for one in page}) == sum(map(len, pages)) - len(pages[1])
        site.behaviours.clear()
        site.behaviours.add(replace(again, kind="more_with_nothing", after=1))
        pages = list(walk(site, hosts))
        assert pages[1] == []
        assert len(pages) > 2


def test_hidden_likes_are_hidden_in_each_platforms_way() -> None:
    posts = [line(hidden_likes=True), line(platform="youtube", media="video", hidden_likes=True, title="T")]
    site = Site(posts)
    post, video = (site.posts(platform, "klein")[0] for platform in ("instagram", "youtube"))
    with running(site) as hosts:
        key = site.credentials.youtube_api_key
        item = ask(f"{hosts['www.instagram.com']}/api/v1/feed/user/klein/username/").json["items"][0]
        media = ask(discovery_url(site, hosts, "media", "klein").replace("permalink", "like_count")).json
        data = ask(
            f"{hosts['www.googleapis.com']}/youtube/v3/videos?part=statistics&id={video.post_id}&key={key}"
        ).json
    assert (item["code"], item["like_and_view_counts_disabled"], item["like_count"]) == (
        post.post_id,
        True,
        3,
    )
    assert set(media["business_discovery"]["media"]["data"][0]) == {"id", "caption"}
    assert "likeCount" not in data["items"][0]["statistics"]


def test_a_vanished_channel_is_told_by_browse_with_status_200() -> None:
    site = Site([], [Behaviour(kind="vanished", platform="youtube", account="@weg")])
    account = site.account("youtube", "@weg")
    assert account
    with running(site) as hosts:
        answer = ask(f"{hosts['www.youtube.com']}/youtubei/v1/browse", {"browseId": account.channel_id})
        nonsense = ask(f"{hosts['www.youtube.com']}/youtubei/v1/browse", {"browseId": "UCniets"})
    assert answer.status == 200
    assert "terminated" in answer.json["alerts"][0]["alertRenderer"]["text"]["simpleText"]
    assert (nonsense.status, nonsense.json["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_linkedin_shows_ten_cards_and_the_reposts_as_anothers() -> None:
    posts = many_posts(14, "linkedin", "veel")
    repost = line(
        platform="linkedin",
        account="veel",
        media="text",
        repost_of="Ank de Bruin",
        posted_at="2026-11-15T09:00:00Z",
    )
    site = Site([*posts, repost])
    with running(site) as hosts:
        text = ask(hosts["www.linkedin.com"] + COMPANY[1]).body.decode()
        post_id = site.posts("linkedin", "veel")[1].post_id
        page = ask(f"{hosts['www.linkedin.com']}/feed/update/urn:li:activity:{post_id}").body.decode()
    assert text.count('main-feed-activity-card"') == 10
    assert text.count("reposted this") == 1
    assert "Ank de Bruin" in text
    assert '"datePublished":"2026-11-14T18:00:00.000Z"' in page


def test_the_items_of_a_tiktok_profile_come_only_to_its_own_page() -> None:
    site = Site(many_posts(3, "tiktok", "veel"))
    account = site.account("tiktok", "veel")
    assert account
    with running(site) as hosts:
        page = ask(hosts["www.tiktok.com"] + "/@veel").body.decode()
        direct = ask(
            f"{hosts['www.tiktok.com']}/api/post/item_list/?secUid={account.sec_uid}&count=30&cursor=0"
        )
        base = f"{hosts['www.tiktok.com']}/api/post/item_list/?"
        own = f"secUid={account.sec_uid}&cursor=0&msToken=own"  # signed well, with a token that no page was given
        forged = ask(f"{base}{own}&X-Bogus={sign(own + 'own')}&X-Gnarly={sign('own' + own)}")
        site.page_nonces.add("own")
        served = ask(f"{base}{own}&X-Bogus={sign(own + 'own')}&X-Gnarly={sign('own' + own)}")
    assert '"itemList":[]' in page
    assert '"videoCount":3' in page
    assert (direct.status, direct.body) == (200, b"")
    assert (forged.status, forged.body) == (200, b"")
    assert len(served.json["itemList"]) == 3


def test_what_the_site_was_asked_is_counted() -> None:
    site = Site(many_posts(30, "instagram", "veel"))
    with running(site) as hosts:
        list(feed_user(site, hosts))
        ask(f"{hosts['www.linkedin.com']}/robots.txt")
    assert site.requests(route="instagram.feed_user", account="veel") == 3
    assert site.requests(host="www.linkedin.com") == 1
    assert [one.status for one in site.received(account="veel")] == [200, 200, 200]


def test_only_this_machine_can_reach_it_and_answers_bear_the_sites_clock() -> None:
    site = Site()
    with running(site) as hosts:
        assert set(hosts) == set(HOSTS)
        assert all(origin.startswith("http://127.0.0.1:") for origin in hosts.values())
        answer = ask(hosts["www.linkedin.com"] + "/robots.txt")
    assert answer.headers["date"] == "Sun, 15 Nov 2026 12:00:00 GMT"
    assert answer.body == b"User-agent: *\nDisallow: /\n"


def test_ten_thousand_posts_of_one_account_are_walked_quickly() -> None:
    site = Site(many_posts(10_000, "instagram", "veel", apart=timedelta(minutes=20)))
    started = time.monotonic()
    with running(site) as hosts:
        found = {one for page in business_discovery_by_hundred(site, hosts) for one in page}
    assert len(found) == 10_000
    assert time.monotonic() - started < 30


def business_discovery_by_hundred(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    cursor: str | None = ""
    while cursor is not None:
        media = "media.limit(100)" + (f".after({cursor})" if cursor else "")
        found = ask(discovery_url(site, hosts, media)).json["business_discovery"]["media"]
        yield [one["permalink"] for one in found["data"]]
        cursor = found.get("paging", {}).get("cursors", {}).get("after")


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Behaviour(kind="angry"), "angry"),
        (lambda: Behaviour(kind="renamed_field"), "field and to"),
        (lambda: Site([line(media="painting")]), "painting"),
        (lambda: Site([{**line(), "colour": "red"}]), "colour"),
        (lambda: Site([line(posted_at="2026-10-03T14:05:00")]), "zone"),
    ],
)
def test_what_is_not_understood_is_said(make: Callable[[], object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        make()


def test_every_kind_is_explained() -> None:
    assert all(text for text in KINDS.values())
