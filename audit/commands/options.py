"""What several commands share: the study argument, and how long work shows itself."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from audit.study import Study

console = Console(stderr=True, highlight=False, markup=False, width=None if sys.stderr.isatty() else 160)

study_argument = click.argument(
    "study", type=click.Path(path_type=Path), callback=lambda c, p, v: Study.read(v)
)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, whose plural ends in s.

    >>> counted(1, "account"), counted(0, "account")
    ('1 account', '0 accounts')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def progress() -> Progress:
    """Return a progress bar on standard error; silent where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True)
