"""`uitzicht schedule`: what a study does by itself."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from audit.commands.options import study_argument
from audit.exits import Exit
from audit.schedule.child import Child
from audit.schedule.clock import SystemClock
from audit.schedule.entry import Entry
from audit.schedule.installing import KINDS, Kind, Order, find_place, find_places
from audit.schedule.reading import read_entries
from audit.schedule.records import FILE, Records
from audit.schedule.scheduler import Busy, Scheduler, guard
from audit.schedule.showing import history_table, list_table, next_table
from audit.schedule.watching import WatchedStudy
from audit.study import Study
from crawler.errors import StudyError
from crawler.study import STUDY_FILE

KIND = click.option(
    "--as", "kind", type=click.Choice(list(KINDS)), help="Else what this machine has, systemd before cron."
)
YES = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group(name="schedule")
def command() -> None:
    """Let a study crawl, load, code and report by itself, as [[schedule]] in its study file says."""


@command.command(name="run")
@study_argument
@click.option("--once", is_flag=True, help="Do what is due now, and end. This is what timers call.")
def run(study: Study, once: bool) -> Exit:
    """See to the schedule of STUDY until stopped (Ctrl-C or SIGTERM; a second one ends the run at work at once).

    One run at a time, each in a process of its own. A run that was missed is caught up once; one that was
    interrupted is marked and gone on with; one that finds its budget spent is put off to when it begins anew.
    Exit status: 0 stopped while nothing was at work, 130 a run was interrupted; with --once that of the worst run.

    \b
    Examples:
      uitzicht schedule run mystudy
      uitzicht schedule run mystudy --once
    """
    _entries(study)
    watched = WatchedStudy(study.folder)
    try:
        lock = guard(study)
    except Busy as error:
        if not once:
            raise
        click.echo(f"{error}", err=True)  # a timer that comes by while a run is at work
        return Exit.SUCCESS
    with lock, _records(study) as records:
        scheduler = Scheduler(watched, records, launch=Child, clock=SystemClock(), say=_say)
        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda number, frame: scheduler.stop())
        if not once:
            _say(f"{study.folder}: {len(watched.entries)} schedules; stop with Ctrl-C")
        return scheduler.serve(once=once)


@command.command(name="list")
@study_argument
def list_(study: Study) -> None:
    """List the schedules of STUDY: when, which accounts, what follows, and their last and next run.

    \b
    Example:
      uitzicht schedule list mystudy
    """
    with _records(study, look=True) as records:
        _print(list_table(study, _entries(study), records, datetime.now(UTC)))


@command.command(name="next")
@study_argument
@click.option("-n", "most", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many.")
def next_(study: Study, most: int) -> None:
    """Say when the next runs of STUDY begin, jitter and quiet hours included.

    \b
    Example:
      uitzicht schedule next mystudy -n 20
    """
    with _records(study, look=True) as records:
        _print(next_table(_entries(study), records, datetime.now(UTC), most))


@command.command(name="history")
@study_argument
@click.option("-n", "most", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many.")
@click.option("--schedule", "name", default="", help="Only of this schedule.")
def history(study: Study, most: int, name: str) -> None:
    """List the runs of STUDY, the newest last: when each was due, began and ended, and what came of it.

    A run that was put off or interrupted and gone on with has a row for each attempt.

    \b
    Example:
      uitzicht schedule history mystudy -n 50
    """
    zones = {entry.name: entry.zone for entry in read_entries(study)}
    with _records(study, look=True) as records:
        runs = records.history(most, name)
    if not runs:
        click.echo(f"No run {f'of {name!r} ' if name else ''}is written down for {study.folder}.")
        return
    _print(history_table(runs, zones))


@command.command(name="install")
@study_argument
@KIND
@click.option("--show", is_flag=True, help="Only show what would be installed.")
@YES
def install(study: Study, kind: Kind | None, show: bool, yes: bool) -> Exit:
    """Let this machine see to the schedule of STUDY: a systemd user timer, a crontab line or a Windows task.

    What will be written and run is shown first. It holds no credentials, only the names of the environment
    variables that hold them.

    \b
    Examples:
      uitzicht schedule install mystudy --show
      uitzicht schedule install mystudy --as cron
    """
    order = Order.of(study, _entries(study))
    place = find_place(kind)
    click.echo(place.preview(order))
    if show:
        return Exit.SUCCESS
    if not yes and not click.confirm("Install this?"):
        click.echo("Nothing is installed.")
        return Exit.SUCCESS
    place.install(order)
    click.echo(
        f"Installed: {place.name(order)}. Runs are recorded; see: uitzicht schedule history {study.folder}"
    )
    return Exit.SUCCESS


@command.command(name="uninstall")
@study_argument
@KIND
@YES
def uninstall(study: Study, kind: Kind | None, yes: bool) -> Exit:
    """Take away what `schedule install` installed for STUDY. Its records and all it collected stay.

    \b
    Example:
      uitzicht schedule uninstall mystudy
    """
    order = Order.of(study, ())
    places = [KINDS[kind]()] if kind else find_places()
    installed = [place for place in places if place.is_installed(order)]
    if not installed:
        click.echo(f"Nothing is installed for {study.folder}.")
    for place in installed:
        if yes or click.confirm(f"Take away {place.name(order)}?"):
            place.uninstall(order)
            click.echo(f"Taken away: {place.name(order)}.")
    return Exit.SUCCESS


@contextmanager
def _records(study: Study, *, look: bool = False) -> Iterator[Records]:
    """Open the records of a study's runs; a look at a study that has none leaves none behind."""
    path = study.state / FILE
    try:
        with Records(Path(":memory:") if look and not path.exists() else path) as records:
            yield records
    except sqlite3.Error as error:
        raise StudyError(f"{path}, which holds the records of runs, cannot be used: {error}") from None


def _entries(study: Study) -> tuple[Entry, ...]:
    entries = read_entries(study)
    if not entries:
        raise StudyError(
            f"{study.folder / STUDY_FILE} has no [[schedule]]; expected at least one with name and cron or every"
        )
    return entries


def _print(table: Table) -> None:
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200).print(table)


def _say(sentence: str) -> None:
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {sentence}", err=True)
