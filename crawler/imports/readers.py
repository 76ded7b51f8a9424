"""Which reader knows a file, told by what is in it and never by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crawler.errors import ArchiveError, UnknownFormat
from crawler.imports import exports, saved_page, zeeschuimer
from crawler.imports.source import Source
from crawler.parsers.exports import EXPORTS

READERS: tuple[Callable[[Path], Source | None], ...] = (
    zeeschuimer.find_source,
    saved_page.find_source,
    exports.find_source,
)


def find_source(path: Path) -> Source:
    """Return the source that a file is.

    Raises UnknownFormat for a file of no known kind, ParseError for one that is refused, and ArchiveError for one
    that cannot be read.
    """
    try:
        for find in READERS:
            source = find(path)
            if source is not None:
                return source
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}") from None
    kinds = ", ".join(dict.fromkeys(export.title for export in EXPORTS))
    raise UnknownFormat(
        path.name,
        f"is of no known kind; expected Zeeschuimer (NDJSON), a saved LinkedIn page (HTML), {kinds}",
    )
