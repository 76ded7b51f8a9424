"""Pages of a YouTube channel as its own browse calls give them: both layouts of videos, Shorts, continuations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.mocksite import ids
from tests.mocksite.content import SitePost
from tests.mocksite.site import SiteAccount
from tests.mocksite.youtube_text import ago, clock_time, duration_of, short_number, views

CHANNEL_TYPE = {"webPageType": "WEB_PAGE_TYPE_CHANNEL", "rootVe": 3611, "apiUrl": "/youtubei/v1/browse"}
TABS = {
    "featured": ("Home", "EghmZWF0dXJlZPIGBAoCMgA%3D"),
    "videos": ("Videos", "EgZ2aWRlb3PyBgQKAjoA"),
    "shorts": ("Shorts", "EgZzaG9ydHPyBgUKA5oBAA%3D%3D"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a page shows its videos: seen from when, in the layout before May 2026, and with which next page."""

    clock: datetime
    is_old: bool = False
    token: str = ""


def alert_page(account: SiteAccount, text: str) -> dict[str, Any]:
    """Return what stands in a channel's place where there is none to see; its status is 200."""
    header = {"c4TabbedHeaderRenderer": {"channelId": account.channel_id, "avatar": {"thumbnails": []}}}
    return {"header": header, "alerts": [{"alertRenderer": {"type": "ERROR", "text": {"simpleText": text}}}]}


def channel_page(
    account: SiteAccount,
    tab: str,
    posts: Sequence[SitePost],
    all_posts: Sequence[SitePost],
    layout: Layout,
) -> dict[str, Any]:
    """Return a channel's page with one tab selected."""
    has = {"featured": True, "videos": False, "shorts": False}
    for post in all_posts:
        has["shorts" if post.media == "short" else "videos"] = True
    grid = {"richGridRenderer": _grid(account, posts, layout)}
    tabs = []
    for name in (name for name, there in has.items() if there or name == tab):
        renderer = _tab(account, name)
        if name == tab:
            renderer |= {
                "selected": True,
                "content": grid if tab != "featured" else {"sectionListRenderer": {"contents": []}},
            }
        tabs.append({"tabRenderer": renderer})
    search = _tab(account, "search") | {"selected": False}
    return {
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [*tabs, {"expandableTabRenderer": search}]}},
        "header": _header(account, len(all_posts)),
        "metadata": {"channelMetadataRenderer": _metadata(account)},
        "microformat": {"microformatDataRenderer": _microformat(account)},
    }


def _tab(account: SiteAccount, name: str) -> dict[str, Any]:
    title, params = TABS.get(name, ("Search", "EgZzZWFyY2jyBgQKAloA"))
    command = {"webCommandMetadata": {"url": f"/{account.handle}/{name}", **CHANNEL_TYPE}}
    browse = {"browseId": account.channel_id, "params": params, "canonicalBaseUrl": f"/{account.handle}"}
    return {"endpoint": {"commandMetadata": command, "browseEndpoint": browse}, "title": title}


def _grid(account: SiteAccount, posts: Sequence[SitePost], layout: Layout) -> dict[str, Any]:
    if not posts and not layout.token:
        message = {"messageRenderer": {"text": {"simpleText": "This channel has no videos."}}}
        return {"contents": [{"richSectionRenderer": {"content": message}}]}
    contents = [_grid_item(post, account, layout) for post in posts]
    return {"contents": [*contents, *_continuation(layout.token)], "targetId": account.channel_id}


def continuation_page(account: SiteAccount, posts: Sequence[SitePost], layout: Layout) -> dict[str, Any]:
    """Return what a continuation adds to a tab."""
    items = [_grid_item(post, account, layout) for post in posts]
    action = {"continuationItems": [*items, *_continuation(layout.token)], "targetId": account.channel_id}
    return {"onResponseReceivedActions": [{"appendContinuationItemsAction": action}]}


