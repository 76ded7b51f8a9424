"""The Dutch mbo and hbo institutions: who they are, at which level, where, and how far that is known."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.accounts import LEVELS, read_sheet, tell_columns
from crawler.errors import StudyError

FILE = "institutions.csv"
PROVINCES = (
    "Drenthe",
    "Flevoland",
    "Friesland",
    "Gelderland",
    "Groningen",
    "Limburg",
    "Noord-Brabant",
    "Noord-Holland",
    "Overijssel",
    "Utrecht",
    "Zeeland",
    "Zuid-Holland",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """One institution. `unsure` names the fields that are least sure; `verified` stays "no" until a person looked."""

    institution: str
    level: str = ""
    type: str = ""
    place: str = ""
    region: str = ""
    website: str = ""
    also_known_as: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    remark: str = ""
    source: str = ""
    as_of: str = ""
    verified: str = ""
    checked_at: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and what else the institution is or was called."""
        return (self.institution, *self.also_known_as)


FIELDS = tuple(Institution.__dataclass_fields__)
_LISTS = ("also_known_as", "unsure")


def read_registry() -> list[Institution]:
    """Return all institutions that ship with Uitzicht; none of the rows was verified online."""
    text = files("crawler.registry").joinpath(FILE).read_text(encoding="utf-8")
    return [_read_institution(row) for row in csv.DictReader(io.StringIO(text))]


def read_institutions(path: Path) -> list[Institution]:
    """Return the institutions of a CSV file with a column institution and, as far as known, the registry's others.

    A study's list of accounts will do: each institution is taken once. Raises StudyError, naming file, line and value.
    """
    if not path.is_file():
        raise StudyError(f"{path} is not there; expected a CSV file of institutions")
    rows = read_sheet(path)
    if "institution" not in (rows.fieldnames or ()):
        raise StudyError(f"{path} has no column institution; it has {tell_columns(rows.fieldnames or ())}")
    known: dict[str, Institution] = {}
    try:
        for row in rows:
            one = _read_institution(row)
            if one.level and one.level not in LEVELS:
                levels = ", ".join(LEVELS)
                raise StudyError(
                    f"{path.name} line {rows.line_num}: level is {one.level!r}; expected one of {levels}"
                )
            if one.institution:
                known.setdefault(one.institution, one)
    except csv.Error as error:
        raise StudyError(f"{path.name} line {rows.reader.line_num}: {error}") from None
    return list(known.values())


def find_institutions(
    registry: Sequence[Institution], search: str = "", level: str = ""
) -> list[Institution]:
    """Return those of a level whose names, place, region, type or website hold every word that is searched."""
    words = plain(search).split()
    return [
        one for one in registry if level in ("", one.level) and all(word in _searched(one) for word in words)
    ]


def find_by_name(registry: Sequence[Institution], name: str) -> Institution | None:
    """Return the institution that goes or went by a name, None for nobody."""
    wanted = plain(name)
    return next((one for one in registry if wanted in map(plain, one.names)), None)


def find_by_website(registry: Sequence[Institution], url: str) -> Institution | None:
    """Return the institution on whose website an address is, None for nobody's."""
    host = site_of(url)
    return (
        next((one for one in registry if one.website and site_of(one.website) == host), None)
        if host
        else None
    )


def site_of(url: str) -> str:
    """Return a website's host without www, "" where there is none."""
    try:
        host = urlsplit(url if "://" in url else f"https://{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def plain(text: str) -> str:
    """Return a text in small letters without accents and with single spaces for everything but letters and digits.

    >>> plain("'s-Hertogenbosch, ROC  Één")
    's hertogenbosch roc een'
    """
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def _searched(one: Institution) -> str:
    return plain(" ".join((*one.names, one.place, one.region, one.type, site_of(one.website))))


def _read_institution(row: dict[str, Any]) -> Institution:
    cells: dict[str, Any] = {name: (row.get(name) or "").strip() for name in FIELDS}
    for name in _LISTS:
        cells[name] = tuple(part.strip() for part in cells[name].split(";") if part.strip())
    cells["level"] = cells["level"].lower()
    return Institution(**cells)
