"""The accounts of a study: one row each in a CSV file, as spreadsheets in the Netherlands write it."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from crawler.errors import StudyError
from crawler.items import PLATFORMS, Platform

LEVELS = ("mbo", "hbo")
SCOPES = ("central", "programme")
RUNNERS = ("institution", "students")
NEEDED = ("institution", "level", "platform", "account")
COLUMNS = (*NEEDED, "place", "region", "type", "website", "scope", "programme", "run_by")

_HANDLES: dict[Platform, re.Pattern[str]] = {
    "instagram": re.compile(r"[a-z0-9._]{1,30}"),
    "tiktok": re.compile(r"[a-z0-9._]{1,24}"),
    "youtube": re.compile(r"@[\w.·-]{1,100}|UC[\w-]{22}"),
    "linkedin": re.compile(r"[\w&'’.%-]{1,150}"),
}
_HOSTS: dict[Platform, str] = {name: f"{name}.com" for name in PLATFORMS}
_IN_URL = {
    "instagram": re.compile(r"^/(?!(?:accounts|direct|explore|p|reels?|stories|tv)(?:/|$))([^/]+)"),
    "tiktok": re.compile(r"^/@([^/]+)"),
    "youtube": re.compile(r"^/(?:channel/(UC[\w-]{22})|(@[^/]+))"),
    "linkedin": re.compile(r"^/(?:company|school|showcase)/([^/]+)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAccount:
    """An account to visit, and the institution that it speaks for."""

    institution: str
    level: Literal["mbo", "hbo"]
    platform: Platform
    account: str
    place: str = ""
    region: str = ""
    type: str = ""
    website: str = ""
    scope: str = "central"
    programme: str = ""
    run_by: str = "institution"


def read_accounts(path: Path) -> list[StudyAccount]:
    """Return the accounts of a CSV file: comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252.

    Raises StudyError with a sentence for every row that is not understood, naming file, line and value.
    """
    accounts: list[StudyAccount] = []
    complaints: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for line, account in read_rows(path):
        if isinstance(account, StudyError):
            complaints.append(str(account))
        elif (first := seen.setdefault((account.platform, account.account.casefold()), line)) != line:
            complaints.append(f"{path.name} line {line}: repeats the account of line {first}")
        else:
            accounts.append(account)
    if complaints:
        more = f"; and {len(complaints) - 10} more" if len(complaints) > 10 else ""
        raise StudyError("; ".join(complaints[:10]) + more)
    return accounts


def read_rows(path: Path) -> Iterator[tuple[int, StudyAccount | StudyError]]:
    """Yield each row's line with its account, and in place of a row that is not understood, what is wrong."""
    rows = read_sheet(path)
    _check_columns(path, rows.fieldnames or [])
    try:
        for row in rows:
            if any((value or "").strip() for value in row.values() if isinstance(value, str)):
                yield rows.line_num, _read_row(row, f"{path.name} line {rows.line_num}")
    except csv.Error as error:
        line = rows.reader.line_num
        yield line, StudyError(f"{path.name} line {line}: {error}")


def read_sheet(path: Path) -> csv.DictReader[str]:
    """Return the rows of a CSV file, whatever its separator and encoding. Raises StudyError where it is none."""
    text = _decode(path)
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=True)
    try:
        names = [str(name).strip() for name in rows.fieldnames or ()]
    except csv.Error as error:
        raise StudyError(f"{path} line 1: {error}; expected a CSV file with a header") from None
    while names and not names[-1]:  # Excel writes columns that were once used
        names.pop()
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise StudyError(
            f"{path} line 1: has the column '{tell_columns([twice])}' twice; expected each column once"
        )
    rows.fieldnames = names
    return rows


def tell_columns(names: Sequence[str]) -> str:
    """Return the names of a file's columns as a sentence can hold them, even those of a file that is no table."""
    told = ", ".join(names) or "none"
    told = "".join(char if char.isprintable() else "\ufffd" for char in told)
    return told if len(told) <= 200 else f"{told[:200]}…"


def read_handle(platform: Platform, value: str) -> str:
    """Return an account as its platform spells it, from a handle or the address of its page.

    >>> read_handle("youtube", "https://www.youtube.com/@ROCVoorbeeld/videos")
    '@ROCVoorbeeld'
    >>> read_handle("instagram", "@ROC.Voorbeeld")
    'roc.voorbeeld'
    """
    handle = value.strip()
    if "/" in handle or handle.lower().startswith("www."):
        handle = _in_address(platform, handle)
    if platform == "youtube":
        handle = handle if handle.startswith(("@", "UC")) or not handle else f"@{handle}"
    else:
        handle = handle.lstrip("@").lower()
    if not _HANDLES[platform].fullmatch(handle):
        raise StudyError(f"{value!r} is no {platform} account; expected a handle or the address of its page")
    return handle


def _in_address(platform: Platform, address: str) -> str:
    """Return the handle in the address of an account's page; empty where it is no such page of this platform."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    found = _IN_URL[platform].match(parts.path) if f".{host}".endswith(f".{_HOSTS[platform]}") else None
    return unquote(next((part for part in found.groups() if part), "")) if found else ""


def _read_row(row: Mapping[str, str | None], place: str) -> StudyAccount | StudyError:
    try:
        return _read_cells(row, place)
    except StudyError as error:
        return error


def _read_cells(row: Mapping[str, str | None], place: str) -> StudyAccount:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if missing := [name for name in NEEDED if not cells[name]]:
        raise StudyError(f"{place}: {', '.join(missing)} is empty")
    if any(cell.strip() for cell in row.get(None) or ()):  # type: ignore[call-overload]
        raise StudyError(f"{place}: has more cells than the header has columns")
    platform = _known(place, "platform", cells["platform"].lower(), PLATFORMS)
    try:
        handle = read_handle(platform, cells["account"])
    except StudyError as error:
        raise StudyError(f"{place}: account {error}") from None
    return StudyAccount(
        **{name: cells[name] for name in ("institution", "place", "region", "type", "website", "programme")},
        level=_known(place, "level", cells["level"].lower(), LEVELS),
        platform=platform,
        account=handle,
        scope=_known(place, "scope", cells["scope"].lower() or "central", SCOPES),
        run_by=_known(place, "run_by", cells["run_by"].lower() or "institution", RUNNERS),
    )


def _known(place: str, column: str, value: str, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise StudyError(f"{place}: {column} is {value!r}; expected one of {', '.join(known)}")
    return value


def _check_columns(path: Path, found: object) -> None:
    names = [str(name).strip() for name in found]  # type: ignore[attr-defined]
    if missing := [name for name in NEEDED if name not in names]:
        raise StudyError(f"{path} has no column {', '.join(missing)}; it has {tell_columns(names)}")
    for name in names:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; expected {', '.join(COLUMNS)}"
            raise StudyError(f"{path} has a column {name!r} that is not known{hint}")


def _decode(path: Path) -> str:
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        raise StudyError(f"{path} is not there; a study lists its accounts in that file") from None
    except OSError as error:
        raise StudyError(f"{path} cannot be read: {error.strerror}; expected a CSV file") from None
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _dialect(text: str) -> type[csv.Dialect]:
    header = text.split("\n", 1)[0]
    mark = max(",;\t", key=header.count)

    class Sheet(csv.excel):
        delimiter = mark

    return Sheet
