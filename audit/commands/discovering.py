"""What `uitzicht accounts discover` asks for and how it shows what it found."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from audit.commands.options import console, counted
from audit.exits import Exit
from crawler.discover.judging import Found
from crawler.discover.table import printable, where
from crawler.discover.visiting import SiteVisit
from crawler.registry import (
    FIELDS,
    Institution,
    find_by_name,
    find_by_website,
    find_institutions,
    plain,
    read_institutions,
    read_registry,
    site_of,
)

PROVENANCE = "None of them was verified; what is marked ? is least sure."
_WEBSITE = re.compile(r"\w+://\S+|localhost|(?:[\w-]+\.)+[\w-]+(?:[/:]\S*)?", re.IGNORECASE)


def find_targets(
    targets: Sequence[str], registry: str | None, name: str, level: str | None
) -> list[Institution]:
    """Return the institutions that are asked for, each once. Raises a usage error for what is none."""
    known = read_registry()
    found = [one for target in targets for one in _find(target, known, name, level)]
    if registry:
        found += find_institutions(known, level="" if registry == "all" else registry)
    if name and len(found) != 1:
        raise click.UsageError(f"--name is for one website; there are {len(found)}.")
    if not found:
        raise click.UsageError("Name a website, an institution, a CSV file, or --registry mbo, hbo or all.")
    return list({(one.institution, one.website): one for one in found}.values())


def _find(target: str, known: Sequence[Institution], name: str, level: str | None) -> Iterator[Institution]:
    path = Path(target)
    if path.suffix == ".csv" or path.is_file():
        yield from (_completed(one, known) for one in read_institutions(path))
    elif named := find_by_name(known, target):
        yield named
    elif _WEBSITE.fullmatch(target):
        there = find_by_website(known, target)
        yield _with_website(target, there, name, level)
    else:
        yield _search(target, known)


def _completed(one: Institution, known: Sequence[Institution]) -> Institution:
    """Return an institution with what the registry knows of it where a file leaves it open."""
    there = find_by_name(known, one.institution)
    if there is None:
        return one
    open_fields = [name for name in FIELDS if not getattr(one, name)]
    return replace(one, **{name: getattr(there, name) for name in open_fields})


def _with_website(url: str, known: Institution | None, name: str, level: str | None) -> Institution:
    """Return the institution of a website, as the registry knows it or as far as the options say."""
    if known is None:
        return Institution(institution=name or site_of(url), website=url, level=level or "")
    return replace(known, institution=name or known.institution, website=url, level=level or known.level)


def _search(target: str, known: Sequence[Institution]) -> Institution:
    """Return the one institution that a few words can mean."""
    found = find_institutions(known, target) if plain(target) else []
    if len(found) == 1:
        return found[0]
    names = [one.institution for one in found] or difflib.get_close_matches(
        target, [name for one in known for name in one.names], 3
    )
    hint = f" Did you mean {', '.join(names[:5])}?" if names else " See: uitzicht accounts registry"
    raise click.UsageError(f"{target!r} is no website, no file and no institution of the registry.{hint}")


def show_visit(visit: SiteVisit, least: float) -> None:
    """Print what a website said, and how sure it is."""
    _say(f"{visit.institution.institution}  {visit.institution.website}", "bold")
    if visit.sentence:
        _say(f"  not read, {(visit.trouble or '').replace('_', ' ')}: {visit.sentence}")
    elif not visit.found:
        _say(f"  no account of the four platforms on {_pages(visit)}")
    for found in visit.found:
        style = "" if found.score >= least else "dim"
        grade = f"{found.score:.2f} {found.grade}"
        _say(f"  {found.platform:10}{found.account:32}{grade:16}{_speaker(found)}", style)
        _say(f"            {where(found.sightings[0])}", "dim")
        _say(f"            {'; '.join(found.reasons)}", "dim")
    for refused in visit.refused:
        _say(f"  refused: {refused}")
    for note in visit.notes:
        _say(f"  {note}", "dim")
    _say("")


def _say(text: str, style: str = "") -> None:
    Console(highlight=False, markup=False, emoji=False).print(printable(text), style=style, soft_wrap=True)


def _speaker(one: Found) -> str:
    speaker = one.speaker
    told = speaker.scope if speaker.scope == "central" else f"programme {speaker.programme}?"
    return f"{told}, students?" if speaker.run_by == "students" else told


def _pages(visit: SiteVisit) -> str:
    count = len(visit.pages)
    return f"the {count} pages that were read" if count > 1 else "the page that was read"


def tell_total(visits: Sequence[SiteVisit], least: float) -> Exit:
    """Say how it went altogether, and return what that amounts to."""
    unread = [one for one in visits if one.trouble]
    scores = [found.score for visit in visits for found in visit.found]
    listed = sum(score >= least for score in scores)
    read = len(visits) - len(unread)
    console.print(
        f"{counted(len(visits), 'website')}: {read} read, {len(unread)} not; "
        f"{counted(listed, 'account')}, and {len(scores) - listed} that are too doubtful to list."
    )
    if unread and all(one.trouble == "dead" for one in visits):
        console.print("Not one of them could be reached; is this machine online?")
    if not unread:
        return Exit.SUCCESS
    return Exit.PARTIAL if read else Exit.FAILURE
