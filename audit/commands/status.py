"""`uitzicht status`: where a study stands."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from audit.commands.options import study_argument
from audit.study import Study
from crawler.browser import find_chromium
from crawler.crawl import read_crawls
from crawler.feed import feed_files, read_feed
from crawler.items import PLATFORMS
from crawler.routes import choose_routes
from crawler.study import HOME


@click.command(name="status")
@study_argument
def command(study: Study) -> None:
    """Say where STUDY stands: its accounts and routes, what was crawled and how it ended, what is made of it.

    \b
    Example:
      uitzicht status mystudy
    """
    out = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    out.print(f"{study.title}\n{study.folder}\nwindow: {study.since} to {study.until or 'today'}\n")
    out.print(_routes(study))
    out.print(_crawls(study))
    for name, path in (("warehouse", study.warehouse), ("report", study.report_file)):
        if path.exists():
            out.print(f"{name}: {path}, of {_when(datetime.fromtimestamp(path.stat().st_mtime, HOME))}")
        else:
            out.print(f"{name}: none yet")


def _routes(study: Study) -> Table:
    accounts = Counter(account.platform for account in study.accounts())
    table = Table(
        "platform", "accounts", "routes", "not usable", box=None, pad_edge=False, title_justify="left"
    )
    for platform in PLATFORMS:
        if accounts[platform]:
            ladder = choose_routes(study, platform, browser=find_chromium() is not None)
            usable = ", ".join(route.name for route in ladder.usable) or "none"
            table.add_row(platform, str(accounts[platform]), usable, ladder.why_none)
    return table


def _crawls(study: Study) -> Table:
    notes = {note["crawl_id"]: note for note in read_crawls(study.feeds)}
    outcomes: dict[str, Counter[str]] = {crawl_id: Counter() for crawl_id in notes}
    for feed in feed_files(study.feeds):
        told = [record["outcome"] for record in read_feed(feed) if record["record"] == "outcome"]
        outcomes.setdefault(feed.parent.name, Counter()).update(told)
    table = Table("crawl", "ended", "outcomes", box=None, pad_edge=False)
    for crawl_id, counts in sorted(outcomes.items()):
        kinds = ", ".join(f"{number} {kind}" for kind, number in counts.most_common()) or "none yet"
        table.add_row(crawl_id, _ended(notes.get(crawl_id)), kinds)
    return table


def _ended(note: dict[str, Any] | None) -> str:
    if note is None:
        return "imported"
    finished = note.get("finished_at")
    return (
        _when(datetime.fromisoformat(finished).astimezone(HOME))
        if finished
        else "not yet; crawl goes on with it"
    )


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
