"""`uitzicht init`: make a new study."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import click

from audit.exits import Exit
from crawler.accounts import COLUMNS
from crawler.study import HOME, STUDY_FILE

STUDY = """# A study of Uitzicht: what is asked, of which accounts, over which time. Lines with # are explanation.

title = {title}
since = {since}             # the first day that counts
#until = 2027-07-16         # the last day; without it the study goes on
accounts = "accounts.csv"   # one row an account; a spreadsheet may write it (comma or semicolon)

[crawl]
contact = {contact}   # an address where platforms can reach you; it goes into the user agent
delay = 2.0           # seconds between two requests to one platform
patience = 120        # seconds: wait once when a platform asks for no more than this
overlap_days = 30     # so far before what is known a later crawl goes back, for edits and engagement

# YouTube: with UITZICHT_YOUTUBE_API_KEY in the environment the Data API is used, and nothing else is needed.
[platforms.youtube]
requests_per_day = 5000

# Instagram: Business Discovery needs UITZICHT_INSTAGRAM_TOKEN and UITZICHT_INSTAGRAM_USER_ID.
[platforms.instagram]
requests_per_day = 1000

# TikTok: the Research API needs UITZICHT_TIKTOK_CLIENT_KEY and UITZICHT_TIKTOK_CLIENT_SECRET; the Display API for
# your own account UITZICHT_TIKTOK_TOKEN.
[platforms.tiktok]
requests_per_day = 1000

# LinkedIn: pages that you administer by UITZICHT_LINKEDIN_TOKEN. The guest page, which LinkedIn's robots.txt
# forbids, shows the newest posts of any. See legal_ground below.
[platforms.linkedin]
requests_per_day = 200

# A public page that robots.txt or the platform's terms forbid stays off until you name your legal ground, in your
# own words, under its platform. It is stored with every crawl and shown in the report. For example:
# legal_ground = "DSA art. 40(12), decision of 2026-09-01, dossier 123"

# YouTube wants data of its API refreshed or deleted within 30 days; uitzicht retention lists what is past its time.
#[retention]
#youtube.data_api = 30

[report]
language = {language}   # nl or en
"""


@click.command(name="init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="What the study is about; the report carries it.  [default: the folder's name]")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day that counts.  [default: a year ago]"
)
@click.option("--contact", default="", help="Where platforms can reach you.")
@click.option(
    "--language", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Of the report."
)
def command(folder: Path, title: str | None, since: datetime | None, contact: str, language: str) -> Exit:
    """Make a new study in FOLDER: a commented study file and a list of accounts to fill in.

    \b
    Examples:
      uitzicht init mystudy
      uitzicht init mystudy --title "Sociale media van onze school" --since 2025-09-01
    """
    file, accounts = folder / STUDY_FILE, folder / "accounts.csv"
    for path in (file, accounts):
        if path.exists():
            raise click.UsageError(f"{path} is there already; it is left as it is.")
    folder.mkdir(parents=True, exist_ok=True)
    first = since.date() if since else _a_year_ago(datetime.now(HOME).date())
    text = STUDY.format(
        title=_quoted(title or folder.resolve().name),
        since=first.isoformat(),
        contact=_quoted(contact),
        language=_quoted(language),
    )
    file.write_text(text, encoding="utf-8")
    accounts.write_text(_header(), encoding="utf-8")
    click.echo(f"{file} and {accounts} are there. List the accounts, then: uitzicht crawl {folder}")
    return Exit.SUCCESS


def _a_year_ago(today: date) -> date:
    return today.replace(year=today.year - 1, day=min(today.day, 28))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else " " for char in escaped) + '"'


def _header() -> str:
    out = io.StringIO()
    csv.writer(out).writerow(COLUMNS)
    return out.getvalue()
