"""`uitzicht sample`: draw posts for hand coding, read the filled sheets back, settle what coders disagree on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from audit.commands.options import console, counted, study_argument
from audit.exits import Exit
from audit.sheets.answer import Filled, asked_dimensions
from audit.sheets.sampled import SampleOf, find_agreed, find_disputed
from audit.steps.code import study_codebook
from audit.steps.sample import draw, keep, open_sample, read_files, write_settlement, write_sheets
from audit.study import Study
from classify.codebook import Codebook, Dimension
from classify.gold import Answers
from classify.reliability import compare
from warehouse.sampling import SETTLED

SHAPES = {"xlsx": ".xlsx", "label-studio": ".json"}
name_option = click.option("--name", default="", help="The sample; the latest unless told.")


@click.group(name="sample")
def command() -> None:
    """Draw posts for hand coding, read the sheets back, and settle disagreements; shares are corrected by them.

    \b
    Examples:
      uitzicht sample draw mystudy --coders anna,ben
      uitzicht sample read mystudy mystudy/coding-anna.xlsx mystudy/coding-ben.xlsx
      uitzicht sample settle mystudy --output settle.xlsx
      uitzicht sample settle mystudy settle.xlsx
      uitzicht sample status mystudy
    """


@command.command(name="draw")
@study_argument
@click.option("--size", type=click.IntRange(1), default=300, show_default=True, help="How many posts.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same posts.")
@click.option(
    "--coders", default="coder", show_default=True, help="Names of the coders, with commas between."
)
@click.option("--shared", type=click.IntRange(0), help="So many posts for all coders, the rest for one each.")
@click.option("--name", default="", help="The sample's name; sample-SEED unless told.")
@click.option("--format", "shape", type=click.Choice(tuple(SHAPES)), default="xlsx", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file; several coders' names are added to it."
)
def draw_command(
    *,
    study: Study,
    size: int,
    seed: int,
    coders: str,
    shared: int | None,
    name: str,
    shape: str,
    output: Path | None,
) -> None:
    """Draw a random sample of the coded posts of STUDY and write a coding sheet for each coder.

    The chance of a post depends on its predicted code, platform and level alone, and is kept. The sheets tell nothing
    of the prediction. Drawing again with the same options writes the same sheets again.

    \b
    Examples:
      uitzicht sample draw mystudy
      uitzicht sample draw mystudy --size 400 --coders anna,ben --shared 150 --output sheets/coding.xlsx
      uitzicht sample draw mystudy --format label-studio
    """
    names = [one.strip() for one in coders.split(",") if one.strip()]
    sample = draw(study, size=size, seed=seed, coders=names, shared=shared, name=name)
    stem = output or study.folder / f"coding{SHAPES[shape]}"
    paths = {coder: _path_of(stem, coder, names) for coder in names}
    for path in write_sheets(study, sample, paths, shape=shape):
        console.print(f"Written: {path}")


def _path_of(path: Path, coder: str, coders: Sequence[str]) -> Path:
    return path if len(coders) == 1 else path.with_name(f"{path.stem}-{coder}{path.suffix}")


@command.command(name="read")
@study_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--partial", is_flag=True, help="Keep the posts that are coded rightly, though others are not.")
@name_option
def read_command(*, study: Study, files: tuple[Path, ...], partial: bool, name: str) -> Exit:
    """Read filled sheets, or Label Studio's JSON exports, back into STUDY.

    Each wrong cell is named, with its value and what was expected. Unless all is right and complete, nothing is kept;
    with --partial what is right is. Posts that all their coders coded alike are settled.
    Exit status: 0 all was kept, 1 nothing was, 3 a part was.

    \b
    Examples:
      uitzicht sample read mystudy mystudy/coding-anna.xlsx mystudy/coding-ben.xlsx
      uitzicht sample read mystudy mystudy/coding-anna.xlsx --partial
    """
    return _read(study, open_sample(study, name), files, partial=partial)


def _read(study: Study, sample: SampleOf, files: Sequence[Path], *, partial: bool) -> Exit:
    filled = read_files(study, sample, files)
    for one in filled:
        _tell(one)
    lacking = sum(len(one.wrong) + one.uncoded for one in filled)
    if lacking and not partial:
        click.echo("Nothing was kept; mend the cells, or keep the rest with --partial.", err=True)
        return Exit.FAILURE
    sample = keep(study, sample, filled)
    _show(sample, study_codebook(study))
    return Exit.PARTIAL if lacking else Exit.SUCCESS


def _tell(filled: Filled) -> None:
    for cell in filled.wrong:
        click.echo(f"Wrong: {cell.sentence}", err=True)
    console.print(
        f"{filled.file}: {counted(len(filled.answers), 'post')} coded by {filled.coder}, "
        f"{counted(len(filled.wrong), 'wrong cell')}, "
        f"{counted(filled.uncoded, 'post')} not coded."
    )


@command.command(name="settle")
@study_argument
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--output", type=click.Path(path_type=Path), help="Write the posts to be settled to this file.")
@click.option("--format", "shape", type=click.Choice(tuple(SHAPES)), default="xlsx", show_default=True)
@click.option(
    "--partial", is_flag=True, help="Keep the posts that are settled rightly, though others are not."
)
@name_option
def settle_command(
    *, study: Study, files: tuple[Path, ...], output: Path | None, shape: str, partial: bool, name: str
) -> Exit:
    """Write the posts that coders of STUDY disagree on to a sheet, or read that sheet back.

    What they agree on is filled in; what they do not is marked, with everybody's answer beside it.

    \b
    Examples:
      uitzicht sample settle mystudy --output settle.xlsx
      uitzicht sample settle mystudy settle.xlsx
    """
    sample = open_sample(study, name)
    if files:
        return _read(study, sample, files, partial=partial)
    path = output or study.folder / f"settle{SHAPES[shape]}"
    count = write_settlement(study, sample, path, shape=shape)
    console.print(f"{counted(count, 'post')} to be settled: {path}" if count else "No post is to be settled.")
    return Exit.SUCCESS


@command.command(name="status")
@study_argument
@name_option
def status_command(*, study: Study, name: str) -> None:
    """Say how far a sample of STUDY is coded and settled, and how well coders and rules agree.

    \b
    Example:
      uitzicht sample status mystudy
    """
    _show(open_sample(study, name), study_codebook(study))


def _show(sample: SampleOf, codebook: Codebook) -> None:
    settled = sample.answers(SETTLED)
    click.echo(
        f"{sample.name}: {counted(len(sample.units), 'post')}, drawn under codebook {sample.codebook_version}."
    )
    for coder in sample.coders:
        click.echo(f"  {coder}: {len(sample.answers(coder))} of {len(sample.assigned(coder))} coded")
    agreed = find_agreed(sample)
    waiting = [unit for unit in find_disputed(sample) if unit not in settled]
    click.echo(f"  settled: {len(settled)}, {len(agreed)} of them by agreement; {len(waiting)} to be settled")
    if waiting:
        click.echo(
            "  Shares stay uncorrected until these are settled: they are the hard ones (uitzicht sample settle)."
        )
    pairs = [(first, second) for place, first in enumerate(sample.coders) for second in sample.coders[:place]]
    for tested, reference in [*pairs, *((("rules", SETTLED),) if settled else ())]:
        _show_agreement(sample, codebook, reference, tested)


def _show_agreement(sample: SampleOf, codebook: Codebook, reference: str, tested: str) -> None:
    first, second = sample.compared(reference, tested)
    if not first:
        return
    table = Table(
        title=f"{tested} against {reference}, {counted(len(first), 'post')}", title_justify="left", box=None
    )
    for heading in ("code", "n", "alpha", "kappa", "precision", "recall", "F1"):
        table.add_column(heading, justify="left" if heading == "code" else "right", no_wrap=True)
    for dimension in asked_dimensions(codebook):
        _add_rows(table, dimension, first, second)
    Console(highlight=False, width=130).print(table)


def _add_rows(
    table: Table, dimension: Dimension, first: Sequence[Answers], second: Sequence[Answers]
) -> None:
    codes = [code.name for code in dimension.codes]
    report = compare(first, second, dimension=dimension.name, codes=codes, samples=1_000)
    for one in report.codes:
        measures = (one.alpha, one.kappa, one.precision, one.recall, one.f1)
        table.add_row(f"{dimension.name}.{one.code}", str(one.support), *map(str, measures))
    if dimension.order and dimension.name == "theme":
        table.add_row("primary theme the same", "", str(report.primary))
