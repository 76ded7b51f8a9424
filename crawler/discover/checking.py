"""Whether a study's list of accounts is sound: handles, levels, regions, duplicates, programmes. Asks nobody."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.accounts import StudyAccount, read_rows
from crawler.discover.address import RefusedAddress, read_host
from crawler.discover.links import is_page_of, platform_of
from crawler.discover.names import find_speaker
from crawler.errors import StudyError
from crawler.items import Platform
from crawler.registry import PROVINCES, Institution, find_by_name, plain, site_of

_SPELLING: dict[Platform, tuple[re.Pattern[str], str]] = {
    "instagram": (
        re.compile(r"(?!\.)(?!.*\.\.)[a-z0-9._]{1,30}(?<!\.)"),
        "at most 30 letters, digits, underscores and single dots, with no dot at either end",
    ),
    "tiktok": (
        re.compile(r"(?!\d+$)[a-z0-9._]{2,24}(?<!\.)"),
        "2 to 24 letters, digits, underscores and dots, not digits alone and no dot at the end",
    ),
    "youtube": (
        re.compile(r"@[^\W_](?:[\w.·-]{1,28})[^\W_]|UC[\w-]{22}"),
        "@ and 3 to 30 letters, digits and . _ - within, or a channel's id (UC and 22 signs)",
    ),
    "linkedin": (
        re.compile(r"[^\s./-][^\s./]{0,98}"),
        "the last part of the page's address, as roc-voorbeeld in linkedin.com/company/roc-voorbeeld",
    ),
}
_SAME_FOR_ALL = ("level", "region", "type", "website", "place")

Row = tuple[int, StudyAccount]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about a line of the list: `grave` where a crawl or a figure would be wrong, else worth a look."""

    line: int
    grave: bool
    sentence: str


def check_accounts(
    path: Path, registry: Sequence[Institution] = ()
) -> tuple[list[StudyAccount], list[Problem]]:
    """Return the accounts that could be read, and everything that is wrong with the list, by line.

    Raises StudyError where the file is no list of accounts at all.
    """
    read = list(read_rows(path))
    rows = [(line, one) for line, one in read if isinstance(one, StudyAccount)]
    problems = [
        Problem(line=line, grave=True, sentence=str(one)) for line, one in read if isinstance(one, StudyError)
    ]
    for line, account in rows:
        place = f"{path.name} line {line}"
        problems += [
            Problem(line=line, grave=grave, sentence=f"{place}: {text}") for grave, text in _row(account)
        ]
    for line, grave, text in (*_repeats(rows), *_institutions(rows, registry)):
        problems.append(Problem(line=line, grave=grave, sentence=f"{path.name} line {line}: {text}"))
    if not read:
        problems.append(Problem(line=1, grave=True, sentence=f"{path.name} lists no account"))
    return [account for _, account in rows], sorted(problems, key=lambda one: (one.line, not one.grave))


