"""The answers given for a unit, with the words that decided them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from classify.evidence import Evidence, Finder
from classify.place import Quote
from classify.unit import Unit
from classify.voices import SINGLE_WORD, Spoken, Voice, Voices

if TYPE_CHECKING:
    from classify.codebook import Codebook
    from classify.decision import Decision
    from classify.reader import Reader
    from classify.reading import Reading
    from classify.ruleset import Ruleset

PLACES = 4  # decimals of a score


class Row(NamedTuple):
    """One code given to a unit, as the warehouse keeps it; `evidence` is a JSON list."""

    unit: str
    dimension: str
    code: str
    is_primary: bool
    score: float
    evidence: str


class Coding:
    """What a coder answered for one unit: codes per dimension, the primary one, scores, and why.

    `evidence` looks up the places of the deciding words when it is first asked for.
    """

    def __init__(
        self,
        *,
        reader: Reader,
        voices: Voices,
        reading: Reading,
        rules: Ruleset,
        decision: Decision,
        primaries: Mapping[str, str],
        total: int,
        fired: list[int],
        held: list[int],
    ) -> None:
        self.reading = reading
        self._reader = reader
        self._voices = voices
        self.codes = decision.codes
        self._given = decision.given
        self.primaries = primaries
        self._fired = fired
        self._held = held
        self._rules = rules
        self._total = total

    @cached_property
    def fired(self) -> list[int]:
        """The numbers of the rules that fired."""
        post = self.reading.message.post
        return self._fired + self._held + [rule.number for rule in self._rules.tallied if rule.any & post]

    @property
    def unit(self) -> Unit:
        """The unit that was coded."""
        return self.reading.unit

    @property
    def version(self) -> str:
        """The version of the codebook that decided."""
        return self.codebook.version

    @property
    def codebook(self) -> Codebook:
        """The codebook that decided."""
        return self._rules.codebook

    @property
    def language(self) -> str:
        """The language whose rules were used; "und" for those of all."""
        return self.reading.language

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes, in the order of the codebook."""
        return self.codes.get("theme", ())

    @property
    def primary(self) -> str:
        """The primary theme."""
        return self.primaries.get("theme", "")

    @property
    def labour(self) -> tuple[str, ...]:
        """The sub-codes of labour-market prospects."""
        return self.codes.get("labour", ())

    @property
    def sectors(self) -> tuple[str, ...]:
        """The sectors of the programmes that the unit is about."""
        return self.codes.get("sector", ())

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom the unit speaks to."""
        return self.codes.get("audience", ())

    @cached_property
    def scores(self) -> dict[str, float]:
        """The score of every code that has one, whether it was given or not."""
        codes = self._rules.codes
        scores = zip(codes, self._rules.packing.scores(self._total, range(len(codes))), strict=True)
        return {code.code: round(score, PLACES) for code, score in scores if score}

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that spoke loudest for the codes given, each with its rule and place."""
        return tuple(
            Evidence(voice.code, rule.rule.name if rule else SINGLE_WORD, round(weight, 2), *quote[:4])
            for voice, spoken in self._loudest()
            for (weight, rule, _), quote in spoken
        )

    def _loudest(self) -> Iterator[tuple[Voice, list[tuple[Spoken, Quote]]]]:
        """Yield for each code that was given what spoke loudest for it, and where."""
        given = [self._voices.voices[number] for number in self._given]
        loudest = self._voices.loudest(given, self.reading.message, self._fired)
        finder = Finder(self._reader, self.reading)
        find, find_word = finder.find, finder.find_word
        for voice in given:
            spoken = loudest[voice.number]
            yield voice, [(one, find(one[1]) if one[1] else find_word(one[2])) for one in spoken]

    @property
    def promising(self) -> bool | None:
        """Whether a sector of the unit is promising at its level; None where the study does not say."""
        known = [
            code.promising[self.unit.level]
            for code in self._rules.codes
            if code.name in self.sectors
            and code.code.startswith("sector.")
            and self.unit.level in code.promising
        ]
        return any(known) if known else None

    def rows(self) -> Iterator[Row]:
        """Yield one flat row per dimension and code."""
        unit, primaries, given = self.reading.unit.id, self.primaries, self._given
        scores = self._rules.packing.scores(self._total, given)
        for number, score, evidence in zip(given, scores, self._written(), strict=True):
            voice = self._voices.voices[number]
            dimension, code = voice.dimension, voice.name
            yield Row(unit, dimension, code, code == primaries[dimension], round(score, PLACES), evidence)

    def _written(self) -> tuple[str, ...]:
        """Return the evidence for each code that was given, as JSON."""
        remembered = self.reading.message.written
        key = self._given, tuple(self._fired)
        written = remembered.get(key)
        if written is None:
            written = remembered[key] = tuple(self._write())
        return written

    def _write(self) -> Iterator[str]:
        for voice, spoken in self._loudest():
            evidence = [
                (begun if rule else voice.begin(SINGLE_WORD, round(weight, 2))) + quote.json
                for (weight, rule, begun), quote in spoken
            ]
            yield f"[{','.join(evidence)}]"

    def as_record(self) -> dict[str, object]:
        """Return the coding as the plain values of a line of codings.jsonl."""
        return {
            "id": self.unit.id,
            "themes": list(self.themes),
            "primary": self.primary,
            "labour": list(self.labour),
            "sectors": list(self.sectors),
            "promising": self.promising,
            "audiences": list(self.audiences),
            "language": self.language,
            "codebook": self.version,
            "evidence": [part.as_record() for part in self.evidence],
        }
