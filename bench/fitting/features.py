"""What a coder sees of coded posts: the rules' scores, the lists and facts that hold, and the single words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from bench.fitting.posts import CodedPost
from classify.coder import Coder
from classify.coding import Coding
from classify.passage import hide_name
from classify.single_words import share_of
from classify.text import fold, words_of
from classify.unit import FIELDS

LENGTHS = ("length.short", "length.middle", "length.long")
# No platform but the one: what is said of a post must hold for texts of any source.
FACTS = ("platform.tiktok", *LENGTHS, "style.small", "has.transcript")
FEWEST_POSTS = 15  # a list that fewer posts hold gets no weight
FEWEST_POSTS_OF_WORDS = 4
_WRITTEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The features of posts: `scores` by code, `held` by list or fact, `words` a row per post and a column per word."""

    scores: dict[str, np.ndarray]
    held: dict[str, np.ndarray]
    vocabulary: list[str]
    words: csr_matrix

    def lists(self, *, with_facts: bool) -> tuple[list[str], np.ndarray]:
        """Return the names of frequent lists, and of facts where asked for, and which posts hold them."""
        names = [
            name
            for name, column in self.held.items()
            if column.sum() >= FEWEST_POSTS and (with_facts or "." not in name)
        ]
        return names, np.column_stack([self.held[name] for name in names])


def read_features(coder: Coder, posts: Sequence[CodedPost]) -> Features:
    """Return the features of posts as a coder sees them."""
    codings = [coder.code_unit(post.unit) for post in posts]
    bits = {
        name: bit
        for name, bit in coder.lexicon.bit.items()
        if name in coder.codebook.words and "." not in name
    }
    bits |= {name: coder.rules.fact_bit[name] for name in FACTS if name in coder.rules.fact_bit}
    seen = [coding.reading.message.post | coding.reading.facts for coding in codings]
    said = [_words(coder, coding) for coding in codings]
    vocabulary = _vocabulary(said, posts)
    return Features(
        scores={
            code.code: np.array([coding.scores.get(code.code, 0.0) for coding in codings])
            for code in coder.codebook.codes
        },
        held={name: np.array([bool(mask & bit) for mask in seen]) for name, bit in bits.items()},
        vocabulary=vocabulary,
        words=_matrix(said, [share_of(coding.reading.message.distinct) for coding in codings], vocabulary),
    )


def _words(coder: Coder, coding: Coding) -> set[str]:
    """Return the distinct words of a unit as the coder reads them, the institution's name left out."""
    found: set[str] = set()
    for field in FIELDS:
        for words in words_of(getattr(coding.unit, field), coder.reader.segment):
            if coding.unit.institution:
                hide_name(words, fold(coding.unit.institution))
            found |= {word for word in words if len(word) > 1 and word[0].isalpha()}
    return found


def _vocabulary(said: Sequence[set[str]], posts: Sequence[CodedPost]) -> list[str]:
    """Return the words that some posts have; names, which nobody writes without a capital, say nothing."""
    small = {fold(word) for post in posts for word in _WRITTEN.findall(post.text) if word[0].islower()}
    counts = Counter(word for words in said for word in words)
    return sorted(word for word, count in counts.items() if count >= FEWEST_POSTS_OF_WORDS and word in small)


def _matrix(said: Sequence[set[str]], shares: Iterable[float], vocabulary: list[str]) -> csr_matrix:
    number = {word: column for column, word in enumerate(vocabulary)}
    cells = [
        (row, number[word], share)
        for row, (words, share) in enumerate(zip(said, shares, strict=True))
        for word in words
        if word in number
    ]
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(said), len(vocabulary)))
