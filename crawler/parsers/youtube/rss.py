"""YouTube's feeds: XML with the 15 newest videos of a channel or playlist.

Document types are refused, so nobody's entities are expanded. A Short is told by its link, or by the playlist of
Shorts ("UUSH...").
"""

from __future__ import annotations

from functools import partial

from parsel import Selector

from crawler.errors import MissingField, ParseError, WrongType
from crawler.fields import iso_moment
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.dates import Dated
from crawler.parsers.formats import read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.youtube.video import PARSER_VERSION, video_post

_SPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "yt": "http://www.youtube.com/xml/schemas/2015",
    "media": "http://search.yahoo.com/mrss/",
}


def detects(body: Body) -> bool:
    """Return whether the body begins as a feed of YouTube's."""
    return b"youtube.com/xml/schemas/2015" in body.capture.body[:4096]


def parse(capture: Capture, body: Body) -> Page:
    """Return a feed's channel and videos; a feed that breaks off says so among the errors."""
    root = _read_xml(capture, body)
    account = _read_account(root, capture)
    shorts_only = (_first(root, "yt:playlistId") or "").startswith("UUSH")
    entries = root.xpath("//a:entry", namespaces=_SPACES)
    posts, errors = read_each(
        entries, partial(_read_entry, capture=capture, channel_id=account.account_id, short=shorts_only)
    )
    return Page(
        format="youtube.rss",
        account=account,
        posts=posts,
        errors=errors + _find_loss(capture.place, body.text, len(entries)),
    )


def _read_xml(capture: Capture, body: Body) -> Selector:
    if "<!DOCTYPE" in body.text or "<!ENTITY" in body.text:
        raise ParseError(capture.place, "declares a document type, which YouTube's XML never does")
    return Selector(text=body.text, type="xml")


def _find_loss(place: str, text: str, entries: int) -> tuple[ParseError, ...]:
    """Return what the forgiving reading of broken XML would otherwise hide."""
    begun = text.count("<entry>")
    if begun > entries:
        return (ParseError(place, f"holds {begun} entries, of which {entries} could be found"),)
    if not text.rstrip().endswith("</feed>"):
        return (ParseError(place, "breaks off before </feed>"),)
    return ()


def _read_account(root: Selector, capture: Capture) -> Account:
    address = _first(root, "a:author/a:uri") or _first(root, "a:link[@rel='alternate']/@href")
    channel_id = (address or "").partition("/channel/")[2] or None
    return Account(
        account=capture.account or channel_id or "",
        account_id=channel_id,
        name=_first(root, "a:author/a:name") or _first(root, "a:title"),
        url=address,
        **provenance(capture, PARSER_VERSION),
    )


def _read_entry(entry: object, capture: Capture, channel_id: str | None, short: bool) -> Post:
    assert isinstance(entry, Selector)  # noqa: S101
    video_id = _first(entry, "yt:videoId")
    if not video_id:
        raise MissingField("youtube.rss.entry.videoId")
    link = _first(entry, "a:link[@rel='alternate']/@href") or ""
    at = iso_moment(_first(entry, "a:published"), "youtube.rss.entry.published")
    return video_post(
        capture,
        video_id=video_id,
        channel_id=_first(entry, "yt:channelId") or channel_id,
        title=_first(entry, "a:title"),
        text=entry.xpath("string(media:group/media:description)", namespaces=_SPACES).get(),
        is_short=short or "/shorts/" in link,
        dated=Dated(at=at, precision="second", source="page"),
        like_count=_count(entry, "media:group/media:community/media:starRating/@count"),
        view_count=_count(entry, "media:group/media:community/media:statistics/@views"),
    )


def _first(node: Selector, path: str) -> str | None:
    return node.xpath(f"string({path})", namespaces=_SPACES).get() or None


def _count(entry: Selector, path: str) -> int | None:
    value = entry.xpath(path, namespaces=_SPACES).get()
    if value is None or (value.isascii() and value.isdigit() and len(value) < 20):
        return None if value is None else int(value)
    raise WrongType(f"youtube.rss.entry.{path.rpartition('@')[2]}", value, "a whole number")
