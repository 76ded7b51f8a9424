"""`uitzicht init`: make a new study."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from audit.exits import Exit
from audit.starting import asking
from audit.starting.answers import (
    PURPOSES,
    Answers,
    Language,
    Purpose,
    institutions_of,
    read_institution,
    read_named_account,
)
from audit.starting.roads import describe_roads
from audit.starting.writing import ACCOUNTS_FILE, INSTITUTIONS_FILE, find_taken, write_study
from audit.study import Study
from crawler.accounts import StudyAccount, read_accounts
from crawler.browser import find_chromium
from crawler.errors import StudyError
from crawler.items import PLATFORMS, Platform
from crawler.registry import Institution, read_institutions
from crawler.routes import choose_routes
from crawler.study import HOME, STUDY_FILE

DAY = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say; None and empty where they say nothing."""

    title: str | None
    purpose: Purpose | None
    institutions: tuple[Institution, ...]
    accounts: tuple[StudyAccount, ...]
    platforms: tuple[Platform, ...]
    since: datetime | None
    until: datetime | None
    contact: str | None
    language: Language | None

    @property
    def missing(self) -> list[str]:
        """The options that were not given and that a person would be asked for."""
        told = {
            "--title": self.title,
            "--purpose": self.purpose,
            "--since": self.since,
            "--contact": self.contact,
            "--platform": self.platforms or self.accounts,
            "--institution or --from": self.institutions,
        }
        return [name for name, value in told.items() if not value and value != ""]


