"""www.googleapis.com: the YouTube Data API v3."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.errors import google_error
from tests.mocksite.paging import page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_json
from tests.mocksite.youtube_text import duration_of, iso_duration

HOST = "www.googleapis.com"
MOST = 50
NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)


def _denied(visit: Visit) -> Response | None:
    key = visit.query.get("key") or visit.headers.get("x-goog-api-key", "")
    if not key:
        return google_error(403, "forbidden", NO_KEY)
    if key != visit.site.credentials.youtube_api_key:
        return google_error(400, "badRequest", "API key not valid. Please pass a valid API key.")
    if not visit.query.get("part"):
        return google_error(
            400, "missingRequiredParameter", "No filter selected. Expected: part", "youtube.parameter"
        )
    return None


def _parts(visit: Visit, known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in visit.query.get("part", "").split(",") if name in known}


def _answer(kind: str, items: list[dict[str, Any]], total: int, size: int, **more: Any) -> Response:
    etag = ids.letters(27, kind, *(item["id"] for item in items))
    info = {"totalResults": total, "resultsPerPage": size}
    return answer_json({"kind": f"youtube#{kind}", "etag": etag, **more, "pageInfo": info, "items": items})


def _channels(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    account = visit.account
    if account is None or visit.has("vanished"):
        info = {"totalResults": 0, "resultsPerPage": 5}
        return answer_json(
            {"kind": "youtube#channelListResponse", "etag": ids.letters(27, "none"), "pageInfo": info}
        )
    posts = () if visit.has("empty") else visit.site.posts("youtube", account.handle)
    known = {
        "snippet": {
            "title": account.name,
            "description": f"Dit is het kanaal van {account.name}.",
            "customUrl": account.handle.lower(),
            "publishedAt": "2012-09-03T08:00:00Z",
            "thumbnails": {},
            "localized": {"title": account.name, "description": f"Dit is het kanaal van {account.name}."},
            "country": "NL",
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": "UU" + account.channel_id[2:]}},
        "statistics": {
            "viewCount": str(sum(ids.counts(post.seed, account.followers).views for post in posts)),
            "subscriberCount": _three_figures(account.followers),
            "hiddenSubscriberCount": False,
            "videoCount": str(len(posts)),
        },
    }
    item = {"kind": "youtube#channel", "etag": ids.letters(27, account.key), "id": account.channel_id}
    return _answer("channelListResponse", [item | _parts(visit, known)], 1, 5)


def _three_figures(count: int) -> str:
    """Return a count rounded down to three figures, as subscriber counts are."""
    size = 10 ** max(0, len(str(count)) - 3)
    return str(count // size * size)


def _asked_channel(visit: Visit) -> str:
    return (
        visit.query.get("forHandle")
        or visit.query.get("id", "").split(",")[0]
        or visit.query.get("forUsername", "")
    )


def _playlist_items(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    playlist, account = visit.query.get("playlistId", ""), visit.account
    if account is None or visit.has("vanished"):
        message = (
            "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."
        )
        return google_error(404, "playlistNotFound", message, "youtube.playlistItem")
    size, token = visit.asked("maxResults", 5, MOST), visit.query.get("pageToken", "")
    after = ids.unseal("PT", token) if token else None
    if token and after is None:
        message = "The request specifies an invalid page token."
        return google_error(400, "invalidPageToken", message, "youtube.parameter")
    posts = visit.site.posts("youtube", account.handle)
    found = page_of(visit, posts, size, after)
    items = [_playlist_item(visit, post, account, playlist) for post in found.posts]
    more = {"nextPageToken": ids.seal("PT", *found.last.order)} if found.more and found.last else {}
    return _answer("playlistItemListResponse", items, 0 if visit.has("empty") else len(posts), size, **more)


def _playlist_item(visit: Visit, post: SitePost, account: SiteAccount, playlist: str) -> dict[str, Any]:
    published = _moment(post)
    known = {
        "snippet": {
            "publishedAt": published,
            "channelId": account.channel_id,
            "title": post.title,
            "description": post.shown_text,
            "thumbnails": {},
            "channelTitle": account.name,
            "playlistId": playlist,
            "position": 0,
            "resourceId": {"kind": "youtube#video", "videoId": post.post_id},
        },
        "contentDetails": {"videoId": post.post_id, "videoPublishedAt": published},
        "status": {"privacyStatus": "public"},
    }
    item = {
        "kind": "youtube#playlistItem",
        "etag": ids.letters(27, post.seed),
        "id": ids.letters(68, post.seed),
    }
    return item | _parts(visit, known)


def _moment(post: SitePost) -> str:
    return post.posted_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _videos(visit: Visit) -> Response:
    if denied := _denied(visit):
        return denied
    asked = [one for one in visit.query.get("id", "").split(",") if one]
    if len(asked) > MOST:
        return google_error(400, "invalidFilters", "The request specifies too many ids.", "youtube.parameter")
    posts = [post for one in asked if (post := visit.site.find("youtube", one))]
    items = [_video(visit, visit.site.shown(post)) for post in posts if not visit.has("vanished")]
    return _answer("videoListResponse", items, len(items), len(items))


def _video(visit: Visit, post: SitePost) -> dict[str, Any]:
    account = visit.site.account("youtube", post.account)
    if account is None:
        raise LookupError(post.account)
    counts = ids.counts(post.seed, account.followers)
    statistics = {"viewCount": str(counts.views), "favoriteCount": "0", "commentCount": str(counts.comments)}
    if not post.hidden_likes and not visit.has("hidden_likes"):
        statistics["likeCount"] = str(counts.likes)
    known = {
        "snippet": {
            "publishedAt": _moment(post),
            "channelId": account.channel_id,
            "title": post.title,
            "description": post.shown_text,
            "thumbnails": {},
            "channelTitle": account.name,
            "categoryId": "27",
            "liveBroadcastContent": "none",
            "defaultAudioLanguage": "nl",
            "localized": {"title": post.title, "description": post.shown_text},
        },
        "contentDetails": {
            "duration": iso_duration(duration_of(post)),
            "dimension": "2d",
            "definition": "hd",
            "caption": "true" if post.transcript else "false",
        },
        "statistics": statistics,
        "status": {"uploadStatus": "processed", "privacyStatus": "public", "madeForKids": False},
    }
    return {"kind": "youtube#video", "etag": ids.letters(27, post.seed, 1), "id": post.post_id} | _parts(
        visit, known
    )


def _owner_of_playlist(visit: Visit) -> str:
    playlist = visit.query.get("playlistId", "")
    return "UC" + playlist[2:] if playlist.startswith("UU") and len(playlist) == 24 else ""


def _owner_of_videos(visit: Visit) -> str:
    post = visit.site.find("youtube", visit.query.get("id", "").split(",")[0])
    return post.account if post else ""


def _call(name: str, path: str, asks_for: Any, answers: Any) -> Route:
    return Route(
        name=f"youtube.{name}",
        host=HOST,
        path=f"/youtube/v3/{path}",
        asks_for=asks_for,
        answers=answers,
        is_api=True,
        is_json=True,
    )


ROUTES = (
    _call("channels", "channels", _asked_channel, _channels),
    _call("playlist_items", "playlistItems", _owner_of_playlist, _playlist_items),
    _call("videos", "videos", _owner_of_videos, _videos),
)
