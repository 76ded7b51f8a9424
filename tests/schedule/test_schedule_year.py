"""A school year of 400 due runs, with kills, clean stops and rival schedulers: each once, none twice, in budget."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from audit.schedule.records import FILE, Records, Run
from audit.schedule.scheduler import Busy, guard
from tests.schedule.simulation import Killed, World, make_world

HOME = ZoneInfo("Europe/Amsterdam")
BUDGET = 5
SCHEDULES = f"""
[platforms.youtube]
requests_per_day = {BUDGET}
[platforms.instagram]
requests_per_day = {BUDGET}

[[schedule]]
name = "nightly"
cron = "30 2 * * *"
jitter = "20 minutes"
accounts = ["*school"]

[[schedule]]
name = "monday"
cron = "0 6 * * mon"
platforms = ["youtube"]
accounts = ["@monday"]

[[schedule]]
name = "friday"
cron = "0 16 * * 5"
accounts = ["*/*friday"]
quiet_hours = ["15:30-17:00"]
"""
FIRST = date(2026, 9, 1)
CHANGE = date(
    2027, 3, 28
)  # the clock goes forward at 02:00: 02:30 does not come, and the run is due at 03:00
RUNS = 400
ACCOUNTS = ("youtube,@school", "instagram,school", "youtube,@monday", "youtube,@friday", "instagram,friday")


def due_moments() -> list[tuple[datetime, str]]:
    """Return the first 400 due runs, worked out day by day without the code under test."""
    found = []
    for number in range(340):
        day = FIRST + timedelta(days=number)
        nightly = time(3) if day == CHANGE else time(2, 30)
        found.append((datetime.combine(day, nightly, HOME), "nightly"))
        if day.isoweekday() == 1:
            found.append((datetime.combine(day, time(6), HOME), "monday"))
        if day.isoweekday() == 5:
            found.append((datetime.combine(day, time(16), HOME), "friday"))
    return [(moment.astimezone(UTC), name) for moment, name in sorted(found)][:RUNS]


def live(world: World, end: datetime, dice: random.Random) -> Counter[str]:
    """Let a year pass: again and again two schedulers start, one is kept out, the other is killed or stopped."""
    happened: Counter[str] = Counter()
    while world.clock.now() < end:
        stop_at = min(world.clock.now() + timedelta(hours=dice.uniform(1, 240)), end)
        if dice.random() < 0.5 and world.begun:  # aim at a night: in the middle of a run
            stop_at = min(_during_a_run(stop_at, dice), end)
        scheduler = world.scheduler()
        with guard(scheduler.watched.study):
            with pytest.raises(Busy):
                guard(scheduler.watched.study)
            happened["kept out"] += 1
            world.clock.cuts = [stop_at]
            was_clean = dice.random() < 0.4
            try:
                scheduler.serve()
            except Killed:
                if was_clean:
                    scheduler.stop()
                    world.clock.cuts = []
                    scheduler.serve()
                happened["stops" if was_clean else "kills"] += 1
        scheduler.records.close()
        world.clock.moment = max(world.clock.now(), stop_at) + timedelta(hours=dice.uniform(0, 20))
    return happened


def _during_a_run(moment: datetime, dice: random.Random) -> datetime:
    night = datetime.combine(moment.astimezone(HOME).date() + timedelta(days=1), time(2, 55), HOME)
    return night.astimezone(UTC) + timedelta(minutes=dice.uniform(-5, 5))


def test_a_school_year_runs_every_due_run_once(tmp_path: Path) -> None:
    due = due_moments()
    world = make_world(tmp_path, SCHEDULES, datetime(2026, 8, 31, 20, tzinfo=UTC), accounts=ACCOUNTS)
    world.requests.update({"nightly": 2, "monday": 4, "friday": 4})
    end = due[-1][0] + timedelta(hours=8)
    happened = live(world, end, random.Random(11))  # noqa: S311
    world.run_until(world.clock.now() + timedelta(hours=12))

    with world.records() as records:
        rows = [run for run in records.history(100_000) if run.due_at <= due[-1][0]]
    ended = Counter((run.due_at, run.schedule) for run in rows if run.state == "done")
    states = Counter(run.state for run in rows)
    assert len(due) == RUNS
    assert ended == Counter(due)  # each once, none twice, none at a moment that was not due
    assert states["missed"] == states["failed"] == 0
    assert happened["kills"] >= 20
    assert happened["stops"] >= 10
    assert states["interrupted"] >= 10
    assert states["put_off"] >= 40
    spent = world.spent_per_day()
    assert max(spent.values()) == BUDGET  # some days all of it, and never more
    for (name, moment, platform), left in world.left.items():
        assert left == 0 or moment > due[-1][0], (
            f"{name} of {moment}: {left} requests to {platform} were never made"
        )


def test_two_schedulers_on_the_same_records_begin_a_run_once(tmp_path: Path) -> None:
    """The lock keeps a second scheduler out; where a file system does not hold locks, the records still do."""
    schedule = '[[schedule]]\nname = "hourly"\ncron = "0 * * * *"\n'
    world = make_world(tmp_path, schedule, datetime(2026, 9, 1, 0, 30, tzinfo=UTC))
    world.lasts = timedelta(minutes=1)
    pair = [world.scheduler(), world.scheduler()]
    for _ in range(24 * 60):
        for scheduler in pair:
            scheduler.tick()
        world.clock.moment += timedelta(minutes=1)
    begun = Counter(job.run.due_at for job in world.begun)
    assert len(begun) == 24
    assert set(begun.values()) == {1}


def test_of_many_that_would_begin_a_run_at_the_same_moment_one_does(tmp_path: Path) -> None:
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    runs = [
        Run(schedule="x", due_at=moment + timedelta(hours=one), attempt=1, state="waiting", start_at=moment)
        for one in range(20)
    ]
    with Records(tmp_path / FILE, durable=False) as records:
        assert all(map(records.add, runs))
        assert not any(map(records.add, runs))

    def claim(_: int) -> int:
        with Records(tmp_path / FILE, durable=False) as mine:
            return sum(mine.begin(run, moment) for run in runs)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(claim, range(4))) == len(runs)
