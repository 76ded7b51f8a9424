"""YouTube: the Data API; else the feed of the newest videos, then the channel's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import JsonRequest

from crawler.captions import Captions
from crawler.ending import WALLS, Ending
from crawler.history import EXACT
from crawler.items import Page, Post
from crawler.parsers.youtube import timedtext
from crawler.redact import credential
from crawler.routes import ROUTES
from crawler.spiders.platform import PlatformSpider
from crawler.visit import Step, Visit

if TYPE_CHECKING:
    from scrapy.http import Response

WWW = "www.youtube.com"
MOST = ROUTES["youtube", "data_api"].posts_per_page
CLIENT = {"clientName": "WEB", "clientVersion": "2.20260519.10.00", "hl": "en", "gl": "NL"}
TABS = {"videos": "EgZ2aWRlb3PyBgQKAjoA", "shorts": "EgZzaG9ydHPyBgUKA5oBAA=="}


class YouTubeSpider(PlatformSpider):
    """Visits channels: by the Data API with a key, else by feed and pages where the study names a ground."""

    name = "youtube"
    platform = "youtube"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.captions = Captions()

    def begin(self, visit: Visit) -> list[Step]:
        """Return the first step: the channel, or who is behind its handle."""
        if visit.route.name == "data_api":
            return [Step("channels")]
        channel = visit.seen.account_id or visit.account.account
        return [self._listing(visit, channel) if channel.startswith("UC") else Step("resolve_url")]

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a step."""
        make = {
            "channels": self._channels,
            "playlist_items": self._playlist_items,
            "videos": self._videos,
            "rss": self._rss,
            "resolve_url": self._resolve_url,
            "browse": self._browse,
            "more": self._more,
            "player": self._player,
            "captions": self._captions,
        }
        return make[step.name](step.values, visit.account.account)

    def _channels(self, values: Mapping[str, str], account: str) -> Request:
        who = "id" if account.startswith("UC") else "forHandle"
        return self._api("channels", {"part": "snippet,contentDetails,statistics", who: account})

    def _playlist_items(self, values: Mapping[str, str], account: str) -> Request:
        part = "snippet,contentDetails,status"
        return self._api("playlistItems", {"part": part, "maxResults": str(MOST), **values})

    def _videos(self, values: Mapping[str, str], account: str) -> Request:
        part = "snippet,contentDetails,statistics,liveStreamingDetails,status"
        return self._api("videos", {"part": part, "maxResults": str(MOST), "id": values["id"]})

    def _rss(self, values: Mapping[str, str], account: str) -> Request:
        url = f"{self.study.origin(WWW)}/feeds/videos.xml?{urlencode({'channel_id': values['channel']})}"
        return Request(url, meta={"format": "youtube.rss"})

    def _resolve_url(self, values: Mapping[str, str], account: str) -> Request:
        return self._page(
            "navigation/resolve_url", "youtube.resolve_url", {"url": f"https://{WWW}/{account}"}
        )

    def _browse(self, values: Mapping[str, str], account: str) -> Request:
        body = {"browseId": values["channel"], "params": TABS[values["tab"]]}
        return self._page("browse", "youtube.browse", body)

    def _more(self, values: Mapping[str, str], account: str) -> Request:
        return self._page("browse", "youtube.browse", {"continuation": values["cursor"]})

    def _player(self, values: Mapping[str, str], account: str) -> Request:
        return self._page("player", "youtube.player", {"videoId": values["id"]})

    def _captions(self, values: Mapping[str, str], account: str) -> Request:
        address = self.captions.address(values["id"])
        if not address:  # addresses are not kept, so after an interruption the player is asked for another
            return self._player(values, account)
        return Request(f"{self.study.origin(WWW)}{address}", meta={"format": timedtext.FORMAT})

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return what follows a page."""
        after: dict[str, Callable[[Step, Page, Visit], list[Step] | Ending]] = {
            "channels": self._after_channel,
            "playlist_items": self._after_playlist,
            "videos": self._refresh,
            "resolve_url": self._after_handle,
            "rss": self._after_feed,
            "browse": self._after_tab,
            "more": self._after_tab,
            "player": self._after_player,
            "captions": self._after_player,
        }
        return after[step.name](step, page, visit) if step.name in after else []

    def _after_channel(self, step: Step, page: Page, visit: Visit) -> list[Step]:
        return [Step("playlist_items", {"playlistId": of}) for kind, of in page.more if kind == "uploads"]

    def _after_handle(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        channel = next((value for kind, value in page.more if kind == "channel"), "")
        if not channel:
            return Ending(outcome="not_found", sign="the handle leads to no channel")
        return [self._listing(visit, channel)]

    def _after_feed(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        if visit.shows_all(page.posts):
            return []
        shown = "the 15 newest videos only" if page.posts else "no video"
        return Ending(outcome="partial", sign=f"the feed shows {shown}")

    def _listing(self, visit: Visit, channel: str) -> Step:
        if visit.route.name == "rss":
            return Step("rss", {"channel": channel})
        return Step("browse", {"channel": channel, "tab": "videos"})

    def _after_playlist(self, step: Step, page: Page, visit: Visit) -> list[Step]:
        ids = [value for kind, value in page.more if kind == "video"]
        steps = [Step("videos", {"id": ",".join(ids)})] if ids else []
        if not visit.has_arrived(page.posts) and page.cursor:
            steps.append(Step("playlist_items", {**step.values, "pageToken": page.cursor}))
        return steps

    def _refresh(self, step: Step, page: Page, visit: Visit) -> list[Step]:
        """Ask again, by their ids, for known videos that a walk which ended early did not come to."""
        if visit.arrived != "known" or len(visit.steps) > 1:
            return []
        asked = step.values["id"].split(",")
        last = asked[-1] if "refresh" in step.values else ""
        left = [one for one in visit.unseen("data_api") if one > last and one not in asked]
        return [Step("videos", {"id": ",".join(left[:MOST]), "refresh": "yes"})] if left else []

    def _after_tab(self, step: Step, page: Page, visit: Visit) -> list[Step]:
        """Follow a tab of a channel: exact values of what it shows vaguely, then its next page, then Shorts."""
        channel, tab = step.values["channel"], step.values["tab"]
        steps = [Step("player", {"id": post.post_id}) for post in page.posts if _is_vague(post, visit)]
        if not visit.has_arrived(page.posts) and page.cursor:
            steps.append(Step("more", {"cursor": page.cursor, "channel": channel, "tab": tab}))
        elif tab == "videos":
            steps.append(Step("browse", {"channel": channel, "tab": "shorts"}))
        return steps

    def keep_in_memory(self, response: Response, step: Step) -> None:
        """Remember where the words of a video are, where the study wants them: that address is signed."""
        if self.study.platform("youtube").transcripts and response.meta["capture"].format == "youtube.player":
            self.captions.remember(step.values["id"], response.body)

    def _after_player(self, step: Step, page: Page, visit: Visit) -> list[Step]:
        """Follow a video's own page by its caption track, once; known words are not asked for again."""
        video, known = step.values["id"], visit.history.sights.get(step.values["id"])
        if page.format == timedtext.FORMAT:
            visit.tracks["given"] += len(page.posts)
            self.captions.forget(video)
            return []
        self._leave_shorts(page, visit)
        if not self.captions.address(video) or not self.captions.may_ask(visit.account.account):
            return []
        visit.tracks["offered"] += step.name == "player"
        return [] if known and known.is_heard else [Step("captions", {"id": video})]

    def _leave_shorts(self, page: Page, visit: Visit) -> None:
        """Ask for no further page of Shorts, whose dates only their own pages tell, once one is before the window."""
        here, *later = visit.steps
        goes_on = bool(later) and later[0].name == "more" and later[0].values["tab"] == "shorts"
        if goes_on and visit.is_before_window(page.posts):
            visit.arrived = "window"
            visit.steps = [here, *later[1:]]

    def instead(self, step: Step, visit: Visit, ending: Ending) -> list[Step] | Ending:
        """Go on without its words where a caption track is refused or broken: they are no reason to lose posts."""
        video = step.values.get("id", "")
        if step.name != "captions" or ending.outcome == "over_budget" or not self.captions.address(video):
            return ending
        self.captions.forget(video)
        if ending.outcome in WALLS:
            self.captions.note_wall(visit.account.account)
        return visit.steps[1:]

    def _api(self, path: str, query: dict[str, str]) -> Request:
        url = f"{self.study.origin('www.googleapis.com')}/youtube/v3/{path}?{urlencode(query)}"
        key = credential("UITZICHT_YOUTUBE_API_KEY")
        meta = {"format": FORMATS[path], "quota": "data_api"}
        return Request(url, headers={"X-Goog-Api-Key": key}, meta=meta)

    def _page(self, path: str, format: str, body: dict[str, Any]) -> Request:
        url = f"{self.study.origin(WWW)}/youtubei/v1/{path}?prettyPrint=false"
        return JsonRequest(url, data={"context": {"client": CLIENT}, **body}, meta={"format": format})


def _is_vague(post: Post, visit: Visit) -> bool:
    """Tell whether a video's own page must be asked: for its text or date, once, and again while it is young."""
    if post.post_id in visit.seen or (post.text is not None and post.posted_precision in EXACT):
        return False
    known = visit.history.sights.get(post.post_id)
    is_old = known and known.posted_at and known.posted_at < visit.started_at - visit.overlap
    return not is_old


FORMATS = {
    "channels": "youtube.channels",
    "playlistItems": "youtube.playlist_items",
    "videos": "youtube.videos",
}
