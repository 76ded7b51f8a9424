"""The analyst's page: its examples run, and it names every table, view and query."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import MadeStudy
from warehouse import find_queries, run

PAGE = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")
SQL = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", SQL, ids=[text.split(";")[0][:40] for text in SQL])
def test_an_sql_example_runs(study: MadeStudy, example: str) -> None:
    with duckdb.connect(study.warehouse, read_only=True) as con:
        con.execute(example).fetchall()


def test_the_python_examples_run(study: MadeStudy) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
    names: dict[str, object] = {}
    exec(code.replace("mystudy/warehouse.duckdb", str(study.warehouse)), names)  # noqa: S102
    assert len(names["frame"]) > 0  # type: ignore[arg-type]
    names["con"].close()  # type: ignore[attr-defined]


def test_the_page_names_every_table_and_view(con: duckdb.DuckDBPyConnection) -> None:
    names = con.execute(
        "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
    ).fetchall()
    assert [name for (name,) in names if f"`{name}`" not in PAGE] == []


def test_the_page_names_the_columns_of_every_estimate(study: MadeStudy) -> None:
    for name, query in find_queries().items():
        frame = run(study.warehouse, name, by=query.by[:1])
        if "low" in frame.columns:
            assert f"| `{name}` |" in PAGE
            missing = [column for column in frame.columns if not re.search(rf"\b{column}\b", PAGE)]
            assert missing in ([], ["source", "item", "question"], ["item"], ["source", "item"]), name
