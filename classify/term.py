"""The little language of terms: how a codebook writes words, compounds, phrases and gaps.

kok                 the word itself, whatever its case and accents
werk*  *tekort*     words that begin with, end in or contain it: Dutch inflection and compounds
werk(en|t|te|)      the alternatives; an empty one is allowed
open~dag            open dag, open-dag and opendag
oud-student         oud-student and oud student: texts are cut at hyphens
kans op werk        words in a row
verdien* [4] euro   with at most four words between
^ wij zoeken        at the beginning of a sentence
geen {open_day}     a word of another list
/[0-9]+%/           a word that the RE2 pattern matches from end to end
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from classify.errors import CodebookError, shown
from classify.text import WORD, fold
from classify.wild import ANYTHING

LONGEST_TERM = 800
MOST_VARIANTS = 256
WIDEST_GAP = 12
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")  # as most terms are: words in a row, and already in normal form
_PIECE = re.compile(r"/(?:[^/\\\s]|\\.)+/(?=[\s,]|$)|\{[^}]*\}|\[[^\]]*\]|[^\s]+")
_PATTERN = re.compile(r"/(?:[^/\\\s]|\\.)+/(?=[\s,|)]|$)")
_TERM = re.compile(r"(?:/(?:[^/\\\s]|\\.)+/(?=[\s,]|$)|[^,])+")
_MASK = 0xE000  # the character that stands for the first pattern of a term while the rest is written out
_WORDY = re.compile(r"[\s{\ue000-\uf8ff]")
_WORDY_GROUP = re.compile(r"\(([^()]*[\s{\ue000-\uf8ff][^()]*)\)")
_GROUP = re.compile(r"\(([^()]*)\)")
_REFERENCE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_HYPHEN = re.compile(r"(?:(?<=[\w)])|(?<=\w\*))[-‐‑‒–—―−](?=[\w(])(?!(?<=[0-9].)[0-9])")
_SYNTAX = frozenset("*(){}[]|~")
_GAP = re.compile(r"\[([0-9]{1,2})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One place in a phrase: exact words, a pattern for one word, or a word of another list.

    `gap` is how many words may stand before it; `opens` demands the beginning of a sentence.
    """

    words: frozenset[str] = frozenset()
    pattern: str = ""
    reference: str = ""
    gap: int = 0
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term as written, where it stands, and the phrases it amounts to."""

    source: str
    place: str
    phrases: tuple[tuple[Element, ...], ...]

    @property
    def references(self) -> frozenset[str]:
        """The other lists this term makes use of."""
        return frozenset(
            element.reference for phrase in self.phrases for element in phrase if element.reference
        )


def read_term(source: str, place: str) -> Term:
    """Return the term that a codebook writes so; CodebookError where it is not well formed.

    >>> [len(phrase) for phrase in read_term("kom naar [2] open~dag", "here").phrases]
    [4, 3]
    """
    if len(source) > LONGEST_TERM:
        raise CodebookError(place, f"a term has {len(source)} characters; expected at most {LONGEST_TERM}")
    if _PLAIN.fullmatch(source):
        words = tuple(Element(words=frozenset((word,))) for word in source.split(" "))
        return Term(source=source, place=place, phrases=(words,))
    phrases = tuple(tuple(_elements(variant, source, place)) for variant in _variants(source, place))
    if not all(phrases) or all(not phrase for phrase in phrases):
        raise CodebookError(place, f"term {shown(source)} has no word in it")
    return Term(source=source, place=place, phrases=phrases)


def split_terms(line: str) -> list[str]:
    """Return the terms that a line separates by commas; a comma inside a /pattern/ separates nothing.

    >>> split_terms("kok, /[0-9]{1,2}/ uur")
    ['kok', '/[0-9]{1,2}/ uur']
    """
    return [term.strip() for term in _TERM.findall(line)]


def _variants(source: str, place: str) -> list[str]:
    """Return the term with its joints and its groups of several words written out."""
    patterns = _PATTERN.findall(source)
    masks = (chr(_MASK + number) for number in range(len(patterns)))
    variants = [_HYPHEN.sub(" ", _PATTERN.sub(lambda _: next(masks), source))]
    while any("~" in variant for variant in variants):
        variants = [variant.replace("~", joint, 1) for variant in variants for joint in (" ", "")]
        _check_variants(variants, source, place)
    while any(_WORDY_GROUP.search(variant) for variant in variants):
        variants = [part for variant in variants for part in _open_wordy(variant)]
        _check_variants(variants, source, place)
    return [_put_back(variant, patterns) for variant in dict.fromkeys(variants)]


def _check_variants(variants: list[str], source: str, place: str) -> None:
    if len(variants) > MOST_VARIANTS:
        raise CodebookError(
            place, f"term {shown(source)} has over {MOST_VARIANTS} variants; write it as several"
        )


def _open_wordy(variant: str) -> list[str]:
    match = _WORDY_GROUP.search(variant)
    if not match:
        return [variant]
    return [variant[: match.start()] + choice + variant[match.end() :] for choice in _choices(match[1])]


def _choices(group: str) -> list[str]:
    """Return the alternatives of a group, those that are one word each together as a group."""
    choices = group.split("|")
    single = [choice for choice in choices if choice and not _WORDY.search(choice)]
    return [f"({'|'.join(single)})"] * bool(single) + [choice for choice in choices if choice not in single]


def _put_back(variant: str, patterns: list[str]) -> str:
    for number, pattern in enumerate(patterns):
        variant = variant.replace(chr(_MASK + number), pattern)
    return variant


def _elements(source: str, whole: str, place: str) -> Iterator[Element]:
    gap, opens = 0, False
    pieces = _PIECE.findall(source)
    for number, piece in enumerate(pieces):
        if piece == "^" and number == 0:
            opens = True
        elif piece.startswith("["):
            gap = _read_gap(piece, whole, place)
        else:
            for part in _as_in_texts(piece):
                yield _element(part, gap, opens, whole, place)
                gap, opens = 0, False
    if gap or opens:
        raise CodebookError(place, f"term {shown(whole)} ends in a gap; expected a word after it")


def _as_in_texts(piece: str) -> list[str]:
    """Return a piece as texts are cut: what is written without syntax may be several words there, or none."""
    is_plain = _SYNTAX.isdisjoint(piece) and not piece.startswith("/")
    return WORD.findall(fold(piece)) if is_plain else [piece]


def _read_gap(piece: str, whole: str, place: str) -> int:
    match = _GAP.fullmatch(piece)
    if match and 0 < int(match[1]) <= WIDEST_GAP:
        return int(match[1])
    raise CodebookError(place, f"gap {shown(piece)} in term {shown(whole)}; expected [1] to [{WIDEST_GAP}]")


def _element(piece: str, gap: int, opens: bool, whole: str, place: str) -> Element:
    if piece.startswith("{"):
        match = _REFERENCE.fullmatch(piece)
        if not match:
            raise CodebookError(place, f"{shown(piece)} in term {shown(whole)}; expected the name of a list")
        return Element(reference=match[1], gap=gap, opens=opens)
    if piece.startswith("/") and len(piece) > 2 and piece.endswith("/"):
        return Element(pattern=piece[1:-1].replace("\\/", "/"), gap=gap, opens=opens)
    words = _expand(piece, whole, place)
    if any("*" in word for word in words):
        return Element(pattern=_wild(words, whole, place), gap=gap, opens=opens)
    return Element(words=frozenset(words), gap=gap, opens=opens)


def _expand(piece: str, whole: str, place: str) -> list[str]:
    variants = [fold(piece)]
    while any("(" in variant for variant in variants):
        variants = [part for variant in variants for part in _open_group(variant, whole, place)]
        _check_variants(variants, whole, place)
    if any(character in variant for variant in variants for character in "()|{}[]~"):
        raise CodebookError(place, f"term {shown(whole)} has an unmatched bracket or bar near {shown(piece)}")
    known = [variant for variant in variants if variant]
    if not known or not all(variant.strip("*") for variant in known):
        raise CodebookError(
            place, f"term {shown(whole)} is too open near {shown(piece)}; expected two letters or more"
        )
    return known


def _open_group(variant: str, whole: str, place: str) -> list[str]:
    if "(" not in variant:
        return [variant]
    match = _GROUP.search(variant)
    if not match:
        raise CodebookError(place, f"term {shown(whole)} has an unmatched bracket near {shown(variant)}")
    return [variant[: match.start()] + choice + variant[match.end() :] for choice in match[1].split("|")]


def _wild(words: list[str], whole: str, place: str) -> str:
    for word in words:
        if len(word.replace("*", "")) < 2:
            raise CodebookError(
                place, f"term {shown(whole)} is too open; expected two letters or more beside *"
            )
    return "|".join(re.escape(word).replace(r"\*", ANYTHING) for word in words)
