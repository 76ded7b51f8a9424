"""`uitzicht load`: bring a study's feeds into its warehouse and publish it."""

from __future__ import annotations

import click
from rich.progress import TaskID

from audit.commands.options import console, counted, progress, study_argument
from audit.exits import Exit
from audit.steps.load import Loaded, load
from audit.study import Study


@click.command(name="load")
@study_argument
def command(study: Study) -> Exit:
    """Load the register and all new feeds of STUDY, tell each new text's language, and publish the warehouse.

    A feed is loaded wholly or not at all, and once. One that cannot be read is named and the others are loaded.
    Exit status: 0 all is loaded, 3 some feeds were refused, 1 all were.

    \b
    Examples:
      uitzicht load mystudy
      uitzicht load mystudy/study.toml
    """
    report = run_load(study).report
    if not report.refused:
        return Exit.SUCCESS
    return Exit.PARTIAL if report.loaded or report.skipped else Exit.FAILURE


def run_load(study: Study) -> Loaded:
    """Load with a bar per step, and print what was added and each feed that was refused."""
    with progress() as bars:
        tasks: dict[str, TaskID] = {}

        def on_step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        loaded = load(study, on_step=on_step)
    _show(loaded)
    console.print(f"Published: {study.warehouse}")
    return loaded


def _show(loaded: Loaded) -> None:
    report = loaded.report
    for sentence in report.refused:
        console.print(f"Refused: {sentence}")
    console.print(
        f"{counted(report.loaded, 'feed')} loaded, {report.skipped} known already, {len(report.refused)} refused; "
        f"{counted(report.posts_new, 'new post')}, {counted(report.versions_new, 'new version')}, "
        f"{counted(report.snapshots_new, 'snapshot')}, {counted(loaded.texts, 'new text')}, "
        f"{counted(report.parse_errors, 'record')} that could not be read."
    )
