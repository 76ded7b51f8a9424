"""`uitzicht crawl`: visit a study's accounts."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import TaskID
from rich.table import Table

from audit.commands.options import console, counted, progress, study_argument
from audit.exits import Exit
from audit.steps.crawl import Crawled, crawl
from audit.study import Study
from crawler.items import PLATFORMS, Outcome, Platform
from crawler.spiders.platform import PlatformSpider


@click.command(name="crawl")
@study_argument
@click.option(
    "--platform", "platforms", type=click.Choice(PLATFORMS), multiple=True, help="Only this platform."
)
@click.option("--account", "accounts", multiple=True, help="Only this account (a handle or its address).")
@click.option(
    "--replay",
    type=click.Path(exists=True, path_type=Path),
    help="An archive that answers instead of the network.",
)
def command(
    study: Study, platforms: tuple[Platform, ...], accounts: tuple[str, ...], replay: Path | None
) -> Exit:
    """Visit the accounts of STUDY and keep what the platforms send.

    An interrupted crawl is gone on with. Every account ends in one outcome; a wall is told, never got around.
    Exit status: 0 every account told what it has, 3 some did not, 4 none did.

    \b
    Examples:
      uitzicht crawl mystudy
      uitzicht crawl mystudy --platform youtube --account @rocdommeldal
      uitzicht crawl mystudy --replay mystudy/archive
    """
    crawled = run_crawl(study, platforms, accounts, replay)
    show_outcomes(crawled)
    return crawled.exit


def run_crawl(
    study: Study,
    platforms: tuple[Platform, ...] = (),
    accounts: tuple[str, ...] = (),
    replay: Path | None = None,
) -> Crawled:
    """Crawl with a bar per platform."""
    with progress() as bars:
        tasks: dict[str, TaskID] = {}

        def on_progress(spider: PlatformSpider) -> None:
            name = spider.name
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=len(spider.accounts))
            bars.update(tasks[name], completed=len(spider.outcomes))

        return crawl(study, platforms=platforms, accounts=accounts, replay=replay, on_progress=on_progress)


def show_outcomes(crawled: Crawled) -> None:
    """Print what all accounts ended in, and why some are not simply complete."""
    rest = [outcome for outcome in crawled.outcomes if outcome.outcome != "complete"]
    if rest:
        console.print(_table(rest))
    counts = ", ".join(f"{number} {kind}" for kind, number in crawled.counts.most_common())
    posts = sum(outcome.posts_collected for outcome in crawled.outcomes)
    console.print(
        f"{counted(len(crawled.outcomes), 'account')} visited ({counts or 'none'}); {counted(posts, 'post')} seen."
    )
    for sentence in crawled.errors:
        console.print(f"Not crawled: {sentence}")
    if not crawled.finished:
        console.print("The crawl was interrupted; the same command goes on with it.")
    console.print(f"Log: {crawled.log}")


def _table(outcomes: list[Outcome]) -> Table:
    """Return a row for each reason, with the accounts that share it."""
    table = Table("platform", "outcome", "accounts", "posts", "why", box=None, pad_edge=False)
    reasons: dict[tuple[str, str, str], list[Outcome]] = {}
    for one in outcomes:
        reasons.setdefault((one.platform, one.outcome, one.sign), []).append(one)
    for (platform, kind, sign), of in reasons.items():
        names = ", ".join(one.account for one in of[:2]) + (f" and {len(of) - 2} more" if len(of) > 2 else "")
        table.add_row(platform, kind, names, str(sum(one.posts_collected for one in of)), sign)
    return table