@click.command(name="init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="What the study is about; the report carries it.  [default: the folder's name]")
@click.option(
    "--purpose",
    type=click.Choice(list(PURPOSES)),
    help="Your own channels, or research.  [default: research]",
)
@click.option(
    "--institution",
    "institutions",
    multiple=True,
    metavar="NAME[,LEVEL,PLACE,WEBSITE]",
    help="An institution; its name is enough where the registry has it. May be given again.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="[INSTITUTION=]ADDRESS",
    help="An account of an institution: the address of its page, or platform:handle. May be given again.",
)
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file of accounts, or of institutions.",
)
@click.option(
    "--platform",
    "platforms",
    type=click.Choice(PLATFORMS),
    multiple=True,
    help="A platform of the study. May be given again.  [default: all four]",
)
@click.option("--since", type=DAY, help="The first day that counts.  [default: a year ago]")
@click.option("--until", type=DAY, help="The last day that counts.  [default: the study goes on]")
@click.option("--contact", help="Where platforms can reach you.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Of the report.  [default: nl]")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults for what is not given.")
def command(  # noqa: PLR0917 - click names every option
    folder: Path,
    title: str | None,
    purpose: Purpose | None,
    institutions: tuple[str, ...],
    accounts: tuple[str, ...],
    file: Path | None,
    platforms: tuple[Platform, ...],
    since: datetime | None,
    until: datetime | None,
    contact: str | None,
    language: Language | None,
    yes: bool,
) -> Exit:
    """Make a new study in FOLDER: a commented study file and a list of accounts. Asks for what is not given.

    Then says of each platform which route is open with the credentials in the environment, how to open the others,
    and what can be imported instead. Nothing that is there already is written over.

    \b
    Examples:
      uitzicht init mystudy
      uitzicht init mystudy --title "Sociale media van onze school" --since 2025-09-01 --yes
      uitzicht init mystudy --yes --purpose own --institution "ROC Voorbeeld, mbo, Utrecht" \\
          --account https://www.instagram.com/rocvoorbeeld --account youtube:@rocvoorbeeld
      uitzicht init mystudy --yes --from accounts.csv
    """
    if taken := find_taken(folder, (STUDY_FILE, ACCOUNTS_FILE, INSTITUTIONS_FILE)):
        raise click.UsageError(f"{taken} is there already; it is left as it is. Name another folder.")
    named, listed = _read_file(file) if file else ((), ())
    every = (*named, *map(read_institution, institutions))
    given = Given(
        title=title,
        purpose=purpose,
        institutions=every,
        accounts=(*listed, *(read_named_account(one, every) for one in accounts)),
        platforms=platforms,
        since=since,
        until=until,
        contact=contact,
        language=language,
    )
    files = write_study(folder, _answer(folder, given, asks=_may_ask(given, yes)))
    _tell(Study.read(folder), files)
    return Exit.SUCCESS


def is_somebody_there() -> bool:
    """Tell whether a person can answer."""
    return sys.stdin.isatty()


def _may_ask(given: Given, yes: bool) -> bool:
    """Tell whether questions are to be asked. Raises UsageError where they are and nobody is there to answer."""
    if yes or not given.missing:
        return False
    if not is_somebody_there():
        raise click.UsageError(
            f"there is no terminal to ask on; give {', '.join(given.missing)}, or --yes to take the defaults."
        )
    return True


def _answer(folder: Path, given: Given, *, asks: bool) -> Answers:
    """Return all that a new study needs: as given, else as asked for, else by default."""
    title, year_ago = folder.resolve().name, _a_year_ago(datetime.now(HOME).date())
    since = given.since.date() if given.since else None
    until = given.until.date() if given.until else None
    if asks:
        title = given.title or asking.ask_title(title)
        purpose = given.purpose or asking.ask_purpose()
        platforms = given.platforms or asking.ask_platforms()
        institutions, accounts = given.institutions, given.accounts
        if not institutions:
            institutions, accounts = asking.ask_institutions()
        since = since or asking.ask_day("First day that counts", year_ago)
        until = until or asking.ask_day("Last day that counts (nothing: the study goes on)", None)
        contact = asking.ask_contact() if given.contact is None else given.contact
    else:
        title, purpose, contact = given.title or title, given.purpose or "research", given.contact or ""
        platforms, institutions, accounts = given.platforms, given.institutions, given.accounts
    since = since or year_ago
    if until and until < since:
        raise StudyError(f"the last day that counts is {until}; expected {since}, the first one, or later")
    chosen = {*(platforms or PLATFORMS), *(one.platform for one in accounts)}
    return Answers(
        title=title,
        purpose=purpose,
        since=since,
        until=until,
        contact=contact,
        language=given.language or "nl",
        platforms=tuple(one for one in PLATFORMS if one in chosen),
        institutions=institutions,
        accounts=_each_once(accounts),
    )


def _read_file(path: Path) -> tuple[tuple[Institution, ...], tuple[StudyAccount, ...]]:
    """Return the institutions of a CSV file, and their accounts where it lists them."""
    header = path.read_bytes()[:4096].lower()
    if b"platform" in header and b"account" in header:
        accounts = tuple(read_accounts(path))
        return institutions_of(accounts), accounts
    return tuple(read_institutions(path)), ()


def _tell(study: Study, files: list[Path]) -> None:
    """Say what was written, which roads are open, and what comes next."""
    click.echo(f"\nWritten: {', '.join(map(str, files))}")
    click.echo("\nRoutes, with what is in the environment now:\n")
    for platform in PLATFORMS:
        if study.platform(platform).enabled:
            ladder = choose_routes(study, platform, browser=find_chromium() is not None)
            for line in describe_roads(platform, ladder, study.purpose):
                click.echo(line)
    click.echo(f"\nNext: {_next(study, files)}")


def _next(study: Study, files: list[Path]) -> str:
    folder = files[0].parent
    discover = f"uitzicht accounts discover {folder / INSTITUTIONS_FILE} --output {folder / 'found.csv'}"
    if any(path.name == INSTITUTIONS_FILE for path in files):
        return f"{discover}, then take over into {ACCOUNTS_FILE} what is right"
    if not study.accounts():
        return f"list the accounts in {folder / ACCOUNTS_FILE}, then: uitzicht plan {folder}"
    return f"uitzicht plan {folder}"


def _each_once(accounts: tuple[StudyAccount, ...]) -> tuple[StudyAccount, ...]:
    return tuple({(one.platform, one.account): one for one in accounts}.values())


def _a_year_ago(today: date) -> date:
    return today.replace(year=today.year - 1, day=min(today.day, 28))
