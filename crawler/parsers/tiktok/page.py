"""TikTok's HTML pages: the data that the server leaves in them for the browser."""

from __future__ import annotations

from crawler.errors import MissingField
from crawler.fields import Fields
from crawler.items import Account, Capture, Page, Refusal
from crawler.parsers.formats import Body, Format, decode_json, read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.tiktok.item import PARSER_VERSION, read_item

_SCRIPT = b"__UNIVERSAL_DATA_FOR_REHYDRATION__"
_PROFILE = "webapp.user-detail"
_VIDEO = "webapp.video-detail"
_WALL = Refusal(outcome="blocked", sign='createTime is "0": the page hides the post from visitors')


def _find_detail(body: Body, name: str, scope: str) -> Fields:
    """Return one part of a page's data, or the same object where the web's API sent it by itself."""
    if body.looks_like_json:
        return Fields(body.json, name)
    raw = body.capture.body
    start = raw.find(b">", raw.find(_SCRIPT))
    end = raw.find(b"</script>", start)
    if end < 0:
        raise MissingField(f"{name}.{_SCRIPT.decode()}")
    whole = Fields(decode_json(raw[start + 1 : end], name), name)
    return Fields(whole.within("__DEFAULT_SCOPE__").need(scope), name)


def _detects_profile(body: Body) -> bool:
    if body.looks_like_json:
        return "userInfo" in body.object
    return _SCRIPT in body.capture.body and f'"{_PROFILE}"'.encode() in body.capture.body


def _parse_profile(capture: Capture, body: Body) -> Page:
    """Return the account with its count of posts; its posts come by other answers, asked for by secUid."""
    name = "tiktok.profile_page"
    found = _find_detail(body, name, _PROFILE).within("userInfo")
    user = found.within("user")
    posts, errors = read_each(found.take_items("itemList"), lambda raw: read_item(raw, capture))
    sec_uid = user.take_text("secUid")
    return Page(
        format=name,
        account=_read_account(user, found, capture),
        posts=posts,
        errors=errors,
        more=(("secUid", sec_uid),) if sec_uid else (),
    )


def _read_account(user: Fields, found: Fields, capture: Capture) -> Account:
    name = user.text("uniqueId")
    shown = [stats for part in ("statsV2", "stats") if (stats := found.take_within(part))]
    counts = {
        field: next((count for stats in shown if (count := stats.take_count(field)) is not None), None)
        for field in ("followerCount", "followingCount", "videoCount")
    }
    link = user.take_within("bioLink")
    return Account(
        account=name,
        account_id=user.identifier("id"),
        name=user.take_text("nickname"),
        url=f"https://www.tiktok.com/@{name}",
        description=user.take_text("signature"),
        website=link.take_text("link") if link else None,
        followers_count=counts["followerCount"],
        following_count=counts["followingCount"],
        posts_count=counts["videoCount"],
        is_private=user.take_flag("privateAccount"),
        is_verified=user.take_flag("verified"),
        **provenance(capture, PARSER_VERSION),
    )


def _detects_video(body: Body) -> bool:
    if body.looks_like_json:
        return "itemInfo" in body.object
    return _SCRIPT in body.capture.body and f'"{_VIDEO}"'.encode() in body.capture.body


def _parse_video(capture: Capture, body: Body) -> Page:
    name = "tiktok.video_page"
    raw = _find_detail(body, name, _VIDEO).within("itemInfo").need("itemStruct")
    if isinstance(raw, dict) and raw.get("createTime") in ("0", 0):
        return Page(format=name, refusal=_WALL)
    posts, errors = read_each([raw], lambda record: read_item(record, capture))
    return Page(format=name, posts=posts, errors=errors)


FORMATS = (
    Format(name="tiktok.profile_page", platform="tiktok", detects=_detects_profile, parse=_parse_profile),
    Format(name="tiktok.video_page", platform="tiktok", detects=_detects_video, parse=_parse_video),
)
