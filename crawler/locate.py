"""Where captures stand in an archive: file, record, place in bytes, and what was asked."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.archive import SUFFIX, archive_files
from crawler.errors import ArchiveError

_OURS = "WARC-X-Uitzicht"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A capture's record in the archive; `offset` is where its gzip member begins."""

    capture_id: str
    file: str
    offset: int
    asked: str
    captured_at: datetime
    status: int
    route: str
    format: str
    account: str


def find_places(archive: Path, capture_ids: Collection[str], crawl_ids: Collection[str]) -> Iterator[Place]:
    """Yield where captures stand; the files of these crawls are read, all others only where some are still missing."""
    wanted = set(capture_ids)
    likely = [path for crawl_id in crawl_ids if (path := archive / f"{crawl_id}{SUFFIX}").exists()]
    for path in (*likely, *(path for path in archive_files(archive) if path not in likely)):
        if not wanted:
            return
        for place in _places(path, wanted):
            wanted.discard(place.capture_id)
            yield place


def _places(path: Path, wanted: Collection[str]) -> Iterator[Place]:
    ids = {f"<urn:uuid:{one}>": one for one in wanted}
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        try:
            for record in records:
                header = record.rec_headers.get_header
                capture_id = ids.get(header("WARC-Record-ID"))
                if capture_id is None or record.rec_type != "response":
                    continue
                ours = json.loads(header(_OURS) or "{}")
                yield Place(
                    capture_id=capture_id,
                    file=path.name,
                    offset=records.get_record_offset(),
                    asked=f"{ours.get('method', 'GET')} {header('WARC-Target-URI')}",
                    captured_at=datetime.fromisoformat(header("WARC-Date")),
                    status=int(record.http_headers.get_statuscode()),
                    route=ours.get("route", ""),
                    format=ours.get("format", ""),
                    account=ours.get("account", ""),
                )
        except Exception as error:  # warcio raises many kinds
            raise ArchiveError(f"{path} is no WARC file that can be read: {error}") from error