def _continuation(token: str) -> list[dict[str, Any]]:
    if not token:
        return []
    endpoint = {
        "commandMetadata": {"webCommandMetadata": {"sendPost": True, "apiUrl": "/youtubei/v1/browse"}},
        "continuationCommand": {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"},
    }
    trigger = "CONTINUATION_TRIGGER_ON_ITEM_SHOWN"
    return [{"continuationItemRenderer": {"trigger": trigger, "continuationEndpoint": endpoint}}]


def _grid_item(post: SitePost, account: SiteAccount, layout: Layout) -> dict[str, Any]:
    number = ids.counts(post.seed, account.followers).views
    if post.media == "short":
        content = {"shortsLockupViewModel": _short(post, number)}
    elif layout.is_old:
        content = {"videoRenderer": _video(post, number, layout.clock)}
    else:
        content = {"lockupViewModel": _lockup(post, number, layout.clock)}
    return {"richItemRenderer": {"content": content}}


def _thumbnail(post: SitePost) -> dict[str, Any]:
    url = f"https://i.ytimg.com/vi/{post.post_id}/hqdefault.jpg"
    return {"url": url, "width": 336, "height": 188}


def _watch(post: SitePost) -> dict[str, Any]:
    command = {"url": f"/watch?v={post.post_id}", "webPageType": "WEB_PAGE_TYPE_WATCH", "rootVe": 3832}
    return {"commandMetadata": {"webCommandMetadata": command}, "watchEndpoint": {"videoId": post.post_id}}


def _lockup(post: SitePost, number: int, clock: datetime) -> dict[str, Any]:
    parts = [{"text": {"content": views(number)}}, {"text": {"content": ago(post.posted_at, clock)}}]
    rows = {"metadataRows": [{"metadataParts": parts}], "delimiter": " • "}
    badge = {"text": clock_time(duration_of(post)), "badgeStyle": "THUMBNAIL_OVERLAY_BADGE_STYLE_DEFAULT"}
    overlay = {"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": badge}]}}
    metadata = {"title": {"content": post.title}, "metadata": {"contentMetadataViewModel": rows}}
    return {
        "contentImage": {
            "thumbnailViewModel": {"image": {"sources": [_thumbnail(post)]}, "overlays": [overlay]}
        },
        "metadata": {"lockupMetadataViewModel": metadata},
        "contentId": post.post_id,
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        "rendererContext": {
            "accessibilityContext": {"label": f"{post.title} {clock_time(duration_of(post))}"},
            "commandContext": {"onTap": {"innertubeCommand": _watch(post)}},
        },
    }


def _video(post: SitePost, number: int, clock: datetime) -> dict[str, Any]:
    return {
        "videoId": post.post_id,
        "thumbnail": {"thumbnails": [_thumbnail(post)]},
        "title": {"runs": [{"text": post.title}]},
        "descriptionSnippet": {"runs": [{"text": post.shown_text[:160]}]},
        "publishedTimeText": {"simpleText": ago(post.posted_at, clock)},
        "lengthText": {"simpleText": clock_time(duration_of(post))},
        "viewCountText": {"simpleText": views(number, rounded=False)},
        "shortViewCountText": {"simpleText": views(number)},
        "navigationEndpoint": _watch(post),
        "showActionMenu": False,
    }


def _short(post: SitePost, number: int) -> dict[str, Any]:
    command = {"url": f"/shorts/{post.post_id}", "webPageType": "WEB_PAGE_TYPE_SHORTS", "rootVe": 37414}
    tap = {"commandMetadata": {"webCommandMetadata": command}, "reelWatchEndpoint": {"videoId": post.post_id}}
    return {
        "entityId": f"shorts-shelf-item-{post.post_id}",
        "accessibilityText": f"{post.title}, {views(number)} – play Short",
        "onTap": {"innertubeCommand": tap},
        "overlayMetadata": {
            "primaryText": {"content": post.title},
            "secondaryText": {"content": views(number)},
        },
    }


def _header(account: SiteAccount, videos: int) -> dict[str, Any]:
    subscribers = {"text": {"content": f"{short_number(account.followers)} subscribers"}}
    rows = [
        {"metadataParts": [{"text": {"content": account.handle}}]},
        {
            "metadataParts": [
                subscribers,
                {"text": {"content": f"{videos:,} video{'' if videos == 1 else 's'}"}},
            ]
        },
    ]
    model = {
        "title": {"dynamicTextViewModel": {"text": {"content": account.name}}},
        "metadata": {"contentMetadataViewModel": {"metadataRows": rows, "delimiter": "•"}},
    }
    return {"pageHeaderRenderer": {"pageTitle": account.name, "content": {"pageHeaderViewModel": model}}}


def _metadata(account: SiteAccount) -> dict[str, Any]:
    base = "https://www.youtube.com"
    return {
        "title": account.name,
        "description": f"Dit is het kanaal van {account.name}.",
        "rssUrl": f"{base}/feeds/videos.xml?channel_id={account.channel_id}",
        "externalId": account.channel_id,
        "ownerUrls": [f"http://www.youtube.com/{account.handle}"],
        "channelUrl": f"{base}/channel/{account.channel_id}",
        "isFamilySafe": True,
        "vanityChannelUrl": f"http://www.youtube.com/{account.handle}",
    }


def _microformat(account: SiteAccount) -> dict[str, Any]:
    return {
        "urlCanonical": f"https://www.youtube.com/channel/{account.channel_id}",
        "title": account.name,
        "description": f"Dit is het kanaal van {account.name}.",
        "siteName": "YouTube",
        "noindex": False,
        "unlisted": False,
        "familySafe": True,
    }
