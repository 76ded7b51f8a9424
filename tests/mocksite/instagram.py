"""www.instagram.com: profile, feed, GraphQL timeline and single posts. Since 2022 every video there is a reel."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from tests.mocksite import graph, ids
from tests.mocksite.errors import instagram_error, not_found
from tests.mocksite.instagram_media import edge_node, xdt_media, xdt_user
from tests.mocksite.pages import page, plain_page, script_json
from tests.mocksite.paging import NOTHING, page_of
from tests.mocksite.site import SiteAccount, Slice
from tests.mocksite.visit import Route, Visit, answer_html, answer_json

HOST = "www.instagram.com"
PROFILE_SIZE = 12
TIMELINE = "xdt_api__v1__feed__user_timeline_graphql_connection"


def _page_of(visit: Visit, account: SiteAccount, size: int, cursor: str) -> Slice:
    """Return a page of the account's posts as the visit is to see it."""
    if visit.has("private") or visit.has("region_locked"):
        return NOTHING
    posts = visit.site.posts("instagram", account.handle)
    return page_of(visit, posts, size, _after(cursor), pinned_first=True)


def _after(cursor: str) -> tuple[int, int] | None:
    """Return the post that a cursor names: a sealed one, or `<pk>_<owner>` as the feed gives."""
    pk, _, owner = cursor.partition("_")
    if pk.isdigit() and (owner.isdigit() or not owner):
        return (int(pk) >> 23) + ids.INSTAGRAM_EPOCH_MS, (int(pk) & (1 << 23) - 1) << 41
    return ids.unseal("QVF", cursor) if cursor else None


def _web_profile_info(visit: Visit) -> Response:
    if not visit.headers.get("x-ig-app-id"):
        return instagram_error(400, "useragent mismatch")
    account = visit.account
    if account is None or visit.has("vanished"):
        return not_found(visit)
    found = _page_of(visit, account, PROFILE_SIZE, "")
    hidden = visit.has("hidden_likes")
    timeline = {
        "count": 0 if visit.has("empty") else len(visit.site.posts("instagram", account.handle)),
        "page_info": _page_info(found),
        "edges": [{"node": edge_node(post, account, hidden)} for post in found.posts],
    }
    user = _profile(account) | {
        "is_private": visit.has("private"),
        "country_block": visit.has("region_locked"),
        "edge_owner_to_timeline_media": timeline,
    }
    return answer_json({"data": {"user": user}, "status": "ok"})


def _page_info(found: Slice) -> dict[str, Any]:
    cursor = ids.seal("QVF", *found.last.order) if found.more and found.last else None
    return {"has_next_page": found.more, "end_cursor": cursor}


