"""A study whose warehouse holds any number of units, loaded as a crawl's posts are, each with its language."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from audit.study import Study
from classify.unit import Unit
from tests.warehouse.making import account_row, feed, post, profile, write_feed
from warehouse import load_feeds, load_languages, load_register, open_warehouse
from warehouse.coding import texts_without_language

SPOKEN = ("title", "text", "alt_text", "transcript")
STUDY = 'title = "Proefstudie"\nsince = 2026-01-01\nuntil = 2026-11-20\n'


def make_study(folder: Path, units: Iterable[Unit]) -> Study:
    """Make a study in a folder with one account per platform and the posts of all units, none of them coded."""
    by_platform: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_platform[unit.platform].append(unit)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    register = [account_row("Zandhoven College", "mbo", platform, platform) for platform in by_platform]
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(register[0]))
        writer.writeheader()
        writer.writerows(register)
    feeds = [_write_posts(folder / "feeds", platform, posts) for platform, posts in by_platform.items()]
    study = Study.read(folder)
    with open_warehouse(study.working_warehouse) as con:
        load_register(con, register)
        load_feeds(con, feeds)
        languages = {_said(unit): unit.language for posts in by_platform.values() for unit in posts}
        for batch in texts_without_language(con):
            load_languages(con, [(text_hash, languages[text]) for text_hash, text in batch])
    return study


def _write_posts(folder: Path, platform: str, units: Iterable[Unit]) -> Path:
    posts = (
        post(unit.id, platform, platform, **{name: getattr(unit, name) or None for name in SPOKEN})
        for unit in units
    )
    return write_feed(folder, feed(platform, [profile(platform, platform), *posts], platform=platform))


def _said(unit: Unit) -> str:
    return "\n".join(filter(None, (unit.title, unit.text, unit.transcript)))
