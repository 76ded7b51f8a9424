"""Reads a codebook from its YAML files, and a study's own changes over it."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from classify.codebook import (
    LANGUAGES,
    PLACES,
    Code,
    Codebook,
    Dimension,
    Example,
    Group,
    Rule,
    Wording,
    WordList,
)
from classify.errors import CodebookError, shown
from classify.nodes import Entries, Section, parse_yaml, read_yaml
from classify.single_words import read_single_words
from classify.term import Term, read_term, split_terms
from classify.weights import read_weights

DEFAULT = Path(__file__).parent / "codebooks" / "uitzicht.yaml"
READ_AS = "2"  # how terms and texts are read; another number where the same codebook comes to code otherwise
MOST_TERMS = 40_000
_NAME = "abcdefghijklmnopqrstuvwxyz0123456789_"
_TOP_KEYS = ("codebook", "extends", "words", "off", "dimensions")
_WORDING_KEYS = ("definition", "include", "exclude")
_CODE_KEYS = {  # as written, and what the code has of it
    "name": "names",
    "threshold": "threshold",
    "lead": "lead",
    "promising": "promising",
}
_RULE_KEYS = frozenset(
    {
        "rule",
        "any",
        "near",
        "unless",
        "post",
        "unless_post",
        "given",
        "not_given",
        "field",
        "times",
        "negation",
    }
    | {"weight", "also", "note", "language"}
)


@cache
def default_codebook() -> Codebook:
    """Return the codebook that comes with the tool."""
    return read_codebook(DEFAULT)


def read_codebook(path: Path) -> Codebook:
    """Return the codebook of a file; one that says `extends: default` changes the tool's own.

    CodebookError names file, line, value and expectation of the first thing that is wrong.
    """
    top = Entries(read_yaml(path), (*_TOP_KEYS, "uses"))
    reader = _Reader(path.parent)
    for used in top.texts("uses"):
        reader.read_words(_beside(path.parent, used, top.need("uses").place))
    return _read(top, reader)


def parse_codebook(text: str, file: str = "codebook.yaml") -> Codebook:
    """Return the codebook written in one YAML text."""
    return _read(Entries(parse_yaml(text, file), _TOP_KEYS), _Reader())


def _read(top: Entries, reader: _Reader) -> Codebook:
    base = _base(top)
    if words := top.take("words"):
        reader.read_words(words)
    section = top.take("dimensions")
    known = {dimension.name: dimension.codes for dimension in base.dimensions} if base else {}
    dimensions = [
        reader.read_dimension(name, value, known.get(name, ()))
        for name, value in (section.pairs().items() if section else ())
    ]
    return _finish(top, base, reader, dimensions)


def _base(top: Entries) -> Codebook | None:
    extends = top.take("extends")
    if extends is None:
        return None
    if extends.text() != "default":
        raise CodebookError(extends.place, f"extends is {shown(extends.text())}; expected default")
    return default_codebook()


def _beside(folder: Path | None, name: str, place: str) -> Section:
    if folder is None or Path(name).name != name or not name.endswith(".yaml"):
        raise CodebookError(place, f"uses {shown(name)}; expected a .yaml file in the codebook's own folder")
    return read_yaml(folder / name)


class _Reader:
    """Reads word lists, dimensions, codes and rules, and collects the lists that rules write in place."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.words: dict[str, WordList] = {}
        self.said: dict[str, frozenset[str]] = {}  # by code, the keys that its block has
        self.terms = 0

    def read_words(self, section: Section) -> None:
        for name, value in section.pairs().items():
            _check_name(name, value.place)
            if name in self.words:
                raise CodebookError(value.place, f"word list {shown(name)} is given twice")
            self.words[name] = WordList(name=name, place=value.place, terms=self._languages(value))

    def _languages(self, section: Section) -> dict[str, tuple[Term, ...]]:
        if section.is_text() or section.is_list():
            return {"any": self._terms(section)}
        entries = Entries(section, (*LANGUAGES, "any"))
        return {language: self._terms(value) for language, value in entries.values.items()}

    def _terms(self, section: Section) -> tuple[Term, ...]:
        if section.is_list():
            return tuple(self._term(item.text().strip(), item.place) for item in section.items())
        return tuple(
            self._term(term, place) for line, place in section.lines() for term in split_terms(line) if term
        )

    def _term(self, source: str, place: str) -> Term:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise CodebookError(place, f"has more than {MOST_TERMS} terms in all; expected fewer")
        return read_term(source, place)

    def read_dimension(self, name: str, section: Section, known: tuple[Code, ...] = ()) -> Dimension:
        """Return a dimension as written; of the codes known already, those not written are there with nothing said."""
        _check_name(name, section.place)
        entries = Entries(
            section, ("definition", "order", "otherwise", "within", "weights", "single_words", "codes")
        )
        written = entries.take("codes") if known else entries.need("codes")
        codes = tuple(
            self.read_code(name, code, value) for code, value in (written.pairs().items() if written else ())
        )
        codes += self._unsaid(known, section)
        if weights := entries.take("weights"):
            weighted = read_weights(name, frozenset(code.name for code in codes), weights)
            codes = tuple(replace(code, rules=(*code.rules, *weighted[code.name])) for code in codes)
        if words := entries.take("single_words"):
            section = _beside(self._folder, words.text().strip(), words.place) if words.is_text() else words
            said = read_single_words(name, (code.name for code in codes), section)
            codes = tuple(replace(code, single_words=said.get(code.name, ())) for code in codes)
        return Dimension(
            name=name,
            place=section.place,
            definition=entries.text("definition"),
            codes=codes,
            order=entries.texts("order"),
            otherwise=entries.text("otherwise"),
            within=entries.text("within"),
        )

    def _unsaid(self, known: tuple[Code, ...], section: Section) -> tuple[Code, ...]:
        codes = [code.code for code in known if code.code not in self.said]
        self.said |= {code: frozenset() for code in codes}
        nothing = Wording(definition="")
        return tuple(Code(code=code, place=section.place, names={}, wording=nothing) for code in codes)

    def read_code(self, dimension: str, name: str, section: Section) -> Code:
        _check_name(name, section.place)
        known = (*_CODE_KEYS, *_WORDING_KEYS, *LANGUAGES, "rules", "examples", "counterexamples")
        entries = Entries(section, known)
        code = f"{dimension}.{name}"
        self.said[code] = frozenset(entries.values)
        threshold, lead = entries.take("threshold"), entries.take("lead")
        rules = entries.take("rules")
        return Code(
            code=code,
            place=section.place,
            names=_by_key(entries.take("name"), LANGUAGES),
            wording=_wording(entries),
            translations={
                language: _wording(Entries(translation, _WORDING_KEYS))
                for language in LANGUAGES
                if (translation := entries.take(language))
            },
            threshold=threshold.number(0.01, 1000) if threshold else 2.0,
            lead=lead.number(-100, 100) if lead else 0.0,
            promising=_promising(entries.take("promising")),
            rules=self._rules(code, rules) if rules else (),
            examples=_examples(entries.take("examples")),
            counterexamples=_examples(entries.take("counterexamples")),
        )

    def _rules(self, code: str, section: Section) -> tuple[Rule, ...]:
        rules = tuple(self.read_rule(code, rule) for rule in section.items())
        _check_once(rules)
        return rules

    def read_rule(self, code: str, section: Section) -> Rule:
        entries = Entries(section, _RULE_KEYS)
        name = entries.need("rule").text()
        _check_name(name, entries.need("rule").place)
        negation, times = entries.take("negation"), entries.take("times")
        rule = Rule(
            name=name,
            code=code,
            place=section.place,
            weight=entries.need("weight").number(-100, 100),
            any=self._group(name, entries.take("any")),
            near=self._groups(name, entries.take("near")),
            unless=self._group(name, entries.take("unless")),
            post=self._groups(name, entries.take("post")),
            unless_post=self._group(name, entries.take("unless_post")),
            given=_facts(entries.take("given")) + _language(entries.take("language")),
            not_given=tuple(fact for group in _facts(entries.take("not_given")) for fact in group),
            fields=_fields(entries.take("field")),
            times=int(times.number(1, 100)) if times else 1,
            negation=int(negation.number(1, 8)) if negation else 0,
            also=_also(entries.take("also")),
        )
        if not rule.any and (rule.near or rule.unless or rule.fields or rule.times > 1 or rule.negation):
            raise CodebookError(
                rule.place, f"rule {name} has no any; near, unless, field, times and negation need it"
            )
        if not (rule.any or rule.post or rule.given):
            raise CodebookError(rule.place, f"rule {name} looks at nothing; expected any, post or given")
        return rule

    def _groups(self, rule: str, section: Section | None) -> tuple[Group, ...]:
        if section is None:
            return ()
        items = section.items() if section.is_list() else [section]
        return tuple(self._group(rule, item) for item in items)

    def _group(self, rule: str, section: Section | None) -> Group:
        if section is None:
            return ()
        terms = self._terms(section)
        if not terms:
            raise CodebookError(section.place, f"rule {rule} has an empty condition; expected terms")
        return tuple(dict.fromkeys(self._listed(rule, section, terms)))

    def _listed(self, rule: str, section: Section, terms: tuple[Term, ...]) -> Iterator[str]:
        own = []
        for term in terms:
            phrase = term.phrases[0]
            if len(term.phrases) == len(phrase) == 1 and phrase[0].reference and not phrase[0].opens:
                yield phrase[0].reference
            else:
                own.append(term)
        if own:
            source = ", ".join(sorted(term.source for term in own))
            name = f"{rule}.{hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:8]}"
            self.words[name] = WordList(name=name, place=section.place, terms={"any": tuple(own)})
            yield name


