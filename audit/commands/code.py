"""`uitzicht code`: codes a study's posts in its warehouse, or posts from a file of JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from audit.commands.options import console, counted, progress
from audit.exits import Exit
from audit.steps.code import Coded
from audit.steps.code import code as code_study
from audit.study import Study
from classify.codebook_file import read_codebook
from classify.coder import Coder
from classify.errors import ClassifyError
from classify.unit_file import BadLine, read_units, write_coding

EXAMPLES = """\b
Examples:
  uitzicht code mystudy
  uitzicht code mystudy --processes 4
  uitzicht code --input posts.jsonl --output codings.jsonl
  uitzicht code --input posts.jsonl --output - --codebook our-changes.yaml
  cat posts.jsonl | uitzicht code --input - --output codings.jsonl
"""


@click.command(epilog=EXAMPLES)
@click.argument("study", required=False, type=click.Path(path_type=Path))
@click.option("--input", "source", metavar="FILE", help="Posts as JSON lines; - for standard input.")
@click.option("--output", "target", metavar="FILE", help="Codings as JSON lines; - for standard output.")
@click.option(
    "--codebook", type=click.Path(path_type=Path), help="Another codebook, or changes over the default one."
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="How many processes code the posts of STUDY; worth it from some 20,000 posts.",
)
def code(
    study: Path | None, source: str | None, target: str | None, codebook: Path | None, processes: int
) -> Exit:
    """Code posts by the codebook's rules: those of STUDY in its warehouse, or those of a file.

    In a study every post is coded that its codebook has not coded yet.

    Input lines have id, platform, title, text, alt_text and transcript; what is missing is empty. Output lines have
    id, themes, primary, labour, sectors, audiences and evidence. Bad lines are named and left out (exit code 3).
    """
    if study is not None:
        if source or target or codebook:
            raise click.UsageError(
                "a study is coded in its warehouse, with the codebook that its study file names"
            )
        run_code(Study.read(study), processes=processes)
        return Exit.SUCCESS
    if processes > 1:
        raise click.UsageError("several processes code a STUDY; the posts of a file are coded by one")
    if not (source and target):
        raise click.UsageError("say what to code: a STUDY, or --input FILE --output FILE")
    return _code_file(source, target, codebook)


def run_code(study: Study, *, processes: int = 1) -> Coded:
    """Code a study's posts with a bar, and say how many there were."""
    with progress() as bars:
        task = bars.add_task("posts", total=None)
        coded = code_study(study, processes=processes, on_posts=lambda count: bars.advance(task, count))
    console.print(f"{counted(coded.posts, 'post')} coded with codebook {coded.codebook_version}.")
    return coded


def _code_file(source: str, target: str, codebook: Path | None) -> Exit:
    coder = Coder(read_codebook(codebook) if codebook else None)
    coded = bad = 0
    with open_lines(source) as lines, _writing(target) as out:
        for unit in read_units(lines, source):
            if isinstance(unit, BadLine):
                bad += 1
                click.echo(unit.problem, err=True)
            else:
                out.write(write_coding(coder.code_unit(unit)))
                coded += 1
    lines_left_out = f"; {bad} lines left out" if bad else ""
    click.echo(f"Coded {coded} posts with codebook {coder.codebook.version}{lines_left_out}.", err=True)
    if coded == 0 and bad:
        return Exit.FAILURE
    return Exit.PARTIAL if bad else Exit.SUCCESS


@contextmanager
def open_lines(source: str) -> Iterator[IO[bytes]]:
    """Give the lines of a file, or of standard input for -."""
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115
    except OSError as error:
        raise ClassifyError(
            f"{source} cannot be read ({error.strerror}); expected a file of JSON lines"
        ) from error
    with file:
        yield file


@contextmanager
def _writing(target: str) -> Iterator[IO[bytes]]:
    """Give a file that appears under its name only when all of it is written."""
    if target == "-":
        yield sys.stdout.buffer
        return
    path = Path(target)
    partial = path.with_name(path.name + ".partial")
    try:
        file = partial.open("wb")
    except OSError as error:
        raise ClassifyError(f"{target} cannot be written ({error.strerror})") from error
    try:
        with file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
