"""One request as the platform modules see it, and the routes they declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

import orjson
from starlette.responses import HTMLResponse, Response

from tests.mocksite.behaviours import Behaviour
from tests.mocksite.site import Site, SiteAccount


@dataclass(kw_only=True)
class Visit:
    """A request: what it asks for, of whom, and how the site is to behave."""

    site: Site
    route: Route
    path: Mapping[str, str]
    query: Mapping[str, str]
    raw_query: str
    headers: Mapping[str, str]
    target: str
    body: bytes
    account: SiteAccount | None = None
    due: tuple[Behaviour, ...] = ()

    def has(self, kind: str) -> bool:
        """Tell whether a behaviour of this kind is due."""
        return any(one.kind == kind for one in self.due)

    @cached_property
    def json(self) -> dict[str, Any]:
        """The request's JSON body, empty where it has none that can be read."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def form(self) -> dict[str, str]:
        """The request's form body, the query beneath it."""
        return {
            **self.query,
            **{name: values[-1] for name, values in parse_qs(self.body.decode("latin-1")).items()},
        }

    @property
    def bearer(self) -> str:
        """The token of the Authorization header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""

    def asked(self, name: str, default: int, most: int) -> int:
        """Return a whole number from the query, between 1 and `most`."""
        text = self.query.get(name, "")
        return max(1, min(int(text), most)) if text.isdigit() else default


Answer = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address of a platform: `asks_for` names the account by handle or id, `answers` makes the response."""

    name: str
    host: str
    path: str
    answers: Answer
    asks_for: Callable[[Visit], str] = lambda visit: ""
    methods: tuple[str, ...] = ("GET",)
    is_api: bool = False
    is_json: bool = False

    @property
    def platform(self) -> str:
        """The platform that the route belongs to."""
        return self.name.partition(".")[0]


def answer_json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON in UTF-8 as the platforms send it."""
    return Response(orjson.dumps(content), status, headers, "application/json; charset=utf-8")


def answer_html(content: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page."""
    return HTMLResponse(content, status, headers)


def redirect(location: str, status: int = 302) -> Response:
    """Return a redirect; the site only ever points to itself."""
    return Response(b"", status, {"location": location})
