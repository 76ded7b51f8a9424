"""`uitzicht code`: codes posts from a file of JSON lines, without a warehouse."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from audit.exits import Exit
from classify.codebook_file import read_codebook
from classify.coder import Coder
from classify.errors import ClassifyError
from classify.unit_file import BadLine, read_units, write_coding

EXAMPLES = """\b
Examples:
  uitzicht code --input posts.jsonl --output codings.jsonl
  uitzicht code --input posts.jsonl --output - --codebook our-changes.yaml
  cat posts.jsonl | uitzicht code --input - --output codings.jsonl
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--input", "source", required=True, metavar="FILE", help="Posts as JSON lines; - for standard input."
)
@click.option(
    "--output", "target", required=True, metavar="FILE", help="Codings as JSON lines; - for standard output."
)
@click.option(
    "--codebook", type=click.Path(path_type=Path), help="Another codebook, or changes over the default one."
)
def code(source: str, target: str, codebook: Path | None) -> Exit:
    """Code posts by the codebook's rules.

    Input lines have id, platform, title, text, alt_text and transcript; what is missing is empty. Output lines have id,
    themes, primary, labour, sectors, audiences and evidence. Bad lines are named and left out (exit code 3).
    """
    coder = Coder(read_codebook(codebook) if codebook else None)
    coded = bad = 0
    with _reading(source) as lines, _writing(target) as out:
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
def _reading(source: str) -> Iterator[IO[bytes]]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")
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
