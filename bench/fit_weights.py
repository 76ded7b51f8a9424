"""What each word list says of each theme, fitted: `python -m bench.fit_weights [--posts FILE ...] [--write]`.

The rules of the codebook say what counts; how much a word list or a fact adds to them, or takes away, is fitted by a
logistic regression per theme on coded posts: the rules' own score and one yes-or-no per list, with a ridge penalty.
The themes are fitted in the order in which they are decided; thresholds stay as they are. `--write` puts the weights,
rounded to 0.05, into the codebook; without it they are only shown. Posts of part `check` are never used.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from classify.codebook import Codebook, Rule
from classify.codebook_file import DEFAULT, default_codebook
from classify.coder import Coder
from classify.unit import Unit, read_unit
from classify.weights import PREFIX

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "gold"
FACTS = (
    "platform.instagram",
    "platform.tiktok",
    "platform.youtube",
    "platform.linkedin",
    "length.short",
    "length.middle",
    "length.long",
    "style.small",
    "has.title",
    "has.transcript",
)
FEWEST_POSTS = 25  # a list that fewer posts hold gets no weight
SMALLEST = 0.1  # weights nearer to zero are left out
PENALTY = 0.1  # the smaller, the nearer to the rules alone
BY_WORDS_ALONE = (
    "labour_market",
    "open_day",
)  # what a post says of these does not hang on its platform or length
CHANCE = 0.35  # a theme is given from this probability on: best for F1 of themes that one post in five has
DEMO_COUNTS = 0.5  # a post of the demo beside one of the gold standard: its codings were made in one pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPost:
    """A unit, its themes, and how much it counts."""

    unit: Unit
    themes: frozenset[str]
    counts: float


def main() -> None:
    """Fit, show, and on request write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", nargs="*", type=Path, default=[GOLD / "dev_posts.jsonl"])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    posts = [*read_gold_posts(), *read_demo_posts()]
    for path in options.posts:
        posts += read_posts(path)
    block = as_yaml(fit(default_codebook(), posts))
    print(block)
    if options.write:
        write(block)


def read_posts(path: Path) -> list[CodedPost]:
    """Return the posts of a file of coded posts."""
    records = [json.loads(line) for line in path.open(encoding="utf-8")]
    return [
        CodedPost(unit=read_unit(record, record["id"]), themes=frozenset(record["themes"]), counts=1)
        for record in records
    ]


def read_gold_posts() -> list[CodedPost]:
    """Return the posts of part `write`."""
    records = [json.loads(line) for line in (GOLD / "posts.jsonl").open(encoding="utf-8")]
    return [
        CodedPost(unit=read_unit(record, record["id"]), themes=frozenset(record["themes"]), counts=1)
        for record in records
        if record["part"] == "write"
    ]


def read_demo_posts() -> list[CodedPost]:
    """Return the coded texts of the demo."""
    codings = [json.loads(line) for line in (GOLD / "demo_codings.jsonl").open(encoding="utf-8")]
    texts: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "examples" / "demo" / "content").glob("*.jsonl")):
        for number, line in enumerate(path.open(encoding="utf-8")):
            texts[f"{path.stem}-{number:03}"] = json.loads(line)
    return [
        CodedPost(
            unit=read_unit(texts[coding["id"]] | {"id": coding["id"]}, coding["id"]),
            themes=frozenset(coding["themes"]),
            counts=DEMO_COUNTS,
        )
        for coding in codings
    ]


Weights = dict[str, dict[str, float]]  # by list or fact, by code


