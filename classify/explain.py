"""Why a post got its codes, and why not others: every rule that fired, was cancelled or just missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from classify.coder import Coder
from classify.coding import Coding
from classify.evidence import Finder
from classify.masked import MaskedRule
from classify.place import Quote
from classify.reader import Stretch
from classify.single_words import share_of
from classify.unit import Unit
from classify.voices import SINGLE_WORD

Status = Literal["fired", "cancelled", "missed"]
NEAR = 1.0  # a code whose score is this close to its threshold just missed


_NOWHERE = Quote("", 0, 0, "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of one rule, with the words that called it; `reason` says what cancelled it or was missing."""

    rule: str
    code: str
    weight: float
    status: Status
    reason: str
    field: str = ""
    start: int = 0
    end: int = 0
    words: str = ""

    def as_record(self) -> dict[str, object]:
        """Return the finding as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The score of a code beside its threshold; `given` says whether the post got it."""

    code: str
    score: float
    threshold: float
    given: bool
    is_primary: bool

    @property
    def is_near(self) -> bool:
        """Say whether the code just missed."""
        return not self.given and 0 < self.threshold - self.score <= NEAR

    def as_record(self) -> dict[str, object]:
        """Return the verdict as plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A coding with the verdict on each code and what became of each rule that the post called."""

    coding: Coding
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]

    def as_record(self) -> dict[str, object]:
        """Return the explanation as plain values."""
        record = self.coding.as_record()
        del record["evidence"]
        record["verdicts"] = [verdict.as_record() for verdict in self.verdicts]
        record["rules"] = [finding.as_record() for finding in self.findings]
        return record


def explain(coder: Coder, unit: Unit) -> Explanation:
    """Return why a unit is coded as it is."""
    coding = coder.code_unit(unit)
    return Explanation(coding, tuple(_verdicts(coder, coding)), tuple(_Explainer(coder, coding).findings()))


def _verdicts(coder: Coder, coding: Coding) -> Iterator[Verdict]:
    for dimension in coder.codebook.dimensions:
        for code in dimension.codes:
            yield Verdict(
                code=code.code,
                score=coding.scores.get(code.code, 0.0),
                threshold=code.threshold,
                given=code.name in coding.codes[dimension.name],
                is_primary=code.name == coding.primaries[dimension.name],
            )


class _Explainer:
    def __init__(self, coder: Coder, coding: Coding) -> None:
        self._coder = coder
        self._coding = coding
        self._stretches = coder.reader.stretches(coding.reading)
        self._finder = Finder(coder.reader, coding.reading)
        bits = {**coder.lexicon.bit, **coder.rules.place_bit, **coder.rules.fact_bit}
        self._names = {bit: name for name, bit in bits.items()}
        self._known = coding.reading.message.post | coding.reading.facts
        for dimension, codes in coding.codes.items():
            for code in codes:
                self._known |= coder.rules.fact_bit.get(f"{dimension}.{code}", 0)

    def findings(self) -> Iterator[Finding]:
        fired = set(self._coding.fired)
        for rule in self._coder.rules.rules:
            if rule.number in fired:
                place = self._finder.find(rule) if rule.any else None
                for code, weight in ((rule.rule.code, rule.rule.weight), *rule.rule.also):
                    yield replace(self._finding(rule, "fired", "", place), code=code, weight=weight)
            elif rule.any & self._coding.reading.message.post:
                yield self._not_fired(rule)
        yield from self._single_words()

    def _single_words(self) -> Iterator[Finding]:
        message, codes = self._coding.reading.message, self._coder.rules.codes
        share = share_of(message.distinct)
        said = [
            (word, number, round(weight * share, 2))
            for word in message.said
            for number, weight in self._coder.single.weights(word).items()
        ]
        for word, number, weight in sorted(said, key=lambda one: (one[1], -abs(one[2]), one[0])):
            field, start, end, words, _ = self._finder.find_word(word)
            yield Finding(
                rule=SINGLE_WORD,
                code=codes[number].code,
                weight=weight,
                status="fired",
                reason="",
                field=field,
                start=start,
                end=end,
                words=words,
            )

    def _finding(self, rule: MaskedRule, status: Status, reason: str, place: Quote | None) -> Finding:
        field, start, end, words, _ = place or _NOWHERE
        return Finding(
            rule=rule.rule.name,
            code=rule.rule.code,
            weight=rule.rule.weight,
            status=status,
            reason=reason,
            field=field,
            start=start,
            end=end,
            words=words,
        )

    def _not_fired(self, rule: MaskedRule) -> Finding:
        calling = [stretch for stretch in self._stretches if stretch.mask & rule.any]
        place = self._finder.first_words(calling[0], rule.any) if calling else None
        if not any(rule.fires_in(stretch.mask) for stretch in calling):
            status, reason = self._in_sentence(rule, calling)
        else:
            status, reason = self._in_post(rule)
        return self._finding(rule, status, reason, place)

    def _in_sentence(self, rule: MaskedRule, calling: Sequence[Stretch]) -> tuple[Status, str]:
        for stretch in calling:
            if rule.unless & stretch.mask:
                return "cancelled", f"{self._listed(rule.unless & stretch.mask)} in the same sentence"
        if rule.fields and not any(rule.fields & stretch.mask for stretch in calling):
            return "missed", f"does not stand in {self._listed(rule.fields)}"
        for group in rule.near:
            if not any(group & stretch.mask for stretch in calling):
                return "missed", f"no {self._listed(group)} in the same sentence"
        return "missed", "its conditions hold in no one sentence"

    def _in_post(self, rule: MaskedRule) -> tuple[Status, str]:
        if rule.barred & self._known:
            return "cancelled", f"{self._listed(rule.barred & self._known)} in the post"
        for group in rule.needed:
            if not group & self._known:
                return "missed", f"no {self._listed(group)} in the post"
        return (
            "missed",
            f"its words stand there {self._coding.reading.message.count(rule.any)} times; expected {rule.times}",
        )

    def _listed(self, mask: int) -> str:
        names = [name for bit, name in self._names.items() if bit & mask]
        return " or ".join(name.replace("not:", "a denial of ") for name in names)
