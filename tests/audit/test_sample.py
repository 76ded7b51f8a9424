"""Hand coding from draw to corrected share: sheets as coders open them, filled rightly and wrongly, read back."""

from __future__ import annotations

import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit.sheets.reading import read_workbook
from audit.sheets.sampled import SampleOf, find_agreed, find_disputed, find_settled_by_hand
from audit.steps.sample import draw, keep, open_sample, read_files, read_sample
from audit.study import Study
from classify.codebook_file import default_codebook
from classify.errors import SampleError
from tests.audit.studies import Seen, Told, make_study
from tests.crawler.study import uitzicht as command
from warehouse import run
from warehouse.db import open_warehouse, sql
from warehouse.errors import WarehouseError
from warehouse.sampling import load_agreed

KINDS = (
    Told(themes=("labour_market",), text="=Straks een startsalaris van 2.600 euro"),
    Told(themes=("atmosphere", "programme"), text="Wat een feest\x0b met z'n allen"),
    Told(themes=("open_day",), text="Kom naar de open dag"),
    Told(themes=("other",), text="+31 6 bel ons"),
)
SIZE = 80
Truth = Callable[[str], tuple[str, ...]]


def schools() -> list[Seen]:
    """Return eight schools of 30 posts each, of all kinds, by a throw of dice that is always the same."""
    rng = random.Random(5)  # noqa: S311
    return [
        Seen(
            institution=f"School {number}",
            level="mbo" if number % 2 else "hbo",
            platform="tiktok" if number % 3 == 0 else "instagram",
            account=f"school{number}",
            posts=tuple(rng.choice(KINDS) for _ in range(30)),
        )
        for number in range(8)
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_study(tmp_path_factory.mktemp("made") / "studie", schools()).folder


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Study:
    return Study.read(Path(shutil.copytree(made, tmp_path / "studie")))


def sheet_of(path: Path) -> tuple[Worksheet, dict[str, int]]:
    page = load_workbook(path).worksheets[0]
    return page, {str(cell.value): place for place, cell in enumerate(page[2], 1)}


def fill(path: Path, truth: Truth, *, but: dict[int, dict[str, str]] | None = None) -> None:
    """Fill the sheet as a coder would: `truth` gives each unit's themes, the primary first; `but` overrides rows."""
    book = load_workbook(path)
    page = book.worksheets[0]
    columns = {str(cell.value): place for place, cell in enumerate(page[2], 1)}
    for row in range(3, page.max_row + 1):
        themes = truth(str(page.cell(row, columns["unit"]).value))
        values = {f"theme.{theme}": "ja" for theme in themes} | {
            "primary": themes[0],
            "audience.community": "ja",
        }
        for key, value in (values | (but or {}).get(row, {})).items():
            page.cell(row, columns[key]).value = value or None
    book.save(path)


def themes_of(study: Study) -> dict[str, tuple[str, ...]]:
    """Return what the rules said of each unit, the primary theme first."""
    with open_warehouse(study.working_warehouse) as con:
        rows = con.execute(
            "select platform || '/' || post_id, list(code order by is_primary desc) from codings"
            " where coder = 'rules' and dimension = 'theme' group by 1"
        ).fetchall()
    return {unit: tuple(codes) for unit, codes in rows}


def fill_and_read(study: Study, truths: dict[str, Truth]) -> SampleOf:
    coders = list(truths)
    done = command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", ",".join(coders))
    assert done.returncode == 0, done.stderr
    paths = [
        study.folder / ("coding.xlsx" if len(coders) == 1 else f"coding-{coder}.xlsx") for coder in coders
    ]
    for path, truth in zip(paths, truths.values(), strict=True):
        fill(path, truth)
    sample = open_sample(study)
    return keep(study, sample, read_files(study, sample, paths))


def test_a_sheet_is_blind_safe_and_offers_choices(study: Study) -> None:
    done = command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", "anna,ben")
    assert done.returncode == 0, done.stderr
    path = study.folder / "coding-anna.xlsx"
    book = load_workbook(path)
    page, columns = sheet_of(path)
    assert book.sheetnames == ["Coderen", "Codeboek", "Over"]
    assert page.freeze_panes == "D3"
    rows = range(3, page.max_row + 1)
    assert len(rows) == SIZE
    for row in rows:
        for key, place in columns.items():
            cell = page.cell(row, place)
            assert cell.data_type != "f"
            assert cell.value is None or cell.number_format == "@"
            if key not in (
                "place",
                "unit",
                "platform",
                "posted_at",
                "url",
                "title",
                "text",
                "alt_text",
                "transcript",
            ):
                assert cell.value is None, f"{key} tells of the prediction"
    texts = [page.cell(row, columns["text"]) for row in rows]
    risky = [cell for cell in texts if str(cell.value).startswith(("=", "+"))]
    assert len(risky) > 5
    assert all(cell.quotePrefix for cell in risky)
    lists = {rule.formula1: rule.sqref for rule in page.data_validations.dataValidation}
    assert set(lists) == {'"ja"', "'Codeboek'!$C$2:$C$7"}
    names = [book["Codeboek"].cell(row, 3).value for row in range(2, 8)]
    assert names[0] == "arbeidsmarktperspectief"
    assert str(book["Codeboek"]["D2"].value).startswith("Vertelt naar welk werk")
    assert book["Codeboek"].row_dimensions[2].height > 100  # not all spreadsheets make room by themselves
    order = [str(page.cell(row, columns["unit"]).value) for row in rows]
    strata = [themes_of(study)[unit][0] for unit in order]
    assert sum(one != other for one, other in pairwise(strata)) > SIZE / 3


def test_the_same_seed_draws_the_same_posts_with_the_chances_it_says(study: Study) -> None:
    first = draw(study, size=SIZE, seed=4, coders=["anna"])
    again = draw(study, size=SIZE, seed=4, coders=["anna"])
    assert first.units["unit"].tolist() == again.units["unit"].tolist()
    with pytest.raises(SampleError, match="another --name"):
        draw(study, size=SIZE - 5, seed=4, coders=["anna"])
    other = draw(study, size=SIZE, seed=5, coders=["anna"])
    assert first.units["unit"].tolist() != other.units["unit"].tolist()
    with open_warehouse(study.working_warehouse) as con:
        rows = con.execute(
            "select stratum, any_value(population), count(*), any_value(drawn), any_value(inclusion_probability),"
            " count(distinct inclusion_probability) from fact_sample where sample = 'sample-4' group by stratum"
        ).fetchall()
        posts = con.execute("select count(*) from posts").fetchone()
    assert sum(row[1] for row in rows) == (posts or (0,))[0]
    for _, population, counted, drawn, chance, chances in rows:
        assert (counted, chances) == (drawn, 1)
        assert drawn >= min(2, population)
        assert chance == pytest.approx(drawn / population)


def test_posts_are_shared_or_divided(study: Study) -> None:
    sample = draw(study, size=SIZE, seed=1, coders=["anna", "ben"], shared=20)
    assert len(sample.assigned("anna")) == len(sample.assigned("ben")) == 20 + (SIZE - 20) // 2
    assert sum(len(coders) == 2 for coders in sample.units["coders"]) == 20


@pytest.mark.parametrize(
    ("size", "coders", "said"),
    [(10_000, ["anna"], "at most 240"), (3, ["anna"], "at least"), (SIZE, ["settled"], "'settled'")],
)
def test_a_sample_that_cannot_be_drawn_is_one_sentence(
    study: Study, size: int, coders: list[str], said: str
) -> None:
    with pytest.raises(SampleError, match=said):
        draw(study, size=size, seed=1, coders=coders)


def test_five_wrong_cells_are_named_and_nothing_is_kept(study: Study) -> None:
    draw_it = command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", "anna")
    assert draw_it.returncode == 0, draw_it.stderr
    path = study.folder / "coding.xlsx"
    wrong: dict[int, dict[str, str]] = {
        5: {"theme.open_day": "misschien"},
        6: {"theme.other": "", "theme.programme": "", "theme.atmosphere": "ja", "primary": "open dag"},
        7: {"theme.atmosphere": "ja", "theme.other": "ja", "primary": "sfeer"},
        8: {"labour.salary": "ja"},
        9: {"unit": "instagram/verzonnen"},
    }
    fill(path, lambda unit: ("atmosphere",), but=wrong)
    columns = sheet_of(path)[1]
    letters = {key: _letter(place) for key, place in columns.items()}
    done = command("sample", "read", study.folder, path)
    assert done.returncode == 1
    sentences = [line for line in done.stderr.splitlines() if line.startswith("Wrong: ")]
    assert sentences == [
        f"Wrong: coding.xlsx, sheet Coderen, cell {letters['theme.open_day']}5 is 'misschien'; "
        "expected 'ja', 'yes' or empty.",
        f"Wrong: coding.xlsx, sheet Coderen, cell {letters['primary']}6 is 'open dag'; "
        "expected one of the themes given, atmosphere.",
        f"Wrong: coding.xlsx, sheet Coderen, cell {letters['theme.other']}7 is 'ja'; "
        "expected empty, beside atmosphere.",
        f"Wrong: coding.xlsx, sheet Coderen, cell {letters['labour.salary']}8 is 'ja'; "
        "expected empty, for theme.labour_market is not given.",
        f"Wrong: coding.xlsx, sheet Coderen, cell {letters['unit']}9 is 'instagram/verzonnen'; "
        "expected a post of this sample, as written.",
    ]
    assert open_sample(study).answers("anna") == {}
    partly = command("sample", "read", study.folder, path, "--partial")
    assert partly.returncode == 3
    assert len(open_sample(study).answers("anna")) == SIZE - 5


def test_a_post_that_stands_in_a_sheet_twice_is_not_kept_from_either_row(study: Study) -> None:
    command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", "anna")
    path = study.folder / "coding.xlsx"
    page, columns = sheet_of(path)
    twice = str(page.cell(9, columns["unit"]).value)
    fill(path, lambda unit: ("atmosphere",), but={8: {"unit": twice, "theme.open_day": "ja"}})
    done = command("sample", "read", study.folder, path, "--partial")
    assert done.returncode == 3
    assert (
        f"{_letter(columns['unit'])}9 is '{twice}'; expected a post that stands in the sheet once"
        in done.stderr
    )
    answers = open_sample(study).answers("anna")
    assert twice not in answers
    assert len(answers) == SIZE - 2


def test_a_sample_that_is_not_there_is_told_in_one_sentence(study: Study) -> None:
    none = command("sample", "status", study.folder)
    assert (
        none.stderr.strip() == "uitzicht: no sample has been drawn yet; expected uitzicht sample draw first"
    )
    command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", "anna")
    other = command("sample", "status", study.folder, "--name", "second")
    assert other.stderr.strip() == "uitzicht: there is no sample 'second'; expected one of sample-1"


def _letter(place: int) -> str:
    return ("" if place <= 26 else chr(64 + (place - 1) // 26)) + chr(65 + (place - 1) % 26)


def test_a_half_filled_sheet_and_a_file_that_is_none(study: Study, tmp_path: Path) -> None:
    command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", "anna")
    path = study.folder / "coding.xlsx"
    empty = command("sample", "read", study.folder, path)
    assert (empty.returncode, "80 posts not coded" in empty.stderr) == (1, True)
    other = tmp_path / "ander.xlsx"
    other.write_bytes(b"geen werkboek")
    done = command("sample", "read", study.folder, other)
    assert done.returncode == 1
    assert "ander.xlsx cannot be read as a workbook" in done.stderr
    with zipfile.ZipFile(path) as sheet, zipfile.ZipFile(other, "w") as spoilt:
        for name in sheet.namelist():
            spoilt.writestr(name, re.sub(rb' s="\d+"', b' s="9999"', sheet.read(name)))
    with pytest.raises(SampleError, match=r"ander\.xlsx cannot be read as a workbook"):
        read_workbook(other, default_codebook(), ())


def test_what_coders_agree_on_is_settled_and_the_rest_is_asked(study: Study) -> None:
    rules = themes_of(study)
    disputed = set(list(rules)[::7])
    sample = fill_and_read(
        study,
        {
            "anna": lambda unit: rules[unit],
            "ben": lambda unit: ("other",) if unit in disputed else rules[unit],
        },
    )
    differ = {unit for unit in sample.units["unit"] if unit in disputed and rules[unit] != ("other",)}
    assert set(find_disputed(sample)) == differ
    assert set(find_agreed(sample)) == set(sample.units["unit"]) - differ == set(sample.answers("settled"))
    assert set(run(study.warehouse, "share_of_posts")["correction"]) == {"uncorrected"}
    path = study.folder / "settle.xlsx"
    written = command("sample", "settle", study.folder, "--output", path)
    assert written.returncode == 0, written.stderr
    page, columns = sheet_of(path)
    answers = {str(page.cell(row, columns["answers"]).value) for row in range(3, page.max_row + 1)}
    assert page.max_row - 2 == len(differ)
    assert all("anna: " in text and "ben: OTHER" in text for text in answers)
    assert page.cell(3, columns["audience.community"]).value == "ja"
    fill(
        path,
        lambda unit: ("programme",),
        but={row: {"theme.other": ""} for row in range(3, page.max_row + 1)},
    )
    read = command("sample", "settle", study.folder, path)
    assert read.returncode == 0, read.stderr
    settled = open_sample(study).answers("settled")
    assert len(settled) == SIZE
    assert all(settled[unit].primary == "programme" for unit in differ)
    status = command("sample", "status", study.folder)
    assert "0 to be settled" in status.stdout
    assert set(run(study.warehouse, "share_of_posts")["correction"]) == {"corrected"}
    assert "ben against anna" in status.stdout
    assert "rules against settled" in status.stdout


def test_what_was_agreed_on_stays_where_the_next_cannot_be_kept(study: Study) -> None:
    truth = themes_of(study).__getitem__
    sample = fill_and_read(study, {"anna": truth, "ben": truth})
    assert len(sample.answers("settled")) == SIZE
    rows = sample.codings[sample.codings["coder"] == "settled"].assign(
        score=None, codebook_version=sample.codebook_version
    )
    with open_warehouse(study.working_warehouse) as con:
        with pytest.raises(WarehouseError, match="has 0 primary themes by settled"):
            load_agreed(con, sample.name, rows.assign(is_primary=False))
        assert len(read_sample(con).answers("settled")) == SIZE


@pytest.mark.parametrize(
    ("evidence", "by_hand"),
    [
        ('[{"settled": "agreed"}]', set()),
        ('[{"remark": "we agreed on this by telephone"}]', {"tiktok/1"}),
        (None, {"tiktok/1"}),
    ],
)
def test_a_remark_makes_no_agreement(evidence: str | None, by_hand: set[str]) -> None:
    key = {"post_key": [1], "version": [1]}
    answer = {"coder": ["settled"], "dimension": ["theme"], "code": ["other"], "is_primary": [True]}
    sample = SampleOf(
        name="s",
        codebook_version="v",
        coders=("anna",),
        units=pd.DataFrame(key | {"unit": ["tiktok/1"]}),
        codings=pd.DataFrame(key | answer | {"evidence": [evidence]}),
    )
    assert find_settled_by_hand(sample) == by_hand


def test_shares_are_corrected_by_what_was_settled(study: Study) -> None:
    before = run(study.warehouse, "share_of_posts", by=["level"])
    assert set(before["correction"]) == {"uncorrected"}
    assert before["corrected"].isna().all()
    rules = themes_of(study)
    missed = {
        unit for number, unit in enumerate(sorted(rules)) if number % 3 and rules[unit] == ("open_day",)
    }
    sample = fill_and_read(
        study, {"anna": lambda unit: ("labour_market",) if unit in missed else rules[unit]}
    )
    found = run(study.warehouse, "share_primary", by=["level"]).set_index(["level", "code"])
    assert set(found["correction"]) == {"corrected"}
    with open_warehouse(study.working_warehouse) as con:
        drawn = (
            con.execute("select * from fact_sample")
            .df()
            .merge(sample.units[["post_key", "unit"]], on="post_key")
        )
    for level in ("mbo", "hbo"):
        own = drawn[drawn["stratum"].str.endswith(level)]
        added = sum(1 / row.inclusion_probability for row in own.itertuples() if row.unit in missed)
        posts = int(found.loc[(level, "labour_market"), "n_posts"])
        for code, sign in (("labour_market", 1), ("open_day", -1)):
            row = found.loc[(level, code)]
            assert row["corrected"] == pytest.approx((row["n_carrying"] + sign * added) / posts, abs=1e-9)
            assert row["corrected_low"] <= row["corrected"] <= row["corrected_high"]
            assert row["n_coded"] == len(own)
        assert found.loc[level]["corrected"].sum() == pytest.approx(1, abs=1e-9)
    few = run(study.warehouse, "share_primary", by=["institution"])
    assert set(few["correction"]) == {"uncorrected"}
    assert set(run(study.warehouse, "share_primary", coder="anna")["correction"]) == {"uncorrected"}


def test_label_studio_gets_tasks_and_gives_answers(study: Study) -> None:
    options = ("--size", str(SIZE), "--coders", "anna", "--format", "label-studio")
    done = command("sample", "draw", study.folder, *options)
    assert done.returncode == 0, done.stderr
    path = study.folder / "coding.json"
    tasks = json.loads(path.read_text(encoding="utf-8"))
    config = ET.fromstring(path.with_suffix(".xml").read_text(encoding="utf-8"))  # noqa: S314 - we wrote it
    controls = {node.get("name"): [choice.get("alias") for choice in node] for node in config.iter("Choices")}
    assert list(controls) == ["theme", "primary", "labour", "sector", "audience", "unsure"]
    assert {node.get("value") for node in config.iter("Text")} <= {f"${key}" for key in tasks[0]["data"]}
    assert "labour_market" not in path.read_text(encoding="utf-8")
    for task in tasks:
        task["annotations"] = [
            {
                "result": list(
                    _result({"theme": ["programme"], "primary": ["programme"], "audience": ["current"]})
                )
            }
        ]
    tasks[3]["annotations"][0]["result"] += list(_result({"sector": ["ruimtevaart"]}))
    tasks[4]["annotations"][0]["was_cancelled"] = True
    path.write_text(json.dumps(tasks), encoding="utf-8")
    wrong = command("sample", "read", study.folder, path)
    assert wrong.returncode == 1
    assert "coding.json, task 4, sector is 'ruimtevaart'; expected one of health, " in wrong.stderr
    assert "1 wrong cell, 1 post not coded" in wrong.stderr
    assert command("sample", "read", study.folder, path, "--partial").returncode == 3
    answers = open_sample(study).answers("anna")
    assert len(answers) == SIZE - 2
    assert {answer.primary for answer in answers.values()} == {"programme"}


def _result(chosen: dict[str, list[str]]) -> Iterable[dict[str, object]]:
    for name, choices in chosen.items():
        yield {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": choices}}


def test_posts_nobody_coded_yet_are_stood_for_by_those_of_their_stratum(study: Study) -> None:
    rules = themes_of(study)
    sample = draw(study, size=SIZE, seed=1, coders=["anna"])
    half = set(sample.units["unit"].tolist()[: SIZE // 2])
    done = command("sample", "draw", study.folder, "--size", str(SIZE), "--coders", "anna")
    assert done.returncode == 0, done.stderr
    path = study.folder / "coding.xlsx"
    page, columns = sheet_of(path)
    rest = {
        row: {key: "" for key in columns if key.startswith(("theme.", "audience.")) or key == "primary"}
        for row in range(3, page.max_row + 1)
        if page.cell(row, columns["unit"]).value not in half
    }
    fill(path, lambda unit: rules[unit], but=rest)
    assert command("sample", "read", study.folder, path, "--partial").returncode == 3
    with open_warehouse(study.working_warehouse) as con:
        weights = con.execute(sql("samples/asked_weights.sql")).df()
    assert len(weights) == SIZE // 2
    assert weights["weight"].sum() == pytest.approx(len(rules), abs=1e-6)
    found = run(study.warehouse, "share_of_posts")
    assert found["corrected"].tolist() == pytest.approx(found["share"].tolist(), abs=1e-9)
