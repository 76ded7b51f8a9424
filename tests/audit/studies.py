"""Studies whose every figure the tests know: feeds, codings and a published warehouse, made in a folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from audit.steps.load import load
from audit.study import Study
from tests.warehouse.making import NOW, Record, account_row, feed, iso, post, profile, write_feed
from warehouse.coding import CODING_COLUMNS, load_codings
from warehouse.db import open_warehouse
from warehouse.publish import publish

SINCE = "2026-01-01"
UNTIL = "2026-11-20"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A post to be made: its themes, the primary one first, and the words in its text that decided."""

    themes: tuple[str, ...] = ("other",)
    text: str = "Bericht"
    words: str = ""
    facts: Mapping[str, Any] = None  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An account of the register, how the visit to it ended, and its posts."""

    institution: str
    level: str = "mbo"
    platform: str = "instagram"
    account: str
    outcome: str | None = "complete"
    posts: tuple[Told, ...] = ()
    facts: Mapping[str, Any] = None  # type: ignore[assignment]


def posts(labour: int, others: int, **facts: Any) -> tuple[Told, ...]:
    """Return so many posts about labour-market prospects and so many others."""
    about = Told(
        themes=("labour_market",), text="Straks een startsalaris van 2.600 euro", words="startsalaris"
    )
    return (about,) * labour + (Told(themes=("atmosphere",), text="Wat een feest", words="feest"),) * others


def make_study(folder: Path, accounts: Iterable[Seen], *, coded: bool = True, extra: str = "") -> Study:
    """Make a study of these accounts, loaded, coded and published; accounts without a level are not in the register."""
    accounts = list(accounts)
    folder.mkdir(parents=True, exist_ok=True)
    head = f'title = "Proefstudie"\nsince = {SINCE}\nuntil = {UNTIL}\n'
    (folder / "study.toml").write_text(head + extra, encoding="utf-8")
    _write_register(folder / "accounts.csv", accounts)
    themes: dict[str, Told] = {}
    for number, account in enumerate(accounts):
        if account.outcome is not None:
            write_feed(folder / "feeds", _feed(account, number, themes))
    study = Study.read(folder)
    load(study)
    if coded:
        _code(study, themes)
    return study


def _write_register(path: Path, accounts: list[Seen]) -> None:
    rows = [
        account_row(one.institution, one.level, one.platform, one.account) for one in accounts if one.level
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(account_row("", "", "", "")))
        writer.writeheader()
        writer.writerows(rows)


def _feed(account: Seen, number: int, themes: dict[str, Told]) -> list[Record]:
    records: list[Record] = [profile(account.account, account.platform)]
    for place, told in enumerate(account.posts):
        post_id = f"{account.account}-{place}"
        themes[post_id] = told
        posted = NOW - timedelta(days=3 + place % 300, minutes=number)
        facts = {"text": told.text, "posted_at": iso(posted)} | dict(told.facts or {})
        records.append(post(post_id, account.account, account.platform, **facts))
    facts = {"sign": f"sign of {account.outcome}", "posts_reported": None} | dict(account.facts or {})
    outcome = account.outcome or ""
    return feed(account.account, records, platform=account.platform, outcome=outcome, **facts)


def _code(study: Study, themes: Mapping[str, Told]) -> None:
    with open_warehouse(study.working_warehouse) as con:
        units = con.execute(
            "select post_key, version, post_id, text from dim_post where is_current"
        ).fetchall()
        rows = [row for unit in units for row in _codings(*unit, themes[unit[2]])]
        load_codings(
            con, pd.DataFrame(rows, columns=list(CODING_COLUMNS)), at=datetime(2026, 11, 21, tzinfo=UTC)
        )
    publish(study.working_warehouse, study.warehouse)


def _codings(post_key: int, version: int, post_id: str, text: str, told: Told) -> Iterable[tuple[Any, ...]]:
    for place, theme in enumerate(told.themes):
        start = (text or "").find(told.words)
        evidence = [
            {
                "code": f"theme.{theme}",
                "rule": f"rule_of_{theme}",
                "weight": 2.0,
                "field": "text",
                "start": start,
                "end": start + len(told.words),
                "words": told.words,
            }
        ]
        said = json.dumps(evidence if told.words else [])
        yield post_key, version, "theme", theme, place == 0, 2.0, "rules", "book-1", said
