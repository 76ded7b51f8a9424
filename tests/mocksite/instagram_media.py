"""One Instagram post in the two shapes of www.instagram.com: the older edge node and the XDT media."""

from __future__ import annotations

import re
from typing import Any

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.site import SiteAccount

FAKE_LIKES = 3  # what the platform sends where likes are hidden
TYPES = {"image": ("GraphImage", 1, "feed"), "carousel": ("GraphSidecar", 8, "carousel_container")}
REEL = ("GraphVideo", 2, "clips")


def _taken_at(post: SitePost) -> int:
    return int(post.posted_at.timestamp())


def _pk(post: SitePost) -> str:
    return str(ids.instagram_pk(*post.order))


def _picture(post: SitePost, number: int = 0) -> str:
    return (
        f"https://scontent-ams2-1.cdninstagram.com/v/t51.82787-15/{ids.letters(24, post.seed, number)}_n.jpg"
    )


def xdt_user(account: SiteAccount) -> dict[str, Any]:
    """Return an account as posts name their user."""
    return {
        "pk": str(account.number),
        "id": str(account.number),
        "fbid_v2": account.graph_id,
        "username": account.key,
        "full_name": account.name,
        "is_private": False,
        "is_verified": account.followers > 8_000,
        "profile_pic_url": f"https://scontent-ams2-1.cdninstagram.com/v/t51.2885-19/{account.number}_n.jpg",
        "__typename": "XDTUserDict",
    }


def _coauthors(post: SitePost) -> list[dict[str, Any]]:
    numbers = {name: str(ids.number("coauthor", name) % 10**10) for name in post.coauthors}
    return [
        {
            "__typename": "XDTUserDict",
            "pk": pk,
            "id": pk,
            "username": name,
            "full_name": name,
            "is_verified": False,
        }
        for name, pk in numbers.items()
    ]


def _tagged(post: SitePost) -> list[str]:
    return re.findall(r"@([\w.]*\w)", post.shown_text)[:3] if post.media == "image" else []


def _children(post: SitePost) -> int:
    return 2 + post.seed % 5


def _image_versions(post: SitePost, number: int = 0) -> dict[str, Any]:
    return {"candidates": [{"url": _picture(post, number), "height": 1350, "width": 1080}]}


def _carousel_media(post: SitePost, owner: str) -> list[dict[str, Any]] | None:
    if post.media != "carousel":
        return None
    return [
        {
            "pk": str(int(_pk(post)) - 1 - number),
            "id": f"{int(_pk(post)) - 1 - number}_{owner}",
            "media_type": 1,
            "code": None,
            "carousel_parent_id": f"{_pk(post)}_{owner}",
            "product_type": "carousel_item",
            "original_height": 1350,
            "original_width": 1080,
            "accessibility_caption": (post.alt_text or None) if number == 0 else None,
            "image_versions2": _image_versions(post, number),
            "usertags": None,
            "taken_at": _taken_at(post),
            "like_count": None,
            "video_versions": None,
        }
        for number in range(_children(post))
    ]


def _caption(post: SitePost) -> dict[str, Any] | None:
    if not post.shown_text:
        return None
    pk = str(17_800_000_000_000_000 + post.seed % 10**14)
    return {"pk": pk, "text": post.shown_text, "created_at": _taken_at(post) + 2, "has_translation": None}


