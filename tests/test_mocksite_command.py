"""The mock site serves the demo study, runs a command beside it, and its TikTok page works in a browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.browser import find_chromium, launch_options
from tests.mocksite import HOSTS, Site, many_posts, read_content, running
from tests.mocksite.asking import ask
from tests.mocksite.site import read_accounts

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "examples" / "demo"


def test_the_demo_has_its_awkward_accounts_and_enough_posts() -> None:
    site = Site.from_folder(DEMO)
    counted = {
        (platform, handle): len(site.posts(platform, handle)) for (platform, handle) in site.accounts()
    }
    awkward = {
        ("instagram", "westerdok.students"),
        ("instagram", "wilgenhof.paard"),
        ("tiktok", "maaswaarde.pabo"),
        ("youtube", "zuiderlichtvlogs"),
        ("linkedin", "steiger-alumni"),
    }
    assert {key for key, count in counted.items() if not count} == awkward
    assert len(counted) == 56
    assert sum(counted.values()) >= 1_500


def test_the_demos_edits_show_on_a_second_visit(tmp_path: Path) -> None:
    study = tmp_path / "demo"
    shutil.copytree(
        DEMO, study, ignore=shutil.ignore_patterns("archive", "feeds", "logs", "state", "warehouse*")
    )
    assert Site.from_folder(study).edits == "pending"
    (study / "feeds" / "one").mkdir(parents=True)
    (study / "feeds" / "one" / "youtube-x.jsonl.gz").touch()
    assert Site.from_folder(study).edits == "shown"


def test_every_account_of_the_content_stands_in_accounts_csv() -> None:
    listed = {(one.platform, one.key) for one in read_accounts(DEMO / "accounts.csv")}
    used = {(post.platform, post.account.lstrip("@").casefold()) for post in read_content(DEMO / "content")}
    assert used - listed == set()


def run_site(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.mocksite", str(DEMO), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_runs_a_child_with_the_environment_and_ends_with_its_exit_code() -> None:
    code = "import os, sys; print(len(os.environ['UITZICHT_HOSTS'].split())); sys.exit(7)"
    done = run_site("--", sys.executable, "-c", code)
    assert (done.returncode, done.stdout) == (7, f"{len(HOSTS)}\n")
    assert run_site("--", "no-such-command-here").returncode == 127


def test_the_command_passes_signals_on() -> None:
    code = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(5)); "
        "print('ready', flush=True); time.sleep(30)"
    )
    command = [sys.executable, "-m", "tests.mocksite", str(DEMO), "--", sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout
        assert site.stdout.readline() == "ready\n"
        os.kill(site.pid, signal.SIGTERM)
        assert site.wait(timeout=20) == 5


def test_the_command_alone_serves_until_told_to_stop() -> None:
    command = [sys.executable, "-m", "tests.mocksite", str(DEMO), "--clock", "2026-12-01T12:00:00+00:00"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout
        exported = site.stdout.readline()
        origin = exported.partition("www.linkedin.com=")[2].split("'")[0].split()[0]
        assert ask(f"{origin}/robots.txt").headers["date"].startswith("Tue, 01 Dec 2026")
        os.kill(site.pid, signal.SIGINT)
        assert site.wait(timeout=20) == 0


@pytest.mark.browser
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium found on this machine")
def test_a_scrolled_tiktok_profile_brings_every_post() -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    site = Site(many_posts(80, "tiktok", "veel", pinned=2))
    found: list[str] = []
    with running(site) as hosts, sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page()
        page.on(
            "response",
            lambda one: "/item_list/" in one.url and found.extend(i["id"] for i in one.json()["itemList"]),
        )
        page.goto(hosts["www.tiktok.com"] + "/@veel")
        for _ in range(60):
            page.mouse.wheel(0, 4000)
            page.wait_for_timeout(100)
            if page.locator("[data-e2e=user-post-item]").count() == 80:
                break
        browser.close()
    newest = [post.post_id for post in site.posts("tiktok", "veel")]
    assert found == [*newest[-2:], *newest[:-2]]
    assert site.requests(route="tiktok.item_list") == 3
