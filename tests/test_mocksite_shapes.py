"""The mock site speaks as the platforms do: the parsers read its answers whole, and recordings know its fields."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Capture, Post
from crawler.parsers.formats import parse
from tests.mocksite import Behaviour, Site, many_posts, running
from tests.mocksite.asking import ask
from tests.mocksite.tiktok import sign
from tests.mocksite.walks import SHORTS, VIDEOS, discovery_url, line

SAMPLES = Path(os.environ.get("UITZICHT_SHARED", Path(__file__).parent.parent.parent / "shared")) / "samples"
NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
HEADERS = {"x-ig-app-id": "936619743392459"}
FIELDS = (
    "{id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count,children{id}}"
)


def content() -> list[dict[str, Any]]:
    """One account per platform, with what makes posts differ."""
    own = {
        "instagram": ("image", "carousel", "video"),
        "tiktok": ("video", "carousel"),
        "youtube": ("video", "short"),
        "linkedin": ("text", "image", "carousel", "video", "document", "article"),
    }
    return [
        line(
            platform=platform,
            media=media,
            account="veel",
            posted_at=f"2026-10-{number + 1:02d}T14:05:00+02:00",
            title=f"Titel {number}" if platform in ("youtube", "linkedin") else "",
            text=f"Post {number}: lassen & solderen <3 #kieswijs bij https://veel.example/opendag é🎉",
            alt_text="Een lasser aan het werk." if media in ("image", "carousel") else "",
            transcript="Hallo allemaal welkom bij de open dag." if media == "video" else "",
        )
        for platform, kinds in own.items()
        for number, media in enumerate(kinds)
    ]


Asked = tuple[str, Any, dict[str, str]]
Ask = Callable[[Site, dict[str, str]], Asked]


def _account(site: Site, platform: str) -> Any:
    return site.account(platform, "veel")


def _browse(site: Site, hosts: dict[str, str], params: str) -> Asked:
    body = {"browseId": _account(site, "youtube").channel_id, "params": params}
    return f"{hosts['www.youtube.com']}/youtubei/v1/browse", body, {}


def _data_api(site: Site, hosts: dict[str, str], call: str) -> Asked:
    return f"{hosts['www.googleapis.com']}/youtube/v3/{call}&key={site.credentials.youtube_api_key}", None, {}


def _research(site: Site, hosts: dict[str, str]) -> Asked:
    asked = "id,create_time,username,video_description,hashtag_names,view_count,like_count,comment_count,voice_to_text"
    query = {"and": [{"field_name": "username", "operation": "EQ", "field_values": ["veel"]}]}
    body = {"query": query, "start_date": "20260925", "end_date": "20261020", "max_count": 100}
    bearer = {"authorization": f"Bearer {site.credentials.tiktok_token}"}
    return f"{hosts['open.tiktokapis.com']}/v2/research/video/query/?fields={asked}", body, bearer


def _item_list(site: Site, hosts: dict[str, str]) -> Asked:
    """Sign as the page's own script does."""
    site.page_nonces.add("nonce")
    asked = f"secUid={_account(site, 'tiktok').sec_uid}&count=35&cursor=0&msToken=nonce"
    signed = f"{asked}&X-Bogus={sign(asked + 'nonce')}&X-Gnarly={sign('nonce' + asked)}"
    return f"{hosts['www.tiktok.com']}/api/post/item_list/?{signed}", None, {}


def _videos_call(site: Site) -> str:
    asked = ",".join(post.post_id for post in site.posts("youtube", "veel"))
    return f"videos?part=snippet,contentDetails,statistics&id={asked}"


ASKS: dict[str, Ask] = {
    "instagram.web_profile_info": lambda site, hosts: (
        f"{hosts['www.instagram.com']}/api/v1/users/web_profile_info/?username=veel",
        None,
        HEADERS,
    ),
    "instagram.feed_user": lambda site, hosts: (
        f"{hosts['www.instagram.com']}/api/v1/feed/user/{_account(site, 'instagram').number}/",
        None,
        HEADERS,
    ),
    "instagram.timeline": lambda site, hosts: (
        f"{hosts['www.instagram.com']}/graphql/query?doc_id=1&variables=%7B%22username%22%3A%22veel%22%7D",
        None,
        HEADERS,
    ),
    "instagram.business_discovery": lambda site, hosts: (
        discovery_url(site, hosts, "media").replace("%7Bid%2Ccaption%2Cpermalink%7D", FIELDS),
        None,
        {},
    ),
    "tiktok.item_list": _item_list,
    "tiktok.research_videos": _research,
    "youtube.rss": lambda site, hosts: (
        f"{hosts['www.youtube.com']}/feeds/videos.xml?channel_id={_account(site, 'youtube').channel_id}",
        None,
        {},
    ),
    "youtube.videos": lambda site, hosts: _data_api(site, hosts, _videos_call(site)),
    "youtube.browse": lambda site, hosts: _browse(site, hosts, VIDEOS),
    "linkedin.company_page": lambda site, hosts: (f"{hosts['www.linkedin.com']}/company/veel", None, {}),
}


