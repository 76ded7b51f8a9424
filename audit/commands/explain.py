"""`uitzicht explain`: why a post got its codes, and which it just missed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from audit.commands.code import open_lines
from audit.commands.query import find_warehouse, is_warehouse_file
from audit.exits import Exit
from audit.steps.code import study_codebook
from audit.study import Study
from classify.codebook import Codebook
from classify.codebook_file import default_codebook, read_codebook
from classify.coder import Coder
from classify.errors import UnitError
from classify.explain import Explanation, Finding, explain
from classify.unit import Unit, read_unit
from classify.unit_file import read_units, without_surrogates
from warehouse.db import connect_readonly
from warehouse.tracing import find_post

COLOURS = {"fired": "green", "cancelled": "red", "missed": "yellow"}
LOUDEST = 8  # findings shown for a code
EXAMPLES = """\b
Examples:
  echo "Kom zaterdag naar onze open dag!" | uitzicht explain
  uitzicht explain m023 --input posts.jsonl
  uitzicht explain instagram/C1a2b3 --study mystudy --json
  uitzicht explain https://www.instagram.com/p/C1a2b3/ --study mystudy
  uitzicht explain --codebook our-changes.yaml < caption.txt

\b
Exit status: 0 explained, 1 there is no such post.
"""


@click.command(epilog=EXAMPLES)
@click.argument("post", default="-")
@click.option("--input", "source", metavar="FILE", help="Posts as JSON lines, of which POST is an id.")
@click.option(
    "--study",
    "place",
    type=click.Path(path_type=Path),
    help="A study, of which POST is platform/id or an address.",
)
@click.option(
    "--codebook",
    type=click.Path(path_type=Path),
    help="Another codebook, or changes over the default one; else the study's.",
)
@click.option("--platform", default="", help="The platform of a text on standard input.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")
@click.option(
    "--all", "everything", is_flag=True, help="Also the other dimensions, and all that says little."
)
def command(
    *,
    post: str,
    source: str | None,
    place: Path | None,
    codebook: Path | None,
    platform: str,
    as_json: bool,
    everything: bool,
) -> Exit:
    """Show each rule that fired for POST, was cancelled or just missed, and why.

    POST is the id of a line of --input, or a post of --study as platform/id or by its address; without either a text
    is read from standard input.
    """
    unit = _find_unit(post, source, place, platform)
    found = explain(Coder(_find_codebook(codebook, place)), unit)
    if as_json:
        click.echo(json.dumps(without_surrogates(found.as_record()), ensure_ascii=False, indent=2))
    else:
        _show(
            found, Console(highlight=False, width=None if sys.stdout.isatty() else 120), everything=everything
        )
    return Exit.SUCCESS


def _find_unit(post: str, source: str | None, place: Path | None, platform: str) -> Unit:
    if source:
        if post == "-":
            raise UnitError(f"which post of {source}? Give its id as well")
        with open_lines(source) as lines:
            for unit in read_units(lines, source):
                if isinstance(unit, Unit) and unit.id == post:
                    return unit
        raise UnitError(f"{source} holds no post with id {post}")
    if place:
        return _from_study(post, place)
    if post != "-":
        raise UnitError(f"where is post {post}? Name its file with --input or its study with --study")
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    return Unit(id="stdin", platform=platform, text=text)


def _from_study(post: str, place: Path) -> Unit:
    names = [name for name in Unit._fields if name != "id"]
    with connect_readonly(find_warehouse(place)) as con:
        platform, post_id = find_post(con, post)
        query = f"select {', '.join(names)} from posts where platform = ? and post_id = ?"  # noqa: S608
        (row,) = con.execute(query, [platform, post_id]).fetchall()
    return read_unit(dict(zip(names, row, strict=True)) | {"id": post_id}, post)


def _find_codebook(file: Path | None, place: Path | None) -> Codebook:
    """Return the codebook that is named, else the one that posts of the study are coded by."""
    if file is not None:
        return read_codebook(file)
    return study_codebook(Study.read(place)) if place and not is_warehouse_file(place) else default_codebook()


def _show(found: Explanation, console: Console, *, everything: bool) -> None:
    coding = found.coding
    refined = ("labour",) if coding.labour else ()
    dimensions = tuple(coding.codes) if everything else ("theme", *refined)
    _show_text(found, console, dimensions)
    console.print(f"language {coding.language} · codebook {coding.version}", style="dim")
    console.print(_verdicts(found, dimensions))
    for status, colour in COLOURS.items():
        findings = [one for one in found.findings if one.status == status and _dimension(one) in dimensions]
        told = findings if everything or status != "fired" else _loudest(found, findings)
        if told:
            console.print(_findings(status, colour, told, dimensions))
        if len(told) < len(findings):
            console.print(
                f"{len(findings) - len(told)} that said less, or of other codes: --all", style="dim"
            )


def _loudest(found: Explanation, findings: list[Finding]) -> list[Finding]:
    """Return what weighed most for and against the codes that were given or just missed."""
    asked = {verdict.code for verdict in found.verdicts if verdict.given or verdict.is_near}
    ranked = sorted(findings, key=lambda one: -abs(one.weight))
    return [one for code in asked for one in [one for one in ranked if one.code == code][:LOUDEST]]


def _show_text(found: Explanation, console: Console, dimensions: tuple[str, ...]) -> None:
    for field in ("title", "text", "alt_text", "transcript"):
        words = str(without_surrogates(getattr(found.coding.unit, field)))
        if not words:
            continue
        shown = Text(words)
        for status, colour in reversed(COLOURS.items()):
            for one in found.findings:
                if one.status == status and one.field == field and _dimension(one) in dimensions:
                    shown.stylize(f"bold {colour}", one.start, one.end)
        console.print(Text(f"{field}: ", style="dim") + shown)


def _dimension(finding: Finding) -> str:
    return finding.code.split(".")[0]


def _verdicts(found: Explanation, dimensions: tuple[str, ...]) -> Table:
    table = Table(title="codes", title_justify="left", box=None)
    for name in ("code", "score", "threshold", ""):
        table.add_column(name)
    for verdict in found.verdicts:
        if verdict.code.split(".")[0] in dimensions and (verdict.given or verdict.score):
            said = "primary" if verdict.given and verdict.is_primary else "given" if verdict.given else ""
            said = said or ("just missed" if verdict.is_near else "")
            style = "bold green" if verdict.given else "yellow" if verdict.is_near else "dim"
            table.add_row(verdict.code, f"{verdict.score:.2f}", f"{verdict.threshold:.2f}", said, style=style)
    return table


def _findings(status: str, colour: str, findings: list[Finding], dimensions: tuple[str, ...]) -> Table:
    table = Table(title=f"rules: {status}", title_justify="left", title_style=f"bold {colour}", box=None)
    for name in ("rule", "code", "weight", "words", "" if status == "fired" else "because"):
        table.add_column(name, overflow="fold")
    for one in sorted(
        findings, key=lambda one: (dimensions.index(_dimension(one)), one.code, -abs(one.weight))
    ):
        words = str(without_surrogates(one.words))
        table.add_row(one.rule, one.code, f"{one.weight:+g}", Text(words), Text(one.reason))
    return table
