"""`uitzicht report`: the answer, on one page that opens offline."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from audit.commands.options import study_argument
from audit.report import Report, write_report
from audit.report.language import CODES, Code
from audit.report.summary import summary
from audit.study import Study


@click.command(name="report")
@study_argument
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the page goes; else report.html in the study's folder.",
)
@click.option("--language", type=click.Choice(CODES), help="Dutch or English; else as the study file says.")
def command(study: Study, output: Path | None, language: Code | None) -> None:
    """Write the report of STUDY as one HTML file, and say the answer.

    It reads the published warehouse, so load and code first. The file needs no network and holds no script.

    \b
    Examples:
      uitzicht report mystudy
      uitzicht report mystudy --language en --output report-en.html
    """
    run_report(study, output=output, language=language)


def run_report(study: Study, *, output: Path | None = None, language: Code | None = None) -> Report:
    """Write the report and print its summary and where it is."""
    report = write_report(study, output=output, language=language)
    out = Console(highlight=False, markup=False, soft_wrap=True)
    out.print(summary(report.figures, report.language))
    out.print(f"\n{report.path}")
    return report
