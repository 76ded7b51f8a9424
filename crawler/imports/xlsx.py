"""The cells of an XLSX file, read in a stream so that no file, however small or crooked, fills the memory.

XLSX is a ZIP of XML (ECMA-376): the workbook names its sheets, cells refer to shared strings and to styles.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NoReturn
from xml.parsers import expat

from crawler.errors import ParseError

MOST_PACKED = 16 << 20
MOST_UNPACKED = 32 << 20  # bytes of one part
MOST_PARTS = 200
MOST_CELLS = 300_000
MOST_COLUMNS = 200
MOST_TEXT = 32 << 20  # letters of a whole sheet: a small file can name one long text many times

Start = Callable[[str, dict[str, str]], None]
_CHUNK = 1 << 16
_END = b"PK\x05\x06"
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(45, 48)])
_DATE_CODE = re.compile(r"[dmy]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_", re.ASCII)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone


def read_sheets(data: bytes, place: str) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """Return the sheets of an XLSX file: name, and rows with their numbers. Raises ParseError, also for bombs."""
    if len(data) > MOST_PACKED:
        raise ParseError(place, f"has {len(data)} bytes; a spreadsheet of posts has {MOST_PACKED} at most")
    try:
        with zipfile.ZipFile(io.BytesIO(_checked(data, place))) as parts:
            return _Workbook(parts, place).sheets()
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise ParseError(place, f"is no XLSX file that can be read: {error}") from None
    except (KeyError, ValueError, LookupError) as error:
        raise ParseError(place, f"is no XLSX file that can be read: {str(error)[:200]}") from None


def _checked(data: bytes, place: str) -> bytes:
    """Return the data if its table of contents is short enough to be read at all."""
    end = data.rfind(_END, -(1 << 16) - 22)
    if end < 0 or len(data) - end < 22:
        raise ParseError(place, "breaks off: it has no table of contents; export it again")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > MOST_PARTS * 300:
        raise ParseError(
            place, f"has a table of contents of {size} bytes; a workbook has {MOST_PARTS} parts at most"
        )
    return data


class _Workbook:
    def __init__(self, parts: zipfile.ZipFile, place: str) -> None:
        if len(parts.infolist()) > MOST_PARTS:
            raise ParseError(place, f"has {len(parts.infolist())} parts; a workbook has {MOST_PARTS} at most")
        if "xl/workbook.xml" not in parts.namelist():
            raise ParseError(
                place, "is a ZIP file and no spreadsheet; unpack it and import the files that are in it"
            )
        self.parts = parts
        self.place = place
        self.strings: list[str] = []
        self.dates: list[bool] = []
        self.from_1904 = False

    def sheets(self) -> list[tuple[str, list[tuple[int, list[str]]]]]:
        targets: dict[str, str] = {}
        names: list[tuple[str, str]] = []
        self._scan("xl/_rels/workbook.xml.rels", lambda tag, at: _note_target(tag, at, targets))
        self._scan("xl/workbook.xml", lambda tag, at: self._note_sheet(tag, at, names))
        if "xl/sharedStrings.xml" in self.parts.namelist():
            self.strings = list(self._read_strings())
        if "xl/styles.xml" in self.parts.namelist():
            self._read_styles()
        found = ((name, targets.get(key, "")) for name, key in names)
        return [(name, self._read_rows(_part_of(target))) for name, target in found if "worksheet" in target]

    def _note_sheet(self, tag: str, at: dict[str, str], names: list[tuple[str, str]]) -> None:
        if tag == "workbookPr":
            self.from_1904 = at.get("date1904") in ("1", "true")
        elif tag == "sheet":
            key = next((value for name, value in at.items() if name.endswith("id") and ":" in name), "")
            names.append((at.get("name", ""), key))

    def _read_strings(self) -> Iterator[str]:
        reader = _Texts("si", "t", skip="rPh")
        yield from self._stream("xl/sharedStrings.xml", reader.start, reader.end, reader.text, reader.take)

    def _read_styles(self) -> None:
        codes: dict[str, str] = {}
        inside = [False]

        def start(tag: str, at: dict[str, str]) -> None:
            if tag == "numFmt":
                codes[at.get("numFmtId", "")] = at.get("formatCode", "")
            elif tag == "cellXfs":
                inside[0] = True
            elif tag == "cellStyles":
                inside[0] = False
            elif tag == "xf" and inside[0]:
                key = at.get("numFmtId", "0")
                built_in = key.isdigit() and len(key) < 6 and int(key) in _BUILT_IN_DATES
                self.dates.append(built_in or bool(_DATE_CODE.search(_QUOTED.sub("", codes.get(key, "")))))

        self._scan("xl/styles.xml", start)

    def _read_rows(self, part: str) -> list[tuple[int, list[str]]]:
        sheet = _Sheet(self)
        for _ in self._stream(part, sheet.start, sheet.end, sheet.text, lambda: ()):
            pass
        return [(number, cells) for number, cells in sheet.rows if any(cells)]

    def _scan(self, part: str, start: Start) -> None:
        for _ in self._stream(part, start, lambda tag: None, lambda text: None, lambda: ()):
            pass

    def _stream(
        self,
        part: str,
        start: Start,
        end: Callable[[str], None],
        text: Callable[[str], None],
        take: Callable[[], Iterable[str]],
    ) -> Iterator[str]:
        """Feed a part to the handlers piece by piece, yielding what they have ready."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda tag, at: start(_local(tag), at)
        parser.EndElementHandler = lambda tag: end(_local(tag))
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = lambda *_: self.refuse(f"{part} declares a document type")
        read = 0
        try:
            with self.parts.open(part) as file:
                while chunk := file.read(_CHUNK):
                    read += len(chunk)
                    if read > MOST_UNPACKED:
                        self.refuse(f"{part} unpacks to more than {MOST_UNPACKED} bytes")
                    parser.Parse(chunk, False)
                    yield from take()
                parser.Parse(b"", True)
                yield from take()
        except expat.ExpatError as error:
            self.refuse(f"{part} is no XML: {error}")

    def refuse(self, why: str) -> NoReturn:
        raise ParseError(self.place, f"is refused as a spreadsheet: {why}")


