"""The answers given for a unit, with the words that decided them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from classify.evidence import Evidence, Finder, find_evidence
from classify.masked import bits_of
from classify.ruleset import SPEAKS
from classify.single_words import share_of
from classify.unit import Unit

if TYPE_CHECKING:
    from classify.codebook import Codebook
    from classify.reader import Reader
    from classify.reading import Reading
    from classify.ruleset import Ruleset, Spoken
    from classify.single_words import SingleWords


SINGLE_WORD = "single_word"  # what evidence by one word alone is called, where others have the name of a rule
PLACES = 4  # decimals of a score
LOUDEST_RULES, LOUDEST = 4, 3  # rules and single words that are evidence for a code; `explain` shows all


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
        single: SingleWords,
        reading: Reading,
        rules: Ruleset,
        codes: Mapping[str, tuple[str, ...]],
        primaries: Mapping[str, str],
        total: int,
        fired: list[int],
    ) -> None:
        self.reading = reading
        self._reader = reader
        self._single = single
        self.codes = codes
        self.primaries = primaries
        self._fired = fired
        self._rules = rules
        self._total = total

    @cached_property
    def fired(self) -> list[int]:
        """The numbers of the rules that fired."""
        post = self.reading.post
        return self._fired + [rule.number for rule in self._rules.tallied if rule.any & post]

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
        scores = zip(self._rules.codes, self._rules.packing.scores(self._total), strict=True)
        return {code.code: round(score, PLACES) for code, score in scores if score}

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The words that spoke for the codes given, each with its rule and place."""
        finder = Finder(self._reader, self.reading)
        return (*find_evidence(finder, self._spoken()), *self._single_words(finder))

    def _single_words(self, finder: Finder) -> Iterator[Evidence]:
        """Yield for each code that was given the few single words that spoke loudest for it."""
        rules, share = self._rules, share_of(self.reading.distinct)
        given = {
            rules.code_number[f"{dimension}.{code}"]
            for dimension, found in self.codes.items()
            for code in found
        }
        least = SPEAKS / share
        said: dict[int, list[tuple[float, str]]] = {}
        for word in self.reading.said:
            for code, weight in self._single.weights(word).items():
                if weight >= least and code in given:
                    said.setdefault(code, []).append((weight * share, word))
        for code, words in sorted(said.items()):
            for weight, word in sorted(words, reverse=True)[:LOUDEST]:
                yield Evidence(rules.codes[code].code, SINGLE_WORD, round(weight, 2), *finder.place_of(word))

    def _spoken(self) -> Iterator[Spoken]:
        """Yield for each code that was given the rules that spoke loudest for it, by their words."""
        rules, post = self._rules, self.reading.post
        with_words = [rules.rules[number] for number in self._fired if rules.rules[number].any]
        for dimension, codes in self.codes.items():
            for name in codes:
                code = rules.code_number[f"{dimension}.{name}"]
                speaking = rules.speaking[code]
                spoken = [one for bit in bits_of(post & speaking.bits) for one in speaking.by_bit[bit]]
                spoken += [
                    (rule, rules.codes[code].code, weight)
                    for rule in with_words
                    for number, weight in rule.scores
                    if number == code and weight >= SPEAKS
                ]
                if len(spoken) > LOUDEST_RULES:
                    spoken.sort(key=itemgetter(2), reverse=True)
                yield from spoken[:LOUDEST_RULES]

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
        evidence: dict[str, list[str]] = {}
        for part in self.evidence:
            evidence.setdefault(part.code, []).append(part.as_json())
        number, unit = self._rules.code_number, self.unit.id
        for dimension, codes in self.codes.items():
            primary = self.primaries[dimension]
            for code in codes:
                name = f"{dimension}.{code}"
                found = ",".join(evidence.get(name, ()))
                score = round(self._rules.packing.score(self._total, number[name]), PLACES)
                yield Row(unit, dimension, code, code == primary, score, f"[{found}]")

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
