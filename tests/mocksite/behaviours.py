"""How the site misbehaves: what is wrong, for whom, after how many requests and how often."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from tests.mocksite.content import account_key

KINDS = {
    "login_redirect": "a page sends to the login page (302); an API denies access (403)",
    "require_login": "401, and on Instagram require_login",
    "challenge": "prove that you are a person: challenge_required, captcha, checkpoint page",
    "checkpoint": "400 checkpoint_required, or the checkpoint page",
    "feedback": "400 feedback_required: try again later",
    "forbidden": "403",
    "not_found": "404",
    "rate_limited": "429 with Retry-After of `seconds`",
    "request_denied": "LinkedIn's 999",
    "authwall": "302 to the authwall",
    "consent": "302 to the consent page of the EU",
    "not_a_bot": "sign in to confirm you're not a bot",
    "please_wait": "200 with TikTok's waiting page in place of the answer",
    "quota_exceeded": "the day's quota is spent",
    "token_expired": "the API token is no longer valid",
    "reduce_data": "the Graph API's 500: please reduce the amount of data",
    "server_error": "503",
    "unavailable": "503 with Retry-After of `seconds`",
    "empty_body": "200 with nothing in it",
    "html_for_json": "200 with a page of HTML where JSON should be",
    "empty": "the account has no posts",
    "private": "the account is private",
    "vanished": "the account was terminated",
    "region_locked": "the account is not shown in this country",
    "hidden_likes": "the account hides its like counts",
    "same_page_twice": "a cursor leads to the page before once more",
    "more_with_nothing": "a page without posts that promises more",
    "video_renderer": "YouTube's older layout of the Videos tab",
    "written_captions": "YouTube's videos have captions that a person wrote, and a translation of them",
    "xml_captions": "YouTube's captions come as XML, whatever is asked for",
    "moved": "301: LinkedIn's /company/ to /school/, as for schools; TikTok's profile to itself in a language",
    "slow": "the answer comes after `seconds`",
    "truncated": "a whole answer whose body stops halfway",
    "wrong_encoding": "a body in Windows-1252 that says it is UTF-8",
    "renamed_field": "`field` is called `to` from now on",
    "broken_connection": "the connection closes in mid-body",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One way to misbehave.

    It concerns the requests that match all of `platform`, `host`, `account` and `route` ("youtube.browse") that
    are given; it begins `after` so many of them and ends after `times` of them, never where that is None.
    """

    kind: str
    platform: str = ""
    host: str = ""
    account: str = ""
    route: str = ""
    after: int = 0
    times: int | None = None
    seconds: float = 1.0
    field: str = ""
    to: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"behaviour.kind is {self.kind!r}; expected one of {', '.join(KINDS)}")
        if self.kind == "renamed_field" and not (self.field and self.to):
            raise ValueError("behaviour renamed_field needs field and to")

    def concerns(self, platform: str, host: str, account: str, route: str) -> bool:
        """Tell whether a request is one of those this behaviour is about; robots.txt only when named."""
        return (
            self.platform in ("", platform)
            and self.host in ("", host)
            and self.route in ({route} if route.endswith(".robots") else {"", route})
            and (not self.account or account_key(self.account) == account_key(account))
        )


def read_behaviour(table: Mapping[str, Any], place: str = "behaviour") -> Behaviour:
    """Return a behaviour from a table of site.toml; an unknown key is an error that names it."""
    known = {field.name for field in fields(Behaviour)}
    if unknown := sorted(set(table) - known):
        raise ValueError(f"{place} has {', '.join(unknown)}; expected only {', '.join(sorted(known))}")
    return Behaviour(**table)


class Behaviours:
    """The behaviours in force, and how many requests each has met. May be changed from any thread."""

    def __init__(self, behaviours: Iterable[Behaviour] = ()) -> None:
        self._lock = threading.Lock()
        self._met: dict[Behaviour, int] = dict.fromkeys(behaviours, 0)

    def add(self, behaviour: Behaviour) -> None:
        """Put a behaviour in force, from the next request on; its counting starts anew."""
        with self._lock:
            self._met[behaviour] = 0

    def clear(self, kind: str = "", account: str = "") -> None:
        """Take behaviours out of force: all, those of a kind, those of an account."""
        with self._lock:
            for known in list(self._met):
                if kind in ("", known.kind) and (not account or known.account == account):
                    del self._met[known]

    def due(self, platform: str, host: str, account: str, route: str) -> tuple[Behaviour, ...]:
        """Return the behaviours that a request meets, and count it."""
        with self._lock:
            found = []
            for known, met in self._met.items():
                if not known.concerns(platform, host, account, route):
                    continue
                self._met[known] = met + 1
                if met >= known.after and (known.times is None or met < known.after + known.times):
                    found.append(known)
            return tuple(found)
