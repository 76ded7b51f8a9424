from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from audit.cli import uitzicht
from audit.exits import Exit
from tests.warehouse.conftest import MadeStudy
from tests.warehouse.making import feed, post, write_feed
from warehouse import find_queries, run, write_answer
from warehouse.errors import QueryError, WarehouseError

STUDY = 'title = "Proef"\nsince = 2025-01-01\n'
ACCOUNTS = "institution,level,platform,account\nSchool A,mbo,instagram,schoola\n"


def ask(*words: object) -> Result:
    return CliRunner().invoke(uitzicht, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "accounts.csv").write_text(ACCOUNTS)
    write_feed(tmp_path / "feeds", feed("schoola", [post("1", "schoola"), post("2", "schoola")]))
    return tmp_path


def test_load_says_what_it_did_and_a_second_time_that_there_was_nothing(folder: Path) -> None:
    first = ask("load", folder)
    assert first.exit_code == 0, first.output
    assert "1 feed loaded, 0 known already, 0 refused; 2 new posts" in first.output
    second = ask("load", folder)
    assert "0 feeds loaded, 1 known already, 0 refused; 0 new posts" in second.output
    assert (folder / "warehouse.duckdb").is_file()


def test_load_names_a_bad_feed_and_exits_with_partial(folder: Path) -> None:
    (folder / "feeds" / "crawl-1" / "tiktok-x.jsonl.gz").write_bytes(b"x")
    result = CliRunner().invoke(uitzicht, ["load", str(folder)], standalone_mode=False)
    assert result.return_value == Exit.PARTIAL
    assert "Refused:" in result.output
    assert "tiktok-x.jsonl.gz: Input is not a GZIP stream" in result.output.replace("\n", "")


def test_query_writes_every_format(study: MadeStudy, tmp_path: Path) -> None:
    words = (
        "query",
        "share_of_posts",
        "--study",
        study.warehouse,
        "--by",
        "level,platform",
        "--code",
        "labour_market",
    )
    expected = run(study.warehouse, "share_of_posts", by=["level", "platform"], code="labour_market")
    rows = json.loads(CliRunner().invoke(uitzicht, [*map(str, words), "--format", "json"]).stdout)
    assert [row["n_posts"] for row in rows] == expected["n_posts"].tolist()
    for shape, read in (("csv", pd.read_csv), ("parquet", read_parquet)):
        path = tmp_path / f"answer.{shape}"
        assert ask(*words, "--format", shape, "--output", path).exit_code == 0
        found = read(path)
        assert found.columns.tolist() == expected.columns.tolist()
        assert found["share"].tolist() == pytest.approx(expected["share"].tolist())
    assert (tmp_path / "answer.csv").read_bytes().startswith(b"\xef\xbb\xbflevel,platform,code")


def read_parquet(path: Path) -> pd.DataFrame:
    with duckdb.connect() as con:
        return con.execute("from read_parquet(?)", [str(path)]).df()


def test_query_takes_the_format_from_the_name_of_the_file(study: MadeStudy, tmp_path: Path) -> None:
    words = ("query", "share_of_posts", "--study", study.warehouse, "--output")
    assert ask(*words, tmp_path / "answer.json").exit_code == 0
    assert len(json.loads((tmp_path / "answer.json").read_text())) == 6
    assert ask(*words, tmp_path / "answer.txt").exit_code == 0
    assert (tmp_path / "answer.txt").read_text().split()[:2] == ["code", "n_posts"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("no/answer.csv", "cannot be written: "),
        ("no/answer.parquet", "cannot be written: "),
        ("answer.xlsx", "would be a workbook; make one with: uitzicht export"),
    ],
)
def test_query_says_that_a_file_cannot_be_written(
    study: MadeStudy, tmp_path: Path, name: str, sentence: str
) -> None:
    result = ask("query", "share_of_posts", "--study", study.warehouse, "--output", tmp_path / name)
    assert isinstance(result.exception, WarehouseError)
    assert sentence in str(result.exception)


def test_query_brackets_figures_that_stand_on_too_few(study: MadeStudy) -> None:
    words = ("query", "share_of_posts", "--study", study.warehouse, "--by", "level")
    out = ask(*words, "--since", "2026-11-15").stdout
    assert "(" in out.splitlines()[1]
    assert " %)" in out.splitlines()[1]
    plenty = ask(*words).stdout
    assert "(" not in plenty.splitlines()[1]
    assert " %" in plenty.splitlines()[1]


def test_query_names_the_accounts_left_out(study: MadeStudy) -> None:
    result = CliRunner().invoke(uitzicht, ["query", "share_of_posts", "--study", str(study.warehouse)])
    assert "Left out, 7 accounts: " in result.stderr.replace("\n", " ")
    assert "(blocked)" in result.stderr
    assert "Left out" not in result.stdout
    assert "--coverage all" not in result.stderr


def test_query_says_how_to_count_accounts_where_all_are_left_out(folder: Path) -> None:
    write_feed(folder / "feeds", feed("schoola", [post("1", "schoola")], outcome="partial"))
    assert ask("load", folder).exit_code == Exit.SUCCESS
    told = ask("query", "share_of_posts", "--study", folder)
    assert "With --coverage all they count too." in " ".join(told.stderr.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["share_of_post"], "the nearest is 'share_of_posts'"),
        (["share_of_posts", "--by", "levle"], "the nearest is 'level'"),
        (["share_of_posts", "--where", "tiktok"], "--where is 'tiktok'; expected NAME=VALUE"),
        (["share_of_posts", "--format", "parquet"], "parquet is not for a terminal; add --output FILE"),
    ],
)
def test_query_errors_are_sentences(study: MadeStudy, words: list[str], sentence: str) -> None:
    result = ask("query", *words, "--study", study.warehouse)
    assert isinstance(result.exception, QueryError)
    assert sentence in str(result.exception)


