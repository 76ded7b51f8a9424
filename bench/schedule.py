"""A run every twenty seconds for five minutes on the mock site, the scheduler killed (SIGKILL) in between.

    python bench/schedule.py [--minutes 5] [--kills 1] [--seed 7]

A study of three accounts on two platforms; posts are published between the runs. At random moments at which a run
is at work, the scheduler is killed and started again at once; at the end it is stopped (SIGTERM). Then: every run
must have ended once, none twice, every one that was cut off must be marked and gone on with, no process may be
left, and the feeds must hold every post that was there to be seen; exit code 1 where not. A machine on which a run
takes longer than twenty seconds misses some due moments; they are printed with the reason that was recorded.
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from filelock import FileLock, Timeout

from audit.schedule.budgets import WORK_LOCK
from audit.schedule.records import FILE, Records, Run
from tests.crawler.study import ground, make_study, post_ids, shown_ids, surroundings
from tests.mocksite import Behaviour, Site, many_posts, running

ACCOUNTS = [("instagram", "een"), ("youtube", "@een"), ("youtube", "@twee")]
EVERY = 20
SCHEDULE = f'[[schedule]]\nname = "often"\nevery = "{EVERY} seconds"\nthen = ["load"]\n'
PUBLISHED_FROM = datetime(2026, 11, 14, 19, tzinfo=UTC)


@dataclass(kw_only=True)
class Tally:
    """What happened."""

    kills: int = 0
    published: int = 0
    outlived: list[float] = field(default_factory=list)  # seconds that a run's process outlived its scheduler
    memory: int = 0  # kB, the highest resident set of the scheduler


def start(study: Path, site: Site) -> subprocess.Popen[bytes]:
    """Start a scheduler."""
    command = [sys.executable, "-m", "audit", "schedule", "run", str(study)]
    return subprocess.Popen(command, env=surroundings(site), stderr=subprocess.DEVNULL)


def read(study: Path) -> list[Run]:
    """Return every run."""
    with Records(study / "state" / FILE) as records:
        return records.history(100_000)


def is_at_work(study: Path) -> bool:
    """Tell whether a run's process is there."""
    try:
        with FileLock(study / "state" / WORK_LOCK, timeout=0):
            return False
    except Timeout:
        return True


def live(study: Path, site: Site, minutes: float, kills: int, dice: random.Random) -> Tally:
    """Let the scheduler work; kill it so many times, in the middle of a run."""
    tally = Tally()
    process = start(study, site)
    end = time.monotonic() + minutes * 60
    moments = sorted(time.monotonic() + minutes * 60 * dice.uniform(0.2, 0.8) for _ in range(kills))
    while time.monotonic() < end:
        time.sleep(1)
        tally.memory = max(tally.memory, resident(process.pid))
        if dice.random() < 0.1:
            publish(site, tally, dice)
        if moments and time.monotonic() > moments[0]:
            moments.pop(0)
            kill_at_work(study, site, process, tally)
            process = start(study, site)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=120)
    return tally


def kill_at_work(study: Path, site: Site, process: subprocess.Popen[bytes], tally: Tally) -> None:
    """Kill the scheduler while its run crawls, and measure how long the run's process outlives it."""
    asked = site.requests()
    while not (is_at_work(study) and site.requests() > asked):
        time.sleep(0.01)
    process.kill()
    process.wait()
    began = time.monotonic()
    while is_at_work(study):
        time.sleep(0.01)
    tally.kills += 1
    tally.outlived.append(time.monotonic() - began)


def publish(site: Site, tally: Tally, dice: random.Random) -> None:
    """Publish one post, newer than all others."""
    platform, account = dice.choice(ACCOUNTS)
    moment = PUBLISHED_FROM + timedelta(minutes=tally.published)
    tally.published += len(site.publish(*many_posts(1, platform, account, newest=moment)))


def resident(pid: int) -> int:
    """Return the resident set of a process in kB, 0 where it cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def find_faults(study: Path, site: Site, runs: list[Run], kills: int) -> list[str]:
    """Return what is wrong, one sentence each."""
    faults = []
    ended = Counter(run.due_at for run in runs if run.state == "done")
    faults += [f"due {moment}: {number} runs" for moment, number in ended.items() if number > 1]
    faults += [
        f"{run.state}, due {run.due_at}: {run.why}" for run in runs if run.state in ("failed", "partial")
    ]
    due = {run.due_at for run in runs if run.state != "missed"}
    faults += [f"due {moment}: never ended" for moment in sorted(due - ended.keys())]
    cut_off = [run for run in runs if run.state == "interrupted" and run.ended_at is None]
    faults += [f"{kills} kills, {len(cut_off)} runs marked"] if len(cut_off) != kills else []
    missing = shown_ids(site, ACCOUNTS) - post_ids(study)
    faults += [f"{len(missing)} posts are missing"] if missing else []
    faults += ["a run's process was left"] if is_at_work(study) else []
    return faults


def main() -> int:
    """Run, kill, count; print what came of it."""
    parser = argparse.ArgumentParser(description="A run every twenty seconds, with kills in between.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311
    posts = [post for platform, account in ACCOUNTS for post in many_posts(120, platform, account)]
    site = Site(posts, behaviours=[Behaviour(kind="slow", seconds=0.2)])
    with tempfile.TemporaryDirectory() as folder, running(site):
        tables = ground("instagram", routes='"business_discovery"') + SCHEDULE
        study = make_study(Path(folder) / "study", ACCOUNTS, more=tables)
        tally = live(study, site, options.minutes, options.kills, dice)
        site.behaviours.clear()
        once = [sys.executable, "-m", "audit", "schedule", "run", "--once", str(study)]
        subprocess.run(once, env=surroundings(site), check=False, stderr=subprocess.DEVNULL)
        runs = read(study)
        faults = find_faults(study, site, runs, tally.kills)
    show(runs, tally, options.minutes)
    print("\n".join(faults) or "every run ended once, none twice, no process left, no post missed")
    return 1 if faults else 0


def show(runs: list[Run], tally: Tally, minutes: float) -> None:
    """Print the figures."""
    states = Counter(run.state for run in runs)
    done = [run for run in runs if run.state == "done" and run.started_at and run.ended_at]
    firsts = [run for run in runs if run.attempt == 1 and run.started_at]
    late = [(run.started_at - run.due_at).total_seconds() for run in firsts if run.started_at]
    took = [
        (run.ended_at - run.started_at).total_seconds() for run in done if run.started_at and run.ended_at
    ]
    print(
        f"every {EVERY} s for {minutes:g} minutes: {len({run.due_at for run in runs})} due moments written down"
    )
    print(", ".join(f"{number} {state}" for state, number in states.most_common()))
    print(f"began after due: median {statistics.median(late):.2f} s, at most {max(late):.2f} s")
    print(f"took: median {statistics.median(took):.1f} s, at most {max(took):.1f} s")
    outlived = ", ".join(f"{seconds:.1f}" for seconds in tally.outlived) or "-"
    print(f"{tally.kills} kills; the run's process outlived its scheduler by {outlived} s")
    print(f"{tally.published} posts published meanwhile; the scheduler's memory {tally.memory / 1024:.0f} MB")
    for run in runs:
        if run.state == "missed":
            print(f"missed {run.count}, due {run.due_at:%H:%M:%S}: {run.why}")


if __name__ == "__main__":
    sys.exit(main())
