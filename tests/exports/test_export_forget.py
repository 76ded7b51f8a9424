"""Forgetting follows exports: those under the study go, those elsewhere are named."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from audit.cli import uitzicht
from audit.export import ledger
from audit.forgetting import apply, find_account, find_posts
from audit.forgetting.exports import find_exports
from audit.study import Study
from tests.audit.test_forget import places_of
from tests.exports.conftest import about
from tests.warehouse.making import NOW
from warehouse.exports import export
from warehouse.exports.pseudonyms import pseudonym

GONE = "school1in"


def ask(*words: object) -> Result:
    return CliRunner().invoke(uitzicht, [str(word) for word in words])


@pytest.fixture
def study(hostile: Study, tmp_path: Path) -> Study:
    shutil.copytree(hostile.folder, tmp_path / "study")
    return Study.read(tmp_path / "study")


def exported(study: Study, folder: Path, *shapes: str, is_shared: bool = False, **days: date) -> Path:
    """Export as the command does, without figures."""
    key = ledger.export_key(study) if is_shared else None
    done = export(study.warehouse, folder, about=about(study), shapes=shapes, questions=(), key=key, **days)
    ledger.note(study, done.folder, made_at=NOW, is_pseudonymised=is_shared)
    return folder


def said_in(folder: Path, *words: str) -> list[str]:
    """Return places under a folder that hold one of the words, Parquet's compressed pages included."""
    found = places_of(folder, *words)
    for path in folder.rglob("*.parquet"):
        text = pd.read_parquet(path).to_csv()
        found += [str(path) for word in words if word.lower() in text.lower()]
    return found


def test_no_file_under_the_study_knows_the_account_or_its_texts(study: Study, tmp_path: Path) -> None:
    inside = study.folder / "exports"
    whole = [exported(study, inside / shape, shape) for shape in ("parquet", "csv", "xlsx")]
    shared = exported(study, inside / "shared", "csv", is_shared=True)
    elsewhere = exported(study, tmp_path / "elsewhere", "csv")
    moved = exported(study, tmp_path / "moved", "csv")
    shutil.rmtree(moved)
    key = ledger.find_key(study)
    assert key is not None
    stand_in = pseudonym(key, "account", f"instagram/{GONE}")
    words = (GONE, f"id-{GONE}", f"{GONE}-7", f"Bericht 13 van {GONE}", stand_in)
    assert [folder for folder in (*whole, shared) if not said_in(folder, GONE, stand_in)] == []

    done = ask("forget", study.folder, "--account", f"instagram/{GONE}", "--yes")

    assert done.exit_code == 0, done.output
    assert "4  exports removed" in done.output
    said = done.output.replace("\n", " ")
    assert (
        "exports/shared is an export that holds it and is removed; make it again with: uitzicht export"
        in said
    )
    assert f"{elsewhere} (export of " in said
    assert "holds it and is not under the study" in said
    assert f"{moved} (export of " in said
    assert "is no longer there" in said
    assert said_in(study.folder, *words) == []
    assert [Path(entry.folder).name for entry in ledger.read(study)] == ["elsewhere", "moved"]
    exported(study, shared, "csv", is_shared=True)
    exported(study, whole[0], "parquet")
    assert said_in(study.folder, *words) == []


def test_an_export_that_does_not_hold_it_stays(study: Study) -> None:
    inside, recent = study.folder / "exports", f"-dQw4w9WgXc{GONE}"
    early = [
        exported(study, inside / f"early-{shape}", shape, is_shared=True, until=date(2026, 10, 1))
        for shape in ("csv", "xlsx")
    ]
    held = [exported(study, inside / shape, shape, is_shared=True) for shape in ("csv", "xlsx")]
    apply(study, find_posts(study, "instagram", [recent]), kind="post")
    assert find_exports(study) == early
    assert [folder for folder in held if folder.exists()] == []


def test_a_killed_removal_is_finished_by_the_next_run(study: Study) -> None:
    folder = exported(study, study.folder / "exports" / "all", "csv")
    folder.rename(folder.with_name(".all.forgetting"))
    assert said_in(study.folder / "exports", GONE) != []
    apply(study, find_account(study, "instagram", GONE), kind="account")
    assert said_in(study.folder, GONE) == []


def test_a_place_that_names_the_account_is_dropped_from_the_ledger(study: Study, tmp_path: Path) -> None:
    exported(study, tmp_path / GONE, "parquet")
    exported(study, tmp_path / "other", "parquet")
    apply(study, find_account(study, "instagram", GONE), kind="account")
    assert [Path(entry.folder).name for entry in ledger.read(study)] == ["other"]


def test_retention_removes_exports_too(study: Study) -> None:
    folder = exported(study, study.folder / "exports" / "all", "parquet")
    with (study.folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write("[retention]\nyoutube.browser = 1\n")
    assert len(pd.read_parquet(folder / "parquet" / "posts.parquet")) > 200
    done = ask("retention", study.folder, "--apply")
    assert done.exit_code == 0, done.output
    assert not folder.exists()
