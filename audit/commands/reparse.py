"""`uitzicht reparse`: read the archive again."""

from __future__ import annotations

import click

from audit.commands.options import console, counted, progress, study_argument
from audit.exits import Exit
from audit.study import Study
from crawler.feed import feed_files
from crawler.reparse import reparse


@click.command(name="reparse")
@study_argument
def command(study: Study) -> Exit:
    """Make the feeds of STUDY anew from its archive, without the network.

    Use it after an update: what a newer version reads better is read better in all that was ever collected. Load
    afterwards, to bring it into the warehouse.

    \b
    Example:
      uitzicht reparse mystudy && uitzicht load mystudy && uitzicht code mystudy
    """
    total = len(feed_files(study.feeds))
    changed = missing = posts = count = 0
    with progress() as bars:
        task = bars.add_task("feeds", total=total)
        for one in reparse(study):
            bars.advance(task)
            count, posts = count + 1, posts + one.posts
            changed += one.posts != one.posts_before
            missing += one.missing > 0
            if one.missing:
                console.print(f"{one.feed}: {one.missing} captures are not in the archive; left as it was.")
    console.print(
        f"{counted(count, 'feed')} read again, {counted(posts, 'sighting')} of posts; "
        f"{changed} with another number of posts."
    )
    return Exit.PARTIAL if missing else Exit.SUCCESS
