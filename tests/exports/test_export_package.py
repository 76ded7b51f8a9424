"""What explains an export to programs and people: data package, dictionary, manifest."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from frictionless import Package, validate

from tests.exports.conftest import Exported, about
from warehouse.exports import Question, export
from warehouse.queries import find_queries, run

Descriptor = dict[str, Any]


@pytest.fixture
def small(full: Exported, tmp_path: Path) -> Path:
    done = export(full.study.warehouse, tmp_path / "x", about=about(full.study), shapes=["csv"], questions=())
    return done.folder


def problems(folder: Path) -> set[tuple[str, str]]:
    report = validate(str(folder / "datapackage.json"))
    return {(str(kind), str(field)) for kind, field in report.flatten(["type", "fieldName"])}


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Change a table, and let the package not notice by its hash."""
    path = folder / "csv" / f"{name}.csv"
    text = path.read_text("utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8-sig", newline="")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        for key in ("hash", "bytes"):
            resource.pop(key, None)
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")


def test_the_package_is_valid_and_says_types_keys_and_licence(small: Path) -> None:
    assert problems(small) == set()
    package = Package(str(small / "datapackage.json"))
    posts = package.get_resource("posts").schema
    types = {field.name: field.type for field in posts.fields}
    assert (types["post_id"], types["posted_at"], types["is_own"]) == ("string", "datetime", "boolean")
    assert (types["hashtags"], types["version"]) == ("array", "integer")
    assert posts.primary_key == ["post_key"]
    assert {key["reference"]["resource"] for key in posts.foreign_keys} == {"accounts", "institutions"}
    said = json.loads((small / "datapackage.json").read_text("utf-8"))
    assert said["licenses"][0]["name"] == "CC-BY-4.0"
    assert said["contributors"] == [{"title": "Jansen, Anna", "roles": ["author"]}]


def test_a_pseudonymised_package_is_valid_too(shared: Exported) -> None:
    assert problems(shared.folder) == set()


def test_a_changed_file_is_noticed(small: Path) -> None:
    path = small / "csv" / "latest_counts.csv"
    path.write_bytes(path.read_bytes().replace(b",13,", b",14,", 1))
    assert "hash-count" in {kind for kind, _ in problems(small)}


def test_a_wrong_type_and_a_wrong_key_are_noticed(small: Path) -> None:
    change(small, "latest_counts", ",13,", ",veel,")
    change(small, "institutions", "Schóól 1,", "Schóól 2,")
    assert {"type-error", "foreign-key", "primary-key"} <= {found for found, _ in problems(small)}


@pytest.mark.parametrize("which", ["full", "shared"])
def test_the_dictionary_explains_every_column_of_every_table(
    which: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(which).folder
    with (folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row for row in rows if len(row["meaning"]) < 3] == []
    explained = {(row["table"], row["column"]) for row in rows}
    written = set()
    for path in (folder / "csv").rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            written |= {(path.stem, name) for name in next(csv.reader(file))}
    assert explained == written
    page = (folder / "dictionary.md").read_text("utf-8")
    assert [table for table, _ in written if f"\n## {table}\n" not in page] == []
    assert ".. Grain: " not in page


def test_meanings_are_those_of_the_schema(full: Exported) -> None:
    with (full.folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        meanings = {(row["table"], row["column"]): row["meaning"] for row in csv.DictReader(file)}
    with duckdb.connect(full.study.warehouse, read_only=True) as con:
        comments = dict(
            con.execute(
                "select column_name, comment from duckdb_columns() where table_name = 'dim_post'"
            ).fetchall()
        )
    for name in ("posted_precision", "hashtags", "alt_text", "repost_of"):
        assert meanings["posts", name] == comments[name]


@pytest.mark.parametrize("which", ["full", "shared"])
def test_the_manifest_has_the_hash_of_every_other_file(which: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(which).folder
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    said = {file["path"]: (file["sha256"], file["bytes"]) for file in manifest["files"]}
    found = {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_size,
        )
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert said == found
    assert manifest["is_pseudonymised"] == (which == "shared")
    assert manifest["rows"]["posts"] == 240 - 20
    assert (manifest["made_at"], manifest["software"]) == ("2026-11-22T06:00:00Z", "uitzicht test")


def test_the_page_of_an_export_tells_how_to_undo_the_apostrophes(full: Exported) -> None:
    import pandas  # noqa: PLC0415 - as that page says

    page = (full.folder / "README.md").read_text("utf-8")
    lines = [line.strip() for line in page.splitlines() if line.startswith("    ")]
    names: dict[str, Any] = {"pandas": pandas}
    exec("\n".join(lines).replace('"csv/posts.csv"', repr(str(full.folder / "csv" / "posts.csv"))), names)  # noqa: S102
    assert "=cmd|' /C calc'!A0" in set(names["frame"]["text"])
    assert "'s avonds open" in set(names["frame"]["text"])


def test_only_the_shapes_asked_for_are_there(small: Path) -> None:
    assert sorted(path.name for path in small.iterdir()) == [
        "README.md",
        "csv",
        "datapackage.json",
        "dictionary.csv",
        "dictionary.md",
        "manifest.json",
    ]
    shutil.rmtree(small)


@pytest.mark.parametrize("name", sorted(find_queries()))
def test_every_query_can_be_exported_and_says_what_its_columns_mean(
    full: Exported, tmp_path: Path, name: str
) -> None:
    asked = [Question(query=name, by=by) for by in {(), find_queries()[name].by[:1]}]
    folder = tmp_path / "x"
    export(full.study.warehouse, folder, about=about(full.study), shapes=["csv", "parquet"], questions=asked)
    with (folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        meanings = {(row["table"], row["column"]): row["meaning"] for row in csv.DictReader(file)}
    for question in asked:
        columns = list(run(full.study.warehouse, name, by=question.by).columns)
        assert [column for column in columns if len(meanings[question.name, column]) < 3] == []
        written = pd.read_parquet(folder / "parquet" / "answers" / f"{question.name}.parquet")
        assert list(written.columns) == columns
    assert problems(folder) == set()


def test_a_column_means_what_its_query_counts(full: Exported) -> None:
    with (full.folder / "dictionary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["column"] in ("n_posts", "n_carrying")]
    meanings = {(row["table"].partition("_by_")[0], row["column"]): row["meaning"] for row in rows}
    assert meanings["share_of_posts", "n_posts"] == "Posts in the group that were coded."
    assert meanings["comment_rate", "n_posts"] == "Posts in the group whose number of comments is shown."
    assert meanings["comment_rate", "n_carrying"] == "Of those, posts with a comment."
    assert meanings["labour_market_subcodes", "n_posts"].endswith("that carry the theme labour_market.")
