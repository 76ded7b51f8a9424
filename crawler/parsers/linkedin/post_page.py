"""A single post as a guest sees it: its card, with the exact date from the page's JSON-LD.

The page names those who commented: nothing of theirs is read.
"""

from __future__ import annotations

from functools import partial

from parsel import Selector

from crawler.errors import MissingField, ParseError
from crawler.fields import iso_moment
from crawler.items import Capture, Page, Post
from crawler.parsers.body import Body, decode_json
from crawler.parsers.dates import Dated
from crawler.parsers.formats import read_each
from crawler.parsers.linkedin.card import Reader, find_slug, read_card

_POSTINGS = frozenset({"SocialMediaPosting", "DiscussionForumPosting", "Article", "VideoObject"})


def detects(body: Body) -> bool:
    """Return whether the body is the guest page of one post."""
    raw = body.capture.body
    return body.looks_like_html and (b"SocialMediaPosting" in raw or b"main-feed-activity-card" in raw)


def parse(capture: Capture, body: Body) -> Page:
    """Return the one post of the page; further cards under it are other people's."""
    root = Selector(text=body.text, type="html")
    posting = _find_posting(root)
    posts, errors = read_each([root], partial(_read_page, posting=posting, capture=capture))
    return Page(format="linkedin.post_page", posts=posts, errors=errors)


def _read_page(root: object, posting: dict[str, object], capture: Capture) -> Post:
    assert isinstance(root, Selector)  # noqa: S101
    cards = root.xpath("//article[@data-activity-urn]")
    if not cards:
        raise MissingField("linkedin.post_page.article[data-activity-urn]")
    author = posting.get("author")
    owner = find_slug(str(author.get("url", ""))) if isinstance(author, dict) else None
    reader = Reader(
        capture=capture,
        language=root.xpath("@lang").get(),
        slug=owner[1] if owner and owner[0] != "in" else None,
        account_id=None,
    )
    return read_card(cards[0], reader, _read_date(posting))


def _find_posting(root: Selector) -> dict[str, object]:
    for script in root.xpath("//script[@type='application/ld+json']/text()").getall():
        try:
            decoded = decode_json(script, "linkedin.post_page.ld+json")
        except ParseError:
            continue  # the card tells the rest
        if isinstance(decoded, dict) and str(decoded.get("@type")) in _POSTINGS:
            return decoded
    return {}


def _read_date(posting: dict[str, object]) -> Dated | None:
    published = posting.get("datePublished")
    if published is None:
        return None
    at = iso_moment(published, "linkedin.post_page.datePublished")
    return Dated(at=at, precision="second", source="page")
