"""`uitzicht audit`: crawl, load, code and report in one go."""

from __future__ import annotations

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
    steps = ("Crawling", "Loading", "Coding", "Reporting")
    console.rule(f"1/4 {steps[0]}", align="left")
    crawled = run_crawl(study)
    show_outcomes(crawled)
    for number, (name, step) in enumerate(zip(steps[1:], (run_load, run_code, run_report), strict=True), 2):
        console.rule(f"{number}/4 {name}", align="left")
        step(study)
    return crawled.exit
