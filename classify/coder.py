"""Codes units by the rules of a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classify.codebook import Codebook
from classify.codebook_file import default_codebook
from classify.coding import Coding
from classify.lexicon import Lexicon
from classify.masked import MaskedRule
from classify.reader import Reader
from classify.reading import Message, Reading
from classify.ruleset import Ruleset
from classify.single_words import SingleWords
from classify.unit import Unit
from classify.vocabulary import Vocabularies
from classify.voices import Voices


class Coder:
    """Codes units; made once per codebook, used for any number of units.

    >>> coder = Coder()
    >>> next(coder.code([Unit(id="1", text="Kom zaterdag naar onze open dag!", language="nl")])).themes
    ('open_day',)
    """

    def __init__(self, codebook: Codebook | None = None) -> None:
        self.codebook = codebook or default_codebook()
        self.lexicon = Lexicon(self.codebook)
        self.vocabularies = Vocabularies(self.lexicon)
        self.rules = Ruleset(self.codebook, self.lexicon)
        self.single = SingleWords(self.codebook.codes)
        self.voices = Voices(self.rules, self.single)
        self.reader = Reader(self.rules, self.vocabularies, self.single)

    def code(self, units: Iterable[Unit]) -> Iterator[Coding]:
        """Yield the coding of each unit, in order."""
        return map(self.code_unit, units)

    def code_unit(self, unit: Unit) -> Coding:
        """Return the coding of one unit."""
        return self._decide(self.reader.read(unit))

    def _decide(self, reading: Reading) -> Coding:
        fired: list[int] = []
        held: list[int] = []
        total, reached = self._score(reading, fired, held)
        decision = self.rules.decisions[reached]
        return Coding(
            reader=self.reader,
            voices=self.voices,
            reading=reading,
            rules=self.rules,
            decision=decision,
            primaries=self.rules.decisions.primaries(decision, total),
            total=total,
            fired=fired,
            held=held,
        )

    def _score(self, reading: Reading, fired: list[int], held: list[int]) -> tuple[int, int]:
        """Return the packed scores of a post, and the bits that tell which codes it reached.

        Add the rules that fired in its sentences, and those that held by its facts or for the post as a whole.
        What single words and plain rules say is added up at once, other rules are judged before the codes they score.
        """
        rules = self.rules
        message = reading.message
        called = message.called
        total = rules.packing.start + message.says
        known = message.post | reading.facts
        for number, stage in enumerate(rules.stages):
            if number in called:
                total += _judge(called[number].values(), known, message, fired)
            if stage.by_post:
                total += _judge(stage.by_post, known, message, held)
            if stage.facts:
                numbers, packed = stage.by_facts[known & stage.facts]
                held += numbers
                total += packed
            for code, fact in stage.asked:
                if total & code and known & stage.home:
                    known |= fact
        return total, total & rules.reached


def _judge(rules: Iterable[MaskedRule], known: int, message: Message, fired: list[int]) -> int:
    """Return the packed scores of the rules that hold for the post, added up."""
    total = 0
    for rule in rules:
        if rule.barred & known or (rule.times > 1 and message.count(rule.any) < rule.times):
            continue
        for group in rule.needed:
            if not group & known:
                break
        else:
            fired.append(rule.number)
            total += rule.packed
    return total
