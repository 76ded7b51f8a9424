"""Every sign by which a platform refuses, named as what it is; and answers that are no refusal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cases import find_cases, read_capture, read_format

from crawler.errors import ParseError
from crawler.items import OUTCOMES, PLATFORMS, Capture, OutcomeKind, Platform
from crawler.parsers.formats import parse
from crawler.refusals import FEED_404, find_refusal, find_retry_after, guess_platform
from crawler.refusals.signs import ADDRESSES, MARKS, TIKTOK_CODES

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GUEST_PAGE = b"<!DOCTYPE html><html><body>%s<section class='top-card-layout'></section></body></html>"


def answer(
    platform: Platform,
    body: bytes | dict[str, Any] = b"",
    status: int = 200,
    url: str = "https://platform.example/somebody/",
    **headers: str,
) -> Capture:
    return Capture(
        capture_id="one",
        platform=platform,
        route="test",
        url=url,
        captured_at=NOW,
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        status=status,
        headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )


def outcome_of(capture: Capture) -> str | None:
    refusal = find_refusal(capture)
    return refusal.outcome if refusal else None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_redirect_to_a_place_that_we_do_not_know_says_where(platform: Platform) -> None:
    refusal = find_refusal(answer(platform, status=302, location="https://x.example/gate/?next=secret"))
    assert refusal and (refusal.outcome, refusal.sign) == ("blocked", "HTTP 302 to /gate/")


def test_a_nameless_error_with_404_says_that_there_is_nothing() -> None:
    failed = {"status": "fail", "message": ""}
    assert outcome_of(answer("instagram", failed, 404)) == "not_found"
    assert outcome_of(answer("instagram", failed, 400)) == "blocked"
    said = {"status": "fail", "message": "challenge_required"}
    assert outcome_of(answer("instagram", said, 404)) == "challenged"


@pytest.mark.parametrize(
    ("status", "platform", "outcome"),
    [
        (401, "instagram", "blocked"),
        (403, "tiktok", "blocked"),
        (404, "instagram", "not_found"),
        (410, "youtube", "not_found"),
        (429, "youtube", "rate_limited"),
        (451, "tiktok", "region_locked"),
        (500, "youtube", "partial"),
        (529, "instagram", "partial"),
        (999, "linkedin", "blocked"),
        (302, "tiktok", "blocked"),
        (304, "youtube", None),
    ],
)
def test_statuses(status: int, platform: Platform, outcome: str | None) -> None:
    assert outcome_of(answer(platform, b"<p>No.</p>", status)) == outcome


@pytest.mark.parametrize(
    ("platform", "location", "outcome", "sign"),
    [
        ("instagram", "https://www.instagram.com/accounts/login/?next=/roc/", "blocked", "login wall"),
        ("instagram", "https://www.instagram.com/", "blocked", "home page"),
        ("instagram", "/challenge/?next=x", "challenged", "challenge"),
        ("tiktok", "https://www.tiktok.com/login?redirect_url=x", "blocked", "login wall"),
        ("youtube", "https://consent.youtube.com/m?continue=x", "blocked", "consent page"),
        ("youtube", "https://www.google.com/sorry/index?continue=x", "challenged", "captcha"),
        ("linkedin", "https://www.linkedin.com/authwall?trk=x", "blocked", "login wall"),
        ("linkedin", "/uas/login", "blocked", "login wall"),
        ("linkedin", "/checkpoint/lg/login", "challenged", "challenge"),
    ],
)
def test_redirects_to_a_wall(platform: Platform, location: str, outcome: str, sign: str) -> None:
    refusal = find_refusal(answer(platform, status=302, Location=location))
    assert refusal is not None
    assert refusal.outcome == outcome
    assert sign in refusal.sign
    assert "next=" not in refusal.sign


@pytest.mark.parametrize("path", ["/authwall", "/login", "/uas/login", "/checkpoint/challenge/x"])
def test_a_redirect_that_was_followed_is_known_by_where_it_ended(path: str) -> None:
    body = GUEST_PAGE % b"Meld je aan"
    assert outcome_of(answer("linkedin", body, url=f"http://127.0.0.1:8042{path}?x=y")) is not None


@pytest.mark.parametrize("slug", ["login-academie", "authwall", "uas", "challenge"])
def test_an_account_named_like_a_wall_is_none(slug: str) -> None:
    page = GUEST_PAGE % b"authwall"
    assert find_refusal(answer("linkedin", page, url=f"https://www.linkedin.com/company/{slug}/")) is None
    feed = answer("youtube", b"<feed/>", url=f"https://www.youtube.com/@{slug}")
    assert find_refusal(feed) is None


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"message": "challenge_required", "status": "fail"}, "challenged"),
        ({"message": "checkpoint_required", "checkpoint_url": "/x", "status": "fail"}, "challenged"),
        ({"message": "feedback_required", "spam": True, "status": "fail"}, "blocked"),
        ({"message": "useragent mismatch", "status": "fail"}, "blocked"),
        ({"message": "login_required", "require_login": True, "status": "fail"}, "blocked"),
        (
            {"message": "Please wait a few minutes before you try again.", "require_login": True},
            "rate_limited",
        ),
        ({"message": "Not authorized to view user", "status": "fail"}, "private"),
        ({"message": "User not found", "status": "fail"}, "not_found"),
        ({"data": {"user": None}, "status": "ok"}, "blocked"),
        ({"errors": [{"message": "execution error"}], "data": None}, "blocked"),
        ({"data": {"user": {"id": "1"}}, "status": "ok"}, None),
        ({"items": [], "status": "ok"}, None),
    ],
)
def test_instagram_s_answers(body: dict[str, Any], outcome: str | None) -> None:
    assert outcome_of(answer("instagram", body)) == outcome


@pytest.mark.parametrize(
    ("code", "message", "outcome", "sign"),
    [
        (4, "(#4) Application request limit reached", "rate_limited", "limit of the app"),
        (17, "(#17) User request limit reached", "rate_limited", "limit of the user"),
        (32, "(#32) Page request limit reached", "rate_limited", "limit of the page"),
        (613, "(#613) Calls to this api have exceeded the rate limit.", "rate_limited", "limit of calls"),
        (190, "Error validating access token: Session has expired", "blocked", "access token has expired"),
        (110, "Invalid user id", "partial", "no such professional account"),
        (100, "(#100) Invalid user id", "partial", "personal, private, age-gated or gone"),
        (100, "(#100) Pages Public Content Access requires an app token", "blocked", "Pages Public"),
        (10, "(#10) Application does not have permission for this action", "blocked", "permission"),
        (1, "Please reduce the amount of data you're asking for, then retry", "partial", "reduce the amount"),
        (2, "Service temporarily unavailable", "partial", "trouble of the API's own"),
    ],
)
def test_graph_api_errors(code: int, message: str, outcome: str, sign: str) -> None:
    error = {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}}
    refusal = find_refusal(answer("instagram", error, 400))
    assert refusal is not None
    assert refusal.outcome == outcome
    assert sign in refusal.sign
    assert str(code) in refusal.sign


@pytest.mark.parametrize(
    ("reason", "status", "outcome"),
    [
        ("quotaExceeded", 403, "over_budget"),
        ("dailyLimitExceeded", 403, "over_budget"),
        ("rateLimitExceeded", 403, "rate_limited"),
        ("userRateLimitExceeded", 403, "rate_limited"),
        ("playlistNotFound", 404, "not_found"),
        ("channelClosed", 403, "not_found"),
        ("playlistItemsNotAccessible", 403, "private"),
        ("keyInvalid", 400, "blocked"),
        ("forbidden", 403, "blocked"),
        ("somethingNew", 404, "not_found"),
        ("somethingNew", 429, "rate_limited"),
        ("backendError", 503, "partial"),
    ],
)
def test_data_api_errors(reason: str, status: int, outcome: str) -> None:
    error = {"error": {"code": status, "message": "No.", "errors": [{"reason": reason, "domain": "youtube"}]}}
    assert outcome_of(answer("youtube", error, status)) == outcome
    assert outcome_of(answer("youtube", error)) == outcome  # the object tells, whatever the status


@pytest.mark.parametrize("code", TIKTOK_CODES)
def test_tiktok_s_status_codes_in_json_and_in_pages(code: int) -> None:
    outcome = TIKTOK_CODES[code][0]
    page = (
        b'<!DOCTYPE html><html><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__">{"__DEFAULT_SCOPE__":'
        b'{"webapp.app-context":{"statusCode":0},"webapp.user-detail":{"userInfo":{},"statusCode":%d}}}</script>'
    )
    assert outcome_of(answer("tiktok", {"statusCode": code, "itemList": []})) == outcome
    assert outcome_of(answer("tiktok", {"status_code": code})) == outcome
    assert outcome_of(answer("tiktok", page % code)) == outcome
    assert outcome_of(answer("tiktok", page % 0)) is None


@pytest.mark.parametrize(
    ("code", "message", "status", "outcome"),
    [
        ("ok", "", 200, None),
        ("daily_quota_limit_exceeded", "", 429, "over_budget"),
        ("rate_limit_exceeded", "", 429, "rate_limited"),
        ("access_token_invalid", "", 401, "blocked"),
        ("scope_not_authorized", "", 401, "blocked"),
        ("internal_error", "Something is wrong.", 500, "partial"),
        ("invalid_params", "The end_date is no date", 400, "partial"),
        ("invalid_params", "The user cannot be found.", 400, "not_found"),
        ("invalid_params", "The user is private.", 400, "private"),
    ],
)
def test_research_api_errors(code: str, message: str, status: int, outcome: str | None) -> None:
    body = {"data": {}, "error": {"code": code, "message": message, "log_id": "2026"}}
    assert outcome_of(answer("tiktok", body, status)) == outcome


@pytest.mark.parametrize(("platform", "mark", "outcome", "words"), MARKS)
def test_marks_in_pages(platform: Platform | None, mark: bytes, outcome: OutcomeKind, words: str) -> None:
    page = b"<!DOCTYPE html><html><body><p>%s</p></body></html>" % mark
    for of in PLATFORMS if platform is None else (platform,):
        refusal = find_refusal(answer(of, page))
        assert refusal is not None
        assert (refusal.outcome, words in refusal.sign) == (outcome, True)


@pytest.mark.parametrize("seconds", ["30", ""])
def test_a_captcha_at_429_is_a_challenge_unless_a_time_to_wait_comes_with_it(seconds: str) -> None:
    page = b'<html><body><form action="/das_captcha?fw=1"></form></body></html>'
    headers = {"Retry_After": seconds} if seconds else {}
    assert outcome_of(answer("youtube", page, 429, **headers)) == (
        "rate_limited" if seconds else "challenged"
    )
    assert (
        outcome_of(answer("tiktok", {"code": "10000", "type": "verify", "subtype": "slide"})) == "challenged"
    )


def test_html_in_the_place_of_json_is_no_wall_by_itself() -> None:
    page = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body></body></html>"
    for name in ("instagram.feed_user", "tiktok.item_list", "youtube.browse", "instagram.business_discovery"):
        capture = replace(answer(name.split(".")[0], page), format=name)  # type: ignore[arg-type]
        assert find_refusal(capture) is None
        with pytest.raises(ParseError, match="is a page of HTML titled 'Welcome'; expected JSON"):
            parse(capture)
    assert find_refusal(replace(answer("tiktok", page), format="tiktok.profile_page")) is not None


def test_a_mark_in_a_post_is_no_wall() -> None:
    for mark in (b"authwall", b"/checkpoint/challenge", b"Please wait..."):
        assert find_refusal(answer("linkedin", GUEST_PAGE % mark)) is None
    feed = b'<?xml version="1.0"?><feed><title>Sign in to confirm you\'re not a bot</title></feed>'
    assert find_refusal(answer("youtube", feed)) is None


@pytest.mark.parametrize("platform", ["instagram", "tiktok", "linkedin"])
def test_a_page_without_any_data_is_a_wall(platform: Platform) -> None:
    refusal = find_refusal(answer(platform, b"<!DOCTYPE html><html><body>Welcome</body></html>"))
    assert refusal is not None
    assert (refusal.outcome, refusal.sign) == ("blocked", "a page without any data (48 bytes)")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_empty_body_is_no_empty_account(platform: Platform) -> None:
    walls = platform == "tiktok"  # known to answer so where it does not believe the visitor
    assert outcome_of(answer(platform, b" \n")) == ("blocked" if walls else "partial")
    research = replace(answer("tiktok"), format="tiktok.research_videos")
    assert outcome_of(research) == "partial"


def test_a_feed_s_404_does_not_say_that_the_channel_is_gone() -> None:
    feed = answer(
        "youtube", b"<html>404</html>", 404, url="https://www.youtube.com/feeds/videos.xml?channel_id=UC1"
    )
    refusal = find_refusal(feed)
    assert refusal is not None
    assert (refusal.outcome, refusal.sign) == ("partial", FEED_404)
    assert outcome_of(answer("youtube", b"<html>404</html>", 404)) == "not_found"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "120"}, 120.0),
        ({"retry_after": " 0.5 "}, 0.5),
        ({"Retry_After": "Sun, 22 Nov 2026 12:30:00 GMT"}, 1800.0),
        ({"Retry_After": "Sun, 22 Nov 2026 13:30:00 +0100"}, 1800.0),
        ({"Retry_After": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "9" * 400}, None),
        ({"Retry_After": "١٢٠"}, None),
        ({}, None),
        ({"x_business_use_case_usage": '{"17":[{"type":"x","estimated_time_to_regain_access":12}]}'}, 720.0),
        ({"x_business_use_case_usage": '{"17":[{"estimated_time_to_regain_access":0}]}'}, None),
        ({"x_business_use_case_usage": "[1]"}, None),
    ],
)
def test_how_long_a_platform_asks_us_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    capture = answer("instagram", b"", 429, **headers)
    assert find_retry_after(capture) == seconds
    refusal = find_refusal(capture)
    assert refusal is not None
    assert refusal.retry_after == seconds


def test_503_with_retry_after_is_a_rate_limit() -> None:
    assert outcome_of(answer("linkedin", b"x", 503, Retry_After="60")) == "rate_limited"
    assert outcome_of(answer("linkedin", b"x", 503)) == "partial"


@pytest.mark.parametrize(
    "odd", [None, [], {}, "x", -1, 1.5, True, [[]], {"code": []}, {"code": {}, "type": [], "status": []}]
)
@pytest.mark.parametrize(
    "name", ["error", "errors", "alerts", "status", "statusCode", "playabilityStatus", "data"]
)
@pytest.mark.parametrize("platform", ["instagram", "tiktok", "youtube", "linkedin"])
def test_odd_error_objects_raise_nothing(platform: Platform, name: str, odd: object) -> None:
    find_refusal(answer(platform, {name: odd}))


def test_a_sign_is_short_and_one_line() -> None:
    error = {"error": {"code": 403, "message": "<a href='x'>quota</a>\n" * 1000, "errors": []}}
    refusal = find_refusal(answer("youtube", error, 403))
    assert refusal is not None
    assert len(refusal.sign) <= 300
    assert "\n" not in refusal.sign
    assert "<a" not in refusal.sign


@pytest.mark.parametrize(
    ("platform", "body"),
    [
        ("youtube", {"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}),
        ("instagram", {"error": {"code": 190, "type": "OAuthException", "message": "x"}}),
        ("instagram", {"status": "fail", "message": "challenge_required"}),
        ("tiktok", {"error": {"code": "rate_limit_exceeded", "log_id": "x"}}),
        ("tiktok", {"statusCode": 10221}),
        ("linkedin", {"status": 429, "code": "TOO_MANY_REQUESTS", "message": "x"}),
        (None, {"posts": []}),
    ],
)
def test_the_platform_is_known_by_how_it_refuses(platform: Platform | None, body: dict[str, Any]) -> None:
    assert guess_platform(answer("youtube", body)) == platform


def test_no_recorded_answer_with_posts_is_taken_for_a_refusal() -> None:
    kept = [case for case in find_cases() if read_format(case) and parse(read_capture(case)).posts]
    assert len(kept) > 40
    assert [case.name for case in kept if find_refusal(read_capture(case)) is not None] == []


def test_tables_name_known_outcomes_only() -> None:
    assert {row[2] for row in (*ADDRESSES, *MARKS)} <= set(OUTCOMES)
