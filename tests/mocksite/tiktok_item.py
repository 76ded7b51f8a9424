"""One TikTok video or slideshow, and one account, as the website's own calls give them."""

from __future__ import annotations

import re
from typing import Any

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.site import SiteAccount

_TAG = re.compile(r"([#@])([\w.]*\w)")


def author(account: SiteAccount) -> dict[str, Any]:
    """Return an account as posts name their author."""
    picture = f"https://p16-common-sign.tiktokcdn-eu.com/{account.tiktok_id}.jpeg"
    return {
        "id": account.tiktok_id,
        "uniqueId": account.key,
        "nickname": account.name,
        "avatarLarger": picture,
        "avatarMedium": picture,
        "avatarThumb": picture,
        "signature": f"Dit is het account van {account.name}.",
        "verified": account.followers > 5_000,
        "secUid": account.sec_uid,
        "ftc": False,
        "openFavorite": False,
        "privateAccount": False,
        "secret": False,
    }


def user(account: SiteAccount, video_count: int, *, is_private: bool) -> dict[str, Any]:
    """Return an account as its profile page gives it; `videoCount` is the witness of completeness."""
    person = author(account) | {
        "privateAccount": is_private,
        "secret": is_private,
        "shortId": "",
        "roomId": "",
    }
    if account.website:
        person["bioLink"] = {"link": account.website, "risk": 0}
    stats = {
        "followerCount": account.followers,
        "followingCount": account.followers // 40,
        "heart": account.followers * 11,
        "heartCount": account.followers * 11,
        "videoCount": video_count,
        "diggCount": 0,
        "friendCount": 0,
    }
    rounded = {name: _rounded(count) for name, count in stats.items()}
    return {"user": person, "stats": rounded, "statsV2": {name: str(count) for name, count in stats.items()}}


def _rounded(count: int) -> int:
    return count if count < 10_000 else round(count, 1 - len(str(count)) + 2)


def item(post: SitePost, account: SiteAccount) -> dict[str, Any]:
    """Return a post as item_list and the video page give it."""
    counts = ids.counts(post.seed, account.followers)
    stats = {
        "diggCount": counts.likes,
        "shareCount": counts.shares,
        "commentCount": counts.comments,
        "playCount": counts.views,
        "collectCount": counts.saves,
    }
    exact = {name: str(count) for name, count in stats.items()} | {"repostCount": "0"}
    extra = _text_extra(post.shown_text)
    found: dict[str, Any] = {
        "id": post.post_id,
        "desc": post.shown_text,
        "contents": [{"desc": post.shown_text, "textExtra": extra}],
        "createTime": int(post.posted_at.timestamp()),
        "video": _video(post),
        "author": author(account),
        "music": {"id": str(int(post.post_id) + 1), "title": "original sound", "original": True},
        "challenges": [
            {"id": one["hashtagId"], "title": one["hashtagName"]} for one in extra if one["type"] == 1
        ],
        "stats": {name: _rounded(count) for name, count in stats.items()},
        "statsV2": exact,
        "textExtra": extra,
        "duetInfo": {"duetFromId": "0"},
        "originalItem": False,
        "officalItem": False,
        "secret": False,
        "forFriend": False,
        "digged": False,
        "collected": False,
        "privateItem": False,
        "isAd": False,
    }
    if post.pinned:
        found["isPinnedItem"] = True
    if post.media in ("image", "carousel"):
        pictures = 1 if post.media == "image" else 2 + post.seed % 6
        images = [{"imageURL": {"urlList": [_picture(post, number)]}} for number in range(pictures)]
        found["imagePost"] = {"images": images, "cover": images[0], "title": post.title}
    return found


def _text_extra(text: str) -> list[dict[str, Any]]:
    return [
        {
            "awemeId": "",
            "start": match.start(),
            "end": match.end(),
            "type": 1 if match[1] == "#" else 0,
            "hashtagName": match[2].lower() if match[1] == "#" else "",
            "hashtagId": str(ids.number("hashtag", match[2].lower()) % 10**9) if match[1] == "#" else "",
            "userUniqueId": match[2] if match[1] == "@" else "",
            "userId": "",
            "secUid": "",
            "subType": 0,
        }
        for match in _TAG.finditer(text)
    ]


def _picture(post: SitePost, number: int = 0) -> str:
    return f"https://p16-common-sign.tiktokcdn-eu.com/{ids.letters(24, post.seed, number)}.jpeg"


def _video(post: SitePost) -> dict[str, Any]:
    is_slideshow = post.media in ("image", "carousel")
    found: dict[str, Any] = {
        "id": post.post_id,
        "height": 1024,
        "width": 576,
        "duration": 0 if is_slideshow else 7 + post.seed % 55,
        "ratio": "540p",
        "cover": _picture(post),
        "playAddr": "" if is_slideshow else _picture(post, 99).replace(".jpeg", ".mp4"),
        "format": "mp4",
    }
    if post.transcript:
        url = f"https://www.tiktok.com/api/subtitle/{post.post_id}/?lang=nld-NL"
        found["subtitleInfos"] = [
            {
                "LanguageCodeName": "nld-NL",
                "Format": "webvtt",
                "Source": "ASR",
                "Url": url,
                "UrlExpire": 2_000_000_000,
            }
        ]
        caption = {
            "language": "nl",
            "languageCode": "nld-NL",
            "url": url,
            "isOriginalCaption": True,
            "captionFormat": "webvtt",
        }
        found["claInfo"] = {"hasOriginalAudio": True, "enableAutoCaption": True, "captionInfos": [caption]}
    return found


def webvtt(post: SitePost) -> str:
    """Return a post's transcript as subtitles, eight words a cue."""
    words = post.transcript.split()
    cues = [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)]
    lines = [f"{_at(2 * n)} --> {_at(2 * n + 2)}\n{cue}\n" for n, cue in enumerate(cues)]
    return "WEBVTT\n\n\n" + "\n".join(lines)


def _at(seconds: int) -> str:
    return f"00:{seconds // 60:02d}:{seconds % 60:02d}.000"
