"""Whatever a platform sends: typed errors or pages of the declared types, and never slowly.

Every format is tried on spoilt copies of its recorded captures; UITZICHT_FUZZ=100000 says how many
for each, otherwise there are a few.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections import defaultdict
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from cases import find_cases, read_capture, read_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutate import CHANGES, read_recorded, spoil

from crawler.errors import ParseError
from crawler.items import Account, Capture, Page, Post
from crawler.parsers.formats import parse

EXAMPLES = int(os.environ.get("UITZICHT_FUZZ", "240"))
AT_ONCE = 12  # in one example of hypothesis
SLOW = 1.0  # seconds of this process' own time


def _cases_by_format() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for case in find_cases():
        if read_format(case):
            found[read_format(case)].append(case)
    return dict(found)


CASES = _cases_by_format()
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "TranscriptSource | None": (str, type(None)),
    "int | None": (int, type(None)),
    "bool": (bool,),
    "bool | None": (bool, type(None)),
    "datetime": (datetime,),
    "datetime | None": (datetime, type(None)),
    "tuple[str, ...]": (tuple,),
    "int": (int,),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_spoilt_captures_give_typed_errors_or_sound_pages_in_time(name: str) -> None:
    bodies = [(read_capture(case), _body_file(case)) for case in CASES[name]]

    @settings(
        max_examples=max(1, EXAMPLES // AT_ONCE),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(which=st.integers(0, len(bodies) - 1), batch=st.lists(CHANGES, min_size=AT_ONCE, max_size=AT_ONCE))
    def spoil_and_parse(which: int, batch: list[list[int]]) -> None:
        for at, changes in enumerate(batch):
            capture, file = bodies[(which + at) % len(bodies)]
            named = name if at % 2 else ""
            _try(replace(capture, body=spoil(read_recorded(file), changes), format=named))

    spoil_and_parse()


def _body_file(case: Path) -> Path:
    return case / str(json.loads((case / "capture.json").read_bytes())["body"])


def _try(capture: Capture) -> None:
    gc.disable()  # or it is the tree of all that hypothesis drew that is timed
    started = time.process_time()
    try:
        page = _parse(capture)
    finally:
        spent = time.process_time() - started
        gc.enable()
    assert spent < SLOW
    if page is not None:
        _check(page)


def _parse(capture: Capture) -> Page | None:
    try:
        return parse(capture)
    except ParseError as error:
        assert str(error)
        return None


def _check(page: Page) -> None:
    """Fail where a page holds what its declaration does not allow, or what no feed could carry."""
    for item in (page.account, *page.posts):
        if item is not None:
            _check_item(item)
    orjson.dumps([[str(error) for error in page.errors], page.cursor, page.more])
    assert page.cursor is None or (isinstance(page.cursor, str) and page.cursor)


def _check_item(item: Account | Post) -> None:
    values: dict[str, Any] = {field.name: getattr(item, field.name) for field in fields(item)}
    for field in fields(item):
        value, allowed = values[field.name], TYPES.get(str(field.type), (str,))
        assert type(value) in allowed, f"{field.name} is {value!r}"
        if isinstance(value, tuple):
            assert all(type(part) is str and part for part in value), f"{field.name} is {value!r}"
        if field.name.endswith("_count") and value is not None:
            assert 0 <= value < 2**64
    if isinstance(item, Post):
        assert item.post_id
        assert (item.posted_at is None) == (item.posted_precision == "unknown")
        assert item.posted_at is None or item.posted_at.tzinfo is UTC
    orjson.dumps(values)
