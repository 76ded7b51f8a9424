"""Writes an export: tables and answers in every shape asked for, and beside them what explains and proves them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.db import connect_readonly, quoted, sql
from warehouse.errors import ExportError
from warehouse.exports.about import About, Export, Window
from warehouse.exports.as_csv import write_csv
from warehouse.exports.as_parquet import write_parquet
from warehouse.exports.as_xlsx import write_xlsx
from warehouse.exports.dictionary import dictionary_csv, dictionary_markdown
from warehouse.exports.folder import appearing, file_digest, refuse_taken
from warehouse.exports.package import Written, data_package
from warehouse.exports.pseudonyms import pads
from warehouse.exports.questions import QUESTIONS, Question
from warehouse.exports.readme import introduction, read_me
from warehouse.exports.relations import Relation, relation_of_answer, relation_of_table
from warehouse.exports.tables import FULL, SHARED
from warehouse.queries import find_queries, run

SHAPES = ("parquet", "csv", "xlsx")
MANIFEST = "manifest.json"
FORMAT = "uitzicht-export/1"
WORKBOOK = "tables.xlsx"
MEMORY = "1GB"  # of DuckDB; what does not fit is spilled beside the export
_SPILL = ".spill"
_WRITERS = {"csv": write_csv, "parquet": write_parquet}


@dataclass(slots=True, kw_only=True)
class _Work:
    """An export while it is written."""

    folder: Path
    about: About
    window: Window
    is_shared: bool
    relations: list[Relation] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def export(
    warehouse: Path | str,
    folder: Path | str,
    *,
    about: About,
    shapes: Sequence[str] = SHAPES,
    since: date | None = None,
    until: date | None = None,
    questions: Sequence[Question] = QUESTIONS,
    key: bytes | None = None,
    texts: Mapping[str, str] | None = None,
) -> Export:
    """Write the tables of a published warehouse and the answers to questions to a new folder, whole or not at all.

    `since` and `until` keep posts of these days (in the Netherlands, both included); without them all posts are
    kept. Answers are over these days, or else over the study's. With `key` names become pseudonyms, words and
    addresses are left out, dates become weeks and counts are rounded. `texts` are files to add, by name. Raises
    ExportError where the folder is taken.
    """
    check_order(Path(folder), shapes, questions, is_shared=key is not None)
    with appearing(Path(folder)) as partial:
        window = Window(since=since, until=until)
        work = _Work(folder=partial, about=about, window=window, is_shared=key is not None)
        with _reading(warehouse, work, key) as con:
            work.relations = list(_relations(con, work, questions))
            _write_tables(con, work, shapes)
        _write_texts(work, texts or {})
        files = _write_manifest(work)
    return Export(folder=Path(folder), files=files, rows=work.rows, notes=tuple(work.notes))


def check_order(
    folder: Path, shapes: Iterable[str], questions: Iterable[Question], *, is_shared: bool
) -> None:
    """Raise ExportError where an export cannot be made as asked; nothing is read or written for it."""
    refuse_taken(folder)
    for shape in shapes:
        if shape not in SHAPES:
            raise ExportError(f"format is {shape!r}; expected one or more of {', '.join(SHAPES)}.")
    for question in questions:
        if is_shared and question.names_somebody:
            raise ExportError(
                f"{question.query} by {', '.join(question.by) or 'itself'} names institutions, accounts or posts; "
                "expected another query, or an export that is not pseudonymised."
            )


@contextmanager
def _reading(warehouse: Path | str, work: _Work, key: bytes | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that knows what is asked for; what does not fit in memory goes beside the export."""
    spill = work.folder / _SPILL
    con = connect_readonly(warehouse)
    try:
        con.execute(f"set temp_directory = {quoted(str(spill))}")
        con.execute(f"set memory_limit = '{MEMORY}'")
        variables: dict[str, Any] = {"since": work.window.since, "until": work.window.until}
        for name, value in (variables | pads(key or b"")).items():
            con.execute(f"set variable {name} = ?", [value])
        con.execute(sql("exports/prepare.sql"))
        yield con
    finally:
        con.close()
        if spill.exists():
            spill.rmdir()


def _relations(
    con: duckdb.DuckDBPyConnection, work: _Work, questions: Iterable[Question]
) -> Iterator[Relation]:
    for table in SHARED if work.is_shared else FULL:
        yield relation_of_table(con, table)
    window, known = work.window.within(work.about), find_queries()
    for question in questions:
        frame = run(
            con,
            question.query,
            by=question.by,
            since=window.since,
            until=window.until,
            coverage=work.about.coverage,
        )
        query = known[question.query]
        whose = "; accounts that were not seen completely count too" if work.about.coverage == "all" else ""
        title = f"{query.question} Posts of {window}{whose}"
        grain = query.grain.rstrip(".")
        yield relation_of_answer(con, question.name, frame, query=query.name, title=title, grain=grain)


def _write_tables(con: duckdb.DuckDBPyConnection, work: _Work, shapes: Iterable[str]) -> None:
    for shape in dict.fromkeys(shapes):
        if shape == "xlsx":
            about = introduction(work.about, work.window, is_shared=work.is_shared)
            path = work.folder / WORKBOOK
            rows, notes = write_xlsx(con, work.relations, path, about=about)
            work.rows |= rows
            work.notes += notes
            work.written.append(_written(work.folder, path))
            continue
        for relation in work.relations:
            path = (
                work.folder / shape / ("answers" if relation.is_answer else "") / f"{relation.name}.{shape}"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            work.rows[relation.name] = _WRITERS[shape](con, relation, path)
            work.written.append(_written(work.folder, path, relation))


def _written(folder: Path, path: Path, relation: Relation | None = None) -> Written:
    return Written(
        path=path.relative_to(folder).as_posix(),
        bytes=path.stat().st_size,
        sha256=file_digest(path),
        relation=relation,
    )


def _write_texts(work: _Work, texts: Mapping[str, str]) -> None:
    about = work.about
    package = data_package(
        title=about.title,
        description=read_me(work.about, work.window, work.notes, is_shared=work.is_shared),
        made_at=about.made_at,
        licence=about.licence,
        authors=about.authors,
        files=work.written,
    )
    own = {
        "README.md": package["description"],
        "dictionary.csv": dictionary_csv(work.relations),
        "dictionary.md": dictionary_markdown(work.relations),
        "datapackage.json": json.dumps(package, indent=1, ensure_ascii=False) + "\n",
    }
    for name, text in (own | dict(texts)).items():
        encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
        (work.folder / name).write_text(text, encoding, newline="")


def _write_manifest(work: _Work) -> tuple[str, ...]:
    """Write what the export is and the SHA-256 of each of its files; return the files' paths."""
    paths = sorted(path for path in work.folder.rglob("*") if path.is_file())
    files = [_written(work.folder, path) for path in paths]
    manifest = {
        "format": FORMAT,
        "study": work.about.title,
        "made_at": work.about.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": work.about.software,
        "duckdb": duckdb.__version__,
        "is_pseudonymised": work.is_shared,
        "since": work.window.since and work.window.since.isoformat(),
        "until": work.window.until and work.window.until.isoformat(),
        "rows": work.rows,
        "notes": work.notes,
        "files": [{"path": one.path, "bytes": one.bytes, "sha256": one.sha256} for one in files],
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (work.folder / MANIFEST).write_text(text, "utf-8")
    return (*(one.path for one in files), MANIFEST)
