"""The questions that `uitzicht init` asks where an option did not answer them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import click

from audit.starting.answers import PURPOSES, Purpose, find_near, read_account, read_institution
from crawler.accounts import LEVELS, StudyAccount
from crawler.errors import StudyError
from crawler.items import PLATFORMS, Platform
from crawler.registry import Institution, find_by_name, find_institutions, read_registry

T = TypeVar("T")
SHOWN = 9


def ask_title(default: str) -> str:
    """Ask what the study is about."""
    return str(click.prompt("What is the study about", default=default))


def ask_purpose() -> Purpose:
    """Ask whose channels are looked at."""
    told = "; ".join(f"{name}: {what}" for name, what in PURPOSES.items())
    answer: Purpose = click.prompt(
        f"What is it for ({told})",
        type=click.Choice(list(PURPOSES)),
        default="research",
        show_choices=False,
    )
    return answer


def ask_day(question: str, default: date | None) -> date | None:
    """Ask for a day; nothing is a good answer where there is no default."""
    shown = "" if default is None else default.isoformat()
    while True:
        answer = str(click.prompt(question, default=shown, show_default=bool(shown))).strip()
        if not answer:
            return default
        try:
            return date.fromisoformat(answer)
        except ValueError:
            click.echo(f"{answer!r} is no day; expected for example {date(2025, 9, 1)}.")


def ask_contact() -> str:
    """Ask where platforms can reach the person behind the crawl."""
    return str(
        click.prompt("Where platforms can reach you (mail or web address)", default="", show_default=False)
    )


def ask_platforms() -> tuple[Platform, ...]:
    """Ask which platforms the study looks at."""
    return _until_understood("Platforms", read_platforms, default=" ".join(PLATFORMS))


def read_platforms(text: str) -> tuple[Platform, ...]:
    """Return the platforms that a text names. Raises StudyError for a name that is none."""
    names = text.lower().replace(",", " ").split()
    for name in names:
        if name not in PLATFORMS:
            raise StudyError(f"{name!r} is no platform; expected one of {', '.join(PLATFORMS)}")
    return tuple(platform for platform in PLATFORMS if platform in names)


def ask_institutions() -> tuple[tuple[Institution, ...], tuple[StudyAccount, ...]]:
    """Ask for institutions until nothing more is named, and for the accounts of each."""
    institutions: list[Institution] = []
    accounts: list[StudyAccount] = []
    click.echo("Which institutions? A name, or a part of one; nothing when all are named.")
    while name := str(click.prompt("Institution", default="", show_default=False)).strip():
        if find_by_name(institutions, name):
            click.echo(f"  {name} is named already.")
            continue
        one = _identify(name)
        if one is None or one in institutions:
            continue
        institutions.append(one)
        accounts += ask_accounts(one)
    return tuple(institutions), tuple(accounts)


def ask_accounts(institution: Institution) -> tuple[StudyAccount, ...]:
    """Ask for the accounts of an institution; they may be found later."""
    question = "  Its accounts, as addresses or platform:handle (nothing: find them later)"

    def read(text: str) -> tuple[StudyAccount, ...]:
        return tuple(read_account(part, institution) for part in text.replace(",", " ").split())

    return _until_understood(question, read, default="")


def _identify(name: str) -> Institution | None:
    """Return the institution that is meant; None where the person goes on without it."""
    if "," in name:
        return _try(lambda: read_institution(name))
    known = find_by_name(read_registry(), name)
    near = [known] if known else list(find_near(name))
    if not near:
        return _describe(name)
    if len(near) > 1 or not find_institutions(near, name):  # alike is not the same
        return _choose(name, near)
    click.echo(f"  {_place(near[0])}")
    return near[0]


def _choose(name: str, near: Sequence[Institution]) -> Institution | None:
    for number, one in enumerate(near[:SHOWN], 1):
        click.echo(f"  {number}. {_place(one)}")
    more = f"; {len(near) - SHOWN} more are not shown" if len(near) > SHOWN else ""
    numbers = click.IntRange(0, min(len(near), SHOWN))
    choice = click.prompt(f"  Which one (0: another one, called {name}{more})", type=numbers)
    return near[choice - 1] if choice else _describe(name)


def _describe(name: str) -> Institution:
    """Ask what the registry does not know."""
    click.echo(f"  {name} is not in the registry.")
    level = click.prompt("  Level", type=click.Choice(LEVELS))
    place = click.prompt("  Place", default="", show_default=False)
    website = click.prompt("  Website", default="", show_default=False)
    return Institution(institution=name, level=level, place=place, website=website)


def _place(one: Institution) -> str:
    return ", ".join(filter(None, (one.institution, one.level, one.place, one.website)))


def _until_understood(question: str, read: Callable[[str], T], *, default: str) -> T:
    while True:
        answer = click.prompt(question, default=default, show_default=bool(default))
        found = _try(lambda: read(str(answer)))  # noqa: B023 - called at once
        if found is not None:
            return found


def _try(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except StudyError as error:
        click.echo(f"{error}.")
        return None
