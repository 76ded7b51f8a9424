"""Codes units by the rules of a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classify.codebook import LANGUAGES, Codebook, Dimension
from classify.codebook_file import default_codebook
from classify.coding import Coding
from classify.hashtag import HashtagSegmenter
from classify.language import detect
from classify.reading import ReadField, Reading, sentence_masks
from classify.ruleset import MaskedRule, Ruleset
from classify.text import words_of
from classify.unit import FIELDS, Unit
from classify.vocabulary import Lexicon, Vocabulary

SHORT, LONG = 25, 70  # words; what a rule calls length.short and length.long


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
        self.segment = HashtagSegmenter(self.vocabularies["und"].words)
        self._field_bits = [(name, self.rules.place_bit[name]) for name in FIELDS]
        self._facts: dict[tuple[str, ...], int] = {}

    def code(self, units: Iterable[Unit]) -> Iterator[Coding]:
        """Yield the coding of each unit, in order."""
        return map(self.code_unit, units)

    def code_unit(self, unit: Unit) -> Coding:
        """Return the coding of one unit."""
        reading = self.read(unit)
        return self._decide(reading)

    def read(self, unit: Unit) -> Reading:
        """Return a unit as the rules see it."""
        language = unit.language or detect_unit(unit)
        vocabulary = self.vocabularies.get(language) or self.vocabularies["und"]
        tags_bit, opening_bit = self.rules.place_bit["hashtags"], self.rules.place_bit["opening"]
        fields: list[ReadField] = []
        for name, bit in self._field_bits:
            text = getattr(unit, name)
            if text:
                running, tags = words_of(text, self.segment)
                fields.append(self._read_words(name, False, bit, running, vocabulary))
                if tags:
                    fields.append(self._read_words(name, True, tags_bit, tags, vocabulary))
        if unit.hashtags and (extra := self._extra_tags(unit)):
            fields.append(self._read_words("hashtags", True, tags_bit, extra, vocabulary))
        sentences: list[int] = []
        for field in fields:
            sentence_masks(field.masks, self.rules.relevant, field.bit, sentences)
        if sentences:
            sentences[0] |= opening_bit
        post = 0
        for sentence in sentences:
            post |= sentence
        facts = self._fact_bits(unit, language) | self._length_bit(fields)
        return Reading(
            unit, language, fields, sentences, post, facts, opening_bit, self.rules.relevant, self.segment
        )

    def _read_words(
        self, name: str, is_tags: bool, bit: int, words: list[str], vocabulary: Vocabulary
    ) -> ReadField:
        return ReadField(name, is_tags, bit, words, vocabulary.masks_of(words))

    def _extra_tags(self, unit: Unit) -> list[str]:
        """Return the words of hashtags that the platform lists but the texts do not show."""
        written = f"{unit.title}\n{unit.text}".lower()
        tags = [tag.lstrip("#") for tag in unit.hashtags]
        if all(f"#{tag.lower()}" in written for tag in tags):
            return []
        return words_of(" ".join(f"#{tag}" for tag in tags), self.segment)[1]

    def _fact_bits(self, unit: Unit, language: str) -> int:
        has = tuple(name for name in (*FIELDS, "hashtags", "coauthors") if getattr(unit, name))
        key = (unit.platform, unit.media_type, unit.level, unit.run_by, unit.scope, language, *has)
        facts = self._facts.get(key)
        if facts is None:
            languages = LANGUAGES if language == "und" else (language,)
            kinds = ("platform", "media", "level", "run_by", "scope")
            names = [f"{kind}.{value}" for kind, value in zip(kinds, key, strict=False)]
            names += [f"language.{name}" for name in languages] + [f"has.{name}" for name in has]
            facts = 0
            for name in names:
                facts |= self.rules.fact_bit.get(name, 0)
            if len(self._facts) > 10_000:
                self._facts.clear()
            self._facts[key] = facts
        return facts

    def _length_bit(self, fields: list[ReadField]) -> int:
        length = sum(len(field.words) for field in fields)
        name = "short" if length < SHORT else "long" if length > LONG else "middle"
        return self.rules.fact_bit.get(f"length.{name}", 0)

    def _decide(self, reading: Reading) -> Coding:
        rules = self.rules
        scores = [0.0] * len(rules.codes)
        fired: list[int] = []
        early, waiting = self._fired_in_sentences(reading)
        known = reading.post | reading.facts
        self._judge(early, known, reading, scores, fired)
        codes: dict[str, tuple[str, ...]] = {dimension.name: () for dimension in self.codebook.dimensions}
        given: set[str] = set()
        for stage in rules.stages:
            if waiting and stage.waiting:
                self._judge(
                    [rule for rule in waiting if rule.number in stage.waiting], known, reading, scores, fired
                )
            if stage.by_post:
                self._judge(stage.by_post, known, reading, scores, fired)
            for rule in stage.by_facts[known & stage.by_facts.facts]:
                fired.append(rule.number)
                for code, score in rule.scores:
                    scores[code] += score
            if stage.home and stage.home not in given:
                continue
            for number, threshold, bit, name in stage.codes:
                if scores[number] >= threshold:
                    known |= bit
                    codes[stage.dimension] += (name,)
                    given.add(f"{stage.dimension}.{name}")
        primaries = {
            dimension.name: self._settle(dimension, codes, scores) for dimension in self.codebook.dimensions
        }
        return Coding(
            reading=reading, rules=rules, codes=codes, primaries=primaries, scores=scores, fired=fired
        )

    def _fired_in_sentences(self, reading: Reading) -> tuple[list[MaskedRule], list[MaskedRule]]:
        """Return the rules that fire in some sentence: those to be judged at once, and those that have to wait."""
        by_sentence, early = self.rules.by_sentence, self.rules.early
        found = {rule.number: rule for sentence in reading.sentences for rule in by_sentence[sentence]}
        return (
            [rule for number, rule in found.items() if number in early],
            [rule for number, rule in found.items() if number not in early],
        )

    def _judge(
        self, rules: Iterable[MaskedRule], known: int, reading: Reading, scores: list[float], fired: list[int]
    ) -> None:
        for rule in rules:
            if rule.holds_for(known) and (rule.times == 1 or reading.count(rule.any) >= rule.times):
                fired.append(rule.number)
                for code, score in rule.scores:
                    scores[code] += score

    def _settle(self, dimension: Dimension, codes: dict[str, tuple[str, ...]], scores: list[float]) -> str:
        """Leave out what else stands beside the code for all else, and return the primary code."""
        found = codes[dimension.name]
        otherwise = dimension.otherwise
        if otherwise and found != (otherwise,):
            found = tuple(name for name in found if name != otherwise) or (otherwise,)
            codes[dimension.name] = found
        return found[0] if len(found) == 1 else self._find_primary(dimension, found, scores)

    def _find_primary(self, dimension: Dimension, found: tuple[str, ...], scores: list[float]) -> str:
        """Return the strongest code; of equally strong ones the first in the dimension's order."""
        if not found:
            return ""
        order = [name for name in dimension.order if name in found] or list(found)
        number = self.rules.code_number
        return max(order, key=lambda name: scores[number[f"{dimension.name}.{name}"]])


def detect_unit(unit: Unit) -> str:
    """Return the language of all that a unit says."""
    return detect("\n".join(filter(None, (unit.title, unit.text, unit.transcript, unit.alt_text))))
