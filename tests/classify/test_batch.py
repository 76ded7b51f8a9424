"""Columns in, rows out."""

import math

from classify.batch import code_columns, code_in_processes, units_of
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


def test_processes_code_the_same_in_the_same_order(coder):
    units = [Unit(id=str(number), text=f"Open dag {number}", language="nl") for number in range(25)]
    rows = [row for batch in code_in_processes(coder.codebook, units, processes=2, batch=10) for row in batch]
    assert rows == [row for coding in coder.code(units) for row in coding.rows()]
