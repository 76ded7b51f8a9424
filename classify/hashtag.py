"""Cuts hashtags into words: #KomNaarOnzeOpenDag and #komnaaronzeopendag read the same."""

from __future__ import annotations

from collections.abc import Iterable

from classify.codebook import LANGUAGES
from classify.common import common_words

LONGEST_TAG = 60
_LONGEST_WORD = 28
_MEMO_LIMIT = 50_000


class HashtagSegmenter:
    """Cuts a folded hashtag into the fewest known words; a tag it cannot cut stays whole.

    >>> HashtagSegmenter(["kom", "naar", "onze", "open", "dag"])("komnaaronzeopendag")
    'kom naar onze open dag'
    >>> HashtagSegmenter(["kom"])("komkommer")
    'komkommer'
    """

    def __init__(self, words: Iterable[str]) -> None:
        common = (word for language in LANGUAGES for word in common_words(language))
        self._words = frozenset((*(word for word in words if len(word) > 2), *common))
        self._memo: dict[str, str] = {}

    def __call__(self, tag: str) -> str:
        """Return the words of a tag, separated by spaces."""
        cut = self._memo.get(tag)
        if cut is None:
            cut = self._cut(tag) if len(tag) <= LONGEST_TAG else tag
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            self._memo[tag] = cut
        return cut

    def _cut(self, tag: str) -> str:
        parts = [self._fewest_words(part) for part in tag.split("_") if part]
        return " ".join(parts)

    def _fewest_words(self, tag: str) -> str:
        if tag in self._words:
            return tag
        best: list[tuple[int, int] | None] = [(0, 0)] + [None] * len(tag)
        for end in range(1, len(tag) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                before = best[start]
                if before is None or not self._known(tag[start:end]):
                    continue
                cost = before[0] + (1 if end - start > 2 else 2)
                known = best[end]
                if known is None or cost < known[0]:
                    best[end] = (cost, start)
        return self._read_back(tag, best)

    def _known(self, part: str) -> bool:
        return part in self._words or (part.isdigit() and len(part) > 1)

    def _read_back(self, tag: str, best: list[tuple[int, int] | None]) -> str:
        words: list[str] = []
        end = len(tag)
        while end:
            step = best[end]
            if step is None:
                return tag
            words.append(tag[step[1] : end])
            end = step[1]
        return " ".join(reversed(words))
