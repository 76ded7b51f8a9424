"""Instagram's own web answers: profile, pages of posts, one post."""

from __future__ import annotations

import json
from typing import Any

from crawler.errors import MissingField, ParseError
from crawler.fields import Fields
from crawler.items import Account, Capture, Page, Refusal
from crawler.parsers.formats import Body, Format, read_each
from crawler.parsers.instagram.item import PARSER_VERSION, read_item
from crawler.parsers.provenance import provenance

_TIMELINE = "xdt_api__v1__feed__user_timeline_graphql_connection"
_POLARIS = "xig_polaris_media"
_SHORTCODE = "xdt_shortcode_media"
# What nobody else's answers have: other platforms, too, send a user, or a list of items.
_OF_PROFILES = frozenset({"edge_followed_by", "edge_owner_to_timeline_media", "full_name"})
_OF_FEEDS = frozenset({"more_available", "paging_info"})
_WEB_INFO = "xdt_api__v1__media__shortcode__web_info"
_NOTHING_SHOWN = Refusal(
    outcome="blocked", sign="has_next_page is true, without posts and without end_cursor"
)
_GATED = Refusal(outcome="blocked", sign="if_not_gated_logged_out is null: for logged-in visitors only")


def _data(body: Body) -> dict[str, Any]:
    data = body.object.get("data")
    return data if isinstance(data, dict) else {}


# -- the profile with its newest posts


def _detects_profile(body: Body) -> bool:
    user = _data(body).get("user")
    return isinstance(user, dict) and not _OF_PROFILES.isdisjoint(user) and "code" not in _data(body)


def _parse_profile(capture: Capture, body: Body) -> Page:
    name = "instagram.web_profile_info"
    user = Fields(body.json, name).within("data").within("user")
    account = _read_profile(user, capture)
    timeline = user.take_within("edge_owner_to_timeline_media")
    if timeline is None:
        return Page(format=name, account=account)
    return _read_edges(name, timeline, capture, account)


def _read_profile(user: Fields, capture: Capture) -> Account | None:
    username = user.take_text("username") or capture.account.lstrip("@")
    if not username:
        return None
    followers, following = user.take_within("edge_followed_by"), user.take_within("edge_follow")
    timeline = user.take_within("edge_owner_to_timeline_media")
    return Account(
        account=username,
        account_id=user.take_identifier("id"),
        name=user.take_text("full_name"),
        url=f"https://www.instagram.com/{username}/",
        description=user.take_text("biography"),
        website=user.take_text("external_url"),
        followers_count=followers.take_count("count") if followers else None,
        following_count=following.take_count("count") if following else None,
        posts_count=timeline.take_count("count") if timeline else None,
        is_private=user.take_flag("is_private"),
        is_verified=user.take_flag("is_verified"),
        **provenance(capture, PARSER_VERSION),
    )


# -- pages of posts


def _detects_timeline(body: Body) -> bool:
    return _TIMELINE in _data(body)


def _parse_timeline(capture: Capture, body: Body) -> Page:
    name = "instagram.timeline"
    return _read_edges(name, Fields(body.json, name).within("data").within(_TIMELINE), capture, None)


def _read_edges(name: str, connection: Fields, capture: Capture, account: Account | None) -> Page:
    edges = connection.take_items("edges")
    place = f"{connection.place}.edges"
    posts, errors = read_each(
        edges, lambda edge: read_item(Fields(edge, place).need("node"), capture, account)
    )
    paging = connection.take_within("page_info")
    cursor, lost = _next_cursor(paging, "has_next_page", "end_cursor") if paging else (None, ())
    if lost and not edges:
        return Page(format=name, account=account, refusal=_NOTHING_SHOWN)
    return Page(format=name, account=account, posts=posts, errors=errors + lost, cursor=cursor)


def _next_cursor(paging: Fields, more: str, cursor: str) -> tuple[str | None, tuple[ParseError, ...]]:
    """Return the cursor of the next page, None on the last; a next page without cursor is an error."""
    if not paging.take_flag(more):
        return None, ()
    found = paging.take_identifier(cursor)
    return found, () if found else (MissingField(f"{paging.place}.{cursor}", list(paging.raw)),)


