"""One walk per route over the account `veel`: from the first page to the last, the ids on each page."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.mocksite.asking import ask
from tests.mocksite.site import Site

VIDEOS, SHORTS = "EgZ2aWRlb3PyBgQKAjoA", "EgZzaG9ydHPyBgUKA5oBAA%3D%3D"

Walk = Callable[[Site, dict[str, str]], Iterator[list[str]]]


def feed_user(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of the feed by max_id."""
    account = site.account("instagram", "veel")
    assert account
    cursor: str | None = ""
    while cursor is not None:
        query = f"?count=12&max_id={cursor}"
        page = ask(f"{hosts['www.instagram.com']}/api/v1/feed/user/{account.number}/{query}").json
        yield [item["code"] for item in page["items"]]
        assert ("next_max_id" in page) == page["more_available"]
        cursor = page.get("next_max_id")


def timeline(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of the GraphQL timeline."""
    cursor, more = None, True
    while more:
        variables = {"username": "veel", "first": 12, "after": cursor}
        form = urllib.parse.urlencode({"doc_id": "7950326061742207", "variables": json.dumps(variables)})
        page = ask(f"{hosts['www.instagram.com']}/graphql/query", form.encode()).json
        found = page["data"]["xdt_api__v1__feed__user_timeline_graphql_connection"]
        yield [edge["node"]["code"] for edge in found["edges"]]
        cursor, more = found["page_info"]["end_cursor"], found["page_info"]["has_next_page"]


def discovery_url(site: Site, hosts: dict[str, str], media: str, target: str = "veel") -> str:
    """Return the address that asks Business Discovery for an account."""
    mine = site.credentials
    asked = f"business_discovery.username({target}){{followers_count,media_count,{media}{{id,caption,permalink}}}}"
    query = urllib.parse.urlencode({"fields": asked, "access_token": mine.instagram_token})
    return f"{hosts['graph.facebook.com']}/v24.0/{mine.instagram_user_id}?{query}"


def business_discovery(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of Business Discovery, twenty a page."""
    cursor: str | None = ""
    while cursor is not None:
        media = "media.limit(20)" + (f".after({cursor})" if cursor else "")
        found = ask(discovery_url(site, hosts, media)).json["business_discovery"]["media"]
        yield [one["permalink"].split("/")[-2] for one in found["data"]]
        cursor = found.get("paging", {}).get("cursors", {}).get("after")


def research(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of the Research API, a window of thirty days at a time."""
    base, mine = hosts["open.tiktokapis.com"], site.credentials
    form = {"client_key": mine.tiktok_client_key, "client_secret": mine.tiktok_client_secret}
    query = urllib.parse.urlencode({**form, "grant_type": "client_credentials"}).encode()
    bearer = {"authorization": "Bearer " + ask(f"{base}/v2/oauth/token/", query).json["access_token"]}
    end = site.clock
    while end > datetime(2026, 9, 1, tzinfo=UTC):
        start = end - timedelta(days=29)
        body: dict[str, Any] = {
            "query": {"and": [{"field_name": "username", "operation": "EQ", "field_values": ["veel"]}]},
            "start_date": f"{start:%Y%m%d}",
            "end_date": f"{end:%Y%m%d}",
            "max_count": 100,
        }
        more = True
        while more:
            url = f"{base}/v2/research/video/query/?fields=id,create_time,video_description"
            data = ask(url, body, bearer).json["data"]
            yield [str(video["id"]) for video in data["videos"]]
            body |= {"cursor": data["cursor"], "search_id": data["search_id"]}
            more = data["has_more"]
        end = start - timedelta(days=1)


def playlist_items(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of the Data API's uploads playlist."""
    base, key = f"{hosts['www.googleapis.com']}/youtube/v3", site.credentials.youtube_api_key
    channel = ask(f"{base}/channels?part=contentDetails&forHandle=@veel&key={key}").json["items"][0]
    uploads, token = channel["contentDetails"]["relatedPlaylists"]["uploads"], ""
    while True:
        query = f"part=contentDetails&playlistId={uploads}&maxResults=50&pageToken={token}&key={key}"
        page = ask(f"{base}/playlistItems?{query}").json
        yield [item["contentDetails"]["videoId"] for item in page["items"]]
        if not (token := page.get("nextPageToken", "")):
            return


def browse(site: Site, hosts: dict[str, str], params: str = VIDEOS) -> Iterator[list[str]]:
    """Find the ids on each page of one tab of the browse pages."""
    url, asked = f"{hosts['www.youtube.com']}/youtubei/v1/browse", {"url": "https://www.youtube.com/@veel"}
    resolved = ask(f"{hosts['www.youtube.com']}/youtubei/v1/navigation/resolve_url", asked).json
    body = {"browseId": resolved["endpoint"]["browseEndpoint"]["browseId"], "params": params}
    items = selected_tab(ask(url, body).json)["richGridRenderer"]["contents"]
    while True:
        last = items[-1].get("continuationItemRenderer")
        yield [video_id(item) for item in items if "richItemRenderer" in item]
        if not last:
            return
        token = last["continuationEndpoint"]["continuationCommand"]["token"]
        actions = ask(url, {"continuation": token}).json["onResponseReceivedActions"]
        items = actions[0]["appendContinuationItemsAction"]["continuationItems"]


def selected_tab(page: Any) -> Any:
    """Return the content of a browse page's selected tab."""
    tabs = [tab.get("tabRenderer", {}) for tab in page["contents"]["twoColumnBrowseResultsRenderer"]["tabs"]]
    return next(tab["content"] for tab in tabs if tab.get("selected"))


def video_id(item: Any) -> str:
    """Return the id of a video or Short in a grid."""
    content = item["richItemRenderer"]["content"]
    if short := content.get("shortsLockupViewModel"):
        return str(short["onTap"]["innertubeCommand"]["reelWatchEndpoint"]["videoId"])
    return str(content["lockupViewModel"]["contentId"])


def shorts_and_videos(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of both tabs of the browse pages, as one page."""
    found = [one for params in (VIDEOS, SHORTS) for page in browse(site, hosts, params) for one in page]
    yield sorted(found, key=[post.post_id for post in site.posts("youtube", "veel")].index)


def linkedin_posts(site: Site, hosts: dict[str, str]) -> Iterator[list[str]]:
    """Find the ids on each page of rest/posts."""
    account, start, more = site.account("linkedin", "veel"), 0, True
    assert account
    shares = {str(int(post.post_id) - (40 << 22)): post.post_id for post in site.posts("linkedin", "veel")}
    while more:
        urn = urllib.parse.quote(f"urn:li:organization:{account.number}", safe="")
        url = f"{hosts['api.linkedin.com']}/rest/posts?author={urn}&q=author&count=50&start={start}"
        page = ask(url, headers=linkedin_headers(site)).json
        yield [shares[element["id"].rpartition(":")[2]] for element in page["elements"]]
        more, start = any(link["rel"] == "next" for link in page["paging"]["links"]), start + 50


def linkedin_headers(site: Site, version: str = "202609") -> dict[str, str]:
    """Return the headers that LinkedIn's API demands."""
    return {
        "authorization": f"Bearer {site.credentials.linkedin_token}",
        "linkedin-version": version,
        "x-restli-protocol-version": "2.0.0",
    }


WALKS: dict[Walk, str] = {
    feed_user: "instagram",
    timeline: "instagram",
    business_discovery: "instagram",
    research: "tiktok",
    playlist_items: "youtube",
    shorts_and_videos: "youtube",
    linkedin_posts: "linkedin",
}


def line(**changes: Any) -> dict[str, Any]:
    """Return a line of content, with changes."""
    plain = {"account": "klein", "platform": "instagram", "posted_at": "2026-10-03T14:05:00+02:00"}
    return {**plain, "media": "image", "text": "Eerste tekst", **changes}
