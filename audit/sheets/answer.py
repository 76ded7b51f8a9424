"""An answer about one post, as a person gives it, and what makes it wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from audit.sheets.words import WORDS, code_words
from classify.codebook import Code, Codebook, Dimension

DIMENSIONS = ("theme", "labour", "sector", "audience")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a coder says of one post. `codes` are the codes of each dimension, without it."""

    codes: Mapping[str, frozenset[str]]
    primary: str
    unsure: bool = False
    remark: str = ""

    @property
    def decision(self) -> tuple[frozenset[tuple[str, str]], str]:
        """What two coders must share to agree: all codes, and the primary theme."""
        return frozenset((name, code) for name, codes in self.codes.items() for code in codes), self.primary

    def rows(self) -> Iterator[tuple[str, str, bool, str | None]]:
        """Yield dimension, code, whether it is the primary theme, and the evidence of it."""
        notes: dict[str, object] = {"unsure": True} if self.unsure else {}
        notes |= {"remark": self.remark} if self.remark else {}
        for dimension, codes in self.codes.items():
            for code in sorted(codes):
                is_primary = dimension == "theme" and code == self.primary
                yield dimension, code, is_primary, json.dumps([notes]) if is_primary and notes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with an answer: in which column ("theme.other", "primary"), the value, what was expected."""

    column: str
    value: str
    expected: str


@dataclass(slots=True, kw_only=True)
class WrongCell:
    """A cell that cannot be read: file or sheet, cell, value, expectation."""

    place: str
    value: str
    expected: str

    @property
    def sentence(self) -> str:
        """Say it in one line."""
        value = "empty" if self.value == "" else repr(self.value[:60])
        return f"{self.place} is {value}; expected {self.expected}."


@dataclass(slots=True, kw_only=True)
class Filled:
    """What one coder filled in: answers by unit, wrong cells, and how many posts were left uncoded."""

    file: str
    sample: str
    coder: str
    answers: dict[str, Answer] = field(default_factory=dict)
    wrong: list[WrongCell] = field(default_factory=list)
    uncoded: int = 0


def find_fault(answer: Answer, codebook: Codebook) -> Fault | None:
    """Return the first thing that the codebook does not allow, None where there is none."""
    return _fault_of_themes(answer, codebook) or _fault_elsewhere(answer, codebook)


def _fault_of_themes(answer: Answer, codebook: Codebook) -> Fault | None:
    theme = codebook.dimension("theme")
    themes = answer.codes["theme"]
    if not themes:
        return Fault(column=theme.codes[0].code, value="", expected="at least one theme")
    if theme.otherwise in themes and len(themes) > 1:
        others = ", ".join(sorted(themes - {theme.otherwise}))
        return Fault(column=f"theme.{theme.otherwise}", value="yes", expected=f"empty, beside {others}")
    if answer.primary not in themes:
        known = ", ".join(sorted(themes))
        return Fault(column="primary", value=answer.primary, expected=f"one of the themes given, {known}")
    return None


def _fault_elsewhere(answer: Answer, codebook: Codebook) -> Fault | None:
    for dimension in asked_dimensions(codebook)[1:]:
        given = answer.codes[dimension.name]
        parent, _, code = dimension.within.partition(".")
        if given and code and code not in answer.codes[parent]:
            column = f"{dimension.name}.{min(given)}"
            return Fault(column=column, value="yes", expected=f"empty, for {dimension.within} is not given")
        if not given and dimension.otherwise:
            expected = f"at least one {dimension.name}"
            return Fault(column=dimension.codes[0].code, value="", expected=expected)
    return None


def asked_dimensions(codebook: Codebook) -> tuple[Dimension, ...]:
    """Return the dimensions that people code, themes first."""
    return tuple(dimension for dimension in codebook.dimensions if dimension.name in DIMENSIONS)


def code_named(value: str, codes: Iterable[Code]) -> Code | None:
    """Return the code that a cell names, in any language or by its own name; None where there is none."""
    said = value.strip().casefold()
    for code in codes:
        shown = {code_words(code, language).casefold() for language in WORDS}
        if said in {code.name, code.code, *shown}:
            return code
    return None
