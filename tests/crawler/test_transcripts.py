"""Transcripts from caption tracks: asked for where the study wants them, and never in the way of the posts."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, replace
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


def spoken(number: int = 3, account: str = "@veel") -> list[SitePost]:
    return [replace(post, transcript=SPOKEN) for post in many_posts(number, "youtube", account)]


@dataclass(frozen=True)
class Crawled:
    """A site, the study that visited it, and the exit status."""

    site: Site
    study: Path
    code: int

    def posts(self, account: str = "@veel") -> list[dict[str, Any]]:
        """Return what the feeds tell of each post of an account, all sights taken together."""
        posts: dict[str, dict[str, Any]] = {}
        for record in records(self.study, "post"):
            if record["account"] == account:
                seen = {name: value for name, value in record.items() if value is not None}
                posts.setdefault(record["post_id"], {}).update(seen)
        return list(posts.values())

    def words(self, account: str = "@veel") -> set[str]:
        """Return what is said in the posts of an account."""
        found = (post.get("transcript") for post in self.posts(account))
        return {" ".join(words.split()) for words in found if words is not None}

    def asked(self, account: str = "@veel") -> int:
        """Return how often a caption track of an account was asked for."""
        return self.site.requests(route=TIMEDTEXT, account=account)


def crawled(folder: Path, names: Iterable[str], *behaviours: Behaviour, more: str = ON) -> Crawled:
    site = Site([post for name in names for post in spoken(account=name)], behaviours)
    site.publish(*many_posts(3, "youtube", "@stil"))
    study = make_study(folder, [("youtube", name) for name in (*names, "@stil")], more=more)
    with running(site):
        return Crawled(site, study, uitzicht("crawl", study, env=surroundings(site)).returncode)


SPOILT = ("truncated", "html_for_json", "broken_connection")


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Accounts whose caption tracks come in every way but refused."""
    kinds = {"@xml": "xml_captions", "@mens": "written_captions"}
    odd = [Behaviour(kind=kind, account=name) for name, kind in kinds.items()]
    gone = {"@leeg": "empty_body"} | {f"@{kind.replace('_', '')}": kind for kind in SPOILT}
    odd += [Behaviour(kind=kind, account=name, route=TIMEDTEXT) for name, kind in gone.items()]
    return crawled(tmp_path_factory.mktemp("study"), ("@veel", *kinds, *gone), *odd)


def test_nobody_asks_for_words_that_the_study_does_not_want(tmp_path: Path) -> None:
    off = crawled(tmp_path, ["@veel"], more=ON.replace("true", "false"))
    assert (off.code, off.asked(), off.words(), len(off.posts())) == (0, 0, set(), 3)


@pytest.mark.parametrize("account", ["@veel", "@xml"])
def test_a_machines_words_are_kept_as_such(everyone: Crawled, account: str) -> None:
    assert {post["transcript_source"] for post in everyone.posts(account)} == {"asr"}
    assert everyone.words(account) == {"welkom bij deze aflevering wij leren je een vak ook in de avond"}
    sign = outcomes(everyone.study)[account]["sign"]
    assert sign.endswith("; 3 of 3 caption tracks were given")
    assert everyone.asked(account) == 3


def test_a_track_says_nothing_of_what_kind_its_video_is(everyone: Crawled) -> None:
    shown = [record for record in records(everyone.study, "post") if record["title"] is not None]
    assert {record["media_type"] for record in shown} == {"video", "short"}


def test_what_a_person_wrote_goes_before_a_machine_and_a_translation(everyone: Crawled) -> None:
    assert {post["transcript_source"] for post in everyone.posts("@mens")} == {"written"}
    assert everyone.words("@mens") == {SPOKEN}


def test_a_video_without_a_track_is_not_asked_about(everyone: Crawled) -> None:
    assert len(everyone.posts("@stil")) == 3
    assert (everyone.asked("@stil"), everyone.words("@stil")) == (0, set())
    assert "caption" not in outcomes(everyone.study)["@stil"]["sign"]


def test_an_empty_answer_is_no_empty_transcript(everyone: Crawled) -> None:
    told = outcomes(everyone.study)["@leeg"]
    assert (len(everyone.posts("@leeg")), everyone.words("@leeg")) == (3, set())
    assert (told["outcome"], told["errors_count"]) == ("complete", 0)
    assert told["sign"].endswith("; 0 of 3 caption tracks were given")
    assert everyone.asked("@leeg") == 3  # none asked for twice


@pytest.mark.parametrize("kind", SPOILT)
def test_a_broken_track_costs_no_post(everyone: Crawled, kind: str) -> None:
    account = f"@{kind.replace('_', '')}"
    assert (len(everyone.posts(account)), everyone.words(account)) == (3, set())
    assert outcomes(everyone.study)[account]["outcome"] == "complete"
    assert 3 <= everyone.asked(account) <= 9
    assert everyone.code == 0


def test_a_signed_address_is_never_written_down_and_the_archive_still_tells_all(
    everyone: Crawled, tmp_path: Path
) -> None:
    keys = [
        signature(post).encode()
        for name in ("@veel", "@mens")
        for post in everyone.site.posts("youtube", name)
    ]
    for path in (path for path in everyone.study.rglob("*") if path.is_file()):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert not any(key in body for key in keys), path
    before = records(everyone.study, "post")
    assert uitzicht("reparse", everyone.study).returncode == 0
    assert records(everyone.study, "post") == before
    again = make_study(tmp_path, [("youtube", "@veel"), ("youtube", "@mens")], more=ON)
    assert uitzicht("crawl", again, "--replay", everyone.study / "archive").returncode == 0
    assert records(again, "post") == [one for one in before if one["account"] in ("@veel", "@mens")]


def test_a_wall_before_the_words_costs_no_post(tmp_path: Path) -> None:
    names = [f"@school{number}" for number in range(4)]
    refused = crawled(tmp_path, names, Behaviour(kind="forbidden", route=TIMEDTEXT))
    assert refused.code == 0
    assert {one["outcome"] for one in outcomes(refused.study).values()} == {"complete"}
    assert len(post_ids(refused.study)) == 15
    assert [refused.asked(name) for name in names] == [
        1,
        1,
        1,
        0,
    ]  # the third account's wall ends those of all


def test_an_interrupted_visit_asks_for_a_new_address_and_known_words_are_not_asked_for_again(
    tmp_path: Path,
) -> None:
    site = Site(spoken())
    study = make_study(tmp_path, [("youtube", "@veel")], more=ON + "requests_per_day = 3\n")
    with running(site):
        assert uitzicht("crawl", study, env=surroundings(site)).returncode == 3
        assert (site.requests(route="youtube.player"), site.requests(route=TIMEDTEXT)) == (1, 0)
        text = (study / "study.toml").read_text(encoding="utf-8")
        (study / "study.toml").write_text(text.replace("per_day = 3", "per_day = 99"), encoding="utf-8")
        assert uitzicht("crawl", study, env=surroundings(site)).returncode == 0
        told = outcomes(study)["@veel"]
        assert told["sign"].endswith("; 3 of 3 caption tracks were given")
        assert uitzicht("crawl", study, env=surroundings(site)).returncode == 0
        assert (site.requests(route="youtube.player"), site.requests(route=TIMEDTEXT)) == (4 + 3, 3)


def test_a_study_hears_that_its_first_route_has_no_tracks(tmp_path: Path) -> None:
    wrong = crawled(tmp_path, ["@veel"], more=ON.replace('["browse"]', '["data_api", "browse"]'))
    assert (wrong.code, wrong.site.requests(), records(wrong.study)) == (1, 0, [])


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
