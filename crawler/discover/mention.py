"""One address on a page, and everything that says whose it is. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

Place = Literal[
    "own_data",
    "rel_me",
    "footer",
    "header",
    "social",
    "meta",
    "contact",
    "text",
    "script",
    "article",
    "embed",
    "partner",
    "other_data",
]
MOST_MENTIONS = 500  # of one page
_DEEP = 60
_NEAR = 100  # characters
_STEPS = 6
_ROW = 3  # networks
_NETWORK = re.compile(
    r"https?://(?:[a-z-]+\.)?(instagram|tiktok|youtube|linkedin|facebook|twitter|x|threads|snapchat|pinterest|bsky)"
    r"\.(?:com|net|app)/",
    re.IGNORECASE,
)
_SHARE = re.compile(r"share|intent/|[?&]url=|[?&]u=", re.IGNORECASE)
_INLINE = ("span", "b", "strong", "em", "i", "small")

_TOKENS = re.compile(r"[^a-z0-9]+")
_BY_TOKEN: tuple[tuple[Place, frozenset[str]], ...] = (
    (
        "partner",
        frozenset(("partner", "partners", "sponsor", "sponsors", "samenwerking", "klanten", "logos")),
    ),
    ("article", frozenset(("article", "nieuws", "news", "blog", "testimonial", "quote", "agenda", "story"))),
    ("footer", frozenset(("footer", "colofon", "bottom"))),
    ("header", frozenset(("header", "topbar", "navbar", "nav", "menu"))),
    ("social", frozenset(("social", "socials", "socialmedia", "sociale", "follow", "volg", "some"))),
)
_BY_TAG: dict[str, Place] = {
    "article": "article",
    "blockquote": "article",
    "footer": "footer",
    "header": "header",
    "nav": "header",
}
_BY_ROLE: dict[str, Place] = {
    "article": "article",
    "contentinfo": "footer",
    "banner": "header",
    "navigation": "header",
}
_STRENGTH: tuple[Place, ...] = ("partner", "article", "footer", "header", "social")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One address on a page, where it stands and what is written on and around it."""

    url: str
    place: Place
    element: str
    page: str
    label: str = ""
    near: str = ""


def find_place(node: Any) -> Place:
    """Return where on a page an element stands: in whose story, or in which part."""
    seen: set[Place] = set()
    for above in islice(node.iterancestors(), _DEEP):
        if not isinstance(above.tag, str) or above.tag in ("html", "body", "main"):
            continue
        seen.update(_places_of(above))
    return next((place for place in _STRENGTH if place in seen), "text")


def _places_of(node: Any) -> Iterator[Place]:
    by_role = _BY_ROLE.get((node.get("role") or "").lower())
    by_tag = _BY_TAG.get(node.tag)
    tokens = set(_TOKENS.split(f"{node.get('class') or ''} {node.get('id') or ''}"[:300].lower()))
    yield from (place for place in (by_role, by_tag) if place)
    yield from (place for place, words in _BY_TOKEN if words & tokens)


def find_label(node: Any) -> str:
    """Return what a link is called, to a person or to a screen reader."""
    readings = (
        node.get("aria-label"),
        " ".join(islice(node.itertext(), 20)),
        node.get("title"),
        *(one.get("aria-label") or one.get("alt") for one in islice(node.iter("svg", "img", "i", "span"), 5)),
    )
    return next((text for one in readings if one and (text := " ".join(one.split()))), "")[:80]


def find_rows(links: Sequence[tuple[Any, str]]) -> set[Any]:
    """Return the links that stand close to links to two other networks, as the icons of social media do."""
    around: dict[Any, set[str]] = defaultdict(set)
    for node, to in links:
        if (network := _NETWORK.match(to)) and not _SHARE.search(to):
            for above in _close(node):
                around[above].add(network.group(1).lower())
    rows = {above for above, networks in around.items() if len(networks) >= _ROW}
    return {node for node, _ in links if not rows.isdisjoint(_close(node))}


def _close(node: Any) -> list[Any]:
    return [above for above in islice(node.iterancestors(), 3) if above.tag not in ("html", "body", "main")]


def find_near(node: Any) -> str:
    """Return the text that stands directly before a link ("Website door")."""
    parts: list[str] = []
    for _ in range(_STEPS):
        before, above = node.getprevious(), node.getparent()
        if before is not None:
            parts.append(before.tail or "")
            parts.extend(islice(before.itertext(), 5) if before.tag in _INLINE else ())
        elif above is not None:
            parts.append(above.text or "")
        node = before if before is not None else above
        if node is None or node.tag not in _INLINE:
            break
    return " ".join(" ".join(reversed(parts)).split())[-_NEAR:]
