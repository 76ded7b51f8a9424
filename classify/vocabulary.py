"""Which word lists a word belongs to, as one number; decided once per distinct word by one RE2 set."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_

import re2

from classify.codebook import LANGUAGES, Codebook, Rule, WordList
from classify.common import common_words
from classify.errors import CodebookError, shown
from classify.phrase import ANCHOR, END, Phrase, PhraseFinder, Slot, hang
from classify.term import Element, Term
from classify.text import STOPS

_FIRST_FREE = 2
LONGEST_WORD = 64
LONGEST_PATTERN = 2_000
MEMORY = 64 << 20
MOST_PAIRS = 400
_MEMO_LIMIT = 200_000
_STRETCHED = re.compile(r"([a-df-z])\1{2,}|(e)\2{3,}")
_UNUSUAL = re.compile(r"[^a-z0-9|]")


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
        re2.compile(pattern.encode("utf-8", "replace"), _options())
    except re2.error as error:
        reason = error.args[0] if error.args else error
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise CodebookError(place, f"RE2 refuses the pattern {shown(pattern)}: {reason}") from error


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return options


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
        self._set, self._set_masks = self._compile_set()
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
            others=() if is_pair else _other_words(slots, anchor),
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

    def _compile_set(self) -> tuple[re2.Set | None, list[int]]:
        if not self._wild:
            return None, []
        compiled = re2.Set.FullMatchSet(_options())
        for pattern in self._wild:
            compiled.Add(pattern.encode("utf-8", "replace"))
        try:
            compiled.Compile()
        except re2.error as error:
            raise CodebookError(
                "codebook", f"has patterns that take RE2 more than {MEMORY >> 20} MB"
            ) from error
        return compiled, [
            mask | self._lexicon.patterns.get(pattern, 0) for pattern, mask in self._wild.items()
        ]

    def __missing__(self, word: str) -> int:
        if len(word) > LONGEST_WORD:
            return END if word[0] in STOPS else 0
        mask, hung = self._classify(word)
        if hung:
            self.phrases.hung[word] = hang(hung)
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

    def _classify(self, word: str) -> tuple[int, list[Phrase]]:
        mask = END if word[0] in STOPS else 0
        mask |= self._exact.get(word, 0)
        if self._set is not None:
            for number in self._set.Match(word.encode("utf-8", "replace")) or ():
                mask |= self._set_masks[number]
        if _STRETCHED.search(word):
            twice, once = _STRETCHED.sub(r"\1\1\2\2", word), _STRETCHED.sub(r"\1\2", word)
            mask |= (self[twice] | self[once]) & ~ANCHOR
        hung = list(self._on_word.get(word, ()))
        for bit, phrases in self._on_bit.items():
            if mask & bit:
                hung.extend(phrases)
        return (mask | ANCHOR if hung else mask), hung


_LETTERS = re.compile(r"\[[^]]*\]|[^a-z]")


def _other_words(slots: tuple[Slot, ...], anchor: int) -> tuple[frozenset[str], ...]:
    return tuple(slot.words for number, slot in enumerate(slots) if slot.words and number != anchor)


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
