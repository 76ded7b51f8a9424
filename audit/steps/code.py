"""Posts of the warehouse coded by the study's codebook; what is coded already with this codebook is left alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import duckdb
import pandas as pd

from audit.study import Study
from classify.batch import Columns, code_batches
from classify.codebook import Codebook
from classify.codebook_file import default_codebook, read_codebook
from warehouse.coding import load_codings, units_to_code, use_codebook
from warehouse.db import open_known
from warehouse.publish import publish

CODER = "rules"
KEYS = ["post_key", "version"]
READ = (
    "platform",
    "title",
    "text",
    "alt_text",
    "transcript",
    "media_type",
    "hashtags",
    "mentions",
    "coauthors",
    "language",
    "institution",
    "level",
    "run_by",
    "scope",
)
TYPES = {  # texts as objects: pandas would look at each of them to make them its own
    "unit": "int64",
    "dimension": "object",
    "code": "object",
    "is_primary": "bool",
    "score": "float64",
    "evidence": "object",
}
AT_ONCE, AT_ONCE_EACH = 20_000, 4_000  # posts; how many one process codes at once, and each of several
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """How many posts were coded, and with which codebook."""

    posts: int
    codebook_version: str


def study_codebook(study: Study) -> Codebook:
    """Return the codebook of a study: the file that it names, else the default one."""
    file = study.codebook.file
    return read_codebook(study.folder / file) if file else default_codebook()


def code(study: Study, *, processes: int = 1, on_posts: Callable[[int], None] = lambda count: None) -> Coded:
    """Code every post that this codebook has not coded yet, and publish. Coding twice changes nothing.

    Whoever goes back to an earlier codebook gets its figures again, though nothing is left to code with it.

    While posts are coded, one thread reads the next ones from the warehouse and another writes the last codings.
    """
    codebook = study_codebook(study)
    done = 0
    with open_known(study.working_warehouse) as con, ThreadPoolExecutor(1) as writer:
        most = AT_ONCE if processes == 1 else AT_ONCE_EACH
        units = units_to_code(con, CODER, codebook.version, most=most)
        written: Future[None] | None = None
        for keys, codings in _code_frames(codebook, _read_ahead(units), processes):
            if written:
                written.result()
            written = writer.submit(_write, con, keys, codings, codebook.version)
            done += len(keys)
            on_posts(len(keys))
        if written:
            written.result()
        use_codebook(con, CODER, codebook.version)
    publish(study.working_warehouse, study.warehouse)
    return Coded(posts=done, codebook_version=codebook.version)


def _read_ahead(items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield items, the next of which a thread gets while one is made use of."""
    rest = iter(items)
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, rest, None)
        while (item := coming.result()) is not None:
            coming = reader.submit(next, rest, None)
            yield item


def _write(
    con: duckdb.DuckDBPyConnection, keys: pd.DataFrame, codings: Columns, codebook_version: str
) -> None:
    load_codings(con, _codings_frame(keys, codings, codebook_version))


def _code_frames(
    codebook: Codebook, frames: Iterable[pd.DataFrame], processes: int
) -> Iterator[tuple[pd.DataFrame, Columns]]:
    """Yield the keys of each frame of units with the codings of its rows."""
    waiting: deque[pd.DataFrame] = deque()

    def batches() -> Iterator[Columns]:
        for frame in frames:
            waiting.append(frame[KEYS])
            yield {"id": range(len(frame)), **{name: frame[name].tolist() for name in READ}}

    for codings in code_batches(codebook, batches(), processes=processes):
        yield waiting.popleft(), codings


def _codings_frame(keys: pd.DataFrame, codings: Columns, codebook_version: str) -> pd.DataFrame:
    """Return codings, whose units are numbered as the rows of keys, as the warehouse takes them."""
    columns = {name: pd.Series(list(values), dtype=TYPES[name]) for name, values in codings.items()}
    units = columns.pop("unit")
    rows = {name: keys[name].to_numpy()[units] for name in KEYS}
    return pd.DataFrame({**rows, **columns}).assign(coder=CODER, codebook_version=codebook_version)
