"""Which word lists a word belongs to, as one number; decided once per distinct word by one RE2 set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import re2

from classify.codebook import LANGUAGES, Codebook, Rule, WordList
from classify.common import common_words
from classify.errors import CodebookError, shown
from classify.term import Element, Term

END = 1  # ends a sentence
ANCHOR = 2  # phrases hang on this word
_FIRST_FREE = 2
LONGEST_WORD = 64
LONGEST_PATTERN = 2_000
MEMORY = 64 << 20
_MEMO_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of elements to look for around one of them, the anchor; `mask` is what its words then belong to."""

    elements: tuple[tuple[frozenset[str], int, int, bool], ...]  # words, mask, gap before, opens a sentence
    anchor: int
    mask: int
    level: int
    source: str


class Lexicon:
    """The word lists of a codebook numbered as bits, with their phrases in the order in which they build on each other."""

    def __init__(self, codebook: Codebook) -> None:
        self.lists = dict(codebook.words)
        _add_denials(self.lists, codebook)
        self.bit = {name: 1 << (_FIRST_FREE + number) for number, name in enumerate(self.lists)}
        self._free = _FIRST_FREE + len(self.lists)
        self.levels = _levels(self.lists)
        self.mask = self._closed_masks()
        self.patterns: dict[str, int] = {}

    def pattern_bit(self, pattern: str, place: str) -> int:
        """Return the bit of a pattern for one word, numbered when first asked for."""
        if pattern not in self.patterns:
            if len(pattern) > LONGEST_PATTERN:
                raise CodebookError(
                    place, f"a pattern has {len(pattern)} characters; expected at most {LONGEST_PATTERN}"
                )
            _compile(pattern, place)
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


def _compile(pattern: str, place: str) -> re2._Regexp:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern.encode("utf-8", "replace"), options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise CodebookError(place, f"RE2 refuses the pattern {shown(pattern)}: {reason}") from error


class Vocabulary(dict[str, int]):
    """The mask of every word of one language, found when the word is first seen.

    Word lists of that language and of "any" hold; for "und" those of every language do.
    """

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        super().__init__()
        self.phrases: dict[str, tuple[Phrase, ...]] = {}
        self.list_phrases: dict[int, list[Phrase]] = defaultdict(list)
        self._lexicon = lexicon
        self._exact: dict[str, int] = defaultdict(int)
        self._hung: dict[str, list[Phrase]] = defaultdict(list)
        self._hung_on_bit: dict[int, list[Phrase]] = defaultdict(list)
        self._wild: dict[str, int] = defaultdict(int)
        for name, words in lexicon.lists.items():
            for lang, term in words:
                if language == "und" or lang in (language, "any"):
                    for phrase in term.phrases:
                        self._add(name, phrase, term.source, term.place)
        self._compile_set()

    @property
    def words(self) -> Iterable[str]:
        """All words that the lists write out in full."""
        return self._exact.keys() | self._hung.keys()

    def _add(self, name: str, elements: tuple[Element, ...], source: str, place: str) -> None:
        mask = self._lexicon.mask[name]
        only = elements[0]
        if len(elements) > 1 or only.opens:
            self._hang(name, elements, source, place)
        elif only.reference:
            return  # the closed mask says it
        elif only.pattern:
            self._lexicon.pattern_bit(only.pattern, place)
            self._wild[only.pattern] |= mask
        else:
            for word in only.words:
                self._exact[word] |= mask

    def _hang(self, name: str, elements: tuple[Element, ...], source: str, place: str) -> None:
        anchor = min(range(len(elements)), key=lambda number: _commonness(elements[number]))
        phrase = Phrase(
            elements=tuple(self._element(element, place) for element in elements),
            anchor=anchor,
            mask=self._lexicon.mask[name],
            level=self._lexicon.levels[name],
            source=source,
        )
        chosen = elements[anchor]
        for word in chosen.words:
            self._hung[word].append(phrase)
        if chosen.pattern:
            self._hung_on_bit[self._lexicon.pattern_bit(chosen.pattern, place)].append(phrase)
        if chosen.reference:
            bit = self._lexicon.bit[chosen.reference]
            self._hung_on_bit[bit].append(phrase)
            self.list_phrases[bit].append(phrase)
        for element in elements:
            for word in element.words:
                self._exact.setdefault(word, 0)

    def _element(self, element: Element, place: str) -> tuple[frozenset[str], int, int, bool]:
        mask = 0
        if element.reference:
            mask = self._lexicon.bit[element.reference]
        elif element.pattern:
            mask = self._lexicon.pattern_bit(element.pattern, place)
            self._wild[element.pattern] |= 0
        return element.words, mask, element.gap, element.opens

    def _compile_set(self) -> None:
        options = re2.Options()
        options.max_mem = MEMORY
        options.log_errors = False
        self._set = re2.Set.FullMatchSet(options)
        self._set_masks: list[int] = []
        for pattern, mask in self._wild.items():
            self._set.Add(pattern.encode("utf-8", "replace"))
            self._set_masks.append(mask | self._lexicon.patterns[pattern])
        self._has_patterns = bool(self._wild)
        if self._has_patterns:
            self._set.Compile()

    def __missing__(self, word: str) -> int:
        mask = self._classify(word)
        if len(self) >= _MEMO_LIMIT:
            self.clear()
            self.phrases.clear()
        if len(word) <= LONGEST_WORD:
            self[word] = mask
        return mask

    def _classify(self, word: str) -> int:
        mask = END if word[0] in "\n.!?" else 0
        if len(word) > LONGEST_WORD:
            return mask
        mask |= self._exact.get(word, 0)
        if self._has_patterns:
            for number in self._set.Match(word.encode("utf-8", "replace")) or ():
                mask |= self._set_masks[number]
        hung = [*self._hung.get(word, ())]
        for bit, phrases in self._hung_on_bit.items():
            if mask & bit:
                hung.extend(phrases)
        if hung:
            self.phrases[word] = tuple(hung)
            mask |= ANCHOR
        return mask


