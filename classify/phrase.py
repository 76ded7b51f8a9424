"""Phrases: words in a row with gaps, found around the one word of theirs that is rarest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import itemgetter, or_
from typing import NamedTuple

END = 1  # in a mask: this word ends a sentence
ANCHOR = 2  # in a mask: phrases hang on this word


class Slot(NamedTuple):
    """One place in a phrase: the words that may stand there, or the mask they have; `gap` words may come before."""

    words: frozenset[str]
    mask: int
    gap: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of slots, one of which is the anchor; `mask` is what the words of the phrase then belong to.

    `by_pair` says that it is looked up by the words of its anchor and the slot after it, not by the anchor alone.
    `needed` are the bits that some words must have, `fixed` those of them that no phrase gives: words have those or
    not before any phrase is found. `others` are the words of the slots beside the anchor, rarest first; `is_pair` says
    that nothing is left to check. Phrases of a higher `level` build on those of lower ones.
    """

    slots: tuple[Slot, ...]
    anchor: int
    by_pair: bool
    mask: int
    level: int
    needed: int
    fixed: int
    others: tuple[frozenset[str], ...]
    is_pair: bool


class Beside(NamedTuple):
    """What the word before (-1) or after (1) an anchor must be, a word or of a mask, for phrases to be looked for."""

    side: int
    words: frozenset[str]
    mask: int
    phrases: list[Phrase]


class Hung(NamedTuple):
    """The phrases that hang on a single word: those that demand something of its neighbour, and the rest."""

    beside: list[Beside]
    rest: list[Phrase]


def hang(phrases: Iterable[Phrase]) -> Hung:
    """Sort the phrases of one word by what they demand of its neighbours."""
    beside: dict[tuple[int, frozenset[str], int], list[Phrase]] = defaultdict(list)
    rest: list[Phrase] = []
    for phrase in phrases:
        side, slot = _neighbour(phrase)
        if slot is None:
            rest.append(phrase)
        else:
            beside[side, slot.words, slot.mask].append(phrase)
    return Hung([Beside(*demand, found) for demand, found in beside.items()], rest)


def _neighbour(phrase: Phrase) -> tuple[int, Slot | None]:
    """Return side and slot right beside the anchor that is told before any phrase is found; None where there is not."""
    anchor, slots = phrase.anchor, phrase.slots
    if anchor + 1 < len(slots) and not slots[anchor + 1].gap and _is_told(slots[anchor + 1], phrase):
        return 1, slots[anchor + 1]
    if anchor and not slots[anchor].gap and _is_told(slots[anchor - 1], phrase):
        return -1, slots[anchor - 1]
    return 0, None


def _is_told(slot: Slot, phrase: Phrase) -> bool:
    return bool(slot.words or slot.mask & phrase.fixed)


Candidate = tuple[int, int, Phrase]  # level, place of the anchor, phrase


