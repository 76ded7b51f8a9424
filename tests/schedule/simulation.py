"""A year in a second: a clock that a test moves, and runs that spend budgets and finish crawls as real ones do."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from audit.exits import Exit
from audit.schedule.child import Job
from audit.schedule.records import FILE, Records
from audit.schedule.scheduler import Scheduler
from audit.schedule.watching import WatchedStudy
from crawler.budget import Budget, OverBudget
from crawler.feed import feed_path
from crawler.items import Platform


class Killed(BaseException):
    """The machine lost its power: nothing of ours ran any more."""


@dataclass
class Clock:
    """A clock that moves only by waiting; at the moments of `cuts` the power goes."""

    moment: datetime
    alarms: list[datetime] = field(default_factory=list)
    cuts: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float, is_woken: Callable[[], bool]) -> None:
        if is_woken():
            return
        end = self.moment + timedelta(seconds=seconds)
        for alarm in sorted(one for one in [*self.alarms, *self.cuts] if self.moment < one <= end):
            self.moment = alarm
            if alarm in self.cuts:
                raise Killed
            if is_woken():
                return
        self.moment = end


@dataclass
class World:
    """What outlives every kill: the study on disk, and what was really asked of the platforms."""

    folder: Path
    clock: Clock
    requests: Counter[str] = field(default_factory=Counter)  # needed per schedule; 5 where nothing is said
    lasts: timedelta = timedelta(minutes=20)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    left: dict[tuple[str, datetime, str], int] = field(default_factory=dict)
    begun: list[Job] = field(default_factory=list)
    crawls: list[Path] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)  # exit status per schedule, 0 where nothing is said
    hangs: Counter[str] = field(default_factory=Counter)  # so many runs of a schedule never end by themselves
    is_deaf: bool = False  # a run that is told to stop does not

    def launch(self, job: Job) -> SimulatedRun:
        self.begun.append(job)
        return SimulatedRun(self, job)

    def scheduler(self, records: Records | None = None, *, longest_wait: float = 86_400) -> Scheduler:
        self.clock.alarms.clear()
        return Scheduler(
            WatchedStudy(self.folder),
            records or self.records(),
            launch=self.launch,
            clock=self.clock,
            say=lambda sentence: None,
            longest_wait=longest_wait,
        )

    def records(self) -> Records:
        return Records(self.folder / "state" / FILE, durable=False)

    def run_until(self, end: datetime) -> None:
        """Let a scheduler do its work until a moment, at which the power goes."""
        self.clock.cuts = [end]
        scheduler = self.scheduler()
        try:
            scheduler.serve()
        except Killed:
            scheduler.records.close()

    def spent_per_day(self) -> Counter[tuple[str, str]]:
        return Counter((platform, moment.date().isoformat()) for platform, moment in self.asked)


class SimulatedRun:
    """Asks half of what it needs when it begins and the rest when it ends, as far as the day's budget allows."""

    def __init__(self, world: World, job: Job) -> None:
        self.world, self.job = world, job
        self.began = world.clock.now()
        hangs = world.hangs[job.run.schedule] > 0
        world.hangs[job.run.schedule] -= hangs
        self.ends_at = self.began + (timedelta(days=1_000) if hangs else world.lasts)
        self.code: int | None = None
        world.clock.alarms.append(self.ends_at)
        self._ask(0.5)

    def poll(self) -> int | None:
        if self.code is None and self.world.clock.now() >= self.ends_at:
            self._end()
        return self.code

    def stop(self) -> None:
        if not self.world.is_deaf:
            self.code = int(Exit.INTERRUPTED)

    def kill(self) -> None:
        self.code = -9

    def _ask(self, share: float) -> set[str]:
        over = set()
        run = self.job.run
        for platform in self.job.accounts:
            key = (run.schedule, run.due_at, platform)
            whole = self.world.requests[run.schedule] or 5
            self.world.left.setdefault(key, whole)
            per_day = self.job.study.platform(platform).requests_per_day
            path = self.job.study.state / f"{platform}.budget.json"
            budget = Budget(path, per_day, self.world.clock.now)
            for _ in range(min(round(whole * share), self.world.left[key])):
                try:
                    budget.spend()
                except OverBudget:
                    over.add(platform)
                    break
                self.world.asked.append((platform, self.world.clock.now()))
                self.world.left[key] -= 1
        return over

    def _end(self) -> None:
        over = self._ask(1.0)
        for platform in self.job.accounts:
            if platform not in over:
                self._visit(platform)
        self.code = self.world.ends.get(self.job.run.schedule, Exit.PARTIAL if over else Exit.SUCCESS)
        steps = [{"step": "crawl", "exit": int(self.code), "seconds": 1, "over_budget": sorted(over)}]
        with self.world.records() as records:
            records.note_steps(self.job.run, steps)

    def _visit(self, platform: Platform) -> None:
        now = self.world.clock.now()
        study, name = self.job.study, f"{platform}-{now:%Y%m%dT%H%M%S}"
        for account in self.job.accounts[platform]:
            feed = feed_path(study.feeds, name, platform, account)
            feed.parent.mkdir(parents=True, exist_ok=True)
            feed.touch()
            os.utime(feed, (now.timestamp(), now.timestamp()))
        note = {"crawl_id": name, "platform": platform, "started_at": self.began, "finished_at": now}
        (study.feeds / name / "crawl.json").write_bytes(orjson.dumps(note))
        self.world.crawls.append(study.feeds / name)
        if len(self.world.crawls) > 8:  # hundreds of folders would make this test slow, and show nothing more
            shutil.rmtree(self.world.crawls.pop(0))


def make_world(folder: Path, schedules: str, at: datetime, *, accounts: Iterable[str] = ()) -> World:
    """Return a world with a study that has these schedules."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(f'title = "Jaar"\nsince = 2026-09-01\n{schedules}', encoding="utf-8")
    rows = "".join(f"School,mbo,{one}\n" for one in accounts or ("youtube,@school", "instagram,school"))
    (folder / "accounts.csv").write_text(f"institution,level,platform,account\n{rows}", encoding="utf-8")
    return World(folder, Clock(at.astimezone(UTC)))
