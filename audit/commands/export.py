"""`uitzicht export`: write a study's tables and figures for other programs, for colleagues, or for sharing."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import click

from audit.commands.options import console, counted, study_argument
from audit.export import ledger
from audit.export.citation import citation
from audit.export.methods import methods_files, read_basis
from audit.study import Study
from warehouse.errors import ExportError
from warehouse.exports import SHAPES, About, Export, check_order, export, read_question
from warehouse.exports.questions import QUESTIONS

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(name="export")
@study_argument
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="A new or empty folder.")
@click.option(
    "--format", "shapes", default=",".join(SHAPES), show_default=True, help="Shapes, with commas between."
)
@click.option("--pseudonymised", is_flag=True, help="For sharing: no names, words, addresses or exact dates.")
@click.option("--since", type=_DAY, help="First day whose posts are exported.  [default: all]")
@click.option("--until", type=_DAY, help="Last day whose posts are exported.  [default: all]")
@click.option(
    "--query",
    "asked",
    multiple=True,
    metavar="NAME[:BY,BY]",
    help="A named query to answer, instead of the usual ones; may be given several times.",
)
def command(
    *,
    study: Study,
    folder: Path,
    shapes: str,
    pseudonymised: bool,
    since: datetime | None,
    until: datetime | None,
    asked: tuple[str, ...],
) -> None:
    """Write the tables of STUDY and the figures of its queries to a new FOLDER, as Parquet, CSV and a workbook.

    Beside them: a data dictionary, a data package, a methods section in Dutch and English, a citation file, and a
    manifest with the SHA-256 of every file. The folder appears whole or not at all; nothing is ever overwritten.

    \b
    Examples:
      uitzicht export mystudy --to mystudy/exports/2026-11
      uitzicht export mystudy --to ~/for-colleagues --format xlsx --since 2026-01-01
      uitzicht export mystudy --to shared --pseudonymised
      uitzicht export mystudy --to figures --format csv --query share_of_posts:level,month --query coverage
    """
    questions = [read_question(one) for one in asked] or QUESTIONS
    wanted = [shape.strip() for shape in shapes.split(",") if shape.strip()]
    _refuse_own_folders(study, folder)
    check_order(folder, wanted, questions, is_shared=pseudonymised)
    days = {"since": since.date() if since else study.since, "until": until.date() if until else study.until}
    software = f"uitzicht {version('uitzicht')}"
    basis = read_basis(study.model_copy(update=days), software, is_shared=pseudonymised)
    about = About(
        title=study.title,
        software=software,
        since=basis.figures.since,
        until=basis.figures.until,
        coverage=basis.figures.basis,
        licence=study.export.licence,
        authors=study.export.authors,
    )
    cited = citation(
        study,
        software_version=version("uitzicht"),
        made_on=about.made_at.date(),
        is_pseudonymised=pseudonymised,
    )
    done = export(
        study.warehouse,
        folder,
        about=about,
        shapes=wanted,
        since=since and since.date(),
        until=until and until.date(),
        questions=questions,
        key=ledger.export_key(study) if pseudonymised else None,
        texts=methods_files(basis) | {"CITATION.cff": cited},
    )
    ledger.note(study, folder, made_at=about.made_at, is_pseudonymised=pseudonymised)
    _tell(study, done)


def _refuse_own_folders(study: Study, folder: Path) -> None:
    place = folder.resolve()
    for own in (study.archive, study.feeds, study.state):
        if place.is_relative_to(own):
            raise ExportError(
                f"{folder} is where the study keeps what it collects; expected another folder, "
                f"as {study.folder / 'exports' / 'first'}."
            )


def _tell(study: Study, done: Export) -> None:
    for name, rows in done.rows.items():
        console.print(f"{rows:10,}  {name}")
    for note in done.notes:
        console.print(f"            {note}")
    console.print(f"{counted(len(done.files), 'file')}: {done.folder}")
    if not done.folder.resolve().is_relative_to(study.folder):
        console.print(
            "This is outside the study: uitzicht forget will name it, but cannot take anything out of it."
        )