class PhraseFinder:
    """Finds the phrases of one vocabulary in rows of words.

    A phrase with two words side by side is looked up by that pair; one without hangs on the rarest of its words.
    """

    def __init__(self, pairs: dict[tuple[str, str], list[Phrase]], on_lists: dict[int, list[Phrase]]) -> None:
        self.hung: dict[str, Hung] = {}
        self._pair = pairs.get
        self._on_lists = on_lists
        self._followed = reduce(or_, on_lists, 0)

    def find(self, words: Sequence[str], masks: list[int]) -> None:
        """Add to the masks of words what the phrases they stand in belong to."""
        near = [(place, found) for place, found in enumerate(map(self._pair, pairwise(words))) if found]
        hung = [place for place, mask in enumerate(masks) if mask & ANCHOR]
        if hung:
            near += self._near_hung(hung, words, masks)
        if near:
            absent = ~reduce(or_, masks)
            waiting = _all_there(near, set(words), absent)
            if waiting:
                self._match_all(waiting, words, masks, absent)

    def _near_hung(
        self, places: Iterable[int], words: Sequence[str], masks: Sequence[int]
    ) -> Iterator[tuple[int, list[Phrase]]]:
        """Yield the phrases that hang on single words and whose demands on a neighbour are met."""
        size = len(masks)
        for place in places:
            beside, rest = self.hung[words[place]]
            if rest:
                yield place, rest
            for side, exact, wanted, phrases in beside:
                next_to = place + side
                if 0 <= next_to < size and (masks[next_to] & wanted or words[next_to] in exact):
                    yield place, phrases

    def _match_all(
        self, waiting: list[Candidate], words: Sequence[str], masks: list[int], absent: int
    ) -> None:
        if len(waiting) > 1:
            waiting.sort(key=_by_level)
        done = 0
        while done < len(waiting):
            _, place, phrase = waiting[done]
            done += 1
            if phrase.needed & absent:
                continue
            span = match_phrase(words, masks, place, phrase)
            if span is not None:
                absent &= ~phrase.mask
                before = len(waiting)
                self._give(phrase.mask, span, masks, waiting)
                if len(waiting) > before:
                    waiting[done:] = sorted(waiting[done:], key=_by_level)

    def _give(self, mask: int, span: tuple[int, int], masks: list[int], waiting: list[Candidate]) -> None:
        """Add a mask to the words of a span, and what hangs on lists they then belong to."""
        for place in range(*span):
            new = mask & ~masks[place]
            if new:
                masks[place] |= new
                if new & self._followed:
                    for bit, phrases in self._on_lists.items():
                        if bit & new:
                            waiting.extend((phrase.level, place, phrase) for phrase in phrases)


_by_level = itemgetter(0)


def _all_there(near: Iterable[tuple[int, list[Phrase]]], words: set[str], absent: int) -> list[Candidate]:
    """Return the phrases of which everything is somewhere that is told before any phrase is found."""
    waiting: list[Candidate] = []
    for place, phrases in near:
        for phrase in phrases:
            if phrase.fixed & absent:
                continue
            for other in phrase.others:
                if other.isdisjoint(words):
                    break
            else:
                waiting.append((phrase.level, place, phrase))
    return waiting


def match_phrase(
    words: Sequence[str], masks: Sequence[int], place: int, phrase: Phrase
) -> tuple[int, int] | None:
    """Return first and past-the-last word of a phrase around its anchor, None where it does not hold.

    Takes time linear in the widths of its gaps: each slot keeps the set of places it may stand at.
    """
    slots, anchor = phrase.slots, phrase.anchor
    if phrase.is_pair:
        return place, place + 2
    first = last = place
    here = [place]
    for number in range(anchor + 1, len(slots)):
        here = _after(words, masks, here, slots[number])
        if not here:
            return None
        last = here[0]
    here = [place]
    for number in range(anchor - 1, -1, -1):
        here = _before(words, masks, here, slots[number], slots[number + 1].gap)
        if not here:
            return None
        first = here[0]
    if slots[0].opens and not any(start == 0 or masks[start - 1] & END for start in here):
        return None
    return first, last + 1


def _after(words: Sequence[str], masks: Sequence[int], here: list[int], slot: Slot) -> list[int]:
    exact, wanted, gap, _ = slot
    found: list[int] = []
    for start in here:
        for place in range(start + 1, min(len(words), start + 2 + gap)):
            mask = masks[place]
            if mask & END:
                break
            if (words[place] in exact or mask & wanted) and place not in found:
                found.append(place)
    return found


def _before(words: Sequence[str], masks: Sequence[int], here: list[int], slot: Slot, gap: int) -> list[int]:
    exact, wanted = slot.words, slot.mask
    found: list[int] = []
    for start in here:
        for place in range(start - 1, max(-1, start - 2 - gap), -1):
            mask = masks[place]
            if mask & END:
                break
            if (words[place] in exact or mask & wanted) and place not in found:
                found.append(place)
    return found
