"""When a post was made, as far as texts like "3 wk. geleden" and the platforms' own ids tell.

Every answer carries its precision and its source; what cannot be told is UNDATED.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from crawler.fields import EARLIEST, LATEST
from crawler.items import DateSource, Precision

INSTAGRAM_EPOCH_MS = 1_314_220_021_721  # 2011-08-24: instagram counts its ids' milliseconds from here


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A moment in UTC with its precision and its source; None, "unknown", "unknown" where nothing tells."""

    at: datetime | None
    precision: Precision
    source: DateSource


UNDATED = Dated(at=None, precision="unknown", source="unknown")

# The page's language decides what an abbreviation means: "1 j" is a Dutch or German year, a French day.
_UNITS: dict[str, dict[Precision, str]] = {
    "en": {
        "second": "s sec secs second seconds",
        "minute": "m min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "mo mos mth mths month months",
        "year": "y yr yrs year years",
    },
    "nl": {
        "second": "s sec seconde seconden",
        "minute": "m min minuut minuten",
        "hour": "u uur uren",
        "day": "d dg dgn dag dagen",
        "week": "w wk week weken",
        "month": "mnd mnden maand maanden",
        "year": "j jr jaar jaren",
    },
    "de": {
        "second": "s sek sekunde sekunden",
        "minute": "min minute minuten",
        "hour": "std stdn stunde stunden",
        "day": "t tg tag tage tagen",
        "week": "w wo woche wochen",
        "month": "mon mt mte monat monate monaten",
        "year": "j jahr jahre jahren",
    },
    "fr": {
        "second": "s sec seconde secondes",
        "minute": "min minute minutes",
        "hour": "h heure heures",
        "day": "j jour jours",
        "week": "sem semaine semaines",
        "month": "m mois",
        "year": "a an ans année années",
    },
}
_WORDS: dict[str, dict[str, Precision]] = {
    language: {word: unit for unit, words in units.items() for word in words.split()}
    for language, units in _UNITS.items()
}
_ONE = frozenset(
    ["a", "an", "one", "een", "één", "'n", "ein", "eine", "einem", "einer", "einen", "un", "une"]
)
_AROUND = re.compile(
    r"(?:streamed|premiered|uploaded|edited|live|direct|gestreamd|gestreamt|uitgezonden|bewerkt|bearbeitet|vor|ago"
    r"|geleden|il y a|première|diffusé(?: en direct)?|modifié)\b:?"
)
_AMOUNT = re.compile(r"(\d{1,4})\s*([^\W\d_]+)\.?|([^\W\d_]+|'n)\s+([^\W\d_]+)\.?")
_NOW: tuple[int, Precision] = (0, "minute")
_TODAY: tuple[int, Precision] = (0, "day")
_YESTERDAY: tuple[int, Precision] = (1, "day")
_THE_DAY_BEFORE: tuple[int, Precision] = (2, "day")
_WORDS_FOR = {
    **dict.fromkeys(
        ("just now", "now", "zojuist", "nu", "gerade eben", "jetzt", "à l'instant", "à l’instant"), _NOW
    ),
    **dict.fromkeys(("today", "vandaag", "heute", "aujourd'hui", "aujourd’hui"), _TODAY),
    **dict.fromkeys(("yesterday", "gisteren", "gestern", "hier"), _YESTERDAY),
    **dict.fromkeys(("eergisteren", "vorgestern", "avant-hier"), _THE_DAY_BEFORE),
}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "year": 12}


