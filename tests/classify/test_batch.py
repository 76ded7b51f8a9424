"""Columns in, rows out."""

import math

from classify.batch import AHEAD, code_batches, code_columns, units_of
from classify.unit import Unit

COLUMNS = {
    "id": ["a", "b", "c"],
    "platform": ["instagram", None, "tiktok"],
    "text": ["Zaterdag open dag!", math.nan, "Het startsalaris is € 2.500 bruto"],
    "hashtags": [("opendag",), None, math.nan],
    "language": ["nl", "nl", "nl"],
    "unknown": [1, 2, 3],
}


def test_units_of_columns():
    assert list(units_of(COLUMNS)) == [
        Unit(id="a", platform="instagram", text="Zaterdag open dag!", hashtags=("opendag",), language="nl"),
        Unit(id="b", language="nl"),
        Unit(id="c", platform="tiktok", text="Het startsalaris is € 2.500 bruto", language="nl"),
    ]


def test_columns_of_rows(coder):
    columns = code_columns(coder, COLUMNS)
    assert set(columns) == {"unit", "dimension", "code", "is_primary", "score", "evidence"}
    themes = [
        row
        for row in zip(columns["unit"], columns["dimension"], columns["code"], strict=True)
        if row[1] == "theme"
    ]
    assert ("a", "theme", "open_day") in themes
    assert ("b", "theme", "other") in themes
    assert ("c", "theme", "labour_market") in themes
    assert code_columns(coder, {"id": []}) == {name: [] for name in columns}


def made(numbers):
    return {
        "id": list(numbers),
        "text": [f"Open dag {n}" for n in numbers],
        "language": ["nl"] * len(numbers),
    }


def test_processes_code_the_same_in_the_same_order(coder):
    batches = [made(range(10)), made(range(10, 20)), made(range(20, 25))]
    here = [code_columns(coder, batch) for batch in batches]
    assert list(code_batches(coder.codebook, batches)) == here
    assert list(code_batches(coder.codebook, batches, processes=2)) == here


def test_batches_are_asked_for_as_they_are_coded(coder):
    asked = []

    def batches():
        for number in range(40):
            asked.append(number)
            yield made([number])

    coded = code_batches(coder.codebook, batches(), processes=2)
    next(coded)
    assert len(asked) <= AHEAD * 2 + 1
    coded.close()
    assert len(asked) <= AHEAD * 2 + 1
