"""When a schedule is due: cron as cron means it, nights on which the clock changes, intervals, jitter, quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from audit.schedule.cron import Cron
from audit.schedule.entry import Entry
from audit.schedule.moments import COUNTED, Moments

HOME = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def due(expression: str, after: str, number: int, zone: ZoneInfo = HOME) -> list[str]:
    """Return the next moments of an expression as a clock on the wall shows them, with its distance from UTC."""
    found, cron = [], Cron(expression, zone)
    moment = datetime.fromisoformat(after).replace(tzinfo=zone).astimezone(UTC)
    for _ in range(number):
        moment = cron.after(moment)
        found.append(f"{moment.astimezone(zone):%m-%d %H:%M %z}"[:-2])
    return found


def make_entry(**changes: object) -> Entry:
    return Entry.model_validate({"name": "x", "cron": "30 2 * * *", **changes})


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        # The night on which the clock goes back: 02:30 comes twice, and the first one counts.
        ("30 2 * * *", "2026-10-24 12:00", ["10-25 02:30 +02", "10-26 02:30 +01"]),
        # The night on which it goes forward: 02:30 never comes, and 03:00 is the first moment after the gap.
        ("30 2 * * *", "2027-03-27 12:00", ["03-28 03:00 +02", "03-29 02:30 +02"]),
        ("*/20 2 * * *", "2027-03-27 12:00", ["03-28 03:00 +02", "03-29 02:00 +02"]),
        ("0 2,3 * * *", "2027-03-27 12:00", ["03-28 03:00 +02", "03-29 02:00 +02"]),
        ("0 3 * * *", "2027-03-27 12:00", ["03-28 03:00 +02", "03-29 03:00 +02"]),
        # Every hour is every hour that passes.
        ("0 * * * *", "2026-10-25 01:30", ["10-25 02:00 +02", "10-25 02:00 +01", "10-25 03:00 +01"]),
        ("0 * * * *", "2027-03-28 00:30", ["03-28 01:00 +01", "03-28 03:00 +02", "03-28 04:00 +02"]),
        # Weekdays as cron counts them, not as APScheduler does; Sunday is 0 and 7.
        ("0 6 * * 1", "2026-11-22 12:00", ["11-23 06:00 +01", "11-30 06:00 +01"]),
        ("0 6 * * 0", "2026-11-22 12:00", ["11-29 06:00 +01"]),
        ("0 6 * * 7", "2026-11-22 12:00", ["11-29 06:00 +01"]),
        ("0 6 * * 5-7", "2026-11-23 12:00", ["11-27 06:00 +01", "11-28 06:00 +01", "11-29 06:00 +01"]),
        ("0 6 * * */3", "2026-11-22 12:00", ["11-25 06:00 +01", "11-28 06:00 +01", "11-29 06:00 +01"]),
        ("0 6 * * MON,Wed", "2026-11-22 12:00", ["11-23 06:00 +01", "11-25 06:00 +01"]),
        # A day of the month and a day of the week: either is enough.
        ("0 6 1 * 1", "2026-11-29 12:00", ["11-30 06:00 +01", "12-01 06:00 +01", "12-07 06:00 +01"]),
        # Where one of them begins with *, both: the first of a month that is one of those weekdays.
        ("0 6 1 * */2", "2026-11-29 12:00", ["12-01 06:00 +01", "04-01 06:00 +02", "05-01 06:00 +02"]),
        ("@monthly", "2026-11-22 12:00", ["12-01 00:00 +01", "01-01 00:00 +01"]),
        ("15 10 29 2 *", "2026-11-22 12:00", ["02-29 10:15 +01"]),
    ],
)
def test_cron_is_due_when_cron_would_be(expression: str, after: str, expected: list[str]) -> None:
    assert due(expression, after, len(expected)) == expected


def test_a_zone_of_its_own_and_one_without_summer_time() -> None:
    assert due("30 2 * * *", "2026-10-24 12:00", 2, ZoneInfo("UTC")) == ["10-25 02:30 +00", "10-26 02:30 +00"]
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # its clock moves by half an hour
    assert due("15 2 * * *", "2026-10-03 12:00", 2, lord_howe) == ["10-04 02:30 +11", "10-05 02:15 +11"]


@pytest.mark.parametrize(
    "expression", ["0 3 * * *", "30 2 * * *", "*/7 1-4 * * *", "0 */5 * * *", "5 2 * * 0"]
)
def test_the_moments_of_a_year_only_go_forward_and_do_not_depend_on_where_one_begins(expression: str) -> None:
    cron = Cron(expression, HOME)
    moment, found = datetime(2026, 10, 1, tzinfo=UTC), []
    while moment < datetime(2027, 4, 5, tzinfo=UTC):
        moment = cron.after(moment)
        found.append(moment)
    assert found == sorted(set(found))
    for before, after in pairwise(found):
        assert cron.after(before + (after - before) / 2) == after


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("30 2 * *", "4 fields; expected 5"),
        ("61 * * * *", "higher than the maximum value"),
        ("0 0 31 2 *", "no day of the calendar fits"),
        ("0 0 * * 8", "'8' is no day of the week; expected 0-7 or sun-sat"),
        ("0 0 * * 5-1", "such as 1-5"),
        ("0 0 * * mon/0", "such as 1-5"),
        ("0 0 1 feb-x *", "Invalid month name"),
    ],
)
def test_an_expression_that_is_none_says_why(expression: str, told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        Cron(expression, HOME)


def test_an_interval_counts_from_its_anchor() -> None:
    moments = Moments.of(make_entry(cron="", every="2 weeks"), NOON)
    assert moments.after(NOON - timedelta(seconds=1)) == NOON
    assert moments.after(NOON) == NOON + timedelta(weeks=2)
    assert moments.after(NOON + timedelta(days=100)) == NOON + timedelta(weeks=16)


@pytest.mark.parametrize(
    ("rhythm", "minutes"), [({"cron": "", "every": "20 seconds"}, 49), ({"cron": "*/50 * * * *"}, 0)]
)
def test_a_long_stretch_is_summed_up_by_its_ends(rhythm: dict[str, str], minutes: int) -> None:
    moments = Moments.of(make_entry(**rhythm), NOON)
    found = moments.between(NOON, NOON + timedelta(days=200, minutes=49))
    assert found is not None
    assert found.count == COUNTED
    assert found.first == moments.after(NOON)
    assert found.last == NOON + timedelta(days=200, minutes=minutes)
    assert moments.between(NOON, NOON + timedelta(seconds=1)) is None


def test_jitter_is_drawn_once_and_spreads() -> None:
    moments = Moments.of(make_entry(jitter="10 minutes"), NOON)
    shifts = [moments.start_of(moment) - moment for moment in islice(moments.coming(NOON), 200)]
    assert shifts == [moments.start_of(moment) - moment for moment in islice(moments.coming(NOON), 200)]
    assert timedelta() <= min(shifts) < timedelta(minutes=1)
    assert timedelta(minutes=9) < max(shifts) <= timedelta(minutes=10)


@pytest.mark.parametrize(
    ("spans", "moment", "until"),
    [
        (["22:00-06:30"], "2026-11-22 21:59", None),
        (["22:00-06:30"], "2026-11-22 22:00", "2026-11-23 06:30 +0100"),
        (["22:00-06:30"], "2026-11-23 06:29", "2026-11-23 06:30 +0100"),
        (["22:00-06:30"], "2026-11-23 06:30", None),
        (["22:00-00:00", "00:00-06:30"], "2026-11-22 23:00", "2026-11-23 06:30 +0100"),
        (["12:00-13:00"], "2026-11-22 12:30", "2026-11-22 13:00 +0100"),
        (["01:00-02:30"], "2027-03-28 01:30", "2027-03-28 03:00 +0200"),
        (["01:00-02:30"], "2026-10-25 01:30", "2026-10-25 02:30 +0200"),
    ],
)
def test_quiet_hours_end_as_a_clock_on_the_wall_says(
    spans: list[str], moment: str, until: str | None
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=HOME)
    found = make_entry(quiet_hours=spans).quiet_until(at.astimezone(UTC))
    assert (found and f"{found.astimezone(HOME):%Y-%m-%d %H:%M %z}") == until


def test_quiet_hours_that_the_clock_repeats_are_quiet_the_second_time_too() -> None:
    second = datetime(2026, 10, 25, 2, 15, tzinfo=HOME, fold=1)
    found = make_entry(quiet_hours=["02:00-02:30"]).quiet_until(second.astimezone(UTC))
    assert found == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
