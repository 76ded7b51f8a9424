"""An organisation's page as a guest sees it: its facts and some ten of its newest posts, with no next page."""

from __future__ import annotations

import re
from functools import partial

from parsel import Selector

from crawler.errors import MissingField, ParseError
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.body import Body
from crawler.parsers.formats import read_each
from crawler.parsers.linkedin.card import PARSER_VERSION, Reader, find_slug, read_card
from crawler.parsers.provenance import provenance

_ORGANIZATION = re.compile(r"urn:li:organization:(\d{1,20})", re.ASCII)
_FOLLOWERS = re.compile(r"(\d{1,3}(?:[.,\s]\d{3})+|\d+)\s+(?:followers?|volgers?|abonnés?)", re.IGNORECASE)


def detects(body: Body) -> bool:
    """Return whether the body is the guest page of a company, school or showcase."""
    raw = body.capture.body
    return body.looks_like_html and (b"org_guest" in raw or b"updates__list" in raw)


def parse(capture: Capture, body: Body) -> Page:
    """Return the organisation and its posts; reposts are marked as such."""
    root = Selector(text=body.text, type="html")
    slug = _find_page_slug(root, capture)
    account = _read_account(root, body.text, slug, capture)
    reader = Reader(
        capture=capture, language=root.xpath("@lang").get(), slug=slug, account_id=account.account_id
    )
    entries = root.css("ul.updates__list > li") or root.css("article.main-feed-activity-card")
    whole = "</html>" in body.text[-200:]
    posts, errors = read_each(entries, partial(_read_entry, reader=reader, whole=whole))
    if not whole:
        errors += (ParseError(capture.place, "breaks off before </html>"),)
    return Page(format="linkedin.company_page", account=account, posts=posts, errors=errors)


def _read_entry(entry: object, reader: Reader, whole: bool) -> Post:
    assert isinstance(entry, Selector)  # noqa: S101
    cards = entry.xpath("descendant-or-self::article[@data-activity-urn]")
    if not cards:
        raise MissingField("linkedin.company_page.updates.article[data-activity-urn]")
    if not whole and not cards[0].xpath("following::*[1]"):
        raise ParseError("linkedin.company_page.updates", "breaks off in its last card")
    return read_card(cards[0], reader)


def _find_page_slug(root: Selector, capture: Capture) -> str | None:
    addresses = root.xpath("//meta[@property='og:url']/@content | //link[@rel='canonical']/@href").getall()
    found = (find_slug(address) for address in (*addresses, capture.url))
    return next((slug[1] for slug in found if slug is not None), None)


def _read_account(root: Selector, text: str, slug: str | None, capture: Capture) -> Account:
    organization = _ORGANIZATION.search(text)
    headline = " ".join(root.css(".top-card-layout__first-subline").xpath(".//text()").getall())
    followers = _FOLLOWERS.search(headline)
    return Account(
        account=capture.account or slug or "",
        account_id=organization.group(1) if organization else None,
        name=_words(root, ".top-card-layout__title"),
        url=root.xpath("//meta[@property='og:url']/@content").get(),
        description=_words(root, "[data-test-id=about-us__description]"),
        website=_words(root, "[data-test-id=about-us__website] a"),
        followers_count=int(re.sub(r"\D", "", followers.group(1))) if followers else None,
        **provenance(capture, PARSER_VERSION),
    )


def _words(root: Selector, css: str) -> str | None:
    return " ".join(" ".join(root.css(css)[:1].xpath(".//text()").getall()).split()) or None
