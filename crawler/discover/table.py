"""What was found as files: a study's list of accounts, and beside it the remarks on how sure each one is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from crawler.accounts import COLUMNS
from crawler.discover.judging import Found, Sighting
from crawler.discover.visiting import SiteVisit
from crawler.errors import StudyError
from crawler.registry import Institution

REMARKS = (
    "institution",
    "website",
    "platform",
    "account",
    "url",
    "score",
    "grade",
    "reasons",
    "pages",
    "elements",
    "scope",
    "programme",
    "run_by",
    "trouble",
    "remark",
)


def write_accounts(visits: Sequence[SiteVisit], path: Path, least: float) -> int:
    """Write the accounts that are sure enough as a study lists them; return how many. Never overwrites a file.

    An account that two websites name is written once, for the one that is surer of it. Where there is none, no file
    is written.
    """
    surest: dict[tuple[str, str], tuple[float, Institution, Found]] = {}
    for visit in visits:
        for found in visit.found:
            key = (found.platform, found.account)
            if found.score >= least and found.score > surest.get(key, (0.0,))[0]:
                surest[key] = (found.score, visit.institution, found)
    if not surest:
        return 0
    with _new_file(path) as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(_row(institution, found) for _, institution, found in surest.values())
    return len(surest)


def write_remarks(visits: Iterable[SiteVisit], path: Path) -> None:
    """Write everything that was found, doubtful accounts and unread websites too. Never overwrites a file."""
    with _new_file(path) as file:
        rows = csv.DictWriter(file, REMARKS, lineterminator="\n", restval="")
        rows.writeheader()
        for visit in visits:
            rows.writerows({name: printable(text) for name, text in row.items()} for row in _remarks(visit))


def printable(text: str) -> str:
    """Return a text without signs that a terminal or a spreadsheet would act upon: it comes from strangers."""
    return "".join(char if char.isprintable() else " " for char in text)


def where(sighting: Sighting) -> str:
    """Return in words where an account was seen."""
    via = f", by {sighting.via}" if sighting.via else ""
    return f"{sighting.mention.element} ({sighting.mention.place.replace('_', ' ')}) on {sighting.mention.page}{via}"


def _row(institution: Institution, found: Found) -> dict[str, str]:
    speaker = found.speaker
    return {
        "institution": institution.institution,
        "level": institution.level,
        "platform": found.platform,
        "account": found.account,
        "place": institution.place,
        "region": institution.region,
        "type": institution.type,
        "website": institution.website,
        "scope": speaker.scope,
        "programme": speaker.programme,
        "run_by": speaker.run_by,
    }


def _remarks(visit: SiteVisit) -> Iterator[dict[str, str]]:
    site = {"institution": visit.institution.institution, "website": visit.institution.website}
    for found in visit.found:
        yield site | {
            "platform": found.platform,
            "account": found.account,
            "url": found.url,
            "score": f"{found.score:.2f}",
            "grade": found.grade,
            "reasons": "; ".join(found.reasons),
            "pages": "; ".join(dict.fromkeys(one.mention.page for one in found.sightings)),
            "elements": "; ".join(dict.fromkeys(where(one) for one in found.sightings)),
            "scope": found.speaker.scope,
            "programme": found.speaker.programme,
            "run_by": found.speaker.run_by,
        }
    for remark in (visit.sentence, *visit.refused, *visit.notes):
        if remark:
            yield site | {"trouble": visit.trouble or "", "remark": remark}


def _new_file(path: Path) -> TextIO:
    try:
        return path.open("x", encoding="utf-8", newline="")
    except FileExistsError:
        raise StudyError(f"{path} is there already; it is left as it is. Name another file") from None
    except OSError as error:
        raise StudyError(f"{path} cannot be written: {error.strerror}") from None
