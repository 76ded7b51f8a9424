"""A study whose words are hard on every format, made once; its exports, whole and pseudonymised."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit.steps.code import code
from audit.steps.load import load
from audit.study import Study
from tests.warehouse.making import NOW, account_row, feed, iso, post, profile, write_feed
from warehouse.exports import About, Question, export

KEY = b"a key of the tests"
ONE = [Question(query="share_of_posts", by=("level",))]
SINCE = "2026-01-01"
TEXTS = (
    "=cmd|' /C calc'!A0",
    "+31 6 12345678",
    "-korting- op de open dag",
    "@rocvoorbeeld dankt",
    "\tmet een tab",
    "\rmet een return",
    "'=1+1",
    "'s avonds open",
    "＝1+1",
    'Zij zei: "ja, coördinatie; één reünie, naïef, Curaçao"',
    "regel één\nregel twee\r\nregel drie",
    "",
    "Klaar met je studie? Je vindt snel een baan met een goed salaris 🎓 café",
    "lang " + "woord " * 6_000,
    "😀" * 17_000,
    "onzichtbaar \x07 teken",
)
IDS = ("-dQw4w9WgXc", "=formule", "1234567890123456789", "0012", "+31")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A study and the folder of an export of it."""

    study: Study
    folder: Path
    notes: tuple[str, ...]


def make_hostile_study(folder: Path) -> Study:
    """Make a study of six institutions on two platforms, loaded, coded and published."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(
        f'title = "Proefstudie één"\nsince = {SINCE}\nuntil = 2026-11-20\n', "utf-8"
    )
    rows = []
    for number in range(6):
        for platform in ("instagram", "youtube"):
            account = f"school{number}{platform[:2]}"
            level, website = "mbo" if number % 2 else "hbo", f"https://s{number}.example"
            rows.append(account_row(f"Schóól {number}", level, platform, account, website=website))
            records = [profile(account, platform, description="=1+1", name="Schóól, of ‘zo’")]
            records += [_post(account, platform, place) for place in range(20)]
            outcome = "blocked" if account == "school5yo" else "complete"
            kept = [] if outcome == "blocked" else records
            write_feed(folder / "feeds", feed(account, kept, platform=platform, outcome=outcome))
    again = [_post("school0in", "instagram", place, captured_at=iso(NOW + timedelta(days=2)), like_count=None)
             | {"capture_id": "later"} for place in range(5)]  # fmt: skip
    write_feed(
        folder / "feeds", feed("school0in", again, crawl_id="crawl-2", started_at=NOW + timedelta(days=2))
    )
    with (folder / "accounts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    study = Study.read(folder)
    load(study)
    code(study)
    return study


def _post(account: str, platform: str, place: int, **facts: Any) -> dict[str, Any]:
    ids = [f"{one}{account}" if account != "school0yo" else one for one in IDS]
    posted = NOW - timedelta(days=place * 9, hours=place, minutes=7)
    exact = place % 4 != 3
    shown = {
        "text": _text(account, place),
        "hashtags": ["opendag", "één"] if place % 3 == 0 else [],
        "mentions": ["iemand"] if place == 6 else [],
        "posted_at": iso(posted) if exact else f"{posted:%Y-%m-%d}T00:00:00Z",
        "posted_precision": "second" if exact else "day",
        "like_count": None if place % 7 == 0 else 13 * place,
        "is_repost": place == 9,
    }
    return post(ids[place] if place < len(ids) else f"{account}-{place}", account, platform, **shown | facts)


def _text(account: str, place: int) -> str | None:
    text = TEXTS[place % len(TEXTS)]
    if len(text) > 1_000 and account != "school0in":
        return f"Bericht {place} van {account} over de open dag"
    return None if place == 4 else text


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make_hostile_study(tmp_path_factory.mktemp("hostile") / "study")


def about(study: Study) -> About:
    return About(
        title=study.title,
        software="uitzicht test",
        since=study.since,
        until=study.until,
        licence="CC-BY-4.0",
        authors=("Jansen, Anna",),
        made_at=datetime(2026, 11, 22, 6, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def full(hostile: Study, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("full") / "export"
    done = export(hostile.warehouse, folder, about=about(hostile))
    return Exported(study=hostile, folder=folder, notes=done.notes)


@pytest.fixture(scope="session")
def shared(hostile: Study, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("shared") / "export"
    done = export(
        hostile.warehouse,
        folder,
        about=about(hostile),
        key=KEY,
        questions=[Question(query="share_of_posts", by=("level",))],
    )
    return Exported(study=hostile, folder=folder, notes=done.notes)