def _profile(account: SiteAccount) -> dict[str, Any]:
    nothing = {"count": 0, "page_info": {"has_next_page": False, "end_cursor": None}, "edges": []}
    return {
        "ai_agent_type": None,
        "biography": f"Dit is het account van {account.name}.",
        "bio_links": [{"title": "", "lynx_url": "", "url": account.website, "link_type": "external"}],
        "biography_with_entities": {"raw_text": f"Dit is het account van {account.name}.", "entities": []},
        "blocked_by_viewer": False,
        "external_url": account.website or None,
        "edge_followed_by": {"count": account.followers},
        "fbid": account.graph_id,
        "edge_follow": {"count": account.followers // 17},
        "full_name": account.name,
        "has_clips": True,
        "hide_like_and_view_counts": False,
        "id": str(account.number),
        "is_business_account": True,
        "is_professional_account": True,
        "business_category_name": "None",
        "category_name": "College & University",
        "is_verified": account.followers > 8_000,
        "profile_pic_url": f"https://scontent-ams2-1.cdninstagram.com/v/t51.2885-19/{account.number}_n.jpg",
        "username": account.key,
        "pronouns": [],
        "edge_felix_video_timeline": nothing,
        "edge_saved_media": nothing,
        "edge_media_collections": nothing,
        "edge_related_profiles": {"edges": []},
    }


def _feed_user(visit: Visit) -> Response:
    account = visit.account
    if account is None or visit.has("vanished"):
        return not_found(visit)
    if visit.has("private"):
        return instagram_error(400, "Not authorized to view user")
    found = _page_of(visit, account, visit.asked("count", 12, 33), visit.query.get("max_id", ""))
    hidden = visit.has("hidden_likes")
    answer: dict[str, Any] = {
        "profile_grid_items": None,
        "num_results": len(found.posts),
        "more_available": found.more,
        "items": [xdt_media(post, account, hidden) for post in found.posts],
        "user": xdt_user(account),
        "auto_load_more_enabled": False,
        "status": "ok",
    }
    if found.more and found.last:
        answer["next_max_id"] = f"{ids.instagram_pk(*found.last.order)}_{account.number}"
    return answer_json(answer)


def _variables(visit: Visit) -> dict[str, Any]:
    try:
        found = orjson.loads(visit.form.get("variables", "{}"))
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _timeline(visit: Visit) -> Response:
    variables, account = _variables(visit), visit.account
    if not visit.form.get("doc_id", "").isdigit() or account is None:
        error = {"message": "execution error", "severity": "CRITICAL", "code": 1675030}
        return answer_json(
            {"data": None, "errors": [error], "extensions": {"is_final": True}, "status": "ok"}
        )
    if visit.has("vanished"):
        return answer_json({"data": {TIMELINE: None}, "extensions": {"is_final": True}, "status": "ok"})
    data = variables.get("data") if isinstance(variables.get("data"), dict) else {}
    size = int(variables.get("first") or data.get("count") or 12)  # type: ignore[union-attr]
    found = _page_of(visit, account, max(1, min(size, 50)), str(variables.get("after") or ""))
    hidden = visit.has("hidden_likes")
    connection = {
        "edges": [{"node": xdt_media(post, account, hidden), "cursor": _seal(post)} for post in found.posts],
        "page_info": {**_page_info(found), "has_previous_page": False, "start_cursor": None},
    }
    viewer = {"user": None}
    return answer_json(
        {
            "data": {TIMELINE: connection, "xdt_viewer": viewer},
            "extensions": {"is_final": True},
            "status": "ok",
        }
    )


def _seal(post: Any) -> str:
    return ids.seal("QVF", *post.order)


def _post_page(visit: Visit) -> Response:
    post = visit.site.find("instagram", visit.path["code"])
    if post is None or visit.account is None or visit.has("vanished"):
        return not_found(visit)
    if visit.has("private") or visit.has("region_locked"):
        media: dict[str, Any] = {"xig_polaris_media": {"if_not_gated_logged_out": None}}
    else:
        item = xdt_media(visit.site.shown(post), visit.account, visit.has("hidden_likes"))
        media = {"xig_polaris_media": {"if_not_gated_logged_out": item}}
    return answer_html(
        page(
            "instagram_post.html",
            name=visit.account.name,
            url=f"https://www.instagram.com/p/{post.post_id}/",
            text=visit.site.shown(post).shown_text,
            data=script_json(_relay("PolarisLoggedOutDesktopWWWPostRootContentQuery", media)),
        )
    )


def _profile_page(visit: Visit) -> Response:
    account = visit.account
    if account is None or visit.has("vanished"):
        return not_found(visit)
    user = {
        "pk": str(account.number),
        "username": account.key,
        "full_name": account.name,
        "follower_count": account.followers,
        "is_private": visit.has("private"),
    }
    data = script_json(_relay("PolarisProfilePageContentQuery", {"xig_user_by_username": user}))
    url = f"https://www.instagram.com/{account.key}/"
    return answer_html(page("instagram_post.html", name=account.name, url=url, text="", data=data))


def _relay(query: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return data as deep inside the page's scripts as Instagram puts it."""
    answer = {"__bbox": {"complete": True, "result": {"data": data, "extensions": {"is_final": True}}}}
    stream = ["RelayPrefetchedStreamCache", "next", [], [f"adp_{query}RelayPreloader_0", answer]]
    return {"require": [["ScheduledServerJS", "handle", None, [{"__bbox": {"require": [stream]}}]]]}


def _owner_of_code(visit: Visit) -> str:
    post = visit.site.find("instagram", visit.path["code"])
    return post.account if post else ""


def _asked_by_graphql(visit: Visit) -> str:
    variables = _variables(visit)
    return str(variables.get("username") or variables.get("id") or variables.get("user_id") or "")


def _login_page(visit: Visit) -> Response:
    return answer_html(plain_page("Login • Instagram", "Log in to see photos and videos."))


ROUTES = (
    Route(
        name="instagram.web_profile_info",
        host=HOST,
        path="/api/v1/users/web_profile_info/",
        asks_for=lambda visit: visit.query.get("username", ""),
        answers=_web_profile_info,
        is_json=True,
    ),
    Route(
        name="instagram.feed_user",
        host=HOST,
        path="/api/v1/feed/user/{user}/",
        asks_for=lambda visit: visit.path["user"],
        answers=_feed_user,
        is_json=True,
    ),
    Route(
        name="instagram.feed_user",
        host=HOST,
        path="/api/v1/feed/user/{user}/username/",
        asks_for=lambda visit: visit.path["user"],
        answers=_feed_user,
        is_json=True,
    ),
    Route(
        name="instagram.timeline",
        host=HOST,
        path="/graphql/query/",
        methods=("GET", "POST"),
        asks_for=_asked_by_graphql,
        answers=_timeline,
        is_json=True,
    ),
    Route(name="instagram.item", host=HOST, path="/p/{code}/", asks_for=_owner_of_code, answers=_post_page),
    Route(
        name="instagram.item", host=HOST, path="/reel/{code}/", asks_for=_owner_of_code, answers=_post_page
    ),
    Route(name="instagram.login", host=HOST, path="/accounts/login/", answers=_login_page),
    Route(name="instagram.login", host=HOST, path="/challenge/", answers=_login_page),
    Route(
        name="instagram.profile_page",
        host=HOST,
        path="/{user}/",
        asks_for=lambda visit: visit.path["user"],
        answers=_profile_page,
    ),
    *graph.ROUTES,
)
