"""`uitzicht accounts`: what a person types, reads and gets as files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from audit.commands import accounts as command_module
from audit.commands.accounts import command
from audit.exits import Exit
from crawler.accounts import COLUMNS, read_accounts
from crawler.discover.judging import Found
from crawler.discover.names import Speaker
from crawler.discover.table import write_accounts, write_remarks
from crawler.discover.visiting import SiteVisit
from crawler.discover.walking import Walker
from crawler.errors import StudyError
from crawler.registry import Institution, read_registry
from tests.accounts.guard import loopback_only  # noqa: F401
from tests.accounts.mocknet import Reply, page, serving
from tests.accounts.websites import PAGES, WEBSITES, whole_net

ICONS = "http://www.rocwaterkant.example/"


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the twelve websites in place of the internet, and time in place of waiting."""
    hostile = "<title>x</title><footer><a href='https://www.tiktok.com/@kwaad' title='\x1b[31m\u202erood'></a></footer>"
    neighbour = "<header><a href='https://www.instagram.com/rocwaterkant'>Onze buren</a></header>"
    raw = Reply(type="text/\x1b[31mrood")
    more = {
        "www.kwaad.example": {"/": page(hostile), "/rood": raw},
        "www.buren.example": {"/": page(neighbour)},
    }
    with serving({**PAGES, **more}) as net:
        monkeypatch.setattr(command_module, "Network", lambda: whole_net(net).network)
        monkeypatch.setattr(command_module, "Walker", lambda _, limits: Walker(_, replace(limits, delay=0.0)))
        yield


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words, standalone_mode=False)


def told(result: Result) -> str:
    return " ".join((result.output + str(result.exception or "")).split())


@pytest.mark.usefixtures("online")
def test_a_website_is_shown_and_written_as_a_study_reads_it(tmp_path: Path) -> None:
    path, remarks = tmp_path / "accounts.csv", tmp_path / "remarks.csv"
    words = ("discover", ICONS, "--name", "ROC Waterkant", "--level", "mbo", "--output", str(path))
    result = run(*words, "--remarks", str(remarks))
    assert result.return_value == Exit.SUCCESS
    assert "rocwaterkant" in result.output
    assert "0.85 sure" in result.output
    assert "linked in the footer (+0.70); its name carries 'rocwaterkant' (+0.15)" in told(result)
    accounts = read_accounts(path)
    assert {(one.platform, one.account, one.institution, one.level) for one in accounts} == {
        ("instagram", "rocwaterkant", "ROC Waterkant", "mbo"),
        ("tiktok", "rocwaterkant", "ROC Waterkant", "mbo"),
        ("youtube", "@rocwaterkant", "ROC Waterkant", "mbo"),
        ("linkedin", "roc-waterkant", "ROC Waterkant", "mbo"),
    }
    assert path.read_text().splitlines()[0] == ",".join(COLUMNS)
    with remarks.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["reasons"].startswith("linked in the footer")
    assert rows[-1]["remark"] == "linkedin: a share button, not an account (1 there)"


@pytest.mark.usefixtures("online")
def test_a_file_of_institutions_is_visited_whole_and_what_failed_is_told(tmp_path: Path) -> None:
    schools, path = tmp_path / "schools.csv", tmp_path / "accounts.csv"
    with schools.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["institution", "level", "place", "website"])
        rows.writerows(
            [one.institution.institution, one.institution.level, "", one.institution.website]
            for one in WEBSITES
        )
    result = run("discover", str(schools), "--output", str(path))
    assert result.return_value == Exit.PARTIAL
    expected = {account for one in WEBSITES for account in one.accounts}
    assert {(one.platform, one.account) for one in read_accounts(path)} == expected
    assert "not read, cookie wall: zuidkaap.example shows a cookie wall" in told(result)
    assert "not read, dead: www.oudemaas.example is no name that exists" in told(result)
    assert "12 websites: 7 read, 5 not; 21 accounts, and 8 that are too doubtful to list." in told(result)
    programme = next(one for one in read_accounts(path) if one.scope == "programme")
    assert (programme.account, programme.programme) == ("heuvelrug.verpleegkunde", "Verpleegkunde")


@pytest.mark.usefixtures("online")
def test_an_account_that_two_websites_name_is_written_once(tmp_path: Path) -> None:
    schools, path = tmp_path / "schools.csv", tmp_path / "accounts.csv"
    rows = f"Buren College,mbo,http://www.buren.example/\nROC Waterkant,mbo,{ICONS}\n"
    schools.write_text(f"institution,level,website\n{rows}")
    assert run("discover", str(schools), "--output", str(path)).return_value == Exit.SUCCESS
    assert {(one.account, one.institution) for one in read_accounts(path) if one.platform == "instagram"} == {
        ("rocwaterkant", "ROC Waterkant")
    }


@pytest.mark.usefixtures("online")
def test_nothing_that_a_website_sends_reaches_the_terminal_raw(tmp_path: Path) -> None:
    remarks = tmp_path / "remarks.csv"
    result = run("discover", "http://www.kwaad.example/", "--remarks", str(remarks))
    assert "kwaad" in result.output
    red = run("discover", "http://www.kwaad.example/rood", "--remarks", str(tmp_path / "red.csv"))
    assert "sends text/ [31mrood; expected an HTML page" in red.output
    for text in (result.output, remarks.read_text(), red.output, (tmp_path / "red.csv").read_text()):
        assert "\x1b" not in text
        assert "\u202e" not in text


