"""`uitzicht init`: what it asks, what it takes as options, what it writes, and the roads that it tells of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from audit.cli import uitzicht as commands
from audit.starting.answers import Answers, find_near, read_account, read_institution
from audit.starting.roads import IMPORTS, ROADS, describe_roads
from audit.starting.writing import write_study
from audit.study import Study
from crawler.errors import StudyError
from crawler.items import PLATFORMS
from crawler.redact import CREDENTIALS
from crawler.registry import Institution
from crawler.routes import LADDERS, choose_routes

ANSWERS = Answers(
    title="x",
    purpose="own",
    since=date(2025, 9, 1),
    until=None,
    contact="",
    language="nl",
    platforms=PLATFORMS,
    institutions=(),
)
SCHOOL = "ROC Voorbeeld, mbo, Utrecht, https://www.rocvoorbeeld.example"


def run_init(*arguments: object, typed: str | None = None, **env: str) -> Result:
    runner = CliRunner(env=dict.fromkeys(CREDENTIALS, "") | {"UITZICHT_CHROMIUM": "none"} | env)
    return runner.invoke(commands, ["init", *map(str, arguments)], input=typed, standalone_mode=False)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command believe that somebody is there to answer."""
    monkeypatch.setattr("audit.commands.init.is_somebody_there", lambda: True)


def test_nothing_is_asked_with_yes_and_the_study_reads(tmp_path: Path) -> None:
    done = run_init(tmp_path / "studie", "--yes")
    assert done.exception is None, done.output
    study = Study.read(tmp_path / "studie")
    assert (study.title, study.purpose, study.accounts()) == ("studie", "research", [])
    assert all(study.platform(name).enabled for name in PLATFORMS)
    assert "list the accounts in" in done.output


def test_all_options_given_nothing_is_asked(tmp_path: Path) -> None:
    options = ["--title", 'Onze "kanalen"', "--purpose", "own", "--institution", SCHOOL]
    options += ["--account", "https://www.instagram.com/ROCVoorbeeld/", "--account", "youtube:@rocvoorbeeld"]
    options += ["--platform", "instagram", "--since", "2025-09-01", "--until", "2026-07-10"]
    done = run_init(tmp_path / "s", *options, "--contact", "ik@voorbeeld.example", "--language", "en")
    assert done.exception is None, done.output
    study = Study.read(tmp_path / "s")
    assert (study.title, study.purpose, study.report.language) == ('Onze "kanalen"', "own", "en")
    assert (str(study.since), str(study.until)) == ("2025-09-01", "2026-07-10")
    assert study.crawl.contact == "ik@voorbeeld.example"
    assert [(one.platform, one.account, one.place) for one in study.accounts()] == [
        ("instagram", "rocvoorbeeld", "Utrecht"),
        ("youtube", "@rocvoorbeeld", "Utrecht"),
    ]
    assert [name for name in PLATFORMS if study.platform(name).enabled] == ["instagram", "youtube"]
    assert not (tmp_path / "s" / "institutions.csv").exists()
    assert f"Next: uitzicht plan {tmp_path / 's'}" in done.output


def test_without_a_terminal_missing_options_are_one_sentence(tmp_path: Path) -> None:
    done = run_init(tmp_path / "s", "--title", "Proef", "--since", "2025-09-01")
    assert "there is no terminal to ask on; give --purpose, --contact, --platform, " in str(done.exception)
    assert "--title" not in str(done.exception)
    assert not (tmp_path / "s").exists()


