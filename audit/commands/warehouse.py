"""`uitzicht warehouse`: check, share, back up and restore a study's warehouse."""

from __future__ import annotations

from pathlib import Path

import click

from audit.commands.options import console, study_argument
from audit.commands.query import find_warehouse
from audit.exits import Exit
from audit.study import Study
from warehouse import backup, check, publish, restore


@click.group(name="warehouse")
def command() -> None:
    """Check, publish, back up and restore a study's warehouse.

    \b
    Examples:
      uitzicht warehouse check mystudy
      uitzicht warehouse backup mystudy backup-2026-11-22.duckdb
      uitzicht warehouse restore mystudy backup-2026-11-22.duckdb
    """


@command.command(name="check")
@click.argument("place", type=click.Path(path_type=Path))
def check_command(place: Path) -> Exit:
    """Verify what DuckDB does not hold: keys, references, histories, counts and codings of PLACE.

    PLACE is a study's folder or a warehouse file. Exit status: 0 all holds, 1 something does not.

    \b
    Examples:
      uitzicht warehouse check mystudy
      uitzicht warehouse check mystudy/warehouse.duckdb
    """
    findings = check(find_warehouse(place))
    for finding in findings:
        click.echo(finding.sentence)
    broken = sum(finding.violations > 0 for finding in findings)
    click.echo(f"{len(findings)} rules, {broken} broken.")
    return Exit.FAILURE if broken else Exit.SUCCESS


@command.command(name="publish")
@study_argument
def publish_command(study: Study) -> None:
    """Replace the copy that readers of STUDY open by the warehouse as it is now.

    \b
    Example:
      uitzicht warehouse publish mystudy
    """
    console.print(f"Published: {publish(study.working_warehouse, study.warehouse)}")


@command.command(name="backup")
@study_argument
@click.argument("target", type=click.Path(path_type=Path))
def backup_command(study: Study, target: Path) -> None:
    """Copy the warehouse of STUDY to TARGET, a file that does not exist yet.

    \b
    Example:
      uitzicht warehouse backup mystudy backup-2026-11-22.duckdb
    """
    console.print(f"Backed up: {backup(study.working_warehouse, target)}")


@command.command(name="restore")
@study_argument
@click.argument("source", type=click.Path(path_type=Path, exists=True))
def restore_command(study: Study, source: Path) -> None:
    """Make the warehouse of STUDY what it was when the backup SOURCE was made, and publish it.

    What it was until now stays beside it, with .before at the end of its name.

    \b
    Example:
      uitzicht warehouse restore mystudy backup-2026-11-22.duckdb
    """
    restore(source, study.working_warehouse)
    console.print(f"Restored and published: {publish(study.working_warehouse, study.warehouse)}")
