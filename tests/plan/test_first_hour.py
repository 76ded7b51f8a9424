"""docs/first-hour.md, done over in an empty folder on the mock site: every command shows what the page says."""

from __future__ import annotations

import os
import shutil
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, Example, OutputChecker
from pathlib import Path

import pytest

from tests.crawler.study import surroundings
from tests.mocksite import Site, running
from tests.plan.transcript import Entry, read_transcript, replay

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "first-hour.md"
EXPORT = ROOT / "tests" / "imports" / "files" / "linkedin-page.csv"
OPTIONS = ELLIPSIS | NORMALIZE_WHITESPACE
CHECKER = OutputChecker()


def complaint(entry: Entry, got: str) -> str:
    """Return how what is shown differs from the transcript, "" where it does not."""
    wanted = entry.shown or "\n"
    got = got or "\n"
    if CHECKER.check_output(wanted, got, OPTIONS):
        return ""
    example = Example(entry.typed, wanted)
    return f"{PAGE.name} line {entry.line}: {entry.typed}\n{CHECKER.output_difference(example, got, OPTIONS)}\n{got}"


def do_not_wait(file: Path) -> None:
    """Take the seconds between two requests out of a study: the mock site does not mind."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("delay = 2.0 ", "delay = 0   "), encoding="utf-8")


def test_the_first_hour_goes_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site.from_folder(ROOT / "examples" / "demo", edits="pending")
    shutil.copy(EXPORT, tmp_path)
    monkeypatch.chdir(tmp_path)
    with running(site):
        given = surroundings(site)
        for name in site.credentials.environment():
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("UITZICHT_HOSTS", given["UITZICHT_HOSTS"])
        monkeypatch.setenv("UITZICHT_CHROMIUM", "none")
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        complaints = []
        for entry in read_transcript(PAGE):
            complaints.append(complaint(entry, replay(entry, os.environ, given)))
            do_not_wait(Path("scholen", "study.toml"))
    assert not any(complaints), "\n".join(filter(None, complaints))


def test_the_transcript_is_read_whole() -> None:
    typed = [entry.typed.split()[:2] for entry in read_transcript(PAGE)]
    said = PAGE.read_text(encoding="utf-8")
    assert len(typed) == said.count("\n$ ")
    done = {words[1] for words in typed if words[0] == "uitzicht"}
    assert done >= {"init", "accounts", "plan", "crawl", "status", "report", "query", "import"}


def test_a_transcript_that_says_something_else_is_told() -> None:
    entry = Entry(line=7, typed="uitzicht plan x", shown="2 accounts, ... requests\n")
    assert complaint(entry, "2 accounts, 14 requests\n") == ""
    assert "line 7: uitzicht plan x" in complaint(entry, "3 accounts, 14 requests\n")
