"""`uitzicht parse` as people use it: posts on standard output, sentences on standard error, exit codes by meaning."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cases import CAPTURES, read_capture

from crawler.archive import Archive

FEED = CAPTURES / "youtube" / "rss_channel" / "body.xml"
WALL = CAPTURES / "youtube" / "wall_consent_page" / "body.html"
BAD = CAPTURES / "youtube" / "rss_bad_records" / "body.xml"
PAGE = CAPTURES / "linkedin" / "company_own_posts" / "body.html"


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from audit.cli import main; main()", "parse", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)


def posts_of(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_posts_are_json_lines_and_the_account_a_sentence() -> None:
    done = run(FEED)
    assert [post["post_id"] for post in posts_of(done)] == ["vl4nd3n0001", "vl4nd3n0002", "vl4nd3n0003"]
    assert posts_of(done)[0]["posted_at"] == "2026-11-18T15:00:07Z"
    assert (
        f"{FEED}: youtube.rss, 3 posts of UCvliet2LandenROC00000aa (ROC Vlietlanden).\n"
        == done.stderr.decode()
    )
    assert done.returncode == 0


def test_standard_input_is_a_file_like_another() -> None:
    done = run("-", stdin=FEED.read_bytes())
    assert len(posts_of(done)) == 3
    assert done.returncode == 0


def test_errors_are_sentences_and_the_exit_code_says_partial() -> None:
    done = run(BAD)
    assert len(posts_of(done)) == 2
    assert f"{BAD}: youtube.rss.entry.videoId is missing.\n" in done.stderr.decode()
    assert (
        "2 posts of UCvliet2LandenROC00000aa (ROC Vlietlanden), 3 could not be read." in done.stderr.decode()
    )
    assert done.returncode == 3


def test_a_refusal_is_told_with_its_own_exit_code() -> None:
    done = run(WALL)
    assert done.stdout == b""
    assert done.stderr.decode() == f"{WALL}: the platform refused (blocked): consent page (HTTP 200).\n"
    assert done.returncode == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "is of no known format; expected one of instagram."),
        (b'{"a": ', "is not JSON"),
        (b"", "is of no known format"),
    ],
)
def test_what_cannot_be_read_is_a_failure_that_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "strange"
    file.write_bytes(content)
    done = run(file)
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1


def test_a_file_that_is_not_there_does_not_stop_the_others(tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere.json", FEED)
    assert f"{tmp_path / 'nowhere.json'}: No such file or directory.\n" in done.stderr.decode()
    assert len(posts_of(done)) == 3
    assert done.returncode == 3


def test_relative_dates_count_from_the_time_given() -> None:
    page = CAPTURES / "youtube" / "browse_videos_lockup" / "body.json"
    done = run("--captured-at", "2020-01-14", page)
    assert posts_of(done)[0]["posted_at"] == "2020-01-01T00:00:00Z"
    done = run("--captured-at", "last week", page)
    assert "--captured-at is 'last week'" in done.stderr.decode()
    assert done.returncode == 2


def test_platform_and_format_can_be_named() -> None:
    assert len(posts_of(run("--platform", "linkedin", "--format", "linkedin.company_page", PAGE))) == 8
    assert run("--platform", "youtube", PAGE).returncode == 1
    unknown = run("--format", "youtube.hologram", FEED)
    assert "expected one of instagram." in unknown.stderr.decode()
    assert unknown.returncode == 2
    assert run("--platform", "tiktok", "--format", "youtube.rss", FEED).returncode == 2


def test_an_archive_gives_all_its_captures(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    with Archive(path) as archive:
        for case in ("youtube/rss_channel", "youtube/rss_404_in_waves", "linkedin/company_own_posts"):
            archive.write(read_capture(CAPTURES / case))
        broken = read_capture(CAPTURES / "youtube/videos")
        archive.write(replace(broken, capture_id="3f0c6a1e-0000-5000-8000-000000000000", body=b'{"kind": '))
    done = run(path)
    said = done.stderr.decode()
    assert len(posts_of(done)) == 3 + 8
    assert "the platform refused (partial): HTTP 404 of the feed" in said
    assert "is not JSON" in said
    assert f"{path}: 11 posts in 4 captures.\n" in said
    assert done.returncode == 3


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -c 'from audit.cli import main; main()' parse {' '.join([str(PAGE)] * 200)} | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert len(done.stdout.splitlines()) == 1
    assert b"Traceback" not in done.stderr
    assert b"Broken pipe" not in done.stderr
