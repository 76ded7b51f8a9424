"""A terminal transcript in Markdown, done over: its console blocks, typed answers included, and what they show now.

A line that begins with `$ ` is typed: an `uitzicht` command, or `export NAME=...` for a credential. A line of the
transcript that begins with a question as it is asked now gives the answer that is typed to it.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from audit import cli

APART = ("crawl", "audit")  # Scrapy's reactor runs once in a process
PROMPT = "click.termui.visible_prompt_func"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A typed line, and what the transcript says it shows."""

    line: int
    typed: str
    shown: str


def read_transcript(path: Path) -> Iterator[Entry]:
    """Find every typed line of the console blocks of a Markdown file, in order."""
    text = path.read_text(encoding="utf-8")
    for block in re.finditer(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        first = text[: block.start(1)].count("\n") + 1
        for entry in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block[1], re.MULTILINE):
            line = first + block[1][: entry.start()].count("\n")
            yield Entry(line=line, typed=entry[1], shown=entry[2])


def replay(entry: Entry, environ: MutableMapping[str, str], given: MutableMapping[str, str]) -> str:
    """Do what was typed; return what is shown. `given` are the credentials that an export may bring."""
    name, *arguments = shlex.split(entry.typed)
    if name == "export":
        variable = arguments[0].partition("=")[0]
        environ[variable] = given[variable]
        return ""
    assert name == "uitzicht", f"line {entry.line}: {name} is no command of ours"
    if arguments[0] in APART:
        command = [sys.executable, "-m", "audit", *arguments]
        done = subprocess.run(
            command,
            env=dict(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout
    return _run_here(arguments, Typist(entry))


class Typist:
    """Answers each question as the transcript did, and leaves the answer on the screen."""

    def __init__(self, entry: Entry) -> None:
        self.lines = iter(entry.shown.splitlines())
        self.screen = io.StringIO()

    def __call__(self, prompt: str) -> str:
        """Return the answer to the question that stands last on the screen."""
        question = (self.screen.getvalue().rpartition("\n")[2] + prompt).rstrip()
        for line in self.lines:
            if line.startswith(question):
                answer = line[len(question) :].strip()
                self.screen.write(f"{prompt}{answer}\n")
                return answer
        raise AssertionError(f"the transcript has no answer to {question!r}")


def _run_here(arguments: list[str], typist: Typist) -> str:
    with (
        contextlib.redirect_stdout(typist.screen),
        contextlib.redirect_stderr(typist.screen),
        contextlib.suppress(SystemExit),
        mock.patch(PROMPT, typist),
        mock.patch("audit.commands.init.is_somebody_there", lambda: True),
        mock.patch.object(sys, "argv", ["uitzicht", *arguments]),
    ):
        cli.main()
    return typist.screen.getvalue()
