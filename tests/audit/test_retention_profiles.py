"""Retention of what a route showed of accounts: old answers go from everything under a study, newer ones stay."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from audit.cli import uitzicht
from audit.forgetting.profiles import forget_old_profiles, old_profiles
from audit.steps.load import load
from audit.study import Study
from crawler.forget_profiles import Brought
from tests.audit.test_forget import Killed, places_of
from tests.crawler.study import make_study, records
from tests.warehouse.making import feed, iso, post, profile, write_feed
from warehouse import check
from warehouse.db import open_warehouse

NOW = datetime.now(UTC)
OLD, NEW = NOW - timedelta(days=31), NOW - timedelta(days=29)
OLD_WORDS = "Wat de school vorige maand over zichzelf zei"
NEW_WORDS = "Wat de school deze maand over zichzelf zegt"
GONE = (OLD_WORDS, "Vroegere Naam", "424242", "oud.example")


def ask(*words: object) -> Result:
    return CliRunner().invoke(uitzicht, [str(word) for word in words])


def visit(folder: Path, account: str, at: datetime, *, route: str = "data_api", **shown: object) -> None:
    """Write the feed of a visit that showed an account and one post."""
    crawl = f"crawl-{at:%Y%m%d}-{route}"
    facts = {"platform": "youtube", "route": route, "captured_at": iso(at), "capture_id": f"{crawl}{account}"}
    seen = [
        profile(account, **facts, **shown),
        post(f"post{account[1:]}", account, posted_at=iso(OLD), **facts),
    ]
    write_feed(
        folder / "feeds", feed(account, seen, platform="youtube", crawl_id=crawl, started_at=at, route=route)
    )


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Return a loaded study of two accounts, one of them refreshed, with an export, a backup and a table of its own."""
    folder = make_study(tmp_path / "study", [("youtube", "@school"), ("youtube", "@stil")])
    old = {"name": "Vroegere Naam", "website": "https://oud.example", "followers_count": 424242}
    visit(folder, "@school", OLD, description=OLD_WORDS, **old)
    visit(folder, "@stil", OLD, description=OLD_WORDS, **old)
    load(Study.read(folder))
    visit(folder, "@school", NEW, description=NEW_WORDS, name="Huidige Naam", followers_count=31_313)
    visit(folder, "@stil", NEW, route="rss", description=None, name="Vroegere Naam", followers_count=None)
    load(Study.read(folder))
    assert ask("warehouse", "backup", folder, folder / "saved.duckdb").exit_code == 0
    with (folder / "about.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("account", "says"), ("een", OLD_WORDS), ("twee", NEW_WORDS)])
    return Study.read(folder)


def accounts_of(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        asked = "select account, name, website, description, is_current from dim_account order by all"
        return con.execute(asked).fetchall()


def test_what_a_route_showed_is_listed_and_goes_everywhere(study: Study, tmp_path: Path) -> None:
    for to in (study.folder / "exports" / "all", tmp_path / "elsewhere"):
        assert ask("export", study.folder, "--to", to, "--format", "csv").exit_code == 0
    listed = ask("retention", study.folder)
    assert "what 2 answers showed of 2 accounts is older than 30 days" in listed.output.replace("\n", " ")
    assert "youtube/@stil, 1 times" in listed.output
    done = ask("retention", study.folder, "--apply")
    assert done.exit_code == 0, done.output
    said = done.output.replace("\n", " ")
    assert "Deleted: 0 posts, 2 profiles of accounts, 0 captures." in said
    assert "exports/all is an export that holds it and is removed" in said
    assert f"{tmp_path / 'elsewhere'} (export of " in said
    assert not (study.folder / "exports" / "all").exists()
    assert places_of(study.folder, OLD_WORDS, "424242", "oud.example") == []
    assert len(places_of(study.folder, NEW_WORDS)) >= 4  # feed, table, warehouse, published copy, backup
    assert "showed of" not in ask("retention", study.folder).output


def test_what_newer_answers_and_other_routes_say_stays(study: Study) -> None:
    ask("retention", study.folder, "--apply")
    for path in (study.working_warehouse, study.warehouse, study.folder / "saved.duckdb"):
        assert accounts_of(path) == [
            ("@school", "Huidige Naam", None, NEW_WORDS, True),
            ("@school", None, None, None, False),
            ("@stil", "Vroegere Naam", None, None, True),
        ]
        with duckdb.connect(str(path), read_only=True) as con:
            counted = con.execute("select followers_count from fact_account_snapshot order by all").fetchall()
            assert counted == [(31_313,), (None,)]
    assert {record["post_id"] for record in records(study.folder, "post")} == {"postschool", "poststil"}


def test_a_load_brings_nothing_back_and_the_warehouse_is_whole(study: Study) -> None:
    ask("retention", study.folder, "--apply")
    before = accounts_of(study.working_warehouse)
    again = load(study).report
    assert (again.loaded, again.skipped) == (0, 4)
    assert accounts_of(study.working_warehouse) == before
    con = open_warehouse(study.working_warehouse)
    assert [found for found in check(con) if found.violations] == []
    con.close()
    visit(study.folder, "@stil", NOW - timedelta(days=1), description=NEW_WORDS, name="Nieuwe Naam")
    load(study)
    assert ("@stil", "Nieuwe Naam", "https://oud.example", NEW_WORDS, True) not in accounts_of(
        study.working_warehouse
    )
    assert ("@stil", "Nieuwe Naam", None, NEW_WORDS, True) in accounts_of(study.working_warehouse)


def test_killed_between_feeds_and_warehouse_the_next_run_finishes(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    brought = Brought(platform="youtube", route="data_api", before=NOW - timedelta(days=30))
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr("audit.forgetting.profiles.forget_profiles", die)
        forget_old_profiles(study, brought)
    assert places_of(study.folder / "warehouse", OLD_WORDS) != []
    assert old_profiles(study, brought).total() == 2
    forget_old_profiles(study, brought)
    assert places_of(study.folder, OLD_WORDS, "424242") == []


def test_a_pseudonymised_export_holds_no_profile_and_stays(study: Study) -> None:
    shared = study.folder / "exports" / "shared"
    asked = ("export", study.folder, "--to", shared, "--pseudonymised", "--format", "csv")
    assert ask(*asked).exit_code == 0
    assert places_of(shared, *GONE) == []
    ask("retention", study.folder, "--apply")
    assert shared.exists()


def test_another_route_and_another_time_keep_theirs(study: Study) -> None:
    for route, before in (("browse", NOW), ("data_api", OLD - timedelta(days=1))):
        counts, notes = forget_old_profiles(study, Brought(platform="youtube", route=route, before=before))
        assert (counts, notes) == ({}, [])
    assert len(places_of(study.folder, OLD_WORDS)) >= 6


def test_a_journal_of_an_interrupted_visit_loses_it_too(study: Study) -> None:
    part = study.feeds / "cut" / "youtube-@school.jsonl.gz.part"
    part.parent.mkdir()
    line = (
        '{"record":"account","platform":"youtube","account":"@school","account_id":null,"route":"data_api",'
    )
    line += f'"capture_id":"c","captured_at":"{iso(OLD)}","description":"{OLD_WORDS}"}}\n'
    part.write_text('{"record":"crawl","platform":"youtube","account":"@school"}\n' + line, encoding="utf-8")
    ask("retention", study.folder, "--apply")
    assert part.read_text(encoding="utf-8").count("\n") == 1
