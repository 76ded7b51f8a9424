"""The one process that sees to a study's schedule: what came due is begun once, one run at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from filelock import FileLock, Timeout

from audit.exits import Exit
from audit.schedule.budgets import Accounts, find_spent, find_work, left_to_visit, renewal
from audit.schedule.child import LOG, Job, Launch
from audit.schedule.clock import Clock
from audit.schedule.current import Current, took_too_long
from audit.schedule.entry import Entry
from audit.schedule.moments import Due, Moments
from audit.schedule.records import Records, Run, State
from audit.schedule.watching import WatchedStudy
from audit.study import Study
from crawler.errors import CrawlerError

LOCK = "schedule.lock"
IN_TIME = timedelta(minutes=10)  # a run that begins later was missed
BUSY = timedelta(seconds=5)  # so long a run waits before it looks again whether another one is over
BREAKS = 3  # a run that was cut off so often is left to the next due moment
_TICK = timedelta(microseconds=1)
_STATES: dict[int, State] = {Exit.SUCCESS: "done", Exit.PARTIAL: "partial", Exit.BLOCKED: "blocked"}
_EXITS: dict[State, Exit] = {"partial": Exit.PARTIAL, "blocked": Exit.BLOCKED, "failed": Exit.FAILURE}
_WORSE = (Exit.SUCCESS, Exit.PARTIAL, Exit.BLOCKED, Exit.FAILURE, Exit.INTERRUPTED)


class Busy(CrawlerError):
    """Another scheduler sees to this study."""


def guard(study: Study) -> FileLock:
    """Return the lock of a study's scheduler, held; raises Busy where another process holds it."""
    study.state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(study.state / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"{study.folder}: another scheduler of this study is at work; one is enough") from None
    return lock


