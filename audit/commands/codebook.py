"""`uitzicht codebook`: whether a codebook is sound, and how its rules do."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from audit.commands.code import open_lines
from audit.exits import Exit
from classify.codebook_file import DEFAULT, read_codebook
from classify.coder import Coder
from classify.diagnostics import RuleStats, find_problems, rule_stats
from classify.gold import read_gold
from classify.unit import Unit
from classify.unit_file import read_units

ORDERS = {
    "coverage": lambda one: -one.fired,
    "precision": lambda one: (one.precision is None, one.precision or 0.0),
    "conflict": lambda one: -one.conflict,
    "rule": lambda one: one.rule,
}


@click.group(name="codebook")
def command() -> None:
    """Judge a codebook: check it, or see how its rules do on posts."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path), default=DEFAULT)
def check(file: Path) -> Exit:
    """Check the codebook in FILE, the tool's own unless told.

    Wrong keys, values and patterns are named with file and line; then dead rules, unreachable codes, failing examples
    and lists that no rule looks at.

    \b
    Examples:
      uitzicht codebook check
      uitzicht codebook check our-changes.yaml

    \b
    Exit status: 0 sound, 1 it cannot be used, 3 it can be used but something is wrong.
    """
    coder = Coder(read_codebook(file))
    problems = list(find_problems(coder))
    for problem in problems:
        click.echo(str(problem))
    codebook = coder.codebook
    terms = sum(1 for words in codebook.words.values() for _ in words)
    examples = sum(len(code.examples) + len(code.counterexamples) for code in codebook.codes)
    found = f"{len(problems)} problems" if problems else "no problems"
    click.echo(
        f"{codebook.name} {codebook.version}: {len(codebook.codes)} codes, {len(codebook.rules)} rules, "
        f"{terms} terms, {examples} examples; {found}.",
        err=True,
    )
    return Exit.PARTIAL if problems else Exit.SUCCESS


@command.command()
@click.argument("posts", type=str)
@click.option(
    "--gold", is_flag=True, help="POSTS carry the codes that people gave: show each rule's precision."
)
@click.option(
    "--codebook", type=click.Path(path_type=Path), help="Another codebook, or changes over the default one."
)
@click.option(
    "--dimension",
    default="theme",
    show_default=True,
    help="theme, labour, sector, audience or one of your own.",
)
@click.option("--sort", type=click.Choice(list(ORDERS)), default="coverage", show_default=True)
def stats(posts: str, *, gold: bool, codebook: Path | None, dimension: str, sort: str) -> None:
    """Show how each rule does on POSTS, a file of JSON lines.

    Coverage: share of posts in which it fires. Alone: no other rule spoke for its code there. Conflict: a rule spoke
    against it. Precision: share of posts in which it fires that people gave its code (for rules against a code: the
    share it should not have spoken against).

    \b
    Examples:
      uitzicht codebook stats posts.jsonl
      uitzicht codebook stats tests/gold/posts.jsonl --gold --sort precision
    """
    coder = Coder(read_codebook(codebook) if codebook else None)
    known = [one.name for one in coder.codebook.dimensions]
    if dimension not in known:
        raise click.BadParameter(f"{dimension!r} is none of {', '.join(known)}.", param_hint="'--dimension'")
    if gold:
        coded = read_gold(Path(posts))
        answers = {name: answer.codes for name, answer in coded.settled.items()}
        found = rule_stats(coder, coded.units, answers)
    else:
        with open_lines(posts) as lines:
            found = rule_stats(coder, [unit for unit in read_units(lines, posts) if isinstance(unit, Unit)])
    _show([one for one in found if one.code.startswith(f"{dimension}.")], sort)


def _show(found: list[RuleStats], sort: str) -> None:
    table = Table(box=None)
    for name in ("rule", "code", "weight", "fired", "coverage", "alone", "conflict", "precision"):
        table.add_column(name, justify="left" if name in ("rule", "code") else "right")
    for one in sorted(found, key=ORDERS[sort]):
        share = "–" if one.precision is None else f"{one.precision:.2f}"
        numbers = (
            f"{one.weight:+g}",
            str(one.fired),
            f"{one.coverage:.1%}",
            str(one.alone),
            str(one.conflict),
            share,
        )
        table.add_row(one.rule, one.code, *numbers, style=None if one.fired else "dim")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    console.print(table)
    never = sum(not one.fired for one in found)
    console.print(f"{len(found)} rules, {never} never fired.", style="dim")
