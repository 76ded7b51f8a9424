"""Shortcodes: the id of a post as its address writes it, a number in base 64."""

from __future__ import annotations

import re

from crawler.errors import WrongType

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SHORTCODE = re.compile(r"[\w-]+", re.ASCII)
_PERMALINK = re.compile(r"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/([\w-]+)", re.ASCII)


def post_url(shortcode: str) -> str:
    """Return the address of a post, one and the same for images, carousels and reels."""
    return f"https://www.instagram.com/p/{shortcode}/"


def check(code: str, place: str) -> str:
    """Return a shortcode as it is where it can be one.

    >>> check("DUgjOD7D0br", "instagram.item.code")
    'DUgjOD7D0br'
    """
    if not _SHORTCODE.fullmatch(code):
        raise WrongType(place, code, "the shortcode of a post")
    return code


def encode(number: str, place: str) -> str:
    """Return the shortcode of a post's number.

    >>> encode("3828214581177566955", "instagram.item.pk")
    'DUgjOD7D0br'
    """
    rest, code = int(number) if number.isascii() and number.isdigit() and len(number) < 24 else 0, ""
    if not rest:
        raise WrongType(place, number, "the number of a post")
    while rest:
        rest, digit = divmod(rest, 64)
        code = _DIGITS[digit] + code
    return code


def decode(code: str) -> str:
    """Return the number that a shortcode writes.

    >>> decode("DUgjOD7D0br")
    '3828214581177566955'
    """
    number = 0
    for digit in code[:11]:  # what follows the eleventh is a private post's key
        number = number * 64 + _DIGITS.index(digit)
    return str(number)


def from_permalink(url: str, place: str) -> str:
    """Return the shortcode in a post's address.

    >>> from_permalink("https://www.instagram.com/reel/DUgjOD7D0br/", "instagram.media.permalink")
    'DUgjOD7D0br'
    """
    found = _PERMALINK.match(url)
    if found is None:
        raise WrongType(place, url, "the address of a post")
    return found.group(1)
