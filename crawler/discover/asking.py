"""One request to a website, bounded in time and size; every way in which it can go wrong has a name of its own."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import DecodeError, HTTPError, SSLError
from urllib3.response import HTTPResponse
from w3lib.url import safe_url_string

from crawler.discover.address import RefusedAddress
from crawler.discover.network import Network
from crawler.errors import CrawlerError
from crawler.settings import USER_AGENT

Trouble = Literal[
    "no_website",
    "platform",
    "dead",
    "tls",
    "slow",
    "broken",
    "refused_address",
    "robots",
    "redirects",
    "http_error",
    "not_html",
    "cookie_wall",
    "script_only",
    "stopped",
]
_CHUNK = 65_536


class Unread(CrawlerError):
    """A page that was not read: the kind of trouble, and a sentence about it."""

    def __init__(self, trouble: Trouble, sentence: str) -> None:
        self.trouble = trouble
        super().__init__(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is asked of one website at most."""

    pages: int = 5
    page_bytes: int = 3_000_000
    hops: int = 8
    seconds: float = 30.0
    site_seconds: float = 240.0
    resolved: int = 10
    delay: float = 1.0
    contact: str = ""

    @property
    def user_agent(self) -> str:
        """Who asks, and where whoever asks can be reached."""
        contact = "".join(char for char in self.contact if char.isascii() and char.isprintable())
        return USER_AGENT.replace(")", f"; {contact})") if contact else USER_AGENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a website answered. `cut` where its end was left out; `hops` are the addresses on the way to it."""

    url: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    hops: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The type of the body as the site gives it, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def ask(network: Network, url: str, limits: Limits, most_bytes: int) -> Answer:
    """Return the answer to one GET; no redirect is followed. Raises Unread with what went wrong."""
    began, host, seconds = monotonic(), urlsplit(url).hostname, limits.seconds
    try:
        with network.connect(url, seconds) as connection:
            answer = _exchange(connection, url, limits.user_agent, most_bytes)
    except RefusedAddress as error:
        raise Unread("refused_address", str(error)) from None
    except (OSError, HTTPError, http.client.HTTPException, ValueError) as error:
        if monotonic() - began < seconds:
            raise _trouble(error, str(host)) from None
    if monotonic() - began >= seconds:
        raise Unread("slow", f"{host} did not finish its answer within {seconds:g} seconds")
    return answer


def _exchange(connection: HTTPConnection, url: str, user_agent: str, most_bytes: int) -> Answer:
    connection.request(
        "GET", _target(url), headers=_headers(user_agent), preload_content=False, enforce_content_length=False
    )
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.headers.items()}
    body, cut = b"", False
    if not 300 <= response.status < 400:
        body, cut = _read_body(response, most_bytes)
    return Answer(url=url, status=response.status, headers=headers, body=body, cut=cut)


def _headers(user_agent: str) -> dict[str, str]:
    return {
        "User-Agent": user_agent,
        "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
        "Accept-Language": "nl, en;q=0.5",
        "Connection": "close",
    }


def _target(url: str) -> str:
    parts = urlsplit(safe_url_string(url))
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read_body(response: HTTPResponse, most_bytes: int) -> tuple[bytes, bool]:
    """Return at most so many bytes, unpacked, and whether more would have come."""
    read = bytearray()
    while chunk := response.read1(_CHUNK, decode_content=True):
        read += chunk
        if len(read) > most_bytes:
            return bytes(read[:most_bytes]), True
    return bytes(read), bool(response.length_remaining)


def _trouble(error: Exception, host: str) -> Unread:
    """Return the name of what went wrong on the way."""
    if isinstance(error, (ssl.SSLError, SSLError)):
        return Unread("tls", f"{host} has no certificate that can be trusted: {_short(error)}")
    if isinstance(error, socket.gaierror):
        what = "is no name that exists" if error.errno == socket.EAI_NONAME else "cannot be looked up now"
        return Unread("dead", f"{host} {what} ({_short(error)})")
    if isinstance(error, DecodeError):
        return Unread("broken", f"{host} sent an answer that cannot be unpacked: {_short(error)}")
    if isinstance(error, TimeoutError):
        return Unread("dead", f"{host} does not answer")
    if isinstance(error, OSError):
        return Unread("dead", f"{host} cannot be reached: {_short(error)}")
    return Unread("broken", f"{host} sent no answer that can be read: {_short(error)}")


def _short(error: Exception) -> str:
    told = error.strerror if isinstance(error, OSError) else str(error)
    return " ".join((told or str(error) or type(error).__name__).split())[:160]
