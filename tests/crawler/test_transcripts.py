"""Transcripts from caption tracks: asked for where the study wants them, and never in the way of the posts."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ParseError
from crawler.items import Capture
from crawler.parsers.formats import parse
from tests.crawler.study import GROUND, make_study, outcomes, post_ids, records, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, SitePost, many_posts, running
from tests.mocksite.youtube_captions import signature

ON = f'[platforms.youtube]\n{GROUND}\nroutes = ["browse"]\ntranscripts = true\n'
SPOKEN = "Welkom bij deze aflevering. Wij leren je een vak, ook in de avond!"
TIMEDTEXT = "youtube.timedtext"


def spoken(number: int = 4, account: str = "@veel") -> list[SitePost]:
    return [replace(post, transcript=SPOKEN) for post in many_posts(number, "youtube", account)]


def told(study: Path) -> dict[str, dict[str, Any]]:
    """Return what a study's feeds tell of each post, all sights taken together."""
    posts: dict[str, dict[str, Any]] = {}
    for record in records(study, "post"):
        seen = {name: value for name, value in record.items() if value is not None}
        posts.setdefault(record["post_id"], {}).update(seen)
    return posts


def crawled(
    folder: Path, posts: Iterable[SitePost], *behaviours: Behaviour, more: str = ON
) -> tuple[Site, Path, int]:
    site = Site(posts, behaviours)
    accounts = sorted({(post.platform, post.account) for post in site_posts(site)})
    study = make_study(folder, accounts, more=more)
    with running(site):
        code = uitzicht("crawl", study, env=surroundings(site)).returncode
    return site, study, code


def site_posts(site: Site) -> list[SitePost]:
    return [post for platform, account in site.accounts() for post in site.posts(platform, account)]


def heard(study: Path) -> list[str]:
    return [post["transcript"] for post in told(study).values() if "transcript" in post]


def test_nobody_asks_for_words_that_the_study_does_not_want(tmp_path: Path) -> None:
    site, study, code = crawled(tmp_path, spoken(), more=ON.replace("true", "false"))
    assert code == 0
    assert len(post_ids(study)) == 4
    assert not site.requests(route=TIMEDTEXT)
    assert not heard(study)


@pytest.mark.parametrize("kind", ["", "xml_captions"])
def test_a_machines_words_are_kept_as_such(tmp_path: Path, kind: str) -> None:
    site, study, code = crawled(tmp_path, spoken(), *([Behaviour(kind=kind)] if kind else []))
    assert code == 0
    posts = told(study).values()
    assert {post["transcript_source"] for post in posts} == {"asr"}
    assert {" ".join(post["transcript"].split()) for post in posts} == {
        "welkom bij deze aflevering wij leren je een vak ook in de avond"
    }
    assert {post["media_type"] for post in records(study, "post") if post["title"]} == {"video", "short"}
    assert outcomes(study)["@veel"]["sign"].endswith("; 4 of 4 caption tracks were given")
    assert site.requests(route=TIMEDTEXT) == site.requests(route="youtube.player") == 4


def test_what_a_person_wrote_goes_before_a_machine_and_a_translation(tmp_path: Path) -> None:
    _, study, _ = crawled(tmp_path, spoken(), Behaviour(kind="written_captions"))
    assert {
        (post["transcript_source"], " ".join(post["transcript"].split())) for post in told(study).values()
    } == {("written", SPOKEN)}


def test_a_signed_address_is_never_written_down_and_the_archive_still_tells_all(tmp_path: Path) -> None:
    site, study, _ = crawled(tmp_path / "online", spoken())
    keys = [signature(post).encode() for post in site_posts(site)]
    for path in (path for path in study.rglob("*") if path.is_file()):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert not any(key in body for key in keys), path
    before = records(study, "post")
    assert uitzicht("reparse", study).returncode == 0
    assert records(study, "post") == before
    again = make_study(tmp_path / "offline", [("youtube", "@veel")], more=ON)
    assert uitzicht("crawl", again, "--replay", study / "archive").returncode == 0
    assert records(again, "post") == before


def test_a_video_without_a_track_is_not_asked_about(tmp_path: Path) -> None:
    mute, loud = many_posts(3, "youtube", "@stil"), spoken(3)
    site, study, code = crawled(tmp_path, [*mute, *loud])
    assert code == 0
    assert len(heard(study)) == site.requests(route=TIMEDTEXT) == 3
    assert "caption" not in outcomes(study)["@stil"]["sign"]


