"""Run the site for a person, or for one command: python -m tests.mocksite STUDY [-- COMMAND ...]."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, get_args

from tests.mocksite import Site, environment, running
from tests.mocksite.site import Edits

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str]) -> int:
    """Serve a study's site; return the command's exit code, 0 where there was none."""
    options = _read(arguments)
    try:
        site = Site.from_folder(options.study, **_changes(options))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"mocksite: {error}\n")
        return 2
    with running(site):
        return _run(options.command, environment(site)) if options.command else _serve(environment(site))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mocksite",
        description="Serve a study's accounts as the four platforms would, on this machine only.",
        epilog="Without a command it serves until Ctrl-C and prints the environment to export.",
    )
    parser.add_argument("study", type=Path, help="folder with site.toml, accounts.csv and content/")
    parser.add_argument(
        "--clock", type=datetime.fromisoformat, help="the site's now, e.g. 2026-12-01T12:00:00Z"
    )
    parser.add_argument("--edits", choices=get_args(Edits), help="when edited texts show")
    parser.add_argument("command", nargs="*", help="after --: what to run with the environment set")
    return parser.parse_args(arguments)


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    given = {"clock": options.clock, "edits": options.edits}
    return {name: value for name, value in given.items() if value is not None}


def _run(command: Sequence[str], variables: dict[str, str]) -> int:
    exempt = ",".join(part for part in (os.environ.get("NO_PROXY", ""), "127.0.0.1") if part)
    surroundings = {**os.environ, "NO_PROXY": exempt, "no_proxy": exempt, **variables}
    try:
        child = subprocess.Popen(command, env=surroundings)
    except OSError as error:
        sys.stderr.write(f"mocksite: {command[0]} cannot be run: {error}\n")
        return 127

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT or not sys.stdin.isatty():  # a terminal tells the child of Ctrl-C itself
            child.send_signal(number)

    for number in SIGNALS:
        signal.signal(number, pass_on)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _serve(variables: dict[str, str]) -> int:
    stopped = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda number, frame: stopped.set())
    for name, value in variables.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
    stopped.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
