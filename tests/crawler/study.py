"""Studies for tests: a folder with a study file and accounts, crawled by a process of its own on the mock site."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.feed import feed_files, read_feed
from tests.mocksite import Site, environment

GROUND = 'legal_ground = "a test on this machine"'
STUDY = """
title = "Proef"
since = {since}
[crawl]
delay = 0
timeout = 10
patience = 5
{more}
"""


def make_study(
    folder: Path, accounts: Iterable[tuple[str, str]], *, since: str = "2020-01-01", more: str = ""
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(STUDY.format(since=since, more=more), encoding="utf-8")
    with (folder / "accounts.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("institution", "level", "platform", "account"))
        rows.writerows((f"School {account}", "mbo", platform, account) for platform, account in accounts)
    return folder


def ground(*platforms: str, routes: str = "") -> str:
    tables = (
        f"[platforms.{name}]\n{GROUND}\n" + (f"routes = [{routes}]\n" if routes else "") for name in platforms
    )
    return "".join(tables)


def surroundings(site: Site, **changes: str) -> dict[str, str]:
    quiet = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**quiet, **environment(site), **changes}


def uitzicht(
    *arguments: object, env: Mapping[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit", *map(str, arguments)]
    return subprocess.run(
        command, env=env and dict(env), capture_output=True, text=True, timeout=timeout, check=False
    )


def list_permalinks(folder: Path, site: Site) -> None:
    """Write down the address of every Instagram post of a site."""
    rows = [
        f"{handle},https://www.instagram.com/p/{post.post_id}/"
        for platform, handle in site.accounts()
        for post in site.posts(platform, handle)
        if platform == "instagram"
    ]
    (folder / "permalinks.csv").write_text("\n".join(["account,url", *rows]) + "\n", encoding="utf-8")


def records(folder: Path, kind: str = "") -> list[dict[str, Any]]:
    every = (record for feed in feed_files(folder / "feeds") for record in read_feed(feed))
    return [record for record in every if not kind or record["record"] == kind]


def post_ids(folder: Path) -> set[str]:
    return {record["post_id"] for record in records(folder, "post")}


def outcomes(folder: Path) -> dict[str, dict[str, Any]]:
    return {record["account"]: record for record in records(folder, "outcome")}


def shown_ids(site: Site, accounts: Sequence[tuple[str, str]]) -> set[str]:
    return {post.post_id for platform, account in accounts for post in site.posts(platform, account)}
