"""`uitzicht retention`: list and delete what may not be kept any longer."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from audit.commands.options import console, study_argument
from audit.exits import Exit
from audit.forgetting.retention import PastTime, delete, find_all_past_time
from audit.study import Study


@click.command(name="retention")
@study_argument
@click.option("--apply", "is_applied", is_flag=True, help="Delete it.")
def command(study: Study, is_applied: bool) -> Exit:
    """List what of STUDY is past its time: API data not seen again within the days that the study file allows.

    YouTube's rules want data of its API refreshed or deleted within 30 days, which is what holds unless the study
    file says otherwise ([retention], youtube.data_api = 30). A crawl refreshes what it sees again. --apply deletes
    the rest in warehouse, feeds, archive and files as `uitzicht forget` does; it may be collected again. Figures
    that were published before are not recalled; write them down with their date.

    \b
    Examples:
      uitzicht retention mystudy
      uitzicht crawl mystudy && uitzicht load mystudy && uitzicht retention mystudy --apply
    """
    for past in find_all_past_time(study, datetime.now(UTC)):
        _show(past)
        if is_applied:
            done = delete(study, past)
            for sentence in done.notes if done else ():
                console.print(sentence)
            console.print(f"Deleted: {len(past.posts)} posts, {past.captures} captures.")
    return Exit.SUCCESS


def _show(past: PastTime) -> None:
    console.print(
        f"{past.platform}.{past.route}: {len(past.posts)} posts and {past.captures} captures are older than "
        f"{past.days} days and were not seen again."
    )
    for post_id, seen in list(past.posts.items())[:10]:
        console.print(f"    {past.platform}/{post_id}, last seen {seen:%Y-%m-%d}")
    if len(past.posts) > 10:
        console.print(f"    and {len(past.posts) - 10} more")
