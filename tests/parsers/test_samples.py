"""Recorded answers of the platforms, kept outside the project: each gives the posts its index says, or its refusal.

They lie in `../shared/samples`, or in the folder `samples` of what UITZICHT_SHARED names; without them this
file skips. One row a file; `python tests/parsers/test_samples.py` prints the table.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import ParseError, UnknownFormat
from crawler.imports.zeeschuimer import read_captures, recognises
from crawler.items import Capture, OutcomeKind, Page, Platform, Post
from crawler.parsers.formats import parse

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("UITZICHT_SHARED", ROOT.parent / "shared")) / "samples"

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no recorded responses at {SAMPLES}"),
]


def as_sent(body: bytes) -> bytes:
    return body


def timeline_of_readme(body: bytes) -> bytes:
    """Return the connection that the edge quoted in a README (with two commas too many) came from."""
    quoted = body[body.index(b'{\n    "posts"') : body.rindex(b"```", 0, body.index(b"## Environment"))]
    edges = json.loads(re.sub(rb",(\s*[\]}])", rb"\1", quoted))["posts"]
    connection = {"edges": edges, "page_info": {"has_next_page": False, "end_cursor": None}}
    return json.dumps({"data": {"xdt_api__v1__feed__user_timeline_graphql_connection": connection}}).encode()


def data_of_line(body: bytes) -> bytes:
    """Return the item in a Zeeschuimer line that was printed over many lines."""
    return json.dumps(json.loads(body)["data"]).encode()


def response_of_mock(body: bytes) -> bytes:
    """Return the response in NewPipeExtractor's recording of a request and its response."""
    return str(json.loads(body)["response"]["responseBody"]).encode()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One recorded file and what must be read from it.

    `posts` is what the index says; `refusal` the outcome where the platform said no; `format` "" where
    the file is of none that we read, which must be told as such.
    """

    file: str
    posts: int
    format: str
    refusal: OutcomeKind | None = None
    status: int = 200
    url: str = "https://example.org/recorded"
    body_of: Callable[[bytes], bytes] = as_sent
    accounts: int = 0
    cursor: bool = False

    @property
    def platform(self) -> Platform:
        return self.file.partition("/")[0]  # type: ignore[return-value]


TABLE = (
    Sample(
        file="instagram/kumarakshay-xdt-timeline-node-bbcnews-202503.readme.md",
        format="instagram.timeline",
        posts=1,
        body_of=timeline_of_readme,
    ),
    Sample(
        file="instagram/sc-api-v1-feed-user-barstoolsports-202503.json",
        format="instagram.feed_user",
        posts=1,
        accounts=1,
        cursor=True,
    ),
    Sample(
        file="instagram/sc-web_profile_info-edges.json",
        format="instagram.web_profile_info",
        posts=1,
        accounts=1,
        cursor=True,
    ),
    Sample(
        file="instagram/snssdks-business_discovery-captions-p1-2021.json",
        format="instagram.business_discovery",
        posts=2,
        cursor=True,
    ),
    Sample(
        file="instagram/snssdks-business_discovery-captions-p2-2021.json",
        format="instagram.business_discovery",
        posts=2,
        cursor=True,
    ),
    Sample(
        file="instagram/snssdks-business_discovery-media-p1-2021.json",
        format="instagram.business_discovery",
        posts=5,
        cursor=True,
    ),
    Sample(
        file="instagram/snssdks-business_discovery-media-p2-2021.json",
        format="instagram.business_discovery",
        posts=5,
    ),
    Sample(
        file="instagram/snssdks-business_discovery-user-2021.json",
        format="instagram.business_discovery",
        posts=0,
        accounts=1,
    ),
    Sample(file="instagram/snssdks-graph-error.json", format="", posts=0, refusal="blocked", status=400),
    Sample(file="instagram/snssdks-graph-media-with-children-2021.json", format="instagram.media", posts=2),
    Sample(file="instagram/zeeschuimer-instagram-home-202602.ndjson", format="instagram.item", posts=23),
    Sample(
        file="instagram/zeeschuimer-instagram-item-clip-202412.json",
        format="instagram.item",
        posts=1,
        body_of=data_of_line,
    ),
    # flattened by the tool that fetched it, no answer of Instagram's own
    Sample(file="instagram/hiker-v1-user-medias-pinned-natgeo-2026.json", format="", posts=0),
    Sample(
        file="tiktok/metascraper-profile-page-202512.html",
        format="tiktok.profile_page",
        posts=0,
        accounts=1,
    ),
    Sample(file="tiktok/zeeschuimer-tiktok-search-202310.first48.ndjson", format="tiktok.item", posts=48),
    Sample(
        file="tiktok/traktok-research-api-video-query-docexample.json",
        format="tiktok.research_videos",
        posts=2,
        cursor=True,
    ),
    Sample(
        file="tiktok/traktok-research-api-user-docexample.json",
        format="tiktok.research_user",
        posts=0,
        accounts=1,
    ),
    # a request, and a transcript as a paid service wraps it: not read
    Sample(file="tiktok/traktok-research-api-request-docexample.json", format="", posts=0),
    Sample(file="tiktok/sc-transcript-webvtt.json", format="", posts=0),
    Sample(
        file="youtube/capyreader-rss-feed-digitalfoundry-202501.xml",
        format="youtube.rss",
        posts=15,
        accounts=1,
    ),
    Sample(file="youtube/jdepoix-consent-page.html", format="", posts=0, refusal="blocked"),
    Sample(
        file="youtube/jdepoix-too-many-requests.html", format="", posts=0, refusal="challenged", status=429
    ),
    Sample(
        file="youtube/jdepoix-timedtext-transcript.xml",
        format="youtube.timedtext",
        posts=1,
        url="https://www.youtube.com/api/timedtext?v=sample",
    ),
    Sample(
        file="youtube/npe-browse-channel-not-available.mock.json",
        format="",
        posts=0,
        refusal="not_found",
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-browse-invalid-400.mock.json",
        format="",
        posts=0,
        refusal="blocked",
        status=400,
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-browse-shorts-202601-page1.mock.json",
        format="youtube.browse",
        posts=48,
        accounts=1,
        cursor=True,
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-browse-videos-lockup-202605-page1.mock.json",
        format="youtube.browse",
        posts=30,
        accounts=1,
        cursor=True,
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-browse-videos-lockup-202605-page2-continuation.mock.json",
        format="youtube.browse",
        posts=30,
        cursor=True,
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-browse-videos-videoRenderer-202601-page1.mock.json",
        format="youtube.browse",
        posts=30,
        accounts=1,
        cursor=True,
        body_of=response_of_mock,
    ),
    Sample(file="youtube/npe-item-lockupviewmodelpremiere.json", format="youtube.item", posts=1),
    Sample(file="youtube/npe-item-lockupviewmodelvideo.json", format="youtube.item", posts=1),
    Sample(
        file="youtube/npe-player-android-captionTracks-publicbroadcaster.mock.json",
        format="youtube.player",
        posts=1,
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-player-microformat-collaborators.mock.json",
        format="youtube.player",
        posts=1,
        body_of=response_of_mock,
    ),
    Sample(
        file="youtube/npe-resolve_url-202605.mock.json",
        format="youtube.resolve_url",
        posts=0,
        body_of=response_of_mock,
    ),
    # 404 of a feed does not say that the channel is gone: feeds fail in waves
    Sample(
        file="youtube/npe-rss-feed-404.mock.json",
        format="",
        posts=0,
        refusal="partial",
        status=404,
        url="https://www.youtube.com/feeds/videos.xml?channel_id=UC",
        body_of=response_of_mock,
    ),
    Sample(file="youtube/snssdks-dataapi-channels.list.json", format="youtube.channels", posts=0, accounts=1),
    Sample(file="youtube/snssdks-dataapi-error.json", format="", posts=0, refusal="blocked", status=403),
    Sample(
        file="youtube/snssdks-dataapi-playlistItems-p1.json",
        format="youtube.playlist_items",
        posts=10,
        cursor=True,
    ),
    Sample(file="youtube/snssdks-dataapi-playlistItems-p2.json", format="youtube.playlist_items", posts=3),
    Sample(file="youtube/snssdks-dataapi-search-p1.json", format="youtube.search", posts=25, cursor=True),
    Sample(file="youtube/snssdks-dataapi-videos-multi.json", format="youtube.videos", posts=2),
    Sample(
        file="linkedin/metascraper-guest-company-page-audiense-202410.html",
        format="linkedin.company_page",
        posts=10,
        accounts=1,
    ),
)


def read_pages(sample: Sample) -> list[Page]:
    """Return what a recorded file says: one page, or one a line of a Zeeschuimer export."""
    path = SAMPLES / sample.file
    if path.suffix == ".ndjson":
        assert recognises(path)
        parts = list(read_captures(path))
        assert [str(part) for part in parts if isinstance(part, ParseError)] == []
        return [parse(part) for part in parts if isinstance(part, Capture)]
    capture = Capture(
        capture_id="sample",
        platform=sample.platform,
        route="samples",
        url=sample.url,
        captured_at=datetime(2026, 11, 22, tzinfo=UTC),
        body=sample.body_of(path.read_bytes()),
        status=sample.status,
    )
    return [parse(capture)]


def read_posts(file: str) -> list[Post]:
    return [
        post for sample in TABLE if sample.file == file for page in read_pages(sample) for post in page.posts
    ]


@pytest.mark.parametrize("sample", TABLE, ids=lambda sample: sample.file)
def test_sample_gives_the_posts_of_the_index(sample: Sample) -> None:
    if not sample.format and sample.refusal is None:
        with pytest.raises(UnknownFormat):
            read_pages(sample)
        return
    pages = read_pages(sample)
    assert [str(error) for page in pages for error in page.errors] == []
    assert sum(len(page.posts) for page in pages) == sample.posts
    assert {page.refusal.outcome if page.refusal else None for page in pages} == {sample.refusal}
    assert {page.format for page in pages} == {sample.format}
    assert sum(page.account is not None for page in pages) == sample.accounts
    assert any(page.cursor for page in pages) == sample.cursor


def test_every_recorded_answer_has_a_row() -> None:
    folders = ("instagram", "tiktok", "youtube", "linkedin")
    recorded = {f"{folder}/{path.name}" for folder in folders for path in (SAMPLES / folder).iterdir()}
    assert {sample.file for sample in TABLE} == recorded


def test_hidden_likes_are_none_in_recorded_posts() -> None:
    posts = read_posts("instagram/zeeschuimer-instagram-home-202602.ndjson")
    hidden = {post.post_id for post in posts if post.like_count is None}
    assert len(hidden) == 4
    assert 3 not in {post.like_count for post in posts}
    assert {post.media_type for post in posts} == {"image", "carousel", "short"}
    assert len({post.post_id for post in posts}) == 23


def test_recorded_moments_are_utc_and_the_ids_own() -> None:
    for post in read_posts("tiktok/zeeschuimer-tiktok-search-202310.first48.ndjson"):
        assert post.posted_at is not None
        assert post.posted_at.utcoffset() == UTC.utcoffset(None)
        assert abs(post.posted_at.timestamp() - (int(post.post_id) >> 32)) < 600


def test_recorded_browse_pages_have_dates_and_exact_views_only() -> None:
    posts = read_posts("youtube/npe-browse-videos-lockup-202605-page1.mock.json")
    assert all(post.posted_at is not None and post.posted_source == "relative" for post in posts)
    assert sum(post.view_count is None for post in posts) == 3  # "12k", "3.1k" and "10k views"
    shorts = read_posts("youtube/npe-browse-shorts-202601-page1.mock.json")
    assert {(post.media_type, post.posted_at, post.view_count) for post in shorts} == {("short", None, None)}


def test_recorded_company_page_has_four_posts_of_its_own_and_six_reposts() -> None:
    posts = read_posts("linkedin/metascraper-guest-company-page-audiense-202410.html")
    own = [post for post in posts if not post.is_repost]
    assert len(own) == 4
    assert all(post.text and post.posted_at for post in own)
    assert all(post.repost_of and post.text is None for post in posts if post.is_repost)
    assert [post.media_type for post in own] == ["image", "video", "image", "link"]
    assert [post.comment_count for post in posts].count(None) == 6
    assert "Jenkins" not in repr(posts)


def print_table() -> None:
    """Print, for each recorded file, what was read from it beside what the index says."""
    for sample in TABLE:
        try:
            pages = read_pages(sample)
        except UnknownFormat:
            print(f"{sample.file:78} of no format we read")  # noqa: T201
            continue
        found = sum(len(page.posts) for page in pages)
        errors = sum(len(page.errors) for page in pages)
        formats = ", ".join(sorted({page.format for page in pages}))
        refusals = "; ".join(sorted({page.refusal.sign for page in pages if page.refusal}))
        line = (
            f"{sample.file:78} {formats:30} {found:3} of {sample.posts:3} posts, {errors} errors {refusals}"
        )
        print(line)  # noqa: T201


if __name__ == "__main__":
    print_table()
