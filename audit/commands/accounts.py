"""`uitzicht accounts`: find institutions' accounts, check a study's list of them, look institutions up."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from urllib.request import getproxies

import click
from rich.console import Console
from rich.table import Table

from audit.commands.discovering import PROVENANCE, find_targets, show_visit, tell_total
from audit.commands.options import console, counted, progress
from audit.exits import Exit
from audit.study import Study
from crawler.accounts import LEVELS
from crawler.discover.asking import Limits
from crawler.discover.checking import check_accounts
from crawler.discover.judging import LIKELY
from crawler.discover.network import Network
from crawler.discover.table import write_accounts, write_remarks
from crawler.discover.visiting import SiteVisit, visit_all
from crawler.discover.walking import Walker
from crawler.registry import FIELDS, Institution, find_institutions, read_registry

level_option = click.option("--level", type=click.Choice(LEVELS), help="Only institutions of this level.")


@click.group(name="accounts")
def command() -> None:
    """Find the accounts of institutions, and check a study's list of them."""


@command.command()
@click.argument("targets", nargs=-1, metavar="WEBSITE|NAME|FILE...")
@click.option(
    "--registry", type=click.Choice([*LEVELS, "all"]), help="All institutions of the registry, of a level."
)
@click.option("--name", default="", help="What the institution is called, for one website.")
@click.option(
    "--level", type=click.Choice(LEVELS), help="Its level, where the registry does not know the website."
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="A list of accounts for a study; never overwritten."
)
@click.option(
    "--remarks", type=click.Path(path_type=Path), help="A CSV of everything seen, with scores and reasons."
)
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=LIKELY,
    show_default=True,
    help="The score from which to list.",
)
@click.option(
    "--pages", type=click.IntRange(1, 20), default=5, show_default=True, help="At most, of one website."
)
@click.option(
    "--delay",
    type=click.FloatRange(0.5, 60),
    default=1.0,
    show_default=True,
    help="Seconds between two pages.",
)
@click.option("--contact", default="", help="Where websites can reach you; it goes into the user agent.")
def discover(
    *,
    targets: tuple[str, ...],
    registry: str | None,
    name: str,
    level: str | None,
    output: Path | None,
    remarks: Path | None,
    least: float,
    pages: int,
    delay: float,
    contact: str,
) -> Exit:
    """Find accounts on institutions' own websites.

    What is asked for may be a website, a name in the registry, or a CSV file of institutions (a study's list of
    accounts will do). Of each website a few pages are read: the front page, and those on social media, contact and
    the organisation. robots.txt is obeyed; the platforms themselves are never asked.

    Each account comes with a score between 0 and 1 and its reasons: sure from 0.7, likely from 0.5, else doubtful. A
    person should look at all of them. A website that was not read is told with the reason, never as one without
    accounts. Redirects are followed one by one, and never to an address that is not of the public internet.

    \b
    Examples:
      uitzicht accounts discover https://www.rocvoorbeeld.nl --name "ROC Voorbeeld" --level mbo
      uitzicht accounts discover "Deltion College" Saxion --output accounts.csv --remarks remarks.csv
      uitzicht accounts discover schools.csv --output accounts.csv
      uitzicht accounts discover --registry hbo --contact onderzoek@voorbeeld.nl --remarks hbo.csv

    \b
    Exit status: 0 all websites were read, 1 none was, 3 some were not.
    """
    institutions = find_targets(targets, registry, name, level)
    _check_files(institutions, output, remarks)
    if getproxies().keys() & {"http", "https", "all"}:
        console.print(
            "A proxy is set, and not used: it would look up names by itself. Websites are asked directly."
        )
    limits = Limits(pages=pages, delay=delay, contact=contact)
    visits, whole = _visit(institutions, limits, least)
    if output is not None:
        count = write_accounts(visits, output, least)
        console.print(
            f"{counted(count, 'account')}: {output}"
            if count
            else f"No account to list; {output} was not written."
        )
    if remarks is not None:
        write_remarks(visits, remarks)
        console.print(f"Everything that was seen: {remarks}")
    result = tell_total(visits, least)
    return result if whole else Exit.INTERRUPTED


