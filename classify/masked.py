"""Rules as masks: what fires in one sentence, and what holds by the facts of a post alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from classify.codebook import Rule

MEMO_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class MaskedRule:
    """A rule whose word lists, places and facts are bits.

    `any`, `near`, `unless` and `fields` are asked of one sentence; `needed` and `barred` of all that holds for the
    post, its facts included; `always` says that nothing is asked of the post.
    """

    number: int
    rule: Rule
    any: int
    near: tuple[int, ...]
    unless: int
    fields: int
    needed: tuple[int, ...]
    barred: int
    times: int
    always: bool
    scores: tuple[tuple[int, float], ...]

    @property
    def words(self) -> int:
        """All bits the rule asks of the post: those of word lists and those of facts."""
        return self.barred | union(self.needed)

    @property
    def is_plain(self) -> bool:
        """Say whether the rule asks for one word list and nothing else, so that its score is that of a bit."""
        one = self.any & (self.any - 1) == 0
        return bool(self.any) and one and self.always and not (self.near or self.unless or self.fields)

    def fires_in(self, sentence: int) -> bool:
        """Say whether a sentence holds all that the rule asks of one sentence."""
        if self.unless & sentence or not self.any & sentence or (self.fields and not self.fields & sentence):
            return False
        for group in self.near:  # noqa: SIM110 (the hot path: a generator takes twice as long)
            if not group & sentence:
                return False
        return True

    def holds_for(self, known: int) -> bool:
        """Say whether all that is known of the post allows the rule."""
        if self.barred & known:
            return False
        for group in self.needed:  # noqa: SIM110 (the hot path: a generator takes twice as long)
            if not group & known:
                return False
        return True


Numbered = dict[int, MaskedRule]


class SentenceRules(dict[int, tuple[Numbered, Numbered]]):
    """For the mask of a sentence, the rules that fire in it: those judged at once, and those that wait for a code.

    Remembered up to a limit.
    """

    def __init__(self, rules: list[MaskedRule], early: frozenset[int]) -> None:
        super().__init__()
        self._called_by: dict[int, list[MaskedRule]] = defaultdict(list)
        self._early = early
        for rule in rules:
            for bit in bits_of(rule.any):
                self._called_by[bit].append(rule)

    def __missing__(self, sentence: int) -> tuple[Numbered, Numbered]:
        called = {rule.number: rule for bit in bits_of(sentence) for rule in self._called_by.get(bit, ())}
        fired = [rule for _, rule in sorted(called.items()) if rule.fires_in(sentence)]
        now = {rule.number: rule for rule in fired if rule.number in self._early}
        later = {rule.number: rule for rule in fired if rule.number not in self._early}
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[sentence] = now, later
        return now, later


class Held(NamedTuple):
    """Rules that hold for some facts, by number, and what they add to the codes together."""

    numbers: tuple[int, ...]
    scores: tuple[tuple[int, float], ...]


class FactRules(dict[int, Held]):
    """For the facts of a post, the rules that ask for nothing else and hold; remembered up to a limit."""

    def __init__(self, rules: list[MaskedRule]) -> None:
        super().__init__()
        self._rules = rules
        self.facts = union(rule.words for rule in rules)

    def __missing__(self, facts: int) -> Held:
        rules = [rule for rule in self._rules if rule.holds_for(facts)]
        scores: dict[int, float] = {}
        for rule in rules:
            for code, score in rule.scores:
                scores[code] = scores.get(code, 0.0) + score
        held = Held(tuple(rule.number for rule in rules), tuple(scores.items()))
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[facts] = held
        return held


def bits_of(mask: int) -> Iterator[int]:
    """Yield the bits of a mask, each as a mask of its own, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def union(masks: Iterable[int]) -> int:
    """Return all bits of some masks together."""
    union = 0
    for mask in masks:
        union |= mask
    return union
