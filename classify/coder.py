"""Codes units by the rules of a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classify.codebook import LANGUAGES, Codebook, Dimension
from classify.codebook_file import default_codebook
from classify.coding import Coding
from classify.masked import MaskedRule, Numbered
from classify.reader import Reader
from classify.reading import Reading
from classify.ruleset import Ruleset
from classify.single_words import SingleWords
from classify.unit import Unit
from classify.vocabulary import Lexicon, Vocabulary


class Coder:
    """Codes units; made once per codebook, used for any number of units.

    >>> coder = Coder()
    >>> next(coder.code([Unit(id="1", text="Kom zaterdag naar onze open dag!", language="nl")])).themes
    ('open_day',)
    """

    def __init__(self, codebook: Codebook | None = None) -> None:
        self.codebook = codebook or default_codebook()
        self.lexicon = Lexicon(self.codebook)
        self.vocabularies = {name: Vocabulary(self.lexicon, name) for name in (*LANGUAGES, "und")}
        self.rules = Ruleset(self.codebook, self.lexicon)
        self._dimensions = {dimension.name: dimension for dimension in self.codebook.dimensions}
        self.single = SingleWords(self.codebook.codes)
        self.reader = Reader(self.rules, self.vocabularies, self.single)

    def code(self, units: Iterable[Unit]) -> Iterator[Coding]:
        """Yield the coding of each unit, in order."""
        return map(self.code_unit, units)

    def code_unit(self, unit: Unit) -> Coding:
        """Return the coding of one unit."""
        return self._decide(self.reader.read(unit))

    def _decide(self, reading: Reading) -> Coding:
        rules = self.rules
        scores = [0.0] * len(rules.codes)
        fired: list[int] = []
        rules.tally.add(reading.post, scores)
        self.single.add(reading, scores)
        early, waiting = self._fired_in_sentences(reading)
        known = reading.post | reading.facts
        self._judge(early.values(), known, reading, scores, fired)
        codes: dict[str, tuple[str, ...]] = dict.fromkeys(self._dimensions, ())
        for stage in rules.stages:
            if waiting and stage.waiting:
                self._judge(
                    [rule for number, rule in waiting.items() if number in stage.waiting],
                    known,
                    reading,
                    scores,
                    fired,
                )
            if stage.by_post:
                self._judge(stage.by_post, known, reading, scores, fired)
            if stage.facts:
                held = stage.by_facts[known & stage.facts]
                fired += held.numbers
                for code, score in held.scores:
                    scores[code] += score
            if known & stage.home:
                for number, threshold, bit, name in stage.codes:
                    if scores[number] >= threshold:
                        known |= bit
                        codes[stage.dimension] += (name,)
        primaries = self._settle(codes, scores)
        return Coding(
            reader=self.reader,
            single=self.single,
            reading=reading,
            rules=rules,
            codes=codes,
            primaries=primaries,
            scores=scores,
            fired=fired,
        )

    def _fired_in_sentences(self, reading: Reading) -> tuple[Numbered, Numbered]:
        """Return the rules that fire in some sentence: those to be judged at once, and those that have to wait."""
        by_sentence = self.rules.by_sentence
        now: Numbered = {}
        later: Numbered = {}
        for stretch in reading.stretches:
            early, waiting = by_sentence[stretch]
            now |= early
            later |= waiting
        return now, later

    def _judge(
        self, rules: Iterable[MaskedRule], known: int, reading: Reading, scores: list[float], fired: list[int]
    ) -> None:
        """Add up the scores of the rules that hold for the post."""
        for rule in rules:
            if rule.always or (
                not rule.barred & known
                and rule.holds_for(known)
                and (rule.times == 1 or reading.count(rule.any) >= rule.times)
            ):
                fired.append(rule.number)
                for code, score in rule.scores:
                    scores[code] += score

    def _settle(self, codes: dict[str, tuple[str, ...]], scores: list[float]) -> dict[str, str]:
        """Leave out each code for all else where others hold, put it where none does; return the primary codes."""
        primaries: dict[str, str] = {}
        for name, dimension in self._dimensions.items():
            found, otherwise = codes[name], dimension.otherwise
            if otherwise and (not found or otherwise in found):
                found = tuple(code for code in found if code != otherwise) or (otherwise,)
                codes[name] = found
            primaries[name] = (
                (found[0] if found else "")
                if len(found) < 2
                else self._find_primary(dimension, found, scores)
            )
        return primaries

    def _find_primary(self, dimension: Dimension, found: tuple[str, ...], scores: list[float]) -> str:
        """Return the strongest code, each with its lead; of equally strong ones the first in the dimension's order."""
        order = [name for name in dimension.order if name in found] or list(found)
        numbers = {name: self.rules.code_number[f"{dimension.name}.{name}"] for name in order}
        return max(order, key=lambda name: scores[numbers[name]] + self.rules.codes[numbers[name]].lead)