def _commonness(element: Element) -> tuple[int, int]:
    if element.words:
        common = any(
            any(word in common_words(name) for name in LANGUAGES) or len(word) < 3 for word in element.words
        )
        return (2 if common else 0, -min(map(len, element.words)))
    return (1, 0) if element.pattern else (3, 0)


def find_phrases(words: Sequence[str], masks: list[int], vocabulary: Vocabulary) -> None:
    """Add to the masks of words what the phrases they stand in belong to."""
    hung = vocabulary.phrases
    waiting: dict[int, list[tuple[int, Phrase]]] = {}
    for place, mask in enumerate(masks):
        if mask & ANCHOR:
            for phrase in hung[words[place]]:
                waiting.setdefault(phrase.level, []).append((place, phrase))
    while waiting:
        level = min(waiting)
        for place, phrase in waiting.pop(level):
            span = match_phrase(words, masks, place, phrase)
            if span is None:
                continue
            for inside in range(*span):
                new = phrase.mask & ~masks[inside]
                if new:
                    masks[inside] |= new
                    for bit, following in vocabulary.list_phrases.items():
                        if bit & new:
                            for later in following:
                                waiting.setdefault(later.level, []).append((inside, later))


def match_phrase(
    words: Sequence[str], masks: Sequence[int], place: int, phrase: Phrase
) -> tuple[int, int] | None:
    """Return first and past-the-last word of a phrase around its anchor, None where it does not hold.

    Takes time linear in the widths of its gaps: each element keeps the set of places it may stand at.
    """
    elements, anchor = phrase.elements, phrase.anchor
    first = last = place
    here = [place]
    for number in range(anchor, 0, -1):
        here = _backward(words, masks, here, elements[number][2], elements[number - 1])
        if not here:
            return None
        first = here[0]
    if elements[0][3] and not any(
        start == 0 or masks[start - 1] & END for start in (here if anchor else [place])
    ):
        return None
    here = [place]
    for number in range(anchor + 1, len(elements)):
        here = _forward(words, masks, here, elements[number][2], elements[number])
        if not here:
            return None
        last = here[0]
    return first, last + 1


def _forward(
    words: Sequence[str],
    masks: Sequence[int],
    here: list[int],
    gap: int,
    element: tuple[frozenset[str], int, int, bool],
) -> list[int]:
    exact, mask = element[0], element[1]
    found: list[int] = []
    size = len(words)
    for start in here:
        for place in range(start + 1, min(size, start + 2 + gap)):
            known = masks[place]
            if known & END:
                break
            if (words[place] in exact or known & mask) and place not in found:
                found.append(place)
    return found


def _backward(
    words: Sequence[str],
    masks: Sequence[int],
    here: list[int],
    gap: int,
    element: tuple[frozenset[str], int, int, bool],
) -> list[int]:
    exact, mask = element[0], element[1]
    found: list[int] = []
    for start in here:
        for place in range(start - 1, max(-1, start - 2 - gap), -1):
            known = masks[place]
            if known & END:
                break
            if (words[place] in exact or known & mask) and place not in found:
                found.append(place)
    return found
