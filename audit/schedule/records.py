"""What is written down of every run: one row for each attempt at each due moment, in a small database of the study."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

State = Literal[
    "waiting", "running", "done", "partial", "blocked", "failed", "interrupted", "put_off", "missed"
]
OPEN: tuple[State, State] = ("waiting", "running")
FILE = "schedule.sqlite"
_MOMENTS = ("due_at", "start_at", "started_at", "ended_at")
_SCHEMA = """
create table if not exists entry (
    name text primary key, rhythm text not null, anchor text not null, seen_at text not null
);
create table if not exists run (
    schedule text not null, due_at text not null, attempt integer not null, state text not null,
    start_at text not null, started_at text, ended_at text, count integer not null default 1,
    why text not null default '', steps text not null default '[]',
    primary key (schedule, due_at, attempt)
);
create index if not exists run_state on run (state, start_at);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at what an entry was due to do. `count` is above 1 where several due moments were missed."""

    schedule: str
    due_at: datetime
    attempt: int
    state: State
    start_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    count: int = 1
    why: str = ""
    steps: tuple[dict[str, Any], ...] = ()


class Records:
    """The records of a study's schedule.

    That a due moment is begun once rests on this file alone: `begin` succeeds for one of any number of schedulers.
    Every change is whole or not there, after a kill or a power cut too.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute(f"pragma synchronous = {'full' if durable else 'off'}")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Do all of a block or nothing of it; other processes wait meanwhile."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # Entries: from when on they count, and up to when their due moments are written down.

    def entry(self, name: str) -> tuple[str, datetime, datetime] | None:
        """Return an entry's rhythm, anchor and the moment up to which it was looked at; None where it is new."""
        row = self._db.execute("select * from entry where name = ?", [name]).fetchone()
        return None if row is None else (row["rhythm"], _moment(row["anchor"]), _moment(row["seen_at"]))

    def see(self, name: str, rhythm: str, anchor: datetime, seen_at: datetime) -> None:
        """Write down up to when an entry was looked at."""
        values = [name, rhythm, _text(anchor), _text(seen_at)]
        self._db.execute("insert or replace into entry values (?, ?, ?, ?)", values)

    # Runs.

    def add(self, run: Run) -> bool:
        """Write a run down; tell whether it was not there yet."""
        values = {field.name: getattr(run, field.name) for field in fields(Run)}
        values |= {name: values[name] and _text(values[name]) for name in _MOMENTS}
        values["steps"] = json.dumps(values["steps"])
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        added = self._db.execute(f"insert or ignore into run ({names}) values ({marks})", values)  # noqa: S608
        return added.rowcount == 1

    def begin(self, run: Run, now: datetime) -> bool:
        """Claim a run that waits; tell whether it was still waiting."""
        return self._change(run, ("waiting",), state="running", started_at=_text(now), why="")

    def end(self, run: Run, state: State, why: str = "", ended_at: datetime | None = None) -> bool:
        """Write down how a run ended; tell whether it had not ended before."""
        return self._change(run, OPEN, state=state, why=why, ended_at=_text(ended_at) if ended_at else None)

    def delay(self, run: Run, start_at: datetime, why: str) -> bool:
        """Let a run wait longer, without an attempt of its own."""
        return self._change(run, ("waiting",), start_at=_text(start_at), why=why)

    def note_steps(self, run: Run, steps: Sequence[dict[str, Any]]) -> None:
        """Write down what a run's steps came to so far."""
        self._change(run, ("running", "interrupted"), steps=json.dumps(list(steps)))

    def _change(self, run: Run, states: Sequence[State], **values: str | None) -> bool:
        setting = ", ".join(f"{name} = ?" for name in values)
        marks = ", ".join("?" for _ in states)
        key = [run.schedule, _text(run.due_at), run.attempt, *states]
        where = f"schedule = ? and due_at = ? and attempt = ? and state in ({marks})"
        done = self._db.execute(f"update run set {setting} where {where}", [*values.values(), *key])  # noqa: S608
        return done.rowcount == 1

    def waiting(self) -> list[Run]:
        """Return all runs that wait, in the order in which they came due."""
        return self._select("where state = 'waiting' order by due_at, schedule")

    def running(self) -> list[Run]:
        """Return all runs that began and whose end is not written down."""
        return self._select("where state = 'running' order by due_at")

    def open_run(self, schedule: str, *states: State) -> Run | None:
        """Return a run of an entry that is at work or else waits; only one in these states where some are given."""
        among = json.dumps(states or OPEN)
        where = "where schedule = ? and state in (select value from json_each(?)) order by state limit 1"
        found = self._select(where, schedule, among)
        return found[0] if found else None

    def attempts(self, run: Run) -> list[Run]:
        """Return all attempts at a run's due moment, the first one first."""
        where = "where schedule = ? and due_at = ? order by attempt"
        return self._select(where, run.schedule, _text(run.due_at))

    def last_run(self, schedule: str) -> Run | None:
        """Return the run of an entry that began last."""
        where = "where schedule = ? and started_at is not null order by started_at desc limit 1"
        found = self._select(where, schedule)
        return found[0] if found else None

    def history(self, most: int, schedule: str = "") -> list[Run]:
        """Return the newest runs, the newest last."""
        where = "where schedule = ?" if schedule else "where ? = ''"
        found = self._select(f"{where} order by due_at desc, attempt desc limit ?", schedule, most)
        return found[::-1]

    def _select(self, rest: str, *values: object) -> list[Run]:
        return [_run(row) for row in self._db.execute(f"select * from run {rest}", values)]  # noqa: S608


def _run(row: sqlite3.Row) -> Run:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Row iterates over its values
    values |= {name: values[name] and _moment(values[name]) for name in _MOMENTS}
    return Run(**values | {"steps": tuple(json.loads(values["steps"]))})


def _text(moment: datetime) -> str:
    """Return a moment as text that sorts as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
