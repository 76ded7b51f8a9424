"""Refusals on every route, as real crawls: the outcome named right, its evidence kept, no post invented, none lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.browser import find_chromium
from crawler.items import Capture
from tests.crawler.refusals import OWN, POSTS, Case, Told, complaints, crawl, pack, read_cases
from tests.crawler.study import GROUND, make_study, outcomes, post_ids, surroundings, uitzicht
from tests.mocksite import NOW, Behaviour, Site, many_posts, running

HAS_BROWSER = find_chromium() is not None
EVERY = [case for case in read_cases() if HAS_BROWSER or case.route != "browser"]
ALONE = [
    case for case in EVERY if case.route == OWN
]  # each takes a crawl of its own: bench/refusals.py has all
CASES = [case for case in EVERY if case not in ALONE[2:]]
CRAWLS = list(pack(CASES))


@pytest.mark.parametrize("number", range(len(CRAWLS)))
def test_refusals_are_named_right_and_cost_nobody_else_anything(tmp_path: Path, number: int) -> None:
    told = crawl(tmp_path, CRAWLS[number])
    wrong = {one.case.name: found for one in told if (found := complaints(one))}
    assert not wrong
    others = {one.case.platform for one in told if one.case.route != OWN}
    assert sum(one.case.kind == "gezond" for one in told) == len(others)


def test_every_route_is_refused_in_twelve_ways_and_more() -> None:
    kinds = Counter(case.route for case in {(one.route, one.kind): one for one in read_cases()}.values())
    assert set(kinds) == set(POSTS)
    assert min(kinds.values()) >= 12
    assert {case.name for crawl in CRAWLS for case in crawl} == {case.name for case in CASES}


@pytest.mark.skipif(HAS_BROWSER, reason="Chromium is there: nothing is left out")
def test_without_chromium_the_browser_route_is_left_out() -> None:
    pytest.skip("no Chromium on this machine: refusals of TikTok's browser route left out")


def test_a_crawl_with_walls_only_is_blocked(tmp_path: Path) -> None:
    walls = {"youtube": "@dicht", "instagram": "dicht", "tiktok": "dicht", "linkedin": "dicht"}
    site = Site(
        [post for name, account in walls.items() for post in many_posts(5, name, account)],
        behaviours=[Behaviour(kind="forbidden", account="dicht")],
    )
    more = "".join(f"[platforms.{name}]\n{GROUND}\n" for name in walls)
    study = make_study(tmp_path, walls.items(), more=more)
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    assert {one["outcome"] for one in outcomes(study).values()} == {"blocked"}
    assert not post_ids(study)
    assert done.returncode == 4


def test_too_large_a_page_is_asked_for_in_smaller_ones(tmp_path: Path) -> None:
    site = Site(many_posts(60, "instagram", "veel"), most_per_page=10)
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
        asked = site.received(host="graph.facebook.com")
    assert done.returncode == 0, done.stderr
    assert outcomes(study)["veel"]["posts_collected"] == 60
    refused = [one for one in asked if one.status == 500]
    assert 1 <= len(refused) <= 3  # each size once: asking the same again cannot help
    assert len(asked) == len(refused) + 10


def test_trouble_that_passes_costs_nothing(tmp_path: Path) -> None:
    passing = [
        Behaviour(kind=kind, account=kind.replace("_", ""), after=1, times=1)
        for kind in ("server_error", "broken_connection", "truncated", "empty_body", "html_for_json")
    ]
    accounts = [("instagram", one.account) for one in passing]
    site = Site([post for _, name in accounts for post in many_posts(60, "instagram", name)], passing)
    study = make_study(tmp_path, accounts)
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    assert done.returncode == 0, done.stderr
    assert {one["outcome"]: one["posts_collected"] for one in outcomes(study).values()} == {"complete": 60}
    assert len(post_ids(study)) == 60 * len(accounts)


# The checks themselves are seen to fail.


def _told(study: Path, **changes: object) -> Told:
    case = Case(
        platform="instagram",
        route="profile",
        kind="private",
        outcome="private",
        sign="x",
        status=200,
        posts=1,
    )
    site = Site(many_posts(1, "instagram", case.account))
    there = frozenset(post.post_id for post in site.posts("instagram", case.account))
    outcome = {"outcome": "private", "sign": "x", "status": 200, "final_url": "u", "posts_collected": 1}
    capture = Capture(
        capture_id="1", platform="instagram", route="profile", url="u", captured_at=NOW, body=b""
    )
    told = Told(
        case=case,
        outcome=outcome,
        post_ids=tuple(there),
        there=there,
        captures=(capture,),
        exit=3,
        study=study,
    )
    return replace(told, **changes)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"exit": 0}, "exit code 0"),
        ({"captures": ()}, "the answer that refused is not in the archive"),
        ({"post_ids": ("invented",)}, "posts that do not exist"),
        ({"post_ids": ()}, "0 posts, expected 1"),
    ],
)
def test_complaints_are_made(tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    assert complaints(_told(tmp_path)) == []
    assert complaint in complaints(_told(tmp_path, **changes))


@pytest.mark.parametrize(
    ("name", "value"), [("outcome", "empty"), ("sign", "y"), ("status", 403), ("final_url", None)]
)
def test_complaints_are_made_about_evidence(tmp_path: Path, name: str, value: object) -> None:
    fine = _told(tmp_path)
    assert complaints(replace(fine, outcome={**fine.outcome, name: value}))
