"""The machine's own commands, called with words and never through a shell."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from crawler.errors import CrawlerError


class InstallError(CrawlerError):
    """A schedule cannot be installed or taken away; the text says why."""


def call(words: Sequence[str], given: str = "") -> str:
    """Call a command and return what it says; raises InstallError where it is not there or fails."""
    try:
        done = subprocess.run(words, input=given, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallError(f"{words[0]} cannot be called: {error}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise InstallError(
            f"{' '.join(words)} ended with {done.returncode}: {said[-1] if said else 'no word'}"
        )
    return done.stdout


def can_call(words: Sequence[str]) -> int | None:
    """Return the exit status of a command, None where it is not there."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode
