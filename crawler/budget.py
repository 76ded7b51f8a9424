"""How much may be asked of a platform per day, remembered across restarts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from crawler.items import Platform
    from crawler.study import CrawlStudy


class OverBudget(IgnoreRequest):
    """The day's budget of a platform is spent; its message is a sentence."""


class Budget:
    """The requests to one platform on the present day (UTC), kept in a small file of the study."""

    def __init__(
        self, path: Path, per_day: int | None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.path = path
        self.per_day = per_day
        self._clock = clock
        self._day, self.spent = _read(path)

    @property
    def spent_today(self) -> int:
        """How much of the present day's budget is spent."""
        return self.spent if self._day == self._clock().date().isoformat() else 0

    def spend(self, requests: int = 1) -> None:
        """Count requests before they are made. Raises OverBudget where the day's budget is spent."""
        today = self._clock().date().isoformat()
        if today != self._day:
            self._day, self.spent = today, 0
        if self.per_day is not None and self.spent + requests > self.per_day:
            raise OverBudget(f"the budget of {self.per_day} requests a day is spent until midnight UTC")
        self.spent += requests
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        temporary.write_bytes(orjson.dumps({"day": self._day, "requests": self.spent}))
        temporary.replace(self.path)


def budget_of(study: CrawlStudy, platform: Platform) -> Budget:
    """Return a platform's budget of requests in a study."""
    path = study.state / f"{platform}.budget.json"
    return Budget(path, study.platform(platform).requests_per_day)


def _read(path: Path) -> tuple[str, int]:
    try:
        note = orjson.loads(path.read_bytes())
        return str(note["day"]), int(note["requests"])
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return "", 0
