"""A study's schedule as tables for a person: what is planned, what comes next, what came of it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.table import Table

from audit.schedule.entry import Entry, in_words
from audit.schedule.moments import COUNTED, Moments
from audit.schedule.records import Records, Run
from audit.study import Study

_TICK = timedelta(microseconds=1)


def list_table(study: Study, entries: tuple[Entry, ...], records: Records, now: datetime) -> Table:
    """Return a row per schedule: when, what, and its last and next run."""
    table = _table("schedule", "when", "accounts", "then", "missed", "last run", "next run")
    accounts = study.accounts()
    for entry in entries:
        numbers = (f"{len(handles)} {name}" for name, handles in entry.wanted(accounts).items())
        last = records.last_run(entry.name)
        table.add_row(
            entry.name,
            rhythm(entry),
            ", ".join(numbers) or "none",
            ", ".join(entry.then) or "-",
            entry.missed,
            f"{last.state} {local(last.started_at, entry.zone)}" if last and last.started_at else "none yet",
            _next(entry, records, now),
        )
    return table


def next_table(entries: tuple[Entry, ...], records: Records, now: datetime, most: int) -> Table:
    """Return the runs that come next, over all schedules."""
    table = _table("begins", "due", "schedule", "why later")
    streams = (_coming(entry, records, now) for entry in entries)
    for _, (begin, due, entry) in zip(
        range(most), heapq.merge(*streams, key=lambda one: one[0]), strict=False
    ):
        jittered = Moments.of(entry, due).jittered(due)
        reasons = [*(["jitter"] if jittered > due else []), *(["quiet hours"] if begin > jittered else [])]
        table.add_row(local(begin, entry.zone), local(due, entry.zone), entry.name, ", ".join(reasons))
    return table


def history_table(runs: list[Run], zones: dict[str, ZoneInfo]) -> Table:
    """Return a row per attempt at a due moment, the newest last."""
    table = _table("due", "schedule", "attempt", "began", "ended", "outcome", "why")
    for run in runs:
        zone = zones.get(run.schedule, ZoneInfo("UTC"))
        many = f" ({run.count}{'+' if run.count == COUNTED else ''} times)" if run.count > 1 else ""
        table.add_row(
            local(run.due_at, zone),
            run.schedule,
            str(run.attempt),
            local(run.started_at, zone),
            local(run.ended_at, zone),
            run.state.replace("_", " ") + many,
            run.why or _steps(run),
        )
    return table


def rhythm(entry: Entry) -> str:
    """Say when an entry is due, in words or as cron has it."""
    if entry.every is None:
        return f"cron {entry.cron} ({entry.time_zone})"
    return f"every {in_words(entry.every).removeprefix('1 ')}"


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as a clock in that zone shows it, with its distance from UTC."""
    if moment is None:
        return "-"
    at = moment.astimezone(zone)
    return f"{at:%a %Y-%m-%d %H:%M:%S} {at:%Z}"


def _next(entry: Entry, records: Records, now: datetime) -> str:
    waiting = records.open_run(entry.name)
    if waiting is not None and waiting.state == "running":
        return "at work"
    if waiting is not None:
        return f"{local(waiting.start_at, entry.zone)}{f' ({waiting.why})' if waiting.why else ''}"
    begin, _, _ = next(_coming(entry, records, now))
    return local(begin, entry.zone)


def _coming(entry: Entry, records: Records, now: datetime) -> Iterator[tuple[datetime, datetime, Entry]]:
    known = records.entry(entry.name)
    is_known = known is not None and known[0] == entry.rhythm
    moments = Moments.of(entry, known[1] if known and is_known else now.replace(microsecond=0))
    for due in moments.coming(now if is_known or entry.cron else now.replace(microsecond=0) - _TICK):
        yield moments.start_of(due), due, entry


def _steps(run: Run) -> str:
    return ", ".join(f"{step['step']} {step['seconds']} s" for step in run.steps)


def _table(*names: str) -> Table:
    return Table(*names, box=None, pad_edge=False)
