"""Which word lists a word belongs to, as one number; decided once per distinct word by one RE2 set."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from classify.lexicon import Lexicon
from classify.phrase import ANCHOR, END, Hung, Phrase, PhraseFinder, hang
from classify.term import Element
from classify.text import STOPS
from classify.wild import WildWords, check_pattern

LONGEST_WORD = 64
_MEMO_LIMIT = 200_000
_STRETCHED = re.compile(r"([a-df-z])\1{2,}|(e)\2{3,}")


class Vocabularies(dict[str, "Vocabulary"]):
    """The vocabularies by language, each made when a text in it is first read; "und", which holds all, at once."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__(und=Vocabulary(lexicon, "und"))
        self._lexicon = lexicon

    def __missing__(self, language: str) -> Vocabulary:
        self[language] = Vocabulary(self._lexicon, language)
        return self[language]


class Vocabulary(dict[str, int]):
    """The mask of every word of one language, found when the word is first seen.

    Word lists of that language and of "any" hold; for "und" those of every language do.
    """

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._exact: dict[str, int] = defaultdict(int)
        self._wild: dict[str, int] = defaultdict(int)
        self._pairs: dict[tuple[str, str], list[Phrase]] = defaultdict(list)
        self._on_word: dict[str, list[Phrase]] = defaultdict(list)
        self._on_bit: dict[int, list[Phrase]] = defaultdict(list)
        on_lists: dict[int, list[Phrase]] = defaultdict(list)
        for name, words in lexicon.lists.items():
            for lang, term in words:
                if language == "und" or lang in (language, "any"):
                    for elements in term.phrases:
                        self._add(name, elements, term.place, on_lists)
        self._patterns = WildWords(
            {pattern: mask | lexicon.patterns.get(pattern, 0) for pattern, mask in self._wild.items()}
        )
        self._hanging = reduce(or_, self._on_bit, 0)
        self._hung_on_bits: dict[int, Hung] = {}
        self.phrases = PhraseFinder(dict(self._pairs), on_lists)

    @property
    def words(self) -> Iterable[str]:
        """All words that the lists write out in full."""
        return self._exact.keys()

    def _add(
        self, name: str, elements: tuple[Element, ...], place: str, on_lists: dict[int, list[Phrase]]
    ) -> None:
        mask = self._lexicon.mask[name]
        only = elements[0]
        if len(elements) > 1 or only.opens:
            self._hang(self._lexicon.phrase(name, elements, place), elements, on_lists)
        elif only.pattern:
            check_pattern(only.pattern, place)
            self._wild[only.pattern] |= mask
        else:  # a list named alone is in the mask already
            for word in only.words:
                self._exact[word] |= mask

    def _hang(self, phrase: Phrase, elements: tuple[Element, ...], on_lists: dict[int, list[Phrase]]) -> None:
        for element in elements:
            for word in element.words:
                self._exact.setdefault(word, 0)
            if element.pattern:
                self._wild[element.pattern] |= 0
        anchor = phrase.slots[phrase.anchor]
        if phrase.by_pair:
            for first in anchor.words:
                for second in phrase.slots[phrase.anchor + 1].words:
                    self._pairs[first, second].append(phrase)
            return
        for word in anchor.words:
            self._on_word[word].append(phrase)
        if not anchor.words:
            self._on_bit[anchor.mask].append(phrase)
            if anchor.mask & self._lexicon.given_by_phrases:
                on_lists[anchor.mask].append(phrase)

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST_WORD:
            return END if word[0] in STOPS else 0
        mask = self._classify(word)
        hung = self._hung_on(word, mask & self._hanging)
        if hung is not None:
            self.phrases.hung[word] = hung
            mask |= ANCHOR
        self[word] = mask
        return mask

    def masks_of(self, words: list[str]) -> list[int]:
        """Return the mask of each word in a row, the phrases they stand in included."""
        if len(self) > _MEMO_LIMIT:
            self.clear()
            self.phrases.hung.clear()
        masks = [self[word] for word in words]
        self.phrases.find(words, masks)
        return masks

    def _classify(self, word: str) -> int:
        mask = END if word[0] in STOPS else 0
        mask |= self._exact.get(word, 0) | self._patterns[word]
        if _STRETCHED.search(word):
            twice, once = _STRETCHED.sub(r"\1\1\2\2", word), _STRETCHED.sub(r"\1\2", word)
            mask |= (self[twice] | self[once]) & ~ANCHOR
        return mask

    def _hung_on(self, word: str, bits: int) -> Hung | None:
        """Return what hangs on a word, itself and by the lists and patterns whose bits it has."""
        own = self._on_word.get(word)
        if own is None and (not bits or bits in self._hung_on_bits):
            return self._hung_on_bits[bits] if bits else None
        by_bits = [phrase for bit, phrases in self._on_bit.items() if bits & bit for phrase in phrases]
        if own is not None:
            return hang((*own, *by_bits))
        self._hung_on_bits[bits] = hang(by_bits)
        return self._hung_on_bits[bits]
