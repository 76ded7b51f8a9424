"""What the capture folders do not show of the Instagram parsers: whole answers that cannot be read, and ids."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from cases import CAPTURES, read_capture

from crawler.errors import ParseError, UnknownFormat
from crawler.items import Capture, Page, Post
from crawler.parsers.formats import parse
from crawler.parsers.instagram.shortcode import encode, from_permalink


def capture_of(case: str, body: bytes | None = None) -> Capture:
    capture = read_capture(CAPTURES / "instagram" / case)
    return capture if body is None else replace(capture, body=body)


def parse_changed(case: str, **changes: Any) -> Page:
    """Parse a case's first item or node with some of its fields changed; `...` leaves a field out."""
    capture = capture_of(case)
    whole = json.loads(capture.body)
    item = whole["items"][0] if "items" in whole else whole
    item.update(changes)
    for name in [name for name, value in changes.items() if value is ...]:
        del item[name]
    return parse(replace(capture, body=json.dumps(whole).encode()))


def only_post(page: Page) -> Post:
    assert page.errors == ()
    (post,) = page.posts
    return post


def test_hidden_likes_are_none_and_not_the_made_up_three() -> None:
    post = only_post(parse_changed("item_xdt", like_and_view_counts_disabled=True, like_count=3))
    assert (post.like_count, post.view_count) == (None, None)
    assert post.comment_count == 41


def test_no_likes_is_zero_and_unshown_likes_are_none() -> None:
    assert only_post(parse_changed("item_xdt", like_count=0)).like_count == 0
    assert only_post(parse_changed("item_xdt", like_count=-1)).like_count is None
    assert only_post(parse_changed("item_xdt", like_count=None)).like_count is None
    assert only_post(parse_changed("item_xdt", like_count=...)).like_count is None


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ({"play_count": 9, "ig_play_count": 7, "view_count": 5}, 9),
        ({"play_count": None, "ig_play_count": 7, "view_count": 5}, 7),
        ({"play_count": ..., "ig_play_count": ..., "view_count": 5}, 5),
        ({"play_count": 0, "ig_play_count": 7, "view_count": None}, 0),
        ({"play_count": ..., "ig_play_count": ..., "view_count": None}, None),
    ],
)
def test_views_are_plays_where_plays_are_shown(shown: dict[str, Any], count: int | None) -> None:
    assert only_post(parse_changed("item_xdt", **shown)).view_count == count


def test_text_that_is_not_there_differs_from_text_that_is_not_shown() -> None:
    assert only_post(parse_changed("item_xdt", caption=None)).text == ""
    assert only_post(parse_changed("item_xdt", caption=...)).text is None


def test_a_video_is_a_short_only_as_a_reel() -> None:
    assert only_post(parse_changed("item_xdt", product_type="igtv")).media_type == "video"
    assert only_post(parse_changed("item_xdt", product_type="clips")).media_type == "short"
    assert only_post(parse_changed("item_xdt", media_type=1)).media_type == "image"


@pytest.mark.parametrize("media_type", [0, 3, 11, "9", True, 1.5, [], {}])
def test_an_unknown_type_is_an_error_that_names_post_value_and_expectation(media_type: object) -> None:
    page = parse_changed("item_xdt", media_type=media_type)
    if media_type is True:  # equal to 1
        assert page.posts[0].media_type == "image"
        return
    (error,) = page.errors
    assert page.posts == ()
    assert error.place == "instagram.item Df41JzfgE5w.media_type"
    assert "expected one of 1, 2, 8" in str(error)


def test_a_story_is_no_post_and_no_error() -> None:
    page = parse_changed("item_xdt", product_type="story")
    assert (page.posts, page.errors) == ((), ())


def test_the_shortcode_follows_from_the_number_where_it_is_missing() -> None:
    complete, without = parse(capture_of("item_xdt")), parse_changed("item_xdt", code=None)
    assert only_post(without) == replace(only_post(complete), capture_id=without.posts[0].capture_id)


@pytest.mark.parametrize("code", [" ", "a b", "../etc", 'x"><script>', "é"])
def test_what_is_no_shortcode_is_an_error(code: str) -> None:
    (error,) = parse_changed("item_xdt", code=code).errors
    assert "expected the shortcode of a post" in str(error)


def test_numbers_beyond_two_to_the_53rd_stay_exact() -> None:
    assert encode("3828214581177566955", "here") != encode("3828214581177566956", "here")
    post = only_post(
        parse_changed("item_xdt", code=None, pk=3828214581177566955, user={"pk": 9007199254740993})
    )
    assert post.post_id == "DUgjOD7D0br"
    assert post.account_id == "9007199254740993"


@pytest.mark.parametrize("number", ["", "0", "000", "-4", "12a", "1" * 30, "٣"])
def test_what_is_no_number_of_a_post_is_an_error(number: str) -> None:
    with pytest.raises(ParseError, match="the number of a post"):
        encode(number, "instagram.item.pk")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.instagram.com/p/DUgjOD7D0br/",
        "https://instagram.com/reel/DUgjOD7D0br",
        "http://www.instagram.com/rocnoorderhaven/p/DUgjOD7D0br/?igsh=x",
        "https://www.instagram.com/tv/DUgjOD7D0br/",
    ],
)
def test_every_address_of_a_post_has_its_shortcode(url: str) -> None:
    assert from_permalink(url, "here") == "DUgjOD7D0br"


@pytest.mark.parametrize("url", ["", "https://example.org/p/DUgjOD7D0br/", "https://www.instagram.com/p/"])
def test_other_addresses_are_an_error(url: str) -> None:
    with pytest.raises(ParseError, match="the address of a post"):
        from_permalink(url, "instagram.media.permalink")


def test_a_grid_item_takes_the_owners_name_only_from_the_owners_page() -> None:
    capture = capture_of("feed_items_with_few_fields")
    whole = json.loads(capture.body)
    whole["items"] = [
        {"code": "A1", "media_type": 1, "user": {"pk": "61500100201"}},
        {"code": "A2", "media_type": 1, "user": {"pk": "5"}},
        {"code": "A3", "media_type": 1},
    ]
    page = parse(replace(capture, body=json.dumps(whole).encode()))
    owners = [(post.account, post.account_id) for post in page.posts]
    assert owners == [("rocnoorderhaven", "61500100201"), ("", "5"), ("rocnoorderhaven", "61500100201")]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{", "is not JSON"),
        (b'{"items": [', "is not JSON"),
        (b'{"items": [{"code": "\xff\xfe"}], "more_available": false}', "is not JSON"),
        (b"[1, 2]", "of no known format"),
        (b"plain text", "of no known format"),
        (b'{"hello": "world"}', "of no known format"),
    ],
)
def test_an_answer_that_cannot_be_read_is_one_typed_error(body: bytes, problem: str) -> None:
    with pytest.raises(ParseError, match=problem):
        parse(capture_of("feed_first_page", body))


def test_an_unknown_answer_names_the_formats_that_are_known() -> None:
    with pytest.raises(UnknownFormat, match=r"instagram\.timeline, instagram\.web_profile_info"):
        parse(capture_of("feed_first_page", b'{"hello": "world"}'))


def test_a_byte_order_mark_is_no_obstacle() -> None:
    capture = capture_of("feed_last_page")
    marked = parse(replace(capture, body=b"\xef\xbb\xbf" + capture.body))
    assert [post.post_id for post in marked.posts] == [post.post_id for post in parse(capture).posts]
