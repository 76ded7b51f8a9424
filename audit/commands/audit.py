"""`uitzicht audit`: crawl, load, code and report in one go."""

from __future__ import annotations

from collections.abc import Callable

import click

from audit.commands.code import run_code
from audit.commands.crawl import run_crawl, show_outcomes
from audit.commands.load import run_load
from audit.commands.options import console, study_argument
from audit.commands.report import run_report
from audit.exits import Exit
from audit.study import Study


@click.command(name="audit")
@study_argument
def command(study: Study) -> Exit:
    """Crawl the accounts of STUDY, load and code what came, and write the report.

    The exit status is that of the crawl: 0 every account told what it has, 3 some did not, 4 none did.

    \b
    Example:
      uitzicht audit mystudy
    """
    console.rule("1/4 Crawling", align="left")
    crawled = run_crawl(study)
    show_outcomes(crawled)
    steps: list[tuple[str, Callable[[Study], object]]] = [
        ("Loading", run_load),
        ("Coding", run_code),
        ("Reporting", run_report),
    ]
    for number, (name, step) in enumerate(steps, 2):
        console.rule(f"{number}/4 {name}", align="left")
        step(study)
    return crawled.exit
