"""www.youtube.com/api/timedtext: caption tracks, offered by the player under signed addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.pages import page
from tests.mocksite.visit import Visit, answer_json

EXPIRES = "1795000000"


def signature(post: SitePost) -> str:
    """Return what grants access to the words of a video."""
    return f"{ids.letters(40, 'captions', post.seed)}.{ids.letters(40, post.seed, 'captions')}".upper()


def caption_tracks(visit: Visit, post: SitePost) -> list[dict[str, Any]]:
    """Return the tracks of a video whose words are known: a machine's, and a person's where there are some."""
    if not post.transcript:
        return []
    if visit.has("written_captions"):
        return [_track(post, "en", ""), _track(post, "nl", "asr"), _track(post, "nl-NL", "")]
    return [_track(post, "nl", "asr")]


def _track(post: SitePost, language: str, kind: str) -> dict[str, Any]:
    query = {
        "v": post.post_id,
        "caps": "asr",
        "expire": EXPIRES,
        "sparams": "caps,expire,v",
        "signature": signature(post),
        "key": "yt8",
        **({"kind": kind} if kind else {}),
        "lang": language,
    }
    return {
        "baseUrl": f"https://www.youtube.com/api/timedtext?{urlencode(query, safe=',')}",
        "name": {"simpleText": language + (" (auto-generated)" if kind else "")},
        "vssId": f"{'a' if kind else ''}.{language}",
        "languageCode": language,
        **({"kind": kind} if kind else {}),
        "isTranslatable": True,
    }


def timedtext(visit: Visit) -> Response:
    """Return a track's words; a request that is not signed gets an empty page, as on the real site."""
    post = visit.site.find("youtube", visit.query.get("v", ""))
    if post is None or visit.query.get("signature") != signature(post):
        return Response(b"", media_type="text/html; charset=UTF-8")
    cues = list(_cues(post, visit.query))
    if visit.query.get("fmt") == "json3" and not visit.has("xml_captions"):
        return answer_json(
            {"wireMagic": "pb3", "pens": [{}], "events": [*map(_event, range(len(cues)), cues)]}
        )
    return Response(page("youtube_timedtext.xml", cues=cues), media_type="text/xml; charset=UTF-8")


def _cues(post: SitePost, query: Any) -> list[str]:
    """Return the lines of a track: a machine writes no punctuation, a translation is not in Dutch."""
    words = post.transcript.split()
    if query.get("lang") == "en":
        words = [word[::-1] for word in words]
    elif query.get("kind") == "asr":
        words = [word.strip(".,!?").lower() for word in words]
    return [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)]


def _event(number: int, cue: str) -> dict[str, Any]:
    parts = [{"utf8": part, "tOffsetMs": 300 * at} for at, part in enumerate(cue.partition(" "))]
    return {"tStartMs": number * 3000, "dDurationMs": 3000, "segs": parts}
