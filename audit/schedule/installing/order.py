"""What is to be installed: which study, how often the machine looks, and which credentials it must know."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Self

from audit.schedule.entry import Entry
from audit.schedule.installing.calling import InstallError
from audit.schedule.moments import Moments
from audit.study import Study
from crawler.routes import LADDERS

OFTEN, SELDOM = 1, 5  # minutes
_MANY = 500  # due moments looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A study's schedule as the machine must know it. `minutes` is how often it looks whether a run is due."""

    folder: Path
    minutes: int = SELDOM
    credentials: tuple[str, ...] = ()

    @classmethod
    def of(cls, study: Study, entries: Sequence[Entry]) -> Self:
        """Return the order of a study. Raises InstallError where a timer cannot do what is asked."""
        if re.search(r"[\x00-\x1f]", str(study.folder)):
            raise InstallError(f"{str(study.folder)!r} has a line break in its name; no timer can hold it")
        for entry in entries:
            if entry.every is not None and entry.every < timedelta(minutes=1):
                seconds = int(entry.every.total_seconds())
                raise InstallError(
                    f"schedule {entry.name!r} is every {seconds} seconds; a timer looks once a minute at most. "
                    f"Keep running instead: uitzicht schedule run {study.folder}"
                )
        return cls(
            folder=study.folder,
            minutes=OFTEN if any(map(_needs_often, entries)) else SELDOM,
            credentials=_credentials(study, entries),
        )

    @property
    def slug(self) -> str:
        """The name of what is installed, another one for every study folder."""
        safe = re.sub(r"[^a-z0-9]+", "-", self.folder.name.lower()).strip("-")[:40]
        mark = blake2b(str(self.folder).encode("utf-8", "surrogateescape"), digest_size=3).hexdigest()
        return "-".join(part for part in ("uitzicht", safe, mark) if part)

    @property
    def words(self) -> list[str]:
        """The command that a timer calls."""
        return [sys.executable, "-P", "-m", "audit", "schedule", "run", "--once", str(self.folder)]


def _needs_often(entry: Entry) -> bool:
    if entry.every is not None:
        return entry.every < timedelta(hours=1)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    coming = islice(Moments.of(entry, begin).coming(begin), _MANY)
    return any(due.minute % SELDOM for due in coming)


def _credentials(study: Study, entries: Sequence[Entry]) -> tuple[str, ...]:
    accounts = study.accounts() if entries else []
    platforms = [name for name in LADDERS if any(name in entry.wanted(accounts) for entry in entries)]
    return tuple(
        credential for name in platforms for route in LADDERS[name] for credential in route.credentials
    )