class _Texts:
    """Collects the texts within elements: shared strings, whose parts stand apart."""

    def __init__(self, whole: str, part: str, skip: str) -> None:
        self._whole, self._part, self._skip = whole, part, skip
        self._said: list[str] = []
        self._ready: list[str] = []
        self._within = False
        self._skipping = False

    def start(self, tag: str, at: dict[str, str]) -> None:
        self._skipping = self._skipping or tag == self._skip
        self._within = tag == self._part and not self._skipping

    def end(self, tag: str) -> None:
        self._within = False
        if tag == self._skip:
            self._skipping = False
        elif tag == self._whole:
            self._ready.append(_unescape("".join(self._said)))
            self._said = []

    def text(self, text: str) -> None:
        if self._within:
            self._said.append(text)

    def take(self) -> list[str]:
        ready, self._ready = self._ready, []
        return ready


class _Sheet:
    """Collects the cells of a sheet, each as the text that a person sees or a moment in ISO 8601."""

    def __init__(self, book: _Workbook) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._book = book
        self._cells = self._letters = self._row = self._column = 0
        self._type = self._style = ""
        self._said: list[str] = []
        self._within = False

    def start(self, tag: str, at: dict[str, str]) -> None:
        if tag == "row":
            number = at.get("r", "")
            self._row = int(number) if number.isdigit() and len(number) < 8 else self._row + 1
            self._column = 0
            self.rows.append((self._row, []))
            self._count()
        elif tag == "c":
            reference = _REFERENCE.fullmatch(at.get("r", ""))
            self._column = _column(reference[1]) if reference else self._column + 1
            if self._column > MOST_COLUMNS:
                self._book.refuse(f"it has more than {MOST_COLUMNS} columns")
            self._type, self._style, self._said = at.get("t", "n"), at.get("s", ""), []
        self._within = tag in ("v", "t")

    def end(self, tag: str) -> None:
        self._within = False
        if tag != "c" or not self.rows:
            return
        value = self._value("".join(self._said))
        self._letters += len(value)
        if self._letters > MOST_TEXT:
            self._book.refuse(f"it holds more than {MOST_TEXT} letters")
        cells = self.rows[-1][1]
        for _ in range(self._column - len(cells)):
            cells.append("")
            self._count()
        cells[self._column - 1] = value

    def text(self, text: str) -> None:
        if self._within:
            self._said.append(text)

    def _count(self) -> None:
        self._cells += 1
        if self._cells > MOST_CELLS:
            self._book.refuse(f"it has more than {MOST_CELLS} cells")

    def _value(self, said: str) -> str:
        if self._type == "s":
            return self._book.strings[int(said)] if said.isdigit() and len(said) < 9 else ""
        if self._type in ("str", "inlineStr", "b", "e", "d") or not said:
            return _unescape(said)
        number = float(said)
        styles = self._book.dates
        if (
            self._style.isdigit()
            and len(self._style) < 6
            and int(self._style) < len(styles)
            and styles[int(self._style)]
        ):
            return _day(number, self._book.from_1904)
        return as_text(number)


def as_text(number: float) -> str:
    """Return a number as a person writes it, whole ones without a fraction.

    >>> as_text(1234.0), as_text(0.0454)
    ('1234', '0.0454')
    """
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else repr(number)


def _day(days: float, from_1904: bool) -> str:
    if not 0 <= days < 100_000:
        return as_text(days)
    moment = _EPOCH + timedelta(days=days + 1462 * from_1904)
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0).isoformat(" ")


def _unescape(text: str) -> str:
    """Return a text with the letters that XLSX writes by their number, such as the return of a Windows line end.

    >>> _unescape("een_x000D_ twee_x005F_x000D_")
    'een\\r twee_x000D_'
    """
    return _ESCAPED.sub(_letter, text) if "_x" in text else text


def _letter(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return letter if letter.isprintable() or letter in "\t\n\r" else found[0]


def _note_target(tag: str, at: dict[str, str], targets: dict[str, str]) -> None:
    if tag == "Relationship":
        targets[at.get("Id", "")] = at.get("Target", "")


def _part_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
