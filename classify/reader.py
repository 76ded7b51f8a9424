"""Reads units: cuts their fields into sentences and looks up what these hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classify.codebook import LANGUAGES
from classify.hashtag import HashtagSegmenter
from classify.language import detect
from classify.place import Span, locate
from classify.reading import Reading
from classify.ruleset import Ruleset
from classify.sentence import Sentence, Sentences, stretches
from classify.text import sentences_of
from classify.unit import FIELDS, Unit
from classify.vocabulary import Vocabulary

SHORT, LONG = 25, 70  # words; what a rule calls length.short and length.long
_FACTS_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences of one field of a unit, or the tags of its rows of hashtags, in normal form."""

    field: str
    bit: int
    is_tags: bool
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a sentence that holds something relevant: which words it spans and its mask."""

    part: Part
    number: int
    sentence: Sentence
    first: int
    last: int
    mask: int


class Reader:
    """Turns units into readings for one set of rules."""

    def __init__(self, rules: Ruleset, vocabularies: dict[str, Vocabulary]) -> None:
        self._rules = rules
        self._sentences = {name: Sentences(known, rules.relevant) for name, known in vocabularies.items()}
        self.segment = HashtagSegmenter(vocabularies["und"].words)
        self._bits = [(name, rules.place_bit[name]) for name in FIELDS]
        self._tags_bit = rules.place_bit["hashtags"]
        self._opening_bit = rules.place_bit["opening"]
        self._facts: dict[tuple[str, ...], int] = {}

    def read(self, unit: Unit) -> Reading:
        """Return a unit as the rules see it."""
        language = unit.language or detect_unit(unit)
        known = self._sentences.get(language) or self._sentences["und"]
        sentences: list[Sentence] = []
        masks: list[int] = []
        for part in self.parts(unit):
            bit = part.bit
            for text in part.sentences:
                sentence = known[text]
                sentences.append(sentence)
                for held in sentence.stretches:
                    masks.append(held | bit)  # noqa: PERF401 (the hot path)
        if masks:
            masks[0] |= self._opening_bit
        post = 0
        for mask in masks:
            post |= mask
        return Reading(unit, language, sentences, masks, post, self._fact_bits(unit, language, sentences))

    def parts(self, unit: Unit) -> list[Part]:
        """Return what a unit says, field by field."""
        parts: list[Part] = []
        for name, bit in self._bits:
            text = getattr(unit, name)
            if text:
                running, tags = sentences_of(text, self.segment)
                if running:
                    parts.append(Part(name, bit, False, running))
                if tags:
                    parts.append(Part(name, self._tags_bit, True, tags))
        if unit.hashtags and (extra := self._extra_tags(unit)):
            parts.append(Part("hashtags", self._tags_bit, True, extra))
        return parts

    def stretches(self, reading: Reading) -> Iterator[Stretch]:
        """Yield the stretches whose masks a reading lists, in the same order, with the words they span."""
        known = self._sentences.get(reading.language) or self._sentences["und"]
        opening = self._opening_bit
        for part in self.parts(reading.unit):
            for number, text in enumerate(part.sentences):
                sentence = known[text]
                for first, last, held in stretches(sentence.masks, self._rules.relevant):
                    yield Stretch(part, number, sentence, first, last, held | part.bit | opening)
                    opening = 0

    def locate(self, unit: Unit, part: Part) -> list[list[Span]]:
        """Return for each sentence of a part where its words stand in the text as posted."""
        running, tags = locate(original(unit, part.field), self.segment)
        return tags if part.is_tags else running

    def _extra_tags(self, unit: Unit) -> list[str]:
        """Return the words of hashtags that the platform lists but the texts do not show."""
        written = f"{unit.title}\n{unit.text}".lower()
        if all(f"#{tag.lstrip('#').lower()}" in written for tag in unit.hashtags):
            return []
        running, tags = sentences_of(original(unit, "hashtags"), self.segment)
        return tags or running

    def _fact_bits(self, unit: Unit, language: str, sentences: list[Sentence]) -> int:
        words = sum([len(sentence.masks) for sentence in sentences])
        length = "short" if words < SHORT else "long" if words > LONG else "middle"
        has = "".join(
            [name[0] if getattr(unit, name) else "-" for name in (*FIELDS, "hashtags", "coauthors")]
        )
        key = (unit.platform, unit.media_type, unit.level, unit.run_by, unit.scope, length, language, has)
        facts = self._facts.get(key)
        if facts is None:
            if len(self._facts) > _FACTS_LIMIT:
                self._facts.clear()
            facts = self._facts[key] = self._find_facts(unit, key, language)
        return facts

    def _find_facts(self, unit: Unit, key: tuple[str, ...], language: str) -> int:
        kinds = ("platform", "media", "level", "run_by", "scope", "length")
        names = [f"{kind}.{value}" for kind, value in zip(kinds, key, strict=False)]
        names += [f"language.{name}" for name in (LANGUAGES if language == "und" else (language,))]
        names += [f"has.{name}" for name in (*FIELDS, "hashtags", "coauthors") if getattr(unit, name)]
        facts = 0
        for name in names:
            facts |= self._rules.fact_bit.get(name, 0)
        return facts


def original(unit: Unit, field: str) -> str:
    """Return a field as posted; a list of hashtags as they would be written."""
    if field == "hashtags":
        return " ".join(f"#{tag.lstrip('#')}" for tag in unit.hashtags)
    return str(getattr(unit, field))


def detect_unit(unit: Unit) -> str:
    """Return the language of all that a unit says."""
    return detect("\n".join(filter(None, (unit.title, unit.text, unit.transcript, unit.alt_text))))
