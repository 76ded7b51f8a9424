"""open.tiktokapis.com: the Display API, for the one account that its token belongs to."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.errors import research_error
from tests.mocksite.paging import page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_json

HOST = "open.tiktokapis.com"
MOST = 20
LONGEST = 150


def _denied(visit: Visit) -> Response | None:
    if visit.bearer == visit.site.credentials.tiktok_user_token and visit.account is not None:
        return None
    message = "The access token is invalid or not found in the request."
    return research_error(401, "access_token_invalid", message)


def _asked_fields(visit: Visit, known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in visit.query.get("fields", "").split(",") if name in known}


def _answer(visit: Visit, data: dict[str, Any]) -> Response:
    error = {"code": "ok", "message": "", "log_id": f"{ids.number(visit.target):032X}"}
    return answer_json({"data": data, "error": error})


def _user(visit: Visit) -> Response:
    account = visit.account
    if (denied := _denied(visit)) or account is None:
        return denied or research_error(401, "access_token_invalid", "")
    known = {
        "open_id": f"-000{ids.letters(36, 'open', account.key)}",
        "username": account.key,
        "display_name": account.name,
        "bio_description": f"Dit is het account van {account.name}.",
        "is_verified": account.followers > 5_000,
        "follower_count": account.followers,
        "following_count": account.followers // 40,
        "video_count": 0 if visit.has("empty") else len(visit.site.posts("tiktok", account.handle)),
    }
    return _answer(visit, {"user": _asked_fields(visit, known)})


def _videos(visit: Visit) -> Response:
    account = visit.account
    if (denied := _denied(visit)) or account is None:
        return denied or research_error(401, "access_token_invalid", "")
    size = visit.json.get("max_count", 10)
    if not isinstance(size, int) or not 1 <= size <= MOST:
        return research_error(400, "invalid_params", f"The max_count must be between 1 and {MOST}")
    before = int(visit.json.get("cursor") or 0)
    posts = visit.site.posts("tiktok", account.handle)
    after = (
        next((post.order for post in reversed(posts) if post.order[0] >= before), None) if before else None
    )
    found = page_of(visit, posts, size, after)
    data = {
        "videos": [_asked_fields(visit, _video(post, account)) for post in found.posts],
        "cursor": found.last.order[0] if found.last else before,
        "has_more": found.more,
    }
    return _answer(visit, data)


def _video(post: SitePost, account: SiteAccount) -> dict[str, Any]:
    counts = ids.counts(post.seed, account.followers)
    kind = "photo" if post.media in ("image", "carousel") else "video"
    return {
        "id": post.post_id,
        "create_time": int(post.posted_at.timestamp()),
        "title": post.title,
        "video_description": post.shown_text[:LONGEST],
        "share_url": f"https://www.tiktok.com/@{account.key}/{kind}/{post.post_id}?utm_campaign=tt4d_open_api",
        "like_count": counts.likes,
        "comment_count": counts.comments,
        "share_count": counts.shares,
        "view_count": counts.views,
    }


ROUTES = (
    Route(
        name="tiktok.display_user",
        host=HOST,
        path="/v2/user/info/",
        asks_for=lambda visit: visit.site.tiktok_owner,
        answers=_user,
        is_api=True,
        is_json=True,
    ),
    Route(
        name="tiktok.display_videos",
        host=HOST,
        path="/v2/video/list/",
        methods=("POST",),
        asks_for=lambda visit: visit.site.tiktok_owner,
        answers=_videos,
        is_api=True,
        is_json=True,
    ),
)
