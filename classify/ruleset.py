"""The rules of a codebook as masks: what fires in a sentence, and what holds for the whole post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from classify.codebook import LANGUAGES, PLACES, Code, Codebook, Dimension, Rule
from classify.decision import Decisions
from classify.errors import CodebookError, shown
from classify.lexicon import Lexicon, denial
from classify.masked import FactRules, MaskedRule, SentenceRules, union
from classify.packing import WHOLE, Packing, pack

FACTS = ("platform", "media", "level", "run_by", "scope", "language", "has", "length", "style")
_TOLD = {  # all that the reader of posts ever tells of these; of the others, posts say it in their own words
    "level": ("mbo", "hbo"),
    "run_by": ("institution", "students"),
    "scope": ("central", "programme"),
    "has": ("title", "text", "alt_text", "transcript", "hashtags", "coauthors"),
    "length": ("none", "short", "middle", "long"),
    "style": ("small", "capitals"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """Codes that are decided together, by number, and the rules judged just before.

    `by_post` are rules that look at the post as a whole, `by_facts` those that look at facts alone, namely at `facts`.
    `home` are the bits of which the post must have one: the code that is refined. `asked` are the codes that later
    rules ask for: the bit of packed scores that tells whether one holds, and its bit as a fact.
    """

    dimension: str
    codes: dict[int, str]
    home: int
    asked: tuple[tuple[int, int], ...]
    by_post: tuple[MaskedRule, ...]
    by_facts: FactRules
    facts: int


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
        places = union(self.place_bit.values())
        self.relevant = places | union(self._bit.values()) & union(
            rule.any | rule.unless | union(rule.near) | rule.words for rule in self.rules
        )
        self.packing = Packing([code.threshold for code in self.codes], [code.lead for code in self.codes])
        groups = _decided_together(codebook)
        self._decided_at = {code.code: number for number, (_, codes) in enumerate(groups) for code in codes}
        stage_of = {rule.number: self._judged_at(rule) for rule in self.rules}
        self.stages = [
            self._stage([rule for rule in self.rules if stage_of[rule.number] == number], *group)
            for number, group in enumerate(groups)
        ]
        self.tallied = [rule for rule in self.rules if rule.is_plain]
        self.by_sentence = SentenceRules(self.rules, stage_of)
        self.reached = self.packing.reached(range(len(self.codes)))
        self.decisions = Decisions(codebook.dimensions, self._decided(), self.packing)

    def _fact_names(self) -> set[str]:
        names = {f"language.{language}" for language in LANGUAGES}
        names |= {dimension.within for dimension in self.codebook.dimensions if dimension.within}
        for rule in self.codebook.rules:
            for fact in (*rule.not_given, *(fact for group in rule.given for fact in group)):
                if fact not in self.code_number:
                    _check_fact(fact, rule)
                names.add(fact)
        return names

    def _stage(self, rules: list[MaskedRule], dimension: Dimension, codes: tuple[Code, ...]) -> Stage:
        by_facts = FactRules([rule for rule in rules if not rule.any and not rule.words & self.relevant])
        return Stage(
            dimension=dimension.name,
            codes={self.code_number[code.code]: code.name for code in codes},
            home=self.fact_bit[dimension.within] if dimension.within else ~0,
            asked=tuple(
                (self.packing.reached([self.code_number[code.code]]), self.fact_bit[code.code])
                for code in codes
                if code.code in self.fact_bit
            ),
            by_post=tuple(rule for rule in rules if not rule.any and rule.words & self.relevant),
            by_facts=by_facts,
            facts=by_facts.facts,
        )

    def _decided(self) -> dict[str, dict[int, str]]:
        """Return the codes of each dimension in the order in which they are decided."""
        decided: dict[str, dict[int, str]] = {dimension.name: {} for dimension in self.codebook.dimensions}
        for stage in self.stages:
            decided[stage.dimension] |= stage.codes
        return decided

    def _judged_at(self, masked: MaskedRule) -> int:
        """Return the first stage at which all that a rule asks for is decided."""
        rule = masked.rule
        asked = {fact for group in (*rule.given, rule.not_given) for fact in group}
        stage = 1 + max((self._decided_at[fact] for fact in asked if fact in self._decided_at), default=-1)
        for number, _ in masked.scores:
            code = self.codes[number].code
            if self._decided_at[code] < stage:
                raise CodebookError(
                    rule.place, f"rule {rule.name} scores {code} by a code that is decided after it"
                )
        return stage

    def _mask(self, number: int, rule: Rule) -> MaskedRule:
        unless = union(self._bit[name] for name in rule.unless)
        if rule.negation:
            unless |= self._bit[denial(rule.name)]
        needed = (
            *map(self._group, rule.post),
            *(union(self.fact_bit[fact] for fact in group) for group in rule.given),
        )
        barred = self._group(rule.unless_post) | union(self.fact_bit[fact] for fact in rule.not_given)
        scores = self._scores(rule)
        return MaskedRule(
            number=number,
            rule=rule,
            any=self._group(rule.any),
            near=tuple(map(self._group, rule.near)),
            unless=unless,
            fields=union(self.place_bit[name] for name in rule.fields),
            needed=needed,
            barred=barred,
            times=rule.times,
            scores=scores,
            packed=WHOLE * pack(scores),
        )

    def _group(self, names: Iterable[str]) -> int:
        return union(self._bit[name] for name in names)

    def _scores(self, rule: Rule) -> tuple[tuple[int, float], ...]:
        scores = {rule.code: rule.weight, **dict(rule.also)}
        for code in list(scores):
            within = self.codebook.dimension(code.split(".")[0]).within
            if within and not rule.is_weight:
                scores.setdefault(within, scores[code])
        return tuple((self.code_number[code], score) for code, score in scores.items() if score)


def _check_fact(fact: str, rule: Rule) -> None:
    kind, dot, value = fact.partition(".")
    told = _TOLD.get(kind)
    if kind not in FACTS or not dot:
        expected = "a code or " + ", ".join(f"{name}.…" for name in FACTS)
    elif told and value not in told:
        expected = " or ".join(f"{kind}.{one}" for one in told)
    else:
        return
    raise CodebookError(rule.place, f"rule {rule.name} asks for {shown(fact)}; expected {expected}")


def _decided_together(codebook: Codebook) -> list[tuple[Dimension, tuple[Code, ...]]]:
    """Return the codes in the order of decision; a refining dimension comes right after the code it refines.

    Where a rule asks for a code of its own dimension, that dimension's codes are decided one by one in its order.
    """
    refining = {dimension.within: dimension for dimension in codebook.dimensions if dimension.within}
    groups: list[tuple[Dimension, tuple[Code, ...]]] = []
    for dimension in codebook.dimensions:
        if dimension.within:
            continue
        known = {code.name: code for code in dimension.codes}
        ordered = [(known.pop(name),) for name in dimension.order] if _asks_itself(dimension) else []
        for codes in (*ordered, tuple(known.values())):
            if codes:
                groups.append((dimension, codes))
            groups.extend(
                (refining[code.code], refining[code.code].codes) for code in codes if code.code in refining
            )
    return groups


def _asks_itself(dimension: Dimension) -> bool:
    own = {code.code for code in dimension.codes}
    return any(
        not own.isdisjoint((*rule.not_given, *(fact for group in rule.given for fact in group)))
        for code in dimension.codes
        for rule in code.rules
    )