def _detects_feed(body: Body) -> bool:
    return isinstance(body.object.get("items"), list) and not _OF_FEEDS.isdisjoint(body.object)


def _parse_feed(capture: Capture, body: Body) -> Page:
    name = "instagram.feed_user"
    page = Fields(body.json, name)
    account = _read_feed_account(page.take_within("user"), capture)
    posts, errors = read_each(
        page.items("items"), lambda record: read_item(_unwrap_media(record), capture, account)
    )
    clips = page.take_within("paging_info")
    cursor, lost = _next_cursor(clips or page, "more_available", "max_id" if clips else "next_max_id")
    return Page(format=name, account=account, posts=posts, errors=errors + lost, cursor=cursor)


def _unwrap_media(record: object) -> object:
    """Return the item itself; the tab of reels puts it in an object of its own."""
    return (
        record["media"] if isinstance(record, dict) and "media" in record and "pk" not in record else record
    )


def _read_feed_account(user: Fields | None, capture: Capture) -> Account | None:
    if user is None or not user.take_text("username"):
        return None
    return Account(
        account=user.text("username"),
        account_id=user.take_identifier("pk"),
        name=user.take_text("full_name"),
        url=f"https://www.instagram.com/{user.text('username')}/",
        is_private=user.take_flag("is_private"),
        is_verified=user.take_flag("is_verified"),
        **provenance(capture, PARSER_VERSION),
    )


# -- one post


def _detects_item(body: Body) -> bool:
    if body.sniff[:1] == b"<":
        return f'"{_POLARIS}"'.encode() in body.capture.body
    whole, data = body.object, _data(body)
    has_id = not whole.keys().isdisjoint(("code", "pk", "shortcode"))
    has_type = "media_type" in whole or "__typename" in whole
    return (has_id and has_type) or not data.keys().isdisjoint((_POLARIS, _SHORTCODE, _WEB_INFO))


def _parse_item(capture: Capture, body: Body) -> Page:
    name = "instagram.item"
    records, refusal = _find_items(body, name)
    posts, errors = read_each(records, lambda record: read_item(record, capture))
    return Page(format=name, posts=posts, errors=errors, refusal=refusal)


def _find_items(body: Body, name: str) -> tuple[list[object], Refusal | None]:
    """Return the items in a bare item, in an answer about one post, or in the HTML page of one post."""
    if body.sniff[:1] == b"<":
        return _read_gate(Fields(_find_embedded(body, name), f"{name}.{_POLARIS}"))
    whole = Fields(body.json, name)
    data = whole.take_within("data")
    if data is None:
        return [whole.raw], None
    if _WEB_INFO in data.raw:
        return data.within(_WEB_INFO).items("items"), None
    if _POLARIS in data.raw:
        return _read_gate(data.within(_POLARIS))
    if data.take(_SHORTCODE) is None:
        return [], Refusal(outcome="not_found", sign=f"data.{_SHORTCODE} is null")
    return [data.take(_SHORTCODE)], None


def _read_gate(media: Fields) -> tuple[list[object], Refusal | None]:
    shown = media.take("if_not_gated_logged_out")
    if shown is None:
        return [], _GATED
    return [shown], None


def _find_embedded(body: Body, name: str) -> object:
    start = body.text.find(f'"{_POLARIS}"')
    colon = body.text.find("{", start)
    try:
        value, _ = json.JSONDecoder().raw_decode(body.text, max(colon, 0))
    except (ValueError, RecursionError):
        raise ParseError(f"{name}.{_POLARIS}", "holds no JSON object in this page") from None
    return value


FORMATS = (
    Format(name="instagram.timeline", platform="instagram", detects=_detects_timeline, parse=_parse_timeline),
    Format(
        name="instagram.web_profile_info",
        platform="instagram",
        detects=_detects_profile,
        parse=_parse_profile,
    ),
    Format(name="instagram.feed_user", platform="instagram", detects=_detects_feed, parse=_parse_feed),
    Format(name="instagram.item", platform="instagram", detects=_detects_item, parse=_parse_item),
)
