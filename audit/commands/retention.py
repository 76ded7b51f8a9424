"""`uitzicht retention`: list and delete what may not be kept any longer."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from audit.commands.options import console, counted, study_argument
from audit.exits import Exit
from audit.forgetting.retention import PastTime, delete, find_all_past_time
from audit.study import Study


@click.command(name="retention")
@study_argument
@click.option("--apply", "is_applied", is_flag=True, help="Delete it.")
def command(study: Study, is_applied: bool) -> Exit:
    """List what of STUDY is past its time: API data not seen again within the days that the study file allows.

    YouTube's rules want data of its API refreshed or deleted within 30 days, which is what holds unless the study
    file says otherwise ([retention], youtube.data_api = 30). A crawl refreshes what it sees again; what an answer
    showed of an account (name, description, followers) goes with that answer's time, and the newer one stays.
    --apply deletes the rest in warehouse, feeds, archive, exports and files as `uitzicht forget` does; it may be
    collected again. Figures that were published before are not recalled; write them down with their date.

    \b
    Examples:
      uitzicht retention mystudy
      uitzicht crawl mystudy && uitzicht load mystudy && uitzicht retention mystudy --apply
    """
    for past in find_all_past_time(study, datetime.now(UTC)):
        _show(past)
        if is_applied:
            _delete(study, past)
    return Exit.SUCCESS


def _delete(study: Study, past: PastTime) -> None:
    done = delete(study, past)
    for sentence in done.notes:
        console.print(sentence)
    for what, number in (+done.counts).items():
        console.print(f"{number:8,}  {what}")
    console.print(
        f"Deleted: {counted(len(past.posts), 'post')}, {counted(past.profiles.total(), 'profile')} of accounts, "
        f"{counted(past.captures, 'capture')}."
    )


def _show(past: PastTime) -> None:
    of, days = past.brought, past.days
    console.print(
        f"{of.platform}.{of.route}: {len(past.posts)} posts and {past.captures} captures are older than "
        f"{days} days and were not seen again."
    )
    _list([f"{of.platform}/{post_id}, last seen {seen:%Y-%m-%d}" for post_id, seen in past.posts.items()])
    if past.profiles:
        console.print(
            f"{of.platform}.{of.route}: what {past.profiles.total()} answers showed of {len(past.profiles)} "
            f"accounts is older than {days} days."
        )
        _list([f"{of.platform}/{account}, {number} times" for account, number in past.profiles.items()])


def _list(lines: list[str]) -> None:
    for line in lines[:10]:
        console.print(f"    {line}")
    if len(lines) > 10:
        console.print(f"    and {len(lines) - 10} more")
