"""What may speak for each code and how loudly: rules, by the words that they look for, and single words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING

from classify.masked import MEMO_LIMIT, MaskedRule, bits_of
from classify.single_words import FEWEST, SingleWords, share_of

if TYPE_CHECKING:
    from classify.reading import Message
    from classify.ruleset import Ruleset

SPEAKS = 0.3  # what adds less to a code is no evidence for it
LOUDEST = 3  # rules and single words that are evidence for a code; `explain` shows all
SINGLE_WORD = "single_word"  # what evidence by one word alone is called, where others have the name of a rule

Spoken = tuple[
    float, MaskedRule | None, str
]  # how loudly; a rule and how its evidence begins; None and a word
_loudness = itemgetter(0)


class Voice(dict[int, list[Spoken]]):
    """The tallied rules that may speak for one code: for a choice of their bits, those that spoke loudest.

    Remembered up to a limit.
    """

    def __init__(self, code: str, number: int) -> None:
        super().__init__()
        self.code = code
        self.dimension, self.name = code.split(".", 1)
        self.number = number
        self.bits = 0
        self._by_bit: dict[int, list[Spoken]] = defaultdict(list)

    def add(self, bit: int, spoken: Spoken) -> None:
        """Add a tallied rule."""
        self.bits |= bit
        self._by_bit[bit].append(spoken)

    def begin(self, rule: str, weight: float) -> str:
        """Return how evidence for the code begins as JSON; the members of its place follow."""
        return f'{{"code":"{self.code}","rule":"{rule}","weight":{weight},'

    def __missing__(self, held: int) -> list[Spoken]:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        spoken = self[held] = _loudest([one for bit in bits_of(held) for one in self._by_bit[bit]])
        return spoken


class Voices:
    """All that may speak for the codes of a codebook."""

    def __init__(self, rules: Ruleset, single: SingleWords) -> None:
        self.voices = [Voice(code.code, number) for number, code in enumerate(rules.codes)]
        self._words = LoudWords(single)
        self._by_rule: list[list[tuple[int, Spoken]]] = [[] for _ in rules.rules]
        for rule in rules.rules:
            for number, weight in rule.scores:
                if rule.any and weight >= SPEAKS:
                    spoken = (weight, rule, self.voices[number].begin(rule.rule.name, weight))
                    if rule.is_plain:
                        self.voices[number].add(rule.any, spoken)
                    else:
                        self._by_rule[rule.number].append((number, spoken))

    def loudest(
        self, given: Iterable[Voice], message: Message, fired: Iterable[int]
    ) -> Mapping[int, list[Spoken]]:
        """Return what spoke loudest for codes, loudest first, by their numbers; `fired` leaves out tallied rules."""
        post = message.post
        loudest = {voice.number: voice[post & voice.bits] for voice in given}
        more: dict[int, list[Spoken]] = defaultdict(list)
        for rule in fired:
            for code, spoken in self._by_rule[rule]:
                if code in loudest:
                    more[code].append(spoken)
        share, words = share_of(message.distinct), self._words
        least = SPEAKS / share
        for word in message.said:
            for code, weight in words[word]:
                if weight < least:
                    break
                if code in loudest:
                    more[code].append((weight * share, None, word))
        for code, added in more.items():
            loudest[code] = _loudest(loudest[code] + added)
        return loudest


class LoudWords(dict[str, tuple[tuple[int, float], ...]]):
    """The numbers of the codes that a word may be evidence for by itself, with what it says of them, loudest first.

    Remembered up to a limit.
    """

    def __init__(self, single: SingleWords) -> None:
        super().__init__()
        self._single = single
        self._least = SPEAKS / share_of(FEWEST)

    def __missing__(self, word: str) -> tuple[tuple[int, float], ...]:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        said = sorted(self._single.weights(word).items(), key=itemgetter(1), reverse=True)
        loud = self[word] = tuple((code, weight) for code, weight in said if weight >= self._least)
        return loud


def _loudest(spoken: list[Spoken]) -> list[Spoken]:
    return sorted(spoken, key=_loudness, reverse=True)[:LOUDEST]
