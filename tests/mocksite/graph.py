"""graph.facebook.com: Business Discovery of the Instagram Graph API, its field syntax included."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.errors import graph_error, not_found, reduce_data
from tests.mocksite.paging import page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_json

HOST = "graph.facebook.com"
MEDIA_TYPES = {"image": ("IMAGE", "FEED"), "carousel": ("CAROUSEL_ALBUM", "FEED")}
DEFAULT_SIZE = 25
_TOKEN = re.compile(r"\s*([{},])|\s*([\w]+)((?:\.\w+\([^)]*\))*)")
_ARGUMENT = re.compile(r"\.(\w+)\(([^)]*)\)")


@dataclass(kw_only=True)
class Field:
    """A field that was asked for, with its arguments and the fields inside it."""

    arguments: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)


def read_fields(text: str) -> dict[str, Field]:
    """Return what a `fields` parameter asks for.

    >>> found = read_fields("business_discovery.username(x){media_count,media.limit(5).after(c){id,caption}}")
    >>> found["business_discovery"].arguments, found["business_discovery"].fields["media"].arguments
    ({'username': 'x'}, {'limit': '5', 'after': 'c'})
    """
    stack: list[dict[str, Field]] = [{}]
    last = Field()
    for mark, name, arguments in _TOKEN.findall(text):
        if mark == "{":
            stack.append(last.fields)
        elif mark == "}" and len(stack) > 1:
            stack.pop()
        elif name:
            last = stack[-1][name] = Field(arguments=dict(_ARGUMENT.findall(arguments)))
    return stack[0]


def _discovery(visit: Visit) -> Field:
    return read_fields(visit.query.get("fields", "")).get("business_discovery", Field())


def _asked(visit: Visit) -> str:
    return _discovery(visit).arguments.get("username", "")


def _business_discovery(visit: Visit) -> Response:
    credentials = visit.site.credentials
    token = visit.query.get("access_token") or visit.bearer
    if not token:
        return graph_error(400, 104, "An access token is required to request this resource.")
    if token != credentials.instagram_token:
        return graph_error(400, 190, "Invalid OAuth access token - Cannot parse access token")
    if visit.path["user_id"] != credentials.instagram_user_id:
        message = f"Unsupported get request. Object with ID '{visit.path['user_id']}' does not exist"
        return graph_error(400, 100, message, "GraphMethodException", subcode=33)
    asked = _discovery(visit)
    if visit.account is None or any(visit.has(kind) for kind in ("private", "vanished", "region_locked")):
        return not_found(visit)
    if (media := asked.fields.get("media")) and _size(media) > visit.site.most_per_page:
        return reduce_data()
    found = _account(visit, visit.account, asked) | {"id": visit.account.graph_id}
    return answer_json({"business_discovery": found, "id": credentials.instagram_user_id})


def _size(media: Field) -> int:
    limit = media.arguments.get("limit", "")
    return int(limit) if limit.isdigit() else DEFAULT_SIZE


def _account(visit: Visit, account: SiteAccount, asked: Field) -> dict[str, Any]:
    posts = () if visit.has("empty") else visit.site.posts("instagram", account.handle)
    known: dict[str, Callable[[], Any]] = {
        "username": lambda: account.key,
        "name": lambda: account.name,
        "biography": lambda: f"Dit is het account van {account.name}.",
        "website": lambda: account.website,
        "ig_id": lambda: account.number,
        "profile_picture_url": lambda: f"https://scontent-ams2-1.xx.fbcdn.net/{account.number}_n.jpg",
        "followers_count": lambda: account.followers,
        "follows_count": lambda: account.followers // 17,
        "media_count": lambda: len(posts),
        "media": lambda: _media(visit, account, posts, asked.fields["media"]),
    }
    return {name: known[name]() for name in asked.fields if name in known}


def _media(visit: Visit, account: SiteAccount, posts: tuple[SitePost, ...], asked: Field) -> dict[str, Any]:
    cursor = asked.arguments.get("after", "")
    found = page_of(visit, posts, _size(asked), ids.unseal("GRAPH", cursor) if cursor else None)
    answer: dict[str, Any] = {
        "data": [_one_media(post, account, asked, visit.has("hidden_likes")) for post in found.posts]
    }
    cursors = {"before": ids.seal("GRAPH", *found.posts[0].order)} if cursor and found.posts else {}
    if found.more and found.last:
        cursors["after"] = ids.seal("GRAPH", *found.last.order)
    return answer | ({"paging": {"cursors": cursors}} if cursors else {})


def _one_media(post: SitePost, account: SiteAccount, asked: Field, hides_likes: bool) -> dict[str, Any]:
    counts = ids.counts(post.seed, account.followers)
    media_type, product_type = MEDIA_TYPES.get(post.media, ("VIDEO", "REELS"))
    kind = "reel" if product_type == "REELS" else "p"
    children = [
        {"id": _media_id(post.seed + number), "media_type": "IMAGE"} for number in range(2 + post.seed % 5)
    ]
    known: dict[str, Any] = {
        "caption": post.shown_text or None,
        "comments_count": counts.comments,
        "like_count": None if post.hidden_likes or hides_likes else counts.likes,
        "media_type": media_type,
        "media_product_type": product_type,
        "media_url": f"https://scontent-ams2-1.cdninstagram.com/{ids.letters(24, post.seed)}_n.jpg",
        "permalink": f"https://www.instagram.com/{kind}/{post.post_id}/",
        "timestamp": post.posted_at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "username": account.key,
        "children": {"data": children} if post.media == "carousel" else None,
    }
    shown = {name: known[name] for name in asked.fields if known.get(name) is not None}
    return shown | {"id": _media_id(post.seed)}


def _media_id(seed: int) -> str:
    return str(17_800_000_000_000_000 + seed % 300_000_000_000_000)


ROUTES = (
    Route(
        name="instagram.business_discovery",
        host=HOST,
        path="/{version:str}/{user_id}",
        asks_for=_asked,
        answers=_business_discovery,
        is_api=True,
        is_json=True,
    ),
)
