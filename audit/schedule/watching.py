"""A study file that a person may change while its scheduler runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from audit.schedule.entry import Entry
from audit.schedule.reading import read_entries
from audit.study import Study
from crawler.errors import CrawlerError
from crawler.study import STUDY_FILE


class WatchedStudy:
    """A study and its schedules, read again when the file changes; a change with a fault in it waits for its repair.

    Raises StudyError where the file has a fault to begin with.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / STUDY_FILE
        self._seen = self._mark()
        self.study = Study.read(folder)
        self.entries: tuple[Entry, ...] = read_entries(self.study)

    def find(self, name: str) -> Entry | None:
        """Return the schedule of that name, None where there is none."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def refresh(self, say: Callable[[str], None]) -> None:
        """Read the file again where it changed."""
        mark = self._mark()
        if mark == self._seen:
            return
        self._seen = mark
        try:
            study = Study.read(self._file)
            self.entries = read_entries(study)
            self.study = study
            say(f"{self._file} has changed; {len(self.entries)} schedules")
        except CrawlerError as error:
            say(f"{error}; the schedules stay as they were")

    def _mark(self) -> tuple[int, int]:
        try:
            found = self._file.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size
