"""Reads files as an import does, without a study: posts, complaints and what is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from crawler.errors import ParseError
from crawler.imports.readers import find_source
from crawler.imports.source import LeftOut
from crawler.items import Capture, Post
from crawler.parsers.formats import parse

FILES = Path(__file__).parent / "files"


@dataclass(kw_only=True)
class Read:
    """What one file gave."""

    title: str
    notes: tuple[str, ...] = ()
    rows: int = 0
    captures: list[Capture] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    errors: list[ParseError] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        """The complaints as a person reads them."""
        return [str(error) for error in self.errors]


def read(path: Path, account: str = "") -> Read:
    """Return all that a file holds."""
    source = find_source(path)
    result = Read(title=source.title, notes=source.notes)
    for found in source.read(account):
        result.rows += 1
        if isinstance(found, ParseError):
            result.errors.append(found)
        elif isinstance(found, LeftOut):
            result.left_out.append(found)
        else:
            _parse(found, result)
    return result


def _parse(capture: Capture, result: Read) -> None:
    result.captures.append(capture)
    try:
        page = parse(capture)
    except ParseError as error:
        result.errors.append(error)
        return
    result.posts.extend(page.posts)
    result.errors.extend(page.errors)
