"""The signs by which each platform tells that it refuses, as tables: what is new at a platform goes here."""

from __future__ import annotations

import re

from crawler.items import OutcomeKind, Platform

FEED_404 = (
    "HTTP 404 of the feed; feeds fail in waves, so only another route tells whether the channel is gone"
)
EMPTY = "with an empty body"
NOT_GIVEN = "the words of the caption track are not given"  # YouTube's way to want a token of its own player
NOTHING_SHOWN = "more is promised and nothing shown"
TOO_MUCH = "reduce the amount of data"  # the Graph API's answer to a page size it cannot serve

STATUSES: dict[int, OutcomeKind] = {
    404: "not_found",
    410: "not_found",
    429: "rate_limited",
    451: "region_locked",
    999: "blocked",
}  # any other is the platform's own trouble from 500 upwards ("partial") and a refusal below it ("blocked")

# Where we were sent: the start of a path, or of a host ("//consent.").
ADDRESSES: tuple[tuple[Platform, str, OutcomeKind, str], ...] = (
    ("instagram", "/accounts/login", "blocked", "login wall"),
    ("instagram", "/accounts/suspended", "blocked", "suspended session"),
    ("instagram", "/challenge", "challenged", "challenge"),
    ("instagram", "/checkpoint", "challenged", "challenge"),
    ("instagram", "/consent", "blocked", "consent page"),
    ("tiktok", "/login", "blocked", "login wall"),
    ("youtube", "//consent.", "blocked", "consent page"),
    ("youtube", "/consent", "blocked", "consent page"),
    ("youtube", "/m", "blocked", "consent page"),
    ("youtube", "/sorry", "challenged", "captcha for too many requests"),
    ("youtube", "/ServiceLogin", "blocked", "login wall"),
    ("youtube", "/signin", "blocked", "login wall"),
    ("linkedin", "/authwall", "blocked", "login wall"),
    ("linkedin", "/login", "blocked", "login wall"),
    ("linkedin", "/signup", "blocked", "login wall"),
    ("linkedin", "/uas", "blocked", "login wall"),
    ("linkedin", "/checkpoint", "challenged", "challenge"),
)

MARKS: tuple[tuple[Platform | None, bytes, OutcomeKind, str], ...] = (  # None: on all platforms
    (None, b"<title>Before you continue", "blocked", "consent page"),
    ("youtube", b"//consent.youtube.com/s", "blocked", "consent page"),
    ("youtube", b"/das_captcha", "challenged", "captcha for too many requests"),
    ("youtube", b'id="captcha-form"', "challenged", "captcha for too many requests"),
    ("youtube", b"confirm you\xe2\x80\x99re not a bot", "challenged", "sign in to confirm you're not a bot"),
    ("youtube", b"confirm you're not a bot", "challenged", "sign in to confirm you're not a bot"),
    ("tiktok", b"captcha_container", "challenged", "captcha"),
    ("tiktok", b"captcha_verify_container", "challenged", "captcha"),
    ("tiktok", b"verify-bar-close", "challenged", "captcha"),
    ("tiktok", b"Please wait...", "challenged", "waiting room that asks for a proof of work"),
    ("instagram", b"httpErrorPage", "not_found", "page that says the address is not available"),
    ("instagram", b"/challenge/", "challenged", "challenge"),
    ("linkedin", b"/checkpoint/challenge", "challenged", "challenge"),
    ("linkedin", b"authwall", "blocked", "login wall"),
)

# A page of ours holds one of these; an HTML page without any is a wall.
CONTENT: dict[Platform, tuple[bytes, ...]] = {
    "instagram": (b"data-sjs", b"contextJSON"),
    "tiktok": (b"__UNIVERSAL_DATA_FOR_REHYDRATION__", b"__FRONTITY_CONNECT_STATE__", b"SIGI_STATE"),
    "linkedin": (b"main-feed-activity-card", b"top-card-layout", b"SocialMediaPosting"),
}

