"""Many units at once: columns in, flat rows out, in one process or several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice

from classify.codebook import Codebook
from classify.coder import Coder
from classify.coding import Row
from classify.unit import Unit

BATCH = 2_000
_LISTS = frozenset({"hashtags", "mentions", "coauthors"})
_NAMES = tuple(field.name for field in fields(Unit) if field.name != "id")
_coder: Coder | None = None


def units_of(columns: Mapping[str, Sequence[object]]) -> Iterator[Unit]:
    """Yield the units of columns that are named as a unit's fields; `id` is needed, others may be absent.

    A value that is no text (None, NaN) is empty; lists may be any sequence of texts.

    >>> [unit.text for unit in units_of({"id": ["1", "2"], "text": ["a", None]})]
    ['a', '']
    """
    known = [(name, columns[name], name in _LISTS) for name in _NAMES if name in columns]
    for number, name in enumerate(columns["id"]):
        values: dict[str, object] = {}
        for field, column, is_list in known:
            value = column[number]
            if is_list:
                if value is not None and not isinstance(value, (str, float)):
                    values[field] = tuple(value)  # type: ignore[arg-type]
            elif isinstance(value, str):
                values[field] = value
        yield Unit(id=str(name), **values)  # type: ignore[arg-type]


def code_columns(coder: Coder, columns: Mapping[str, Sequence[object]]) -> dict[str, list[object]]:
    """Return the codings of columns of units as columns: one row per unit, dimension and code, evidence as JSON."""
    rows = [row for coding in coder.code(units_of(columns)) for row in coding.rows()]
    by_column = zip(*rows, strict=True) if rows else ([] for _ in Row._fields)
    return {name: list(values) for name, values in zip(Row._fields, by_column, strict=True)}


def code_in_processes(
    codebook: Codebook, units: Iterable[Unit], *, processes: int, batch: int = BATCH
) -> Iterator[list[Row]]:
    """Yield the rows of batches of units, in order, coded by several processes that share nothing."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, initializer=_start, initargs=(codebook,)) as pool:
        yield from pool.imap(_code_batch, _batches(units, batch))


def _start(codebook: Codebook) -> None:
    global _coder  # noqa: PLW0603 (one coder per worker process, made when it starts)
    _coder = Coder(codebook)


def _code_batch(units: list[Unit]) -> list[Row]:
    assert _coder is not None  # noqa: S101
    return [row for coding in _coder.code(units) for row in coding.rows()]


def _batches(units: Iterable[Unit], size: int) -> Iterator[list[Unit]]:
    remaining = iter(units)
    while batch := list(islice(remaining, size)):
        yield batch
