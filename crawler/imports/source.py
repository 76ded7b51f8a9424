"""What every reader of a person's file gives: the kind that it is, and its captures one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ParseError
from crawler.fields import EARLIEST
from crawler.items import Capture, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that is read but is no post to keep, and why."""

    place: str
    why: str


Found = Capture | ParseError | LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file of a known kind.

    `platform` is None where rows say which one it is. Where `names_account` is false, `read` must be given the
    account whose file it is; elsewhere "" will do. `notes` say what of the file is not read.
    """

    route: str
    title: str
    read: Callable[[str], Iterator[Found]]
    platform: Platform | None = None
    names_account: bool = True
    notes: tuple[str, ...] = ()


def find_written(path: Path) -> tuple[datetime, str]:
    """Return when a file was last written, and a note where its own time cannot be and the present one is taken.

    Files out of an archive that keeps no times are often of 1980.
    """
    now, seconds = datetime.now(UTC), path.stat().st_mtime
    if EARLIEST <= seconds <= now.timestamp():
        return datetime.fromtimestamp(int(seconds), UTC), ""
    told = "before the year 2000" if seconds < EARLIEST else "in the future"
    note = (
        f"{path.name}: the file's own time lies {told}; that of this import is taken for when it was written"
    )
    return now.replace(microsecond=0), note
