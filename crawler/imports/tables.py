"""A table as it lies in a file, separated by commas, semicolons or tabs: rows with the lines on which they begin."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from crawler.errors import ParseError
from crawler.imports.text import find_broken, read_lines

DELIMITERS = (",", ";", "\t")
HEAD = 10  # rows
MOST_LINES = 500  # of the head: a text in quotation marks can have many
_LONGEST = 2_000  # lines of one record
_LONGEST_CELL = (
    131_072  # characters, as csv has it; but its limit is the whole process's, and others raise it
)
_PATIENCE = 100  # records that run over several lines and turn out wrong, before no more are tried anew

Row = tuple[str, list[str]]  # where it stands, and its cells


def find_heads(path: Path) -> list[tuple[TextTable, list[Row]]]:
    """Return a text file's first rows in each way that its first lines can be taken apart."""
    lines = list(islice(read_lines(path), MOST_LINES))
    marks = [mark for mark in DELIMITERS if any(mark in line for line in lines)] or [DELIMITERS[0]]
    tables = [TextTable(path=path, delimiter=mark) for mark in marks]
    tables += [TextTable(path=path, delimiter="\t", quotes=False)] if "\t" in marks else []
    return [(table, table.head(lines)) for table in tables]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A text file read with one delimiter.

    Without `quotes` a quotation mark is a letter like any other, as some tools write it.
    """

    path: Path
    delimiter: str
    quotes: bool = True

    def head(self, lines: Sequence[str] = ()) -> list[Row]:
        """Return the first rows, one of which is the header; `lines` are the first ones where they are read already."""
        records = self._records(0, iter(lines) if lines else read_lines(self.path))
        return [row for row in islice(records, HEAD) if not isinstance(row, ParseError)]

    def rows(self, header: Row) -> Iterator[Row | ParseError]:
        """Yield the rows behind the header, and in place of a row that is not as wide as it, what is wrong."""
        behind = False
        for row in self._records(len(header[1]), read_lines(self.path)):
            if behind:
                yield row
            behind = behind or (not isinstance(row, ParseError) and row[0] == header[0])

    def _records(self, width: int, text: Iterator[str]) -> Iterator[Row | ParseError]:
        """Yield all records. One over several lines must have `width` cells, else only its first line is lost.

        So a quotation mark that is never closed costs one row.
        """
        lines = _Lines(text)
        patience = _PATIENCE if width else 0
        while (number := lines.number) is not None:
            cells, problem = self._next(lines)
            if lines.taken > 1 and patience and len(cells) != width:
                patience -= 1
                lines.give_back()
                problem = problem or "begins a text in quotation marks that does not end with its row"
                cells = []
            place = f"line {number}"
            if problem:
                yield ParseError(f"{self.path.name} {place}", problem)
            elif any(cell.strip() for cell in cells):
                yield _checked(self.path.name, place, cells, width)

    def _next(self, lines: _Lines) -> tuple[list[str], str]:
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if self.quotes else csv.QUOTE_NONE
        lines.taken = 0
        try:
            cells = next(csv.reader(lines, delimiter=self.delimiter, quoting=quoting, strict=True))
        except csv.Error as error:
            return [], f"cannot be taken apart: {error}"
        except StopIteration:
            return [], ""
        if max(map(len, cells), default=0) > _LONGEST_CELL:
            return [], f"cannot be taken apart: a cell has over {_LONGEST_CELL:,} characters"
        return cells, ""


class _Lines:
    """Lines that can be given back; `taken` counts those of the present record."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._ahead: deque[str] = deque()
        self._lines = lines
        self._used: list[str] = []
        self._number = 1
        self.taken = 0

    @property
    def number(self) -> int | None:
        """The number of the next line, None at the end."""
        if not self._ahead:
            self._ahead.extend(islice(self._lines, 1))
        return self._number if self._ahead else None

    def __iter__(self) -> Iterator[str]:
        self._used = []
        return self

    def __next__(self) -> str:
        if self.number is None or self.taken == _LONGEST:
            raise StopIteration
        line = self._ahead.popleft()
        self._number += 1
        self.taken += 1
        self._used.append(line)
        return line.replace("\0", "\ufffd")

    def give_back(self) -> None:
        """Give all lines of the present record back but the first."""
        self._ahead.extendleft(reversed(self._used[1:]))
        self._number -= len(self._used) - 1


def _checked(name: str, place: str, cells: list[str], width: int) -> Row | ParseError:
    while width and len(cells) > width and not cells[-1].strip():
        cells.pop()
    if width and len(cells) != width:
        return ParseError(f"{name} {place}", f"has {_count(len(cells))}; expected {width}, as in the header")
    broken = find_broken("".join(cells))
    if broken:
        return ParseError(f"{name} {place}", f"holds the byte {broken}, which is no text")
    return place, cells


def _count(cells: int) -> str:
    return f"{cells} cell{'' if cells == 1 else 's'}"
