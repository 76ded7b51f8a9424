"""What the capture folders do not show of the LinkedIn parsers: languages, names of people, and hostile HTML."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from cases import CAPTURES, read_capture

from crawler.items import Capture, Page, Post
from crawler.parsers.formats import parse


def capture_of(case: str) -> Capture:
    return read_capture(CAPTURES / "linkedin" / case)


def parse_changed(case: str, *changes: tuple[str, str]) -> Page:
    capture = capture_of(case)
    text = capture.body.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse(replace(capture, body=text.encode()))


def only_post(page: Page) -> Post:
    assert page.errors == ()
    (post,) = page.posts
    return post


@pytest.mark.parametrize(
    "case",
    [
        "company_reposts",
        "post_page",
        "post_page_of_a_person",
        "post_page_without_json_ld",
        "company_own_posts",
    ],
)
def test_nothing_of_private_persons_is_kept(case: str) -> None:
    page = parse(capture_of(case))
    kept = repr((page.posts, page.errors, page.account)).lower()
    for name in (
        "een lezer",
        "een-lezer",
        "stageplek",
        "een alumna",
        "een-alumna",
        "eerste baan",
        "een-docent",
    ):
        assert name not in kept


def test_counts_that_are_not_there_are_none_and_a_zero_is_zero() -> None:
    assert only_post(parse(capture_of("school_page_english"))).like_count is None
    page = parse_changed("post_page", ('data-num-reactions="33"', 'data-num-reactions="0"'))
    assert only_post(page).like_count == 0


@pytest.mark.parametrize(
    ("language", "said", "age_in_days"),
    [
        ("nl", "1 j", 365),
        ("fr", "1 j", 1),
        ("de", "3 Mon.", 92),
        ("en-GB", "3mo", 92),
        ("", "3w", 21),
        ("", "1 j", None),
    ],
)
def test_relative_time_is_read_in_the_page_s_language(
    language: str, said: str, age_in_days: int | None
) -> None:
    page = parse_changed(
        "school_page_english",
        ('lang="en"', f'lang="{language}"' if language else ""),
        ("   2d\n", f"   {said}\n"),
        ("activity:7528728704311099393", "activity:1"),  # an id that holds no time
    )
    post = only_post(page)
    if age_in_days is None:
        assert (post.posted_at, post.posted_precision, post.posted_source) == (None, "unknown", "unknown")
    else:
        assert post.posted_at is not None
        assert (post.captured_at - post.posted_at).days == age_in_days
        assert post.posted_source == "relative"


def test_an_exact_date_that_cannot_be_read_loses_the_post_and_says_so() -> None:
    page = parse_changed("post_page", ('"2026-11-18T08:00:00.123Z"', '"gisteren"'))
    assert page.posts == ()
    assert "datePublished is 'gisteren'" in str(page.errors[0])


def test_an_organisation_s_own_words_survive_the_repost() -> None:
    posts = parse(capture_of("company_reposts")).posts
    assert [post.is_repost for post in posts] == [True] * 4
    assert [post.text is None for post in posts] == [True, False, False, False]


@pytest.mark.parametrize(
    ("shown", "count"), [("12.345 volgers", 12345), ("1 follower", 1), ("12K+ followers", None)]
)
def test_followers_are_exact_or_none(shown: str, count: int | None) -> None:
    account = parse_changed("company_own_posts", ("5.750 volgers", shown)).account
    assert account is not None
    assert account.followers_count == count


@pytest.mark.parametrize(
    "hostile",
    ["<div>" * 200_000, "<a href='/in/" * 50_000, "&#x;" * 200_000, "<!--" * 100_000, "<script>" * 50_000],
)
def test_hostile_html_is_read_in_time(hostile: str) -> None:
    started = time.process_time()
    parse_changed("company_own_posts", ("</main>", hostile))
    assert time.process_time() - started < 2


def test_a_card_seen_from_the_organisation_s_other_addresses_is_its_own() -> None:
    capture = replace(capture_of("school_page_english"), url="https://www.linkedin.com/company/76543210/")
    assert [post.is_repost for post in parse(capture).posts] == [False]
