"""What an address says about an account: whose it is, or why it is none. Nothing is asked; only the address is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from crawler.accounts import read_handle
from crawler.errors import StudyError
from crawler.items import Platform


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SHORTENERS = _set(
    "bit.ly buff.ly cutt.ly dlvr.it goo.gl is.gd ow.ly qrco.de rb.gy rebrand.ly s.id short.io shorturl.at "
    "t.co t.ly tiny.cc tinyurl.com urlr.me v.gd"
)
LINK_PAGES = _set(
    "beacons.ai bio.link bio.site campsite.bio flow.page heylink.me koji.to linkin.bio linkpop.com linktr.ee "
    "lnk.bio milkshake.app msha.ke solo.to taplink.cc"
)
_HOSTS: dict[str, Platform] = {
    "instagram.com": "instagram",
    "instagr.am": "instagram",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "youtube-nocookie.com": "youtube",
    "linkedin.com": "linkedin",
    "lnkd.in": "linkedin",
}
# Addresses that only lead to the one that a parameter names.
_WRAPPED = (
    (re.compile(r"(?:^|\.)google\.[a-z.]{2,6}$"), "/url", ("q", "url")),
    (re.compile(r"^l\.(?:facebook|instagram)\.com$"), "/", ("u",)),
    (re.compile(r"(?:^|\.)facebook\.com$"), "/l.php", ("u",)),
    (re.compile(r"(?:^|\.)youtube\.com$"), "/redirect", ("q",)),
    (re.compile(r"(?:^|\.)linkedin\.com$"), "/redir/redirect", ("url",)),
    (re.compile(r"\.safelinks\.protection\.outlook\.com$"), "/", ("url",)),
)
_PAGES_OF: dict[Platform, frozenset[str]] = {
    "instagram": _set(
        "about accounts api challenge developer direct download embed.js explore graphql help legal oauth press "
        "privacy reels session terms web"
    ),
    "tiktok": _set(""),
    "youtube": _set(
        "about account ads attribution_link clip creators embed.js feed gaming hashtag howyoutubeworks iframe_api "
        "intl kids music oembed post premium redirect results s source t trends tv upload yt"
    ),
    "linkedin": _set(""),
}
_ITEMS = _set("clip embed live p photo player playlist posts pulse reel reels shorts tv v video watch")
_SHARES = _set("cws share sharearticle sharing share-offsite intent sharer sharer.php upload")
_SHORT = {
    "lnkd.in": "a short link of the platform itself",
    "vm.tiktok.com": "a short link of the platform itself",
    "vt.tiktok.com": "a short link of the platform itself",
    "youtu.be": "a single video or a list of them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An account that an address names. `item`: by a single post of it; `legacy`: by an old kind of name."""

    platform: Platform
    account: str
    item: bool = False
    legacy: bool = False

    @property
    def url(self) -> str:
        """The address of the account's page."""
        return page_url(self.platform, self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAccount:
    """An address of a platform that names no account of an institution, and what it is instead."""

    platform: Platform
    why: str


def read_link(url: str) -> Claim | NoAccount | None:
    """Return what an address claims; None where it is no address of the four platforms.

    >>> read_link("https://nl.linkedin.com/school/rocvoorbeeld/?originalSubdomain=nl").account
    'rocvoorbeeld'
    >>> read_link("https://www.linkedin.com/sharing/share-offsite/?url=https://www.instagram.com/x").why
    'a share button'
    """
    platform, parts = platform_of(url), _split(unwrap(url))
    if platform is None or parts is None:
        return None
    if (parts.hostname or "") in _SHORT:
        return NoAccount(platform=platform, why=_SHORT[parts.hostname or ""])
    segments = [unquote(part).strip() for part in parts.path.split("/") if part.strip()]
    first = segments[0].lower() if segments else ""
    if first in _SHARES or (not segments and "url" in parse_qs(parts.query)):
        return NoAccount(platform=platform, why="a share button")
    return _READERS[platform](segments, first)


def platform_of(url: str) -> Platform | None:
    """Return the platform on which an address is in the end, None for none of the four."""
    parts = _split(unwrap(url))
    host = (parts.hostname or "").rstrip(".") if parts else ""
    return next((name for known, name in _HOSTS.items() if host == known or host.endswith(f".{known}")), None)


def unwrap(url: str) -> str:
    """Return the address to which a wrapper ("google.com/url?q=…") leads, else the address itself."""
    for _ in range(3):
        parts = _split(url)
        inner = _inner(parts) if parts else ""
        if not inner:
            return url
        url = inner
    return url


def is_short(url: str) -> bool:
    """Return whether an address is a link shortener's."""
    return _host(url) in SHORTENERS


def is_link_page(url: str) -> bool:
    """Return whether an address is a page of links, as people put in a profile ("linktr.ee/…")."""
    return _host(url) in LINK_PAGES


def is_page_of(platform: Platform, account: str) -> bool:
    """Return whether a handle is the name of a page of the platform itself ("explore", "p")."""
    name = account.removeprefix("@").lower()
    return platform == "instagram" and name in _PAGES_OF[platform] | _ITEMS


def page_url(platform: Platform, account: str) -> str:
    """Return the address of an account's page."""
    if platform == "instagram":
        return f"https://www.instagram.com/{account}/"
    if platform == "tiktok":
        return f"https://www.tiktok.com/@{account}"
    if platform == "linkedin":
        return f"https://www.linkedin.com/company/{account}"
    return f"https://www.youtube.com/{account if account.startswith('@') else f'channel/{account}'}"


def _instagram(segments: list[str], first: str) -> Claim | NoAccount:
    if first in ("p", "reel", "tv"):
        return NoAccount(platform="instagram", why="a single post")
    if first in ("stories", "_u") and len(segments) > 1:
        return _claim("instagram", segments[1], item=first == "stories")
    if not segments or first in _PAGES_OF["instagram"]:
        return NoAccount(platform="instagram", why="a page of the platform")
    return _claim(
        "instagram", segments[0], item=len(segments) > 1 and segments[1].lower() in _ITEMS - {"reels"}
    )


def _tiktok(segments: list[str], first: str) -> Claim | NoAccount:
    if first.startswith("@"):
        return _claim("tiktok", segments[0], item=len(segments) > 1 and segments[1].lower() in _ITEMS)
    if first in _ITEMS or first == "t":
        return NoAccount(platform="tiktok", why="a single video")
    return NoAccount(platform="tiktok", why="a page of the platform")


def _youtube(segments: list[str], first: str) -> Claim | NoAccount:
    if first.startswith("@"):
        return _claim("youtube", segments[0])
    if first == "channel" and len(segments) > 1:
        return _claim("youtube", segments[1])
    if first in ("c", "user") and len(segments) > 1:
        return _claim("youtube", f"@{segments[1]}", legacy=True)
    if first in _ITEMS:
        return NoAccount(platform="youtube", why="a single video or a list of them")
    if not segments or first in _PAGES_OF["youtube"] or len(segments) > 2:
        return NoAccount(platform="youtube", why="a page of the platform")
    return _claim("youtube", f"@{segments[0]}", legacy=True)


def _linkedin(segments: list[str], first: str) -> Claim | NoAccount:
    if first in ("company", "companies", "school", "showcase", "company-beta") and len(segments) > 1:
        return _claim("linkedin", segments[1])
    if first == "edu" and len(segments) > 1 and segments[1] != "school":
        return _claim("linkedin", re.sub(r"-\d+$", "", segments[1]), legacy=True)
    if first in ("in", "pub"):
        return NoAccount(platform="linkedin", why="a person's profile")
    if first in ("posts", "feed", "pulse", "embed"):
        return NoAccount(platform="linkedin", why="a single post")
    return NoAccount(platform="linkedin", why="a page of the platform")


_READERS = {"instagram": _instagram, "tiktok": _tiktok, "youtube": _youtube, "linkedin": _linkedin}


def _claim(platform: Platform, handle: str, *, item: bool = False, legacy: bool = False) -> Claim | NoAccount:
    try:
        account = read_handle(platform, handle)
    except StudyError:
        return NoAccount(platform=platform, why=f"an address with {handle[:40]!r}, which is no handle")
    return Claim(platform=platform, account=account, item=item, legacy=legacy)


def _inner(parts: SplitResult) -> str:
    host = parts.hostname or ""
    for known, path, names in _WRAPPED:
        if known.search(host) and parts.path.rstrip("/") == path.rstrip("/"):
            asked = parse_qs(parts.query)
            return next((asked[name][0] for name in names if asked.get(name, [""])[0].startswith("http")), "")
    return ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        return parts if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _host(url: str) -> str:
    parts = _split(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""