def capture(hosts: dict[str, str], name: str, asked: Asked) -> Capture:
    """Return what a spider would hold after asking, at the platform's own address and the site's own now."""
    url, body, headers = asked
    answer = ask(url, body, headers)
    host = next(host for host, origin in hosts.items() if url.startswith(origin))
    return Capture(
        capture_id="one",
        platform=name.partition(".")[0],  # type: ignore[arg-type]
        route="test",
        url=url.replace(hosts[host], f"https://{host}"),
        captured_at=NOW,
        body=answer.body,
        status=answer.status,
        headers=tuple(answer.headers.items()),
        method="POST" if body else "GET",
        request_body=json.dumps(body).encode() if body else b"",
        format=name,
        account="veel",
    )


def _is_on(name: str, media: str) -> bool:
    return name != "youtube.browse" or media != "short"


@pytest.mark.parametrize("name", ASKS)
def test_the_parsers_read_every_post_of_an_answer(name: str) -> None:
    site, platform = Site(content()), name.partition(".")[0]
    with running(site) as hosts:
        page = parse(capture(hosts, name, ASKS[name](site, hosts)))
    assert page.errors == ()
    expected = [post for post in site.posts(platform, "veel") if _is_on(name, post.media)]
    assert [post.post_id for post in page.posts] == [post.post_id for post in expected]
    for found, made in zip(page.posts, expected, strict=True):
        _check(found, made, name)


def _check(found: Post, made: Any, name: str) -> None:
    if found.text is not None:
        assert found.text == made.text
    assert found.title in (None, "", made.title)
    assert "kieswijs" in found.hashtags or found.text is None
    if name != "youtube.browse":
        assert found.posted_at is not None
        assert abs((found.posted_at - made.posted_at).total_seconds()) < 1
    if made.media == "image" and name.startswith("instagram") and not name.endswith("discovery"):
        assert found.alt_text == made.alt_text


@pytest.mark.parametrize("tab", [VIDEOS, SHORTS], ids=["videos", "shorts"])
@pytest.mark.parametrize(
    "behaviours", [(), (Behaviour(kind="video_renderer"),)], ids=["lockup", "videoRenderer"]
)
def test_the_parsers_read_both_layouts_and_the_next_page(tab: str, behaviours: tuple[Behaviour, ...]) -> None:
    site = Site(many_posts(300, "youtube", "veel"), behaviours)
    with running(site) as hosts:
        first = parse(capture(hosts, "youtube.browse", _browse(site, hosts, tab)))
        url = f"{hosts['www.youtube.com']}/youtubei/v1/browse"
        second = parse(capture(hosts, "youtube.browse", (url, {"continuation": first.cursor}, {})))
    kind = "short" if tab == SHORTS else "video"
    expected = [post.post_id for post in site.posts("youtube", "veel") if post.media == kind]
    found = [post.post_id for page in (first, second) for post in page.posts]
    assert found == expected[: len(found)]
    assert len(found) == (96 if tab == SHORTS else 60)
    assert all((post.posted_at is None) == (tab == SHORTS) for post in first.posts)


ONE = {
    "instagram.item": lambda hosts, post: (f"{hosts['www.instagram.com']}/p/{post.post_id}/", None, {}),
    "tiktok.video_page": lambda hosts, post: (
        f"{hosts['www.tiktok.com']}/@veel/video/{post.post_id}",
        None,
        {},
    ),
    "youtube.player": lambda hosts, post: (
        f"{hosts['www.youtube.com']}/youtubei/v1/player",
        {"videoId": post.post_id},
        {},
    ),
    "linkedin.post_page": lambda hosts, post: (
        f"{hosts['www.linkedin.com']}/posts/veel_x-activity-{post.post_id}-Ab1c",
        None,
        {},
    ),
}


