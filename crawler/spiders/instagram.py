"""Instagram: Business Discovery; else the public profile, where it still answers; single posts where asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from scrapy import Request

from crawler.accounts import StudyAccount
from crawler.ending import Ending
from crawler.items import Page
from crawler.permalinks import FILE, known_codes, place_in_time, read_permalinks
from crawler.redact import credential
from crawler.refusals.signs import TOO_MUCH
from crawler.routes import ROUTES, Route
from crawler.scrutiny import ALWAYS
from crawler.spiders.platform import PlatformSpider
from crawler.visit import Step, Visit

GRAPH_VERSION = "v23.0"
MOST, FEWEST = ROUTES["instagram", "business_discovery"].posts_per_page, 5
FEED = ROUTES["instagram", "profile"].posts_per_page
WEB_APP_ID = "936619743392459"  # the public web client's own id, the same for everybody
ACCOUNT_FIELDS = "id,username,name,biography,website,followers_count,follows_count,media_count"
MEDIA_FIELDS = (
    "id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count,children"
)


class InstagramSpider(PlatformSpider):
    """Visits professional accounts by Business Discovery, else public profiles where the study names a ground."""

    name = "instagram"
    platform = "instagram"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.listed: dict[str, set[str]] = {}
        self.codes: dict[str, list[str]] = {}  # of the account that is being visited

    def prepare(self) -> None:
        """Read which posts the study lists, then begin."""
        self.listed = read_permalinks(self.study.folder / FILE)
        super().prepare()

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a step."""
        values = step.values
        if step.name == "business_discovery":
            return self._discovery(
                visit.account.account, values.get("cursor", ""), values.get("limit", str(MOST))
            )
        www = self.study.origin("www.instagram.com")
        if step.name == "permalink":
            return Request(f"{www}/p/{values['code']}/", meta={"format": "instagram.item"})
        if step.name == "feed":
            cursor = {"max_id": values["cursor"]} if "cursor" in values else {}
            url = f"{www}/api/v1/feed/user/{values['id']}/?{urlencode({'count': str(FEED), **cursor})}"
            return self._web(url, "instagram.feed_user")
        url = f"{www}/api/v1/users/web_profile_info/?{urlencode({'username': visit.account.account})}"
        return self._web(url, "instagram.web_profile_info")

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return what follows a page: the next one, until the window or the account has been left."""
        if step.name == "permalink":
            return self._after_post(step, visit)
        if visit.has_arrived(page.posts):
            return []
        if step.name == "profile":
            return self._after_profile(page)
        return [Step(step.name, {**step.values, "cursor": page.cursor})] if page.cursor else []

    def instead(self, step: Step, visit: Visit, ending: Ending) -> list[Step] | Ending:
        """Ask for half as many posts where the Graph API wants less, for the next post where one is not to be had."""
        if step.name == "permalink":
            return self._instead_of_post(step, visit, ending)
        limit = int(step.values.get("limit", MOST))
        if step.name != "business_discovery" or TOO_MUCH not in ending.sign or limit <= FEWEST:
            return ending
        return [Step(step.name, {**step.values, "limit": str(max(FEWEST, limit // 2))})]

    def routes_for(self, account: StudyAccount) -> tuple[Route, ...]:
        """Return the ladder, without single posts where none of the account is known."""
        usable = super().routes_for(account)
        if not any(route.by_name for route in usable) or self._codes(account.account):
            return usable
        return tuple(route for route in usable if not route.by_name)

    def begin(self, visit: Visit) -> list[Step]:
        """Return the first step: the profile, or the newest post that is known by its address."""
        if visit.route.name != "permalinks":
            return super().begin(visit)
        return [Step("permalink", {"code": self._codes(visit.account.account)[0]})]

    def _after_post(self, step: Step, visit: Visit) -> list[Step] | Ending:
        codes = self._codes(visit.account.account)
        here = place_in_time(step.values["code"])
        later = next((code for code in codes if place_in_time(code) < here), None)
        if later:
            return [Step("permalink", {"code": later})]
        sign = f"{len(codes)} known posts were asked for one by one; nobody told what else there is"
        return Ending(outcome="partial", sign=sign)

    def _instead_of_post(self, step: Step, visit: Visit, ending: Ending) -> list[Step] | Ending:
        """Pass over a post that is gone or cannot be read; walls, and a field that all posts lack, end the route."""
        if ending.outcome not in ("not_found", "partial", "parser_broken") or ALWAYS in ending.sign:
            return ending
        after = self._after_post(step, visit)
        return replace(after, status=ending.status, url=ending.url) if isinstance(after, Ending) else after

    def _codes(self, account: str) -> list[str]:
        if account not in self.codes:
            listed, history = self.listed.get(account, set()), self.crawl.history(account)
            self.codes = {account: known_codes(listed, history, self.study.window_since)}
        return self.codes[account]

    def _after_profile(self, page: Page) -> list[Step] | Ending:
        if page.account is None or page.account.account_id is None:
            return Ending(outcome="parser_broken", sign="the profile has no id")
        if page.account.is_private:
            return Ending(outcome="private", sign="the profile says it is private")
        if page.account.posts_count == 0 or (page.posts and not page.cursor):
            return []
        return [Step("feed", {"id": page.account.account_id})]

    def _discovery(self, username: str, cursor: str, limit: str) -> Request:
        after = f".after({cursor})" if cursor else ""
        media = f"media.limit({limit}){after}{{{MEDIA_FIELDS}}}"
        fields = f"business_discovery.username({username}){{{ACCOUNT_FIELDS},{media}}}"
        me = credential("UITZICHT_INSTAGRAM_USER_ID")
        graph = self.study.origin("graph.facebook.com")
        return Request(
            f"{graph}/{GRAPH_VERSION}/{me}?{urlencode({'fields': fields})}",
            headers={"Authorization": f"Bearer {credential('UITZICHT_INSTAGRAM_TOKEN')}"},
            meta={"format": "instagram.business_discovery"},
        )

    def _web(self, url: str, format: str) -> Request:
        return Request(url, headers={"x-ig-app-id": WEB_APP_ID}, meta={"format": format})
