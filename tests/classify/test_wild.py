"""Patterns for words: those that are looked up match the words that RE2 says they match."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from classify.wild import WildWords

PATTERNS = (
    r"werk[^\n]*",
    r"[^\n]*werk",
    r"[^\n]*erk[^\n]*",
    r"meelopen|mee[^\n]*|[^\n]*loop",
    r"oud\-student[^\n]*",
    r"hbo'er[^\n]*",
    r"w(erk|ijk)[^\n]*",
    r"[0-9]+e",
    r"w.rk",
    "werk",
)
PIECES = (
    "werk",
    "mee",
    "loop",
    "lopen",
    "oud-student",
    "oud",
    "hbo'er",
    "wijk",
    "2e",
    "w",
    "erk",
    "é",
    "\ud800",
    "-",
)
WORDS = WildWords({pattern: 1 << number for number, pattern in enumerate(PATTERNS)})


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
def test_words_have_the_masks_of_the_patterns_that_match_them(word):
    spelt = word.encode("utf-8", "replace")
    expected = [pattern for pattern in PATTERNS if re2.fullmatch(pattern.encode(), spelt)]
    assert [pattern for number, pattern in enumerate(PATTERNS) if WORDS[word] >> number & 1] == expected


@pytest.mark.parametrize(("word", "mask"), [("werk", 0b1101000011 | 0b100), ("netwerk", 0b110), ("", 0)])
def test_beginnings_ends_and_whole_words(word, mask):
    assert WORDS[word] == mask


def test_patterns_that_say_how_a_word_begins_or_ends_are_not_left_to_re2():
    assert len(WORDS._masks) == 4
