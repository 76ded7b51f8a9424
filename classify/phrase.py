"""Phrases: words in a row with gaps, found around the one word of theirs that is rarest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
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

    `needed` are the bits that some words must have, `fixed` those of them that no phrase gives: words have those or
    not before any phrase is found. Phrases of a higher `level` build on those of lower ones.
    """

    slots: tuple[Slot, ...]
    anchor: int
    mask: int
    level: int
    needed: int
    fixed: int


class Hung(NamedTuple):
    """The phrases that hang on a single word: those that demand a mask of a word beside it, and the rest."""

    beside: list[tuple[int, int, list[Phrase]]]
    rest: list[Phrase]


def hang(phrases: Iterable[Phrase]) -> Hung:
    """Sort the phrases of one word by what they demand of its neighbours."""
    beside: dict[tuple[int, int], list[Phrase]] = defaultdict(list)
    rest: list[Phrase] = []
    for phrase in phrases:
        side, mask = _neighbour(phrase)
        if side:
            beside[side, mask].append(phrase)
        else:
            rest.append(phrase)
    return Hung([(side, mask, found) for (side, mask), found in beside.items()], rest)


def _neighbour(phrase: Phrase) -> tuple[int, int]:
    """Return side and mask of a slot right beside the anchor that is told before any phrase is found; 0 for none."""
    anchor, slots = phrase.anchor, phrase.slots
    if anchor + 1 < len(slots) and not slots[anchor + 1].gap and slots[anchor + 1].mask & phrase.fixed:
        return 1, slots[anchor + 1].mask
    if anchor and not slots[anchor].gap and slots[anchor - 1].mask & phrase.fixed:
        return -1, slots[anchor - 1].mask
    return 0, 0


class PhraseFinder:
    """Finds the phrases of one vocabulary in rows of words.

    A phrase with two words side by side is looked up by that pair; one without hangs on the rarest of its words.
    """

    def __init__(self, pairs: dict[tuple[str, str], list[Phrase]], on_lists: dict[int, list[Phrase]]) -> None:
        self.hung: dict[str, Hung] = {}
        self._pairs = pairs
        self._no_pair_in = pairs.keys().isdisjoint
        self._on_lists = on_lists
        self._followed = reduce(or_, on_lists, 0)

    def find(self, words: Sequence[str], masks: list[int]) -> None:
        """Add to the masks of words what the phrases they stand in belong to."""
        hung = [place for place, mask in enumerate(masks) if mask & ANCHOR]
        paired = not self._no_pair_in(pairwise(words))
        if not hung and not paired:
            return
        absent = ~reduce(or_, masks, 0)
        later: list[tuple[int, int, Phrase]] = []
        found = self._paired(words) if paired else []
        for place in hung:
            beside, rest = self.hung[words[place]]
            for phrase in rest:
                if not phrase.fixed & absent:
                    found.append((place, phrase))
            for side, wanted, phrases in beside:
                if 0 <= place + side < len(masks) and masks[place + side] & wanted:
                    found.extend((place, phrase) for phrase in phrases)
        for place, phrase in found:
            if phrase.level:
                later.append((phrase.level, place, phrase))
            else:
                self._match(phrase, place, words, masks, later)
        if later:
            self._build_up(later, words, masks)

    def _paired(self, words: Sequence[str]) -> list[tuple[int, Phrase]]:
        pairs = self._pairs
        return [
            (place, phrase)
            for place, pair in enumerate(pairwise(words))
            if pair in pairs
            for phrase in pairs[pair]
        ]

    def _build_up(self, later: list[tuple[int, int, Phrase]], words: Sequence[str], masks: list[int]) -> None:
        """Match the phrases that build on others, level by level."""
        absent = ~reduce(or_, masks)
        while later:
            level = min(later, key=_by_level)[0]
            waiting, later = later, []
            for at, place, phrase in waiting:
                if at > level:
                    later.append((at, place, phrase))
                elif not phrase.needed & absent and self._match(phrase, place, words, masks, later):
                    absent &= ~phrase.mask

    def _match(
        self,
        phrase: Phrase,
        place: int,
        words: Sequence[str],
        masks: list[int],
        later: list[tuple[int, int, Phrase]],
    ) -> bool:
        span = match_phrase(words, masks, place, phrase)
        if span is None:
            return False
        for inside in range(*span):
            new = phrase.mask & ~masks[inside]
            if new:
                masks[inside] |= new
                if new & self._followed:
                    self._follow(new, inside, later)
        return True

    def _follow(self, new: int, place: int, later: list[tuple[int, int, Phrase]]) -> None:
        for bit, phrases in self._on_lists.items():
            if bit & new:
                later.extend((phrase.level, place, phrase) for phrase in phrases)


def _by_level(entry: tuple[int, int, Phrase]) -> int:
    return entry[0]


def match_phrase(
    words: Sequence[str], masks: Sequence[int], place: int, phrase: Phrase
) -> tuple[int, int] | None:
    """Return first and past-the-last word of a phrase around its anchor, None where it does not hold.

    Takes time linear in the widths of its gaps: each slot keeps the set of places it may stand at.
    """
    slots, anchor = phrase.slots, phrase.anchor
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