GOOGLE_REASONS: dict[str, OutcomeKind] = {
    "quotaExceeded": "over_budget",
    "dailyLimitExceeded": "over_budget",
    "dailyLimitExceededUnreg": "over_budget",
    "rateLimitExceeded": "rate_limited",
    "userRateLimitExceeded": "rate_limited",
    "RATE_LIMIT_EXCEEDED": "rate_limited",
    "playlistNotFound": "not_found",
    "channelNotFound": "not_found",
    "videoNotFound": "not_found",
    "channelClosed": "not_found",
    "channelSuspended": "not_found",
    "playlistItemsNotAccessible": "private",
}
GRAPH_CODES: dict[int, tuple[OutcomeKind, str]] = {
    4: ("rate_limited", "limit of the app"),
    17: ("rate_limited", "limit of the user"),
    32: ("rate_limited", "limit of the page"),
    613: ("rate_limited", "limit of calls"),
    80002: ("rate_limited", "limit of the Instagram account"),
    1: ("partial", "trouble of the API's own"),
    2: ("partial", "trouble of the API's own"),
    102: ("blocked", "the access token has expired"),
    190: ("blocked", "the access token has expired or was withdrawn"),
    110: ("partial", "no such professional account: personal, private, age-gated or gone"),
}
GRAPH_NO_USER = re.compile(r"invalid user id|cannot find user|user (was )?not found", re.IGNORECASE)
INSTAGRAM_MESSAGES: tuple[tuple[str, OutcomeKind], ...] = (
    ("challenge_required", "challenged"),
    ("checkpoint_required", "challenged"),
    ("wait a few minutes", "rate_limited"),
    ("rate limit", "rate_limited"),
    ("not authorized to view", "private"),
    ("user not found", "not_found"),
    ("media not found", "not_found"),
)  # feedback_required, login_required, "make sure you are logged in" and all others: "blocked"
TIKTOK_CODES: dict[int, tuple[OutcomeKind, str]] = {
    10202: ("not_found", "no such user"),
    10204: ("blocked", "unavailable, or refused to our address"),
    10221: ("not_found", "no such user"),
    10222: ("private", "private account"),
    10231: ("region_locked", "not available in this region"),
}
TIKTOK_ERRORS: dict[str, OutcomeKind] = {
    "daily_quota_limit_exceeded": "over_budget",
    "rate_limit_exceeded": "rate_limited",
    "internal_error": "partial",
    "invalid_params": "partial",
    "timeout": "partial",
}
TIKTOK_PHRASES: tuple[tuple[str, OutcomeKind], ...] = (
    ("is private", "private"),
    ("cannot be found", "not_found"),
)  # of the Research API about one user, all under the code invalid_params
LINKEDIN_CODES: dict[str, OutcomeKind] = {
    "TOO_MANY_REQUESTS": "rate_limited",
    "RESOURCE_NOT_FOUND": "not_found",
    "NOT_FOUND": "not_found",
}
YOUTUBE_PHRASES: tuple[tuple[str, OutcomeKind], ...] = (
    ("not a bot", "challenged"),
    ("country", "region_locked"),
    ("private", "private"),
    ("members", "private"),
    ("terminated", "not_found"),
    ("does not exist", "not_found"),
    ("doesn't exist", "not_found"),
    ("isn't available", "not_found"),
    ("not available", "not_found"),
    ("unavailable", "not_found"),
    ("removed", "not_found"),
    ("deleted", "not_found"),
)

# Formats in which "there is more" with nothing at all means that we were not shown it.
EMPTY_PROMISES: dict[str, OutcomeKind] = {
    "instagram.web_profile_info": "blocked",
    "instagram.feed_user": "blocked",
    "instagram.timeline": "blocked",
    "tiktok.item_list": "partial",  # low-frequency accounts: the site itself does not go on either
    "youtube.browse": "partial",
}

# Formats that come as HTML; HTML in the place of any other is no answer of ours, and no wall by itself either.
HTML_FORMATS = frozenset(
    {
        "",
        "instagram.item",
        "linkedin.company_page",
        "linkedin.post_page",
        "tiktok.profile_page",
        "tiktok.video_page",
    }
)
