"""The run at work: how long it may take, and what is done about one that takes longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.schedule.budgets import Spent
from audit.schedule.child import Working
from audit.schedule.entry import in_words
from audit.schedule.records import Run

GRACE = timedelta(minutes=10)  # so long a run that was told to stop may end what it has in hand


@dataclass(slots=True, kw_only=True)
class Current:
    """A run at work, the platforms whose budget it found spent, and since when it was told that its time is over."""

    run: Run
    working: Working
    put_off: tuple[Spent, ...]
    begun_at: datetime
    time_limit: timedelta
    stopped_at: datetime | None = None

    @property
    def look_at(self) -> datetime:
        """The moment from which it has taken too long: its time limit, and once stopped, what it had in hand."""
        return self.begun_at + self.time_limit if self.stopped_at is None else self.stopped_at + GRACE

    @property
    def why(self) -> str:
        """Say why it was stopped."""
        return f"its time limit of {in_words(self.time_limit)} was over"

    def hold_to_time(self, now: datetime) -> str:
        """Stop a run that takes too long, at once where it does not listen; return what was done, "" for nothing."""
        if now < self.look_at:
            return ""
        if self.stopped_at is None:
            self.working.stop()
            done = "it ends what it has in hand"
        else:
            self.working.kill()
            done = f"it did not end within {in_words(GRACE)} and was ended at once"
        self.stopped_at = now
        return f"{self.run.schedule}: {self.why}; {done}"


def took_too_long(run: Run, time_limit: timedelta) -> bool:
    """Tell whether an attempt ended because its time was over."""
    if run.started_at is None or run.ended_at is None:
        return False
    return run.state == "interrupted" and run.ended_at - run.started_at >= time_limit