def _check_name(name: str, place: str) -> None:
    if not name or len(name) > 60 or any(character not in _NAME for character in name):
        raise CodebookError(place, f"name {shown(name)}; expected small letters, digits and _")


def _wording(entries: Entries) -> Wording:
    return Wording(
        definition=entries.text("definition"),
        include=entries.texts("include"),
        exclude=entries.texts("exclude"),
    )


def _by_key(section: Section | None, known: Iterable[str]) -> dict[str, str]:
    if section is None:
        return {}
    return {key: value.text().strip() for key, value in Entries(section, known).values.items()}


def _promising(section: Section | None) -> dict[str, bool]:
    return (
        {level: value.truth() for level, value in Entries(section, ("mbo", "hbo")).values.items()}
        if section
        else {}
    )


def _facts(section: Section | None) -> tuple[Group, ...]:
    if section is None:
        return ()
    items = section.items() if section.is_list() else [section]
    return tuple(tuple(part.strip() for part in item.text().split(",") if part.strip()) for item in items)


def _language(section: Section | None) -> tuple[Group, ...]:
    if section is None:
        return ()
    if section.text() not in LANGUAGES:
        raise CodebookError(
            section.place, f"language {shown(section.text())}; expected one of {', '.join(LANGUAGES)}"
        )
    return ((f"language.{section.text()}",),)


