"""`uitzicht import`: take in what people captured or exported themselves."""

from __future__ import annotations

from pathlib import Path

import click

from audit.commands.options import console, progress, study_argument
from audit.exits import Exit
from audit.study import Study
from crawler.errors import CrawlerError
from crawler.imports.desk import Import, import_file

SHOWN = 20


@click.command(name="import")
@study_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--everybody", is_flag=True, help="Also keep posts of accounts that the study does not list.")
def command(study: Study, files: tuple[Path, ...], everybody: bool) -> Exit:
    """Take FILES into STUDY: Zeeschuimer exports (NDJSON) of Instagram or TikTok.

    What a person's own browser received becomes captures and posts like those of any crawl. Posts of accounts that
    the study does not list are left out, unless it lists none. A file that was imported before adds nothing.

    \b
    Examples:
      uitzicht import mystudy zeeschuimer-export-instagram.ndjson
      uitzicht import mystudy --everybody search-results.ndjson
    """
    exits = [_import(study, path, everybody) for path in files]
    if all(one == Exit.FAILURE for one in exits):
        return Exit.FAILURE
    return Exit.SUCCESS if all(one == Exit.SUCCESS for one in exits) else Exit.PARTIAL


def _import(study: Study, path: Path, everybody: bool) -> Exit:
    try:
        with progress() as bars:
            task = bars.add_task(path.name, total=None)
            result = import_file(study, path, everybody=everybody, on_row=lambda: bars.advance(task))
    except CrawlerError as error:
        console.print(f"uitzicht: {error}")
        return Exit.FAILURE
    _tell(result)
    return Exit.PARTIAL if result.complaints else Exit.SUCCESS


def _tell(result: Import) -> None:
    if result.known:
        console.print(f"{result.path}: was imported before; nothing added.")
        return
    for complaint in result.complaints[:SHOWN]:
        console.print(f"{result.path}: {complaint}")
    if len(result.complaints) > SHOWN:
        console.print(
            f"{result.path}: and {len(result.complaints) - SHOWN} more rows that were not understood."
        )
    told = [f"{result.rows} rows", f"{result.posts} posts"]
    told += [f"{result.repeated} repeated"] if result.repeated else []
    told += [f"{result.others} of accounts that the study does not list, left out"] if result.others else []
    told += [f"{len(result.complaints)} not understood"] if result.complaints else []
    console.print(f"{result.path}: {', '.join(told)}.")
