"""Text as spreadsheets and browsers save it: UTF-8 with or without its mark, UTF-16, or Windows-1252."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

SNIFFED = 1 << 20
LONGEST_LINE = 1 << 20

_BROKEN = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def find_encoding(head: bytes) -> str:
    """Return the encoding of a file that begins so: by its mark, its zero bytes, or which letters are whole.

    >>> [find_encoding(text) for text in (b"caf\\xc3\\xa9", b"caf\\xe9", "café".encode("utf-16-le"))]
    ['utf-8', 'cp1252', 'utf-16-le']
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    sample = head[:512]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > half // 2:
        return "utf-16-le"
    if sample[::2].count(0) > half // 2:
        return "utf-16-be"
    text = (head[: head.rfind(b"\n") + 1] or head).decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(text))
    return "cp1252" if broken > len(_BEYOND_ASCII.findall(text)) - broken else "utf-8"


def read_lines(path: Path) -> Iterator[str]:
    """Yield a file's lines, each with its end; bytes that are no text become lone surrogates.

    A line without end is cut, so that memory stays bounded.
    """
    with path.open("rb") as file:
        encoding = find_encoding(file.read(SNIFFED))
        file.seek(0)
        errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
        with io.TextIOWrapper(file, encoding, errors, newline="") as text:
            while line := text.readline(LONGEST_LINE):
                yield line


def find_broken(text: str) -> str | None:
    """Return the first byte of a text that could not be decoded, such as "0x93", None where all could."""
    found = None if text.isascii() else _BROKEN.search(text)
    return f"0x{ord(found[0]) - 0xDC00:02x}" if found else None
