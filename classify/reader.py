"""Reads units: cuts their fields into sentences and looks up what these hold."""

from __future__ import annotations

from typing import NamedTuple

from classify.codebook import LANGUAGES
from classify.hashtag import HashtagSegmenter
from classify.language import detect
from classify.passage import LONGEST_REMEMBERED, PassageReader
from classify.place import Located
from classify.reading import Part, Reading
from classify.ruleset import Ruleset
from classify.single_words import SingleWords
from classify.unit import FIELDS, Unit
from classify.vocabulary import Vocabulary

SHORT, LONG = 25, 70  # words; what a rule calls length.short and length.long
STYLE_SEEN = 60  # letters; what a rule calls style.small or style.capitals
MOST_LOCATED = 5_000
_FACTS_LIMIT = 10_000


class Stretch(NamedTuple):
    """A stretch of words that holds something relevant: its mask, and which words of which part it spans."""

    mask: int
    part: Part
    first: int
    last: int


class Reader:
    """Turns units into readings for one set of rules."""

    def __init__(self, rules: Ruleset, vocabularies: dict[str, Vocabulary], single: SingleWords) -> None:
        self._rules = rules
        self.segment = HashtagSegmenter(vocabularies["und"].words)
        self._passages = {
            name: PassageReader(vocabulary, single, self.segment, rules.relevant)
            for name, vocabulary in vocabularies.items()
        }
        self._bits = [(name, rules.place_bit[name]) for name in FIELDS]
        self._tags_bit = rules.place_bit["hashtags"]
        self._opening_bit = rules.place_bit["opening"]
        self._facts: dict[tuple[str | bool, ...], int] = {}
        self._located: dict[str, Located] = {}

    def read(self, unit: Unit) -> Reading:
        """Return a unit as the rules see it."""
        language = unit.language or detect_unit(unit)
        parts = self._parts(unit, language)
        masks = [held | bit for _, bit, _, passage in parts for held in passage.stretches]
        if masks:
            masks[0] |= self._opening_bit
        post = 0
        for mask in masks:
            post |= mask
        return Reading(unit, language, parts, masks, post, self._fact_bits(unit, language, parts))

    def _parts(self, unit: Unit, language: str) -> list[Part]:
        reader = self._passages.get(language) or self._passages["und"]
        parts: list[Part] = []
        for name, bit in self._bits:
            text = getattr(unit, name)
            if text:
                running, tags = reader.read(text, unit.institution)
                parts.append(Part(name, bit, False, running))
                if tags.masks:
                    parts.append(Part(name, self._tags_bit, True, tags))
        if unit.hashtags and self._has_more_tags(unit):
            running, tags = reader.read(original(unit, "hashtags"), unit.institution)
            parts.append(Part("hashtags", self._tags_bit, bool(tags.masks), tags if tags.masks else running))
        return parts

    def stretches(self, reading: Reading) -> list[Stretch]:
        """Return the stretches whose masks a reading lists, in the same order, with the words they span."""
        spans = [(part, *span) for part in reading.parts for span in part.passage.spans]
        return [Stretch(mask, *span) for mask, span in zip(reading.stretches, spans, strict=True)]

    def locate(self, text: str) -> Located:
        """Return where the words of a text stand; remembered up to a limit."""
        located = self._located.get(text)
        if located is None:
            located = Located(text, self.segment)
            if len(text) <= LONGEST_REMEMBERED:
                if len(self._located) >= MOST_LOCATED:
                    self._located.clear()
                self._located[text] = located
        return located

    def _has_more_tags(self, unit: Unit) -> bool:
        """Say whether the platform lists hashtags that the texts do not show."""
        written = f"{unit.title}\n{unit.text}".lower()
        return not all(f"#{tag.lstrip('#').lower()}" in written for tag in unit.hashtags)

    def _fact_bits(self, unit: Unit, language: str, parts: list[Part]) -> int:
        words = sum([len(part.passage.masks) for part in parts])
        length = "none" if not words else "short" if words < SHORT else "long" if words > LONG else "middle"
        has = (
            bool(unit.title),
            bool(unit.text),
            bool(unit.alt_text),
            bool(unit.transcript),
            bool(unit.hashtags),
            bool(unit.coauthors),
        )
        style = "small" if is_small(unit.title or unit.text) else "capitals"
        key = (
            unit.platform,
            unit.media_type,
            unit.level,
            unit.run_by,
            unit.scope,
            length,
            style,
            language,
            *has,
        )
        facts = self._facts.get(key)
        if facts is None:
            if len(self._facts) > _FACTS_LIMIT:
                self._facts.clear()
            facts = self._facts[key] = self._find_facts(unit, key, language)
        return facts

    def _find_facts(self, unit: Unit, key: tuple[str | bool, ...], language: str) -> int:
        kinds = ("platform", "media", "level", "run_by", "scope", "length", "style")
        names = [f"{kind}.{value}" for kind, value in zip(kinds, key, strict=False)]
        names += [f"language.{name}" for name in (LANGUAGES if language == "und" else (language,))]
        names += [f"has.{name}" for name in (*FIELDS, "hashtags", "coauthors") if getattr(unit, name)]
        facts = 0
        for name in names:
            facts |= self._rules.fact_bit.get(name, 0)
        return facts


def is_small(text: str) -> bool:
    """Say whether the first letters of a text are without capitals, as young people write.

    >>> is_small("wij zijn de nieuwe bt3"), is_small("Wij zijn BT3"), is_small("")
    (True, False, False)
    """
    start = text[:STYLE_SEEN]
    return start.islower()


def original(unit: Unit, field: str) -> str:
    """Return a field as posted; a list of hashtags as they would be written."""
    if field == "hashtags":
        return " ".join(f"#{tag.lstrip('#')}" for tag in unit.hashtags)
    return str(getattr(unit, field))


def detect_unit(unit: Unit) -> str:
    """Return the language of all that a unit says."""
    return detect("\n".join(filter(None, (unit.title, unit.text, unit.transcript, unit.alt_text))))
