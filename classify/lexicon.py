"""The word lists of a codebook as bits, and their phrases; the same for every language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

from classify.codebook import LANGUAGES, Codebook, Rule, WordList
from classify.common import common_words
from classify.errors import CodebookError
from classify.phrase import Phrase, Slot
from classify.term import Element, Term
from classify.wild import check_pattern

_FIRST_FREE = 2
MOST_PAIRS = 400


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
        self._phrases: dict[tuple[str, tuple[Element, ...]], Phrase] = {}
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

    def phrase(self, name: str, elements: tuple[Element, ...], place: str) -> Phrase:
        """Return a phrase of a list, made when first asked for."""
        known = self._phrases.get((name, elements))
        if known is None:
            known = self._phrases[name, elements] = self._make_phrase(name, elements, place)
        return known

    def _make_phrase(self, name: str, elements: tuple[Element, ...], place: str) -> Phrase:
        slots = tuple(self._slot(element, place) for element in elements)
        pair = _best_pair(elements)
        anchor = (
            min(range(len(elements)), key=lambda number: _commonness(elements[number]))
            if pair is None
            else pair
        )
        needed = reduce(or_, (slot.mask for slot in slots))
        is_pair = pair is not None and len(slots) == 2 and not slots[0].opens
        return Phrase(
            slots=slots,
            anchor=anchor,
            by_pair=pair is not None,
            mask=self.mask[name],
            level=self.levels[name],
            needed=needed,
            fixed=needed & ~self.given_by_phrases,
            others=() if is_pair else _other_words(elements, anchor),
            is_pair=is_pair,
        )

    def _slot(self, element: Element, place: str) -> Slot:
        mask = 0
        if element.reference:
            mask = self.bit[element.reference]
        elif element.pattern:
            mask = self.pattern_bit(element.pattern, place)
        return Slot(element.words, mask, element.gap, element.opens)

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