def xdt_media(post: SitePost, account: SiteAccount, hides_likes: bool = False) -> dict[str, Any]:
    """Return a post as feed/user and the GraphQL timeline give it."""
    counts = ids.counts(post.seed, account.followers)
    hidden = post.hidden_likes or hides_likes
    _, media_type, product_type = TYPES.get(post.media, REEL)
    is_video, owner = media_type == 2, str(account.number)
    tagged = [{"user": {"username": name, "full_name": name, "is_verified": False}} for name in _tagged(post)]
    return {
        "pk": _pk(post),
        "id": f"{_pk(post)}_{owner}",
        "code": post.post_id,
        "taken_at": _taken_at(post),
        "media_type": media_type,
        "product_type": product_type,
        "caption": _caption(post),
        "caption_is_edited": post.edited,
        "accessibility_caption": None if post.media == "carousel" else post.alt_text or None,
        "like_count": FAKE_LIKES if hidden else counts.likes,
        "like_and_view_counts_disabled": hidden,
        "comment_count": counts.comments,
        "play_count": counts.views if is_video and not hidden else None,
        "view_count": None,
        "media_repost_count": None,
        "user": xdt_user(account),
        "owner": {
            "id": owner,
            "pk": owner,
            "username": account.key,
            "show_account_transparency_details": True,
        },
        "coauthor_producers": _coauthors(post),
        "invited_coauthor_producers": [],
        "usertags": {"in": tagged} if tagged else None,
        "carousel_media": _carousel_media(post, owner),
        "carousel_media_count": _children(post) if post.media == "carousel" else None,
        "timeline_pinned_user_ids": [account.number] if post.pinned else [],
        "clips_tab_pinned_user_ids": [],
        "original_height": 1920 if is_video else 1350,
        "original_width": 1080,
        "image_versions2": _image_versions(post),
        "video_versions": [{"type": 101, "url": _picture(post, 9).replace(".jpg", ".mp4")}]
        if is_video
        else None,
        "video_duration": 9.0 + post.seed % 60 if is_video else None,
        "has_audio": True if is_video else None,
        "location": None,
        "is_paid_partnership": False,
        "organic_tracking_token": ids.letters(48, "tracking", post.seed),
    }


def edge_node(post: SitePost, account: SiteAccount, hides_likes: bool = False) -> dict[str, Any]:
    """Return a post as web_profile_info gives it."""
    counts = ids.counts(post.seed, account.followers)
    hidden = post.hidden_likes or hides_likes
    typename, media_type, product_type = TYPES.get(post.media, REEL)
    owner = {"id": str(account.number), "username": account.key}
    likes = {"count": -1 if hidden else counts.likes}
    node: dict[str, Any] = {
        "__typename": typename,
        "id": _pk(post),
        "shortcode": post.post_id,
        "dimensions": {"height": 1350, "width": 1080},
        "display_url": _picture(post),
        "edge_media_to_tagged_user": {
            "edges": [{"node": {"user": {"username": name, "full_name": name}}} for name in _tagged(post)]
        },
        "gating_info": None,
        "owner": owner,
        "is_video": media_type == 2,
        "accessibility_caption": None if post.media == "carousel" else post.alt_text or None,
        "tracking_token": ids.letters(48, "tracking", post.seed),
        "edge_media_to_caption": {"edges": [{"node": {"text": post.shown_text}}] if post.shown_text else []},
        "edge_media_to_comment": {"count": counts.comments},
        "comments_disabled": False,
        "taken_at_timestamp": _taken_at(post),
        "edge_liked_by": likes,
        "edge_media_preview_like": likes,
        "location": None,
        "thumbnail_src": _picture(post),
        "coauthor_producers": _coauthors(post),
        "pinned_for_users": [owner] if post.pinned else [],
        "viewer_can_reshare": True,
        "like_and_view_counts_disabled": hidden,
    }
    if media_type == 2:
        node |= {"product_type": product_type, "has_audio": True, "video_view_count": counts.views // 2}
    if media_type == 8:
        children = _carousel_media(post, owner["id"]) or []
        node["edge_sidecar_to_children"] = {"edges": [{"node": _sidecar_child(child)} for child in children]}
    return node


def _sidecar_child(child: dict[str, Any]) -> dict[str, Any]:
    return {
        "__typename": "GraphImage",
        "id": child["pk"],
        "shortcode": ids.shortcode(int(child["pk"])),
        "display_url": child["image_versions2"]["candidates"][0]["url"],
        "accessibility_caption": child["accessibility_caption"],
        "is_video": False,
    }
