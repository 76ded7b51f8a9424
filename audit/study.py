"""The study file whole: what a crawl needs of it, and what coding and report need besides."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from crawler.study import CrawlStudy, Table


class CodebookTable(Table):
    """`[codebook]`: a file of the study's own, which adds to the default codebook, changes it or replaces it."""

    file: str = ""


class ReportTable(Table):
    """`[report]`: in which language, and how many example posts a theme."""

    language: Literal["nl", "en"] = "nl"
    examples: int = Field(default=3, ge=0, le=50)


class Study(CrawlStudy):
    """A study: one question, asked of a list of accounts over one window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    codebook: CodebookTable = CodebookTable()
    report: ReportTable = ReportTable()

    @property
    def working_warehouse(self) -> Path:
        """The loader's own database, which nobody else opens."""
        return self.folder / "warehouse" / "working.duckdb"

    @property
    def warehouse(self) -> Path:
        """The published database, which anybody may open at any time."""
        return self.folder / "warehouse.duckdb"

    @property
    def report_file(self) -> Path:
        """Where the report goes."""
        return self.folder / "report.html"

    @property
    def logs(self) -> Path:
        """The folder of logs, one file per crawl."""
        return self.folder / "logs"
