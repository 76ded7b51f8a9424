"""The process of one run: crawl, then the steps that follow, each one written down (python -m audit.schedule.work)."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from filelock import FileLock, Timeout

from audit.commands.code import run_code
from audit.commands.crawl import show_outcomes
from audit.commands.export import command as export_command
from audit.commands.load import run_load
from audit.commands.report import run_report
from audit.exits import Exit
from audit.schedule.budgets import WORK_LOCK, Accounts
from audit.schedule.entry import Follow
from audit.schedule.reading import find_entry
from audit.schedule.records import FILE, Records, Run
from audit.steps.crawl import Crawled, crawl
from audit.study import Study
from classify.errors import ClassifyError
from crawler.errors import CrawlerError
from warehouse.errors import WarehouseError

Step = tuple[Exit, dict[str, Any]]
SHORT = 300  # characters of a sentence in the records


class Lifeline:
    """Standard input, which the scheduler holds open: once it closes, the crawl ends its visits and no step follows.

    Its first line says which accounts to visit.
    """

    def __init__(self) -> None:
        self.is_cut = False
        self.is_crawling = False
        self.accounts: Accounts = orjson.loads(self._read_line() or b"{}")
        threading.Thread(target=self._watch, daemon=True).start()

    def _read_line(self) -> bytes:
        # Read unbuffered: a thread that holds a buffer's lock at the end of a process breaks it off.
        line = b""
        while not line.endswith(b"\n") and (more := os.read(sys.stdin.fileno(), 65_536)):
            line += more
        return line

    def _watch(self) -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        self.is_cut = True
        if self.is_crawling:
            signal.raise_signal(signal.SIGINT)  # Scrapy's own way to end cleanly


def main(words: Sequence[str]) -> Exit:
    """Do a run; its exit status says how it ended."""
    folder, name, due, attempt = words
    lifeline = Lifeline()
    study = Study.read(folder)
    _say(f"{name}, due {due}, attempt {attempt}: {', '.join(lifeline.accounts) or 'nothing to crawl'}")
    try:
        with FileLock(study.state / WORK_LOCK, timeout=60), Records(study.state / FILE) as records:
            run = _find_run(records, name, due, int(attempt))
            return Work(study, run, records, lifeline).do()
    except Timeout:
        _say(f"{study.folder}: an earlier run is still at work; this one did nothing")
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return Exit.FAILURE


class Work:
    """One run's steps."""

    def __init__(self, study: Study, run: Run, records: Records, lifeline: Lifeline) -> None:
        self.study = study
        self.run = run
        self.records = records
        self.lifeline = lifeline
        self.notes: list[dict[str, Any]] = []

    def do(self) -> Exit:
        """Take all steps; one that fails is the last."""
        entry = find_entry(self.study, self.run.schedule)
        steps: dict[str, Callable[[], Step]] = {"crawl": self._crawl} if self.lifeline.accounts else {}
        steps |= {name: partial(_FOLLOWING[name], self.study) for name in entry.then}
        worst = Exit.SUCCESS
        for name, step in steps.items():
            found = self._take(name, step)
            if found in (Exit.FAILURE, Exit.INTERRUPTED):
                return found
            worst = max(worst, found)
        return worst

    def _take(self, name: str, step: Callable[[], Step]) -> Exit:
        if self.lifeline.is_cut:
            return Exit.INTERRUPTED
        began = time.monotonic()
        code, more = _attempt(step)
        if name == "crawl" and self.lifeline.is_cut:
            code = Exit.INTERRUPTED
        self.notes.append(
            {"step": name, "exit": int(code), "seconds": round(time.monotonic() - began, 1), **more}
        )
        self.records.note_steps(self.run, self.notes)
        _say(f"{self.run.schedule}: {name} ended with {code.name.lower()} {more.get('why', '')}".rstrip())
        return code

    def _crawl(self) -> Step:
        accounts = self.lifeline.accounts
        self.lifeline.is_crawling = True
        try:
            crawled = crawl(self.study, platforms=tuple(accounts), accounts=accounts)
        finally:
            self.lifeline.is_crawling = False
        show_outcomes(crawled)
        return crawled.exit, {"why": _counts(crawled), "over_budget": _over_budget(crawled)}


def _attempt(step: Callable[[], Step]) -> Step:
    try:
        return step()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED, {}
    except (CrawlerError, ClassifyError, WarehouseError) as error:
        return Exit.FAILURE, {"why": str(error)[:SHORT]}
    except Exception as error:  # whatever it is, the run has failed and says so
        traceback.print_exc()
        return Exit.FAILURE, {"why": f"a fault of ours: {error!r}"[:SHORT]}


def _load(study: Study) -> Step:
    report = run_load(study).report
    why = f"{report.loaded} feeds loaded, {len(report.refused)} refused, {report.posts_new} new posts"
    return Exit.PARTIAL if report.refused else Exit.SUCCESS, {"why": why}


def _code(study: Study) -> Step:
    return Exit.SUCCESS, {"why": f"{run_code(study).posts} posts coded"}


def _report(study: Study) -> Step:
    return Exit.SUCCESS, {"why": str(run_report(study).path)}


def _export(study: Study) -> Step:
    folder = study.folder / "exports" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    export_command.main([str(study.folder), "--to", str(folder)], standalone_mode=False)
    return Exit.SUCCESS, {"why": str(folder)}


_FOLLOWING: dict[Follow, Callable[[Study], Step]] = {
    "load": _load,
    "code": _code,
    "report": _report,
    "export": _export,
}


def _find_run(records: Records, name: str, due: str, attempt: int) -> Run:
    moment = datetime.fromisoformat(due)
    wanted = Run(schedule=name, due_at=moment, attempt=attempt, state="running", start_at=moment)
    return next((run for run in records.attempts(wanted) if run.attempt == attempt), wanted)


def _counts(crawled: Crawled) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in crawled.counts.most_common()) or "no visit ended"


def _over_budget(crawled: Crawled) -> list[str]:
    return sorted({one.platform for one in crawled.outcomes if one.outcome == "over_budget"})


def _say(sentence: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
