"""The words of a caption track: YouTube's JSON (json3) and both kinds of its XML.

The address says whose words they are, in which language, and whether a machine heard them (`kind=asr`). A track
without any words is no transcript. Document types are refused, so nobody's entities are expanded.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from parsel import Selector

from crawler.errors import MissingField, ParseError
from crawler.fields import Fields
from crawler.items import Capture, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.provenance import provenance
from crawler.parsers.youtube.dig import dicts, dig
from crawler.parsers.youtube.video import PARSER_VERSION, video_url

FORMAT = "youtube.timedtext"
PATH = "/api/timedtext"
_EVENT, _PART = f"{FORMAT}.events", f"{FORMAT}.segs"
_HOME = "nl"  # where nothing tells which language is spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A caption track that a player offers; its address is signed, and good for some hours."""

    language: str
    is_asr: bool
    address: str


def find_tracks(answer: object) -> list[Track]:
    """Return the caption tracks of a player's answer, bare or under "playerResponse"."""
    player = dig(answer, "playerResponse") or answer
    found = []
    for track in dicts(dig(player, "captions", "playerCaptionsTracklistRenderer", "captionTracks")):
        language, address = track.get("languageCode"), track.get("baseUrl")
        if isinstance(language, str) and isinstance(address, str):
            found.append(Track(language=language, is_asr=track.get("kind") == "asr", address=address))
    return found


def choose_track(tracks: Iterable[Track]) -> Track | None:
    """Return the track that says best what is spoken, None where there is none.

    A machine hears the language that is spoken; a track in it that a person wrote is better than the machine's, one in
    another language is a translation. Where no machine listened, Dutch is taken before other languages.

    >>> def of(*tracks):
    ...     chosen = choose_track(Track(language=of, is_asr=asr, address="") for of, asr in tracks)
    ...     return chosen and (chosen.language, chosen.is_asr)
    >>> of(("en", False), ("nl", True), ("nl-NL", False)), of(("en", False), ("nl", True)), of(("en", False))
    (('nl-NL', False), ('nl', True), ('en', False))
    """
    offered = list(tracks)
    written = [track for track in offered if not track.is_asr]
    heard = next((track for track in offered if track.is_asr), None)
    spoken = _base(heard.language if heard else _HOME)
    same = next((track for track in written if _base(track.language) == spoken), None)
    return same or heard or next(iter(written), None)


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


def detects(body: Body) -> bool:
    """Return whether the body begins as a caption track."""
    if body.looks_like_json:
        return isinstance(body.object.get("events"), list) and "wireMagic" in body.object
    return b"<transcript" in body.sniff or b"<timedtext" in body.sniff


def parse(capture: Capture, body: Body) -> Page:
    """Return the video as far as its caption track shows it: the words, and whether a machine heard them."""
    words = "\n".join(_read_json(body) if body.looks_like_json else _read_xml(capture, body))
    return Page(format=FORMAT, posts=(_read_post(capture, words),) if words else ())


def _read_post(capture: Capture, words: str) -> Post:
    asked = parse_qs(urlsplit(capture.url).query)
    video_id = asked.get("v", [""])[0]
    if not video_id:
        raise MissingField(f"{FORMAT}.v", list(asked))
    return Post(
        post_id=video_id,
        account=capture.account,
        account_id=None,
        url=video_url(video_id, is_short=False),
        media_type="video",  # or a Short: another page tells
        text=None,
        transcript=words,
        transcript_source="asr" if asked.get("kind") == ["asr"] else "written",
        **provenance(capture, PARSER_VERSION),
    )


def _read_json(body: Body) -> list[str]:
    lines = []
    for raw in Fields(body.json, FORMAT).items("events"):
        parts = [Fields(part, _PART).take_text("utf8") for part in Fields(raw, _EVENT).take_items("segs")]
        if line := " ".join("".join(filter(None, parts)).split()):
            lines.append(line)
    return lines


def _read_xml(capture: Capture, body: Body) -> list[str]:
    if "<!DOCTYPE" in body.text or "<!ENTITY" in body.text:
        raise ParseError(capture.place, "declares a document type, which YouTube's XML never does")
    root = Selector(text=body.text, type="xml")
    if not root.xpath("/transcript | /timedtext"):
        raise ParseError(capture.place, "is neither JSON nor XML of a caption track")
    lines = root.xpath("/transcript/text | /timedtext/body/p")
    if lines and not body.text.rstrip().endswith(("</transcript>", "</timedtext>")):
        raise ParseError(capture.place, "breaks off before the end of its XML")
    plain = (html.unescape(str(line.xpath("string(.)").get())) for line in lines)
    return [" ".join(line.split()) for line in plain if line.strip()]
