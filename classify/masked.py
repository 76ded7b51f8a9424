"""Rules as masks: what fires in one sentence, and what holds by the facts of a post alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classify.codebook import Rule

MEMO_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class MaskedRule:
    """A rule whose word lists, places and facts are bits.

    `any`, `near`, `unless` and `fields` are asked of one sentence; `needed` and `barred` of all that holds for the
    post, its facts included; `packed` are its scores as one number.
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
    scores: tuple[tuple[int, float], ...]
    packed: int

    @property
    def words(self) -> int:
        """All bits the rule asks of the post: those of word lists and those of facts."""
        return self.barred | union(self.needed)

    @property
    def is_plain(self) -> bool:
        """Say whether the rule asks for one word list and nothing else, so that its score is that of a bit."""
        one = self.any & (self.any - 1) == 0
        more = self.near or self.unless or self.fields or self.needed or self.barred or self.times > 1
        return bool(self.any) and one and not more

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


class Fired(NamedTuple):
    """The rules that fire in sentences, by the stage at which all that they ask for is decided.

    `plain` ones are added up instead: their packed scores by the number of the list that calls them, and all together.
    """

    plain: dict[int, int]
    packed: int
    stages: dict[int, Numbered]


class SentenceRules(dict[int, Fired]):
    """For the mask of a sentence, the rules that fire in it; remembered up to a limit."""

    def __init__(self, rules: list[MaskedRule], stage_of: Mapping[int, int]) -> None:
        super().__init__()
        self._called_by: dict[int, list[MaskedRule]] = defaultdict(list)
        self._plain: dict[int, int] = defaultdict(int)
        self._stage_of = stage_of
        for rule in rules:
            if rule.is_plain:
                self._plain[rule.any] += rule.packed
            else:
                for bit in bits_of(rule.any):
                    self._called_by[bit].append(rule)

    def __missing__(self, sentence: int) -> Fired:
        bits = list(bits_of(sentence))
        plain = {bit.bit_length(): self._plain[bit] for bit in bits if bit in self._plain}
        called = {rule.number: rule for bit in bits for rule in self._called_by.get(bit, ())}
        stages: dict[int, Numbered] = {}
        for number, rule in sorted(called.items()):
            if rule.fires_in(sentence):
                stages.setdefault(self._stage_of[number], {})[number] = rule
        if len(self) >= MEMO_LIMIT:
            self.clear()
        fired = self[sentence] = Fired(plain, sum(plain.values()), stages)
        return fired


def fired_in(found: Sequence[Fired]) -> Fired:
    """Return what fires in some sentences together."""
    if len(found) == 1:
        return found[0]
    plain: dict[int, int] = {}
    stages: dict[int, Numbered] = {}
    for one in found:
        plain |= one.plain
        for stage, rules in one.stages.items():
            stages[stage] = stages[stage] | rules if stage in stages else rules
    return Fired(plain, sum(plain.values()), stages)


class Held(NamedTuple):
    """Rules that hold for some facts, by number, and their packed scores together."""

    numbers: tuple[int, ...]
    packed: int


class FactRules(dict[int, Held]):
    """For the facts of a post, the rules that ask for nothing else and hold; remembered up to a limit."""

    def __init__(self, rules: list[MaskedRule]) -> None:
        super().__init__()
        self._rules = rules
        self.facts = union(rule.words for rule in rules)

    def __missing__(self, facts: int) -> Held:
        rules = [rule for rule in self._rules if rule.holds_for(facts)]
        if len(self) >= MEMO_LIMIT:
            self.clear()
        held = self[facts] = Held(tuple(rule.number for rule in rules), sum(rule.packed for rule in rules))
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
