"""`uitzicht export`: the command as its users meet it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner, Result

from audit.cli import uitzicht
from audit.export import ledger
from audit.study import Study
from tests.audit.studies import Seen, make_study, posts
from tests.exports.conftest import about
from warehouse.errors import ExportError, QueryError, WarehouseError
from warehouse.exports import export, writing

EXTRA = '[export]\nauthors = ["Jansen, Anna", "Groep Voorbeeld"]\nlicence = "CC-BY-4.0"\n'


def ask(*words: object) -> Result:
    return CliRunner().invoke(uitzicht, [str(word) for word in words])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    seen = [
        Seen(
            institution=f"School {number}",
            level="mbo" if number % 2 else "hbo",
            account=f"school{number}",
            outcome="blocked" if number == 6 else "complete",
            posts=() if number == 6 else posts(3 + number % 3, 12),
        )
        for number in range(7)
    ]
    return make_study(tmp_path_factory.mktemp("command") / "study", seen, extra=EXTRA)


@pytest.fixture(scope="module")
def exported(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "export"
    done = ask("export", study.folder, "--to", folder, "--format", "csv,parquet")
    assert done.exit_code == 0, done.output
    assert re.search(r"\b96  posts\n", done.output)
    assert "This is outside the study" in done.output
    return folder


def test_the_methods_sections_have_the_figures_of_the_study(exported: Path) -> None:
    dutch = (exported / "methods.nl.md").read_text("utf-8")
    english = (exported / "methods.en.md").read_text("utf-8")
    for words in (
        "# Verantwoording: Proefstudie",
        "7 accounts van 7 instellingen (3 mbo, 4 hbo) op Instagram, geplaatst van 1 januari 2026 tot en met",
        "De bezoeken aan de 7 accounts eindigden zo: 6 volledig en 1 geblokkeerd.",
        "het ene account dat niet volledig gezien is, is buiten de cijfers gelaten",
        "Van 96 berichten die bewaard zijn, tellen er 96 van 6 accounts mee",
        "(codeboek, versie book-1)",
        "alle aandelen zijn ongecorrigeerd",
        "Arbeidsmarktperspectief komt voor in 25,0% van de berichten",
        "96 berichten, 6 instellingen; ongecorrigeerd",
    ):
        assert words in dutch, words
    for words in (
        "7 accounts of 7 institutions (3 mbo, 4 hbo) on Instagram, made from 1 January 2026 to",
        "6 complete and 1 blocked",
        "codebook version book-1",
        "all shares are uncorrected",
        "Labour-market prospects occur in 25.0% of the posts",
        "research exception, test",
    ):
        assert words in english, words
    assert re.search(r"op DuckDB \d+\.\d+\.\d+ en Python 3\.\d+", dutch)
    assert "&" not in dutch


def test_the_citation_names_authors_and_licence(exported: Path) -> None:
    cited = yaml.safe_load((exported / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors", "type"} <= set(cited)
    assert cited["authors"] == [
        {"family-names": "Jansen", "given-names": "Anna"},
        {"name": "Groep Voorbeeld"},
    ]
    assert (cited["license"], cited["type"], cited["title"]) == ("CC-BY-4.0", "dataset", "Proefstudie")
    assert isinstance(cited["date-released"], date)
    assert cited["references"][0]["title"] == "Uitzicht"


def test_a_folder_that_is_taken_stays_as_it_is(study: Study, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    before = ledger.read(study)
    done = ask("export", study.folder, "--to", tmp_path / "taken")
    assert isinstance(done.exception, ExportError)
    assert "taken is not empty; expected a folder that is new or empty. Nothing was changed." in str(
        done.exception
    )
    (tmp_path / "file").write_text("mine")
    assert isinstance(ask("export", study.folder, "--to", tmp_path / "file").exception, ExportError)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "mine.txt", "taken"]
    assert ledger.read(study) == before


def test_a_folder_that_cannot_be_made_is_one_sentence(study: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    done = ask("export", study.folder, "--to", tmp_path / "file" / "x", "--query", "share_of_posts")
    assert isinstance(done.exception, ExportError)
    assert "file/x cannot be written: " in str(done.exception)


def test_no_export_goes_where_forgetting_would_not_look(study: Study) -> None:
    for place in (study.state, study.archive / "x", study.feeds / "crawl-1" / "x"):
        done = ask("export", study.folder, "--to", place)
        assert isinstance(done.exception, ExportError), place
        assert "is where the study keeps what it collects; expected another folder, as " in str(
            done.exception
        )


def test_a_failure_midway_leaves_nothing(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(writing, "write_xlsx", fail)
    with pytest.raises(ExportError, match="x cannot be written: disk full"):
        export(study.warehouse, tmp_path / "x", about=about(study), questions=())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_an_empty_folder_is_used(study: Study, tmp_path: Path) -> None:
    left = tmp_path / ".x.123.partial" / "csv"
    left.mkdir(parents=True)
    (left / "posts.csv").write_text("half")
    (tmp_path / "x").mkdir()
    export(study.warehouse, tmp_path / "x", about=about(study), shapes=["csv"], questions=())
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_days_keep_their_posts_with_all_that_belongs_to_them(study: Study, tmp_path: Path) -> None:
    since = "2026-11-08"
    done = ask(
        "export",
        study.folder,
        "--to",
        tmp_path / "x",
        "--format",
        "parquet",
        "--since",
        since,
        "--query",
        "share_of_posts",
    )
    assert done.exit_code == 0, done.output
    read = {path.stem: pd.read_parquet(path) for path in (tmp_path / "x" / "parquet").rglob("*.parquet")}
    kept = set(read["posts"]["post_key"])
    assert 0 < len(kept) < 96
    assert read["posts"]["posted_at"].min() >= pd.Timestamp(since, tz="Europe/Amsterdam")
    for name in ("latest_counts", "snapshots", "codings", "post_history"):
        assert set(read[name]["post_key"]) == kept, name
    assert read["share_of_posts"]["n_posts"].tolist() == [len(kept)] * len(read["share_of_posts"])
    manifest = json.loads((tmp_path / "x" / "manifest.json").read_text("utf-8"))
    assert (manifest["since"], manifest["until"]) == (since, None)


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        (("--format", "csv,pdf"), ExportError, "format is 'pdf'; expected one or more of parquet, csv, xlsx"),
        (("--query", "share_of_post"), QueryError, "there is no query 'share_of_post'"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    study: Study, tmp_path: Path, words: tuple[str, ...], kind: type[WarehouseError], sentence: str
) -> None:
    done = ask("export", study.folder, "--to", tmp_path / "x", *words)
    assert isinstance(done.exception, kind)
    assert sentence in str(done.exception)
    assert not (tmp_path / "x").exists()


def test_a_study_without_a_warehouse_is_told_what_to_do_first(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text('title = "Leeg"\nsince = 2026-01-01\n')
    (tmp_path / "accounts.csv").write_text("institution,level,platform,account\n")
    done = ask("export", tmp_path, "--to", tmp_path / "x")
    assert isinstance(done.exception, WarehouseError)
    assert "load the study first (uitzicht load)" in str(done.exception)


def test_the_key_is_its_owners_alone_and_stays(study: Study) -> None:
    key = ledger.export_key(study)
    assert (study.state / "export.key").stat().st_mode & 0o077 == 0
    assert ledger.export_key(study) == key
    assert len(key) == 32
