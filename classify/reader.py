"""Reads units: cuts their fields into sentences and looks up what these hold."""

from __future__ import annotations

import re
from typing import NamedTuple

from classify.codebook import LANGUAGES
from classify.hashtag import HashtagSegmenter
from classify.language import detect
from classify.passage import LONGEST_REMEMBERED, Passage, PassageReader
from classify.place import Located
from classify.reading import Messages, Reading
from classify.ruleset import Ruleset
from classify.single_words import SingleWords
from classify.unit import FIELDS, Unit
from classify.vocabulary import Vocabularies

SHORT, LONG = 25, 70  # words; what a rule calls length.short and length.long
STYLE_SEEN = 60  # letters; what a rule calls style.small or style.capitals
MOST_LOCATED = 5_000
_FACTS_LIMIT = 10_000
_TAG = re.compile(r"#(\w+)")


class Stretch(NamedTuple):
    """A stretch of words that holds something relevant: its mask, and which words of which passage it spans."""

    mask: int
    passage: Passage
    first: int
    last: int


class Reader:
    """Turns units into readings for one set of rules."""

    def __init__(self, rules: Ruleset, vocabularies: Vocabularies, single: SingleWords) -> None:
        self._rules = rules
        self.segment = HashtagSegmenter(vocabularies["und"].words)
        self._single = single
        self._vocabularies = vocabularies
        self._passages: dict[str, PassageReader] = {}
        self._messages = Messages(single)
        self._facts: dict[tuple[str | bool, ...], int] = {}
        self._located: dict[str, Located] = {}

    def read(self, unit: Unit) -> Reading:
        """Return a unit as the rules see it."""
        language = unit.language or detect_unit(unit)
        read = (self._passages.get(language) or self._reader_of(language)).read
        passages: list[Passage] = []
        held = 0
        for name in FIELDS:
            text = getattr(unit, name)
            if text:
                for passage in read(name, text, unit.institution, not held):
                    passages.append(passage)
                    held |= passage.held
        if unit.hashtags and self._has_more_tags(unit):
            passages += read("hashtags", original(unit, "hashtags"), unit.institution, not held)
        message = self._messages[tuple(passages)]
        return Reading(unit, language, message, self._fact_bits(unit, language, message.words))

    def _reader_of(self, language: str) -> PassageReader:
        """Return what reads texts of a language; one that the codebook does not know is read as any."""
        name = language if language in LANGUAGES else "und"
        if name not in self._passages:
            self._passages[name] = PassageReader(
                self._vocabularies[name], self._single, self.segment, self._rules
            )
        return self._passages[name]

    def stretches(self, reading: Reading) -> list[Stretch]:
        """Return the stretches whose masks a reading lists, in the same order, with the words they span."""
        return [
            Stretch(mask, passage, *span)
            for passage in reading.message.passages
            for mask, span in zip(passage.stretches, passage.spans, strict=True)
        ]

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
        shown = set(_TAG.findall(f"{unit.title}\n{unit.text}".lower()))
        return not shown.issuperset([tag.lstrip("#").lower() for tag in unit.hashtags])

    def _fact_bits(self, unit: Unit, language: str, words: int) -> int:
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
