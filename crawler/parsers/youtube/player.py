"""What a video's own page knows: the exact date and counts, the full text, and the caption tracks."""

from __future__ import annotations

from crawler.errors import MissingField
from crawler.fields import Fields, iso_moment
from crawler.items import Capture, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.dates import UNDATED, Dated
from crawler.parsers.formats import read_each
from crawler.parsers.youtube.dig import dig, text_of
from crawler.parsers.youtube.timedtext import find_tracks
from crawler.parsers.youtube.video import video_post


def detects(body: Body) -> bool:
    """Return whether the body is an answer of the player, bare or under "playerResponse"."""
    answer = _unwrap(body.object)
    return isinstance(answer, dict) and (
        "videoDetails" in answer or "playerMicroformatRenderer" in (answer.get("microformat") or ())
    )


def parse(capture: Capture, body: Body) -> Page:
    """Return the one video, and the languages of its caption tracks under "captions" and "captions:asr"."""
    answer = _unwrap(body.json)
    posts, errors = read_each([answer], lambda record: _read_player(record, capture))
    tracks = [
        ("captions:asr" if track.is_asr else "captions", track.language) for track in find_tracks(answer)
    ]
    return Page(format="youtube.player", posts=posts, errors=errors, more=tuple(tracks))


def detects_resolve_url(body: Body) -> bool:
    """Return whether the body says which channel an address belongs to."""
    return dig(body.object, "endpoint", "browseEndpoint", "browseId") is not None


def parse_resolve_url(capture: Capture, body: Body) -> Page:
    """Return the channel's id under "channel"."""
    channel_id = dig(body.json, "endpoint", "browseEndpoint", "browseId")
    if not isinstance(channel_id, str):
        raise MissingField("youtube.resolve_url.endpoint.browseEndpoint.browseId")
    return Page(format="youtube.resolve_url", more=(("channel", channel_id),))


def _unwrap(answer: object) -> object:
    return dig(answer, "playerResponse") or answer


def _read_player(record: object, capture: Capture) -> Post:
    answer = Fields(record, "youtube.player")
    nothing = Fields({}, answer.place)
    details = answer.take_within("videoDetails") or nothing
    page = _microformat(answer) or nothing
    video_id = details.take_identifier("videoId") or page.identifier("externalVideoId")
    views, exact_views = details.take_count("viewCount"), page.take_count("viewCount")
    return video_post(
        capture,
        video_id=video_id,
        channel_id=page.take_text("externalChannelId") or details.take_text("channelId"),
        account=_handle(page.take_text("ownerProfileUrl")),
        title=details.take_text("title") or text_of(page.take("title")),
        text=_first_text(details.take_text("shortDescription"), text_of(page.take("description"))),
        is_short=page.take_flag("isShortsEligible") is True,
        dated=_read_date(page),
        like_count=page.take_count("likeCount"),
        view_count=exact_views if exact_views is not None else views,
    )


def _microformat(answer: Fields) -> Fields | None:
    outer = answer.take_within("microformat")
    return outer.take_within("playerMicroformatRenderer") if outer else None


def _first_text(*texts: str | None) -> str | None:
    return next((text for text in texts if text is not None), None)


def _read_date(page: Fields) -> Dated:
    value = page.take_text("publishDate")
    if value is None:
        return UNDATED
    if len(value) == 10:  # older answers know the day only
        return Dated(
            at=iso_moment(f"{value}T00:00:00Z", f"{page.place}.publishDate"), precision="day", source="page"
        )
    return Dated(at=iso_moment(value, f"{page.place}.publishDate"), precision="second", source="page")


def _handle(url: str | None) -> str | None:
    name = (url or "").partition("/@")[2]
    return f"@{name}" if name else None
