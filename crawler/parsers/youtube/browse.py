"""The JSON behind a channel's tabs: videos, Shorts and streams, first page and continuations.

Dates are relative and views may be rounded: a rounded number is None. Shorts carry no date at all, and
descriptions are cut short here, so text is None. The header's video count is the witness of completeness.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from crawler.errors import MissingField, UnknownValue
from crawler.fields import Fields
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.dates import UNDATED, Dated, read_relative
from crawler.parsers.formats import attempt, read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.youtube.dig import dicts, dig, text_of
from crawler.parsers.youtube.video import (
    PARSER_VERSION,
    read_subscribers,
    read_videos,
    read_views,
    video_post,
)

# Between the videos of a tab stand other things, which are no posts.
NOT_POSTS = frozenset(
    {
        "continuationItemRenderer",
        "richSectionRenderer",
        "adSlotRenderer",
        "messageRenderer",
        "playlistRenderer",
    }
    | {
        "radioRenderer",
        "channelRenderer",
        "gridChannelRenderer",
        "postRenderer",
        "backstagePostThreadRenderer",
    }
)
VIDEO_TABS = frozenset({"videos", "shorts", "streams"})
_LOCKUP_TYPES = {"LOCKUP_CONTENT_TYPE_VIDEO": True} | {
    f"LOCKUP_CONTENT_TYPE_{kind}": False
    for kind in ("PLAYLIST", "PODCAST", "ALBUM", "CHANNEL", "ARTIST", "COURSE", "SHORTS_COLLECTION")
}


def detects(body: Body) -> bool:
    """Return whether the body is a channel's page or a continuation of one."""
    return "onResponseReceivedActions" in body.object or _tabs(body.object) is not None


def parse(capture: Capture, body: Body) -> Page:
    """Return a tab's account, posts and cursor, and the tab that YouTube chose to show under "tab"."""
    answer = Fields(body.json, "youtube.browse").raw
    if "onResponseReceivedActions" not in answer and _tabs(answer) is None:
        raise MissingField("youtube.browse.contents", list(answer))
    tab = next((tab for tab in dicts(_tabs(answer)) if dig(tab, "tabRenderer", "selected") is True), None)
    name = _tab_name(tab)
    entries = _continued_entries(answer) if tab is None else _tab_entries(tab, name)
    account, lost = attempt(lambda: _read_account(answer, capture)) if tab is not None else (None, ())
    posts, errors = read_each(entries, partial(_read_entry, capture=capture, owner=account))
    return Page(
        format="youtube.browse",
        account=account,
        posts=posts,
        errors=lost + errors,
        cursor=_find_cursor(entries),
        more=(("tab", name),) if name else (),
    )


def detects_item(body: Body) -> bool:
    """Return whether the body is a single video cut out of a page."""
    return "contentId" in body.object and "contentType" in body.object


def parse_item(capture: Capture, body: Body) -> Page:
    """Return the one video."""
    posts, errors = read_each([body.json], lambda record: _read_lockup(record, capture, None))
    return Page(format="youtube.item", posts=posts, errors=errors)


def _tabs(answer: object) -> object:
    return dig(answer, "contents", "twoColumnBrowseResultsRenderer", "tabs")


def _tab_name(tab: object) -> str:
    url = dig(tab, "tabRenderer", "endpoint", "commandMetadata", "webCommandMetadata", "url")
    return url.rpartition("/")[2] if isinstance(url, str) else ""


def _tab_entries(tab: object, name: str) -> list[object]:
    content = dig(tab, "tabRenderer", "content")
    entries = dig(content, "richGridRenderer", "contents")
    if isinstance(entries, list):
        return entries
    if (
        name in VIDEO_TABS and dig(content, "sectionListRenderer") is None
    ):  # an empty tab is a list with a message
        raise MissingField(f"youtube.browse.{name}.richGridRenderer", content)
    return []


def _continued_entries(answer: object) -> list[object]:
    entries: list[object] = []
    for action in dicts(dig(answer, "onResponseReceivedActions")):
        for name in ("appendContinuationItemsAction", "reloadContinuationItemsCommand"):
            items = dig(action, name, "continuationItems")
            entries.extend(items if isinstance(items, list) else ())
    return entries


def _find_cursor(entries: list[object]) -> str | None:
    endpoint = dig(entries, -1, "continuationItemRenderer", "continuationEndpoint")
    commands = dicts(dig(endpoint, "commandExecutorCommand", "commands"))
    for command in (endpoint, *commands):
        token = dig(command, "continuationCommand", "token")
        if isinstance(token, str) and token:
            return token
    return None


