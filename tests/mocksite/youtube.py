"""www.youtube.com: RSS, the browse calls of its own pages, the player, channel pages; and the consent page."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from starlette.responses import Response

from tests.mocksite import ids, youtube_api
from tests.mocksite.content import SitePost
from tests.mocksite.errors import google_error, not_found
from tests.mocksite.pages import page, plain_page, script_json
from tests.mocksite.paging import page_of
from tests.mocksite.site import SiteAccount
from tests.mocksite.visit import Route, Visit, answer_html, answer_json
from tests.mocksite.youtube_browse import CHANNEL_TYPE, Layout, alert_page, channel_page, continuation_page
from tests.mocksite.youtube_captions import caption_tracks, timedtext
from tests.mocksite.youtube_text import duration_of, published

HOST = "www.youtube.com"
RSS_SIZE = 15
BROWSE_SIZE = 30
SHORTS_SIZE = 48
TERMINATED = "This account has been terminated for a violation of YouTube's Terms of Service."
NOT_HERE = "This channel is not available in your country."
PLAYLISTS: dict[str, Callable[[SitePost], bool]] = {
    "UULF": lambda post: post.media != "short",
    "UUSH": lambda post: post.media == "short",
    "UULV": lambda post: False,
    "UU": lambda post: True,
}


def channel_of(channel_or_playlist: str) -> str:
    """Return the channel id behind a channel's id or the id of one of its system playlists."""
    for prefix in PLAYLISTS:
        if channel_or_playlist.startswith(prefix) and len(channel_or_playlist) == len(prefix) + 22:
            return "UC" + channel_or_playlist[len(prefix) :]
    return channel_or_playlist


def _in_playlist(playlist: str) -> Callable[[SitePost], bool]:
    return next(
        (
            test
            for prefix, test in PLAYLISTS.items()
            if len(playlist) == len(prefix) + 22 and playlist.startswith(prefix)
        ),
        PLAYLISTS["UU"],
    )


# RSS


def _feed(visit: Visit) -> Response:
    account = visit.account
    if account is None or visit.has("vanished"):
        return not_found(visit)
    playlist = visit.query.get("playlist_id", "")
    posts = () if visit.has("empty") else visit.site.posts("youtube", account.handle)
    newest = [visit.site.shown(post) for post in posts if _in_playlist(playlist)(post)][:RSS_SIZE]
    entries = [
        {
            "id": post.post_id,
            "title": post.title,
            "link": f"https://www.youtube.com/{'shorts/' if post.media == 'short' else 'watch?v='}{post.post_id}",
            "published": post.posted_at.isoformat(timespec="seconds"),
            "updated": published(post).isoformat(timespec="seconds"),
            "text": post.shown_text,
            "counts": ids.counts(post.seed, account.followers),
            "hides_likes": post.hidden_likes or visit.has("hidden_likes"),
        }
        for post in newest
    ]
    text = page("youtube_rss.xml", account=account, query=visit.raw_query, entries=entries)
    return Response(text, media_type="text/xml; charset=UTF-8")


def _asked_feed(visit: Visit) -> str:
    return channel_of(visit.query.get("playlist_id") or visit.query.get("channel_id", ""))


# Calls of its own pages


def _resolve(visit: Visit) -> Response:
    if visit.account is None:
        return not_found(visit)
    command = {"url": "/youtubei/v1/navigation/resolve_url", **CHANNEL_TYPE}
    endpoint = {
        "commandMetadata": {
            "webCommandMetadata": command,
            "resolveUrlCommandMetadata": {"isVanityUrl": True},
        },
        "browseEndpoint": {"browseId": visit.account.channel_id, "params": "EgC4AQCSAwDyBgQKAjIA"},
    }
    return answer_json({"responseContext": _context(visit), "endpoint": endpoint})


def _asked_resolve(visit: Visit) -> str:
    path = unquote(urlsplit(str(visit.json.get("url", ""))).path).strip("/")
    return re.sub(r"^(?:channel|user|c)/", "", path).split("/")[0]


def _context(visit: Visit) -> dict[str, Any]:
    return {"visitorData": ids.letters(40, "visitor", visit.target), "serviceTrackingParams": []}


def _browse(visit: Visit) -> Response:
    account, continued = visit.account, _continued(visit)
    if account is None:
        return google_error(400, "badRequest", "Request contains an invalid argument.")
    if visit.has("vanished") or visit.has("region_locked"):
        text = TERMINATED if visit.has("vanished") else NOT_HERE
        return answer_json({"responseContext": _context(visit), **alert_page(account, text)})
    tab = continued["tab"] if continued else _tab(str(visit.json.get("params", "")))
    posts = () if visit.has("empty") else visit.site.posts("youtube", account.handle)
    of_tab = tuple(post for post in posts if PLAYLISTS["UUSH" if tab == "shorts" else "UULF"](post))
    after = (continued["ms"], continued["seed"]) if continued else None
    found = page_of(visit, of_tab, SHORTS_SIZE if tab == "shorts" else BROWSE_SIZE, after)
    token = _token(account, tab, found.last) if found.more and found.last else ""
    layout = Layout(clock=visit.site.clock, is_old=visit.has("video_renderer"), token=token)
    if continued:
        answer = continuation_page(account, found.posts, layout)
    else:
        answer = channel_page(account, tab, found.posts, posts, layout)
    return answer_json({"responseContext": _context(visit), **answer})


def _tab(params: str) -> str:
    try:
        decoded = base64.urlsafe_b64decode(unquote(params) + "==")
    except (ValueError, binascii.Error):
        return "featured"
    return next((tab for tab in ("videos", "shorts") if tab.encode() in decoded), "featured")


