"""The page on exports: its Python runs, and it names every table, shape and option."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from audit.cli import uitzicht
from tests.exports.conftest import Exported
from warehouse.exports import SHAPES, package, pseudonyms, questions, safe_text
from warehouse.exports.tables import FULL

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")


def test_the_python_examples_run(full: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(code.replace("mystudy/warehouse.duckdb", str(full.study.warehouse)), names)  # noqa: S102
    assert len(names["frame"]) > 0  # type: ignore[arg-type]
    assert (tmp_path / "tables" / "parquet" / "answers" / "share_of_posts_by_level_month.parquet").exists()
    names["con"].close()  # type: ignore[attr-defined]


def test_the_page_names_every_table_shape_option_and_file(full: Exported) -> None:
    options = re.findall(r"--[a-z]+", CliRunner().invoke(uitzicht, ["export", "--help"]).output)
    files = [path.name for path in full.folder.iterdir()]
    names = [*(table.name for table in FULL), *SHAPES, *set(options) - {"--help"}, *files]
    assert [name for name in names if name not in PAGE] == []


@pytest.mark.parametrize(
    "module", [package, pseudonyms, questions, safe_text], ids=lambda module: module.__name__
)
def test_the_examples_of_a_module_are_true(module: ModuleType) -> None:
    done = doctest.testmod(module)
    assert (done.failed, done.attempted > 0) == (0, True)