def _read_account(answer: object, capture: Capture) -> Account:
    channel = Fields(
        dig(answer, "metadata", "channelMetadataRenderer"), "youtube.browse.channelMetadataRenderer"
    )
    header = dig(answer, "header", "pageHeaderRenderer", "content", "pageHeaderViewModel")
    facts = _metadata_texts(dig(header, "metadata"))
    handle = next((fact for fact in facts if fact.startswith("@")), None)
    channel_id = channel.identifier("externalId")
    return Account(
        account=capture.account or handle or channel_id,
        account_id=channel_id,
        name=channel.take_text("title"),
        url=channel.take_text("vanityChannelUrl") or channel.take_text("channelUrl"),
        description=channel.take_text("description"),
        website=text_of(dig(header, "attribution", "attributionViewModel", "text")),
        followers_count=_first(read_subscribers(fact) for fact in facts),
        posts_count=_first(read_videos(fact) for fact in facts),
        **provenance(capture, PARSER_VERSION),
    )


def _read_entry(entry: object, capture: Capture, owner: Account | None) -> Post | None:
    kind, record = _only(entry, "youtube.browse.entry")
    if kind == "richItemRenderer":
        kind, record = _only(dig(record, "content"), "youtube.browse.richItemRenderer.content")
    if kind in NOT_POSTS:
        return None
    if kind == "lockupViewModel":
        return _read_lockup(record, capture, owner)
    if kind == "shortsLockupViewModel":
        return _read_short(record, capture, owner)
    if kind in {"videoRenderer", "gridVideoRenderer"}:
        return _read_renderer(record, capture, owner)
    known = ["lockupViewModel", "shortsLockupViewModel", "videoRenderer", *sorted(NOT_POSTS)]
    raise UnknownValue("youtube.browse.entry", kind, known)


def _only(entry: object, place: str) -> tuple[str, object]:
    raw = Fields(entry, place).raw
    if "richItemRenderer" in raw:
        return "richItemRenderer", raw["richItemRenderer"]
    kind = next((name for name in raw if name.endswith(("Renderer", "ViewModel"))), None)
    if kind is None:
        raise MissingField(f"{place}.…Renderer", list(raw))
    return kind, raw[kind]


def _read_lockup(record: object, capture: Capture, owner: Account | None) -> Post | None:
    lockup = Fields(record, "youtube.browse.lockupViewModel")
    if not lockup.one_of("contentType", _LOCKUP_TYPES):
        return None
    metadata = lockup.within("metadata").within("lockupMetadataViewModel")
    facts = _metadata_texts(metadata.take("metadata"))
    return video_post(
        capture,
        video_id=lockup.identifier("contentId"),
        channel_id=owner.account_id if owner else None,
        account=owner.account if owner else None,
        title=text_of(metadata.need("title")),
        text=None,
        dated=_find_date(facts, capture),
        view_count=_first(read_views(fact) for fact in facts),
    )


def _read_renderer(record: object, capture: Capture, owner: Account | None) -> Post:
    video = Fields(record, "youtube.browse.videoRenderer")
    views = text_of(video.take("viewCountText"))
    published = text_of(video.take("publishedTimeText"))
    return video_post(
        capture,
        video_id=video.identifier("videoId"),
        channel_id=owner.account_id if owner else None,
        account=owner.account if owner else None,
        title=text_of(video.need("title")),
        text=None,
        dated=_find_date([published] if published else [], capture),
        view_count=read_views(views) if views else None,
    )


def _read_short(record: object, capture: Capture, owner: Account | None) -> Post:
    short = Fields(record, "youtube.browse.shortsLockupViewModel")
    watch = short.within("onTap").within("innertubeCommand").within("reelWatchEndpoint")
    views = text_of(dig(record, "overlayMetadata", "secondaryText"))
    return video_post(
        capture,
        video_id=watch.identifier("videoId"),
        channel_id=owner.account_id if owner else None,
        account=owner.account if owner else None,
        title=text_of(dig(record, "overlayMetadata", "primaryText")),
        text=None,
        is_short=True,
        view_count=read_views(views) if views else None,
    )


def _metadata_texts(metadata: object) -> list[str]:
    rows = dicts(dig(metadata, "contentMetadataViewModel", "metadataRows"))
    parts = (part for row in rows for part in dicts(row.get("metadataParts")))
    return [text for part in parts if (text := text_of(part.get("text"))) is not None]


def _find_date(facts: list[str], capture: Capture) -> Dated:
    for fact in facts:
        dated = read_relative(fact, capture.captured_at)
        if dated is not UNDATED:
            return dated
    return UNDATED


def _first(counts: Iterable[int | None]) -> int | None:
    return next((count for count in counts if count is not None), None)
