"""The few ways in which collecting goes wrong, each a sentence with place, value and expectation."""

from __future__ import annotations


class CrawlerError(Exception):
    """Anything the crawler says of its own accord; its text is a sentence meant for a person."""


class ParseError(CrawlerError):
    """A response, or one record in it, could not be read."""

    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(f"{place} {problem}")


class MissingField(ParseError):
    """A field that must be there is not."""

    def __init__(self, place: str, known: object = None) -> None:
        there = f"; there are {_short(known)}" if known else ""
        super().__init__(place, f"is missing{there}")


class WrongType(ParseError):
    """A field holds a value of another type than expected."""

    def __init__(self, place: str, value: object, expected: str) -> None:
        super().__init__(place, f"is {_short(value)}; expected {expected}")


class UnknownValue(ParseError):
    """A field holds a value that no known response has."""

    def __init__(self, place: str, value: object, known: object) -> None:
        super().__init__(place, f"is {_short(value)}; expected one of {_short(known)}")


class UnknownFormat(ParseError):
    """A whole response or file is of no known format."""


def _short(value: object, limit: int = 120) -> str:
    if isinstance(value, str):  # never repr a whole page
        value = value if len(value) <= limit else value[:limit] + "…"
        text = repr(value)
    elif isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "keys"):
        text = ", ".join(_name(part) for part in list(value)[:20])  # type: ignore[call-overload]
    else:
        text = repr(value)
    return text if len(text) <= limit * 2 else text[: limit * 2] + "…"


class StudyError(CrawlerError):
    """A study file or list of accounts cannot be used; the text names file, place, value and expectation."""


class ArchiveError(CrawlerError):
    """An archive or feed on disk cannot be read or written."""


class RouteError(CrawlerError):
    """An account cannot be visited by any route; the text says what each one lacks."""


def _name(part: object) -> str:
    """Return a plain value's text; of anything nested, however deep, only its type."""
    return str(part)[:40] if isinstance(part, (str, int, float, type(None))) else f"a {type(part).__name__}"
