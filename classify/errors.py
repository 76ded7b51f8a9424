"""What can be wrong with a codebook or a coded file, each a sentence with place, value and expectation."""

from __future__ import annotations


class ClassifyError(Exception):
    """Anything the classifier says of its own accord; its text is a sentence meant for a person."""


class CodebookError(ClassifyError):
    """A codebook cannot be used; the text names file, line, value and expectation."""

    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(f"{place}: {problem}")


class UnitError(ClassifyError):
    """A unit, or a line of a file of units or codings, could not be read."""


class SampleError(ClassifyError):
    """A sample cannot be drawn, or what coders answered cannot be read."""


def shown(value: object, limit: int = 80) -> str:
    """Return a value as it may stand in a sentence: quoted, on one line, never a whole page."""
    text = value[: limit + 1] if isinstance(value, str) else value
    written = repr(text)
    return written if len(written) <= limit else written[:limit] + "…"