def _token(account: SiteAccount, tab: str, last: SitePost) -> str:
    content = {"channel": account.channel_id, "tab": tab, "ms": last.order[0], "seed": last.order[1]}
    return "4qmFsg" + base64.urlsafe_b64encode(orjson.dumps(content)).decode().replace("=", "%3D")


def _continued(visit: Visit) -> dict[str, Any] | None:
    token = unquote(str(visit.json.get("continuation") or ""))
    try:
        found = orjson.loads(base64.urlsafe_b64decode(token.removeprefix("4qmFsg")))
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"channel", "tab", "ms", "seed"} <= set(found) else None


def _asked_browse(visit: Visit) -> str:
    continued = _continued(visit)
    return str(continued["channel"] if continued else visit.json.get("browseId", ""))


def _player_answer(visit: Visit, post: SitePost, account: SiteAccount) -> dict[str, Any]:
    counts = ids.counts(post.seed, account.followers)
    seconds, url = duration_of(post), f"https://www.youtube.com/watch?v={post.post_id}"
    micro = {
        "title": {"simpleText": post.title},
        "description": {"simpleText": post.shown_text},
        "lengthSeconds": str(seconds),
        "ownerProfileUrl": f"http://www.youtube.com/{account.handle}",
        "externalChannelId": account.channel_id,
        "isFamilySafe": True,
        "isUnlisted": False,
        "viewCount": str(counts.views),
        "category": "Education",
        "publishDate": post.posted_at.isoformat(timespec="seconds"),
        "uploadDate": post.posted_at.isoformat(timespec="seconds"),
        "ownerChannelName": account.name,
        "isShortsEligible": post.media == "short",
        "externalVideoId": post.post_id,
        "canonicalUrl": url,
    }
    if not post.hidden_likes and not visit.has("hidden_likes"):
        micro["likeCount"] = str(counts.likes)
    details = {
        "videoId": post.post_id,
        "title": post.title,
        "lengthSeconds": str(seconds),
        "channelId": account.channel_id,
        "shortDescription": post.shown_text,
        "viewCount": str(counts.views),
        "author": account.name,
        "isPrivate": False,
        "isLiveContent": False,
    }
    answer: dict[str, Any] = {
        "playabilityStatus": {"status": "OK", "playableInEmbed": True},
        "videoDetails": details,
        "microformat": {"playerMicroformatRenderer": micro},
    }
    if tracks := caption_tracks(visit, post):
        answer["captions"] = {"playerCaptionsTracklistRenderer": {"captionTracks": tracks}}
    return answer


def _player(visit: Visit) -> Response:
    post = visit.site.find("youtube", str(visit.json.get("videoId", "")))
    if post is None or visit.account is None or visit.has("vanished"):
        return answer_json({"playabilityStatus": {"status": "ERROR", "reason": "Video unavailable"}})
    return answer_json(_player_answer(visit, visit.site.shown(post), visit.account))


def _owner(visit: Visit) -> str:
    post = visit.site.find("youtube", str(visit.json.get("videoId") or visit.query.get("v", "")))
    return post.account if post else ""


# Pages


def _channel_html(visit: Visit) -> Response:
    account = visit.account
    if account is None or visit.has("vanished"):
        return not_found(visit)
    posts = () if visit.has("empty") else visit.site.posts("youtube", account.handle)
    data = channel_page(account, "featured", (), posts, Layout(clock=visit.site.clock))
    return answer_html(
        page("youtube_channel.html", account=account, variable="ytInitialData", data=script_json(data))
    )


def _watch(visit: Visit) -> Response:
    post = visit.site.find("youtube", visit.query.get("v", ""))
    if post is None or visit.account is None:
        return answer_html(plain_page("YouTube", "Video unavailable"))
    data = script_json(_player_answer(visit, visit.site.shown(post), visit.account))
    name = "ytInitialPlayerResponse"
    return answer_html(page("youtube_channel.html", account=visit.account, variable=name, data=data))


def _consent(visit: Visit) -> Response:
    return answer_html(page("consent.html", target=visit.query.get("continue", "")))


def _call(
    name: str, path: str, asks_for: Callable[[Visit], str], answers: Callable[[Visit], Response]
) -> Route:
    return Route(
        name=name, host=HOST, path=path, asks_for=asks_for, answers=answers, methods=("POST",), is_json=True
    )


def _handle(visit: Visit) -> str:
    return visit.path["handle"]


ROUTES = (
    Route(name="youtube.rss", host=HOST, path="/feeds/videos.xml", asks_for=_asked_feed, answers=_feed),
    _call("youtube.resolve_url", "/youtubei/v1/navigation/resolve_url", _asked_resolve, _resolve),
    _call("youtube.browse", "/youtubei/v1/browse", _asked_browse, _browse),
    _call("youtube.player", "/youtubei/v1/player", _owner, _player),
    Route(name="youtube.timedtext", host=HOST, path="/api/timedtext", asks_for=_owner, answers=timedtext),
    Route(name="youtube.watch", host=HOST, path="/watch", asks_for=_owner, answers=_watch),
    Route(name="youtube.channel_page", host=HOST, path="/@{handle}", asks_for=_handle, answers=_channel_html),
    Route(
        name="youtube.channel_page",
        host=HOST,
        path="/@{handle}/{tab}",
        asks_for=_handle,
        answers=_channel_html,
    ),
    Route(
        name="youtube.channel_page",
        host=HOST,
        path="/channel/{handle}",
        asks_for=_handle,
        answers=_channel_html,
    ),
    Route(name="youtube.consent", host="consent.youtube.com", path="/m", answers=_consent),
    *youtube_api.ROUTES,
)
