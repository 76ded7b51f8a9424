"""What single words say for and against codes, beside what rules say of words in their sentences.

    labour_market:
      2.5: vakmensen, *monteur
      -1: feestje

The weights of a post's distinct words are added up and divided by the root of how many distinct words it has: in a long
text every word occurs sooner or later. `*` stands for any letters; a word written out counts for itself alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from classify.codebook import Code, SingleWord
from classify.errors import CodebookError, shown
from classify.masked import bits_of
from classify.nodes import Section
from classify.packing import WHOLE, pack
from classify.term import read_term, split_terms
from classify.wild import WildWords, check_pattern

if TYPE_CHECKING:
    from classify.passage import Passage

FEWEST = 8  # a post with fewer distinct words is taken to have as many
LONGEST_WORD = 64
_MEMO_LIMIT = 200_000


def read_single_words(
    dimension: str, codes: Iterable[str], section: Section
) -> dict[str, tuple[SingleWord, ...]]:
    """Return the single words of a block or file, by the code of which they speak."""
    known = frozenset(codes)
    found: dict[str, tuple[SingleWord, ...]] = {}
    for code, weights in section.pairs().items():
        if code not in known:
            raise CodebookError(
                weights.place, f"single words of {shown(code)}; expected codes of {dimension}"
            )
        found[code] = tuple(
            _single_word(term, place, _weight(written, section))
            for written, section in weights.pairs().items()
            for line, place in section.lines()
            for term in split_terms(line)
            if term
        )
    return found


def _weight(written: str, section: Section) -> float:
    try:
        weight = float(written)
    except ValueError:
        weight = float("nan")
    if -100 <= weight <= 100:
        return weight
    raise CodebookError(section.place, f"weight {shown(written)}; expected a number from -100 to 100")


def _single_word(source: str, place: str, weight: float) -> SingleWord:
    elements = [element for phrase in read_term(source, place).phrases for element in phrase]
    if len(elements) != 1 or elements[0].reference or elements[0].opens:
        raise CodebookError(place, f"{shown(source)} is not one word; expected single words, commas between")
    if elements[0].pattern:
        check_pattern(elements[0].pattern, place)
    return SingleWord(source=source, weight=weight, element=elements[0])


class SingleWords(dict[str, int]):
    """What every word says of the codes, as one packed sum; found when the word is first seen.

    >>> from classify.codebook_file import default_codebook
    >>> SingleWords(default_codebook().codes)["zzz"]
    0
    """

    def __init__(self, codes: Sequence[Code]) -> None:
        super().__init__()
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        patterns: dict[str, dict[int, float]] = defaultdict(dict)
        for number, code in enumerate(codes):
            for one in code.single_words:
                for word in one.element.words:
                    self._weights[word][number] = one.weight
                if one.element.pattern:
                    patterns[one.element.pattern][number] = one.weight
        self._wild_weights = list(patterns.values())
        self._wild = WildWords({pattern: 1 << bit for bit, pattern in enumerate(patterns)})

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST_WORD:
            return 0
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        packed = self[word] = pack(self.weights(word).items())
        return packed

    def weights(self, word: str) -> Mapping[int, float]:
        """Return what a word says of the codes, by their numbers."""
        if word not in self._weights:
            if len(self._weights) >= _MEMO_LIMIT:
                return self._by_patterns(word)
            self._weights[word] = self._by_patterns(word)
        return self._weights[word]

    def _by_patterns(self, word: str) -> dict[int, float]:
        said: dict[int, float] = {}
        for bit in bits_of(self._wild[word]):
            for code, weight in self._wild_weights[bit.bit_length() - 1].items():
                said[code] = max(said.get(code, weight), weight, key=abs)
        return said

    def add_up(self, passages: Iterable[Passage]) -> int:
        """Return the packed sum of what a post's words say; a word that stands in several passages says it once."""
        total = distinct = 0
        heard: dict[str, int] = {}
        for passage in passages:
            total += passage.says
            distinct += passage.distinct
            if heard:
                total -= sum(map(self.__getitem__, heard.keys() & passage.said.keys()))
                heard = heard | passage.said
            else:
                heard = passage.said
        return total * _share(distinct)


def share_of(distinct: int) -> float:
    """Return how much one word counts in a post of so many distinct words."""
    return float(max(distinct, FEWEST) ** -0.5)


@cache
def _share(distinct: int) -> int:
    return round(WHOLE * share_of(distinct))
