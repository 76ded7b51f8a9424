"""Coding a study's posts in its warehouse: once per codebook, no language looked for again, processes alike."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from audit.commands.code import code as code_command
from audit.commands.explain import command as explain_command
from audit.forgetting import apply, find_account
from audit.steps.code import READ, _read_ahead, code
from audit.steps.load import load
from audit.steps.sample import open_sample
from audit.study import Study
from classify.errors import SampleError
from classify.unit import Unit
from tests.audit.studies import Seen, Told, make_study
from warehouse.coding import units_to_code
from warehouse.db import open_warehouse
from warehouse.errors import WarehouseError
from warehouse.queries import run

OWN_CODEBOOK = """
extends: default
words:
  fairy_tale: draak, toverheks
dimensions:
  theme:
    codes:
      atmosphere:
        rules:
          - {rule: our_fairy_tale, any: "{fairy_tale}", weight: 9}
"""
TOLD = (
    Told(text="Kom zaterdag naar onze open dag! Van 10.00 tot 14.00 uur staan we voor je klaar."),
    Told(text="Met dit diploma heb je een baangarantie en een startsalaris van 2.600 euro bruto per maand."),
    Told(text="Een draak en een toverheks in de aula, wat een middag was dat met elkaar."),
    Told(
        text="Ons nieuwe bericht van deze week", facts={"alt_text": "foto van een klas", "hashtags": ["mbo"]}
    ),
    Told(text=None, facts={"title": None}),
)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    accounts = (
        Seen(institution="Zandhoven", account="zandhoven", posts=TOLD),
        Seen(institution="Duinrand", account="duinrand", platform="tiktok", posts=TOLD[:3]),
    )
    return make_study(tmp_path / "study", accounts, coded=False)


def shares(study: Study) -> dict[str, int]:
    frame = run(study.warehouse, "share_of_posts", coverage="all")
    return dict(zip(frame["code"], frame["n_carrying"], strict=True))


def test_an_earlier_codebook_that_is_gone_back_to_counts_again(study: Study) -> None:
    """Nothing is left to code with it; the figures of the codebook that was given up would stand in the report."""
    default = code(study)
    before = shares(study)
    own = study.folder / "own.yaml"
    threshold = "{extends: default, dimensions: {theme: {codes: {open_day: {threshold: 99}}}}}"
    own.write_text(threshold, encoding="utf-8")
    settings = (study.folder / "study.toml").read_text(encoding="utf-8")
    (study.folder / "study.toml").write_text(f'{settings}\n[codebook]\nfile = "own.yaml"\n', encoding="utf-8")
    code(Study.read(study.folder))
    changed = shares(study)
    (study.folder / "study.toml").write_text(settings, encoding="utf-8")
    again = code(Study.read(study.folder))
    assert (again.posts, again.codebook_version) == (0, default.codebook_version)
    assert "open_day" in before and "open_day" not in changed
    assert shares(study) == before
    coders = run(study.warehouse, "coders")
    code(Study.read(study.folder))
    pd.testing.assert_frame_equal(run(study.warehouse, "coders"), coders)


def codings(study: Study) -> list[tuple[object, ...]]:
    with open_warehouse(study.working_warehouse) as con:
        return con.execute(
            "select codebook_version, post_id, version, dimension, code, is_primary, score, evidence::varchar "
            "from fact_coding join dim_post using (post_key, version) order by all"
        ).fetchall()


def test_every_post_is_coded_once_with_its_evidence(study):
    assert code(study).posts == 8
    assert code(study).posts == 0
    found = codings(study)
    primary = {row[1]: row[4] for row in found if row[3] == "theme" and row[5]}
    assert len(primary) == 8
    assert primary["zandhoven-0"] == primary["duinrand-0"] == "open_day"
    assert '"words":"open dag"' in "".join(row[7] for row in found if row[1] == "zandhoven-0")


def test_coding_without_a_load_leaves_what_was_published(study):
    code(study)
    published = study.warehouse.read_bytes()
    study.working_warehouse.unlink()
    for coding in (lambda: code(study), lambda: open_sample(study)):
        with pytest.raises(WarehouseError, match=r"working\.duckdb does not exist; load the study first"):
            coding()
    assert study.warehouse.read_bytes() == published
    assert not study.working_warehouse.exists()


def test_a_load_without_the_working_warehouse_goes_on_from_the_published_one(study):
    code(study)
    known = codings(study)
    study.working_warehouse.unlink()
    assert load(study).report.loaded == 0
    assert codings(study) == known != []


def test_a_sample_that_was_never_drawn_is_told(study):
    with pytest.raises(SampleError, match=r"^no sample has been drawn yet"):
        open_sample(study)


def test_forgetting_in_a_published_copy_that_stands_alone_leaves_its_answers(study):
    code(study)
    study.working_warehouse.unlink()
    gone = find_account(study, "instagram", "zandhoven")
    apply(study, gone, kind="account")
    frame = run(study.warehouse, "share_of_posts")
    assert set(frame["n_posts"]) == {3}


def explained(*arguments: object) -> dict[str, Any]:
    done = CliRunner().invoke(explain_command, [*map(str, arguments), "--json"], standalone_mode=False)
    assert done.exception is None
    return json.loads(done.stdout)


@pytest.mark.parametrize("number", range(len(TOLD)))
def test_every_post_of_a_study_is_explained_as_it_was_coded(study, number):
    code(study)
    primary = {row[1]: row[4] for row in codings(study) if row[3] == "theme" and row[5]}
    for place in (study.folder, study.folder / "study.toml", study.warehouse):
        found = explained(f"instagram/zandhoven-{number}", "--study", place)
        assert found["primary"] == primary[f"zandhoven-{number}"]


def test_a_post_is_explained_by_the_codebook_of_its_study(study):
    (study.folder / "own.yaml").write_text(OWN_CODEBOOK, encoding="utf-8")
    file = study.folder / "study.toml"
    file.write_text(file.read_text(encoding="utf-8") + '\n[codebook]\nfile = "own.yaml"\n', encoding="utf-8")
    found = explained("instagram/zandhoven-2", "--study", study.folder)
    assert "our_fairy_tale" in {rule["rule"] for rule in found["rules"]}


def test_two_processes_give_the_same_codings(study, tmp_path):
    code(study)
    here = codings(study)
    with open_warehouse(study.working_warehouse) as con:
        con.execute("delete from fact_coding")
    done = CliRunner().invoke(code_command, [str(study.folder), "--processes", "2"], standalone_mode=False)
    assert done.exception is None
    assert codings(study) == here


def test_the_next_posts_are_read_while_some_are_coded():
    asked = [Event() for _ in range(4)]

    def frames() -> Iterator[int]:
        for number in range(1, 4):
            asked[number].set()
            yield number

    got = []
    for frame in _read_ahead(frames()):
        assert frame == 3 or asked[frame + 1].wait(10)
        got.append(frame)
    assert got == [1, 2, 3]


def test_codings_that_cannot_be_written_stop_the_coding(study, monkeypatch):
    def refuse(*_: object) -> None:
        raise WarehouseError("the disk is full")

    monkeypatch.setattr("audit.steps.code.load_codings", refuse)
    with pytest.raises(WarehouseError, match="the disk is full"):
        code(study)
    monkeypatch.undo()
    assert codings(study) == []
    assert code(study).posts == 8


def test_posts_that_cannot_be_read_stop_the_coding(study, monkeypatch):
    def refuse(*_: object, **__: object) -> Iterator[object]:
        raise WarehouseError("the file is cut")
        yield

    monkeypatch.setattr("audit.steps.code.units_to_code", refuse)
    with pytest.raises(WarehouseError, match="the file is cut"):
        code(study)


def test_rules_know_of_a_post_all_that_a_unit_may_say(study):
    with open_warehouse(study.working_warehouse) as con:
        units = next(iter(units_to_code(con, "rules", "another", most=100)))
    assert set(Unit._fields) - {"id"} == set(READ)
    assert set(READ) <= set(units.columns)


def test_processes_are_for_a_study():
    done = CliRunner().invoke(code_command, ["--input", "-", "--output", "-", "--processes", "2"])
    assert done.exit_code == 2
    assert "several processes code a STUDY" in done.output


def test_a_changed_codebook_codes_again_and_looks_for_no_language(study, monkeypatch):
    first = code(study).codebook_version
    (study.folder / "codebook.yaml").write_text(OWN_CODEBOOK, encoding="utf-8")
    with (study.folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write('[codebook]\nfile = "codebook.yaml"\n')
    asked: list[str] = []
    monkeypatch.setattr("classify.reader.detect", lambda text: asked.append(text) or "nl")
    again = code(Study.read(study.folder))
    assert again.posts == 8
    assert again.codebook_version != first
    assert asked == [""] * len(asked)  # only the post that says nothing has no language in the warehouse
    found = codings(study)
    assert {row[0] for row in found} == {first, again.codebook_version}
    tale = [row for row in found if row[1] == "zandhoven-2" and row[5] and row[3] == "theme"]
    assert [row[4] for row in tale if row[0] == again.codebook_version] == ["atmosphere"]
