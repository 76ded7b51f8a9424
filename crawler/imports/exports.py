"""Tables of posts: which kind of export a file is, told by its columns, and its rows as captures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from crawler.errors import ParseError, StudyError, UnknownFormat
from crawler.imports.sheets import OLE2, ZIP, SheetTable, read_workbook
from crawler.imports.source import Found, LeftOut, Source, find_written
from crawler.imports.tables import Row, TextTable, find_heads
from crawler.items import Capture, capture_id
from crawler.parsers.exports import EXPORTS
from crawler.parsers.exports.cells import Cells, fold
from crawler.parsers.exports.export import Export, row_url

Table = TextTable | SheetTable

_SURVEYED = 5_000  # rows that are looked at for the order of day and month
_NOT_TABLES = (b"{", b"[", b"<", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"WARC/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A table, the row of it that is its header, and the kind of export that this header belongs to."""

    export: Export
    table: Table
    header: Row


def find_source(path: Path) -> Source | None:
    """Return the export that a file is, None for a file that is no table.

    Raises UnknownFormat for a table of no known kind: what it looks most like, which columns that lacks, which are
    not known.
    """
    with path.open("rb") as file:
        begin = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not begin or begin.startswith(_NOT_TABLES):
        return None
    heads = _find_heads(path, begin)
    match = _find_match(heads)
    if match is None:
        if not any(len(row[1]) > 1 for _, head in heads for row in head):
            return None
        raise UnknownFormat(path.name, _explain(heads))
    export = match.export
    if twice := export.repeated(match.header[1]):
        raise UnknownFormat(path.name, f"{match.header[0]} has the column {twice!r} twice; expected it once")
    unknown = export.unknown(match.header[1])
    written_at, late = find_written(path)
    caution = f"{path.name}: {export.caution}" if export.caution else ""
    notes = (_note(path, match, unknown) if unknown else "", late, caution)
    return Source(
        route=export.route,
        title=export.title,
        platform=export.platform,
        names_account=export.names_account,
        notes=tuple(note for note in notes if note),
        read=lambda account: _read(path, match, account, written_at),
    )


def _find_heads(path: Path, begin: bytes) -> list[tuple[Table, list[Row]]]:
    if begin.startswith((ZIP, OLE2)):
        return [(sheet, sheet.head()) for sheet in read_workbook(path)]
    return list(find_heads(path))


def _find_match(heads: list[tuple[Table, list[Row]]]) -> Match | None:
    found = [
        Match(export=export, table=table, header=row)
        for table, head in heads
        for row in head
        if len(row[1]) > 1
        for there in (_folded(row),)
        for export in EXPORTS
        if not export.missing(there)
    ]
    return max(found, key=lambda match: len(match.export.needs), default=None)


def _explain(heads: list[tuple[Table, list[Row]]]) -> str:
    """Return why no table is of a known kind, by the kind and header that come nearest."""
    rows = [row for _, head in heads for row in head if len(row[1]) > 1]
    for row in rows:
        there, begins = _folded(row), [fold(cell) for cell in row[1][:2]]
        for export in EXPORTS:
            for columns, what in export.lookalikes:
                if fold(columns[0]) in begins and all(fold(one) in there for one in columns):
                    return f"is {what}"
    tries = [(_lack(export, row), row, export) for row in rows for export in EXPORTS]
    share, row, export = min(tries, key=lambda one: one[0], default=(1.0, ("", []), EXPORTS[0]))
    if share > 0.5:
        titles = ", ".join(one.title for one in EXPORTS)
        return f"is a table of no known kind; it begins {_begin(rows)}; expected {titles}"
    missing = ", ".join(map(repr, export.missing(_folded(row))))
    unknown = ", ".join(repr(one.strip()) for one in export.unknown(row[1])[:20])
    not_known = f"; {unknown} is not known" if unknown else ""
    return (
        f"{row[0]} has no column {missing}, which {export.title} has{not_known}; known are {_known(export)}"
    )


def _folded(row: Row) -> set[str]:
    return {fold(cell) for cell in row[1] if len(cell) < 100}


def _lack(export: Export, row: Row) -> float:
    return len(export.missing(_folded(row))) / len(export.needs)


def _begin(rows: list[Row]) -> str:
    cells = max((cells for _, cells in rows[:40]), key=len, default=[])
    return repr(", ".join(cell.strip()[:40] for cell in cells[:12])) if cells else "with nothing"


def _known(export: Export) -> str:
    return ", ".join(one for one in export.headers if one != "*")


def _note(path: Path, match: Match, unknown: list[str]) -> str:
    names = ", ".join(repr(one.strip()) for one in unknown[:20])
    return f"{path.name} {match.header[0]}: not known and not read: {names}; known are {_known(match.export)}"


def _read(path: Path, match: Match, account: str, file_at: datetime) -> Iterator[Found]:
    """Yield each row as a capture of the account, or as what is wrong with it, or why it is left out."""
    if account and match.export.owner is not None:
        _check_one_owner(path, match, account)
    order = match.export.date_order(islice(_good_cells(path, match), _SURVEYED)) if match.export.dates else ""
    is_empty = True
    for row in _table(match).rows(match.header):
        is_empty = False
        if isinstance(row, ParseError):
            yield row
        else:
            cells = _cells(path, match, row, order)
            yield _capture(row_url(path.name, row[0]), match.export, cells, account, file_at)
    if is_empty:
        header = f"{path.name} {match.header[0]}"
        yield ParseError(header, "is a header with no rows behind it; the file may break off")


def _capture(url: str, export: Export, cells: Cells, account: str, file_at: datetime) -> Found:
    try:
        if why := export.leaves_out(cells):
            return LeftOut(place=cells.place, why=why)
        at, body = export.collected_at(cells, file_at), export.body(cells)
    except ParseError as error:
        return error
    return Capture(
        capture_id=capture_id(url, at, body),
        platform=export.platform,
        route=export.route,
        url=url,
        captured_at=at,
        body=body,
        format=export.name,
        account=account,
    )


def _cells(path: Path, match: Match, row: Row, order: str = "") -> Cells:
    named = dict(zip(match.header[1], row[1], strict=True))
    return match.export.cells(named, f"{path.name} {row[0]}", order)


def _good_cells(path: Path, match: Match) -> Iterator[Cells]:
    rows = _table(match).rows(match.header)
    return (_cells(path, match, row) for row in rows if not isinstance(row, ParseError))


def _check_one_owner(path: Path, match: Match, account: str) -> None:
    owners: set[str] = set()
    for cells in _good_cells(path, match):
        owner = match.export.owner(cells) if match.export.owner else None
        owners |= {owner} if owner else set()
        if len(owners) > 1:
            shown = ", ".join(sorted(owners))
            raise StudyError(
                f"{path.name} holds posts of several accounts ({shown}, ...), and cannot be all {account!r}'s"
            )


def _table(match: Match) -> Table:
    """Return the table; a tab-separated one in which quotation marks are letters is told by its kind."""
    table = match.table
    if isinstance(table, TextTable) and table.delimiter == "\t" and match.export.route == "ytdt":
        return replace(table, quotes=False)
    return table
