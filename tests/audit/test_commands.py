"""The command line as people meet it: help with examples, exit codes by meaning, errors as sentences."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from audit.cli import COMMANDS, uitzicht
from audit.exits import Exit
from tests.crawler.study import GROUND, make_study, outcomes, post_ids, records, surroundings
from tests.crawler.study import uitzicht as run
from tests.mocksite import Behaviour, Site, many_posts, running

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = CliRunner().invoke(uitzicht, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    group = "Commands:" in shown.output
    assert group or re.search(rf"Examples?:\n+ +.*uitzicht {name}", shown.output), shown.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_links_to_pages_that_are_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_an_unknown_command_is_a_usage_error() -> None:
    done = run("crwal")
    assert done.returncode == Exit.USAGE
    assert "crwal" in done.stderr


def test_a_folder_without_a_study_is_one_sentence(tmp_path: Path) -> None:
    done = run("crawl", tmp_path)
    assert done.returncode == Exit.FAILURE
    assert done.stderr.strip().count("\n") == 0
    assert "uitzicht init" in done.stderr


def test_init_writes_a_study_that_reads(tmp_path: Path) -> None:
    folder = tmp_path / "mijn studie"
    done = run("init", folder, "--title", 'Wat "posten" scholen?', "--since", "2025-09-01", "--yes")
    assert done.returncode == 0, done.stderr
    status = run("status", folder)
    assert 'Wat "posten" scholen?' in status.stdout
    assert run("init", folder).returncode == Exit.USAGE
    nobody = run("crawl", folder)
    assert nobody.returncode == Exit.FAILURE
    assert "lists no accounts" in nobody.stderr


def test_an_audit_goes_from_a_platform_to_a_report(tmp_path: Path) -> None:
    site = Site(
        [
            *many_posts(40, "youtube", "@een"),
            *many_posts(40, "instagram", "twee"),
            *many_posts(5, "instagram", "dicht"),
        ],
        behaviours=[Behaviour(kind="login_redirect", account="dicht")],
    )
    accounts = [("youtube", "@een"), ("instagram", "twee"), ("instagram", "dicht")]
    study = make_study(tmp_path, accounts)
    with running(site):
        done = run("audit", study, env=surroundings(site))
    assert done.returncode == Exit.PARTIAL, done.stderr
    assert outcomes(study)["dicht"]["outcome"] == "blocked"
    page = (study / "report.html").read_text(encoding="utf-8")
    assert "dicht" in page
    assert str(study / "report.html") in done.stdout + done.stderr


def test_a_secret_in_the_environment_reaches_no_file(tmp_path: Path) -> None:
    site = Site(
        [
            *many_posts(20, "youtube", "@een"),
            *many_posts(20, "instagram", "twee"),
            *many_posts(20, "tiktok", "drie"),
        ]
    )
    accounts = [("youtube", "@een"), ("instagram", "twee"), ("tiktok", "drie")]
    study = make_study(tmp_path, accounts, more=f'[platforms.tiktok]\nroutes = ["research_api"]\n{GROUND}\n')
    with running(site):
        env = surroundings(site)
        assert run("audit", study, env=env).returncode == 0
    secrets = [
        value.encode()
        for name, value in env.items()
        if name.startswith("UITZICHT_") and name != "UITZICHT_HOSTS"
    ]
    assert len(secrets) >= 6
    for path in study.rglob("*"):
        if path.is_file():
            body = _unpacked(path)
            assert not [secret for secret in secrets if secret in body], path


def test_importing_twice_adds_nothing(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", [])
    export = tmp_path / "export.ndjson"
    export.write_text("".join(_line(number) for number in (1, 2, 3)), encoding="utf-8")
    first, again = run("import", study, export), run("import", study, export)
    assert first.returncode == Exit.SUCCESS, first.stderr
    seen = records(study)
    assert len(post_ids(study)) == 3
    assert "imported before" in again.stderr
    assert records(study) == seen


def _line(number: int) -> str:
    author = {
        "id": "6900000000000000001",
        "uniqueId": "rocvoorbeeld",
        "secUid": "MS4wLjABAAAAx",
        "nickname": "ROC",
    }
    stats = {"diggCount": 4, "commentCount": 0, "shareCount": 0, "playCount": 90, "collectCount": "1"}
    item = {
        "id": str(7_288_995_634_328_177_000 + number),
        "desc": f"Les {number} #techniek",
        "createTime": 1_697_101_549 + number,
        "author": author,
        "stats": stats,
        "video": {"id": "1", "duration": 9},
    }
    envelope = {
        "nav_index": f"1:1:{number}",
        "item_id": item["id"],
        "timestamp_collected": 1_697_108_706_245 + number,
        "source_platform": "tiktok.com",
        "source_platform_url": "https://www.tiktok.com/@rocvoorbeeld",
        "source_url": "https://www.tiktok.com/api/post/item_list/?msToken=x",
        "user_agent": "Mozilla/5.0",
        "data": item,
    }
    return json.dumps(envelope) + "\n"


def _unpacked(path: Path) -> bytes:
    body = path.read_bytes()
    if path.suffix == ".gz":
        try:
            return gzip.decompress(body)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return body
    return body
