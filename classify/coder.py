"""Codes units by the rules of a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classify.codebook import LANGUAGES, Codebook, Dimension
from classify.codebook_file import default_codebook
from classify.coding import Coding
from classify.hashtag import HashtagSegmenter
from classify.language import detect
from classify.reading import ReadField, Reading, sentence_masks
from classify.ruleset import MaskedRule, Ruleset, Stage
from classify.text import words_of
from classify.unit import FIELDS, Unit
from classify.vocabulary import Lexicon, Vocabulary, find_phrases

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
        masks = [vocabulary[word] for word in words]
        find_phrases(words, masks, vocabulary)
        return ReadField(name, is_tags, bit, words, masks)

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
        codes: dict[str, tuple[str, ...]] = {}
        primaries: dict[str, str] = {}
        fired: list[int] = []
        by_sentence = [rules.by_sentence[sentence] for sentence in reading.sentences]
        by_sentence = [found for found in by_sentence if found]
        for number, stage in enumerate(rules.stages):
            self._judge(number, reading, by_sentence, scores, fired)
            self._find_codes(stage, scores, codes, reading)
        for dimension in self.codebook.dimensions:
            found = codes.get(dimension.name, ())
            if dimension.otherwise:
                found = tuple(name for name in found if name != dimension.otherwise) or (dimension.otherwise,)
            codes[dimension.name] = found
            primaries[dimension.name] = self._find_primary(dimension, found, scores)
        return Coding(
            reading=reading, rules=rules, codes=codes, primaries=primaries, scores=scores, fired=tuple(fired)
        )

    def _judge(
        self,
        number: int,
        reading: Reading,
        by_sentence: list[tuple[tuple[MaskedRule, ...], ...]],
        scores: list[float],
        fired: list[int],
    ) -> None:
        """Add up the scores of the rules that can be judged at one stage."""
        holding = {rule.number: rule for stages in by_sentence for rule in stages[number]}
        for rule in (*holding.values(), *self.rules.stages[number].by_post):
            if (rule.any and rule.only_sentences) or self._holds(rule, reading):
                fired.append(rule.number)
                for code, score in rule.scores:
                    scores[code] += score

    def _holds(self, rule: MaskedRule, reading: Reading) -> bool:
        if not rule.holds_for(reading.post, reading.facts):
            return False
        times = rule.rule.times
        return times == 1 or times <= sum(1 for field in reading.fields for mask in field.masks if mask & rule.any)

    def _find_codes(
        self, stage: Stage, scores: list[float], codes: dict[str, tuple[str, ...]], reading: Reading
    ) -> None:
        dimension = stage.dimension
        if dimension.within:
            home, code = dimension.within.split(".")
            if code not in codes.get(home, ()):
                return
        number = self.rules.code_number
        found = tuple(code for code in stage.codes if scores[number[code.code]] >= code.threshold)
        codes[dimension.name] = codes.get(dimension.name, ()) + tuple(code.name for code in found)
        for known in found:
            reading.facts |= self.rules.fact_bit.get(known.code, 0)

    def _find_primary(self, dimension: Dimension, found: tuple[str, ...], scores: list[float]) -> str:
        """Return the strongest code; of equally strong ones the first in the dimension's order."""
        if len(found) < 2:
            return found[0] if found else ""
        order = [name for name in dimension.order if name in found] or list(found)
        number = self.rules.code_number
        return max(order, key=lambda name: scores[number[f"{dimension.name}.{name}"]])


def detect_unit(unit: Unit) -> str:
    """Return the language of all that a unit says."""
    return detect("\n".join(filter(None, (unit.title, unit.text, unit.transcript, unit.alt_text))))
