"""The columns of a coding sheet, in order."""

from __future__ import annotations

from dataclasses import dataclass

from audit.sheets.answer import asked_dimensions
from audit.sheets.words import WORDS, code_words
from classify.codebook import Codebook

HEADER_ROWS = 2
READ = {"place": 5, "title": 20, "text": 55, "alt_text": 25, "transcript": 35}
KNOWN = {"platform": 11, "posted_at": 11, "url": 22, "unit": 22}
FROZEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key, by which it is read back, the words above it, and how wide it is."""

    key: str
    words: str
    width: int
    is_code: bool = False


def sheet_columns(codebook: Codebook, language: str, *, with_answers: bool) -> tuple[Column, ...]:
    """Return the columns of a sheet; `with_answers` adds what coders said, for settling."""
    words = WORDS[language]
    shown = READ | KNOWN | ({"answers": 45} if with_answers else {})
    columns = [Column(key=key, words=words[key], width=width) for key, width in shown.items()]
    for dimension in asked_dimensions(codebook):
        columns += [
            Column(
                key=code.code,
                words=f"{words[dimension.name]}: {code_words(code, language)}",
                width=6,
                is_code=True,
            )
            for code in dimension.codes
        ]
        if dimension.name == "theme":
            columns.append(Column(key="primary", words=words["primary"], width=24))
    columns.append(Column(key="unsure", words=words["unsure"], width=6, is_code=True))
    columns.append(Column(key="remark", words=words["remark"], width=30))
    return tuple(columns)
