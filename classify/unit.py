"""The unit of analysis: one post as a coder sees it, and the reading of units from JSON lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from classify.errors import UnitError, shown

FIELDS = ("title", "text", "alt_text", "transcript")


class Unit(NamedTuple):
    """One post: what it says, and what is known of the account that posted it.

    `language` is a code, "und" where none could be told, "" where none was looked for yet; `level` is mbo or hbo;
    `run_by` is institution or students; `scope` is central or programme.
    """

    id: str
    platform: str = ""
    title: str = ""
    text: str = ""
    alt_text: str = ""
    transcript: str = ""
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    coauthors: tuple[str, ...] = ()
    language: str = ""
    media_type: str = ""
    institution: str = ""
    level: str = ""
    run_by: str = ""
    scope: str = ""


LISTS = ("hashtags", "mentions", "coauthors")
_TEXTS = tuple(name for name in Unit._fields if name not in (*LISTS, "id"))


def read_unit(record: object, place: str) -> Unit:
    """Return the unit of a decoded JSON line; fields that are absent or null are empty."""
    if not isinstance(record, dict):
        raise UnitError(f"{place} is {shown(record)}; expected an object with an id and texts")
    texts = {name: _text(record, name, place) for name in _TEXTS if record.get(name)}
    lists = {name: _texts(record, name, place) for name in LISTS if record.get(name)}
    return Unit(id=read_id(record, place), **texts, **lists)  # type: ignore[arg-type]


def read_id(record: Mapping[str, Any], place: str) -> str:
    """Return the id of a decoded JSON line as a text."""
    value = record.get("id")
    if isinstance(value, str) and value:
        return value
    if type(value) is int:
        return str(value)
    raise UnitError(f"{place}: id is {shown(value)}; expected a text or a whole number")


def _text(record: Mapping[str, Any], name: str, place: str) -> str:
    value = record[name]
    if isinstance(value, str):
        return value
    raise UnitError(f"{place}: {name} is {shown(value)}; expected a text")


def _texts(record: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    value = record[name]
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise UnitError(f"{place}: {name} is {shown(value)}; expected a list of texts")