@pytest.mark.usefixtures("online")
def test_a_website_that_is_not_read_fails_and_no_list_is_written(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    result = run("discover", "http://www.oudemaas.example/", "--level", "hbo", "--output", str(path))
    assert result.return_value == Exit.FAILURE
    assert "No account to list" in told(result)
    assert "is this machine online?" in told(result)
    assert not path.exists()
    assert run("discover", "127.0.0.1").return_value == Exit.FAILURE
    assert "127.0.0.1 is a loopback address; not asked" in told(run("discover", "http://127.0.0.1/"))


@pytest.mark.usefixtures("online")
def test_a_proxy_that_is_left_aside_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "A proxy is set" not in run("discover", ICONS).output
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    result = run("discover", ICONS)
    assert result.return_value == Exit.SUCCESS
    assert "A proxy is set, and not used" in told(result)


def test_files_are_never_overwritten_and_nobody_is_asked_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("mine")
    assert "is there already; it is left as it is" in told(
        run("discover", ICONS, "--level", "mbo", "--output", str(path))
    )
    assert path.read_text() == "mine"
    assert "is no folder" in told(run("discover", ICONS, "--remarks", str(tmp_path / "weg" / "x.csv")))
    assert "has no level" in told(run("discover", ICONS, "--output", str(tmp_path / "new.csv")))


def test_a_file_that_came_meanwhile_is_not_overwritten_either(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("mine")
    one = Found(platform="tiktok", account="x", score=0.9, reasons=(), sightings=(), speaker=Speaker())
    visit = SiteVisit(institution=Institution(institution="School", level="mbo"), found=(one,))
    for write in (lambda: write_accounts([visit], path, 0.5), lambda: write_remarks([visit], path)):
        with pytest.raises(StudyError, match="is there already; it is left as it is"):
            write()
    assert path.read_text() == "mine"


@pytest.mark.usefixtures("online")
def test_an_interrupted_run_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "accounts.csv"
    whole = command_module.visit_all

    def interrupted(*words: Any) -> Iterator[SiteVisit]:
        yield next(whole(*words))
        raise KeyboardInterrupt

    monkeypatch.setattr(command_module, "visit_all", interrupted)
    result = run("discover", ICONS, "Saxion", "--level", "mbo", "--output", str(path))
    assert result.return_value == Exit.INTERRUPTED
    assert len(read_accounts(path)) == 4


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "Name a website, an institution, a CSV file"),
        (("Deltion Colege",), "Did you mean Deltion College, "),
        (("Zwolle",), "Did you mean Cibap, Deltion College"),
        (("@@@",), "See: uitzicht accounts registry"),
        (("weg.csv",), "weg.csv is not there"),
        (("Saxion", "Fontys", "--name", "X"), "--name is for one website; there are 2"),
    ],
)
def test_what_cannot_be_meant_is_told(words: tuple[str, ...], expected: str) -> None:
    assert expected in told(run("discover", *words))


def test_names_of_the_registry_stand_for_their_websites() -> None:
    found = command_module.find_targets(
        ("HvA", "https://saxion.nl/x", "firda", "zone.college"), None, "", None
    )
    assert [one.institution for one in found] == [
        "Hogeschool van Amsterdam",
        "Saxion",
        "Firda",
        "Zone.college",
    ]
    assert found[1].website == "https://saxion.nl/x"
    assert len(command_module.find_targets((), "hbo", "", None)) == 36
    assert len(command_module.find_targets(("HvA",), "all", "", None)) == len(read_registry())


def test_what_a_file_leaves_open_is_filled_from_the_registry(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("institution,place,website\nROC Friese Poort,Drachten,\nEigen School,,eigen.example\n")
    known, own = command_module.find_targets((str(path),), None, "", None)
    assert (known.institution, known.place) == ("ROC Friese Poort", "Drachten")
    assert (known.level, known.website) == ("mbo", "https://www.firda.nl")
    assert (own.level, own.website) == ("", "eigen.example")


def test_check_tells_each_problem_and_fails_on_errors(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    header = "institution,level,platform,account,region\n"
    path.write_text(
        header + "ROC X,mbo,instagram,rocx,Randstad\nROC X,mbo,instagram,explore,\nROC X,mbo,tiktok,rocx,\n"
    )
    result = run("check", str(path))
    assert result.return_value == Exit.FAILURE
    assert "error: accounts.csv line 3: account is 'explore', a page of instagram itself" in result.output
    assert "warning: accounts.csv line 2: region is 'Randstad'" in result.output
    assert "3 accounts of 1 institution; 1 error, 3 warnings." in told(result)
    path.write_text(header + "ROC X,mbo,instagram,rocx,Utrecht\n")
    assert run("check", str(path)).return_value == Exit.SUCCESS


def test_check_takes_a_study(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text('title = "x"\nsince = 2025-09-01\naccounts = "lijst.csv"\n')
    (tmp_path / "lijst.csv").write_text("institution,level,platform,account\nROC X,mbo,instagram,rocx\n")
    assert run("check", str(tmp_path)).return_value == Exit.SUCCESS
    assert "is not there; make a study" in told(run("check", str(tmp_path / "weg")))


def test_the_registry_is_shown_as_a_table_and_as_a_file_that_discover_takes(tmp_path: Path) -> None:
    shown = run("registry", "--search", "zwolle", "--level", "hbo")
    assert "Windesheim" in shown.output
    assert "None of them was verified" in told(shown)
    path = tmp_path / "hbo.csv"
    path.write_text(
        run("registry", "--level", "hbo", "--format", "csv").output.partition("36 institutions")[0]
    )
    assert len(command_module.find_targets((str(path),), None, "", None)) == 36
    assert "No institution has all of 'atlantis'" in told(run("registry", "--search", "atlantis"))
