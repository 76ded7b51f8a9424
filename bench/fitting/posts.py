"""Coded posts to fit weights on: the gold standard's part `write`, development and practice posts, the demo's.

The boundaries of the codebook and the examples of its codes are among them, as posts of which some codes are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from classify.codebook import Codebook
from classify.unit import Unit, read_unit

ROOT = Path(__file__).parent.parent.parent
GOLD = ROOT / "tests" / "gold"
# Rules were written with some of these at hand; practice posts count 1. What is decided by example counts most.
COUNTS = {"write": 1.0, "dev": 0.4, "demo": 0.4, "boundary": 4.0, "example": 4.0}
FIELDS = {"theme": "themes", "labour": "labour", "sector": "sectors", "audience": "audiences"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPost:
    """A unit, its codes and primary theme, how much it counts, and its batch.

    Whether it has a code is known for the dimensions and single codes in `known`.
    """

    unit: Unit
    text: str
    codes: frozenset[str]
    primary: str
    known: frozenset[str]
    counts: float
    batch: str

    def tells_of(self, code: str) -> bool:
        """Say whether it is known if the post has a code."""
        return code in self.known or code.split(".", maxsplit=1)[0] in self.known


def read_posts(codebook: Codebook) -> list[CodedPost]:
    """Return all coded posts that weights may be fitted on."""
    return [
        *_gold(),
        *_lines("dev_posts.jsonl", "dev"),
        *_lines("practice_posts.jsonl", ""),
        *_demo(),
        *_boundaries(),
        *_examples(codebook),
    ]


def read_calibration_posts() -> list[CodedPost]:
    """Return the coded posts that no rule was written with: they say how often a code is given, and set thresholds."""
    return list(_lines("calibration_posts.jsonl", ""))


def _gold() -> Iterator[CodedPost]:
    return (post for post in _lines("posts.jsonl", "") if post.batch == "write")


def _lines(name: str, batch: str) -> Iterator[CodedPost]:
    for line in (GOLD / name).open(encoding="utf-8"):
        record = json.loads(line)
        yield _post(record, record, batch or record["part"])


def _demo() -> Iterator[CodedPost]:
    texts: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "examples" / "demo" / "content").glob("*.jsonl")):
        for number, line in enumerate(path.open(encoding="utf-8")):
            texts[f"{path.stem}-{number:03}"] = json.loads(line)
    for line in (GOLD / "demo_codings.jsonl").open(encoding="utf-8"):
        coding = json.loads(line)
        yield _post(texts[coding["id"]] | {"id": coding["id"]}, coding, "demo")


def _boundaries() -> Iterator[CodedPost]:
    rows = yaml.safe_load((ROOT / "tests" / "classify" / "boundaries.yaml").read_text(encoding="utf-8"))
    for row in rows:
        for post in row["posts"]:
            texts = {name: value for name, value in post.items() if name not in ("is", "not", "primary")}
            yield _decided(
                texts, post.get("is", ()), post.get("not", ()), "boundary", post.get("primary", "")
            )


def _examples(codebook: Codebook) -> Iterator[CodedPost]:
    for code in codebook.codes:
        for example in code.examples:
            yield _decided(example.texts, [code.code], (), "example")
        for example in code.counterexamples:
            yield _decided(example.texts, (), [code.code], "example")


def _decided(
    texts: Mapping[str, str], has: Iterable[str], has_not: Iterable[str], batch: str, primary: str = ""
) -> CodedPost:
    codes = frozenset(_in_dimension(code) for code in has)
    unit = Unit(**{"id": batch, "platform": "instagram", **texts})
    return CodedPost(
        unit=unit,
        text=unit.text,
        codes=codes,
        primary=_in_dimension(primary) if primary else "",
        known=codes | {_in_dimension(code) for code in has_not},
        counts=COUNTS[batch],
        batch=batch,
    )


def _in_dimension(code: str) -> str:
    return code if "." in code else f"theme.{code}"


def _post(record: dict[str, Any], coding: dict[str, Any], batch: str) -> CodedPost:
    unit = read_unit(record, record["id"])
    return CodedPost(
        unit=unit,
        text="\n".join((unit.title, unit.text, unit.alt_text, unit.transcript)),
        codes=frozenset(
            f"{dimension}.{code}" for dimension, field in FIELDS.items() for code in coding.get(field, ())
        ),
        primary=_in_dimension(coding["primary"]) if coding.get("primary") else "",
        known=frozenset(dimension for dimension, field in FIELDS.items() if field in coding),
        counts=COUNTS.get(batch, 1.0),
        batch=batch,
    )