def _fields(section: Section | None) -> tuple[str, ...]:
    names = tuple(fact for group in _facts(section) for fact in group)
    for name in names:
        if name not in PLACES and section:
            raise CodebookError(section.place, f"field {shown(name)}; expected some of {', '.join(PLACES)}")
    return names


def _also(section: Section | None) -> tuple[tuple[str, float], ...]:
    pairs = section.pairs() if section else {}
    return tuple((code, value.number(-100, 100)) for code, value in pairs.items())


def _examples(section: Section | None) -> tuple[Example, ...]:
    return tuple(_example(item) for item in section.items()) if section else ()


def _example(section: Section) -> Example:
    if section.is_text():
        return Example(texts={"text": section.text().strip()}, place=section.place)
    known = (
        "title",
        "text",
        "alt_text",
        "transcript",
        "platform",
        "level",
        "run_by",
        "language",
        "media_type",
    )
    return Example(texts=_by_key(section, known), place=section.place)


def _finish(top: Entries, base: Codebook | None, reader: _Reader, dimensions: list[Dimension]) -> Codebook:
    words, merged = dict(reader.words), tuple(dimensions)
    if base:
        words = _merge_words(base.words, words)
        merged = _merge_dimensions(base.dimensions, dimensions, reader.said)
    off = top.take("off")
    if off:
        merged = _switch_off(merged, off)
    if not merged:
        raise CodebookError(top.section.place, "has no dimensions")
    codebook = Codebook(name=top.text("codebook", "unnamed"), version="", words=words, dimensions=merged)
    _check(codebook)
    return replace(codebook, version=_hash(codebook))


def _merge_words(base: Mapping[str, WordList], own: Mapping[str, WordList]) -> dict[str, WordList]:
    merged = dict(base)
    for name, added in own.items():
        known = merged.get(name)
        if known:
            languages = {*known.terms, *added.terms}
            terms = {
                lang: known.terms.get(lang, ()) + added.terms.get(lang, ()) for lang in sorted(languages)
            }
            merged[name] = replace(added, terms=terms)
        else:
            merged[name] = added
    return merged


def _merge_dimensions(
    base: tuple[Dimension, ...], own: list[Dimension], said: Mapping[str, frozenset[str]]
) -> tuple[Dimension, ...]:
    merged = {dimension.name: dimension for dimension in base}
    for dimension in own:
        known = merged.get(dimension.name)
        merged[dimension.name] = _merge_dimension(known, dimension, said) if known else dimension
    return tuple(merged.values())


def _merge_dimension(base: Dimension, own: Dimension, said: Mapping[str, frozenset[str]]) -> Dimension:
    weights = {rule.name for code in own.codes for rule in code.rules if rule.is_weight}
    codes = {code.code: _without(code, weights) for code in base.codes}
    for code in own.codes:
        known = codes.get(code.code)
        codes[code.code] = _merge_code(known, code, said[code.code]) if known else code
    return replace(
        base,
        definition=own.definition or base.definition,
        codes=tuple(codes.values()),
        order=own.order or base.order,
        otherwise=own.otherwise or base.otherwise,
        within=own.within or base.within,
    )


