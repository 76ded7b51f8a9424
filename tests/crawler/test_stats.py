"""The stats of a crawl are those that docs/scrapy.md names, and each of them is set."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.items import OUTCOMES, PLATFORMS
from crawler.pipelines import CountPipeline
from tests.crawler.study import GROUND, make_study, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

PAGE = Path(__file__).parents[2] / "docs" / "scrapy.md"
WORDS = {
    "<platform>": "|".join(PLATFORMS),
    "<outcome>": "|".join(OUTCOMES),
    "<field>": "|".join(CountPipeline.FIELDS),
    "<bucket>": "[a-z_]+",
}


def documented() -> dict[str, re.Pattern[str]]:
    """Return the stats that the page names, each with what it stands for."""
    rows = re.findall(r"^\| `(audit/[^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {row: _pattern(row) for row in rows}


def _pattern(row: str) -> re.Pattern[str]:
    for word, meaning in WORDS.items():
        row = row.replace(word, f"(?:{meaning})")
    return re.compile(row)


def test_the_page_names_every_stat_and_no_other(tmp_path: Path) -> None:
    accounts = [("youtube", "@veel"), ("instagram", "veel"), ("tiktok", "veel"), ("linkedin", "veel")]
    site = Site(
        [post for name, account in accounts for post in many_posts(20, name, account)],
        [Behaviour(kind="rate_limited", account="veel", platform="instagram", seconds=600)],
    )
    more = "[platforms.tiktok]\nrequests_per_day = 1\n" + f"[platforms.linkedin]\n{GROUND}\n"
    study = make_study(tmp_path, accounts, more=more)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site, UITZICHT_LINKEDIN_TOKEN=""))
    log = next((study / "logs").glob("crawl-*.log")).read_text(encoding="utf-8")
    seen = set(re.findall(r"'(audit/[^']+)':", log))
    patterns = documented()
    assert len(patterns) > 5
    assert {one for one in seen if not any(known.fullmatch(one) for known in patterns.values())} == set()
    assert {row for row, known in patterns.items() if not any(map(known.fullmatch, seen))} == set()
