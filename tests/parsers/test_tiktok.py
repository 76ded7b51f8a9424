"""What the capture folders do not show of the TikTok parsers: counts, dates, ids, and answers that cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cases import CAPTURES, read_capture

from crawler.errors import ParseError
from crawler.items import Capture, Page, Post
from crawler.parsers.formats import parse


def capture_of(case: str, body: bytes | None = None) -> Capture:
    capture = read_capture(CAPTURES / "tiktok" / case)
    return capture if body is None else replace(capture, body=body)


def parse_changed(**changes: Any) -> Page:
    """Parse a complete single item with some of its fields changed; `...` leaves a field out."""
    capture = capture_of("item_without_date")
    item = json.loads(capture.body) | {"createTime": 1795106710} | changes
    item = {name: value for name, value in item.items() if value is not ...}
    return parse(replace(capture, body=json.dumps(item).encode()))


def only_post(page: Page) -> Post:
    assert page.errors == ()
    (post,) = page.posts
    return post


def test_exact_counts_come_before_rounded_ones_each_by_itself() -> None:
    post = only_post(
        parse_changed(
            stats={"diggCount": 15800, "playCount": 312000, "collectCount": "880", "commentCount": 7},
            statsV2={"diggCount": "15832", "playCount": "311987"},
        )
    )
    assert (post.like_count, post.view_count) == (15832, 311987)
    assert (post.save_count, post.comment_count, post.share_count) == (880, 7, None)


def test_no_counts_are_none_and_not_zero() -> None:
    post = only_post(parse_changed(stats=..., statsV2=...))
    counts = (post.like_count, post.comment_count, post.share_count, post.view_count, post.save_count)
    assert counts == (None,) * 5


@pytest.mark.parametrize("seconds", [1795106710, "1795106710"])
def test_the_moment_is_read_from_numbers_and_from_text(seconds: object) -> None:
    post = only_post(parse_changed(createTime=seconds))
    assert post.posted_at == datetime(2026, 11, 19, 16, 45, 10, tzinfo=UTC)
    assert (post.posted_precision, post.posted_source) == ("second", "page")


def test_without_a_moment_the_id_tells_it_less_precisely() -> None:
    post = only_post(parse_changed(createTime=...))
    assert post.posted_at == datetime(2026, 11, 19, 16, 45, 6, tzinfo=UTC)
    assert (post.posted_precision, post.posted_source) == ("minute", "id")


def test_without_a_moment_and_with_a_foreign_id_the_date_is_unknown() -> None:
    post = only_post(parse_changed(createTime=..., id="12"))
    assert (post.posted_at, post.posted_precision, post.posted_source) == (None, "unknown", "unknown")


@pytest.mark.parametrize("seconds", ["0", 0, 1795106710000, 1.5, True, "yesterday", -5])
def test_a_moment_that_is_none_is_an_error_that_names_post_and_value(seconds: object) -> None:
    page = parse_changed(createTime=seconds)
    (error,) = page.errors
    assert page.posts == ()
    assert error.place == "tiktok.item 7709924597087943531.createTime"
    assert "expected epoch seconds" in str(error)


def test_ids_beyond_two_to_the_53rd_stay_exact() -> None:
    assert only_post(parse_changed(id=7709924597087943531)).post_id == "7709924597087943531"
    research = json.loads(capture_of("research_first_page").body)
    research["data"]["videos"][0]["id"] = 9223372036854775807
    page = parse(capture_of("research_first_page", json.dumps(research).encode()))
    assert page.posts[0].post_id == "9223372036854775807"


@pytest.mark.parametrize("post_id", ["", "v0", "-7", "7.5", 7.5, True, "٣", "7/../8", [7]])
def test_an_id_that_is_no_number_is_an_error(post_id: object) -> None:
    page = parse_changed(id=post_id)
    assert (page.posts, len(page.errors)) == ((), 1)
    assert ".id is " in str(page.errors[0])


def test_a_slideshow_is_known_by_its_pictures() -> None:
    carousel = only_post(parse_changed(imagePost={"images": [{}, {}]}))
    image = only_post(parse_changed(imagePost={"images": [{}]}))
    assert (carousel.media_type, image.media_type) == ("carousel", "image")
    assert carousel.url == "https://www.tiktok.com/@rocnoorderhaven/photo/7709924597087943531"


def test_a_list_asked_for_by_its_own_secuid_has_no_reposts() -> None:
    page = parse(capture_of("list_first_page"))
    assert page.posts
    assert not any(post.is_repost for post in page.posts)


@pytest.mark.parametrize("more", [True, 1])
@pytest.mark.parametrize("name", ["hasMore", "has_more"])
def test_more_is_told_in_every_spelling(name: str, more: object) -> None:
    body = {"itemList": [], name: more, "cursor": 1795000000000}
    assert parse(capture_of("list_first_page", json.dumps(body).encode())).cursor == "1795000000000"


@pytest.mark.parametrize("more", [False, 0, None])
def test_the_last_page_has_no_cursor(more: object) -> None:
    body = {"itemList": [], "hasMore": more, "cursor": "0"}
    assert parse(capture_of("list_first_page", json.dumps(body).encode())).cursor is None


@pytest.mark.parametrize(
    ("cut", "problem"),
    [
        (b"</script>", "__UNIVERSAL_DATA_FOR_REHYDRATION__ is missing"),
        (b'"userInfo":{"user":', "is not JSON"),
        (b'"uniqueId"', "uniqueId is missing"),
    ],
)
def test_a_broken_profile_page_is_one_typed_error(cut: bytes, problem: str) -> None:
    body = capture_of("profile_page").body
    assert cut in body
    with pytest.raises(ParseError, match=problem):
        parse(capture_of("profile_page", body.replace(cut, b'"other"' if cut == b'"uniqueId"' else b"")))


@pytest.mark.parametrize("body", [b"{", b"[]", b"nothing", b'{"unknown": 1}', b'{"itemList": "\xff"}'])
def test_an_answer_that_cannot_be_read_is_one_typed_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(capture_of("list_first_page", body))
