"""The rules of a codebook as masks: what fires in a sentence, and what holds for the whole post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classify.codebook import PLACES, Codebook, Dimension, Rule
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


class Ruleset:
    """All rules of a codebook, staged: a dimension may look at what the dimensions before it decided."""

    def __init__(self, codebook: Codebook, lexicon: Lexicon) -> None:
        self.codebook = codebook
        self.codes = codebook.codes
        self.code_number = {code.code: number for number, code in enumerate(self.codes)}
        self.stages = _stages(codebook.dimensions)
        self._bit = dict(lexicon.bit)
        self.place_bit = lexicon.fact_bits(PLACES)
        self.fact_bit = lexicon.fact_bits(self._fact_names())
        self.rules = [self._mask(number, rule) for number, rule in enumerate(codebook.rules)]
        staged = [
            [rule for rule in self.rules if self._stage(rule) == number] for number in range(len(self.stages))
        ]
        self.by_sentence = SentenceRules(staged)
        self.by_post = [[rule for rule in rules if not rule.any] for rules in staged]
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

    def _stage(self, rule: MaskedRule) -> int:
        dimension = rule.rule.code.split(".")[0]
        return next(
            number for number, stage in enumerate(self.stages) if dimension in [part.name for part in stage]
        )

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


def _stages(dimensions: tuple[Dimension, ...]) -> list[list[Dimension]]:
    """Return dimensions that are decided together: one and those that refine its codes."""
    stages: list[list[Dimension]] = []
    for dimension in dimensions:
        home = dimension.within.split(".")[0]
        stage = next((stage for stage in stages if home in [part.name for part in stage]), None)
        if stage is None:
            stages.append([dimension])
        else:
            stage.append(dimension)
    return stages


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