def _merge_code(base: Code, own: Code, said: frozenset[str]) -> Code:
    """Return a code with what a study says of it in the place of what was known; rules and examples are added."""
    rules = {rule.name: rule for rule in base.rules} | {rule.name: rule for rule in own.rules}
    changed = replace(base, **{name: getattr(own, name) for key, name in _CODE_KEYS.items() if key in said})
    wording = _merge_wording(base.wording, own.wording)
    said_anew = wording != base.wording
    return replace(
        changed,
        names={**base.names, **own.names},
        wording=wording,
        translations=own.translations if said_anew else {**base.translations, **own.translations},
        promising={**base.promising, **own.promising},
        rules=tuple(rules.values()),
        single_words=tuple({one.source: one for one in (*base.single_words, *own.single_words)}.values()),
        examples=base.examples + own.examples,
        counterexamples=base.counterexamples + own.counterexamples,
    )


def _merge_wording(base: Wording, own: Wording) -> Wording:
    return Wording(
        definition=own.definition or base.definition,
        include=own.include or base.include,
        exclude=own.exclude or base.exclude,
    )


def _switch_off(dimensions: tuple[Dimension, ...], off: Section) -> tuple[Dimension, ...]:
    known = {rule.name for dimension in dimensions for code in dimension.codes for rule in code.rules}
    for item in off.items():
        if item.text() not in known:
            raise CodebookError(item.place, f"off names {shown(item.text())}; expected the name of a rule")
    names = {item.text() for item in off.items()}
    return tuple(
        replace(
            dimension,
            codes=tuple(_without(code, names) for code in dimension.codes),
        )
        for dimension in dimensions
    )


def _without(code: Code, names: Container[str]) -> Code:
    return replace(code, rules=tuple(rule for rule in code.rules if rule.name not in names))


def _check(codebook: Codebook) -> None:
    for words in codebook.words.values():
        for _, term in words:
            for name in term.references - codebook.words.keys():
                raise CodebookError(
                    term.place, f"term {shown(term.source)} names {shown(name)}; no such word list"
                )
    codes = {code.code for code in codebook.codes}
    _check_once(codebook.rules)
    for rule in codebook.rules:
        _check_rule(rule, codebook, codes)
    for dimension in codebook.dimensions:
        _check_dimension(dimension, codes)


def _check_once(rules: Iterable[Rule]) -> None:
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.name in seen:
            raise CodebookError(
                rule.place, f"rule {rule.name} is given twice; the first is at {seen[rule.name]}"
            )
        seen[rule.name] = rule.place


def _check_rule(rule: Rule, codebook: Codebook, codes: set[str]) -> None:
    for name in rule.lists - codebook.words.keys():
        raise CodebookError(rule.place, f"rule {rule.name} names {shown(name)}; no such word list")
    for code, _ in rule.also:
        if code not in codes:
            raise CodebookError(rule.place, f"rule {rule.name} scores {shown(code)}; no such code")
    if rule.negation and "negation" not in codebook.words:
        raise CodebookError(
            rule.place, f"rule {rule.name} has a negation; expected a word list named negation"
        )


def _check_dimension(dimension: Dimension, codes: set[str]) -> None:
    names = {code.name for code in dimension.codes}
    for name in (*dimension.order, *([dimension.otherwise] if dimension.otherwise else [])):
        if name not in names:
            raise CodebookError(
                dimension.place, f"{dimension.name} names {shown(name)}; expected one of its codes"
            )
    if dimension.within and dimension.within not in codes:
        raise CodebookError(dimension.place, f"within is {shown(dimension.within)}; no such code")


def _hash(codebook: Codebook) -> str:
    """Return 12 hex digits that change with any rule, word, threshold or definition, and with how terms are read."""
    parts = [READ_AS]
    for words in sorted(codebook.words.values(), key=lambda words: words.name):
        parts.append(words.name)
        parts.extend(f"{language} {term.source}" for language, term in words)
    for dimension in codebook.dimensions:
        parts.append(repr((dimension.name, dimension.order, dimension.otherwise, dimension.within)))
        for code in dimension.codes:
            limits = (code.threshold, code.lead)
            parts.append(repr((code.code, *limits, code.wording.definition, sorted(code.promising.items()))))
            parts.extend(repr(replace(rule, place="")) for rule in code.rules)
            parts.extend(f"{one.source} {one.weight}" for one in code.single_words)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:12]
