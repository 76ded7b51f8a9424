"""Remembers where exports went, so that forgetting can follow them, and keeps the key of their pseudonyms."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import orjson

from audit.study import Study
from crawler.forget_feeds import replace_file

LEDGER = "exports.jsonl"
KEY = "export.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An export that was made; `folder` is absolute, or below the study where it was made there."""

    folder: str
    made_at: str
    is_pseudonymised: bool

    def place(self, study: Study) -> Path:
        """Return where the export was written."""
        return study.folder / self.folder

    def is_inside(self, study: Study) -> bool:
        """Tell whether it was written below the study."""
        return self.place(study).is_relative_to(study.folder)


def note(study: Study, folder: Path, *, made_at: datetime, is_pseudonymised: bool) -> None:
    """Record an export."""
    place = folder.resolve()
    inside = place.is_relative_to(study.folder)
    entry = Entry(
        folder=str(place.relative_to(study.folder) if inside else place),
        made_at=made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        is_pseudonymised=is_pseudonymised,
    )
    study.state.mkdir(parents=True, exist_ok=True)
    with (study.state / LEDGER).open("ab") as file:
        file.write(orjson.dumps(asdict(entry), option=orjson.OPT_APPEND_NEWLINE))


def read(study: Study) -> list[Entry]:
    """Return the exports that were recorded, the oldest first."""
    path = study.state / LEDGER
    if not path.exists():
        return []
    return [Entry(**orjson.loads(line)) for line in path.read_bytes().splitlines() if line.strip()]


def keep(study: Study, entries: Iterable[Entry]) -> None:
    """Make the ledger say only this."""
    lines = [orjson.dumps(asdict(entry), option=orjson.OPT_APPEND_NEWLINE) for entry in entries]
    replace_file(study.state / LEDGER, b"".join(lines))


def find_key(study: Study) -> bytes | None:
    """Return the key of the study's pseudonyms; None where none was ever made."""
    path = study.state / KEY
    return path.read_bytes() if path.exists() else None


def export_key(study: Study) -> bytes:
    """Return the key of the study's pseudonyms, made when first asked for; nobody but its owner can read the file."""
    known = find_key(study)
    if known is not None:
        return known
    study.state.mkdir(parents=True, exist_ok=True)
    fresh = study.state / f"{KEY}.{os.getpid()}.tmp"
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(32))
    fresh.replace(study.state / KEY)
    return (study.state / KEY).read_bytes()
