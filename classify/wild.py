"""Patterns for single words, matched all at once by RE2: linear time whatever the pattern."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

import re2

from classify.errors import CodebookError, shown

LONGEST_PATTERN = 2_000
MEMORY = 64 << 20
ANYTHING = r"[^\n]*"
_UNUSUAL = re.compile(r"[^a-z0-9|]")
_LETTERS = re.compile(rf"({re.escape(ANYTHING)})?((?:[\w\-']|\\\W)+)({re.escape(ANYTHING)})?")
_ESCAPE = re.compile(r"\\(\W)")


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

    Nearly all say how a word begins or ends: those are looked up, and only the others are left to RE2, which takes
    ten times as long over a word.

    >>> WildWords({"werk[^\\n]*": 1, "[^\\n]*plek": 2, "w[a-z]*": 4})["werkplek"]
    7
    """

    def __init__(self, masks: Mapping[str, int]) -> None:
        self._whole: dict[str, int] = defaultdict(int)
        self._beginnings: dict[str, int] = defaultdict(int)
        self._ends: dict[str, int] = defaultdict(int)
        others = [pattern for pattern, mask in masks.items() if not self._add(pattern, mask)]
        self._others = _compile(others)
        self._masks = [masks[pattern] for pattern in others]

    def _add(self, pattern: str, mask: int) -> bool:
        """Add a pattern that is made of letters with or without anything before or after; say whether it is."""
        parts = [_LETTERS.fullmatch(part) for part in pattern.split("|")]
        if not all(part and not (part[1] and part[3]) for part in parts):
            return False
        for before, escaped, after in [part.groups() for part in parts if part]:
            words = self._ends if before else self._beginnings if after else self._whole
            words[_ESCAPE.sub(r"\1", escaped)] |= mask
        return True

    def __getitem__(self, word: str) -> int:
        mask = self._whole.get(word, 0)
        begins, ends = self._beginnings.get, self._ends.get
        for length in range(1, len(word) + 1):
            mask |= begins(word[:length], 0) | ends(word[-length:], 0)
        for number in self._others.Match(_spelt(word)) or ():
            mask |= self._masks[number]
        return mask


def _compile(patterns: Sequence[str]) -> re2.Set:
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
