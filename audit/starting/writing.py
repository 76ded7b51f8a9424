"""The files of a new study. Nothing that is there already is written over."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from audit.starting.answers import PURPOSES, Answers
from crawler.accounts import COLUMNS, StudyAccount
from crawler.errors import StudyError
from crawler.items import PLATFORMS, Platform
from crawler.registry import Institution
from crawler.study import STUDY_FILE

ACCOUNTS_FILE, INSTITUTIONS_FILE = "accounts.csv", "institutions.csv"
INSTITUTION_COLUMNS = ("institution", "level", "type", "place", "region", "website")

HEAD = """# A study of Uitzicht: what is asked, of which accounts, over which time. Lines with # are explanation.

title = {title}
{purpose}# {purpose_note}
{since}# the first day that counts
{until}# the last day; without it the study goes on
accounts = "accounts.csv"   # one row an account; a spreadsheet may write it (comma or semicolon)

[crawl]
contact = {contact}   # an address where platforms can reach you; it goes into the user agent
delay = 2.0           # seconds between two requests to one platform
patience = 120        # seconds: wait once when a platform asks for no more than this
overlap_days = 30     # so far before what is known a later crawl goes back, for edits and engagement
"""

PLATFORM_NOTES: Mapping[Platform, str] = {
    "youtube": """
# YouTube: with UITZICHT_YOUTUBE_API_KEY in the environment the Data API is used, and nothing else is needed.
[platforms.youtube]
requests_per_day = 5000
units_per_day = 10000   # of the Data API, as Google grants your project
""",
    "instagram": """
# Instagram: Business Discovery needs UITZICHT_INSTAGRAM_TOKEN and UITZICHT_INSTAGRAM_USER_ID.
[platforms.instagram]
requests_per_day = 1000
""",
    "tiktok": """
# TikTok: the Research API needs UITZICHT_TIKTOK_CLIENT_KEY and UITZICHT_TIKTOK_CLIENT_SECRET; the Display API for
# your own account UITZICHT_TIKTOK_TOKEN.
[platforms.tiktok]
requests_per_day = 1000
""",
    "linkedin": """
# LinkedIn: pages that you administer by UITZICHT_LINKEDIN_TOKEN. The guest page, which LinkedIn's robots.txt
# forbids, shows the newest posts of any. See legal_ground below.
[platforms.linkedin]
requests_per_day = 200
""",
}
SWITCHED_OFF = "enabled = false   # not part of this study\n"

TAIL = """
# A public page that robots.txt or the platform's terms forbid stays off until you name your legal ground, in your
# own words, under its platform. It is stored with every crawl and shown in the report. For example:
# legal_ground = "DSA art. 40(12), decision of 2026-09-01, dossier 123"

# YouTube wants data of its API refreshed or deleted within 30 days; uitzicht retention lists what is past its time.
#[retention]
#youtube.data_api = 30

# Whom a citation of an export names, and its licence (an SPDX identifier).
#[export]
#authors = ["Jansen, Anna"]
#licence = "CC-BY-4.0"

[report]
language = {language}   # nl or en
"""


def write_study(folder: Path, answers: Answers) -> list[Path]:
    """Write the files of a new study; return them. Raises StudyError where one cannot be, or is there already."""
    files = {STUDY_FILE: study_text(answers), ACCOUNTS_FILE: accounts_text(answers.accounts)}
    if answers.without_account:
        files[INSTITUTIONS_FILE] = institutions_text(answers.without_account)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8", newline="") as file:
                file.write(text)
    except OSError as error:
        raise StudyError(f"{folder} cannot be written: {error.strerror}") from None
    return [folder / name for name in files]


def find_taken(folder: Path, names: Iterable[str]) -> Path | None:
    """Return a file that a study of that folder would write over, None where there is none."""
    return next((folder / name for name in names if (folder / name).exists()), None)


def study_text(answers: Answers) -> str:
    """Return the study file."""
    head = HEAD.format(
        title=quoted(answers.title),
        purpose=_line(f"purpose = {quoted(answers.purpose)}"),
        purpose_note=PURPOSES[answers.purpose],
        since=_line(f"since = {answers.since}"),
        until=_line(f"until = {answers.until}" if answers.until else "#until = 2027-07-16"),
        contact=quoted(answers.contact),
    )
    tables = (
        PLATFORM_NOTES[name] + ("" if name in answers.platforms else SWITCHED_OFF) for name in PLATFORMS
    )
    return head + "".join(tables) + TAIL.format(language=quoted(answers.language))


def accounts_text(accounts: Sequence[StudyAccount]) -> str:
    """Return a list of accounts, to be filled in where it is empty."""
    return _table(COLUMNS, map(asdict, accounts))


def institutions_text(institutions: Sequence[Institution]) -> str:
    """Return a list of institutions, for their accounts to be found."""
    rows = ({name: getattr(one, name) for name in INSTITUTION_COLUMNS} for one in institutions)
    return _table(INSTITUTION_COLUMNS, rows)


def quoted(text: str) -> str:
    """Return a text as TOML writes it, on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else " " for char in escaped) + '"'


def _line(text: str) -> str:
    return f"{text:28}"


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