@pytest.mark.parametrize("name", ONE)
def test_the_parsers_read_each_post_by_itself(name: str) -> None:
    site, platform = Site(content()), name.partition(".")[0]
    with running(site) as hosts:
        for made in site.posts(platform, "veel"):
            page = parse(capture(hosts, name, ONE[name](hosts, made)))
            assert page.errors == ()
            assert [(post.post_id, post.text) for post in page.posts] == [(made.post_id, made.text)]
            assert page.posts[0].posted_at == made.posted_at


def test_the_parsers_read_the_witnesses_of_completeness() -> None:
    site = Site(content())
    with running(site) as hosts:
        profile = parse(capture(hosts, "tiktok.profile_page", (f"{hosts['www.tiktok.com']}/@veel", None, {})))
        call = "channels?part=snippet,contentDetails,statistics&forHandle=@veel"
        channel = parse(capture(hosts, "youtube.channels", _data_api(site, hosts, call)))
        found = parse(
            capture(
                hosts,
                "instagram.web_profile_info",
                ASKS["instagram.web_profile_info"](site, hosts),
            )
        )
    counts = [page.account.posts_count for page in (profile, channel, found) if page.account]
    assert counts == [len(site.posts(platform, "veel")) for platform in ("tiktok", "youtube", "instagram")]


# Recordings: a field that the site sends is one that a recording has, or one of these, known from public code.

INSTAGRAM = ("instagram/*.json", "instagram/*.md", "instagram/*.ndjson")
FROM_CODE: dict[str, tuple[tuple[str, ...], str]] = {
    "instagram.web_profile_info": (INSTAGRAM, "edge_sidecar_to_children"),
    "instagram.feed_user": (INSTAGRAM, ""),
    "instagram.timeline": (
        INSTAGRAM,
        "cursor extensions has_previous_page is_final start_cursor xdt_viewer "
        "xdt_api__v1__feed__user_timeline_graphql_connection",
    ),
    "instagram.business_discovery": (("instagram/snssdks-*",), "media_product_type"),
    "tiktok.item_list": (
        ("tiktok/*",),
        "hasMore extra fatal_item_ids now status_code status_msg contents repostCount imagePost images imageURL "
        "urlList claInfo hasOriginalAudio enableAutoCaption captionInfos captionFormat languageCode "
        "isOriginalCaption subtitleInfos LanguageCodeName Format Source Url UrlExpire",
    ),
    "tiktok.research_videos": (("tiktok/traktok-*",), "id username like_count voice_to_text"),
    "youtube.videos": (
        ("youtube/snssdks-*",),
        "duration dimension definition caption likeCount commentCount favoriteCount",
    ),
    "youtube.browse": (("youtube/npe-*",), ""),
}


def names(value: Any) -> set[str]:
    """Return the names of all fields, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def recorded(globs: tuple[str, ...]) -> str:
    """Return the recordings as one text; skip, and say so, where they are not there."""
    found = [path.read_text(encoding="utf-8") for one in globs for path in sorted(SAMPLES.glob(one))]
    if not found:
        pytest.skip(f"no recordings {', '.join(globs)} in {SAMPLES}")
    return "".join(found)


@pytest.mark.samples
@pytest.mark.parametrize("name", FROM_CODE)
def test_recordings_have_the_fields_that_the_site_sends(name: str) -> None:
    globs, from_code = FROM_CODE[name]
    known = set(re.findall(r'"(\w+)\\?"\s*:', recorded(globs))) | set(from_code.split())
    site = Site(content())
    with running(site) as hosts:
        found = names(ask(*ASKS[name](site, hosts)).json)
    assert found - known == set()


@pytest.mark.samples
def test_recordings_have_the_marks_of_the_sites_pages() -> None:
    site = Site(content())
    with running(site) as hosts:
        company = ask(*ASKS["linkedin.company_page"](site, hosts)).body.decode()
        feed = ask(*ASKS["youtube.rss"](site, hosts)).body.decode()
    marks = re.compile(r'data-(?:test-)?id="[^"]*"|\sdata-[\w-]+(?==)')
    known = set(marks.findall(recorded(("linkedin/*.html",)))) | {" data-native-document-config"}
    from_code = {'data-test-id="feed-native-document-content"', 'data-test-id="about-us__website"'}
    assert set(marks.findall(company)) - known - from_code == set()
    tags = re.compile(r"<([\w:]+)")
    assert set(tags.findall(feed)) == set(tags.findall(recorded(("youtube/capyreader-*.xml",))))
