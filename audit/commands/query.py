"""`uitzicht query`: ask a study's warehouse by name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import pandas as pd

from audit.commands.options import console, counted
from audit.study import Study
from warehouse import find_queries, run, write_answer
from warehouse.errors import QueryError
from warehouse.queries import refuse_idle

FORMATS = ("table", "csv", "json", "parquet")


@click.command(name="query")
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Say which queries there are.")
@click.option(
    "--study",
    "place",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The study's folder, or a warehouse file; this folder unless told.",
)
@click.option("--by", default="", help="Names to group by, with commas between.")
@click.option("--since", help="First day that counts, as 2025-09-01.")
@click.option("--until", help="Last day that counts.")
@click.option(
    "--where", "kept", multiple=True, metavar="NAME=VALUE[,VALUE]", help="Keep only these values of a name."
)
@click.option("--dimension", default="theme", show_default=True, help="theme, labour, sector or audience.")
@click.option("--code", help="Only this code.")
@click.option("--coder", default="rules", show_default=True, help="Whose codings.")
@click.option("--codebook-version", help="Coded with which codebook; the coder's last unless told.")
@click.option("--coverage", default="complete", show_default=True, help="'complete' or 'all' accounts.")
@click.option("--most", type=click.IntRange(1), help="At most so many example posts per group and code.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(FORMATS),
    help="Unless told, what the name of the --output file ends in, or else table.",
)
@click.option("--output", type=click.Path(path_type=Path), help="A file instead of standard output.")
def command(
    *,
    name: str | None,
    listing: bool,
    place: Path,
    by: str,
    kept: tuple[str, ...],
    shape: str | None,
    output: Path | None,
    **question: Any,
) -> None:
    """Ask the warehouse of a study the query NAME; estimates come with 95 % intervals.

    Accounts whose latest visit was not complete are left out and named; --coverage all counts them too. Figures
    in brackets stand on fewer than 30 posts or 5 institutions.

    \b
    Examples:
      uitzicht query --list
      uitzicht query share_of_posts --study mystudy --by level,platform --since 2025-09-01
      uitzicht query share_primary --study mystudy --where level=mbo --where platform=instagram,tiktok
      uitzicht query example_posts --study mystudy --code labour_market --output examples.csv
      uitzicht query share_of_posts --study mystudy --by month --output share.parquet
    """
    if listing or name is None:
        _list_queries()
        return
    names = [part.strip() for part in by.split(",") if part.strip()]
    shape = shape or _find_shape(output)
    refuse_idle(name, **question)
    frame = run(find_warehouse(place), name, by=names, where=_read_where(kept), **question)
    _show(frame, shape, output)
    _tell_left_out(frame, place)
    if question["code"] and len(frame) and "n_carrying" in frame and not frame["n_carrying"].any():
        console.print(
            f"No post counted here carries {question['code']!r}; without --code all codes are shown."
        )


def find_warehouse(place: Path) -> Path:
    """Return the published warehouse of a study, or the file itself where one is named."""
    return place if is_warehouse_file(place) else Study.read(place).warehouse


def is_warehouse_file(place: Path) -> bool:
    """Tell whether a place is a warehouse itself and no study."""
    return place.is_file() and place.suffix != ".toml"


def _list_queries() -> None:
    for name, query in find_queries().items():
        click.echo(f"{name:28}{query.question}")


def _read_where(kept: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in kept:
        name, equals, values = text.partition("=")
        if not equals:
            raise QueryError(f"--where is {text!r}; expected NAME=VALUE, as platform=tiktok.")
        found.setdefault(name.strip(), []).extend(value.strip() for value in values.split(","))
    return found


def _find_shape(output: Path | None) -> str:
    """Return the format that a file's name asks for."""
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    if suffix == "xlsx":
        raise QueryError(
            f"{output} would be a workbook; make one with: uitzicht export --format xlsx --query."
        )
    return suffix if suffix in FORMATS else "table"


def _show(frame: pd.DataFrame, shape: str, output: Path | None) -> None:
    if output is not None:
        write_answer(frame, output, shape)
        console.print(f"{counted(len(frame), 'row')}: {output}")
    elif shape == "parquet":
        raise QueryError("parquet is not for a terminal; add --output FILE.")
    else:
        write_answer(frame, sys.stdout, shape)


def _tell_left_out(frame: pd.DataFrame, place: Path) -> None:
    left_out = frame.attrs["left_out"]
    if left_out:
        names = ", ".join(
            f"{row['platform']}/{row['account']} ({row['why_left_out']})" for row in left_out[:10]
        )
        more = f" and {len(left_out) - 10} more" if len(left_out) > 10 else ""
        hint = " With --coverage all they count too." if frame.empty else ""
        study = "" if place == Path() else f" --study {place}"
        console.print(
            f"Left out, {counted(len(left_out), 'account')}: {names}{more}.{hint} "
            f"See also: uitzicht query left_out{study}"
        )
