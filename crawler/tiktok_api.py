"""What is asked of TikTok's two APIs: Research for researchers, Display for the owner of an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy import FormRequest, Request
from scrapy.http import JsonRequest

from crawler.redact import credential
from crawler.routes import ROUTES

HOST = "open.tiktokapis.com"
WINDOW = timedelta(days=29)  # the API takes windows of at most 30 days, both ends included
RESEARCH_VIDEO = (
    "id,video_description,create_time,username,hashtag_names,view_count,like_count,comment_count,share_count,"
    "favorites_count,voice_to_text,video_mention_list"
)
RESEARCH_USER = "display_name,bio_description,is_verified,follower_count,following_count,video_count"
OWN_VIDEO = "id,create_time,title,video_description,share_url,like_count,comment_count,share_count,view_count"
OWN_USER = "username,display_name,bio_description,is_verified,follower_count,following_count,video_count"


def ask_for_token(origin: str) -> Request:
    """Return the request for a client token of the Research API, which holds for two hours."""
    form = {
        "client_key": credential("UITZICHT_TIKTOK_CLIENT_KEY"),
        "client_secret": credential("UITZICHT_TIKTOK_CLIENT_SECRET"),
        "grant_type": "client_credentials",
    }
    return FormRequest(f"{origin}/v2/oauth/token/", formdata=form)


def ask_for_user(origin: str, token: str, account: str) -> Request:
    """Return the Research API's request about an account: its video count is the witness of completeness."""
    url = f"{origin}/v2/research/user/info/?fields={RESEARCH_USER}"
    return _post(url, token, {"username": account}, "tiktok.research_user")


def ask_for_videos(origin: str, token: str, account: str, values: Mapping[str, str]) -> Request:
    """Return the Research API's request for an account's videos of a window, or for its next page."""
    by_name = {"operation": "EQ", "field_name": "username", "field_values": [account]}
    body: dict[str, Any] = {
        "query": {"and": [by_name]},
        "start_date": values["from"],
        "end_date": values["to"],
        "max_count": ROUTES["tiktok", "research_api"].posts_per_page,
    }
    if "cursor" in values:
        body |= {"cursor": int(values["cursor"]), "search_id": values["search_id"]}
    url = f"{origin}/v2/research/video/query/?fields={RESEARCH_VIDEO}"
    return _post(url, token, body, "tiktok.research_videos")


def ask_for_own_user(origin: str) -> Request:
    """Return the Display API's request for the account that the token belongs to."""
    url = f"{origin}/v2/user/info/?{urlencode({'fields': OWN_USER}, safe=',')}"
    return Request(url, headers=_bearer(_own_token()), meta={"format": "tiktok.display_user"})


def ask_for_own_videos(origin: str, values: Mapping[str, str]) -> Request:
    """Return the Display API's request for a page of that account's videos, newest first."""
    body = {"max_count": ROUTES["tiktok", "display_api"].posts_per_page} | (
        {"cursor": int(values["cursor"])} if "cursor" in values else {}
    )
    return _post(f"{origin}/v2/video/list/?fields={OWN_VIDEO}", _own_token(), body, "tiktok.display_videos")


def windows(since: date, until: date) -> list[dict[str, str]]:
    """Return the windows that cover the days from `since` to `until`, newest first.

    >>> windows(date(2026, 10, 1), date(2026, 11, 2))
    [{'from': '20261004', 'to': '20261102'}, {'from': '20261001', 'to': '20261003'}]
    """
    found: list[dict[str, str]] = []
    while until >= since:
        begin = max(since, until - WINDOW)
        found.append({"from": f"{begin:%Y%m%d}", "to": f"{until:%Y%m%d}"})
        until = begin - timedelta(days=1)
    return found


def _own_token() -> str:
    return credential("UITZICHT_TIKTOK_TOKEN")


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _post(url: str, token: str, body: Mapping[str, Any], format: str) -> Request:
    return JsonRequest(url, data=dict(body), method="POST", headers=_bearer(token), meta={"format": format})
