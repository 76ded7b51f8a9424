"""Every recorded capture parses to the page its folder expects, by detection alone.

A new behaviour of a platform is a new folder, not new code. Where `expected.json` is missing it is
written and the test fails: read it, and keep it when it is right.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cases import case_name, describe, find_cases, read_capture, read_format

from crawler.parsers.formats import Body, detect, parse

CASES = find_cases()


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_capture_parses_as_expected(case: Path) -> None:
    page = parse(read_capture(case))
    found, expected = describe(page), case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was missing and has been written: read it, and keep it when it is right")
    assert found == json.loads(expected.read_bytes())


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_format_is_detected(case: Path) -> None:
    assert parse(read_capture(case)).format == read_format(case)


@pytest.mark.parametrize("case", [case for case in CASES if read_format(case)], ids=case_name)
def test_a_format_is_told_from_those_of_all_other_platforms(case: Path) -> None:
    """A file that somebody saved says neither its platform nor its address."""
    capture = read_capture(case)
    found = detect(Body(replace(capture, url="saved")))
    if (
        parse(capture).refusal is None and case.name != "api_no_such_organization"
    ):  # an empty list of anything
        assert found and found.name == read_format(case)


def test_an_item_under_a_name_of_its_own_is_no_profile() -> None:
    """Zeeschuimer puts each item under "data", and an item has a user."""
    for case in CASES:
        if read_format(case) == "instagram.item":
            capture = read_capture(case)
            wrapped = b'{"data":' + capture.body + b"}"
            assert detect(Body(replace(capture, body=wrapped, url="saved"))) is None


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_everything_read_says_where_it_comes_from(case: Path) -> None:
    capture = read_capture(case)
    page = parse(capture)
    for item in (page.account, *page.posts) if page.account else page.posts:
        assert item is not None
        assert (item.platform, item.route) == (capture.platform, capture.route)
        assert (item.capture_id, item.captured_at) == (capture.capture_id, capture.captured_at)


def test_there_are_captures_of_every_platform() -> None:
    assert {case.parent.name for case in CASES} == {"instagram", "tiktok", "youtube", "linkedin"}
