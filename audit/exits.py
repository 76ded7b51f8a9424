"""Exit codes of every command, by meaning."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit status says."""

    SUCCESS = 0
    FAILURE = 1
    USAGE = 2
    PARTIAL = 3
    BLOCKED = 4
    INTERRUPTED = 130
