"""One Instagram post of the web: an XDT item, a partial Polaris item or a legacy node."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crawler.errors import MissingField
from crawler.fields import Fields
from crawler.items import Account, Capture, MediaType, Post
from crawler.parsers.instagram.shortcode import check, encode, post_url
from crawler.parsers.provenance import provenance
from crawler.parsers.tags import find_hashtags, find_mentions

PARSER_VERSION = 1

_NUMBERED: dict[Any, MediaType] = {1: "image", 2: "video", 8: "carousel"}
_NUMBERED_IN_TEXT = {str(number): media_type for number, media_type in _NUMBERED.items()}  # of Polaris
_NAMED: dict[Any, MediaType] = {
    "GraphImage": "image",
    "GraphVideo": "video",
    "GraphSidecar": "carousel",
    "XDTGraphImage": "image",
    "XDTGraphVideo": "video",
    "XDTGraphSidecar": "carousel",
    "XIGPolarisImageMedia": "image",
    "XIGPolarisPhotoMedia": "image",
    "XIGPolarisVideoMedia": "video",
    "XIGPolarisCarouselMedia": "carousel",
    "XIGPolarisSidecarMedia": "carousel",
}
_NOT_POSTS = ("ad", "story")


def read_item(raw: object, capture: Capture, account: Account | None = None) -> Post | None:
    """Return the post that an item of any web shape holds, None for an ad or a story.

    `account` is whose page it stands on: it fills in an owner whose name the item does not show.
    """
    item = Fields(raw, _place(raw))
    if item.take("product_type") in _NOT_POSTS:
        return None
    if item.take("shortcode") is not None:
        return _read_node(item, capture, account)
    return _read_xdt(item, capture, account)


def _place(raw: object) -> str:
    code = (raw.get("code") or raw.get("shortcode")) if isinstance(raw, dict) else None
    return f"instagram.item {code}" if isinstance(code, str) and len(code) < 40 else "instagram.item"


def _read_xdt(item: Fields, capture: Capture, account: Account | None) -> Post:
    code = _read_code(item)
    hides_counts = item.take_flag("like_and_view_counts_disabled")  # comes with a made-up like_count of 3
    return Post(
        **_read_common(item, code, capture, account),
        **_read_text(_xdt_text(item)),
        **_dated(item.take_moment("taken_at")),
        alt_text=_join_alt_text(item, item.take_items("carousel_media")),
        like_count=None if hides_counts else item.take_count("like_count"),
        comment_count=item.take_count("comment_count"),
        share_count=item.take_count("reshare_count"),
        view_count=None if hides_counts else _first_count(item, "play_count", "ig_play_count", "view_count"),
    )


def _read_node(item: Fields, capture: Capture, account: Account | None) -> Post:
    hides_counts = item.take_flag("like_and_view_counts_disabled")
    return Post(
        **_read_common(item, check(item.text("shortcode"), f"{item.place}.shortcode"), capture, account),
        **_read_text(_node_text(item)),
        **_dated(item.take_moment("taken_at_timestamp")),
        alt_text=_join_alt_text(item, _edge_nodes(item, "edge_sidecar_to_children")),
        like_count=None if hides_counts else _edge_count(item, "edge_liked_by", "edge_media_preview_like"),
        comment_count=_edge_count(item, "edge_media_to_comment", "edge_media_preview_comment"),
        view_count=None if hides_counts else _first_count(item, "video_play_count", "video_view_count"),
    )


def _read_code(item: Fields) -> str:
    code = item.take_text("code")
    return check(code, f"{item.place}.code") if code else encode(item.identifier("pk"), f"{item.place}.pk")


def _read_common(item: Fields, code: str, capture: Capture, account: Account | None) -> dict[str, Any]:
    name, number = _owner(item, capture, account)
    coauthors = [Fields(raw, f"{item.place}.coauthors") for raw in item.take_items("coauthor_producers")]
    return {
        "post_id": code,
        "account": name,
        "account_id": number,
        "url": post_url(code),
        "media_type": _media_type(item),
        "is_pinned": _is_pinned(item, number, coauthors),
        "coauthors": tuple(other for maker in coauthors if (other := maker.take_text("username"))),
        **provenance(capture, PARSER_VERSION),
    }


def _read_text(text: str | None) -> dict[str, Any]:
    return {"text": text, "hashtags": find_hashtags(text), "mentions": find_mentions(text)}


def _owner(item: Fields, capture: Capture, account: Account | None) -> tuple[str, str | None]:
    """Return the owner's name and number; the name is "" where neither item nor capture shows it."""
    shown = [part for field in ("user", "owner") if (part := item.take_within(field))]
    name = next((found for part in shown if (found := part.take_text("username"))), None)
    numbers = (part.take_identifier(field) for part in shown for field in ("pk", "id"))
    number = next((found for found in numbers if found), None)
    if (
        account is not None
        and (name or account.account) == account.account
        and number in (None, account.account_id)
    ):
        return account.account, account.account_id
    asked_for = capture.account.lstrip("@") if account is None else ""
    return name or asked_for, number


def _media_type(item: Fields) -> MediaType:
    number = item.take("media_type")
    if number is not None:
        known = _NUMBERED_IN_TEXT if isinstance(number, str) else _NUMBERED
        media_type = item.one_of("media_type", known)
    elif item.take("__typename") is not None:
        media_type = item.one_of("__typename", _NAMED)
    else:
        raise MissingField(f"{item.place}.media_type", list(item.raw))
    return "short" if media_type == "video" and item.take("product_type") == "clips" else media_type


def _xdt_text(item: Fields) -> str | None:
    """Return the text, "" where the post has none (null), None where this route does not show it (absent)."""
    if "caption" not in item.raw:
        return None
    caption = item.take_within("caption")
    return "" if caption is None else caption.take_text("text") or ""


def _node_text(item: Fields) -> str | None:
    if item.take("edge_media_to_caption") is None:
        return None
    nodes = _edge_nodes(item, "edge_media_to_caption")
    return Fields(nodes[0], f"{item.place}.caption").take_text("text") or "" if nodes else ""


def _edge_nodes(item: Fields, name: str) -> list[object]:
    edges = item.take_within(name)
    if edges is None:
        return []
    return [Fields(edge, f"{edges.place}.edges").need("node") for edge in edges.take_items("edges")]


def _edge_count(item: Fields, *names: str) -> int | None:
    shown = [edge for name in names if (edge := item.take_within(name))]
    return next((count for edge in shown if (count := edge.take_count("count")) is not None), None)


def _first_count(item: Fields, *names: str) -> int | None:
    return next((count for name in names if (count := item.take_count(name)) is not None), None)


def _join_alt_text(item: Fields, children: Iterable[object]) -> str | None:
    shown = [item.take_text("accessibility_caption")]
    shown += [Fields(raw, f"{item.place}.children").take_text("accessibility_caption") for raw in children]
    return "\n".join(dict.fromkeys(text for text in shown if text)) or None


def _is_pinned(item: Fields, owner: str | None, coauthors: list[Fields]) -> bool:
    """Return whether the post is pinned on the profile of its owner or of a coauthor."""
    pinning = item.take_items("timeline_pinned_user_ids") + item.take_items("clips_tab_pinned_user_ids")
    for raw in item.take_items("pinned_for_users"):
        pinning.append(Fields(raw, f"{item.place}.pinned_for_users").identifier("id"))
    if not pinning:
        return False
    makers = {owner, *(maker.take_identifier("pk") or maker.take_identifier("id") for maker in coauthors)}
    return any(str(number) in makers for number in pinning)


def _dated(posted_at: datetime | None) -> dict[str, Any]:
    if posted_at is None:
        return {}
    return {"posted_at": posted_at, "posted_precision": "second", "posted_source": "page"}
