"""A run in a process of its own: what happens to it cannot end the scheduler, and it ends when the scheduler does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Protocol

import orjson

from audit.schedule.budgets import Accounts
from audit.schedule.records import Run
from audit.study import Study

LOG = "schedule.log"
COMMAND = (sys.executable, "-P", "-m")  # -P: a folder named audit where one happens to stand is not ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a run has to do: visit these accounts, then take the steps of its entry."""

    study: Study
    run: Run
    accounts: Accounts


class Working(Protocol):
    """A run at work."""

    def poll(self) -> int | None:
        """Return its exit status, None while it works."""

    def stop(self) -> None:
        """Ask it to end cleanly; what it leaves can be gone on with."""

    def kill(self) -> None:
        """End it at once."""


Launch = Callable[[Job], Working]


class Child:
    """A run's process. Its standard input is a pipe that stays open: when it closes, the run ends cleanly.

    So it does when the scheduler is killed, on every system, and no run is left behind that nobody knows of.
    """

    def __init__(self, job: Job) -> None:
        run = job.run
        words = [str(job.study.folder), run.schedule, run.due_at.isoformat(), str(run.attempt)]
        with _open_log(job.study) as log:
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                [*COMMAND, "audit.schedule.work", *words],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                **_apart(),
            )
        self._give(job.accounts)

    def _give(self, accounts: Accounts) -> None:
        """Say which accounts to visit: a command line has no room for all of them."""
        assert self._process.stdin is not None  # noqa: S101
        with suppress(OSError):  # it ended already, and its status will tell
            self._process.stdin.write(orjson.dumps(accounts) + b"\n")
            self._process.stdin.flush()

    def poll(self) -> int | None:
        """Return its exit status, None while it works."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask it to end cleanly."""
        assert self._process.stdin is not None  # noqa: S101
        with suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()


def _open_log(study: Study) -> IO[bytes]:
    path = study.logs / LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("ab")


def _apart() -> dict[str, Any]:
    """Return what keeps Ctrl-C in the scheduler's terminal from the run: the scheduler passes it on, once."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
