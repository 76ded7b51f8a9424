"""open.tiktokapis.com: the Research API with its token, windows of 30 days and search ids."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.errors import research_error
from tests.mocksite.paging import page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_json

HOST = "open.tiktokapis.com"
LONGEST = timedelta(days=30)
MOST = 100


def _token(visit: Visit) -> Response:
    mine, form = visit.site.credentials, visit.form
    if form.get("grant_type") != "client_credentials":
        return answer_json(_oauth_error("unsupported_grant_type", "The grant type is not supported."), 400)
    if (form.get("client_key"), form.get("client_secret")) != (
        mine.tiktok_client_key,
        mine.tiktok_client_secret,
    ):
        return answer_json(_oauth_error("invalid_client", "Client key or secret is incorrect."), 401)
    return answer_json({"access_token": mine.tiktok_token, "expires_in": 7200, "token_type": "Bearer"})


def _oauth_error(error: str, description: str) -> dict[str, str]:
    return {"error": error, "error_description": description, "log_id": f"{ids.number(error):032X}"}


def _denied(visit: Visit) -> Response | None:
    if visit.bearer == visit.site.credentials.tiktok_token:
        return None
    return research_error(
        401, "access_token_invalid", "The access token is invalid or not found in the request."
    )


def _asked(visit: Visit) -> str:
    """Return the one username that a query is about."""
    query = visit.json.get("query")
    conditions = query.get("and", []) if isinstance(query, dict) else []
    for one in conditions:
        if isinstance(one, dict) and one.get("field_name") == "username" and one.get("field_values"):
            return str(one["field_values"][0])
    return str(visit.json.get("username") or "")


def _window(visit: Visit) -> tuple[datetime, datetime] | str:
    """Return a query's window, or what is wrong with it; both days are inside."""
    days = [str(visit.json.get(name, "")) for name in ("start_date", "end_date")]
    if not all(re.fullmatch(r"\d{8}", day) for day in days):
        return "The start_date and end_date must be in the format of YYYYMMDD"
    try:
        start, end = (datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) for day in days)
    except ValueError:
        return "The start_date or end_date is no date"
    if end < start:
        return "The end_date is before the start_date"
    if end - start > LONGEST:
        return "The end_date is more than 30 days after the start_date"
    return start, end + timedelta(days=1)


def _query(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    window = _window(visit)
    if isinstance(window, str):
        return research_error(400, "invalid_params", window)
    size = visit.json.get("max_count", 20)
    if not isinstance(size, int) or not 1 <= size <= MOST:
        return research_error(400, "invalid_params", f"The max_count must be between 1 and {MOST}")
    cursor, search_id = int(visit.json.get("cursor") or 0), str(visit.json.get("search_id") or "")
    wanted = str(ids.number("search", _asked(visit), *window))
    if cursor and search_id != wanted:
        return research_error(400, "invalid_params", f"The search_id {search_id} is invalid or expired")
    posts = _visible(visit, window)
    # A cursor counts results; the page machinery wants the post that came last.
    after = posts[min(cursor, len(posts)) - 1].order if cursor and posts else None
    found = page_of(visit, posts, size, after)
    names = [name.strip() for name in visit.query.get("fields", "").split(",") if name.strip()]
    videos = [_video(post, visit.account, names) for post in found.posts if visit.account]
    data = {"videos": videos, "cursor": cursor + len(videos), "search_id": wanted, "has_more": found.more}
    return answer_json(
        {"data": data, "error": {"code": "ok", "message": "", "log_id": f"{ids.number(wanted):032X}"}}
    )


def _visible(visit: Visit, window: tuple[datetime, datetime]) -> tuple[SitePost, ...]:
    if visit.account is None or any(visit.has(kind) for kind in ("private", "vanished", "region_locked")):
        return ()
    posts = visit.site.posts("tiktok", visit.account.handle)
    return tuple(post for post in posts if window[0] <= post.posted_at < window[1])


def _video(post: SitePost, account: SiteAccount, names: list[str]) -> dict[str, Any]:
    counts = ids.counts(post.seed, account.followers)
    known: dict[str, Any] = {
        "id": int(post.post_id),
        "create_time": int(post.posted_at.timestamp()),
        "username": account.key,
        "region_code": "NL",
        "video_description": post.shown_text,
        "video_duration": 7 + post.seed % 55,
        "hashtag_names": [tag.lower() for tag in re.findall(r"#(\w+)", post.shown_text)],
        "video_mention_list": re.findall(r"@([\w.]*\w)", post.shown_text),
        "view_count": counts.views,
        "like_count": counts.likes,
        "comment_count": counts.comments,
        "share_count": counts.shares,
        "favourites_count": counts.saves,
        "favorites_count": counts.saves,
        "voice_to_text": post.transcript or None,
        "music_id": int(post.post_id) + 1,
        "playlist_id": None,
        "effect_ids": None,
    }
    return {name: known[name] for name in names if known.get(name) is not None}


def _user_info(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    account = visit.account
    if account is None or visit.has("vanished") or visit.has("region_locked"):
        return research_error(400, "invalid_params", f"The user {_asked(visit)} cannot be found")
    if visit.has("private"):
        return research_error(400, "invalid_params", f"The user {_asked(visit)} is private")
    known: dict[str, Any] = {
        "display_name": account.name,
        "bio_description": f"Dit is het account van {account.name}.",
        "is_verified": account.followers > 5_000,
        "follower_count": account.followers,
        "following_count": account.followers // 40,
        "likes_count": account.followers * 11,
        "video_count": 0 if visit.has("empty") else len(visit.site.posts("tiktok", account.handle)),
    }
    names = visit.query.get("fields", "").split(",")
    data = {name: known[name] for name in names if name in known}
    return answer_json(
        {"data": data, "error": {"code": "ok", "message": "", "log_id": f"{account.number:032X}"}}
    )


ROUTES = (
    Route(
        name="tiktok.token",
        host=HOST,
        path="/v2/oauth/token/",
        methods=("POST",),
        answers=_token,
        is_api=True,
        is_json=True,
    ),
    Route(
        name="tiktok.research_videos",
        host=HOST,
        path="/v2/research/video/query/",
        methods=("POST",),
        asks_for=_asked,
        answers=_query,
        is_api=True,
        is_json=True,
    ),
    Route(
        name="tiktok.research_user",
        host=HOST,
        path="/v2/research/user/info/",
        methods=("POST",),
        asks_for=_asked,
        answers=_user_info,
        is_api=True,
        is_json=True,
    ),
)
