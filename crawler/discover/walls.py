"""Pages that are no pages: cookie walls, and shells that show nothing without JavaScript. Pure."""

from __future__ import annotations

import re

from crawler.discover.page import WebPage

_COOKIES = re.compile(r"cookie|toestemming|consent|privacyvoorkeur", re.IGNORECASE)
_ACCEPT = re.compile(
    r"accepte|accept|akkoord|toestaan|allow|agree|ga verder|doorgaan|continue", re.IGNORECASE
)
_WALL_PATH = re.compile(r"//consent\.|/(?:cookie-?(?:wall|consent|muur)|consent)(?:[/?]|$)", re.IGNORECASE)
_FEW_LINKS = 5
_FEW_LETTERS = 120
_WALL_LETTERS = 2_500


def is_cookie_wall(page: WebPage) -> bool:
    """Return whether a page only asks for consent: it speaks of cookies, wants a yes, and leads hardly anywhere."""
    if page.mentions or len(page.text) > _WALL_LETTERS:
        return False
    asks = bool(_COOKIES.search(page.text) and _ACCEPT.search(page.text))
    return asks and (len(page.links) < _FEW_LINKS or bool(_WALL_PATH.search(page.url)))


def is_shell(page: WebPage) -> bool:
    """Return whether a page has scripts but neither text nor links, as sites have that are put together later."""
    return page.scripts > 0 and not page.links and not page.mentions and len(page.text) < _FEW_LETTERS
