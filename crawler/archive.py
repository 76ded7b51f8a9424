"""The archive: every capture as a WARC record (ISO 28500), written before it is parsed."""

from __future__ import annotations

import gzip
import io
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import ArchiveError
from crawler.items import PLATFORMS, Capture

SOFTWARE = "Uitzicht (https://github.com/uitzicht/uitzicht)"
SUFFIX = ".warc.gz"
_OURS = "WARC-X-Uitzicht"  # one extension field of ours on each response, a JSON object
_DROPPED = {"content-encoding", "transfer-encoding", "content-length"}  # bodies are kept decoded


class Archive:
    """One WARC file that grows: a record is on disk before `write` returns.

    A file cut short by a crash is mended when it is opened again: what was cut off was never parsed. `keep` says
    what of a capture may be kept, None where nothing.
    """

    def __init__(
        self, path: Path, keep: Callable[[Capture], Capture | None] = lambda capture: capture
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._keep = keep
        if path.exists():
            mend(path)
        self._file: BinaryIO = path.open("ab")
        self._writer = WARCWriter(self._file, gzip=True)
        if self._file.tell() == 0:
            about = {"software": SOFTWARE, "format": "WARC File Format 1.0"}
            self._writer.write_record(self._writer.create_warcinfo_record(path.name, about))
            self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, capture: Capture) -> None:
        """Write what is kept of a capture as a response record, and its request where method or body matter."""
        kept = self._keep(capture)
        if kept is not None:
            write_capture(self._writer, kept)
            self._file.flush()

    def close(self) -> None:
        """Close the file, everything on disk."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()


def write_capture(writer: WARCWriter, capture: Capture) -> None:
    """Write a capture as a response record, and its request where method or body matter."""
    response = _response(writer, capture)
    writer.write_record(response)
    if capture.method != "GET" or capture.request_body:
        writer.write_record(_request(writer, capture, response))


def _response(writer: WARCWriter, capture: Capture) -> ArcWarcRecord:
    headers = [(name, value) for name, value in capture.headers if name.lower() not in _DROPPED]
    headers.append(("Content-Length", str(len(capture.body))))
    ours = {
        "platform": capture.platform,
        "route": capture.route,
        "format": capture.format,
        "account": capture.account,
        "method": capture.method,
    }
    return writer.create_warc_record(
        capture.url,
        "response",
        payload=io.BytesIO(capture.body),
        http_headers=StatusAndHeaders(f"{capture.status} -", headers, protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Record-ID": f"<urn:uuid:{capture.capture_id}>",
            "WARC-Date": capture.captured_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            _OURS: json.dumps(ours),
        },
    )


def _request(writer: WARCWriter, capture: Capture, response: ArcWarcRecord) -> ArcWarcRecord:
    path = "/" + capture.url.split("/", 3)[-1]
    return writer.create_warc_record(
        capture.url,
        "request",
        payload=io.BytesIO(capture.request_body),
        http_headers=StatusAndHeaders(f"{capture.method} {path} HTTP/1.1", [], is_http_request=True),
        warc_headers_dict={
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
            "WARC-Date": response.rec_headers.get_header("WARC-Date"),
        },
    )


def read_archive(path: Path) -> Iterator[Capture]:
    """Yield the captures of one WARC file; a record cut off at the end of the file is left out.

    Records that Uitzicht did not write are passed over. Raises ArchiveError for a file that is no WARC.
    """
    try:
        with path.open("rb") as file:
            yield from _captures(_whole(ArchiveIterator(file)))
    except FileNotFoundError:
        raise ArchiveError(f"{path} is not there") from None
    except ArchiveError:
        raise
    except Exception as error:  # warcio raises many kinds
        raise ArchiveError(f"{path} is no WARC file that can be read: {error}") from error


def _whole(records: Iterable[ArcWarcRecord]) -> Iterator[ArcWarcRecord]:
    try:
        yield from records
    except (zlib.error, EOFError):  # cut off by a crash
        return


def _captures(records: Iterable[ArcWarcRecord]) -> Iterator[Capture]:
    """Yield captures; a request record stands right behind the response that it brought."""
    waiting: Capture | None = None
    for record in records:
        if record.rec_type == "request" and waiting is not None:
            waiting = replace(waiting, request_body=record.content_stream().read())
            continue
        if waiting is not None:
            yield waiting
        ours = record.rec_headers.get_header(_OURS) if record.rec_type == "response" else None
        waiting = _capture(record, json.loads(ours)) if ours else None
        if waiting is not None and not _is_whole(waiting):  # cut off by a crash: it was never parsed
            waiting = None
    if waiting is not None:
        yield waiting


def _is_whole(capture: Capture) -> bool:
    return dict(capture.headers).get("Content-Length") == str(len(capture.body))


def archive_files(folder: Path) -> list[Path]:
    """Return the WARC files of an archive, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def read_archives(paths: Iterable[Path]) -> Iterator[Capture]:
    """Yield the captures of several WARC files, in the order in which they were written."""
    for path in paths:
        yield from read_archive(path)


def mend(path: Path) -> int:
    """Cut a record that a crash left half-written off the end of a WARC file; return how many bytes went."""
    size = path.stat().st_size
    good = _last_whole_member(path)
    if good < size:
        with path.open("r+b") as file:
            file.truncate(good)
    return size - good


def _last_whole_member(path: Path) -> int:
    good = 0
    with path.open("rb") as file:
        inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        position = 0
        while chunk := file.read(1 << 20):
            position += len(chunk)
            while chunk:
                try:
                    inflate.decompress(chunk)
                except zlib.error:
                    return good
                chunk = inflate.unused_data
                if inflate.eof:
                    good = position - len(chunk)
                    inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    return good


def _capture(record: ArcWarcRecord, ours: dict[str, str]) -> Capture:
    header = record.rec_headers.get_header
    if ours.get("platform") not in PLATFORMS:
        raise ArchiveError(f"{header('WARC-Record-ID')}: platform is {ours.get('platform')!r}")
    return Capture(
        capture_id=header("WARC-Record-ID").removeprefix("<urn:uuid:").removesuffix(">"),
        platform=ours["platform"],  # type: ignore[arg-type]
        route=ours["route"],
        format=ours["format"],
        account=ours["account"],
        method=ours["method"],
        url=header("WARC-Target-URI"),
        captured_at=datetime.fromisoformat(header("WARC-Date")),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple(record.http_headers.headers),
        body=record.content_stream().read(),
    )


def is_gzip(path: Path) -> bool:
    """Tell whether a file is gzip-compressed, by its first bytes."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_text(path: Path) -> gzip.GzipFile | BinaryIO:
    """Open a file for reading bytes, unpacked where it is gzip."""
    return gzip.open(path, "rb") if is_gzip(path) else path.open("rb")
