"""The study file whole: what a crawl needs of it, and what coding and report need besides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from crawler.items import PLATFORMS, Platform
from crawler.study import CrawlStudy, Table

Days = Annotated[int, Field(ge=1, le=36_500)]
DEFAULT_RETENTION: dict[Platform, dict[str, int]] = {"youtube": {"data_api": 30}}


class CodebookTable(Table):
    """`[codebook]`: a file of the study's own, which adds to the default codebook, changes it or replaces it."""

    file: str = ""


class ReportTable(Table):
    """`[report]`: in which language, and how many example posts a theme."""

    language: Literal["nl", "en"] = "nl"
    examples: int = Field(default=3, ge=0, le=50)


class RetentionTable(Table):
    """`[retention]`: for how many days rows of a platform's route are kept without being seen again.

    YouTube's rules for developers (III.E.4) want API data refreshed or deleted within 30 days.
    """

    instagram: dict[str, Days] = Field(default_factory=dict)
    tiktok: dict[str, Days] = Field(default_factory=dict)
    youtube: dict[str, Days] = Field(default_factory=dict)
    linkedin: dict[str, Days] = Field(default_factory=dict)

    def limits(self) -> Iterator[tuple[Platform, str, int]]:
        """Yield platform, route and days of every limit."""
        for platform in PLATFORMS:
            own: dict[str, int] = getattr(self, platform)
            for route, days in (DEFAULT_RETENTION.get(platform, {}) | own).items():
                yield platform, route, days


class ExportTable(Table):
    """`[export]`: whom a citation names ("Last name, First name"), and the licence of what is shared (SPDX)."""

    authors: tuple[str, ...] = ()
    licence: str = Field(default="", pattern=r"^[A-Za-z0-9.+-]*$")


class Study(CrawlStudy):
    """A study: one question, asked of a list of accounts over one window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: Literal["own", "research"] = "research"
    codebook: CodebookTable = CodebookTable()
    report: ReportTable = ReportTable()
    retention: RetentionTable = RetentionTable()
    export: ExportTable = ExportTable()
    schedule: Any = ()  # read by audit.schedule.reading

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
