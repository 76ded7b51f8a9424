"""The rules of a codebook as masks: what fires in a sentence, and what holds for the whole post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classify.codebook import PLACES, Code, Codebook, Dimension, Rule
from classify.errors import CodebookError, shown
from classify.vocabulary import Lexicon, denial

FACTS = ("platform", "media", "level", "run_by", "scope", "language", "has", "coauthored", "length")
_MEMO_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class MaskedRule:
    """A rule whose word lists, places and facts are bits."""

    number: int
    rule: Rule
    any: int
    near: tuple[int, ...]
    unless: int
    fields: int
    post: tuple[int, ...]
    unless_post: int
    given: tuple[int, ...]
    not_given: int
    scores: tuple[tuple[int, float], ...]

    @property
    def only_sentences(self) -> bool:
        """Say whether nothing but the sentence decides."""
        return not (self.post or self.unless_post or self.given or self.not_given) and self.rule.times == 1

    def fires_in(self, sentence: int) -> bool:
        """Say whether a sentence holds all that the rule asks of one sentence."""
        return (
            bool(self.any & sentence)
            and not self.unless & sentence
            and (not self.fields or bool(self.fields & sentence))
            and all(group & sentence for group in self.near)
        )

    def holds_for(self, post: int, facts: int) -> bool:
        """Say whether the post and what is known of it allow the rule."""
        return (
            not self.unless_post & post
            and not self.not_given & facts
            and all(group & post for group in self.post)
            and all(group & facts for group in self.given)
        )


class SentenceRules(dict[int, tuple[tuple[MaskedRule, ...], ...]]):
    """For the mask of a sentence, the rules that fire in it, per stage; remembered up to a limit."""

    def __init__(self, stages: list[list[MaskedRule]]) -> None:
        super().__init__()
        self._stages = [[rule for rule in rules if rule.any] for rules in stages]

    def __missing__(self, sentence: int) -> tuple[tuple[MaskedRule, ...], ...]:
        fired = tuple(tuple(rule for rule in rules if rule.fires_in(sentence)) for rules in self._stages)
        if not any(fired):
            fired = ()
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        self[sentence] = fired
        return fired


@dataclass(frozen=True, slots=True)
class Stage:
    """Codes that are decided together, and the rules that can be judged once the stages before are decided."""

    dimension: Dimension
    codes: tuple[Code, ...]
    by_post: tuple[MaskedRule, ...]


class Ruleset:
    """All rules of a codebook in stages: a code may depend on what was decided before it.

    The codes of a dimension with an order are decided one after the other, those of the others together.
    """

    def __init__(self, codebook: Codebook, lexicon: Lexicon) -> None:
        self.codebook = codebook
        self.codes = codebook.codes
        self.code_number = {code.code: number for number, code in enumerate(self.codes)}
        self._bit = dict(lexicon.bit)
        self.place_bit = lexicon.fact_bits(PLACES)
        self.fact_bit = lexicon.fact_bits(self._fact_names())
        self.rules = [self._mask(number, rule) for number, rule in enumerate(codebook.rules)]
        groups = _decided_together(codebook.dimensions)
        self._decided_at = {code.code: number for number, (_, codes) in enumerate(groups) for code in codes}
        staged: list[list[MaskedRule]] = [[] for _ in groups]
        for rule in self.rules:
            staged[self._stage(rule)].append(rule)
        self.by_sentence = SentenceRules(staged)
        self.stages = [
            Stage(dimension, codes, tuple(rule for rule in rules if not rule.any))
            for (dimension, codes), rules in zip(groups, staged, strict=True)
        ]
        self.relevant = _union(
            rule.any | rule.unless | rule.fields | rule.unless_post | _union(rule.near) | _union(rule.post)
            for rule in self.rules
        )

    def _fact_names(self) -> set[str]:
        names = {f"language.{language}" for language in ("nl", "en", "de", "fr")}
        for rule in self.codebook.rules:
            for fact in (*rule.not_given, *(fact for group in rule.given for fact in group)):
                if fact.split(".")[0] not in FACTS and fact not in self.code_number:
                    known = ", ".join(f"{name}.…" for name in FACTS)
                    raise CodebookError(
                        rule.place, f"rule {rule.name} asks for {shown(fact)}; expected a code or {known}"
                    )
                names.add(fact)
        return names

    def _stage(self, masked: MaskedRule) -> int:
        """Return the first stage at which all that a rule asks for is decided."""
        rule = masked.rule
        asked = {fact for group in (*rule.given, rule.not_given) for fact in group}
        stage = 1 + max((self._decided_at[fact] for fact in asked if fact in self._decided_at), default=-1)
        for number, _ in masked.scores:
            code = self.codes[number].code
            if self._decided_at[code] < stage:
                raise CodebookError(rule.place, f"rule {rule.name} scores {code} by a code that is decided after it")
        return stage

    def _mask(self, number: int, rule: Rule) -> MaskedRule:
        unless = _union(self._bit[name] for name in rule.unless)
        if rule.negation:
            unless |= self._bit[denial(rule.name)]
        return MaskedRule(
            number=number,
            rule=rule,
            any=self._group(rule.any),
            near=tuple(map(self._group, rule.near)),
            unless=unless,
            fields=_union(self.place_bit[name] for name in rule.fields),
            post=tuple(map(self._group, rule.post)),
            unless_post=self._group(rule.unless_post),
            given=tuple(_union(self.fact_bit[fact] for fact in group) for group in rule.given),
            not_given=_union(self.fact_bit[fact] for fact in rule.not_given),
            scores=self._scores(rule),
        )

    def _group(self, names: Iterable[str]) -> int:
        return _union(self._bit[name] for name in names)

    def _scores(self, rule: Rule) -> tuple[tuple[int, float], ...]:
        scores = {rule.code: rule.weight, **dict(rule.also)}
        for code in list(scores):
            within = self.codebook.dimension(code.split(".")[0]).within
            if within:
                scores.setdefault(within, scores[code])
        return tuple((self.code_number[code], score) for code, score in scores.items() if score)


def _decided_together(dimensions: tuple[Dimension, ...]) -> list[tuple[Dimension, tuple[Code, ...]]]:
    """Return the codes in the order of decision; a refining dimension comes right after the code it refines."""
    refining = {dimension.within: dimension for dimension in dimensions if dimension.within}
    groups: list[tuple[Dimension, tuple[Code, ...]]] = []
    for dimension in dimensions:
        if dimension.within:
            continue
        known = {code.name: code for code in dimension.codes}
        ordered = [(known.pop(name),) for name in dimension.order]
        for codes in (*ordered, tuple(known.values())):
            groups.append((dimension, codes))
            groups.extend((refining[code.code], refining[code.code].codes) for code in codes if code.code in refining)
    return groups


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
