"""Judges a codebook: what can never fire, what fails its own examples, and how its rules do on posts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Literal

from classify.codebook import Code, Codebook, Example
from classify.coder import Coder
from classify.coding import Coding
from classify.single_words import share_of
from classify.unit import Unit

Kind = Literal["dead rule", "unreachable code", "failing example", "failing counterexample", "unused list"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a codebook that can be read but should not be used so."""

    kind: Kind
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.problem}"


def find_problems(coder: Coder) -> Iterator[Problem]:
    """Yield what is wrong with a codebook, in the order in which a maintainer would mend it."""
    codebook = coder.codebook
    yield from _dead_rules(coder)
    yield from _unreachable_codes(coder)
    for code in codebook.codes:
        yield from _failing_examples(coder, code)
    yield from _unused_lists(codebook)


def _dead_rules(coder: Coder) -> Iterator[Problem]:
    for masked in coder.rules.rules:
        rule = masked.rule
        empty = [name for name in rule.any if not any(coder.codebook.words[name].terms.values())]
        if rule.any and len(empty) == len(rule.any):
            yield _problem(
                "dead rule", rule.place, f"{rule.name} looks for {', '.join(empty)}, which hold no terms"
            )
        elif rule.any and set(rule.any) <= set(rule.unless):
            yield _problem(
                "dead rule", rule.place, f"{rule.name} is always cancelled by the words that call it"
            )
        elif rule.any and set(rule.any) <= set(rule.unless_post):
            yield _problem("dead rule", rule.place, f"{rule.name} is always barred by the words that call it")
        elif not any(score for _, score in masked.scores):
            yield _problem("dead rule", rule.place, f"{rule.name} weighs nothing")


def _unreachable_codes(coder: Coder) -> Iterator[Problem]:
    best: dict[int, float] = defaultdict(float)
    for masked in coder.rules.rules:
        for scored, score in masked.scores:
            best[scored] += max(score, 0.0)
    for number, code in enumerate(coder.rules.codes):
        best[number] += _most_said(code)
    otherwise = {f"{dimension.name}.{dimension.otherwise}" for dimension in coder.codebook.dimensions}
    for number, code in enumerate(coder.rules.codes):
        if best[number] < code.threshold and code.code not in otherwise:
            reach = f"its rules and single words reach {best[number]:g} together; its threshold is {code.threshold:g}"
            yield _problem("unreachable code", code.place, f"{code.code}: {reach}")


def _most_said(code: Code) -> float:
    """Return what the single words for a code can say together; a pattern stands for any number of words."""
    loud = sorted((one for one in code.single_words if one.weight > 0), key=lambda one: -one.weight)
    if any(one.element.pattern for one in loud):
        return inf
    sums = accumulate(one.weight for one in loud for _ in one.element.words)
    return max((total * share_of(count) for count, total in enumerate(sums, 1)), default=0.0)


def _failing_examples(coder: Coder, code: Code) -> Iterator[Problem]:
    for example in code.examples:
        given = code_example(coder, example)
        if code.name not in given.codes[code.code.split(".")[0]]:
            yield _problem(
                "failing example", example.place, f"does not get {code.code} but {_codes(given, code)}"
            )
    for example in code.counterexamples:
        given = code_example(coder, example)
        if code.name in given.codes[code.code.split(".")[0]]:
            rules = ", ".join(sorted({part.rule for part in given.evidence if part.code == code.code}))
            yield _problem(
                "failing counterexample", example.place, f"gets {code.code} by {rules or 'its facts'}"
            )


def code_example(coder: Coder, example: Example) -> Coding:
    """Return the coding of an example of the codebook."""
    return coder.code_unit(Unit(id=example.place, **dict(example.texts)))  # type: ignore[arg-type]


def _codes(coding: Coding, code: Code) -> str:
    return ", ".join(coding.codes[code.code.split(".")[0]]) or "nothing"


def _unused_lists(codebook: Codebook) -> Iterator[Problem]:
    used = {name for rule in codebook.rules for name in rule.lists} | {"negation"}
    waiting = list(used)
    while waiting:
        words = codebook.words.get(waiting.pop())
        named = {name for _, term in words for name in term.references} if words else set()
        waiting.extend(named - used)
        used |= named
    for name, words in codebook.words.items():
        if name not in used:
            yield _problem("unused list", words.place, f"no rule looks at {name}")


def _problem(kind: Kind, place: str, problem: str) -> Problem:
    return Problem(kind=kind, place=place, problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStats:
    """How a rule did on posts.

    `coverage` is the share of posts in which it fired, `alone` the number in which no other rule spoke for its code,
    `conflict` the number in which a rule spoke against it. `precision` is the share of coded posts with that code
    among those in which it fired; None without coded posts or where it never fired.
    """

    rule: str
    code: str
    weight: float
    fired: int
    coverage: float
    alone: int
    conflict: int
    precision: float | None


def rule_stats(
    coder: Coder, units: Iterable[Unit], gold: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> list[RuleStats]:
    """Return how each rule does on units, beside the codes that people gave them (by unit id and dimension)."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    total = 0
    for coding in coder.code(units):
        total += 1
        _count(coder, coding, counts, gold.get(coding.unit.id) if gold else None)
    return [_stats(coder, number, counts, total) for number in range(len(coder.rules.rules))]


def _count(
    coder: Coder, coding: Coding, counts: dict[str, Counter[int]], gold: Mapping[str, Sequence[str]] | None
) -> None:
    speaking: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number in coding.fired:
        counts["fired"][number] += 1
        for code, score in coder.rules.rules[number].scores:
            speaking[code].append((number, score))
    for code, rules in speaking.items():
        for number, score in rules:
            others = [other for rule, other in rules if rule != number]
            if coder.rules.rules[number].rule.code == coder.rules.codes[code].code:
                counts["alone"][number] += not any(other * score > 0 for other in others)
                counts["conflict"][number] += any(other * score < 0 for other in others)
    if gold is not None:
        for number in coding.fired:
            dimension, name = coder.rules.rules[number].rule.code.split(".")
            counts["coded"][number] += 1
            counts["right"][number] += name in gold.get(dimension, ())


def _stats(coder: Coder, number: int, counts: Mapping[str, Counter[int]], total: int) -> RuleStats:
    rule = coder.rules.rules[number].rule
    coded = counts["coded"][number] if "coded" in counts else 0
    return RuleStats(
        rule=rule.name,
        code=rule.code,
        weight=rule.weight,
        fired=counts["fired"][number],
        coverage=counts["fired"][number] / total if total else 0.0,
        alone=counts["alone"][number],
        conflict=counts["conflict"][number],
        precision=counts["right"][number] / coded if coded else None,
    )
