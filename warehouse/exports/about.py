"""What an export says of itself and of the study it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class About:
    """The study: its title, window and authors; `licence` is an SPDX identifier, "" where none was named.

    `coverage` says whose posts answers count: of accounts seen completely, or "all".
    """

    title: str
    software: str
    since: date | None = None
    until: date | None = None
    coverage: str = "complete"
    licence: str = ""
    authors: tuple[str, ...] = ()
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days whose posts are exported, both included; None where open."""

    since: date | None = None
    until: date | None = None

    def within(self, about: About) -> Window:
        """Return the days that answers are over: the study's where the window is open."""
        return Window(since=self.since or about.since, until=self.until or about.until)

    def __str__(self) -> str:
        if self.since is None and self.until is None:
            return "all days"
        return f"{self.since or 'the first day'} to {self.until or 'the last'}"


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export that was written: its files, the rows of its tables, and what a reader must know."""

    folder: Path
    files: tuple[str, ...]
    rows: Mapping[str, int]
    notes: tuple[str, ...]