def fit(codebook: Codebook, posts: Sequence[CodedPost]) -> Weights:
    """Return the weight of each list and fact for each theme, on the scale of the rules' weights."""
    plain = without_weights(codebook)
    coder = Coder(plain)
    names, held = what_holds(coder, [post.unit for post in posts])
    counts = np.array([post.counts for post in posts])
    threshold = {code.name: code.threshold for code in plain.dimension("theme").codes}
    weights: Weights = {}
    for code in plain.dimension("theme").order:
        scores = np.array([coding.scores.get(f"theme.{code}", 0.0) for coding in coder.code(_units(posts))])
        given = np.array([code in post.themes for post in posts])
        usable = [
            number for number, name in enumerate(names) if "." not in name or code not in BY_WORDS_ALONE
        ]
        features = np.column_stack([scores - threshold[code], held[:, usable]])
        model = LogisticRegression(
            C=PENALTY,
            solver="liblinear",
            fit_intercept=False,
            max_iter=500,
            class_weight={True: (1 - CHANCE) / CHANCE, False: 1},
        )
        model.fit(features, given, sample_weight=counts)
        scale, *fitted = model.coef_[0]
        for number, weight in zip(usable, fitted, strict=True):
            if abs(weight / scale) >= SMALLEST:
                weights.setdefault(names[number], {})[code] = round(round(weight / scale * 20) / 20, 2)
        coder = Coder(with_weights(plain, weights))
    return weights


def _units(posts: Sequence[CodedPost]) -> Iterator[Unit]:
    return (post.unit for post in posts)


def what_holds(coder: Coder, units: Sequence[Unit]) -> tuple[list[str], np.ndarray]:
    """Return the names of frequent lists and of facts, and for each unit which of them hold."""
    bits = {
        name: bit
        for name, bit in coder.lexicon.bit.items()
        if name in coder.codebook.words and "." not in name
    }
    bits |= {name: coder.rules.fact_bit[name] for name in FACTS if name in coder.rules.fact_bit}
    readings = [coder.reader.read(unit) for unit in units]
    held = np.array([[bool((one.post | one.facts) & bit) for bit in bits.values()] for one in readings])
    frequent = held.sum(axis=0) >= FEWEST_POSTS
    return [name for name, many in zip(bits, frequent, strict=True) if many], held[:, frequent]


def without_weights(codebook: Codebook) -> Codebook:
    """Return a codebook without the rules that are weights of single lists."""
    return _with_rules(
        codebook, lambda code, rules: tuple(rule for rule in rules if not rule.name.startswith(PREFIX))
    )


def with_weights(codebook: Codebook, weights: Weights) -> Codebook:
    """Return a codebook with weights of single lists, one rule for each list and code."""

    def added(code: str, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        theme = code.removeprefix("theme.")
        return rules + tuple(
            Rule(
                name=f"{PREFIX}{name}_{theme}",
                code=code,
                place="",
                weight=by_code[theme],
                any=() if "." in name else (name,),
                given=((name,),) if "." in name else (),
            )
            for name, by_code in weights.items()
            if code.startswith("theme.") and theme in by_code
        )

    return _with_rules(codebook, added)


Change = Callable[[str, tuple[Rule, ...]], tuple[Rule, ...]]


def _with_rules(codebook: Codebook, change: Change) -> Codebook:
    dimensions = tuple(
        replace(
            dimension,
            codes=tuple(replace(code, rules=change(code.code, code.rules)) for code in dimension.codes),
        )
        for dimension in codebook.dimensions
    )
    return replace(codebook, dimensions=dimensions)


def as_yaml(weights: Weights) -> str:
    """Return the block as the codebook writes it, lists in order of their names."""
    lines = ["    weights:"]
    for name in sorted(weights):
        by_code = ", ".join(f"{code}: {weight:g}" for code, weight in weights[name].items())
        lines.append(f"      {name}: {{{by_code}}}")
    return "\n".join(lines) + "\n"


def write(block: str) -> None:
    """Put weights into the default codebook, in the place of those that are there."""
    text = DEFAULT.read_text(encoding="utf-8")
    start = text.index("\n    weights:\n") + 1
    end = re.compile(r"^    [a-z]", re.MULTILINE).search(text, start + len("    weights:\n"))
    DEFAULT.write_text(text[:start] + block + text[end.start() if end else len(text) :], encoding="utf-8")


if __name__ == "__main__":
    main()
