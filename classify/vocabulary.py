"""Which word lists a word belongs to, as one number; decided once per distinct word by one RE2 set."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from classify.codebook import LANGUAGES, Codebook, Rule, WordList
from classify.common import common_words
from classify.errors import CodebookError
from classify.phrase import ANCHOR, END, Hung, Phrase, PhraseFinder, Slot, hang
from classify.term import Element, Term
from classify.text import STOPS
from classify.wild import WildWords, check_pattern

_FIRST_FREE = 2
LONGEST_WORD = 64
MOST_PAIRS = 400
_MEMO_LIMIT = 200_000
_STRETCHED = re.compile(r"([a-df-z])\1{2,}|(e)\2{3,}")


class Lexicon:
    """The word lists of a codebook numbered as bits, and in which order they build on each other."""

    def __init__(self, codebook: Codebook) -> None:
        self.lists = dict(codebook.words)
        _add_denials(self.lists, codebook)
        self.bit = {name: 1 << (_FIRST_FREE + number) for number, name in enumerate(self.lists)}
        self._free = _FIRST_FREE + len(self.lists)
        self.levels = _levels(self.lists)
        self.mask = self._closed_masks()
        self.patterns: dict[str, int] = {}
        self.given_by_phrases = 0
        for name, words in self.lists.items():
            if any(len(phrase) > 1 or phrase[0].opens for _, term in words for phrase in term.phrases):
                self.given_by_phrases |= self.mask[name]

    def pattern_bit(self, pattern: str, place: str) -> int:
        """Return the bit of a pattern for one word, numbered when first asked for."""
        if pattern not in self.patterns:
            check_pattern(pattern, place)
            self.patterns[pattern] = 1 << self._free
            self._free += 1
        return self.patterns[pattern]

    def fact_bits(self, names: Iterable[str]) -> dict[str, int]:
        """Return bits for facts and places, numbered after all that is known by now."""
        bits = {}
        for name in sorted(set(names)):
            bits[name] = 1 << self._free
            self._free += 1
        return bits

    def _closed_masks(self) -> dict[str, int]:
        """Return for each list its own bit and those of the lists that name it as a term of its own."""
        masks = dict(self.bit)
        for name in sorted(self.lists, key=self.levels.__getitem__, reverse=True):
            for _, term in self.lists[name]:
                for phrase in term.phrases:
                    if len(phrase) == 1 and phrase[0].reference and not phrase[0].opens:
                        masks[phrase[0].reference] |= masks[name]
        return masks


def _add_denials(lists: dict[str, WordList], codebook: Codebook) -> None:
    for rule in codebook.rules:
        if rule.negation:
            name = denial(rule.name)
            lists[name] = WordList(name=name, place=rule.place, terms={"any": tuple(_denial_terms(rule))})


def denial(rule: str) -> str:
    """Return the name of the list that holds where a rule's words are denied."""
    return f"not:{rule}"


def _denial_terms(rule: Rule) -> Iterable[Term]:
    for name in rule.any:
        phrase = (Element(reference="negation"), Element(reference=name, gap=rule.negation))
        yield Term(source=f"{{negation}} [{rule.negation}] {{{name}}}", place=rule.place, phrases=(phrase,))


def _levels(lists: dict[str, WordList]) -> dict[str, int]:
    """Return how deep each list builds on others; CodebookError where lists name each other in a circle."""
    levels: dict[str, int] = {}

    def level(name: str, path: tuple[str, ...]) -> int:
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            raise CodebookError(lists[name].place, f"word lists name each other in a circle: {circle}")
        if name not in levels:
            below = {reference for _, term in lists[name] for reference in term.references}
            if len(path) > 20:
                raise CodebookError(
                    lists[name].place, f"word list {name} builds on more than 20 others in turn"
                )
            levels[name] = 1 + max((level(other, (*path, name)) for other in below), default=-1)
        return levels[name]

    for name in lists:
        level(name, ())
    return levels


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
            self._hang(name, elements, place, on_lists)
        elif only.pattern:
            check_pattern(only.pattern, place)
            self._wild[only.pattern] |= mask
        else:  # a list named alone is in the mask already
            for word in only.words:
                self._exact[word] |= mask

    def _hang(
        self, name: str, elements: tuple[Element, ...], place: str, on_lists: dict[int, list[Phrase]]
    ) -> None:
        slots = tuple(self._slot(element, place) for element in elements)
        pair = _best_pair(elements)
        anchor = (
            min(range(len(elements)), key=lambda number: _commonness(elements[number]))
            if pair is None
            else pair
        )
        needed = reduce(or_, (slot.mask for slot in slots))
        is_pair = pair is not None and len(slots) == 2 and not slots[0].opens
        phrase = Phrase(
            slots=slots,
            anchor=anchor,
            mask=self._lexicon.mask[name],
            level=self._lexicon.levels[name],
            needed=needed,
            fixed=needed & ~self._lexicon.given_by_phrases,
            others=() if is_pair else _other_words(elements, anchor),
            is_pair=is_pair,
        )
        for element in elements:
            for word in element.words:
                self._exact.setdefault(word, 0)
        if pair is None:
            self._hang_on(phrase, slots[anchor], on_lists)
        else:
            for first in elements[pair].words:
                for second in elements[pair + 1].words:
                    self._pairs[first, second].append(phrase)

    def _hang_on(self, phrase: Phrase, anchor: Slot, on_lists: dict[int, list[Phrase]]) -> None:
        for word in anchor.words:
            self._on_word[word].append(phrase)
        if not anchor.words:
            self._on_bit[anchor.mask].append(phrase)
            if anchor.mask & self._lexicon.given_by_phrases:
                on_lists[anchor.mask].append(phrase)

    def _slot(self, element: Element, place: str) -> Slot:
        mask = 0
        if element.reference:
            mask = self._lexicon.bit[element.reference]
        elif element.pattern:
            mask = self._lexicon.pattern_bit(element.pattern, place)
            self._wild[element.pattern] |= 0
        return Slot(element.words, mask, element.gap, element.opens)

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


_LETTERS = re.compile(r"\[[^]]*\]|[^a-z]")


def _other_words(elements: tuple[Element, ...], anchor: int) -> tuple[frozenset[str], ...]:
    """Return the words that the places beside the anchor demand, rarest first."""
    others = [element for number, element in enumerate(elements) if element.words and number != anchor]
    return tuple(element.words for element in sorted(others, key=_commonness))


def _best_pair(elements: tuple[Element, ...]) -> int | None:
    """Return the place of the rarest two words side by side, None where there are none or too many variants."""
    places = [
        number
        for number in range(len(elements) - 1)
        if not elements[number + 1].gap
        and 0 < len(elements[number].words) * len(elements[number + 1].words) <= MOST_PAIRS
    ]
    return min(
        places,
        key=lambda number: sum(_commonness(elements[number + side])[0] for side in (0, 1)),
        default=None,
    )


def _commonness(element: Element) -> tuple[int, int]:
    """Rank how often an element is met in texts: rare words first, open patterns last."""
    if element.words:
        shortest = min(map(len, element.words))
        common = any(word in common_words(name) for word in element.words for name in LANGUAGES)
        return (3 if common or shortest < 3 else 0, -shortest)
    if element.pattern:
        letters = min(len(_LETTERS.sub("", part)) for part in element.pattern.split("|"))
        return (1 if letters > 3 else 4, -letters)
    return (2, 0)
