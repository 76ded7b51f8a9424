"""Walking a website politely: robots.txt first, slowly, each redirect looked at before it is followed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from protego import Protego
from w3lib.html import get_meta_refresh
from w3lib.url import safe_url_string

from crawler.discover.address import RefusedAddress, read_host
from crawler.discover.asking import Answer, Limits, Unread, ask
from crawler.discover.links import platform_of
from crawler.discover.network import Network
from crawler.settings import ROBOTSTXT_USER_AGENT

ROBOTS_BYTES = 512_000  # RFC 9309: at least 500 KiB must be read
SLOWEST = 20.0  # seconds between two requests, whatever robots.txt asks for
_MOVED = (301, 302, 303, 307, 308)
_AT_ONCE = 10.0  # seconds: a page that sends on later than this is a page


class Pace:
    """Keeps requests to one host apart, whoever makes them; `sleep` waits so many seconds."""

    def __init__(self, delay: float, sleep: Callable[[float], object] = time.sleep) -> None:
        self._delay = delay
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}

    def wait(self, host: str, asked: float | None = None) -> None:
        """Wait until a host may be asked again: the delay, or what its robots.txt asks for."""
        delay = max(self._delay, min(asked or 0.0, SLOWEST))
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + delay
        if turn > now:
            self._sleep(turn - now)


class Walker:
    """Reads pages of websites, and remembers what their robots.txt allow."""

    def __init__(self, network: Network, limits: Limits, pace: Pace | None = None) -> None:
        self.limits = limits
        self._network = network
        self._stopped = threading.Event()
        self._pace = pace or Pace(limits.delay, self._stopped.wait)
        self._robots: dict[str, Protego | None] = {}

    def stop(self) -> None:
        """Ask nobody any more; who waits for a turn is told at once."""
        self._stopped.set()

    def read(self, url: str, most_bytes: int | None = None) -> Answer:
        """Return what is at an address after all redirects; one that leads to a platform ends there, unasked.

        Raises Unread where robots.txt forbids a step, an address is not public, or there is no end.
        """
        hops: list[str] = []
        while True:
            if len(hops) > self.limits.hops:
                raise Unread("redirects", f"{hops[0]} is redirected more than {self.limits.hops} times")
            answer = self._ask(url, self.limits.page_bytes if most_bytes is None else most_bytes)
            onward = _onward(answer)
            hops.append(url)
            if onward is None or platform_of(onward):
                end = onward or answer.url
                return Answer(
                    url=end,
                    status=answer.status,
                    headers=answer.headers,
                    body=answer.body,
                    cut=answer.cut,
                    hops=tuple(hops),
                )
            url = onward

    def _ask(self, url: str, most_bytes: int) -> Answer:
        if platform := platform_of(url):
            raise Unread("platform", f"{url} is an address of {platform}, which only a crawl asks")
        try:
            scheme, host, _ = read_host(url)
        except RefusedAddress as error:
            raise Unread("refused_address", str(error)) from None
        robots = self._find_robots(f"{scheme}://{urlsplit(url).netloc}", host)
        if robots is not None and not robots.can_fetch(url, ROBOTSTXT_USER_AGENT):
            raise Unread("robots", f"robots.txt of {host} does not allow {urlsplit(url).path or '/'}")
        return self._ask_in_turn(url, host, most_bytes, _crawl_delay(robots))

    def _find_robots(self, origin: str, host: str) -> Protego | None:
        """Return what robots.txt says, None where there is none. Raises Unread where nobody can tell (RFC 9309)."""
        if origin not in self._robots:
            answer = self._fetch_robots(f"{origin}/robots.txt", host)
            if answer.status >= 500 or answer.status == 429:
                raise Unread(
                    "robots", f"robots.txt of {host} answers {answer.status}, so nothing may be asked"
                )
            text = answer.body.decode("utf-8", "replace")
            self._robots[origin] = Protego.parse(text) if answer.status == 200 else None
        return self._robots[origin]

    def _fetch_robots(self, url: str, host: str) -> Answer:
        answer = self._ask_in_turn(url, host, ROBOTS_BYTES)
        for _ in range(5):
            onward = _onward(answer)
            if onward is None or platform_of(onward):
                break
            answer = self._ask_in_turn(onward, urlsplit(onward).hostname or "", ROBOTS_BYTES)
        return answer

    def _ask_in_turn(self, url: str, host: str, most_bytes: int, asked: float | None = None) -> Answer:
        self._pace.wait(host, asked)
        if self._stopped.is_set():
            raise Unread("stopped", f"{host} was not asked: interrupted")
        return ask(self._network, url, self.limits, most_bytes)


def _onward(answer: Answer) -> str | None:
    """Return the address to which an answer sends on, None for one that is the end."""
    if answer.status in _MOVED and (location := answer.headers.get("location", "").strip()):
        return _joined(answer.url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    if answer.status == 200 and "html" in answer.content_type:
        seconds, to = get_meta_refresh(answer.body[:20_000], answer.url, "utf-8")
        if to and seconds is not None and seconds <= _AT_ONCE:
            onward = _joined(answer.url, to)
            return onward if onward != answer.url else None
    return None


def _joined(base: str, to: str) -> str:
    try:
        return safe_url_string(urljoin(base, to)).partition("#")[0]
    except ValueError:
        raise Unread("redirects", f"{base} sends on to {to[:200]!r}, which is no address") from None


def _crawl_delay(robots: Protego | None) -> float | None:
    return robots.crawl_delay(ROBOTSTXT_USER_AGENT) if robots is not None else None
