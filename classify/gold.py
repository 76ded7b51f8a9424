"""Posts that people coded: the units, and the codes each coder gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from classify.errors import UnitError, shown
from classify.unit import Unit, read_id, read_unit

DIMENSIONS = {"theme": "themes", "labour": "labour", "sector": "sectors", "audience": "audiences"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The codes one coder gave a unit, per dimension, and the primary theme."""

    codes: Mapping[str, tuple[str, ...]]
    primary: str


@dataclass(slots=True)
class Gold:
    """Units with settled answers, and where there are any the answers of single coders, by coder and unit."""

    units: list[Unit] = field(default_factory=list, repr=False)
    settled: dict[str, Answers] = field(default_factory=dict, repr=False)
    coders: dict[str, dict[str, Answers]] = field(default_factory=dict, repr=False)


def read_gold(path: Path, coders: Path | None = None) -> Gold:
    """Return the coded posts of a file of JSON lines: each a unit with themes, primary, labour, sectors, audiences.

    Lines of `coders` have coder and id instead of the unit's texts; those of units not in the first file are left out.
    """
    gold = Gold()
    for place, record in _records(path):
        unit = read_unit(record, place)
        gold.units.append(unit)
        gold.settled[unit.id] = _answers(record, place)
    for place, record in _records(coders) if coders else ():
        unit_id = read_id(record, place)
        if unit_id in gold.settled:
            name = str(record.get("coder", ""))
            gold.coders.setdefault(name, {})[unit_id] = _answers(record, place)
    return gold


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UnitError(
            f"{path} cannot be read ({error.strerror}); expected coded posts as JSON lines"
        ) from error
    for number, line in enumerate(lines, 1):
        place = f"{path.name}:{number}"
        if line.strip():
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise UnitError(f"{place} is no JSON object ({error})") from error
            if not isinstance(record, dict):
                raise UnitError(f"{place} is {shown(record)}; expected an object")
            yield place, record


def _answers(record: Mapping[str, Any], place: str) -> Answers:
    codes = {dimension: _codes(record, name, place) for dimension, name in DIMENSIONS.items()}
    if not codes["theme"]:
        raise UnitError(f"{place}: themes is missing; expected the themes that a person gave")
    return Answers(codes=codes, primary=str(record.get("primary") or codes["theme"][0]))


def _codes(record: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
    value = record.get(name, [])
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return tuple(value)
    raise UnitError(f"{place}: {name} is {shown(value)}; expected a list of codes")