def _row(account: StudyAccount) -> Iterator[tuple[bool, str]]:
    """Yield what is wrong with one line by itself."""
    pattern, expected = _SPELLING[account.platform]
    if is_page_of(account.platform, account.account):
        yield (
            True,
            f"account is {account.account!r}, a page of {account.platform} itself; expected an account",
        )
    elif not pattern.fullmatch(account.account):
        yield (
            True,
            f"account is {account.account!r}, which {account.platform} does not allow; expected {expected}",
        )
    yield from _programme(account)
    if account.region and account.region not in PROVINCES:
        near = difflib.get_close_matches(account.region, PROVINCES, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; expected one of {', '.join(PROVINCES)}"
        yield False, f"region is {account.region!r}{hint}"
    if account.website:
        yield from _website(account.website)


def _programme(account: StudyAccount) -> Iterator[tuple[bool, str]]:
    if account.scope == "programme" and not account.programme:
        yield True, "scope is 'programme' and programme is empty; expected the programme's name"
    if account.scope == "central" and account.programme:
        yield (
            True,
            f"programme is {account.programme!r} and scope 'central'; expected scope 'programme', or no programme",
        )
    institution = Institution(institution=account.institution, website=account.website, place=account.place)
    speaker = find_speaker(account.account, "", institution)
    if speaker.scope == "programme" and account.scope == "central":
        yield False, f"account is {account.account!r} with scope 'central', but {speaker.why}"
    if speaker.run_by == "students" and account.run_by == "institution":
        yield False, f"account is {account.account!r} with run_by 'institution', but its name seems students'"


def _website(website: str) -> Iterator[tuple[bool, str]]:
    url = website if "://" in website else f"https://{website}"
    if platform := platform_of(url):
        yield True, f"website is {website!r}, an address of {platform}; expected the institution's own"
        return
    try:
        read_host(url)
    except RefusedAddress as error:
        yield True, f"website is {website!r}: {error}; expected an address as https://www.school.nl"


def _repeats(rows: Sequence[Row]) -> Iterator[tuple[int, bool, str]]:
    """Yield accounts that are there twice, under one name or two, of one institution or two."""
    exact: dict[tuple[str, str], Row] = {}
    loose: dict[tuple[str, str, str], int] = {}
    for line, one in rows:
        first = exact.setdefault((one.platform, one.account.lower()), (line, one))
        near = loose.setdefault((one.platform, _squash(one.account), plain(one.institution)), line)
        if first[0] != line:
            yield line, True, _repeated(one, first)
        elif near != line:
            yield (
                line,
                False,
                f"account is {one.account!r}, which differs from line {near} only in dots and dashes",
            )
    yield from _channels([(line, one) for line, one in rows if one.platform == "youtube"])


def _channels(rows: Sequence[Row]) -> Iterator[tuple[int, bool, str]]:
    """Yield channels that one institution lists by id and by handle: they may be the same."""
    firsts: dict[tuple[str, str, str], Row] = {}
    for line, one in rows:
        voice = (plain(one.institution), one.scope, one.programme)
        first_line, first = firsts.setdefault(voice, (line, one))
        if first.account.startswith("UC") != one.account.startswith("UC"):
            yield (
                line,
                False,
                f"account is {one.account!r}; line {first_line} may be the same channel, otherwise written",
            )


def _repeated(one: StudyAccount, first: Row) -> str:
    line, other = first
    spelled = "" if one.account == other.account else f", otherwise spelled ({other.account!r})"
    if plain(one.institution) == plain(other.institution):
        return (
            f"account is {one.account!r}, which line {line} has already{spelled}; expected each account once"
        )
    return (
        f"account is {one.account!r} of {one.institution}, which line {line} gives to {other.institution}{spelled}; "
        "expected one institution for an account"
    )


def _institutions(rows: Sequence[Row], registry: Sequence[Institution]) -> Iterator[tuple[int, bool, str]]:
    """Yield what differs between lines of one institution, and from the registry."""
    firsts: dict[str, Row] = {}
    for line, one in rows:
        first_line, first = firsts.setdefault(plain(one.institution), (line, one))
        if first_line == line:
            yield from ((line, False, text) for text in _registered(one, registry))
            continue
        if one.institution != first.institution:
            yield (
                line,
                False,
                f"institution is {one.institution!r}; line {first_line} spells it {first.institution!r}",
            )
        for name in _SAME_FOR_ALL:
            here, there = getattr(one, name), getattr(first, name)
            if here != there:
                yield (
                    line,
                    name == "level",
                    f"{name} is {here!r}; line {first_line} has {there!r} for {one.institution}",
                )


def _registered(one: StudyAccount, registry: Sequence[Institution]) -> Iterator[str]:
    known = find_by_name(registry, one.institution)
    if known is None:
        return
    if known.level != one.level:
        yield f"level is {one.level!r}; the registry, which is unverified, has {known.level!r} for {known.institution}"
    if one.region and known.region and one.region != known.region:
        yield f"region is {one.region!r}; the registry, which is unverified, has {known.region!r}"
    if one.website and known.website and site_of(one.website) != site_of(known.website):
        yield f"website is {one.website!r}; the registry, which is unverified, has {known.website!r}"


def _squash(account: str) -> str:
    return re.sub(r"[._@·-]", "", account.lower())
