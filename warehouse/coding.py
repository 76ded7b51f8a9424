"""Hands units to coders and takes their codings back; keeps each text's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import duckdb
import pandas as pd

from warehouse.db import session, sql, transaction
from warehouse.errors import WarehouseError

CODING_COLUMNS = (
    "post_key",
    "version",
    "dimension",
    "code",
    "is_primary",
    "score",
    "coder",
    "codebook_version",
    "evidence",
)


def texts_without_language(
    con: duckdb.DuckDBPyConnection, *, most: int = 50_000
) -> Iterator[list[tuple[int, str]]]:
    """Yield batches of (text_hash, text), one per distinct text whose language was never detected.

    The text is title, text and transcript, the first and the last where there are any. Hand each batch to
    `load_languages`; a text that is given back without a language is not asked for again.
    """
    for frame in _batches(con, sql("load/texts_without_language.sql"), most):
        yield list(zip(frame["text_hash"].tolist(), frame["text"].tolist(), strict=True))


def load_languages(
    con: duckdb.DuckDBPyConnection, rows: Iterable[tuple[int, str | None]], *, at: datetime | None = None
) -> int:
    """Keep the language of texts, given as (text_hash, language) with language None where none was found."""
    frame = pd.DataFrame(list(rows), columns=["text_hash", "language"]).astype(
        {"text_hash": "int64", "language": "object"}
    )
    with transaction(con):
        con.execute("set variable loaded_at = ?", [at or datetime.now(UTC)])
        con.register("language_rows", frame)
        con.execute(sql("load/languages.sql"))
        con.unregister("language_rows")
    return len(frame)


def units_to_code(
    con: duckdb.DuckDBPyConnection, coder: str, codebook_version: str, *, most: int = 20_000
) -> Iterator[pd.DataFrame]:
    """Yield frames of the posts, as they read now, that this coder has not coded with this codebook.

    Columns: post_key, version, platform, post_id, title, text, alt_text, transcript, hashtags, mentions, coauthors
    (arrays, empty where there are none), language, account, run_by, scope, institution, level. Reposts are not coded.
    """
    query = sql("load/units_to_code.sql")
    yield from _batches(con, query, most, coder=coder, codebook_version=codebook_version)


def load_codings(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame, *, at: datetime | None = None) -> int:
    """Keep codings; those of the same coder and codebook on the same units are replaced. Return how many there are.

    Columns: post_key, version, dimension, code, is_primary, score (or None), coder, codebook_version, evidence (JSON
    text or None). Each unit needs exactly one primary theme: it is what marks the unit as coded.
    """
    check_codings(frame)
    with transaction(con):
        return write_codings(con, frame, at=at)


def use_codebook(con: duckdb.DuckDBPyConnection, coder: str, codebook_version: str) -> None:
    """Make a version of the codebook the one that a coder used last, where all its codings are there already."""
    con.execute(sql("load/use_codebook.sql"), [datetime.now(UTC), coder, codebook_version])


def check_codings(frame: pd.DataFrame) -> None:
    """Raise WarehouseError where codings lack a column, or a unit has not exactly one primary theme."""
    missing = [column for column in CODING_COLUMNS if column not in frame.columns]
    if missing:
        raise WarehouseError(
            f"codings lack {', '.join(missing)}; expected the columns {', '.join(CODING_COLUMNS)}."
        )
    _refuse_without_primary(frame)


def write_codings(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame, *, at: datetime | None = None) -> int:
    """Keep codings that were checked, within a transaction; return how many there are."""
    con.execute("set variable loaded_at = ?", [at or datetime.now(UTC)])
    con.register("coding_rows", frame[list(CODING_COLUMNS)])
    con.execute(sql("load/codings.sql"))
    con.unregister("coding_rows")
    return len(frame)


def _refuse_without_primary(frame: pd.DataFrame) -> None:
    unit = ["post_key", "version", "coder", "codebook_version"]
    primary = (frame["dimension"] == "theme") & frame["is_primary"].astype(bool)
    wrong = primary.groupby([frame[column] for column in unit]).sum()
    wrong = wrong[wrong != 1]
    if len(wrong):
        raise WarehouseError(
            f"unit {wrong.index[0][0]} has {int(wrong.iloc[0])} primary themes by {wrong.index[0][2]}; expected one."
        )


def _batches(
    con: duckdb.DuckDBPyConnection, query: str, most: int, **variables: str
) -> Iterator[pd.DataFrame]:
    """Yield the answer in frames; it is of the moment of the question, whatever is loaded meanwhile."""
    reader = session(con)
    try:
        for name, value in variables.items():
            reader.execute(f"set variable {name} = ?", [value])
        reader.execute(query)
        vectors = max(1, most // 2048)
        while len(frame := reader.fetch_df_chunk(vectors)):
            yield frame
    finally:
        reader.close()
