"""The study file and the list of accounts: what is wrong is named with place, value and expectation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.study import Study
from crawler.accounts import read_accounts, read_handle
from crawler.errors import StudyError
from crawler.routes import choose_routes

GOOD = 'title = "T"\nsince = 2025-09-01\n'


def study(folder: Path, text: str) -> Study:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return Study.read(folder)


def test_a_window_is_of_days_in_the_netherlands(tmp_path: Path) -> None:
    one = study(tmp_path, GOOD + "until = 2026-01-31\n")
    assert one.window_since == datetime(2025, 8, 31, 22, tzinfo=UTC)
    assert one.window_until == datetime(2026, 1, 31, 22, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = 'T'\n", "since is missing"),
        ("title = 'T'\nsince = 'gisteren'\n", "since is 'gisteren'"),
        (GOOD + "until = 2025-08-31\n", "until is 2025-08-31; expected since, 2025-09-01, or a later day"),
        (GOOD + "untill = 2026-01-01\n", "untill is not a key of a study file; did you mean until?"),
        (GOOD + "[crawl]\ndelay = -1\n", "crawl.delay is -1"),
        (GOOD + "[platforms.facebook]\n", "facebook is not a platform; expected one of instagram"),
        (GOOD + "[platforms.tiktok]\nlegal_grond = 'x'\n", "did you mean legal_ground?"),
        ("title = \n", "cannot be read"),
    ],
)
def test_a_wrong_study_file_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(StudyError, match=r"study\.toml") as error:
        study(tmp_path, text)
    assert told in str(error.value)


def test_a_study_file_that_is_not_utf8_is_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes("since = 2025-09-01\ntitle = 'Café'\n".encode("latin-1"))
    with pytest.raises(StudyError, match=r"study\.toml, line 2 is not UTF-8; save the file as UTF-8"):
        Study.read(tmp_path)


def test_a_folder_without_a_study_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="uitzicht init"):
        Study.read(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_accounts_are_read_as_spreadsheets_write_them(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "accounts.csv"
    lines = [
        "institution,level,platform,account",
        "Café College,mbo,instagram,https://www.instagram.com/Cafe.College/",
    ]
    path.write_bytes("\r\n".join(lines).replace(",", mark).encode(encoding))
    (account,) = read_accounts(path)
    assert (account.institution, account.account, account.scope) == (
        "Café College",
        "cafe.college",
        "central",
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A,mbo,facebook,a", "line 2: platform is 'facebook'; expected one of instagram"),
        ("A,vwo,instagram,a", "line 2: level is 'vwo'; expected one of mbo, hbo"),
        ("A,mbo,instagram,a b", "line 2: account 'a b' is no instagram account"),
        (",mbo,instagram,a", "line 2: institution is empty"),
        ("A,mbo,instagram,a\nA,mbo,instagram,@A", "line 3: repeats the account of line 2"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(f"institution,level,platform,account\n{row}\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        read_accounts(path)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("institution,level,platform", "has no column account"),
        ("institution,level,platform,account,regio", "region?"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, header: str, told: str) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(header + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        read_accounts(path)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("platform", "value", "handle"),
    [
        ("youtube", "https://www.youtube.com/channel/UC1234567890123456789012", "UC1234567890123456789012"),
        ("youtube", "rocvoorbeeld", "@rocvoorbeeld"),
        ("tiktok", "https://www.tiktok.com/@ROC.Voorbeeld?lang=nl", "roc.voorbeeld"),
        ("linkedin", "https://nl.linkedin.com/school/hogeschool-voorbeeld/posts/", "hogeschool-voorbeeld"),
        ("linkedin", "www.linkedin.com/company/roc-voorbeeld", "roc-voorbeeld"),
        ("instagram", "instagram.com/p.voorbeeld", "p.voorbeeld"),
        ("youtube", "m.youtube.com/@rocvoorbeeld", "@rocvoorbeeld"),
    ],
)
def test_a_handle_is_found_in_an_address(platform: str, value: str, handle: str) -> None:
    assert read_handle(platform, value) == handle  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("platform", "value"),
    [
        ("instagram", "https://www.tiktok.com/@rocvoorbeeld"),
        ("instagram", "https://www.facebook.com/rocvoorbeeld"),
        ("instagram", "https://www.notinstagram.com/rocvoorbeeld"),
        ("instagram", "https://www.instagram.com/p/Cabc123/"),
        ("instagram", "https://www.instagram.com/stories/rocvoorbeeld/"),
        ("instagram", "https://www.instagram.com/reel/Cabc123/"),
        ("youtube", "https://www.tiktok.com/@rocvoorbeeld"),
        ("linkedin", "https://[/company/x"),
    ],
)
def test_the_address_of_something_else_is_no_account(platform: str, value: str) -> None:
    """Read by its path alone, it is an account of that name on the wrong platform, or one called "p"."""
    with pytest.raises(
        StudyError, match=f"is no {platform} account; expected a handle or the address of its page"
    ):
        read_handle(platform, value)  # type: ignore[arg-type]


def test_a_ladder_begins_with_what_the_environment_allows(tmp_path: Path) -> None:
    one = study(tmp_path, GOOD + "[platforms.youtube]\nlegal_ground = 'DSA 40(12)'\n")
    with_key = choose_routes(one, "youtube", {"UITZICHT_YOUTUBE_API_KEY": "k"})
    without = choose_routes(one, "youtube", {})
    assert [route.name for route in with_key.usable] == ["data_api", "rss", "browse"]
    assert [route.name for route in without.usable] == ["rss", "browse"]
    assert "UITZICHT_YOUTUBE_API_KEY" in without.why_none


def test_an_unknown_route_is_named(tmp_path: Path) -> None:
    one = study(tmp_path, GOOD + "[platforms.tiktok]\nroutes = ['browsr']\n")
    with pytest.raises(StudyError, match="'browsr'; expected one of research_api, display_api, browser"):
        choose_routes(one, "tiktok", {})


def test_hosts_are_configuration(tmp_path: Path) -> None:
    one = study(tmp_path, GOOD + '[crawl]\nhosts = {"www.youtube.com" = "http://127.0.0.1:1/"}\n')
    assert one.origin("www.youtube.com", {}) == "http://127.0.0.1:1"
    assert (
        one.origin("www.youtube.com", {"UITZICHT_HOSTS": "www.youtube.com=http://127.0.0.1:2"})
        == "http://127.0.0.1:2"
    )
    assert one.origin("www.tiktok.com", {}) == "https://www.tiktok.com"


@pytest.mark.parametrize(
    "text",
    [
        "institution, level, platform, account\nA, mbo, instagram, een\n",
        " institution;level ;platform;account;;\nA;mbo;instagram;een;;\nB;hbo;tiktok;twee;;\n",
        "institution;level;platform;account\nA;mbo;instagram;een;;\n",
    ],
    ids=["spaces", "columns once used", "cells once used"],
)
def test_what_a_spreadsheet_leaves_around_cells_is_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(text, encoding="utf-8")
    first, *_ = read_accounts(path)
    assert (first.institution, first.level, first.account) == ("A", "mbo", "een")


def test_cells_beside_the_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("institution;level;platform;account;;\nA;mbo;instagram;een;;x\n", encoding="utf-8")
    with pytest.raises(StudyError, match="line 2: has more cells than the header has columns"):
        read_accounts(path)


def test_a_channel_is_listed_once_however_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    lines = ["institution,level,platform,account", "A,mbo,youtube,@RocDommel", "A,mbo,youtube,@rocdommel"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(StudyError, match="line 3: repeats the account of line 2"):
        read_accounts(path)
