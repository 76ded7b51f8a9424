"""What the scheduler does with runs that are missed, put off, held up, cut off or fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from audit.exits import Exit
from audit.schedule.child import Job, Working
from audit.schedule.current import GRACE
from audit.schedule.records import Run
from audit.schedule.scheduler import BREAKS
from crawler.budget import Budget
from crawler.quota import CALIFORNIA
from tests.schedule.simulation import Killed, World, make_world

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAILY = '[[schedule]]\nname = "daily"\ncron = "30 2 * * *"\n'
HALF_PAST_TWO = datetime(2026, 9, 2, 0, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def history(world: World) -> list[Run]:
    with world.records() as records:
        return records.history(1_000)


def states(world: World) -> list[str]:
    return [run.state for run in history(world)]


def pass_by(world: World, until: datetime) -> None:
    """Let time pass without a scheduler."""
    world.clock.moment = until


def test_what_was_missed_is_caught_up_once(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.run_until(START + timedelta(hours=1))
    pass_by(world, START + 10 * DAY)
    world.run_until(START + 10 * DAY + timedelta(hours=2))
    missed, caught_up = history(world)
    assert (missed.state, missed.count, missed.due_at) == ("missed", 9, HALF_PAST_TWO)
    assert "makes up for it" in missed.why
    assert (caught_up.state, caught_up.due_at) == ("done", HALF_PAST_TWO + 9 * DAY)
    assert len(world.begun) == 1


def test_what_was_missed_is_let_go_where_the_study_says_so(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY + 'missed = "skip"\n', START)
    world.run_until(START + timedelta(hours=1))
    pass_by(world, START + 3 * DAY)
    world.run_until(START + 4 * DAY)
    assert [(run.state, run.count) for run in history(world)] == [("missed", 3), ("done", 1)]
    assert world.begun[0].run.due_at == HALF_PAST_TWO + 3 * DAY


def test_a_long_absence_is_counted_up_to_a_thousand(tmp_path: Path) -> None:
    world = make_world(tmp_path, '[[schedule]]\nname = "often"\nevery = "20 seconds"\n', START)
    world.lasts = timedelta(seconds=5)
    world.run_until(START + timedelta(seconds=10))
    pass_by(world, START + 365 * DAY)
    world.run_until(START + 365 * DAY + timedelta(seconds=15))
    first, missed, last = history(world)
    assert (first.state, first.due_at) == ("done", START)
    assert (missed.state, missed.count) == ("missed", 999)
    assert (last.state, last.due_at) == ("done", START + 365 * DAY)


def test_a_spent_budget_puts_a_run_off_to_when_it_begins_anew(tmp_path: Path) -> None:
    world = make_world(tmp_path, "[platforms.youtube]\nrequests_per_day = 10\n" + DAILY, START)
    world.requests["daily"] = 25
    world.run_until(HALF_PAST_TWO + 2 * DAY + timedelta(hours=23))
    first, second, third = [run for run in history(world) if run.due_at == HALF_PAST_TWO]
    assert [first.state, second.state, third.state] == ["put_off", "put_off", "done"]
    assert "budget of 10 requests a day is spent; put off to 2026-09-03 00:00:00Z" in first.why
    assert second.started_at == datetime(2026, 9, 3, tzinfo=UTC)
    assert [tuple(job.accounts) for job in world.begun[:3]] == [
        ("instagram", "youtube"),
        ("youtube",),  # what was finished is not asked for again
        ("youtube",),
    ]
    assert max(world.spent_per_day().values()) == 25  # instagram, which has no budget
    assert {number for (name, _), number in world.spent_per_day().items() if name == "youtube"} == {10}


def test_a_run_that_finds_its_budget_spent_does_not_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITZICHT_YOUTUBE_API_KEY", "k")
    units = "[platforms.youtube]\nunits_per_day = 3\n"
    world = make_world(tmp_path, units + DAILY, START, accounts=["youtube,@school"])
    quota = Budget(
        tmp_path / "state" / "youtube.data_api.quota.json", 3, lambda: HALF_PAST_TWO.astimezone(CALIFORNIA)
    )
    quota.spend(3)
    world.run_until(HALF_PAST_TWO + timedelta(hours=8))
    first, second = history(world)
    assert (first.state, first.started_at) == ("put_off", None)
    assert "quota of 3 units" in first.why
    assert second.started_at == datetime(2026, 9, 2, 7, tzinfo=UTC)  # midnight in California
    assert second.state == "done"


def test_what_comes_due_while_a_run_goes_on_begins_after_it(tmp_path: Path) -> None:
    world = make_world(tmp_path, '[[schedule]]\nname = "hourly"\nevery = "1 hour"\n', START)
    world.lasts = timedelta(minutes=90)
    world.run_until(START + timedelta(hours=3, minutes=10))
    first, second, third, fourth = history(world)
    assert [run.state for run in history(world)] == ["done", "done", "running", "waiting"]
    assert (second.due_at, second.started_at) == (START + timedelta(hours=1), first.ended_at)
    assert third.due_at == START + timedelta(hours=2)
    assert fourth.due_at == START + timedelta(hours=3)


def test_what_comes_due_while_a_run_is_put_off_is_missed(tmp_path: Path) -> None:
    world = make_world(tmp_path, "[platforms.youtube]\nrequests_per_day = 10\n" + DAILY, START)
    world.requests["daily"] = 25
    world.run_until(HALF_PAST_TWO + DAY + timedelta(hours=1))
    missed = history(world)[-1]
    assert (missed.due_at, missed.state) == (HALF_PAST_TWO + DAY, "missed")
    assert missed.why == "the run due 2026-09-02 00:30:00Z was still waiting"


def test_at_most_one_run_waits_and_what_comes_due_meanwhile_is_missed(tmp_path: Path) -> None:
    world = make_world(tmp_path, '[[schedule]]\nname = "often"\ncron = "*/5 * * * *"\n', START)
    world.lasts = timedelta(minutes=2)
    (tmp_path / "state").mkdir()
    with FileLock(tmp_path / "state" / "youtube.lock"):
        world.run_until(START + timedelta(minutes=16))
    world.run_until(START + timedelta(minutes=21))
    runs = history(world)
    assert [run.state for run in runs] == ["done", "missed", "missed", "running"]
    assert runs[1].why == "the run due 2026-09-01 12:05:00Z was still waiting"


def test_a_run_that_cannot_begin_in_time_is_let_go_where_the_study_says_so(tmp_path: Path) -> None:
    hourly = '[[schedule]]\nname = "hourly"\ncron = "0 * * * *"\nmissed = "skip"\n'
    world = make_world(tmp_path, hourly, START + timedelta(minutes=59))
    (tmp_path / "state").mkdir()
    with FileLock(tmp_path / "state" / "youtube.lock"):
        world.run_until(START + timedelta(hours=1, minutes=15))
    world.run_until(START + timedelta(hours=2, minutes=30))
    assert [(run.state, run.why) for run in history(world)] == [
        ("missed", "it could not begin in time"),
        ("done", ""),
    ]


def test_no_run_begins_in_quiet_hours(tmp_path: Path) -> None:
    quiet = DAILY.replace("30 2", "30 23") + 'quiet_hours = ["22:00-06:30"]\n'
    world = make_world(tmp_path, quiet, START)
    world.run_until(START + DAY)
    put_off, done = history(world)
    assert put_off.why == "quiet hours; put off to 2026-09-02 04:30:00Z"
    assert done.started_at == datetime(2026, 9, 2, 4, 30, tzinfo=UTC)
    assert done.state == "done"


def test_one_run_at_a_time_in_the_order_in_which_they_came_due(tmp_path: Path) -> None:
    other = '[[schedule]]\nname = "other"\ncron = "35 2 * * *"\n'
    world = make_world(tmp_path, DAILY + other, START)
    world.run_until(START + DAY)
    first, second = history(world)
    assert (first.schedule, second.schedule) == ("daily", "other")
    assert first.ended_at is not None
    assert second.started_at is not None
    assert second.started_at >= first.ended_at


def test_a_crawl_begun_by_hand_holds_a_run_up(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.clock.cuts = [HALF_PAST_TWO + timedelta(minutes=3)]
    (tmp_path / "state").mkdir()
    with FileLock(tmp_path / "state" / "youtube.lock"), pytest.raises(Killed):
        world.scheduler().serve()
    (waiting,) = history(world)
    assert (waiting.state, waiting.attempt) == ("waiting", 1)
    assert "a crawl of youtube is at work" in waiting.why
    assert not world.begun
    world.run_until(HALF_PAST_TWO + timedelta(hours=1))
    assert states(world) == ["done"]


def test_a_run_cut_off_is_marked_and_gone_on_with(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.run_until(HALF_PAST_TWO + timedelta(minutes=10))
    assert states(world) == ["running"]
    pass_by(world, HALF_PAST_TWO + timedelta(hours=5))
    world.run_until(HALF_PAST_TWO + timedelta(hours=6))
    cut_off, done = history(world)
    assert (cut_off.state, cut_off.ended_at) == ("interrupted", None)
    assert "no end was written down" in cut_off.why
    assert (done.state, done.attempt, done.due_at) == ("done", 2, HALF_PAST_TWO)


def test_a_run_that_is_always_cut_off_is_left_to_the_next_due_moment(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    for number in range(BREAKS + 3):
        world.run_until(HALF_PAST_TWO + timedelta(minutes=10 * (number + 1)))
    assert states(world) == ["interrupted"] * (BREAKS + 1)


def test_a_run_cut_off_is_only_marked_where_missed_runs_are_skipped(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY + 'missed = "skip"\n', START)
    world.run_until(HALF_PAST_TWO + timedelta(minutes=10))
    world.run_until(HALF_PAST_TWO + timedelta(minutes=50))
    assert states(world) == ["interrupted"]


@pytest.mark.parametrize(
    ("code", "state"), [(0, "done"), (3, "partial"), (4, "blocked"), (1, "failed"), (-9, "failed")]
)
def test_a_run_ends_as_its_process_did_and_the_next_one_comes(tmp_path: Path, code: int, state: str) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.ends["daily"] = code
    world.run_until(START + 2 * DAY)
    assert states(world) == [state, state]


def test_a_run_that_cannot_begin_has_failed_and_the_scheduler_goes_on(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)

    def launch(job: Job) -> Working:
        raise OSError("no memory for another process")

    world.launch = launch  # type: ignore[method-assign]
    world.run_until(START + 2 * DAY)
    assert states(world) == ["failed", "failed"]
    assert history(world)[0].why == "no memory for another process"


def test_a_schedule_without_accounts_says_so(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY + 'accounts = ["nobody*"]\n', START)
    world.run_until(START + DAY)
    assert [(run.state, run.why) for run in history(world)] == [
        ("failed", "schedule 'daily' matches no account of the study")
    ]


def test_a_changed_rhythm_counts_from_now_on(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.run_until(START + timedelta(hours=1))
    file = tmp_path / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("30 2 * * *", "0 3 * * *"), encoding="utf-8")
    pass_by(world, START + 5 * DAY)
    world.run_until(START + 6 * DAY)
    (run,) = history(world)
    assert run.due_at == datetime(2026, 9, 7, 1, tzinfo=UTC)


def test_a_study_file_is_read_again_when_it_changes_and_kept_where_it_is_wrong(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    scheduler = world.scheduler()
    scheduler.tick()
    file = tmp_path / "study.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good + "jiter = 3\n", encoding="utf-8")
    scheduler.tick()
    assert [entry.name for entry in scheduler.watched.entries] == ["daily"]
    file.write_text(good + '[[schedule]]\nname = "new"\nevery = "1 day"\n', encoding="utf-8")
    scheduler.tick()
    assert [entry.name for entry in scheduler.watched.entries] == ["daily", "new"]
    assert [job.run.schedule for job in world.begun] == ["new"]


def test_a_clock_that_is_put_back_runs_nothing_twice(tmp_path: Path) -> None:
    world = make_world(tmp_path, '[[schedule]]\nname = "hourly"\nevery = "1 hour"\n', START)
    world.run_until(START + timedelta(hours=5, minutes=30))
    pass_by(world, START + timedelta(hours=2, minutes=30))
    world.run_until(START + timedelta(hours=7, minutes=30))
    due = [job.run.due_at for job in world.begun]
    assert due == [START + timedelta(hours=number) for number in range(8)]


def test_stopping_twice_ends_the_run_at_once(tmp_path: Path) -> None:
    world = make_world(tmp_path, '[[schedule]]\nname = "now"\nevery = "1 day"\n', START)

    class Stubborn:
        killed = False

        def poll(self) -> int | None:
            return -9 if self.killed else None

        def stop(self) -> None:
            scheduler.stop()

        def kill(self) -> None:
            self.killed = True

    world.launch = lambda job: Stubborn()  # type: ignore[assignment,method-assign,return-value]
    scheduler = world.scheduler()
    scheduler.tick()
    scheduler.stop()
    assert scheduler.serve() == Exit.INTERRUPTED
    assert states(world) == ["interrupted", "waiting"]


def test_a_run_that_hangs_is_stopped_when_its_time_is_over_and_gone_on_with(tmp_path: Path) -> None:
    other = '[[schedule]]\nname = "other"\ncron = "0 4 * * *"\n'
    world = make_world(tmp_path, DAILY + 'time_limit = "3 hours"\n' + other, START)
    world.hangs["daily"] = 1
    world.run_until(START + DAY)
    stopped, again, held_up = history(world)
    assert (stopped.state, stopped.attempt) == ("interrupted", 1)
    assert stopped.why == "its time limit of 3 hours was over"
    assert stopped.ended_at == HALF_PAST_TWO + timedelta(hours=3)
    assert (held_up.schedule, held_up.state, held_up.started_at) == ("other", "done", stopped.ended_at)
    assert (again.state, again.attempt, again.started_at) == ("done", 2, held_up.ended_at)


def test_a_run_that_does_not_stop_in_time_is_ended_at_once(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.hangs["daily"], world.is_deaf = 1, True
    world.run_until(START + DAY + timedelta(hours=6))
    stopped, again = history(world)
    assert stopped.ended_at == HALF_PAST_TWO + timedelta(hours=12) + GRACE
    assert [stopped.state, again.state] == ["interrupted", "done"]


def test_a_run_that_ends_within_its_time_is_let_be(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY, START)
    world.lasts = timedelta(hours=11, minutes=59)
    world.run_until(START + 2 * DAY)
    assert states(world) == ["done", "running"]


def test_a_run_that_always_hangs_is_left_to_the_next_due_moment(tmp_path: Path) -> None:
    world = make_world(tmp_path, DAILY.replace("* * *", "2 * *") + 'time_limit = "1 hour"\n', START)
    world.hangs["daily"] = 10
    world.run_until(START + 2 * DAY)
    assert states(world) == ["interrupted"] * (BREAKS + 1)
    assert len(world.begun) == BREAKS + 1


def test_a_run_that_was_stopped_says_so_by_its_exit_status(tmp_path: Path) -> None:
    world = make_world(tmp_path, '[[schedule]]\nname = "often"\nevery = "1 day"\n', START)
    world.hangs["often"] = 1
    said: list[str] = []
    scheduler = world.scheduler()
    scheduler._say = said.append
    assert scheduler.serve(once=True) == Exit.PARTIAL
    scheduler.records.close()
    assert "often: its time limit of 12 hours was over; it ends what it has in hand" in said
    assert states(world) == ["interrupted", "done"]
