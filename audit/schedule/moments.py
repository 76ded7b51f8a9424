"""When an entry of the schedule comes due, and when a run may begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Self

from audit.schedule.cron import Cron
from audit.schedule.entry import Entry

COUNTED = 1_000  # of more missed moments it is only said that there were more


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The moments of a stretch of time at which an entry was due."""

    first: datetime
    last: datetime
    count: int  # at most COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The moments of an entry; an interval is counted from its anchor, the moment at which it was first seen."""

    entry: Entry
    anchor: datetime

    @classmethod
    def of(cls, entry: Entry, anchor: datetime) -> Self:
        """Return the moments of an entry."""
        return cls(entry=entry, anchor=anchor)

    def after(self, moment: datetime) -> datetime:
        """Return the first due moment after another moment."""
        every = self.entry.every
        if every is None:
            return _cron(self.entry).after(moment)
        passed = (moment - self.anchor) // every + 1
        return self.anchor + max(passed, 0) * every

    def coming(self, moment: datetime) -> Iterator[datetime]:
        """Yield the due moments after another moment, without end."""
        while True:
            moment = self.after(moment)
            yield moment

    def between(self, after: datetime, until: datetime) -> Due | None:
        """Return what came due after a moment, until and with another; None where nothing did."""
        first = self.after(after)
        if first > until:
            return None
        count, last = 0, first
        for due in self.coming(after):
            if due > until or count == COUNTED:
                break
            count, last = count + 1, due
        return Due(first=first, last=self._last(last, until) if count == COUNTED else last, count=count)

    def _last(self, after: datetime, until: datetime) -> datetime:
        """Return the last due moment of a long stretch, looking back from its end further and further."""
        back = timedelta(minutes=1)
        while until - back > after and self.after(until - back) > until:
            back *= 4
        last = after
        for due in self.coming(max(after, until - back)):
            if due > until:
                break
            last = due
        return last

    def start_of(self, due: datetime) -> datetime:
        """Return when a run will begin where nothing else holds it up: jitter later, and not in quiet hours."""
        begin = self.jittered(due)
        return self.entry.quiet_until(begin) or begin

    def jittered(self, due: datetime) -> datetime:
        """Return a due moment with its jitter, which is the same whenever it is asked for."""
        key = f"{self.entry.name} {due.isoformat()}".encode()
        share = int.from_bytes(blake2b(key, digest_size=4).digest(), "big") / 2**32
        return due + timedelta(seconds=round(share * self.entry.jitter.total_seconds()))


@lru_cache(maxsize=64)
def _cron(entry: Entry) -> Cron:
    return Cron(entry.cron, entry.zone)
