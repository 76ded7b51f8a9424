"""The scheduler as it really runs: processes, signals, locks and a site that answers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from audit.commands.schedule import command
from audit.exits import Exit
from audit.schedule.budgets import WORK_LOCK
from audit.schedule.child import LOG
from audit.schedule.records import FILE, Records, Run
from audit.schedule.scheduler import LOCK
from crawler.crawl import read_crawls
from crawler.errors import StudyError
from crawler.feed import feed_files
from tests.crawler.study import make_study, post_ids, shown_ids, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

ACCOUNTS = [("youtube", "@een"), ("youtube", "@twee"), ("instagram", "een")]
NOW = '[[schedule]]\nname = "now"\nevery = "1 week"\nplatforms = ["youtube"]\nthen = ["load", "export"]\n'


def ask(name: str, study: Path, *options: str, catch_exceptions: bool = True) -> Result:
    return CliRunner().invoke(command, [name, str(study), *options], catch_exceptions=catch_exceptions)


def make_site(seconds: float = 0.0) -> Site:
    posts = [post for platform, account in ACCOUNTS for post in many_posts(120, platform, account)]
    return Site(posts, behaviours=[Behaviour(kind="slow", seconds=seconds)] if seconds else [])


def history(study: Path) -> list[Run]:
    with Records(study / "state" / FILE) as records:
        return records.history(100)


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@contextmanager
def scheduler(study: Path, site: Site) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "audit", "schedule", "run", str(study)]
    process = subprocess.Popen(command, env=surroundings(site), stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def is_free(lock: Path) -> bool:
    with FileLock(lock).acquire(timeout=60):
        return True


def test_a_run_crawls_its_accounts_and_takes_the_steps_that_follow(tmp_path: Path) -> None:
    site = make_site()
    study = make_study(tmp_path, ACCOUNTS, more=NOW + 'accounts = ["@e*"]\n')
    with running(site):
        done = uitzicht("schedule", "run", study, "--once", env=surroundings(site))
    assert done.returncode == Exit.SUCCESS, done.stderr
    (run,) = history(study)
    assert (run.state, [step["step"] for step in run.steps]) == ("done", ["crawl", "load", "export"])
    assert post_ids(study) == shown_ids(site, [("youtube", "@een")])
    assert list((study / "exports").glob("*/datapackage.json"))
    assert re.search(
        r"now +1 .* done +crawl [\d.]+ s, load [\d.]+ s, export [\d.]+ s", ask("history", study).output
    )
    assert re.search(r"now +every week +1 youtube +load, export +once +done ", ask("list", study).output)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_told_to_stop_it_lets_the_crawl_end_what_it_has_in_hand(tmp_path: Path) -> None:
    site = make_site(seconds=0.6)
    study = make_study(tmp_path, ACCOUNTS, more=NOW)
    with running(site), scheduler(study, site) as process:
        wait_for(lambda: site.requests() >= 3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == Exit.INTERRUPTED
    (stopped, waiting) = history(study)
    assert (stopped.state, stopped.why) == ("interrupted", "the scheduler was stopped")
    assert stopped.ended_at is not None
    assert waiting.state == "waiting"
    assert "the crawl was interrupted" in (study / "logs" / LOG).read_text(encoding="utf-8").lower()
    assert not list((study / "warehouse").glob("*"))  # no step followed


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_it_leaves_no_run_behind_and_marks_it_at_the_next_start(tmp_path: Path) -> None:
    site = make_site(seconds=0.6)
    study = make_study(tmp_path, ACCOUNTS, more=NOW)
    with running(site):
        with scheduler(study, site) as process:
            wait_for(lambda: site.requests() >= 3)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert is_free(study / "state" / LOCK)
        assert is_free(study / "state" / WORK_LOCK)  # the run's process ended by itself
        site.behaviours.clear()
        asked = site.requests()
        uitzicht("schedule", "run", study, "--once", env=surroundings(site))
    cut_off, done = history(study)
    assert (cut_off.state, cut_off.ended_at) == ("interrupted", None)
    assert (done.state, done.attempt) == ("done", 2)
    assert len(read_crawls(study / "feeds")) == 1
    assert len(feed_files(study / "feeds")) == 2
    assert post_ids(study) == shown_ids(site, ACCOUNTS[:2])
    assert site.requests() - asked < 12  # it did not begin anew


def test_a_second_scheduler_is_refused_and_a_timer_comes_back_later(tmp_path: Path) -> None:
    study = make_study(tmp_path, ACCOUNTS, more=NOW)
    (study / "state").mkdir()
    with FileLock(study / "state" / LOCK):
        refused = ask("run", study)
        later = ask("run", study, "--once")
    told = f"{study}: another scheduler of this study is at work; one is enough"
    assert str(refused.exception) == told
    assert (later.exit_code, later.output) == (Exit.SUCCESS, told + "\n")
    assert not history(study)
    assert ask("history", study).output == f"No run is written down for {study}.\n"


def test_records_that_are_no_database_are_one_sentence(tmp_path: Path) -> None:
    study = make_study(tmp_path, ACCOUNTS, more=NOW)
    (study / "state").mkdir()
    (study / "state" / FILE).write_bytes(b"not a database" * 400)
    with pytest.raises(StudyError, match="records of runs, cannot be used: file is not a database"):
        ask("history", study, catch_exceptions=False)


def test_a_look_at_a_study_without_runs_leaves_nothing_behind(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", ACCOUNTS, more=NOW)
    before = sorted(study.rglob("*"))
    assert "every week" in ask("list", study).output
    assert "now" in ask("next", study).output
    assert "No run is written down" in ask("history", study).output
    assert sorted(study.rglob("*")) == before
