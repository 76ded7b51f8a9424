"""What a handle says by itself: whether it carries the institution's name, and for whom it seems to speak. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.registry import Institution, plain, site_of

_COMMON = frozenset(
    plain(
        "academie academy and applied arts college de den der educatie en for groep het hbo hogeschool in instelling "
        "institute mbo nederland netherlands of official onderwijs opleiding opleidingen roc aoc school scholen the "
        "university universiteit vakcollege vakschool van voor"
    ).split()
)
_STUDENTS = re.compile(
    r"student|leerling|studie ?vereniging|introductie|\bsv\b|\bintro\b|\bby students\b|takeover|\bvlogs?\b"
)
_STAFF = re.compile(r"werken ?bij|\bjobs?\b|vacature|careers?\b")
_PROGRAMMES = re.compile(
    r"\b(?:automotive|bakkerij|beauty|bouw|business|chemie|cios|dans|defensie|design|dierverzorging|economie|"
    r"engineering|evenementen|fashion|game ?design|games?|gezondheidszorg|groen|handel|horeca|ict|informatica|"
    r"journalistiek|kapper|kappers|kinderopvang|koks?|lab|laboratorium|logistiek|luchtvaart|maatschappelijke zorg|"
    r"marketing|media|mode|muziek|onderwijsassistent|paard|paardensport|pabo|pedagogiek|podium|recht|software|sport|"
    r"techniek|theater|toerisme|tourism|transport|travel|veiligheid|verpleegkunde|voeding|welzijn|zorg)\b"
)
# The same words where a handle glues them to the name ("rocvoorbeeldzorg").
_GLUED = re.compile(
    r"(?:automotive|bouw|cios|horeca|ict|logistiek|media|pabo|sport|techniek|verpleegkunde|welzijn|zorg)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """For whom an account seems to speak: a guess, with what it rests on."""

    scope: str = "central"
    programme: str = ""
    run_by: str = "institution"
    why: str = ""


def carries_name(handle: str, institution: Institution) -> str:
    """Return the part of a handle that is the institution's name or website, "" for a handle without it.

    A place's name alone does not count: the municipality has it too.
    """
    glued, words = _glue(handle), plain(handle).split()
    for name in _spellings(institution):
        if len(name) >= 4 and name in glued:
            return name
        if len(name) in (2, 3) and (name in words or (len(name) == 3 and glued.startswith(name))):
            return name
    return ""


def is_called(label: str, institution: Institution) -> bool:
    """Return whether a link is called by the institution's name ("Volg ROC Voorbeeld op Instagram")."""
    said = f" {plain(label)} "
    return any(f" {plain(name)} " in said for name in institution.names if len(plain(name)) >= 3)


def find_speaker(handle: str, label: str, institution: Institution) -> Speaker:
    """Return for whom an account seems to speak, from its handle and what the link is called."""
    own = plain(" ".join(institution.names))
    rest = _without(handle, institution)
    said = f"{' '.join(rest)} {plain(label)}".replace("social media", "")
    run_by = "students" if (students := _STUDENTS.search(said)) else "institution"
    programme = next((word for word in _programmes(said, rest) if word not in own), "")
    if programme:
        why = f"{programme!r} in its name seems a programme"
        return Speaker(scope="programme", programme=programme.capitalize(), run_by=run_by, why=why)
    if students:
        return Speaker(run_by=run_by, why=f"{students.group()!r} in its name seems students")
    if staff := _STAFF.search(said):
        return Speaker(why=f"{staff.group()!r} in its name: seems to seek staff")
    return Speaker()


def _programmes(said: str, rest: list[str]) -> Iterator[str]:
    yield from (found.group() for found in _PROGRAMMES.finditer(said))
    yield from (found.group() for word in rest if (found := _GLUED.search(word)))


def _spellings(institution: Institution) -> Iterator[str]:
    """Yield the ways in which a handle may write the name: whole, its own words, initials, the website's."""
    label = site_of(institution.website).rpartition(".")[0].split(".")[-1]
    if label:
        yield _glue(label)
    elsewhere = set(plain(f"{institution.place} {institution.region}").split())
    for name in institution.names:
        words = plain(name).split()
        yield _glue(name)
        yield from (word for word in words if len(word) >= 4 and word not in _COMMON | elsewhere)
        if len(words) >= 3:
            yield "".join(word[0] for word in words)


def _without(handle: str, institution: Institution) -> list[str]:
    """Return the words of a handle without the institution's name."""
    words = plain(handle)
    for name in sorted(_spellings(institution), key=len, reverse=True):
        if len(name) >= 3:
            words = words.replace(name, " ")
    return words.split()


def _glue(text: str) -> str:
    return plain(text).replace(" ", "")