@pytest.mark.usefixtures("terminal")
def test_what_is_not_given_is_asked(tmp_path: Path) -> None:
    typed = [
        "",  # title
        "own",
        "youtube facebook",
        "youtube, instagram",
        "Qwerty",
        "mbo",
        "Nergenshuizen",
        "",  # website
        "instagram:qwerty youtube.com/@qwerty twitter:x",
        "instagram:qwerty youtube.com/@qwerty",
        "qwerty",
        "Hogeschool Zonder, hbo, Ergens",
        "",  # its accounts
        "",  # no more
        "1 september",
        "2025-09-01",
        "",  # until
        "ik@voorbeeld.example",
    ]
    done = run_init(tmp_path / "studie", typed="\n".join(typed) + "\n")
    assert done.exception is None, done.output
    study = Study.read(tmp_path / "studie")
    assert (study.title, study.purpose, str(study.since), study.until) == (
        "studie",
        "own",
        "2025-09-01",
        None,
    )
    assert [one.account for one in study.accounts()] == ["qwerty", "@qwerty"]
    assert "'facebook' is no platform; expected one of instagram" in done.output
    assert "'twitter:x' is no account" in done.output
    assert "qwerty is named already" in done.output
    assert "'1 september' is no day" in done.output
    listed = (tmp_path / "studie" / "institutions.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in listed] == ["institution", "Hogeschool Zonder"]
    assert "uitzicht accounts discover" in done.output


@pytest.mark.usefixtures("terminal")
def test_the_registry_knows_what_a_part_of_a_name_means(tmp_path: Path) -> None:
    near = find_near("hogeschool")
    assert len(near) > 2
    assert not find_near("Hogeschool Qwerty")  # what many share tells nothing
    typed = ["hogeschool", "2", "", "", ""]
    options = ["--title", "x", "--purpose", "research", "--contact", "", "--platform", "youtube"]
    done = run_init(tmp_path / "s", *options, "--since", "2025-09-01", typed="\n".join(typed) + "\n")
    assert done.exception is None, done.output
    listed = (tmp_path / "s" / "institutions.csv").read_text(encoding="utf-8").splitlines()
    assert listed[1].startswith(f"{near[1].institution},hbo,")


@pytest.mark.usefixtures("terminal")
def test_a_name_that_is_only_alike_is_never_taken_for_another(tmp_path: Path) -> None:
    assert "Albeda" in [one.institution for one in find_near("Albeda Colege")]
    options = ["--title", "x", "--purpose", "research", "--contact", "", "--platform", "youtube"]
    typed = ["Albeda Colege", "0", "mbo", "", "", "", "", ""]
    done = run_init(tmp_path / "s", *options, "--since", "2025-09-01", typed="\n".join(typed) + "\n")
    assert done.exception is None, done.output
    listed = (tmp_path / "s" / "institutions.csv").read_text(encoding="utf-8").splitlines()
    assert listed[1].startswith("Albeda Colege,mbo,")


@pytest.mark.usefixtures("terminal")
def test_nothing_is_written_when_the_answers_stop(tmp_path: Path) -> None:
    done = run_init(tmp_path / "s", typed="Titel\n")
    assert done.exception is not None
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("name", ["study.toml", "accounts.csv", "institutions.csv"])
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("van mij", encoding="utf-8")
    done = run_init(tmp_path, "--yes")
    assert isinstance(done.exception, click.UsageError)
    assert f"{name} is there already; it is left as it is" in str(done.exception)
    assert (tmp_path / name).read_text(encoding="utf-8") == "van mij"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_list_of_accounts_is_taken_over(tmp_path: Path) -> None:
    sheet = tmp_path / "lijst.csv"
    sheet.write_bytes("institution;level;platform;account\nRôc Eén;mbo;tiktok;@Een\n".encode("cp1252"))
    assert run_init(tmp_path / "s", "--yes", "--from", sheet).exception is None
    (account,) = Study.read(tmp_path / "s").accounts()
    assert (account.institution, account.account) == ("Rôc Eén", "een")


def test_a_list_of_institutions_waits_for_its_accounts(tmp_path: Path) -> None:
    sheet = tmp_path / "lijst.csv"
    sheet.write_text("institution,level,website\nRoc Eén,mbo,https://een.example\n", encoding="utf-8")
    done = run_init(tmp_path / "s", "--yes", "--from", sheet)
    assert done.exception is None
    assert "https://een.example" in (tmp_path / "s" / "institutions.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--institution", "Qwerty"], "'Qwerty' is not in the registry. Others are given as NAME, LEVEL"),
        (["--institution", "Albeda Colege"], "'Albeda Colege' is not in the registry; it has Albeda"),
        (["--institution", "X, vmbo"], "expected NAME, LEVEL .mbo or hbo., PLACE, WEBSITE"),
        (["--account", "instagram:x"], "does not say whose account it is"),
        (["--institution", SCHOOL, "--account", "http://[bad"], "is no account; expected the address"),
        (["--institution", SCHOOL, "--account", "https://www.instagram.com/"], "is no instagram account"),
        (
            ["--institution", SCHOOL, "--account", "Iemand=instagram:x"],
            "the study has no institution 'Iemand'",
        ),
        (["--until", "2020-01-01"], "the last day that counts is 2020-01-01; expected"),
    ],
)
def test_what_is_not_understood_is_one_sentence(tmp_path: Path, options: list[str], complaint: str) -> None:
    done = run_init(tmp_path / "s", "--yes", *options)
    assert isinstance(done.exception, StudyError)
    assert len(str(done.exception).splitlines()) == 1
    with pytest.raises(StudyError, match=complaint):
        raise done.exception
    assert not (tmp_path / "s").exists()


def test_a_title_cannot_break_the_study_file(tmp_path: Path) -> None:
    title = 'x"\n[crawl]\ndelay = 0 # \\'
    run_init(tmp_path / "s", "--yes", "--title", title)
    study = Study.read(tmp_path / "s")
    assert study.title == title.replace("\n", " ")
    assert study.crawl.delay == 2.0


def test_every_route_that_needs_credentials_has_a_road() -> None:
    needing = {(name, route.name) for name in PLATFORMS for route in LADDERS[name] if route.credentials}
    assert set(ROADS) == needing
    assert set(IMPORTS) == set(PLATFORMS)


def test_the_roads_name_what_is_missing_and_what_is_ready(tmp_path: Path) -> None:
    options = ("--yes", "--purpose", "own")
    closed = run_init(tmp_path / "closed", *options).output
    for name in set(CREDENTIALS) - {"UITZICHT_TIKTOK_CLIENT_KEY", "UITZICHT_TIKTOK_CLIENT_SECRET"}:
        assert name in closed
    assert "research_api needs" not in closed  # researchers' alone
    key = run_init(tmp_path / "key", *options, UITZICHT_YOUTUBE_API_KEY="AIza-geheim").output
    assert "youtube: data_api is ready" in key
    assert "UITZICHT_YOUTUBE_API_KEY" not in key
    assert "AIza-geheim" not in key


def test_a_legal_ground_opens_public_pages(tmp_path: Path) -> None:
    run_init(tmp_path / "s", "--yes")
    file = tmp_path / "s" / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("requests_per_day = 200", 'legal_ground = "ja"'))
    ladder = choose_routes(Study.read(tmp_path / "s"), "linkedin", {})
    lines = list(describe_roads("linkedin", ladder, "research"))
    assert lines[0] == "linkedin: guest is ready"
    assert not any("robots.txt" in line for line in lines)


def test_an_institution_of_the_registry_needs_its_name_alone() -> None:
    named = find_near("hogeschool")[0]
    assert read_institution(named.institution) == named
    with pytest.raises(StudyError, match="the level of Onbekend is ''; expected mbo or hbo"):
        read_account("instagram:x", Institution(institution="Onbekend"))


def test_a_file_that_appears_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("van mij", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be written: File exists"):
        write_study(tmp_path, ANSWERS)
    assert (tmp_path / "study.toml").read_text(encoding="utf-8") == "van mij"
