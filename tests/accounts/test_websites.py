"""Discovery on twelve websites of different making: found, missed, wrongly claimed, refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.discover.visiting import SiteVisit, visit
from crawler.discover.walking import Walker
from tests.accounts.__main__ import LIMITS, claimed, numbers, visits
from tests.accounts.guard import loopback_only  # noqa: F401
from tests.accounts.mocknet import MockNet, serving
from tests.accounts.websites import INWARD, PAGES, WEBSITES, Website, whole_net

each_website = pytest.mark.parametrize("website", WEBSITES, ids=[one.making for one in WEBSITES])


@pytest.fixture
def net() -> Iterator[MockNet]:
    with serving(PAGES) as net:
        yield whole_net(net)


def see(net: MockNet, website: Website) -> SiteVisit:
    return visit(website.institution, Walker(net.network, LIMITS))


def named(words: str) -> Website:
    return next(one for one in WEBSITES if words in one.making)


@each_website
def test_all_of_its_accounts_are_found_and_nobody_elses(net: MockNet, website: Website) -> None:
    done = see(net, website)
    assert claimed(done) == website.accounts
    assert done.trouble == website.trouble
    assert bool(done.sentence) == (website.trouble is not None)
    assert len(done.refused) == website.refused


@each_website
def test_only_public_addresses_are_dialled(net: MockNet, website: Website) -> None:
    see(net, website)
    assert all(address.startswith("20.0.0.") for address in net.dialled)


def test_the_guard_sees_what_would_leave(net: MockNet) -> None:
    with pytest.raises(AssertionError, match="was dialled"):
        net.dial("10.0.0.5", 80, 1.0)


def test_inward_redirects_are_refused_one_by_one_and_the_rest_is_read(net: MockNet) -> None:
    done = see(net, named("loopback, private"))
    hosts = {asked.partition("/")[0] for asked in net.asked}
    assert hosts == {"www.zwarteweide.example"}
    assert len(done.refused) == len(set(done.refused)) == len(INWARD)
    assert all(
        told.endswith(("not asked", "expected http or https", "expected port 80 of http"))
        for told in done.refused
    )


def test_a_name_that_moves_inside_is_pinned_to_what_was_checked(net: MockNet) -> None:
    done = see(net, named("rebinding"))
    assert net.looked_up == ["www.wisselstroom.example"] * 2
    assert net.dialled == ["20.0.0.98"]
    assert net.asked == ["www.wisselstroom.example/robots.txt"]
    assert "127.0.0.1, a loopback address" in done.sentence


def test_robots_txt_is_asked_before_anything_else_and_obeyed(net: MockNet) -> None:
    see(net, named("robots.txt"))
    assert net.asked == ["www.stiltecollege.example/robots.txt"]


def test_platforms_are_never_looked_up(net: MockNet) -> None:
    for website in WEBSITES:
        see(net, website)
    names = ("instagram", "tiktok", "youtube", "youtu.be", "linkedin", "lnkd", "facebook", "google", "linktr")
    assert not [host for host in net.looked_up if any(name in host for name in names)]


def test_others_accounts_are_seen_and_scored_low_with_reasons(net: MockNet) -> None:
    done = see(net, named("other people"))
    low = {one.account: one for one in done.found if one.score < 0.5}
    assert set(low) == {
        "omroepgelre",
        "beroemdheid",
        "bouwbedrijf-janssen",
        "@gemeentearnhem",
        "bureau-pixel",
        "scholengroep-gelre",
    }
    assert "credits a maker" in str(low["bureau-pixel"].reasons)
    assert "news item" in str(low["omroepgelre"].reasons)
    assert "only a post" in str(low["beroemdheid"].reasons)
    assert "among partners" in str(low["@gemeentearnhem"].reasons)
    notes = " ".join(done.notes)
    assert "linkedin: a person's profile, not an account (1 there)" in notes
    assert "youtube: a single video" in notes


def test_where_and_by_what_an_account_was_found_is_told(net: MockNet) -> None:
    found = {one.platform: one for one in see(net, named("footer icons")).found}
    mention = found["instagram"].sightings[0].mention
    assert (mention.place, mention.label) == ("footer", "Instagram")
    assert mention.page == "http://www.rocwaterkant.example/"
    assert found["youtube"].sightings[0].mention.label == "YouTube"
    short = {one.platform: one for one in see(net, named("shorteners")).found}
    assert short["linkedin"].sightings[0].via == "http://tinyurl.com/klaver-li"


def test_endless_short_links_and_pages_of_links_are_told(net: MockNet) -> None:
    notes = " ".join(see(net, named("shorteners")).notes)
    assert "http://is.gd/rond is redirected more than 8 times" in notes
    assert "https://linktr.ee/klaverveld is a page of links" in notes
    assert "a short link of the platform itself" in notes


def test_for_whom_an_account_speaks_is_guessed(net: MockNet) -> None:
    speakers = {one.account: one.speaker for one in see(net, named("programmes")).found}
    assert speakers["hsheuvelrug"].scope == "central"
    programme = speakers["heuvelrug.verpleegkunde"]
    assert (programme.scope, programme.programme, programme.run_by) == (
        "programme",
        "Verpleegkunde",
        "institution",
    )
    assert (speakers["heuvelrugstudenten"].scope, speakers["heuvelrugstudenten"].run_by) == (
        "central",
        "students",
    )


def test_the_table_of_the_documentation_is_what_is_found() -> None:
    text = (Path(__file__).parents[2] / "docs/accounts.md").read_text(encoding="utf-8")
    lines = text.partition("### Tried on")[2].partition("A website of 10 MB")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][
        2:
    ]
    assert len(rows) == len(WEBSITES)
    for row, (website, done) in zip(rows, visits(), strict=True):
        assert row[0].startswith(website.making)
        assert tuple(int(cell or 0) for cell in row[1:6]) == numbers(website, done)
