"""The report of a study: one HTML file that opens offline, and its summary in the terminal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from audit.report.figures import Figures
from audit.report.language import Code, Language
from audit.report.page import render
from audit.report.reading import read_figures
from audit.report.summary import plain_answer
from audit.steps.code import study_codebook
from audit.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was written, and what it says."""

    path: Path
    figures: Figures
    language: Language

    @property
    def answer(self) -> str:
        """The answer in one sentence."""
        return plain_answer(self.figures, self.language)


def write_report(study: Study, *, output: Path | None = None, language: Code | None = None) -> Report:
    """Write the report of a study's published warehouse; it appears whole or not at all.

    WarehouseError where the study was never loaded.
    """
    figures = read_figures(study)
    words = _language(study, figures, language or study.report.language)
    path = output or study.report_file
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(render(figures, words).encode("utf-8", "replace"))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return Report(path=path, figures=figures, language=words)


def _language(study: Study, figures: Figures, code: Code) -> Language:
    """Return the language; codes that it has no word for are called as the study's codebook calls them."""
    words = Language(code)
    if all(words.knows("themes", theme) for theme in figures.themes):
        return words
    codes = study_codebook(study).dimension("theme").codes
    return Language(
        code, {one.name: one.names.get(code) or next(iter(one.names.values()), one.name) for one in codes}
    )
