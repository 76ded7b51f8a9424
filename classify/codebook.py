"""The codebook: dimensions, codes and the rules by which the tool gives them; data, checked when read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from classify.term import Element, Term

LANGUAGES = ("nl", "en", "de", "fr")
PLACES = ("title", "text", "alt_text", "transcript", "hashtags", "opening")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """A named list of terms per language; "any" holds in every language."""

    name: str
    place: str
    terms: Mapping[str, tuple[Term, ...]]

    def __iter__(self) -> Iterator[tuple[str, Term]]:
        return ((language, term) for language, terms in self.terms.items() for term in terms)


Group = tuple[str, ...]
WEIGHT = "says_"  # how the names of rules begin that are a weight of one word list or fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a sentence holds one of `any`, and what else must hold, a post scores `weight` for a code.

    `any`, `unless` and each group of `near` name word lists that are looked for in one sentence, `post` and
    `unless_post` anywhere in the post. `given` and `not_given` name facts ("platform.tiktok", "theme.open_day").
    `fields` are where the sentence must stand; `times` how many words of `any` the post must have; `negation` how
    many words before them a denial cancels them. `also` are scores for further codes.
    """

    name: str
    code: str
    place: str
    weight: float
    any: Group = ()
    near: tuple[Group, ...] = ()
    unless: Group = ()
    post: tuple[Group, ...] = ()
    unless_post: Group = ()
    given: tuple[Group, ...] = ()
    not_given: Group = ()
    fields: tuple[str, ...] = ()
    times: int = 1
    negation: int = 0
    also: tuple[tuple[str, float], ...] = ()

    @property
    def is_weight(self) -> bool:
        """Say whether the rule is what one word list or fact says; of the code that its own refines it says nothing."""
        return self.name.startswith(WEIGHT)

    @property
    def lists(self) -> frozenset[str]:
        """All word lists this rule looks at."""
        groups = (self.any, self.unless, self.unless_post, *self.near, *self.post)
        return frozenset(name for group in groups for name in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleWord:
    """A word, or a pattern for one, and what it alone says for a code."""

    source: str
    weight: float
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text that must, or must not, get a code; each is a test."""

    texts: Mapping[str, str]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a code means, and what it takes in and leaves out, as those who code by hand read it."""

    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A possible answer to a dimension's question. `code` is written with its dimension: "theme.open_day".

    `wording` is what counts, `translations` by language say the same. `lead` is what is added to its score where the
    primary code of several is chosen.
    """

    code: str
    place: str
    names: Mapping[str, str]
    wording: Wording
    translations: Mapping[str, Wording] = field(default_factory=dict)
    threshold: float = 2.0
    lead: float = 0.0
    promising: Mapping[str, bool] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    single_words: tuple[SingleWord, ...] = ()
    examples: tuple[Example, ...] = ()
    counterexamples: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        """The code without its dimension."""
        return self.code.split(".", 1)[1]

    def worded(self, language: str) -> Wording:
        """Return the wording in a language, as it was first written where there is no translation."""
        return self.translations.get(language, self.wording)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A question asked of every post. `order` settles which code is primary where two are equally strong.

    `otherwise` is the code of posts that get no other; `within` the code of an earlier dimension that this one
    refines: it is asked only where that holds, and its rules count for that code too.
    """

    name: str
    place: str
    definition: str
    codes: tuple[Code, ...]
    order: tuple[str, ...] = ()
    otherwise: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """All that decides how posts are coded. `version` is a hash of its content and goes with every coding."""

    name: str
    version: str
    words: Mapping[str, WordList]
    dimensions: tuple[Dimension, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of the codebook."""
        return tuple(rule for code in self.codes for rule in code.rules)

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes, in the order of the codebook."""
        return tuple(code for dimension in self.dimensions for code in dimension.codes)

    def dimension(self, name: str) -> Dimension:
        """Return the dimension of that name; KeyError where there is none."""
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        raise KeyError(name)
