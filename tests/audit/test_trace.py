"""The way back: from a post to its words, counts, codes, captures and visits."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from audit.cli import uitzicht
from audit.steps.load import load
from audit.study import Study
from crawler.archive import Archive
from crawler.items import Capture, capture_id
from tests.audit.studies import Seen, Told, make_study
from tests.warehouse.making import NOW, feed, iso, post, write_feed
from warehouse import load_feeds, open_warehouse, publish
from warehouse.errors import QueryError
from warehouse.tracing import trace

TEXT = "Met dit diploma verdien je straks een startsalaris van 2.600 euro"
URL = "https://instagram.example/school/school-0"


def _capture(at: datetime, body: bytes) -> Capture:
    return Capture(
        capture_id=capture_id("https://www.instagram.com/api/v1/feed/", at, body),
        platform="instagram",
        route="browser",
        url="https://www.instagram.com/api/v1/feed/",
        captured_at=at,
        body=body,
        account="school",
        format="instagram.feed_user",
    )


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Return a study in which one post was seen twice, edited in between, and coded."""
    first, second = (_capture(NOW + timedelta(days=day), b"%d" % day) for day in (0, 3))
    with Archive(tmp_path / "archive" / "crawl-1.warc.gz") as archive:
        archive.write(_capture(NOW, b"another page"))
        archive.write(first)
    with Archive(tmp_path / "archive" / "crawl-2.warc.gz") as archive:
        archive.write(second)
    told = Told(
        themes=("labour_market",),
        text=TEXT,
        words="startsalaris",
        facts={"capture_id": first.capture_id, "captured_at": iso(NOW)},
    )
    other = Told(text="Wat een feest")
    study = make_study(tmp_path, [Seen(institution="School", account="school", posts=(told, other))])
    again = post("school-0", "school", text=f"{TEXT}!", like_count=11, capture_id=second.capture_id,
                 captured_at=iso(NOW + timedelta(days=3)), posted_at=iso(NOW - timedelta(days=3)),
                 transcript="Hoi allemaal", transcript_source="asr")  # fmt: skip
    started = NOW + timedelta(days=3)
    write_feed(
        tmp_path / "feeds", feed("school", [again], crawl_id="crawl-2", outcome="partial", started_at=started)
    )
    load(study)
    return study


def _run(study: Study, *arguments: str) -> Result:
    return CliRunner().invoke(uitzicht, ["trace", str(study.folder), *arguments])


def _traced(study: Study, what: str) -> dict[str, Any]:
    done = _run(study, what, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_everything_a_post_stands_on(study: Study) -> None:
    found = _traced(study, "instagram/school-0")
    assert found["post"]["institution"] == "School"
    assert [(row["version"], row["change"], row["text"]) for row in found["versions"]] == [
        (1, "first", TEXT),
        (2, "edited", f"{TEXT}!"),
    ]
    assert [row["like_count"] for row in found["snapshots"]] == [10, 11]
    assert [(row["dimension"], row["code"], row["version"]) for row in found["codings"]] == [
        ("theme", "labour_market", 1)
    ]
    assert [(row["crawl_id"], row["outcome"], row["legal_ground"]) for row in found["visits"]] == [
        ("crawl-1", "complete", "research exception, test"),
        ("crawl-2", "partial", "research exception, test"),
    ]


def test_a_transcript_comes_with_who_told_it(study: Study) -> None:
    versions = _traced(study, "instagram/school-0")["versions"]
    assert [row["transcript_source"] for row in versions] == [None, "asr"]
    assert "transcript (asr): Hoi allemaal" in _run(study, "instagram/school-0").stdout


def test_evidence_points_at_its_words_in_the_text_that_was_coded(study: Study) -> None:
    coding = _traced(study, "instagram/school-0")["codings"][0]
    part = coding["evidence"][0]
    assert coding["texts"]["text"][part["start"] : part["end"]] == "startsalaris"


def test_captures_stand_where_it_says(study: Study) -> None:
    captures = _traced(study, "instagram/school-0")["captures"]
    assert [(one["file"], one["asked"]) for one in captures] == [
        ("crawl-1.warc.gz", "GET https://www.instagram.com/api/v1/feed/"),
        ("crawl-2.warc.gz", "GET https://www.instagram.com/api/v1/feed/"),
    ]
    for one, body in zip(captures, (b"0", b"3"), strict=True):
        with (study.archive / one["file"]).open("rb") as file:
            file.seek(one["offset"])
            record = next(iter(ArchiveIterator(file)))
            assert record.rec_headers.get_header("WARC-Record-ID") == f"<urn:uuid:{one['capture_id']}>"
            assert record.content_stream().read() == body


def test_the_terminal_shows_the_words_in_their_text(study: Study) -> None:
    shown = _run(study, "instagram/school-0").output
    assert "een [startsalaris] van 2.600 euro" in shown
    assert "theme.labour_market, primary" in shown
    assert "crawl-2.warc.gz at byte" in shown
    assert "research exception, test" in shown


def test_a_post_is_found_by_its_address(study: Study) -> None:
    for address in (URL, f"{URL}/", URL.replace("https://", "http://www.")):
        assert _traced(study, address)["post"]["post_id"] == "school-0"


@pytest.mark.parametrize(
    "address",
    [
        "https://youtu.be/dQw4w9WgXcQ?si=Abc",
        "youtu.be/dQw4w9WgXcQ",
        "youtube.com/watch?v=dQw4w9WgXcQ",
        "https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
    ],
)
def test_a_video_is_found_by_the_addresses_that_people_share(tmp_path: Path, address: str) -> None:
    video = post("dQw4w9WgXcQ", "a", "youtube", url="https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    with open_warehouse(tmp_path / "w.duckdb") as con:
        load_feeds(con, [write_feed(tmp_path, feed("a", [video], platform="youtube"))])
    assert trace(publish(tmp_path / "w.duckdb", tmp_path / "p.duckdb"), address)["post"]["account"] == "a"


@pytest.mark.parametrize("said", ["instagram/school-9", "school-1", "tiktok/school-1", f"{URL}9"])
def test_an_unknown_post_gets_the_nearest(study: Study, said: str) -> None:
    with pytest.raises(QueryError, match="instagram/school-"):
        trace(study.warehouse, said)


def test_a_capture_that_is_not_there_says_so(study: Study) -> None:
    (study.archive / "crawl-2.warc.gz").unlink()
    assert _traced(study, "instagram/school-0")["captures"][1]["file"] is None
    assert "is not in the archive" in _run(study, "instagram/school-0").output


def test_a_post_of_a_study_is_explained_by_the_codebook_that_coded_it(study: Study) -> None:
    (study.folder / "ours.yaml").write_text(
        "extends: default\ndimensions: {theme: {codes: {atmosphere: "
        "{rules: [{rule: ours, any: feest, weight: 50}]}}}}\n"
    )
    with (study.folder / "study.toml").open("a") as file:
        file.write('\n[codebook]\nfile = "ours.yaml"\n')
    for place, rules in ((study.folder, {"ours"}), (study.warehouse, set())):
        done = CliRunner().invoke(
            uitzicht,
            ["explain", "instagram/school-1", "--study", str(place), "--json"],
            standalone_mode=False,
        )
        assert done.exception is None, done.output
        told = json.loads(done.output)
        assert {one["rule"] for one in told["rules"] if one["rule"] == "ours"} == rules
        assert told["primary"] == "atmosphere"
