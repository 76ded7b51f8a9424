"""The project as people who know Scrapy use it: scrapy list, crawl -o, shell, arguments that are wrong."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.study import make_study, surroundings
from tests.mocksite import Site, many_posts, running

ROOT = Path(__file__).parents[2]


def scrapy(*arguments: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *map(str, arguments)]
    env = {**(env or os.environ), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=90, check=False)


def test_scrapy_lists_the_spiders() -> None:
    assert scrapy("list").stdout.split() == ["instagram", "linkedin", "tiktok", "youtube"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json"])
def test_a_crawl_exports_a_row_a_post(tmp_path: Path, suffix: str) -> None:
    site = Site(many_posts(60, "instagram", "veel"))
    study, out = make_study(tmp_path, [("instagram", "veel")]), tmp_path / f"posts.{suffix}"
    with running(site):
        done = scrapy("crawl", "instagram", "-a", f"study={study}", "-o", out, env=surroundings(site))
    assert done.returncode == 0, done.stderr
    text = out.read_text(encoding="utf-8")
    match suffix:
        case "csv":
            rows = list(csv.DictReader(text.splitlines()))
        case "jsonl":
            rows = [json.loads(line) for line in text.splitlines()]
        case _:
            rows = json.loads(text)
    assert {row["post_id"] for row in rows} == {post.post_id for post in site.posts("instagram", "veel")}
    assert len(rows) == 60
    assert {row["account"] for row in rows} == {"veel"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("-a", "stduy=x"), "stduy is no argument of this spider; expected study, accounts, replay"),
        ((), "say which study: scrapy crawl instagram -a study=FOLDER"),
        (("-a", "study=nowhere"), "is not there; make a study with: uitzicht init nowhere"),
    ],
)
def test_wrong_arguments_end_a_crawl_at_its_start(arguments: tuple[str, ...], sentence: str) -> None:
    done = scrapy("crawl", "instagram", *arguments)
    assert sentence in done.stderr
    assert "'finish_reason': 'start_error'" in done.stderr


def test_scrapy_shell_opens_a_page() -> None:
    site = Site(many_posts(3, "youtube", "@veel"))
    with running(site) as hosts:
        channel = site.account("youtube", "veel").channel_id  # type: ignore[union-attr]
        url = f"{hosts['www.youtube.com']}/feeds/videos.xml?channel_id={channel}"
        done = scrapy("shell", "--nolog", "-c", "len(response.text.split('<entry>')) - 1", url)
    assert done.stdout.strip() == "3", done.stderr
