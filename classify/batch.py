"""Many units at once: columns in, columns out, in one process or several."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import NoneType
from typing import Any

from classify.codebook import Codebook
from classify.coder import Coder
from classify.coding import Row
from classify.unit import LISTS, Unit

Columns = Mapping[str, Sequence[object]]
AHEAD = 2  # batches per process that wait to be coded; more would only fill memory
_NO_LIST = (str, float, NoneType)
_coder: Coder | None = None


def units_of(columns: Columns) -> Iterator[Unit]:
    """Return the units of columns that are named as a unit's fields; `id` is needed, others may be absent.

    A value that is no text (None, NaN) is empty; lists may be any sequence of texts.

    >>> [unit.text for unit in units_of({"id": ["1", "2"], "text": ["a", None]})]
    ['a', '']
    """
    names = [str(name) for name in columns["id"]]
    empty = {name: ["" if name not in LISTS else ()] * len(names) for name in Unit._fields}
    whole = {name: _column(name, columns[name]) for name in empty if name in columns}
    return map(Unit._make, zip(*(empty | whole | {"id": names}).values(), strict=True))


def _column(name: str, values: Sequence[Any]) -> list[object]:
    if name in LISTS:
        return [() if isinstance(value, _NO_LIST) else tuple(value) for value in values]
    return [value if isinstance(value, str) else "" for value in values]


def code_columns(coder: Coder, columns: Columns) -> dict[str, list[object]]:
    """Return the codings of columns of units as columns: one row per unit, dimension and code, evidence as JSON."""
    with _no_collection():
        rows = [row for coding in coder.code(units_of(columns)) for row in coding.rows()]
        by_column = zip(*rows, strict=True) if rows else ([] for _ in Row._fields)
        return {name: list(values) for name, values in zip(Row._fields, by_column, strict=True)}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let the collector of cycles rest: it would go through the codebook and all rows again and again, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def code_batches(codebook: Codebook, batches: Iterable[Columns], *, processes: int = 1) -> Iterator[Columns]:
    """Yield the codings of batches of units, in order, as `code_columns` returns them.

    Batches are asked for as they are coded, so that memory stays flat however many there are.
    """
    if processes == 1:
        coder = _make_coder(codebook)
        yield from (code_columns(coder, batch) for batch in batches)
    else:
        yield from code_in_processes(codebook, batches, processes)


def code_in_processes(codebook: Codebook, batches: Iterable[Columns], processes: int) -> Iterator[Columns]:
    """Yield the codings of batches of units, in order, coded by processes that share nothing."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_start, initargs=(pickle.dumps(codebook),)
    )
    waiting: deque[Future[Columns]] = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(_code_batch, batch))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _make_coder(codebook: Codebook) -> Coder:
    with _no_collection():
        return Coder(codebook)


def _start(codebook: bytes) -> None:
    global _coder  # noqa: PLW0603 (one coder per worker process, made when it starts)
    with _no_collection():
        _coder = Coder(pickle.loads(codebook))  # noqa: S301 (written by the process that started this one)


def _code_batch(batch: Columns) -> Columns:
    assert _coder is not None  # noqa: S101
    return code_columns(_coder, batch)
