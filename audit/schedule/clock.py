"""The time, as a scheduler asks for it and waits for it to pass; a test brings a clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

_SLICE = 0.5  # seconds: so soon a signal or the end of a run is noticed


class Clock(Protocol):
    """What a scheduler needs of a clock."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""

    def wait(self, seconds: float, is_woken: Callable[[], bool]) -> None:
        """Return when so many seconds passed, or earlier when something happened."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)

    def wait(self, seconds: float, is_woken: Callable[[], bool]) -> None:
        """Sleep in slices: a signal's code may not safely wake a sleeping thread by a lock, on every system."""
        end = time.monotonic() + seconds
        while not is_woken() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))
