"""Which reader knows a file, told by what is in it and never by its name."""

from __future__ import annotations

from collections.abc import Callable
from io import UnsupportedOperation
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
        if not path.stat().st_size:
            raise UnknownFormat(path.name, "is empty; export it again")
    except UnsupportedOperation:
        raise ArchiveError(
            f"{path} is a stream, which can be read only once; save it as a file first"
        ) from None
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}") from None
    kinds = ", ".join(dict.fromkeys(export.title for export in EXPORTS))
    raise UnknownFormat(
        path.name,
        f"is of no known kind; expected Zeeschuimer (NDJSON), a saved LinkedIn page (HTML), {kinds}",
    )
