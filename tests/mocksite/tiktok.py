"""www.tiktok.com: profile page, its own item_list calls, video pages and subtitles."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import PlainTextResponse, Response

from tests.mocksite import display, ids, research
from tests.mocksite.content import SitePost
from tests.mocksite.errors import not_found
from tests.mocksite.pages import page, plain_page, script_json
from tests.mocksite.paging import NOTHING, page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.tiktok_item import item, user, webvtt
from tests.mocksite.visit import Route, Visit, answer_html, answer_json, redirect

HOST = "www.tiktok.com"
PRIVATE, NO_SUCH_USER, UNAVAILABLE, REGION = 10222, 10221, 10204, 10231


def _status_of(visit: Visit) -> int:
    if visit.account is None or visit.has("vanished"):
        return NO_SUCH_USER
    if visit.has("region_locked"):
        return REGION
    return PRIVATE if visit.has("private") else 0


def _context(nonce: str) -> dict[str, Any]:
    return {
        "language": "en",
        "region": "NL",
        "appId": 1988,
        "appType": "m",
        "user": {},
        "nonce": nonce,
        "odinId": "0",
    }


def _rehydration(visit: Visit, scope: dict[str, Any], title: str) -> Response:
    nonce = secrets.token_hex(12)
    visit.site.page_nonces.add(nonce)
    data = {"__DEFAULT_SCOPE__": {"webapp.app-context": _context(nonce), **scope}}
    response = answer_html(page("tiktok.html", title=title, url=visit.target, data=script_json(data)))
    response.set_cookie("ttwid", ids.letters(40, nonce), httponly=True)
    return response


def _profile(visit: Visit) -> Response:
    account, status = visit.account, _status_of(visit)
    if visit.has("moved") and "lang" not in visit.query:
        return redirect(visit.site.url(HOST, f"{visit.target}?lang=nl-NL"), 301)
    detail: dict[str, Any] = {"statusCode": status, "statusMsg": "", "needFix": status != 0}
    if account is not None and status in (0, PRIVATE):
        count = 0 if visit.has("empty") else len(visit.site.posts("tiktok", account.handle))
        detail["userInfo"] = {**user(account, count, is_private=status == PRIVATE), "itemList": []}
        followers = f"{account.followers} Followers"
        detail["shareMeta"] = {"title": f"{account.name} on TikTok", "desc": f"@{account.key} {followers}"}
    title = f"{account.name} (@{account.key}) | TikTok" if account else "TikTok - Make Your Day"
    return _rehydration(visit, {"webapp.user-detail": detail}, title)


def sign(text: str) -> str:
    """Return the signature that the page's script puts on its requests (FNV-1a), so that only a page can ask."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"{value:08x}"


def is_signed(visit: Visit) -> bool:
    """Tell whether a request was signed by the script of a page that this site served."""
    signed, found, rest = visit.raw_query.partition("&X-Bogus=")
    nonce = visit.query.get("msToken", "")
    wanted = f"{sign(signed + nonce)}&X-Gnarly={sign(nonce + signed)}"
    return bool(found) and nonce in visit.site.page_nonces and rest == wanted


def _item_list(visit: Visit) -> Response:
    account = visit.account
    if not is_signed(visit):
        return Response(b"", headers={"content-type": "application/json; charset=utf-8"})
    if account is None or _status_of(visit):
        status = _status_of(visit)
        return answer_json({"statusCode": status, "status_code": status, "status_msg": ""})
    cursor = visit.query.get("cursor", "0")
    after = (int(cursor), 0) if cursor.isdigit() and int(cursor) else None
    posts = visit.site.posts("tiktok", account.handle)
    found = (
        page_of(visit, posts, visit.asked("count", 30, 35), after, pinned_first=True) if posts else NOTHING
    )
    last = found.last
    return answer_json(
        {
            "cursor": str(int(last.posted_at.timestamp()) * 1000) if last else cursor,
            "extra": {"fatal_item_ids": [], "now": ids.epoch_ms(visit.site.clock)},
            "hasMore": found.more,
            "itemList": [item(post, account) for post in found.posts],
            "statusCode": 0,
            "status_code": 0,
            "status_msg": "",
        }
    )


def _video(visit: Visit) -> Response:
    post, account = visit.site.find("tiktok", visit.path["video"]), visit.account
    if post is None or account is None or _status_of(visit):
        detail: dict[str, Any] = {
            "statusCode": _status_of(visit) or UNAVAILABLE,
            "statusMsg": "item doesn't exist",
        }
        return _rehydration(visit, {"webapp.video-detail": detail}, "TikTok - Make Your Day")
    struct = item(visit.site.shown(post), account)
    struct["createTime"] = str(struct["createTime"])
    detail = {"itemInfo": {"itemStruct": struct}, "shareMeta": {}, "statusCode": 0, "statusMsg": ""}
    return _rehydration(visit, {"webapp.video-detail": detail}, f"{account.name} on TikTok")


def _subtitle(visit: Visit) -> Response:
    post = _post(visit)
    return not_found(visit) if post is None else PlainTextResponse(webvtt(post), media_type="text/vtt")


def _post(visit: Visit) -> SitePost | None:
    return visit.site.find("tiktok", visit.path["video"])


def _owner(visit: Visit) -> str:
    post = _post(visit)
    return post.account if post else ""


def _asked(visit: Visit) -> str:
    found: SiteAccount | None = visit.site.account("tiktok", visit.query.get("secUid", ""))
    return found.handle if found else ""


def _login(visit: Visit) -> Response:
    return answer_html(plain_page("Log in | TikTok", "Log in to TikTok"))


ROUTES = (
    Route(
        name="tiktok.item_list",
        host=HOST,
        path="/api/post/item_list/",
        asks_for=_asked,
        answers=_item_list,
        is_json=True,
    ),
    Route(
        name="tiktok.subtitle", host=HOST, path="/api/subtitle/{video}/", asks_for=_owner, answers=_subtitle
    ),
    Route(name="tiktok.login", host=HOST, path="/login", answers=_login),
    Route(
        name="tiktok.video_page", host=HOST, path="/@{user}/video/{video}", asks_for=_owner, answers=_video
    ),
    Route(
        name="tiktok.video_page", host=HOST, path="/@{user}/photo/{video}", asks_for=_owner, answers=_video
    ),
    Route(
        name="tiktok.profile_page",
        host=HOST,
        path="/@{user}",
        asks_for=lambda visit: visit.path["user"],
        answers=_profile,
    ),
    *research.ROUTES,
    *display.ROUTES,
)
