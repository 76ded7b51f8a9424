"""Puts fitted weights into a codebook, in memory and in its files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from textwrap import wrap

from classify.codebook import WEIGHT, Code, Codebook, Rule, SingleWord
from classify.codebook_file import DEFAULT
from classify.term import read_term

STEP, STEP_OF_WORDS = 0.05, 0.5  # weights are rounded to these
HEAD = """# What single words say for and against the codes of {dimension}, fitted by python -m bench.fit_weights.
# The weights of a post's distinct words are added up and divided by the root of how many it has.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What was fitted for one code: its threshold and lead, and the weights of lists, facts and single words."""

    code: str
    threshold: float = 0.0
    lead: float = 0.0
    lists: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)

    @property
    def rounded_threshold(self) -> float:
        """The threshold as the codebook writes it."""
        return round(round(self.threshold / STEP) * STEP, 2)

    def rounded_lists(self) -> dict[str, float]:
        """Return the weights of lists and facts as the codebook writes them."""
        return {name: round(round(weight / STEP) * STEP, 2) for name, weight in self.lists.items()}

    def rounded_words(self) -> dict[str, float]:
        """Return the weights of single words as the codebook writes them; those near zero are left out."""
        rounded = {
            word: round(round(weight / STEP_OF_WORDS) * STEP_OF_WORDS, 2)
            for word, weight in self.words.items()
        }
        return {word: weight for word, weight in rounded.items() if weight}


def without_weights(codebook: Codebook, keep_words: Iterable[str]) -> Codebook:
    """Return a codebook without what was fitted before: single words of some dimensions stay.

    Every word list weighs nothing there, so that it is looked for though no rule names it.
    """

    def bare(code: Code) -> Code:
        kept = code.single_words if code.code.split(".")[0] in keep_words else ()
        rules = tuple(rule for rule in code.rules if not rule.is_weight)
        if code is codebook.codes[0]:
            rules += tuple(_rule(code.code, name, 0.0) for name in codebook.words if "." not in name)
        return replace(code, rules=rules, single_words=kept)

    return _each(codebook, {code.code: bare(code) for code in codebook.codes})


def with_weights(codebook: Codebook, fitted: Mapping[str, Fitted]) -> Codebook:
    """Return a codebook with what was fitted."""

    def weighted(code: Code) -> Code:
        one = fitted[code.code]
        rules = tuple(_rule(code.code, name, weight) for name, weight in one.rounded_lists().items())
        words = tuple(_single_word(word, weight) for word, weight in one.rounded_words().items())
        return replace(
            code,
            threshold=one.rounded_threshold,
            lead=round(one.lead, 1),
            rules=(*code.rules, *rules),
            single_words=words or code.single_words,
        )

    return _each(codebook, {code.code: weighted(code) for code in codebook.codes if code.code in fitted})


def _rule(code: str, name: str, weight: float) -> Rule:
    return Rule(
        name=f"{WEIGHT}{name}_of_{code}".replace(".", "_"),
        code=code,
        place="",
        weight=weight,
        any=() if "." in name else (name,),
        given=((name,),) if "." in name else (),
    )


def _single_word(word: str, weight: float) -> SingleWord:
    return SingleWord(source=word, weight=weight, element=read_term(word, "").phrases[0][0])


def _each(codebook: Codebook, changed: Mapping[str, Code]) -> Codebook:
    dimensions = tuple(
        replace(dimension, codes=tuple(changed.get(code.code, code) for code in dimension.codes))
        for dimension in codebook.dimensions
    )
    return replace(codebook, dimensions=dimensions)


def write(fitted: Mapping[str, Fitted]) -> None:
    """Put what was fitted into the default codebook, in the place of what is there."""
    by_dimension: dict[str, list[Fitted]] = defaultdict(list)
    for one in fitted.values():
        by_dimension[one.code.split(".")[0]].append(one)
    text = DEFAULT.read_text(encoding="utf-8")
    for dimension, codes in by_dimension.items():
        text = _with_block(text, dimension, _weights(codes))
        for one in codes:
            text = _with_limits(text, one)
        if any(one.words for one in codes):
            (DEFAULT.parent / f"{dimension}-words.yaml").write_text(
                HEAD.format(dimension=dimension) + _single_words(codes), encoding="utf-8"
            )
    DEFAULT.write_text(text, encoding="utf-8")


def _weights(codes: Iterable[Fitted]) -> str:
    by_name: dict[str, list[str]] = defaultdict(list)
    for one in codes:
        for name, weight in one.rounded_lists().items():
            by_name[name].append(f"{one.code.split('.')[1]}: {weight:g}")
    lines = [f"      {name}: {{{', '.join(weights)}}}" for name, weights in sorted(by_name.items())]
    return "\n".join(["    weights:", *lines]) + "\n"


def _single_words(codes: Iterable[Fitted]) -> str:
    lines: list[str] = []
    for one in codes:
        by_weight: dict[float, list[str]] = defaultdict(list)
        for word, weight in one.rounded_words().items():
            by_weight[weight].append(word)
        lines.append(f"{one.code.split('.')[1]}:")
        for weight, words in sorted(by_weight.items(), reverse=True):
            rows = wrap(", ".join(sorted(words)), 110, break_long_words=False, break_on_hyphens=False)
            lines += [f"  {weight:g}: |", *(f"    {row.rstrip(',')}" for row in rows)]
    return "\n".join(lines) + "\n"


def _with_block(text: str, dimension: str, block: str) -> str:
    """Return the codebook with the weights of a dimension replaced, or put before its codes."""
    start = text.index(f"\n  {dimension}:\n") + 1
    end = text.find("\n    codes:\n", start) + 1
    head = re.sub(r"    weights:\n(?:      .*\n)+", "", text[start:end])
    return text[:start] + head + block + text[end:]


def _with_limits(text: str, one: Fitted) -> str:
    """Return the codebook with the threshold and lead of a code replaced, or put first in it."""
    dimension, name = one.code.split(".")
    start = text.index(f"\n      {name}:\n", text.index(f"\n  {dimension}:\n")) + len(f"\n      {name}:\n")
    following = re.compile(r"^ {0,6}[a-z]", re.MULTILINE).search(text, start)
    end = following.start() if following else len(text)
    lines = f"        threshold: {one.rounded_threshold:g}\n"
    lines += f"        lead: {one.lead:.1f}\n"
    block = re.sub(r"        (?:threshold|lead): .*\n", "", text[start:end])
    return text[:start] + lines + block + text[end:]
