"""Patterns for single words, matched all at once by RE2: linear time whatever the pattern."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

import re2

from classify.errors import CodebookError, shown

LONGEST_PATTERN = 2_000
MEMORY = 64 << 20
_UNUSUAL = re.compile(r"[^a-z0-9|]")


@lru_cache(maxsize=20_000)
def check_pattern(pattern: str, place: str) -> None:
    """Raise CodebookError where RE2 refuses a pattern for one word."""
    if len(pattern) > LONGEST_PATTERN:
        raise CodebookError(
            place, f"a pattern has {len(pattern)} characters; expected at most {LONGEST_PATTERN}"
        )
    if not _UNUSUAL.search(pattern):
        return
    try:
        re2.compile(_spelt(pattern), _options())
    except re2.error as error:
        reason = error.args[0] if error.args else error
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise CodebookError(place, f"RE2 refuses the pattern {shown(pattern)}: {reason}") from error


class WildWords:
    """Patterns, each with the mask of the words that it matches from end to end.

    Those that begin with a letter, with anything and otherwise are matched apart: together they make RE2 visit about
    three times as many states, and a word that is met for the first time takes three times as long.

    >>> WildWords({"werk[a-z]*": 1, "[a-z]*plek": 2})["werkplek"]
    3
    """

    def __init__(self, masks: Mapping[str, int]) -> None:
        groups: dict[str, list[str]] = defaultdict(list)
        for pattern in masks:
            groups[_beginning(pattern)].append(pattern)
        self._sets = [
            (_compile(patterns), [masks[pattern] for pattern in patterns]) for patterns in groups.values()
        ]

    def __getitem__(self, word: str) -> int:
        spelt, mask = _spelt(word), 0
        for patterns, masks in self._sets:
            for number in patterns.Match(spelt) or ():
                mask |= masks[number]
        return mask


def _beginning(pattern: str) -> str:
    if pattern[:1].isalpha():
        return "letter"
    return "anything" if pattern.startswith("[^") else "other"


def _compile(patterns: list[str]) -> re2.Set:
    compiled = re2.Set.FullMatchSet(_options())
    for pattern in patterns:
        compiled.Add(_spelt(pattern))
    try:
        compiled.Compile()
    except re2.error as error:
        raise CodebookError("codebook", f"has patterns that take RE2 more than {MEMORY >> 20} MB") from error
    return compiled


def _spelt(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return options
