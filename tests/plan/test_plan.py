"""`uitzicht plan`: what it foresees, what it rests on, what it says is off, and how that compares with the crawl."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from audit.cli import uitzicht as commands
from audit.exits import Exit
from audit.steps.plan import StudyPlan, make_plan
from audit.study import Study
from crawler.budget import Budget, budget_of
from crawler.errors import CrawlerError
from crawler.feed import Header, Journal, feed_path
from crawler.items import PLATFORMS, Outcome, OutcomeKind
from crawler.plan.foreseen import Foreseen, add_up
from crawler.quota import quota_of
from crawler.redact import CREDENTIALS
from tests.crawler.study import GROUND, make_study, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, running
from tests.plan import population

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = dict.fromkeys(CREDENTIALS, "given")


def planned(folder: Path, environ: dict[str, str] = ALL, now: datetime = NOW) -> StudyPlan:
    return make_plan(Study.read(folder), now=now, environ=environ)


def run_plan(folder: Path, *options: str, **env: str) -> Result:
    runner = CliRunner(env=dict.fromkeys(CREDENTIALS, "") | env)
    return runner.invoke(commands, ["plan", str(folder), *options], standalone_mode=False)


def note_visit(
    folder: Path, platform: str, account: str, outcome: OutcomeKind, *, route: str, captures: int
) -> None:
    """Write the feed of a visit that showed no post."""
    crawl_id = f"{platform}-20261101T000000Z-0000"
    at = datetime(2026, 11, 1, tzinfo=UTC)
    common: dict[str, Any] = {"crawl_id": crawl_id, "platform": platform, "account": account, "route": route}
    header = Header(
        **common,
        study="Proef",
        legal_ground="",
        started_at=at,
        window_since=None,
        window_until=None,
        software="x",
    )
    journal = Journal(feed_path(folder / "feeds", crawl_id, platform, account), header)
    told = Outcome(
        **common,
        account_id=None,
        outcome=outcome,
        sign="a sign",
        status=None,
        final_url=None,
        legal_ground="",
        posts_collected=0,
        posts_reported=None,
        errors_count=0,
        oldest_posted_at=None,
        newest_posted_at=None,
        window_since=None,
        started_at=at,
        ended_at=at,
        capture_ids=tuple(f"capture-{number}" for number in range(captures)),
    )
    journal.end(told)


def test_a_plan_is_near_what_the_crawls_of_a_study_then_ask(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    site = Site(
        population.posts(6, now, seed=4),
        [Behaviour(kind="vanished", platform="instagram", account="school03")],
        clock=now,
    )
    since = (now - timedelta(days=365)).date().isoformat()
    study = make_study(tmp_path / "study", population.accounts(6), since=since)
    first = planned(study, site.credentials.environment(), now)
    with running(site):
        uitzicht("crawl", study, env=surroundings(site))
        asked = Counter(one.platform for one in site.received())
        later = planned(study, site.credentials.environment(), datetime.now(UTC))
        uitzicht("crawl", study, env=surroundings(site))
        again = Counter(one.platform for one in site.received()) - asked
    for one in first.platforms:
        assert one.requests.least <= asked[one.platform] <= one.requests.most
        assert {account.rests_on for account in one.accounts} == {"an assumption"}
    for one in later.platforms:
        assert one.requests.likely == pytest.approx(again[one.platform], rel=0.1, abs=1)
    (youtube,) = (one for one in later.platforms if one.platform == "youtube")
    (units,) = youtube.limits
    spent = quota_of(Study.read(study), "youtube", "data_api").spent_today
    assert units.spent_today == asked["youtube"]
    assert spent == asked["youtube"] + again["youtube"]
    assert {account.rests_on for account in youtube.accounts} == {"its own past"}
    (gone,) = (
        account
        for one in later.platforms
        for account in one.accounts
        if account.account.account == "school03" and one.platform == "instagram"
    )
    assert gone.requests.likely == 1


def test_without_credentials_or_grounds_nothing_is_asked_and_it_says_why(tmp_path: Path) -> None:
    study = make_study(tmp_path, [(platform, "school") for platform in PLATFORMS])
    done = run_plan(study)
    assert done.return_value == Exit.BLOCKED
    for name in (*CREDENTIALS[:3], "UITZICHT_TIKTOK_TOKEN", "UITZICHT_LINKEDIN_TOKEN"):
        assert f"no {name}" in done.output
    assert "off: linkedin guest: robots.txt or the platform's terms forbid it" in done.output
    assert "Nothing will be asked" in done.output
    assert "uitzicht import" in done.output


def test_some_platforms_without_a_route_are_partial(tmp_path: Path) -> None:
    study = make_study(tmp_path, [("youtube", "@school"), ("linkedin", "school")])
    done = run_plan(study, UITZICHT_YOUTUBE_API_KEY="given")
    assert done.return_value == Exit.PARTIAL
    assert "1 account will not be asked anything." in done.output
    only = run_plan(study, "--platform", "youtube", UITZICHT_YOUTUBE_API_KEY="given")
    assert only.return_value == Exit.SUCCESS
    assert "linkedin" not in only.output


def test_a_study_without_accounts_has_no_plan(tmp_path: Path) -> None:
    with pytest.raises(CrawlerError, match="lists no accounts; there is nothing to plan"):
        planned(make_study(tmp_path, []))


def test_json_holds_the_whole_plan(tmp_path: Path) -> None:
    more = f"[platforms.linkedin]\n{GROUND}\n[retention]\nlinkedin.guest = 90\n"
    study = make_study(tmp_path, [("youtube", "@school"), ("linkedin", "school")], more=more)
    done = run_plan(study, "--json", UITZICHT_YOUTUBE_API_KEY="given")
    plan = json.loads(done.stdout)
    youtube, linkedin = plan["platforms"]
    assert youtube["platform"] == "youtube"
    assert youtube["kept_days"] == {"data_api": 30}
    assert linkedin["kept_days"] == {"guest": 90}
    assert linkedin["left_out"]["posts_api"] == "no UITZICHT_LINKEDIN_TOKEN in the environment"
    assert linkedin["requests"] == {"least": 1, "likely": 1.0, "most": 1}
    assert linkedin["accounts"][0]["routes"] == {"guest": 1.0}
    assert plan["requests"]["likely"] == pytest.approx(
        youtube["requests"]["likely"] + linkedin["requests"]["likely"], abs=0.1
    )


def test_a_budget_spreads_a_crawl_over_days_and_what_is_spent_counts(tmp_path: Path) -> None:
    accounts = [("linkedin", f"school{number}") for number in range(30)]
    more = f"[platforms.linkedin]\n{GROUND}\nrequests_per_day = 12\n"
    study = make_study(tmp_path, accounts, more=more)
    (linkedin,) = planned(study, {}, datetime.now(UTC)).platforms
    assert (linkedin.requests.likely, linkedin.days) == (30, 3)
    budget_of(Study.read(study), "linkedin").spend(12)
    assert planned(study, {}, datetime.now(UTC)).days == 4
    assert "spent today: linkedin, 12 (own budget)" in run_plan(study).output


def test_the_budget_of_another_day_is_not_spent(tmp_path: Path) -> None:
    yesterday = Budget(tmp_path / "spent.json", 10, clock=lambda: NOW - timedelta(days=1))
    yesterday.spend(10)
    assert Budget(tmp_path / "spent.json", 10, clock=lambda: NOW).spent_today == 0


def test_tiktoks_own_limit_holds_without_a_budget_of_the_study(tmp_path: Path) -> None:
    accounts = [("tiktok", f"school{number}") for number in range(100)]
    study = make_study(tmp_path, accounts, since="2025-11-20")
    (tiktok,) = planned(study).platforms
    (limit,) = tiktok.limits
    assert (limit.name, limit.per_day) == ("research_api", 1_000)
    assert limit.likely > 1_000
    assert tiktok.days == 2


def test_time_goes_by_the_studys_pace(tmp_path: Path) -> None:
    more = f"[platforms.linkedin]\n{GROUND}\ndelay = 30\n"
    study = make_study(tmp_path, [("linkedin", "een"), ("linkedin", "twee")], more=more)
    assert planned(study, {}).seconds == 60


@pytest.mark.parametrize("outcome", ["not_found", "private", "blocked"])
def test_an_account_that_showed_nothing_is_foreseen_as_it_ended(tmp_path: Path, outcome: OutcomeKind) -> None:
    study = make_study(tmp_path, [("instagram", "weg"), ("instagram", "nieuw")])
    note_visit(study, "instagram", "weg", outcome, route="business_discovery", captures=1)
    gone, new = planned(study).platforms[0].accounts
    assert gone.last == outcome
    assert gone.requests.likely < new.requests.likely
    assert (gone.requests.likely == 1) == (outcome != "blocked")
    assert (
        f"{outcome} when last visited"
        in run_plan(study, UITZICHT_INSTAGRAM_TOKEN="x", UITZICHT_INSTAGRAM_USER_ID="x").output
    )


def test_what_a_person_imported_is_no_visit(tmp_path: Path) -> None:
    study = make_study(tmp_path, [("instagram", "school")])
    note_visit(study, "instagram", "school", "partial", route="zeeschuimer", captures=1)
    (account,) = planned(study).platforms[0].accounts
    assert (account.last, account.rests_on) == (None, "an assumption")


def test_a_sum_is_surer_than_its_parts_and_never_outside_them() -> None:
    sure = Foreseen(least=3, likely=3, most=3)
    unsure = Foreseen.of([2, 4], [1, 9])
    total = add_up([unsure] * 100)
    assert (total.least, total.likely, total.most) == (280, 300, 320)
    assert add_up([sure, sure]).most == 6
    shared = Foreseen.of([2, 4], [1, 9], sample=("accounts like it", 5))
    less_sure = add_up([shared] * 100)
    assert (less_sure.least, less_sure.most) == (157, 443)


def test_a_long_list_of_accounts_is_shown_on_request(tmp_path: Path) -> None:
    study = make_study(tmp_path, [("youtube", f"@school{number}") for number in range(40)])
    assert "--accounts shows each of the 40 accounts" in run_plan(study, UITZICHT_YOUTUBE_API_KEY="x").output
    assert "@school39" in run_plan(study, "--accounts", UITZICHT_YOUTUBE_API_KEY="x").output


def test_single_posts_are_foreseen_where_their_addresses_are_known(tmp_path: Path) -> None:
    more = f'[platforms.instagram]\n{GROUND}\nroutes = ["permalinks"]\n'
    study = make_study(tmp_path, [("instagram", "een"), ("instagram", "twee")], more=more)
    addresses = "".join(
        f"een,https://www.instagram.com/p/{code}/\n" for code in ("DUgjOD7D0br", "DNZCmWE8gAB")
    )
    (study / "permalinks.csv").write_text(f"account,url\n{addresses}", encoding="utf-8")
    een, twee = planned(study, {}).platforms[0].accounts
    assert (een.requests.least, een.requests.likely, een.requests.most) == (2, 2, 2)
    assert (twee.requests.likely, twee.why_not) == (0, "no post of it is known by its address")
