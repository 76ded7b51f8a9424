"""Checking a list of accounts: every problem names file, line, value and expectation."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.accounts import COLUMNS, read_accounts
from crawler.discover.checking import Problem, check_accounts
from crawler.errors import StudyError
from crawler.registry import Institution, read_registry

HEADER = ",".join(COLUMNS)
REGISTRY = [
    Institution(
        institution="ROC Waterkant",
        level="mbo",
        region="Friesland",
        website="https://www.rocwaterkant.example",
        also_known_as=("Waterkant College",),
    )
]


def row(**cells: str) -> str:
    given = {"institution": "ROC X", "level": "mbo", "platform": "instagram", "account": "rocx"} | cells
    return ",".join(given.get(name, "") for name in COLUMNS)


def check(tmp_path: Path, *rows: str) -> list[Problem]:
    path = tmp_path / "accounts.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return check_accounts(path, REGISTRY)[1]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            {"account": "roc..x"},
            "account is 'roc..x', which instagram does not allow; expected at most 30 letters",
        ),
        ({"account": ".rocx"}, "account is '.rocx', which instagram does not allow"),
        (
            {"account": "https://www.instagram.com/p/C1/"},
            "account 'https://www.instagram.com/p/C1/' is no instagram account; expected a handle",
        ),
        ({"account": "explore"}, "account is 'explore', a page of instagram itself"),
        ({"account": "roc voorbeeld"}, "account 'roc voorbeeld' is no instagram account; expected a handle"),
        (
            {"platform": "tiktok", "account": "1234"},
            "account is '1234', which tiktok does not allow; expected 2 to 24",
        ),
        ({"platform": "tiktok", "account": "x"}, "account is 'x', which tiktok does not allow"),
        ({"platform": "tiktok", "account": "rocx."}, "account is 'rocx.', which tiktok does not allow"),
        (
            {"platform": "youtube", "account": "@x"},
            "account is '@x', which youtube does not allow; expected @ and 3 to 30",
        ),
        ({"platform": "youtube", "account": "@" + "x" * 31}, "which youtube does not allow"),
        ({"platform": "linkedin", "account": "-rocx"}, "account is '-rocx', which linkedin does not allow"),
        ({"platform": "myspace"}, "platform is 'myspace'; expected one of instagram"),
        ({"level": "wo"}, "level is 'wo'; expected one of mbo, hbo"),
        ({"scope": "faculty"}, "scope is 'faculty'; expected one of central, programme"),
        (
            {"scope": "programme"},
            "scope is 'programme' and programme is empty; expected the programme's name",
        ),
        ({"programme": "Bouw"}, "programme is 'Bouw' and scope 'central'; expected scope 'programme'"),
        (
            {"website": "https://www.instagram.com/rocx"},
            "website is 'https://www.instagram.com/rocx', an address of",
        ),
        (
            {"website": "http://192.168.1.1"},
            "website is 'http://192.168.1.1': 192.168.1.1 is a private address",
        ),
        ({"website": "niet bekend"}, "website is 'niet bekend': 'https://niet bekend' names no host"),
        ({"account": ""}, "account is empty"),
    ],
)
def test_an_error_of_one_line_is_told(tmp_path: Path, cells: dict[str, str], told: str) -> None:
    problems = check(tmp_path, row(account="anders"), row(**cells))
    errors = [one for one in problems if one.grave]
    assert [one.line for one in errors] == [3]
    assert errors[0].sentence.startswith("accounts.csv line 3: ")
    assert told in errors[0].sentence


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"region": "Zuid Holland"}, "region is 'Zuid Holland'; did you mean Zuid-Holland?"),
        ({"region": "Randstad"}, "region is 'Randstad'; expected one of Drenthe"),
        (
            {"account": "rocx.verpleegkunde"},
            "with scope 'central', but 'verpleegkunde' in its name seems a programme",
        ),
        ({"account": "rocxstudenten"}, "with run_by 'institution', but its name seems students'"),
    ],
)
def test_a_warning_of_one_line_is_told(tmp_path: Path, cells: dict[str, str], told: str) -> None:
    problems = check(tmp_path, row(**cells))
    assert [(one.line, one.grave) for one in problems] == [(2, False)]
    assert told in problems[0].sentence


@pytest.mark.parametrize(
    ("first", "second", "grave", "told"),
    [
        ({}, {}, True, "account is 'rocx', which line 2 has already; expected each account once"),
        ({}, {"account": "https://instagram.com/RocX/"}, True, "account is 'rocx', which line 2 has already"),
        (
            {"platform": "youtube", "account": "@RocX"},
            {"platform": "youtube", "account": "rocx"},
            True,
            "account is '@rocx', which line 2 has already, otherwise spelled ('@RocX')",
        ),
        (
            {},
            {"institution": "Hogeschool Y", "level": "hbo"},
            True,
            "account is 'rocx' of Hogeschool Y, which line 2 gives to ROC X; expected one institution",
        ),
        (
            {},
            {"account": "roc_x"},
            False,
            "account is 'roc_x', which differs from line 2 only in dots and dashes",
        ),
        (
            {"platform": "youtube", "account": "@rocx"},
            {"platform": "youtube", "account": "UC1234567890abcdefghij_-"},
            False,
            "line 2 may be the same channel, otherwise written",
        ),
        ({}, {"account": "b", "level": "hbo"}, True, "level is 'hbo'; line 2 has 'mbo' for ROC X"),
        (
            {"place": "Urk"},
            {"account": "b", "place": "Sneek"},
            False,
            "place is 'Sneek'; line 2 has 'Urk' for ROC X",
        ),
        (
            {},
            {"account": "b", "institution": "Roc X"},
            False,
            "institution is 'Roc X'; line 2 spells it 'ROC X'",
        ),
    ],
)
def test_two_lines_are_held_against_each_other(
    tmp_path: Path, first: dict[str, str], second: dict[str, str], grave: bool, told: str
) -> None:
    problems = check(tmp_path, row(**first), row(**second))
    assert [(one.line, one.grave) for one in problems] == [(3, grave)]
    assert told in problems[0].sentence


def test_the_registry_is_a_reason_to_look_and_no_more(tmp_path: Path) -> None:
    cells = {"institution": "Waterkant College", "region": "Drenthe", "website": "https://anders.example"}
    problems = check(tmp_path, row(level="hbo", **cells))
    assert not any(one.grave for one in problems)
    told = " ".join(one.sentence for one in problems)
    assert "level is 'hbo'; the registry, which is unverified, has 'mbo' for ROC Waterkant" in told
    assert "region is 'Drenthe'; the registry, which is unverified, has 'Friesland'" in told
    assert "website is 'https://anders.example'; the registry" in told


def test_an_empty_list_is_an_error_and_no_list_at_all_is_another(tmp_path: Path) -> None:
    assert [one.sentence for one in check(tmp_path)] == ["accounts.csv lists no account"]
    (tmp_path / "other.csv").write_text("naam\nx\n")
    with pytest.raises(StudyError, match="has no column institution"):
        check_accounts(tmp_path / "other.csv")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "has no column institution, level, platform, account; it has none"),
        (b"\x8d\r\x02\r\n\x91;;\x00", "has no column|line 1: "),
        (b"\xff\xfei", "has no column"),
        (b'"institution,level\n', "line 1: unexpected end of data; expected a CSV file with a header"),
        (b"institution,level,level,platform,account\nX,mbo,hbo,tiktok,xx\n", "has the column 'level' twice"),
        (
            b"institution,level,platform,account,opmerking\nX,mbo,tiktok,xx,y\n",
            "has a column 'opmerking' that is not known",
        ),
    ],
)
def test_a_file_that_is_no_list_is_told_as_such(tmp_path: Path, body: bytes, told: str) -> None:
    (tmp_path / "lijst.csv").write_bytes(body)
    with pytest.raises(StudyError, match=f"lijst.csv.*({told})"):
        check_accounts(tmp_path / "lijst.csv")


def test_a_file_without_lines_fills_no_screen(tmp_path: Path) -> None:
    (tmp_path / "lijst.csv").write_bytes(b"\x1b[31m" + b"x" * 100_000)
    with pytest.raises(StudyError) as error:
        check_accounts(tmp_path / "lijst.csv")
    assert len(str(error.value)) < 500
    assert "\x1b" not in str(error.value)


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"cannot be read: .*expected a CSV file"):
        check_accounts(tmp_path)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_no_list(body: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lijst.csv"
        path.write_bytes(HEADER.encode() + b"\n" + body)
        try:
            check_accounts(path)
            path.write_bytes(body)
            check_accounts(path)
        except StudyError as error:
            assert "lijst.csv" in str(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [("ROC X,mbo,tiktok,rocx,extra\n", 2), ('ROC X,mbo,tiktok,rocx\n"ROC X,mbo,tik', 3), ("ROC X\n", 2)],
)
def test_a_row_that_is_cut_or_too_wide_is_told(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text("institution,level,platform,account\n" + text)
    problems = check_accounts(path)[1]
    assert [(one.line, one.grave) for one in problems] == [(line, True)]


def test_many_problems_are_all_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    problems = check(tmp_path, *(row(account=f"a{number}", level="wo") for number in range(40)))
    assert [one.line for one in problems] == list(range(2, 42))


def test_the_demo_studys_list_is_sound() -> None:
    demo = Path(__file__).parents[2] / "examples/demo/accounts.csv"
    accounts, problems = check_accounts(demo, read_registry())
    assert accounts == read_accounts(demo)
    assert problems == []