def _visit(institutions: list[Institution], limits: Limits, least: float) -> tuple[list[SiteVisit], bool]:
    """Return the visits, each shown as it ends, and whether nobody interrupted them."""
    visits: list[SiteVisit] = []
    with progress() as bars:
        task = bars.add_task("websites", total=len(institutions))
        try:
            for visit in visit_all(institutions, Walker(Network(), limits)):
                visits.append(visit)
                show_visit(visit, least)
                bars.advance(task)
        except KeyboardInterrupt:
            console.print("Interrupted; what was found is kept.")
            return visits, False
    return visits, True


def _check_files(institutions: list[Institution], output: Path | None, remarks: Path | None) -> None:
    """Refuse what could not be written, before anybody is asked."""
    for path in (output, remarks):
        if path is not None and path.exists():
            raise click.UsageError(f"{path} is there already; it is left as it is. Name another file.")
        if path is not None and not path.parent.is_dir():
            raise click.UsageError(f"{path.parent} is no folder; {path.name} cannot be written there.")
    unknown = next((one for one in institutions if not one.level), None)
    if output is not None and unknown is not None:
        raise click.UsageError(
            f"{unknown.institution} has no level, which a list of accounts needs; add --level mbo or --level hbo."
        )


@command.command()
@click.argument("study", type=click.Path(path_type=Path))
def check(study: Path) -> Exit:
    """Check the list of accounts of STUDY, a study's folder or the CSV file itself. Asks nobody.

    Looks at each platform's rules for handles, pages of a platform taken for accounts, accounts that are there twice
    or with two institutions, levels and other facts that differ between lines of an institution or from the registry,
    programmes without a name, and websites.

    \b
    Examples:
      uitzicht accounts check mystudy
      uitzicht accounts check accounts.csv

    \b
    Exit status: 0 no errors (there may be warnings), 1 errors.
    """
    path = study if study.suffix == ".csv" else _accounts_file(study)
    accounts, problems = check_accounts(path, read_registry())
    for problem in problems:
        click.echo(f"{'error' if problem.grave else 'warning'}: {problem.sentence}")
    errors = sum(problem.grave for problem in problems)
    institutions = len({account.institution for account in accounts})
    console.print(
        f"{path}: {counted(len(accounts), 'account')} of {counted(institutions, 'institution')}; "
        f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}."
    )
    return Exit.FAILURE if errors else Exit.SUCCESS


def _accounts_file(study: Path) -> Path:
    read = Study.read(study)
    return read.folder / read.accounts_file


@command.command()
@level_option
@click.option("--search", default="", help="Words of a name, a former name, a place, a region, a type.")
@click.option("--format", "shape", type=click.Choice(["table", "csv"]), default="table", show_default=True)
def registry(*, level: str | None, search: str, shape: str) -> Exit:
    """List the mbo and hbo institutions that Uitzicht knows.

    The list was written from general knowledge and no row was verified: names, websites and mergers may be out of
    date. A "?" marks what is least sure; the CSV has the columns source, as_of, verified and checked_at. A
    file of it with your corrections is a file for `uitzicht accounts discover`.

    \b
    Examples:
      uitzicht accounts registry --level hbo
      uitzicht accounts registry --search zwolle
      uitzicht accounts registry --level mbo --format csv > mbo.csv
    """
    found = find_institutions(read_registry(), search, level or "")
    if not found:
        raise click.UsageError(f"No institution has all of {search!r}; see: uitzicht accounts registry")
    if shape == "csv":
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(FIELDS)
        rows.writerows([_cell(getattr(one, name)) for name in FIELDS] for one in found)
        return Exit.SUCCESS
    table = Table("institution", "level", "type", "place", "region", "website", box=None, pad_edge=False)
    for one in found:
        table.add_row(
            *(_marked(one, name) for name in ("institution", "level", "type", "place", "region", "website"))
        )
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)
    console.print(f"{counted(len(found), 'institution')}. {PROVENANCE}")
    return Exit.SUCCESS


def _cell(value: object) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def _marked(one: Institution, name: str) -> str:
    return f"{getattr(one, name)}{' ?' if name in one.unsure else ''}"
