"""YouTube: feeds, the pages' own JSON, and the Data API."""

from __future__ import annotations

from crawler.parsers.formats import Format
from crawler.parsers.youtube import browse, data_api, player, rss, timedtext

FORMATS: tuple[Format, ...] = (
    Format(name="youtube.rss", platform="youtube", detects=rss.detects, parse=rss.parse),
    Format(name="youtube.browse", platform="youtube", detects=browse.detects, parse=browse.parse),
    Format(name="youtube.item", platform="youtube", detects=browse.detects_item, parse=browse.parse_item),
    Format(
        name="youtube.channels",
        platform="youtube",
        detects=data_api.is_kind("channelListResponse"),
        parse=data_api.parse_channels,
    ),
    Format(
        name="youtube.playlist_items",
        platform="youtube",
        detects=data_api.is_kind("playlistItemListResponse"),
        parse=data_api.parse_playlist_items,
    ),
    Format(
        name="youtube.videos",
        platform="youtube",
        detects=data_api.is_kind("videoListResponse"),
        parse=data_api.parse_videos,
    ),
    Format(
        name="youtube.search",
        platform="youtube",
        detects=data_api.is_kind("searchListResponse"),
        parse=data_api.parse_search,
    ),
    Format(name="youtube.player", platform="youtube", detects=player.detects, parse=player.parse),
    Format(
        name="youtube.resolve_url",
        platform="youtube",
        detects=player.detects_resolve_url,
        parse=player.parse_resolve_url,
    ),
    Format(
        name="youtube.timedtext",
        platform="youtube",
        detects=timedtext.detects,
        parse=timedtext.parse,
    ),
)