def test_query_says_that_no_post_carries_a_code(study: MadeStudy) -> None:
    words = ["query", "share_of_posts", "--study", str(study.warehouse), "--code"]
    assert "No post counted here carries 'zzz'" in CliRunner().invoke(uitzicht, [*words, "zzz"]).stderr
    assert "No post" not in CliRunner().invoke(uitzicht, [*words, "labour_market"]).stderr


def test_query_asks_for_another_codebook(study: MadeStudy) -> None:
    words = ("query", "share_of_posts", "--study", study.warehouse, "--codebook-version")
    assert ask(*words, "1").exit_code == 0
    assert "codebook_version cannot be '2'; known are 1" in str(ask(*words, "2").exception)


def test_query_lists_every_query(study: MadeStudy) -> None:
    listed = ask("query", "--list").output.splitlines()
    assert [line.split()[0] for line in listed] == list(find_queries())


def test_check_passes_and_fails(study: MadeStudy, tmp_path: Path) -> None:
    good = CliRunner().invoke(uitzicht, ["warehouse", "check", str(study.warehouse)], standalone_mode=False)
    assert (good.return_value, "0 broken" in good.output) == (Exit.SUCCESS, True)
    shutil.copyfile(study.warehouse, tmp_path / "w.duckdb")
    with duckdb.connect(tmp_path / "w.duckdb") as con:
        con.execute("insert into fact_coding from fact_coding limit 1")
    bad = CliRunner().invoke(
        uitzicht, ["warehouse", "check", str(tmp_path / "w.duckdb")], standalone_mode=False
    )
    assert bad.return_value == Exit.FAILURE
    assert "BROKEN  A coder gives each code of a dimension to a unit once." in bad.output


def test_backup_and_restore_are_one_command_each(folder: Path) -> None:
    ask("load", folder)
    assert ask("warehouse", "backup", folder, folder / "saved.duckdb").exit_code == 0
    write_feed(folder / "feeds", feed("schoola", [post("3", "schoola")], crawl_id="crawl-2"))
    ask("load", folder)
    assert ask("warehouse", "restore", folder, folder / "saved.duckdb").exit_code == 0
    assert run(folder / "warehouse.duckdb", "counted")["n_posts_kept"].tolist() == [2]
    taken = ask("warehouse", "backup", folder, folder / "saved.duckdb")
    assert isinstance(taken.exception, WarehouseError)


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["=cmd|' /C calc'!A0", "+31", "@school", "gewoon"], "n": [-1, 2, 3, 4]})
    write_answer(frame, tmp_path / "a.csv", "csv")
    assert pd.read_csv(tmp_path / "a.csv")["text"].tolist() == [
        "'=cmd|' /C calc'!A0",
        "'+31",
        "'@school",
        "gewoon",
    ]
    assert pd.read_csv(tmp_path / "a.csv")["n"].tolist() == [-1, 2, 3, 4]


COMMANDS = [["load"], ["query"], ["warehouse"]]
COMMANDS += [["warehouse", name] for name in ("check", "publish", "backup", "restore")]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example(words: list[str]) -> None:
    help_text = ask(*words, "--help").output
    assert "Example" in help_text
    assert f"  uitzicht {' '.join(words)} " in help_text


def test_bounds_are_shown_as_what_they_bound() -> None:
    """A share's in per cent, a ratio's as a number."""
    shown = io.StringIO()
    write_answer(pd.DataFrame({"share": [0.5], "low": [0.25], "corrected_low": [0.2]}), shown, "table")
    write_answer(pd.DataFrame({"median_relative_engagement": [1.12], "low": [0.93]}), shown, "table")
    assert shown.getvalue().split() == [
        *("share", "low", "corrected_low", "50.0", "%", "25.0", "%", "20.0", "%"),
        *("median_relative_engagement", "low", "1.12", "0.93"),
    ]


def test_a_table_shows_nothing_for_what_is_missing_and_moments_to_the_second() -> None:
    moment = pd.Timestamp("2026-11-22 18:24:21.976723", tz="UTC")
    frame = pd.DataFrame(
        {
            "outcome": ["complete", None],
            "n_said": pd.array([39, None], dtype="Int64"),
            "started_at": [moment, pd.NaT],
        }
    )
    shown = io.StringIO()
    write_answer(frame, shown, "table")
    assert shown.getvalue().split() == [*frame.columns, "complete", "39", "2026-11-22T18:24:21Z"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("name", "first"), [("share_of_posts", "level"), ("coverage", "row")])
def test_a_table_is_folded_on_a_terminal(
    study: MadeStudy, monkeypatch: pytest.MonkeyPatch, name: str, first: str
) -> None:
    """What tells the rows apart comes first in each part, their numbers where that is too wide; nothing is lost."""
    monkeypatch.setenv("COLUMNS", "80")
    frame = run(study.warehouse, name, by=["level", "platform"] if first == "level" else [])
    frame = frame.replace({"institution": {"School 00": "Hogeschool voor " + "Zeer Lange Namen " * 2}})
    shown, whole = Terminal(), io.StringIO()
    write_answer(frame, shown, "table")
    write_answer(frame, whole, "table")
    assert max(map(len, shown.getvalue().splitlines())) <= 80
    parts = shown.getvalue().split("\n\n")
    assert (len(parts) > 1, {part.split()[0] for part in parts}) == (True, {first})
    assert set(whole.getvalue().split()) <= set(shown.getvalue().split())
