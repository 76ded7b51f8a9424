"""LinkedIn's Community Management API: an organisation by its name, and the posts of an own page.

Counts are not part of these answers, so they are None. Ids are those of the share or upload; guest pages
number the same posts by activity.
"""

from __future__ import annotations

import re
from functools import partial

from crawler.errors import MissingField, UnknownValue, WrongType
from crawler.fields import Fields, epoch
from crawler.items import Account, Capture, MediaType, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.formats import read_each
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, tidy

PARSER_VERSION = 1

_URN = re.compile(r"urn:li:([a-zA-Z]+):(\d{1,20})", re.ASCII)
_HASHTAG = re.compile(r"\{hashtag\|\\?([#＃])\|([^{}|]{1,200})\}")
_MENTION = re.compile(r"@\[((?:[^\[\]\\]|\\.){1,200})\]\((urn:li:(\w{1,40}):[^()\s]{1,100})\)")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")
_MEDIA: dict[str, MediaType] = {"image": "image", "video": "video", "document": "document"}
_PLAIN: dict[str, MediaType] = {
    "poll": "text",
    "reference": "text",
    "celebration": "text",
    "multiImage": "carousel",
    "carousel": "carousel",
}


def detects_organizations(body: Body) -> bool:
    """Return whether the body is a search for an organisation by its name."""
    first = _first(body)
    if first is None:
        return "/rest/organizations" in body.capture.url and "elements" in body.object
    return "vanityName" in first


def detects(body: Body) -> bool:
    """Return whether the body is a page of posts; one without any tells by its paging."""
    found = body.object
    if "paging" not in found or not isinstance(found.get("elements"), list):
        return False
    first = _first(body)
    return first is None or "lifecycleState" in first


def parse_organizations(capture: Capture, body: Body) -> Page:
    """Return the organisation of that name, no account where there is none."""
    elements = Fields(body.json, "linkedin.organizations").items("elements")
    if not elements:
        return Page(format="linkedin.organizations")
    found = Fields(elements[0], "linkedin.organizations.element")
    slug = found.text("vanityName")
    account = Account(
        account=capture.account or slug,
        account_id=found.identifier("id"),
        name=found.take_text("localizedName"),
        url=f"https://www.linkedin.com/company/{slug}/",
        description=found.take_text("localizedDescription"),
        website=found.take_text("localizedWebsite"),
        **provenance(capture, PARSER_VERSION),
    )
    return Page(format="linkedin.organizations", account=account)


def parse(capture: Capture, body: Body) -> Page:
    """Return the published public posts of a page; the cursor is where the next page starts."""
    answer = Fields(body.json, "linkedin.posts_api")
    posts, errors = read_each(answer.items("elements"), partial(_read_post, capture=capture))
    return Page(format="linkedin.posts_api", posts=posts, errors=errors, cursor=_read_cursor(answer))


def read_little_text(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Return a text in LinkedIn's little format as people read it, and the organisations that it mentions.

    >>> read_little_text(r"Kom \(za\) naar @[ROC Voorbeeld](urn:li:organization:7) {hashtag|\#|kieswijs}")
    ('Kom (za) naar ROC Voorbeeld #kieswijs', ('roc voorbeeld',))
    """
    mentions = tidy(_plain(found[1]) for found in _MENTION.finditer(text) if found[3] == "organization")
    text = _HASHTAG.sub(r"\1\2", _MENTION.sub(r"\1", text))
    return _plain(text), mentions


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _first(body: Body) -> dict[str, object] | None:
    elements = body.object.get("elements")
    first = elements[0] if isinstance(elements, list) and elements else None
    return first if isinstance(first, dict) else None


def _read_cursor(answer: Fields) -> str | None:
    paging = answer.within("paging")
    links = [Fields(link, "linkedin.posts_api.paging.link") for link in paging.take_items("links")]
    if not any(link.take("rel") == "next" for link in links):
        return None
    start, count = paging.take_count("start"), paging.take_count("count")
    if start is None or not count:
        raise MissingField("linkedin.posts_api.paging.start", list(paging.raw))
    return str(start + count)


def _read_post(raw: object, capture: Capture) -> Post | None:
    post = Fields(raw, "linkedin.post")
    if post.text("lifecycleState") != "PUBLISHED" or post.take("visibility") not in (None, "PUBLIC"):
        return None
    urn, post_id = _read_urn(post, "id")
    owner = _read_urn(post, "author")[1]
    text, mentions = read_little_text(post.take_text("commentary") or "")
    reshared = post.take_within("reshareContext")
    content = post.take_within("content")
    title, alt_text = _read_words(content)
    return Post(
        post_id=post_id,
        account=capture.account or owner,
        account_id=owner,
        url=f"https://www.linkedin.com/feed/update/{urn}/",
        media_type=_read_media_type(content),
        title=title,
        text=text,
        alt_text=alt_text,
        hashtags=find_hashtags(text),
        mentions=mentions,
        posted_at=epoch(_read_ms(post) / 1000, f"{post.place}.publishedAt"),
        posted_precision="second",
        posted_source="api",
        is_repost=reshared is not None and not text.strip(),
        repost_of=_read_urn(reshared, "parent")[1] if reshared else None,
        **provenance(capture, PARSER_VERSION),
    )


def _read_urn(fields: Fields, name: str) -> tuple[str, str]:
    value = fields.text(name)
    found = _URN.fullmatch(value)
    if found is None:
        raise WrongType(f"{fields.place}.{name}", value, "urn:li:<kind>:<number>")
    return value, found[2]


def _read_ms(post: Fields) -> int:
    for name in ("publishedAt", "createdAt"):
        ms = post.take_count(name)
        if ms is not None:
            return ms
    raise MissingField(f"{post.place}.publishedAt", list(post.raw))


def _read_media_type(content: Fields | None) -> MediaType:
    if content is None or not content.raw:
        return "text"
    if media := content.take_within("media"):
        kind = media.text("id").split(":")[2:3]
        if not kind or kind[0] not in _MEDIA:
            raise UnknownValue(f"{media.place}.id", media.text("id"), [f"urn:li:{known}" for known in _MEDIA])
        return _MEDIA[kind[0]]
    if article := content.take_within("article"):
        return "article" if "/pulse/" in (article.take_text("source") or "") else "link"
    for name, media_type in _PLAIN.items():
        if name in content.raw:
            return media_type
    raise UnknownValue(content.place, list(content.raw), ["media", "article", *_PLAIN])


def _read_words(content: Fields | None) -> tuple[str | None, str | None]:
    """Return the title and the alternative text of what a post shows."""
    if content is None:
        return None, None
    shown = content.take_within("media") or content.take_within("article")
    poll = content.take_within("poll")
    title = shown.take_text("title") if shown else poll and poll.take_text("question")
    several = content.take_within("multiImage")
    images = (
        [Fields(one, f"{content.place}.image") for one in several.take_items("images")] if several else []
    )
    alts = [part.take_text("altText") for part in (*filter(None, [shown]), *images)]
    return title or None, "\n".join(alt.strip() for alt in alts if alt and alt.strip()) or None
