"""Reads units: cuts their fields into sentences and looks up what these hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from classify.codebook import LANGUAGES
from classify.hashtag import HashtagSegmenter
from classify.language import detect
from classify.reading import Part, Reading
from classify.ruleset import Ruleset
from classify.sentence import Sentence, Sentences, stretches
from classify.text import fold, sentences_of, words_of
from classify.unit import FIELDS, Unit
from classify.vocabulary import Vocabulary

SHORT, LONG = 25, 70  # words; what a rule calls length.short and length.long
NAMELESS = "xxx"
SHORTEST_NAME = 6  # letters
_FACTS_LIMIT = 10_000


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
        self._facts: dict[tuple[str | bool, ...], int] = {}
        self._names: dict[str, tuple[str, str, str]] = {}

    def read(self, unit: Unit) -> Reading:
        """Return a unit as the rules see it."""
        language = unit.language or detect_unit(unit)
        known = self._sentences.get(language, self._sentences["und"])
        sentences: list[Sentence] = []
        masks: list[int] = []
        parts = self.parts(unit)
        for part in parts:
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
        facts = self._fact_bits(unit, language, sentences)
        return Reading(unit, language, parts, sentences, masks, post, facts)

    def parts(self, unit: Unit) -> list[Part]:
        """Return what a unit says, field by field."""
        parts: list[Part] = []
        for name, bit in self._bits:
            text = getattr(unit, name)
            if text:
                running, tags = sentences_of(text, self.segment)
                if unit.institution:
                    running, tags = self._without_name(unit.institution, running, tags)
                if running:
                    parts.append(Part(name, bit, False, running))
                if tags:
                    parts.append(Part(name, self._tags_bit, True, tags))
        if unit.hashtags and (extra := self._extra_tags(unit)):
            parts.append(Part("hashtags", self._tags_bit, True, extra))
        return parts

    def stretches(self, reading: Reading) -> Iterator[Stretch]:
        """Yield the stretches whose masks a reading lists, in the same order, with the words they span."""
        numbered = [(part, number) for part in reading.parts for number in range(len(part.sentences))]
        listed = iter(reading.stretches)
        for (part, number), sentence in zip(numbered, reading.sentences, strict=True):
            if sentence.stretches:
                for first, last, _ in stretches(sentence.masks, self._rules.relevant):
                    yield Stretch(part, number, sentence, first, last, next(listed))

    def _without_name(self, name: str, running: list[str], tags: list[str]) -> tuple[list[str], list[str]]:
        """Return sentences and tags with the institution's name made nameless: a name says nothing of a post."""
        names = self._names.get(name)
        if names is None:
            if len(self._names) > _FACTS_LIMIT:
                self._names.clear()
            words = words_of(fold(name))
            names = self._names[name] = (" ".join(words), "".join(words), " ".join([NAMELESS] * len(words)))
        spaced, joined, nameless = names
        if len(joined) < SHORTEST_NAME:
            return running, tags
        return (
            [sentence.replace(spaced, nameless) if spaced in sentence else sentence for sentence in running],
            [NAMELESS if joined in tag.replace(" ", "") else tag for tag in tags],
        )

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
        has = (
            bool(unit.title),
            bool(unit.text),
            bool(unit.alt_text),
            bool(unit.transcript),
            bool(unit.hashtags),
            bool(unit.coauthors),
        )
        key = (unit.platform, unit.media_type, unit.level, unit.run_by, unit.scope, length, language, *has)
        facts = self._facts.get(key)
        if facts is None:
            if len(self._facts) > _FACTS_LIMIT:
                self._facts.clear()
            facts = self._facts[key] = self._find_facts(unit, key, language)
        return facts

    def _find_facts(self, unit: Unit, key: tuple[str | bool, ...], language: str) -> int:
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