def read_relative(text: str, captured_at: datetime, language: str | None = None) -> Dated:
    """Return the moment that a text such as "2 weeks ago" or "18 mnd" means, counted back from the capture.

    `language` is the page's ("nl", "en-GB"); without it a unit that languages read differently is UNDATED,
    and so are future times, unknown units and anything more than an amount and a unit.

    >>> read_relative("3 wk. geleden", datetime(2026, 5, 22, tzinfo=UTC)).at
    datetime.datetime(2026, 5, 1, 0, 0, tzinfo=datetime.timezone.utc)
    >>> read_relative("1 j", datetime(2026, 5, 22, tzinfo=UTC)) is UNDATED
    True
    """
    found = _read_amount(text[:200], language)
    if found is None:
        return UNDATED
    amount, unit = found
    return _count_back(amount, unit, captured_at)


@lru_cache(maxsize=4096)
def _read_amount(text: str, language: str | None) -> tuple[int, Precision] | None:
    plain = " ".join(text.casefold().split("•")[0].split("·")[0].split())
    if plain in _WORDS_FOR:
        return _WORDS_FOR[plain]
    found = _AMOUNT.fullmatch(" ".join(_AROUND.sub(" ", plain).split()))
    if found is None:
        return None
    digits, unit, one, unit_of_one = found.groups()
    if digits is None and one not in _ONE:
        return None
    known = _find_unit(unit or unit_of_one, language)
    return (int(digits or 1), known) if known else None


def decode_tiktok_id(post_id: str) -> Dated:
    """Return the moment in a TikTok id's upper 32 bits: seconds, on average 14 beside the post's own time."""
    return _decode(post_id, lambda number: (number >> 32) * 1000, "minute")


def decode_linkedin_id(activity_id: str) -> Dated:
    """Return the moment in a LinkedIn activity id: milliseconds above bit 22, hours early for prepared posts."""
    return _decode(activity_id, lambda number: number >> 22, "day")


def decode_instagram_pk(pk: str) -> Dated:
    """Return the moment in an Instagram media pk: milliseconds above bit 23, early for prepared posts."""
    return _decode(pk, lambda number: (number >> 23) + INSTAGRAM_EPOCH_MS, "day")


def reconcile(by_id: Dated, by_text: Dated, captured_at: datetime) -> Dated:
    """Return the id's moment while the page's relative text does not contradict it, else the text's.

    The text rounds down, so "2w" allows two to three weeks; a day of slack allows for what ids round.
    """
    if by_id.at is None or by_text.at is None:
        return by_id if by_id.at is not None else by_text
    age = captured_at - by_id.at
    least = captured_at - by_text.at - timedelta(days=1)
    most = captured_at - by_text.at + _SLACK[by_text.precision] + timedelta(days=1)
    return by_id if least <= age <= most else by_text


_SLACK = {unit: timedelta(seconds=seconds) for unit, seconds in _SECONDS.items()}
_SLACK |= {"month": timedelta(days=31), "year": timedelta(days=366)}


def _find_unit(word: str, language: str | None) -> Precision | None:
    if language is not None and language[:2] in _WORDS:
        return _WORDS[language[:2]].get(word)
    meanings = {units[word] for units in _WORDS.values() if word in units}
    return meanings.pop() if len(meanings) == 1 else None


def _count_back(amount: int, unit: Precision, captured_at: datetime) -> Dated:
    if unit in _MONTHS:
        at = _months_before(captured_at, amount * _MONTHS[unit])
    else:
        at = captured_at - timedelta(seconds=amount * _SECONDS[unit])
    if at is None or at.timestamp() < EARLIEST:
        return UNDATED
    return Dated(at=at, precision=unit, source="relative")


def _months_before(moment: datetime, months: int) -> datetime | None:
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    if year < 1:
        return None
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _decode(identifier: str, to_milliseconds: Callable[[int], int], precision: Precision) -> Dated:
    if not (identifier.isascii() and identifier.isdigit() and len(identifier) <= 20):
        return UNDATED
    milliseconds = to_milliseconds(int(identifier))
    if not EARLIEST * 1000 <= milliseconds < LATEST * 1000:
        return UNDATED
    seconds, rest = divmod(milliseconds, 1000)
    at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
    return Dated(at=at, precision=precision, source="id")
