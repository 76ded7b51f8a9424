"""XLSX files for tests, written part by part so that they can also be wrong in any part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = '<xf numFmtId="0"/><xf numFmtId="14"/>'
Cell = str | int | float | date


def column(number: int) -> str:
    """Return the letters of a column, 1 for A.

    >>> column(1), column(27)
    ('A', 'AA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_xml(rows: Sequence[Sequence[Cell]], strings: list[str]) -> str:
    """Return a worksheet; texts go to the shared strings, days get style 1, empty cells are not written."""
    out = [f'<worksheet xmlns="{MAIN}"><sheetData>']
    for number, row in enumerate(rows, start=1):
        out.append(f'<row r="{number}">')
        for place, value in enumerate(row, start=1):
            at = f"{column(place)}{number}"
            if isinstance(value, date):
                out.append(f'<c r="{at}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>')
            elif isinstance(value, str) and value:
                strings.append(value)
                out.append(f'<c r="{at}" t="s"><v>{len(strings) - 1}</v></c>')
            elif value != "":
                out.append(f'<c r="{at}"><v>{value}</v></c>')
        out.append("</row>")
    return "".join([*out, "</sheetData></worksheet>"])


def parts(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> dict[str, str]:
    """Return the parts of a workbook by their names."""
    strings: list[str] = []
    made = {
        f"xl/worksheets/sheet{n}.xml": sheet_xml(rows, strings) for n, rows in enumerate(sheets.values(), 1)
    }
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{STYLES}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        **made,
    }


def packed(made: Mapping[str, str | bytes]) -> bytes:
    """Return the parts as one XLSX file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in made.items():
            out.writestr(zipfile.ZipInfo(name, (2026, 2, 28, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
