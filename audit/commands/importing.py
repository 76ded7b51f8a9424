"""`uitzicht import`: take in what people captured or exported themselves."""

from __future__ import annotations

from pathlib import Path

import click

from audit.commands.options import console, counted, progress, study_argument
from audit.exits import Exit
from audit.study import Study
from crawler.errors import CrawlerError
from crawler.imports.desk import Import, import_file
from crawler.imports.ledger import Key

SHOWN = 20


@click.command(name="import")
@study_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--account",
    default="",
    metavar="NAME",
    help="Whose the files are, for exports that do not say: a handle or a page's address.",
)
@click.option("--everybody", is_flag=True, help="Also keep posts of accounts that the study does not list.")
def command(study: Study, files: tuple[Path, ...], account: str, everybody: bool) -> Exit:
    """Take FILES into STUDY: what people captured or exported themselves.

    \b
    Known, by what is in the file and not by its name:
      Zeeschuimer            NDJSON of Instagram, TikTok and, before June 2026, LinkedIn
      4CAT                   CSV of Instagram, TikTok, YouTube and LinkedIn
      YouTube Data Tools     CSV or TAB of the module Video List
      YouTube Studio         Table data.csv by Content
      Meta Business Suite    CSV of content, Instagram's rows
      TikTok Studio          Content.csv
      LinkedIn page          XLS, XLSX or CSV of content, sheet All posts
      LinkedIn, saved        HTML of an organisation's page as a guest sees it
      Fivetran               CSV of linkedin_pages ugc_post_history

    The posts become captures and feeds like those of any crawl. Posts of accounts that the study does not list are
    left out, unless it lists none. Rows that are not understood are told one by one, and the others are kept. A file
    that was imported before adds only accounts that were left out then. docs/imports.md says how to get each file.

    \b
    Examples:
      uitzicht import mystudy zeeschuimer-export-instagram.ndjson
      uitzicht import mystudy --account @rocvoorbeeld "Table data.csv"
      uitzicht import mystudy rocvoorbeeld_content_1763800000.xls Content.csv
      uitzicht import mystudy --everybody search-results.ndjson

    \b
    Exit status: 0 all rows were read, 1 nothing was, 3 some rows or files were not.
    """
    exits = [_import(study, path, account, everybody) for path in files]
    if all(one == Exit.FAILURE for one in exits):
        return Exit.FAILURE
    return Exit.SUCCESS if all(one == Exit.SUCCESS for one in exits) else Exit.PARTIAL


def _import(study: Study, path: Path, account: str, everybody: bool) -> Exit:
    try:
        with progress() as bars:
            task = bars.add_task(path.name, total=None)
            result = import_file(
                study, path, everybody=everybody, account=account, on_row=lambda: bars.advance(task)
            )
    except CrawlerError as error:
        console.print(f"uitzicht: {error}")
        return Exit.FAILURE
    _tell(result)
    if not result.complaints:
        return Exit.SUCCESS
    return Exit.PARTIAL if result.posts else Exit.FAILURE


def _tell(result: Import) -> None:
    if result.known:
        console.print(f"{result.path}: was imported before; nothing added.")
        return
    for note in result.notes:
        console.print(f"{note}.")
    for complaint in result.complaints[:SHOWN]:
        console.print(f"{complaint}.")
    if len(result.complaints) > SHOWN:
        more = len(result.complaints) - SHOWN
        console.print(f"{result.path}: and {more} more rows that were not understood.")
    console.print(f"{result.path}: {result.title}, {', '.join(_counts(result))}.")
    if left_out := _left_out(result.strangers):
        console.print(f"{result.path}: {left_out}")


def _left_out(strangers: set[Key]) -> str:
    """Return whose posts were left out: a channel that a study may know by its handle, or a file's only account."""
    channels = sorted(account for platform, account in strangers if platform == "youtube")
    if channels:
        return (
            f"left out {', '.join(channels[:5])}; if one is an account of the study, say so with --account."
        )
    if len(strangers) != 1:  # of many, most are nobody's business
        return ""
    ((platform, account),) = strangers
    return (
        f"left out {platform}:{account}; if that is an account of the study, write it so in its list of accounts"
        " and import the file again."
    )


def _counts(result: Import) -> list[str]:
    told = [counted(result.rows, "row"), counted(result.posts, "post")]
    told += [f"{result.repeated} repeated"] if result.repeated else []
    told += [f"{count} left out ({why})" for why, count in sorted(result.left_out.items())]
    told += [f"{result.others} of accounts that the study does not list, left out"] if result.others else []
    told += [f"{len(result.complaints)} not understood"] if result.complaints else []
    return told
