"""`uitzicht reliability`: how the rules, or two people, agree with settled codings."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from audit.exits import Exit
from classify.codebook_file import read_codebook
from classify.coder import Coder
from classify.errors import ClassifyError
from classify.gold import Answers, Gold, read_gold
from classify.reliability import Report, compare
from classify.unit import Unit

EXAMPLES = """\b
Examples:
  uitzicht reliability --gold tests/gold/posts.jsonl
  uitzicht reliability --gold tests/gold/posts.jsonl --coders tests/gold/coders.jsonl --against A
  uitzicht reliability --gold coded.jsonl --dimension labour --json
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--gold", "file", required=True, type=click.Path(path_type=Path), help="Posts with settled codings."
)
@click.option(
    "--coders", type=click.Path(path_type=Path), help="The codings of single coders of these posts."
)
@click.option(
    "--against", default="rules", show_default=True, help="Who is held against them: rules, or a coder."
)
@click.option(
    "--codebook", type=click.Path(path_type=Path), help="Another codebook, or changes over the default one."
)
@click.option("--dimension", default="theme", show_default=True, help="theme, labour, sector or audience.")
@click.option("--floor", type=float, help="Fail (exit code 1) where macro F1 is lower.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")
def command(
    *,
    file: Path,
    coders: Path | None,
    against: str,
    codebook: Path | None,
    dimension: str,
    floor: float | None,
    as_json: bool,
) -> Exit:
    """Show alpha, kappa, precision, recall and F1 per code and overall, with 95 % bootstrap intervals.

    The code for all else (theme "other") is shown but left out of the means.
    """
    coder = Coder(read_codebook(codebook) if codebook else None)
    gold = read_gold(file, coders)
    tested = rule_answers(coder, gold.units) if against == "rules" else _answers_of(gold, against)
    report = hold_against(coder, gold, tested, dimension)
    if as_json:
        click.echo(json.dumps(asdict(report), indent=2))
    else:
        _show(report, Console(highlight=False, width=None if sys.stdout.isatty() else 130), against)
        same = f"primary theme the same: {report.primary}; " if dimension == "theme" else ""
        click.echo(f"{same}all codes the same: {report.exact}")
    below = floor is not None and not report.macro_f1.value >= floor
    if below:
        click.echo(f"macro F1 is {report.macro_f1.value:.3f}; expected at least {floor}", err=True)
    return Exit.FAILURE if below else Exit.SUCCESS


def rule_answers(coder: Coder, units: Sequence[Unit]) -> dict[str, Answers]:
    """Return the answers of the rules, by unit."""
    return {
        coding.unit.id: Answers(codes=coding.codes, primary=coding.primary) for coding in coder.code(units)
    }


def hold_against(coder: Coder, gold: Gold, tested: Mapping[str, Answers], dimension: str) -> Report:
    """Return how answers agree with the settled ones, over the units that have both."""
    known = [dim for dim in coder.codebook.dimensions if dim.name == dimension]
    if not known:
        names = ", ".join(dim.name for dim in coder.codebook.dimensions)
        raise ClassifyError(f"dimension {dimension} is not in the codebook; expected one of {names}")
    ids = [unit.id for unit in gold.units if unit.id in tested]
    if not ids:
        raise ClassifyError("no post was coded by both; expected the same ids in both files")
    codes = [code.name for code in known[0].codes]
    return compare(
        [gold.settled[name] for name in ids],
        [tested[name] for name in ids],
        dimension=dimension,
        codes=codes,
        macro=[code for code in codes if code != known[0].otherwise],
    )


def _answers_of(gold: Gold, name: str) -> Mapping[str, Answers]:
    if name not in gold.coders:
        known = ", ".join(("rules", *sorted(gold.coders)))
        raise ClassifyError(f"there is no coder {name}; expected one of {known}")
    return gold.coders[name]


def _show(report: Report, console: Console, against: str) -> None:
    units = report.codes[0].units if report.codes else 0
    table = Table(
        title=f"{against} against the settled codings, {units} posts", title_justify="left", box=None
    )
    for name in ("code", "n", "alpha", "kappa", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if name == "code" else "right", no_wrap=True)
    for one in report.codes:
        measures = (one.alpha, one.kappa, one.precision, one.recall, one.f1)
        table.add_row(one.code, str(one.support), *map(str, measures))
    table.add_row("mean", "", str(report.macro_alpha), "", "", "", str(report.macro_f1), style="bold")
    console.print(table)