class Scheduler:
    """Sees to the schedule until it is stopped, or until nothing is left to begin now."""

    def __init__(
        self,
        watched: WatchedStudy,
        records: Records,
        *,
        launch: Launch,
        clock: Clock,
        say: Callable[[str], None],
        longest_wait: float = 30.0,
    ) -> None:
        self.watched = watched
        self.records = records
        self.stops = 0
        self.exit = Exit.SUCCESS
        self._launch = launch
        self._clock = clock
        self._say = say
        self._longest_wait = longest_wait
        self._current: Current | None = None

    def stop(self) -> None:
        """Stop cleanly; asked for twice, at once. Safe to call from a signal handler."""
        self.stops += 1

    def serve(self, *, once: bool = False) -> Exit:
        """Begin what is due, whenever it is due; with `once`, return when all that is due now has been done."""
        self.recover()
        while not self.stops:
            self.tick()
            if once and self._current is None and not self._may_begin(self._clock.now()):
                return self.exit
            self._clock.wait(self._pause(), self._is_woken)
        self._halt()
        return self.exit if self.exit == Exit.INTERRUPTED else Exit.SUCCESS

    def recover(self) -> None:
        """Mark the runs whose end was never written down, and let them be gone on with."""
        for run in self.records.running():
            why = "no end was written down: the scheduler or the machine was stopped at once"
            self._interrupt(run, why, ended_at=None)

    def tick(self) -> None:
        """Look once: at the run at work, at the study file, at what came due, at what may begin."""
        now = self._clock.now()
        code = self._current.working.poll() if self._current else None
        if code is not None:
            self._finish(code, now)
        elif self._current and (done := self._current.hold_to_time(now)):
            self._say(done)
        self.watched.refresh(self._say)
        self._begin_next(now)  # before what comes due now is held against what still waits
        for entry in self.watched.entries:
            self._notice(entry, now)
        self._begin_next(now)

    # What came due.

    def _notice(self, entry: Entry, now: datetime) -> None:
        known = self.records.entry(entry.name)
        if known is None or known[0] != entry.rhythm:  # new, or another rhythm: it counts from now on
            anchor = now.replace(microsecond=0)
            seen_at = anchor - _TICK if entry.every else now
        else:
            _, anchor, seen_at = known
        moments = Moments.of(entry, anchor)
        due = moments.between(min(seen_at, now), now)
        if due is None and known is not None and known[0] == entry.rhythm:
            return
        with self.records.together():
            if due is not None:
                self._write_due(moments, due, now)
            self.records.see(entry.name, entry.rhythm, anchor, due.last if due else seen_at)

    def _write_due(self, moments: Moments, due: Due, now: datetime) -> None:
        entry = moments.entry
        before = self.records.open_run(entry.name, "waiting")
        if before is not None:
            self._miss(entry, due, due.count, f"the run due {_when(before.due_at)} was still waiting")
        elif entry.missed == "skip" and now - due.last > IN_TIME:
            self._miss(entry, due, due.count, "no scheduler was at work")
        else:
            if due.count > 1:
                why = f"no scheduler was at work; the run due {_when(due.last)} makes up for it"
                self._miss(entry, due, due.count - 1, why)
            start_at = moments.jittered(due.last)
            self.records.add(
                Run(schedule=entry.name, due_at=due.last, attempt=1, state="waiting", start_at=start_at)
            )

    def _miss(self, entry: Entry, due: Due, count: int, why: str) -> None:
        first = due.first
        missed = Run(
            schedule=entry.name, due_at=first, attempt=1, state="missed", start_at=first, count=count, why=why
        )
        if self.records.add(missed):
            self._say(f"{entry.name}: missed {count}, due {_when(first)}: {why}")

    # What may begin.

    def _may_begin(self, now: datetime) -> list[Run]:
        ready = (run for run in self.records.waiting() if run.start_at <= now)
        return sorted(ready, key=lambda run: run.start_at)  # one that begins again gives way to others

    def _begin_next(self, now: datetime) -> None:
        for run in self._may_begin(now):
            if self._current is None:
                self._try(run, now)

    def _try(self, run: Run, now: datetime) -> None:
        entry = self.watched.find(run.schedule)
        if entry is None:
            self._end(run, "missed", "the study file has no such schedule any longer", now)
        elif entry.missed == "skip" and run.attempt == 1 and now - run.due_at > entry.jitter + IN_TIME:
            self._end(run, "missed", "it could not begin in time", now)
        elif quiet := entry.quiet_until(now):
            self._put_off(run, quiet, "quiet hours", now)
        else:
            try:
                self._begin(entry, run, now)
            except (CrawlerError, OSError) as error:
                self._end(run, "failed", str(error), now)

    def _begin(self, entry: Entry, run: Run, now: datetime) -> None:
        study = self.watched.study
        left = self._left(entry, run)
        spent = tuple(one for name in left if (one := find_spent(study, name, now)))
        free = {name: left[name] for name in left if name not in {one.platform for one in spent}}
        if left and not free:
            self._put_off(run, min(one.until for one in spent), "; ".join(one.why for one in spent), now)
        elif work := find_work(study, tuple(free)):
            self.records.delay(run, now + BUSY, work)
        elif self.records.begin(run, now):
            self._say(f"{run.schedule}: begun, due {_when(run.due_at)}: {', '.join(free) or 'no crawl left'}")
            working = self._launch(Job(study=study, run=run, accounts=free))
            self._current = Current(
                run=run, working=working, put_off=spent, begun_at=now, time_limit=entry.time_limit
            )

    def _left(self, entry: Entry, run: Run) -> Accounts:
        """Return the accounts of a run that no earlier attempt at it has visited."""
        study = self.watched.study
        wanted = entry.wanted(study.accounts())
        if not wanted:
            raise CrawlerError(f"schedule {entry.name!r} matches no account of the study")
        began = [one.started_at for one in self.records.attempts(run) if one.started_at]
        return left_to_visit(study, wanted, began[0]) if began else wanted

    # How it ended.

    def _finish(self, code: int, now: datetime) -> None:
        assert self._current is not None  # noqa: S101
        was = self._current
        run, put_off = was.run, was.put_off
        self._current = None
        run = next(one for one in self.records.attempts(run) if one.attempt == run.attempt)
        if code == Exit.INTERRUPTED and self.stops:
            self._interrupt(run, "the scheduler was stopped", ended_at=now)
            return
        if code not in _STATES and was.stopped_at is not None:
            self._interrupt(run, was.why, ended_at=now)
            self.exit = max(self.exit, Exit.PARTIAL, key=_WORSE.index)
            return
        if code not in _STATES:
            self._end(run, "failed", _why_failed(run, code), now)
            return
        told = {name for step in run.steps for name in step.get("over_budget", ())}
        study = self.watched.study
        later = [*put_off, *(renewal(study, name, now) for name in sorted(told))]
        if later:
            self._put_off(run, min(one.until for one in later), "; ".join(one.why for one in later), now)
        else:
            why = next((str(step["why"]) for step in run.steps if step.get("exit") and step.get("why")), "")
            self._end(run, _STATES[code], why, now)

    def _end(self, run: Run, state: State, why: str, now: datetime) -> None:
        if self.records.end(run, state, why, now):
            self._say(f"{run.schedule}: {state}, due {_when(run.due_at)}{': ' if why else ''}{why}")
            self.exit = max(self.exit, _EXITS.get(state, Exit.SUCCESS), key=_WORSE.index)

    def _put_off(self, run: Run, until: datetime, why: str, now: datetime) -> None:
        with self.records.together():
            if self.records.end(run, "put_off", f"{why}; put off to {_when(until)}", now):
                self._again(run, until)
                self._say(f"{run.schedule}: put off to {_when(until)}: {why}")

    def _interrupt(self, run: Run, why: str, ended_at: datetime | None) -> None:
        entry = self.watched.find(run.schedule)
        with self.records.together():
            self.records.end(run, "interrupted", why, ended_at)
            attempts = self.records.attempts(run)
            if entry is not None and entry.missed == "once" and _breaks(attempts, entry) <= BREAKS:
                self._again(run, self._clock.now())
        self._say(f"{run.schedule}: interrupted, due {_when(run.due_at)}: {why}")
        self.exit = Exit.INTERRUPTED if self.stops else self.exit

    def _again(self, run: Run, start_at: datetime) -> None:
        number = run.attempt + 1
        self.records.add(
            Run(schedule=run.schedule, due_at=run.due_at, attempt=number, state="waiting", start_at=start_at)
        )

    def _halt(self) -> None:
        """End the run at work: cleanly at first, at once when asked again."""
        if self._current is None:
            return
        working = self._current.working
        working.stop()
        self._say("stopping: the run at work ends what it has in hand; stop again to end it at once")
        while (code := working.poll()) is None:
            if self.stops > 1:
                working.kill()
            self._clock.wait(1.0, lambda: working.poll() is not None)
        self._finish(code if code in _STATES else Exit.INTERRUPTED, self._clock.now())

    # How long nothing will happen.

    def _pause(self) -> float:
        now = self._clock.now()
        current = self._current
        soon = [current.look_at] if current else [run.start_at for run in self.records.waiting()]
        for entry in self.watched.entries:
            known = self.records.entry(entry.name)
            soon += [Moments.of(entry, known[1]).after(now)] if known else []
        seconds = min((moment - now).total_seconds() for moment in soon) if soon else self._longest_wait
        return min(max(seconds, 0.0), self._longest_wait)

    def _is_woken(self) -> bool:
        return bool(self.stops) or (self._current is not None and self._current.working.poll() is not None)


def _breaks(attempts: list[Run], entry: Entry) -> int:
    """Return how often a run was cut off, or stopped because its time was over."""
    return sum(
        run.state == "interrupted" and (run.ended_at is None or took_too_long(run, entry.time_limit))
        for run in attempts
    )


def _why_failed(run: Run, code: int) -> str:
    if code == Exit.INTERRUPTED:
        return "somebody stopped its process; the next run goes on with its crawl"
    told = next((str(step["why"]) for step in run.steps if step.get("exit") == 1 and step.get("why")), "")
    ended = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
    return told or f"its process {ended}; logs/{LOG} says more"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"
