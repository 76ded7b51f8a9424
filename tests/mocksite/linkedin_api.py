"""api.linkedin.com: posts of the pages that the token administers, with versioned headers."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.errors import linkedin_error
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_json

HOST = "api.linkedin.com"
MOST = 100
_RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")
_HASHTAG = re.compile(r"#(\w+)")


def _denied(visit: Visit) -> Response | None:
    if visit.bearer != visit.site.credentials.linkedin_token:
        return linkedin_error(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
    version = visit.headers.get("linkedin-version", "")
    if not version:
        message = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
        return linkedin_error(400, "VERSION_MISSING", message)
    if not _is_alive(version, visit.site.clock):
        return linkedin_error(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
    if visit.headers.get("x-restli-protocol-version") != "2.0.0":
        return linkedin_error(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
    return None


def _is_alive(version: str, clock: datetime) -> bool:
    """Tell whether a version YYYYMM is out and less than about a year old."""
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version):
        return False
    months = (clock.year - int(version[:4])) * 12 + clock.month - int(version[4:])
    return 0 <= months <= 14


def _is_own(visit: Visit, account: SiteAccount) -> bool:
    own = visit.site.own_pages
    return own is None or account.key in own


def _posts(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    account = visit.account
    if account is None or not _is_own(visit, account) or visit.has("private"):
        message = "Not enough permissions to access: partnerApiPostsExternal.FINDER-author.20260901"
        return linkedin_error(403, "ACCESS_DENIED", message)
    posts = () if visit.has("empty") else visit.site.posts("linkedin", account.handle)
    size = visit.asked("count", 10, MOST)
    start = int(visit.query.get("start") or 0)
    if visit.has("same_page_twice") and start:
        start = max(0, start - size)
    found = () if visit.has("more_with_nothing") else posts[start : start + size]
    more = start + size < len(posts) or visit.has("more_with_nothing")
    following = f"/rest/posts?author={_urn(account)}&q=author&count={size}&start={start + size}"
    links = [{"rel": "next", "type": "application/json", "href": following}] if more else []
    elements = [_element(visit.site.shown(post), account) for post in found]
    return answer_json({"paging": {"start": start, "count": size, "links": links}, "elements": elements})


def _urn(account: SiteAccount) -> str:
    return f"urn:li:organization:{account.number}"


def _element(post: SitePost, account: SiteAccount) -> dict[str, Any]:
    ms, seed = post.order
    kind = "ugcPost" if post.media == "video" else "share"
    element: dict[str, Any] = {
        "id": f"urn:li:{kind}:{ids.linkedin_id(ms - 40, seed)}",
        "author": _urn(account),
        "commentary": little_text(post.shown_text),
        "createdAt": ms - 40,
        "publishedAt": ms,
        "lastModifiedAt": ms + (86_400_000 if post.edited else 900),
        "lifecycleState": "PUBLISHED",
        "visibility": "PUBLIC",
        "lifecycleStateInfo": {"isEditedByAuthor": post.edited},
        "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []},
        "isReshareDisabledByAuthor": False,
    }
    if content := _content(post):
        element["content"] = content
    if post.repost_of:
        original = f"urn:li:share:{ids.linkedin_id(ms - 3_600_000 * (5 + seed % 300), seed)}"
        element["reshareContext"] = {"parent": original, "root": original}
    return element


def _content(post: SitePost) -> dict[str, Any] | None:
    number = ids.letters(16, post.seed)
    if post.media == "carousel":
        images = [
            {"id": f"urn:li:image:{number}{n}", "altText": post.alt_text if n == 0 else ""} for n in range(3)
        ]
        return {"multiImage": {"images": images}}
    if post.media == "article":
        return {
            "article": {"source": f"https://nieuws.example/{number}", "title": post.title, "description": ""}
        }
    kind = {"image": "image", "video": "video", "document": "document"}.get(post.media)
    if kind is None:
        return None
    media = {"id": f"urn:li:{kind}:{number}", "title": post.title, "altText": post.alt_text}
    return {"media": {name: value for name, value in media.items() if value}}


def little_text(text: str) -> str:
    r"""Return a text in the API's own little format.

    >>> print(little_text("Open dag (za) #kieswijs"))
    Open dag \(za\) {hashtag|\#|kieswijs}
    """
    parts, end = [], 0
    for match in _HASHTAG.finditer(text):
        parts += [_escape(text[end : match.start()]), f"{{hashtag|\\#|{match[1]}}}"]
        end = match.end()
    return "".join([*parts, _escape(text[end:])])


def _escape(text: str) -> str:
    return _RESERVED.sub(lambda match: "\\" + match[0], text)


def _organization(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    account = visit.account
    elements = []
    if account is not None and not visit.has("vanished"):
        localized = {
            "localized": {"nl_NL": account.name},
            "preferredLocale": {"country": "NL", "language": "nl"},
        }
        elements = [
            {
                "id": account.number,
                "vanityName": account.key,
                "localizedName": account.name,
                "name": localized,
            }
        ]
    return answer_json({"paging": {"start": 0, "count": 10, "links": []}, "elements": elements})


def _network_size(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    return answer_json({"firstDegreeSize": visit.account.followers if visit.account else 0})


def _asked_author(visit: Visit) -> str:
    return visit.query.get("author", "").rpartition(":")[2]


ROUTES = (
    Route(
        name="linkedin.posts",
        host=HOST,
        path="/rest/posts",
        asks_for=_asked_author,
        answers=_posts,
        is_api=True,
        is_json=True,
    ),
    Route(
        name="linkedin.organization",
        host=HOST,
        path="/rest/organizations",
        asks_for=lambda visit: visit.query.get("vanityName", ""),
        answers=_organization,
        is_api=True,
        is_json=True,
    ),
    Route(
        name="linkedin.network_size",
        host=HOST,
        path="/rest/networkSizes/{urn}",
        asks_for=lambda visit: visit.path["urn"].rpartition(":")[2],
        answers=_network_size,
        is_api=True,
        is_json=True,
    ),
)
