"""Label Studio's JSON with something else in it than Label Studio writes: a wrong cell, never a broken program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit.sheets.label_studio import read_tasks
from classify.codebook_file import default_codebook

DATA = {"sample": "sample-1", "coder": "anna", "codebook": "abc", "unit": "instagram/1"}


def chosen(**values: object) -> list[dict[str, object]]:
    return [{"from_name": name, "value": {"choices": value}} for name, value in values.items()]


def sentences(path: Path, annotations: object) -> list[str]:
    task: dict[str, Any] = {"id": 7, "data": DATA, "annotations": annotations}
    path.write_text(json.dumps([task]), encoding="utf-8")
    filled = read_tasks(path, default_codebook(), ["instagram/1"])
    assert filled.answers.keys() == (set() if filled.wrong or filled.uncoded else {"instagram/1"})
    return [wrong.sentence for wrong in filled.wrong]


@pytest.mark.parametrize(
    ("annotations", "place", "value", "expected"),
    [
        ("done", "", "'done'", "a list of objects"),
        ([None], "", "'[None]'", "a list of objects"),
        ([{"result": 5}], ".result", "'5'", "a list of objects"),
        ([{"result": ["x"]}], ".result", "\"['x']\"", "a list of objects"),
        ([{"result": [{"value": [1]}]}], ".result.value", "'[1]'", "an object with choices or text"),
        ([{"result": chosen(theme=3)}], ".result.value", "'3'", "the names of choices, or text"),
        ([{"result": chosen(theme=[None])}], ".result.value", "'[None]'", "the names of choices, or text"),
        ([{"result": []}, {"result": []}], "", "'2'", "one annotation"),
    ],
)
def test_what_label_studio_does_not_write_is_a_wrong_cell(
    tmp_path: Path, annotations: object, place: str, value: str, expected: str
) -> None:
    (said,) = sentences(tmp_path / "coding.json", annotations)
    assert said.startswith(f"coding.json, task 7, annotations{place} is {value}; expected {expected}")


def test_choices_and_text_are_read_and_what_is_absent_is_uncoded(tmp_path: Path) -> None:
    done = [{"result": chosen(theme=["programme"], primary="programme", audience=["current"])}]
    assert sentences(tmp_path / "coding.json", done) == []
    for absent in (None, [], [{"was_cancelled": True, "result": 5}]):
        assert sentences(tmp_path / "coding.json", absent) == []
