"""The schedules of a study file, each complaint with line, key, value and what was expected."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import Any

from pydantic import ValidationError

from audit.schedule.entry import Entry
from audit.study import Study
from crawler.errors import StudyError
from crawler.study import STUDY_FILE

_HEADER = re.compile(r"\s*\[\[\s*schedule\s*\]\]")
_WHOLE = re.compile(r"(cron|jitter|quiet_hours): ")


def read_entries(study: Study) -> tuple[Entry, ...]:
    """Return the schedules of a study, in the order of its file.

    Raises StudyError with a sentence for everything that is wrong.
    """
    text = (study.folder / STUDY_FILE).read_text(encoding="utf-8-sig")
    tables = tomllib.loads(text).get("schedule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise StudyError(f"{study.folder / STUDY_FILE}: schedule is {tables!r}; expected tables [[schedule]]")
    entries: list[Entry] = []
    complaints: list[str] = []
    for number, table in enumerate(tables):
        try:
            entries.append(Entry.model_validate(table))
        except ValidationError as error:
            complaints += [_complaint(one, table, number, text) for one in error.errors()]
    complaints += _repeated(tables, text)
    if complaints:
        raise StudyError(f"{study.folder / STUDY_FILE}: {'; '.join(complaints[:8])}")
    return tuple(entries)


def find_entry(study: Study, name: str) -> Entry:
    """Return the schedule of that name."""
    entries = {entry.name: entry for entry in read_entries(study)}
    if name not in entries:
        known = ", ".join(entries) or "none"
        raise StudyError(f"{study.folder / STUDY_FILE} has no schedule {name!r}; it has {known}")
    return entries[name]


def _complaint(error: Any, table: dict[str, Any], number: int, text: str) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    key = str(error["loc"][0]) if error["loc"] else ""
    if whole := _WHOLE.match(message):
        key, message = whole[1], message[whole.end() :]
    place = f"line {_line(text, number, key)}: schedule {table.get('name', number + 1)!r}"
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, Entry.model_fields, 1, cutoff=0.0)
        return f"{place} has a key {key} = {table[key]!r} that is not known; did you mean {near[0]}?"
    if error["type"] == "missing":
        return f"{place} has no {key}; expected {key} = ..."
    if not key:
        return f"{place}: {message}"
    return f"{place}: {key} is {_value(error, table, key)!r}; {_expected(error, key, message)}"


def _value(error: Any, table: dict[str, Any], key: str) -> object:
    value = table.get(key)
    place = error["loc"][1] if len(error["loc"]) > 1 else None
    return value[place] if isinstance(value, list) and isinstance(place, int) else value


def _expected(error: Any, key: str, message: str) -> str:
    if key == "name" and error["type"] == "string_pattern_mismatch":
        return "expected small letters, digits, - and _, 40 at most"
    if error["type"] == "literal_error":
        return f"expected {error['ctx']['expected']}"
    if key == "jitter" and error["type"] == "less_than_equal":
        return "expected 12 hours at most"
    return message[0].lower() + message[1:]


def _repeated(tables: list[dict[str, Any]], text: str) -> list[str]:
    names = [table.get("name") for table in tables]
    return [
        f"line {_line(text, number, 'name')}: schedule {name!r} is there already; expected another name"
        for number, name in enumerate(names)
        if name is not None and name in names[:number]
    ]


def _line(text: str, number: int, key: str) -> int:
    """Return the line of a key of the table of that number; of the table's header where the key is not found."""
    lines = text.splitlines()
    headers = [place for place, line in enumerate(lines) if _HEADER.match(line)]
    if number >= len(headers):  # written as schedule = [{...}]
        return next((at for at, line in enumerate(lines, 1) if re.match(r"\s*schedule\s*=", line)), 1)
    begin = headers[number]
    for at, line in enumerate(lines[begin + 1 :], begin + 2):
        if line.lstrip().startswith("["):
            break
        if key and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return at
    return begin + 1
