"""[[schedule]] in the study file: what it may hold, and what is said of what it may not."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from audit.schedule.reading import find_entry, read_entries
from audit.study import Study
from crawler.errors import StudyError
from tests.crawler.study import make_study

FULL = """
[[schedule]]
name = "elke-maandag"
cron = "0 6 * * mon"
time_zone = "Europe/Amsterdam"
platforms = ["youtube", "tiktok"]
accounts = ["@ROC*", "tiktok/*", "hs-?"]
jitter = "20 minutes"
quiet_hours = ["08:00-17:00", "23:30-00:30"]
then = ["load"]
missed = "skip"
time_limit = "90 minutes"

[[schedule]]
name = "vaak"
every = "20 seconds"
"""
ACCOUNTS = [("youtube", "@rocx"), ("youtube", "@ander"), ("tiktok", "iets"), ("linkedin", "hs-a")]


def read(folder: Path, text: str) -> Study:
    return Study.read(make_study(folder, ACCOUNTS, more=text))


def test_every_key_is_read(tmp_path: Path) -> None:
    first, second = read_entries(read(tmp_path, FULL))
    assert first.quiet_hours == ((time(8), time(17)), (time(23, 30), time(0, 30)))
    assert (first.jitter, first.then, first.missed) == (timedelta(minutes=20), ("load",), "skip")
    assert (second.every, second.cron, second.missed) == (timedelta(seconds=20), "", "once")
    assert second.then == ("load", "code", "report")
    assert (first.time_limit, second.time_limit) == (timedelta(minutes=90), timedelta(hours=12))


def test_accounts_are_chosen_by_platform_and_pattern(tmp_path: Path) -> None:
    study = read(tmp_path, FULL)
    first, second = read_entries(study)
    assert first.wanted(study.accounts()) == {"tiktok": ("iets",), "youtube": ("@rocx",)}
    assert second.wanted(study.accounts()) == {
        "tiktok": ("iets",),
        "youtube": ("@rocx", "@ander"),
        "linkedin": ("hs-a",),
    }


def test_a_schedule_is_found_by_its_name(tmp_path: Path) -> None:
    study = read(tmp_path, FULL)
    assert find_entry(study, "vaak").every == timedelta(seconds=20)
    with pytest.raises(StudyError, match="has no schedule 'nooit'; it has elke-maandag, vaak"):
        find_entry(study, "nooit")


HEAD = '[[schedule]]\nname = "goed"\nevery = "1 day"\n\n# een tweede\n[[schedule]]\nname = "x"\n'


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('every = "1 day"\njiter = "5 minutes"', 16, "jiter = '5 minutes' that is not known; did you mean jitter?"),
        ('cron = "61 6 * * *"', 15, "cron is '61 6 * * *'; the last value (61) is higher than"),
        ('cron = "6 * *"', 15, "cron is '6 * *'; it has 3 fields; expected 5: minute, hour"),
        ('cron = "0 0 30 2 *"', 15, "no day of the calendar fits"),
        ('every = "soon"', 15, "every is 'soon'; expected a number and a unit, such as"),
        ("every = 20", 15, "every is 20; expected a number and a unit"),
        ('every = "19 seconds"', 15, "every is '19 seconds'; expected \"20 seconds\" to \"2 weeks\""),
        ('every = "3 weeks"', 15, 'expected "20 seconds" to "2 weeks"'),
        ('every = "1 day"\ncron = "0 6 * * *"', 13, "expected either cron or every, and not both"),
        ('platforms = ["youtube"]', 13, "expected either cron or every, and not both"),
        ('every = "1 day"\nplatforms = [\n  "facebook",\n]', 16, "platforms is 'facebook'; expected 'instagram', "),
        ('every = "1 day"\nthen = ["load", "mail"]', 16, "then is 'mail'; expected 'load', 'code'"),
        ('every = "1 day"\nmissed = "twice"', 16, "missed is 'twice'; expected 'once' or 'skip'"),
        ('every = "1 day"\ntime_zone = "Amsterdam"', 16, "time_zone is 'Amsterdam'; expected a zone of"),
        ('every = "1 day"\nquiet_hours = ["8-17"]', 16, "quiet_hours is '8-17'; expected two times of the day"),
        ('every = "1 day"\nquiet_hours = ["08:00-08:00"]', 16, "expected two different times"),
        ('every = "1 day"\nquiet_hours = ["08:00-20:00", "20:00-08:00"]', 16, "expected to leave some hours"),
        ('every = "1 hour"\njitter = "1 hour"', 16, "jitter is '1 hour'; expected less than every"),
        ('cron = "0 6 * * *"\njitter = "13 hours"', 16, "jitter is '13 hours'; expected 12 hours at most"),
        ('every = "1 day"\ntime_limit = "30 seconds"', 16, "time_limit is '30 seconds'; expected \"1 minute\" to "),
        ('every = "1 day"\ntime_limit = "always"', 16, "time_limit is 'always'; expected a number and a unit"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_line_key_value_and_expectation(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    with pytest.raises(StudyError, match=r"study\.toml") as error:
        read_entries(read(tmp_path, HEAD + text))
    assert f"line {line}: schedule 'x'" in str(error.value)
    assert told in str(error.value)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as error:
        read_entries(read(tmp_path, HEAD + 'missed = "x"\nthen = "load"\n[[schedule]]\nevery = "1 day"\n'))
    told = str(error.value)
    assert "missed is 'x'" in told
    assert "then is 'load'; input should be a valid tuple" in told
    assert "line 17: schedule 3 has no name" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[schedule]\nname = "x"\n', "expected tables [[schedule]]"),
        (HEAD + 'every = "1 day"\n[[schedule]]\nname = "x"\nevery = "1 day"\n', "line 17: schedule 'x' is there"),
        ('[[schedule]]\nname = "Elke maandag"\nevery = "1 day"\n', "expected small letters, digits"),
        ('[[schedule]]\nname = 7\nevery = "1 day"\n', "name is 7; input should be a valid string"),
    ],
)  # fmt: skip
def test_names_are_names_and_tables_are_tables(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(StudyError) as error:
        read_entries(read(tmp_path, text))
    assert told in str(error.value)
