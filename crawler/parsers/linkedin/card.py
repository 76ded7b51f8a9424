"""One card of a guest page: a post of the organisation, or something it reposted.

A repost's text, counts and relative time are the original's, and often a private person's: what a person
wrote is left out, and their name is read nowhere. Counts that are not there are None, not 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from parsel import Selector

from crawler.errors import MissingField, WrongType
from crawler.items import Capture, MediaType, Post
from crawler.parsers.dates import Dated, decode_linkedin_id, read_relative, reconcile
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, tidy

PARSER_VERSION = 1
SAVED = "saved_page"  # seldom says when it was saved, so that "2w" tells less than the id

_URN = re.compile(r"urn:li:([a-zA-Z]+):(\d{1,20})", re.ASCII)
_SLUG = re.compile(r"/(company|school|showcase|in)/([^/?#]+)")
_NO_ALT_TEXT = re.compile(
    r"no alternative text|geen alternatieve tekst|kein alternativtext|aucun texte alternatif", re.IGNORECASE
)
_LAYOUTS: tuple[tuple[str, MediaType], ...] = (
    ("[data-test-id=feed-native-video-content]", "video"),
    ("[data-test-id=feed-images-content]", "image"),
    ("[data-test-id*=document], iframe[data-id*=document], iframe[data-native-document-config]", "document"),
    ("[data-test-id=article-content]", "link"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What every card of a page is read with: the capture, the page's language, and whose page it is."""

    capture: Capture
    language: str | None
    slug: str | None
    account_id: str | None


def read_card(card: Selector, reader: Reader, dated: Dated | None = None) -> Post:
    """Return a card as a post; `dated` is the exact date where the page states one."""
    activity = _need_urn(card, "data-activity-urn")
    actor = _find_actor(card)
    original = _find_original(card, activity)
    is_repost = original is not None or (actor is not None and not _is_own(actor, reader))
    is_persons = actor is not None and actor[0] == "in"
    text = None if is_persons else _read_text(card)
    when = dated or _read_date(card, activity, is_repost, reader)
    return Post(
        post_id=activity,
        account=reader.capture.account or reader.slug or (actor[1] if actor and not is_persons else ""),
        account_id=reader.account_id,
        url=_read_url(card, activity, is_persons),
        media_type=_read_media_type(card),
        title=None if is_persons else _text_of(card, "[data-test-id=article-content__title]"),
        text=text,
        alt_text=None if is_persons else _read_alt_text(card),
        hashtags=find_hashtags(text),
        mentions=() if is_persons else _find_mentions(card),
        like_count=_count(card, "data-num-reactions"),
        comment_count=_count(card, "data-num-comments"),
        is_repost=is_repost,
        repost_of=original or (_take_urn(card, "data-attributed-urn") if is_repost else None),
        posted_at=when.at,
        posted_precision=when.precision,
        posted_source=when.source,
        **provenance(reader.capture, PARSER_VERSION),
    )


def find_slug(address: str | None) -> tuple[str, str] | None:
    """Return the kind and name of whom an address belongs to: ("company", "roc-voorbeeld")."""
    found = _SLUG.search(address or "")
    return (found.group(1), unquote(found.group(2)).casefold()) if found else None


def _need_urn(card: Selector, attribute: str) -> str:
    urn = _take_urn(card, attribute)
    if urn is None:
        raise MissingField(f"linkedin.card.{attribute}")
    return urn


def _take_urn(card: Selector, attribute: str) -> str | None:
    value = card.xpath(f"@{attribute}").get()  # parsel's attrib breaks on malformed names of other attributes
    if value is None:
        return None
    found = _URN.fullmatch(value)
    if found is None:
        raise WrongType(f"linkedin.card.{attribute}", value, "urn:li:<kind>:<number>")
    return found.group(2)


def _find_actor(card: Selector) -> tuple[str, str] | None:
    link = card.xpath(".//a[contains(@data-tracking-control-name, 'feed-actor-name')]/@href").get()
    return find_slug(link)


def _find_original(card: Selector, activity: str) -> str | None:
    featured = _take_urn(card, "data-featured-activity-urn")
    if featured is not None and featured != activity:
        return featured
    if card.css(".main-feed-activity-card__header").xpath(".//a[contains(@href, '/')]"):
        return _take_urn(card, "data-attributed-urn") or activity
    return None


def _is_own(actor: tuple[str, str], reader: Reader) -> bool:
    return actor[0] != "in" and (reader.slug is None or actor[1] == reader.slug)


def _read_date(card: Selector, activity: str, is_repost: bool, reader: Reader) -> Dated:
    by_id = decode_linkedin_id(activity)
    said = card.xpath(".//time/text()[normalize-space()]").get()  # "Edited" is an element of its own
    if is_repost or said is None or (reader.capture.route == SAVED and by_id.at is not None):
        return by_id
    by_text = read_relative(said, reader.capture.captured_at, reader.language)
    return reconcile(by_id, by_text, reader.capture.captured_at)


def _read_url(card: Selector, activity: str, is_persons: bool) -> str:
    link = card.xpath("ancestor::li[1]//a[@data-id='main-feed-card__full-link']/@href").get()
    if link and not is_persons:  # such an address can hold the person's name
        return str(link).partition("?")[0]
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{activity}"


def _read_media_type(card: Selector) -> MediaType:
    for layout, media_type in _LAYOUTS:
        found = card.css(layout)
        if found and media_type == "image":
            images = card.css("[data-test-id=feed-images-content__list-item]")
            return "carousel" if len(images) > 1 else "image"
        if found and media_type == "link":
            return "article" if "/pulse/" in unquote(found.xpath("@href").get("")) else "link"
        if found:
            return media_type
    return "text"


def _read_text(card: Selector) -> str:
    parts = card.css("[data-test-id=main-feed-activity-card__commentary]").xpath(".//text() | .//br")
    return "".join(part.root if isinstance(part.root, str) else "\n" for part in parts).strip()


def _text_of(card: Selector, css: str) -> str | None:
    found = card.css(css)
    return " ".join(str(found[0].xpath("string(.)").get()).split()) if found else None


def _read_alt_text(card: Selector) -> str | None:
    alts = card.css("[data-test-id=feed-images-content] img").xpath("@alt").getall()
    said = [alt.strip() for alt in alts if alt.strip() and not _NO_ALT_TEXT.search(alt)]
    return "\n".join(said) or None


def _find_mentions(card: Selector) -> tuple[str, ...]:
    links = card.css("[data-test-id=main-feed-activity-card__commentary] a").xpath("@href").getall()
    slugs = (find_slug(link) for link in links if "signup" not in link)
    return tidy(slug[1] for slug in slugs if slug is not None and slug[0] != "in")


def _count(card: Selector, attribute: str) -> int | None:
    value = card.xpath(f".//@{attribute}").get()
    if value is None:
        return None
    digits = re.sub(r"[.,\s]", "", value)
    if digits.isascii() and digits.isdigit() and len(digits) < 20:
        return int(digits)
    raise WrongType(f"linkedin.card.{attribute}", value, "a whole number")
