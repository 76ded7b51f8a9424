"""Units and codings as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson

from classify.coding import Coding
from classify.errors import ClassifyError, UnitError
from classify.unit import Unit, read_unit

LONGEST_LINE = 64_000_000


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no unit, and why; it stands in the unit's place."""

    place: str
    problem: str


def read_units(lines: Iterable[bytes], file: str) -> Iterator[Unit | BadLine]:
    """Yield the unit of each line, or in its place what is wrong with it; empty lines are skipped."""
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{file}:{number}"
        try:
            unit = read_unit(_decode(line, place), place)
            if unit.id in seen:
                raise UnitError(f"{place}: id {unit.id} stands there twice; expected one line per post")
        except ClassifyError as error:
            yield BadLine(place, str(error))
        else:
            seen.add(unit.id)
            yield unit


def _decode(line: bytes, place: str) -> object:
    if len(line) > LONGEST_LINE:
        raise UnitError(f"{place} has {len(line)} bytes; expected at most {LONGEST_LINE}")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _decode_surrogates(line, place, str(error))


def _decode_surrogates(line: bytes, place: str, problem: str) -> object:
    """Read a line that orjson refuses; Python's reader lets lone surrogates pass, which platforms do send."""
    import json  # noqa: PLC0415

    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnitError(f"{place} is no JSON object ({problem})") from error


def write_coding(coding: Coding) -> bytes:
    """Return a coding as a line of codings.jsonl."""
    return orjson.dumps(without_surrogates(coding.as_record())) + b"\n"


def without_surrogates(value: object) -> object:
    """Return plain values with lone surrogates replaced, which no JSON file may hold."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {name: without_surrogates(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_surrogates(part) for part in value]
    return value
