"""One LinkedIn update as its own web client got it (Voyager), in old Zeeschuimer exports.

Updates of private persons are no posts here, and nothing of theirs is read.
"""

from __future__ import annotations

import re
from typing import Any

from crawler.errors import MissingField, WrongType
from crawler.fields import Fields
from crawler.items import Capture, MediaType, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.dates import UNDATED, Dated, decode_linkedin_id, read_relative, reconcile
from crawler.parsers.formats import read_each
from crawler.parsers.linkedin.card import PARSER_VERSION, find_slug
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, tidy

_ACTIVITY = re.compile(r"urn:li:activity:(\d{1,20})", re.ASCII)
_ORGANIZATION = re.compile(r"urn:li:(?:company|organization|school|fsd_company):(\d{1,20})", re.ASCII)
_MEDIA: tuple[tuple[str, MediaType], ...] = (
    ("*videoPlayMetadata", "video"),
    ("videoPlayMetadata", "video"),
    ("linkedInVideoComponent", "video"),
    ("externalVideoComponent", "video"),
    ("documentComponent", "document"),
    ("document", "document"),
)


def detects(body: Body) -> bool:
    """Return whether the body is one update."""
    return "actor" in body.object and ("updateMetadata" in body.object or "preDashEntityUrn" in body.object)


def parse(capture: Capture, body: Body) -> Page:
    """Return the organisation's post that an update is, none where it is a private person's or names no actor."""
    posts, errors = read_each([body.json], lambda raw: read_item(raw, capture))
    return Page(format="linkedin.voyager", posts=posts, errors=errors)


def read_item(raw: object, capture: Capture) -> Post | None:
    """Return the post of an update; one without commentary that shares another's is a repost."""
    item = Fields(raw, "linkedin.voyager")
    actor = item.take_within("actor")
    slug = find_slug(_target(actor)) if actor else None
    if actor is None or slug is None or slug[0] == "in":
        return None
    number, text = _number(item), _text(item)
    original = item.take_within("*resharedUpdate") or item.take_within("resharedUpdate")
    when = _dated(actor, number, capture)
    return Post(
        post_id=number,
        account=slug[1],
        account_id=_organization(actor),
        url=f"https://www.linkedin.com/feed/update/urn:li:activity:{number}",
        media_type=_media_type(item.take_within("content")),
        text=text,
        hashtags=find_hashtags(text),
        mentions=_mentions(item),
        **_counts(item),
        is_repost=original is not None and not text,
        repost_of=_number(original) if original is not None else None,
        posted_at=when.at,
        posted_precision=when.precision,
        posted_source=when.source,
        **provenance(capture, PARSER_VERSION),
    )


def _target(actor: Fields) -> str | None:
    context = actor.take_within("navigationContext")
    return context.take_text("actionTarget") if context else None


def _number(item: Fields) -> str:
    """Return the number of the activity; of two that are shown as one, the first."""
    metadata = item.take_within("updateMetadata")
    urn = metadata.text("urn") if metadata else item.take_text("preDashEntityUrn")
    if urn is None:
        raise MissingField(f"{item.place}.updateMetadata", list(item.raw))
    found = _ACTIVITY.search(urn)
    if found is None:
        raise WrongType(f"{item.place}.updateMetadata.urn", urn, "urn:li:activity:<number>")
    return found.group(1)


def _organization(actor: Fields) -> str | None:
    found = _ORGANIZATION.search(actor.take_text("urn") or "")
    return found.group(1) if found else None


def _text(item: Fields) -> str:
    commentary = item.take_within("commentary")
    text = commentary.take_within("text") if commentary else None
    return text.take_text("text") or "" if text else ""


def _mentions(item: Fields) -> tuple[str, ...]:
    """Return the organisations that the text mentions; private persons are left out."""
    commentary = item.take_within("commentary")
    text = commentary.take_within("text") if commentary else None
    marks = [Fields(raw, f"{text.place}.attributes") for raw in text.take_items("attributes")] if text else []
    companies = [company for mark in marks if (company := mark.take_within("*miniCompany"))]
    return tidy(name for company in companies if (name := company.take_text("universalName")))


def _dated(actor: Fields, number: str, capture: Capture) -> Dated:
    said = actor.take_within("subDescription")
    text = (said.take_text("text") if said else None) or ""
    by_text = read_relative(text, capture.captured_at) if text else UNDATED
    return reconcile(decode_linkedin_id(number), by_text, capture.captured_at)


def _counts(item: Fields) -> dict[str, Any]:
    detail = item.take_within("*socialDetail") or item.take_within("socialDetail")
    if detail is None:
        return {}
    total = detail.take_within("*totalSocialActivityCounts") or detail.take_within(
        "totalSocialActivityCounts"
    )
    if total is not None:
        return {
            "like_count": total.take_count("numLikes"),
            "comment_count": total.take_count("numComments"),
            "share_count": total.take_count("numShares"),
        }
    return {
        "like_count": _paged(detail, "likes"),
        "comment_count": _paged(detail, "comments"),
        "share_count": detail.take_count("totalShares"),
    }


def _paged(detail: Fields, name: str) -> int | None:
    shown = detail.take_within(name)
    paging = shown.take_within("paging") if shown else None
    return paging.take_count("total") if paging else None


def _media_type(content: Fields | None) -> MediaType:
    if content is None:
        return "text"
    for name, media_type in _MEDIA:
        if content.take(name) is not None:
            return media_type
    shown = content.take_within("imageComponent") or content
    images = shown.take_items("images")
    if images:
        return "carousel" if len(images) > 1 else "image"
    article = content.take_within("articleComponent") or content
    context = article.take_within("navigationContext")
    target = (context.take_text("actionTarget") if context else None) or ""
    return "article" if "/pulse/" in target else "link" if target else "text"
