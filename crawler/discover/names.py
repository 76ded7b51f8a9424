"""What a handle says by itself: whether it carries the institution's name, and for whom it seems to speak. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.items import Platform
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
# What a handle may have besides one word of the name and still be the institution's ("saxionnl", "hvavideo").
_BESIDES = re.compile(
    r"(?:\d|academie|academy|alumni|aoc|by|college|de|edu|groen|groep|hbo|het|hogescholen|hogeschool|hs|ict|intro|"
    r"jobs|kanaal|mbo|media|nederland|nl|official|officieel|onderwijs|open|opleidingen|pabo|roc|scholen|school|"
    r"sport|studenten|students|student|techniek|the|tube|tv|uas|university|universiteit|van|verpleegkunde|video|"
    r"videos|vlogs|vlog|werkenbij|zorg)*+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """For whom an account seems to speak: a guess, with what it rests on."""

    scope: str = "central"
    programme: str = ""
    run_by: str = "institution"
    why: str = ""


def is_opaque(platform: Platform, account: str) -> bool:
    """Return whether an account is written as an id, which says nothing about whose it is."""
    return account.startswith("UC") if platform == "youtube" else platform == "linkedin" and account.isdigit()


def carries_name(handle: str, institution: Institution) -> str:
    """Return the part of a handle that is the institution's name or website, "" for a handle without it.

    A place's name alone does not count: the municipality has it too. Nor does one word of the name within other words.
    """
    glued = _glue(handle)
    whole = [_glue(name) for name in (*institution.names, _label(institution))]
    found = next((name for name in whole if len(name) >= 6 and name in glued), "")
    return found or next(
        (word for word in _short_names(institution) if _is_only(word, glued, institution)), ""
    )


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


def _label(institution: Institution) -> str:
    """Return a website's own name: "rocvoorbeeld" of www.rocvoorbeeld.nl."""
    return site_of(institution.website).rpartition(".")[0].split(".")[-1]


def _short_names(institution: Institution) -> Iterator[str]:
    """Yield what stands for the name: the website's, its own words, its initials."""
    elsewhere = set(plain(f"{institution.place} {institution.region}").split())
    names = (_glue(_label(institution)), *map(_glue, institution.names))
    yield from (name for name in names if 2 <= len(name) < 6)
    for name in institution.names:
        words = plain(name).split()
        yield from (word for word in words if len(word) >= 4 and word not in _COMMON | elsewhere)
        if len(words) >= 3:
            yield "".join(word[0] for word in words)


def _is_only(word: str, glued: str, institution: Institution) -> bool:
    """Return whether a handle is a word with nothing besides but what schools add to their names."""
    if word not in glued:
        return False
    before, _, after = glued.partition(word)
    places = [_glue(part) for part in (institution.place, institution.region) if part]
    for place in places:
        before, after = before.replace(place, ""), after.replace(place, "")
    return bool(_BESIDES.fullmatch(before) and _BESIDES.fullmatch(after))


def _without(handle: str, institution: Institution) -> list[str]:
    """Return the words of a handle without the institution's name."""
    words = plain(handle)
    names = {_glue(name) for name in (*institution.names, _label(institution))} | set(
        _short_names(institution)
    )
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(name) >= 3:
            words = words.replace(name, " ")
    return words.split()


def _glue(text: str) -> str:
    return plain(text).replace(" ", "")