def test_an_empty_answer_is_no_empty_transcript(tmp_path: Path) -> None:
    site, study, code = crawled(tmp_path, spoken(), Behaviour(kind="empty_body", route=TIMEDTEXT))
    assert code == 0
    assert (len(post_ids(study)), heard(study), records(study, "error")) == (4, [], [])
    assert outcomes(study)["@veel"]["outcome"] == "complete"
    assert outcomes(study)["@veel"]["sign"].endswith("; 0 of 4 caption tracks were given")
    assert site.requests(route=TIMEDTEXT) == 4  # none asked for twice


def test_a_wall_before_the_words_costs_no_post(tmp_path: Path) -> None:
    names = [f"@school{number}" for number in range(4)]
    posts = [post for name in names for post in spoken(3, name)]
    site, study, code = crawled(tmp_path, posts, Behaviour(kind="forbidden", route=TIMEDTEXT))
    assert code == 0
    assert {one["outcome"] for one in outcomes(study).values()} == {"complete"}
    assert len(post_ids(study)) == 12
    assert site.requests(route=TIMEDTEXT) == 3  # one an account, and none after the third account


@pytest.mark.parametrize("kind", ["truncated", "html_for_json", "broken_connection"])
def test_a_broken_track_costs_no_post(tmp_path: Path, kind: str) -> None:
    site, study, code = crawled(tmp_path, spoken(2), Behaviour(kind=kind, route=TIMEDTEXT))
    assert code == 0
    assert (len(post_ids(study)), heard(study)) == (2, [])
    assert outcomes(study)["@veel"]["outcome"] == "complete"
    assert site.requests(route=TIMEDTEXT) <= 6


def test_an_interrupted_visit_asks_for_a_new_address(tmp_path: Path) -> None:
    site = Site(spoken(3))
    limited = ON + "requests_per_day = {}\n"
    study = make_study(tmp_path, [("youtube", "@veel")], more=limited.format(3))
    with running(site):
        assert uitzicht("crawl", study, env=surroundings(site)).returncode == 3
        assert (site.requests(route="youtube.player"), site.requests(route=TIMEDTEXT)) == (1, 0)
        text = (study / "study.toml").read_text(encoding="utf-8")
        (study / "study.toml").write_text(text.replace("per_day = 3", "per_day = 99"), encoding="utf-8")
        assert uitzicht("crawl", study, env=surroundings(site)).returncode == 0
    assert len(heard(study)) == 3
    assert outcomes(study)["@veel"]["sign"].endswith("; 3 of 3 caption tracks were given")


def test_words_that_are_known_are_not_asked_for_again(tmp_path: Path) -> None:
    site = Site(spoken(3))
    study = make_study(tmp_path, [("youtube", "@veel")], more=ON)
    with running(site):
        for _ in range(2):
            assert uitzicht("crawl", study, env=surroundings(site)).returncode == 0
        assert (site.requests(route="youtube.player"), site.requests(route=TIMEDTEXT)) == (6, 3)


def test_a_study_hears_that_its_first_route_has_no_tracks(tmp_path: Path) -> None:
    site, study, code = crawled(tmp_path, spoken(), more=ON.replace('["browse"]', '["data_api", "browse"]'))
    assert code == 1
    assert site.requests() == 0
    assert not records(study)


def captions(body: bytes) -> Capture:
    return Capture(
        capture_id="one",
        platform="youtube",
        route="browse",
        format=TIMEDTEXT,
        url="https://www.youtube.com/api/timedtext?v=abc",
        captured_at=datetime(2026, 11, 22, tzinfo=UTC),
        body=body,
    )


BOMB = b'<!DOCTYPE t [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><transcript><text>&b;</text></transcript>'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (BOMB, "declares a document type"),
        (b"<transcript><text>Welkom</te", "breaks off"),
        (b'{"wireMagic": "pb3", "events": {"segs": []}}', "expected a list"),
        (b'{"wireMagic": "pb3", "events": [{"segs": [{"utf8": 7}]}]}', "expected a string"),
        (b"<html><body>Sorry</body></html>", "neither JSON nor XML"),
        (b"<transcript><text>\xff\xfe</text></transcript>", "not UTF-8"),
    ],
)
def test_hostile_tracks_are_typed_errors(body: bytes, problem: str) -> None:
    with pytest.raises(ParseError, match=problem):
        parse(captions(body))


def test_deep_and_escaped_xml_is_read_in_time() -> None:
    deep = b"<transcript>" + b"<text>" * 5_000 + b"a" + b"</text>" * 5_000 + b"</transcript>"
    assert len(parse(captions(deep)).posts) <= 1
    strange = b"<transcript><text>&amp;lt;b&amp;gt;</text></transcript>"
    assert parse(captions(strange)).posts[0].transcript == "<b>"


@pytest.mark.parametrize("body", [b"<transcript/>", b"<transcript><text> </text></transcript>"])
def test_a_track_without_words_is_no_transcript(body: bytes) -> None:
    assert parse(captions(body)).posts == ()
