"""The notebooks run from the first cell to the last, and what is stored in them came from their own code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from notebooks.execute import HERE, code_digest, execute, read
from tests.audit.studies import Seen, make_study, posts
from warehouse import run
from warehouse.errors import WarehouseError

DEMO = HERE.parent / "examples" / "demo"
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))
CHARTS = {"01-what-we-got": 5, "02-how-often": 9}
UNITS = ("accounts", "posts", "share of", "interactions /", "posts collected /", "%")


def names(path: Path) -> str:
    return path.stem


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo study where `make audit` has made it with this version, else a small one."""
    try:
        run(DEMO / "warehouse.duckdb", "share_of_posts", by=["sector"])
    except WarehouseError:
        folder = tmp_path_factory.mktemp("notebooks") / "study"
        accounts = [
            Seen(
                institution=f"School {number}",
                level="mbo" if number % 2 else "hbo",
                platform=platform,
                account=f"school{number}{platform}",
                outcome="blocked" if number == 3 else "complete",
                posts=() if number == 3 else posts(3 + number, 20),
            )
            for number in range(8)
            for platform in ("instagram", "youtube")
        ]
        make_study(folder, accounts)
        return folder
    return DEMO


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_a_notebook_runs_on_a_study(path: Path, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UITZICHT_STUDY", str(study))
    done = execute(path)
    charts = [output for output in outputs(done) if "image/svg+xml" in output.get("data", {})]
    assert len(charts) == CHARTS[path.stem]
    assert [
        output
        for output in outputs(done)
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ] == []
    if path.stem == "02-how-often":
        share = run(study / "warehouse.duckdb", "share_of_posts", code="labour_market").iloc[0]
        said = " ".join(
            output["data"].get("text/markdown", "") for output in outputs(done) if "data" in output
        )
        assert f"**{share['share']:.1%}** of {share['n_posts']:,} posts" in said
        assert "uncorrected" in said


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_what_is_stored_came_from_the_code_that_is_stored(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.code_sha256 == code_digest(notebook), "run: make notebooks"
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert {output["output_type"] for output in outputs(notebook)} <= {
        "execute_result",
        "display_data",
        "stream",
    }
    assert [output for output in outputs(notebook) if output.get("name") == "stderr"] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_every_stored_chart_has_a_title_and_says_its_unit(path: Path) -> None:
    charts = [o["data"]["image/svg+xml"] for o in outputs(read(path)) if "image/svg+xml" in o.get("data", {})]
    assert len(charts) == CHARTS[path.stem]
    for svg in charts:
        words = re.findall(r"<text[^>]*>([^<]+)</text>", svg)
        assert any(len(word) > 12 and word[0].isupper() for word in words), words
        assert any(unit in word for word in words for unit in UNITS), words


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_prose_comes_first_and_sql_fits_a_line(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    prose = sum(len(cell.source) for cell in cells if cell.cell_type == "markdown")
    assert prose > 1_000
    for cell in cells:
        if cell.cell_type == "code":
            texts = [n.value for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Constant)]
            assert [one for one in texts if isinstance(one, str) and ("\n" in one or len(one) > 110)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_months_are_those_of_the_netherlands(path: Path) -> None:
    """As in every query: a post of 31 August 22:30 UTC is of September."""
    code = "".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
    assert re.findall(r'(?<!tz_convert\("Europe/Amsterdam"\))\.dt\.strftime\(', code) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_nothing_of_the_machine_is_stored(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|tmp|Users|work)/", text)
    assert len(text) < 500_000


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
