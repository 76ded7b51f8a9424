"""Feeds that are damaged, or that find no room: told in one sentence, and nothing is left half."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.crawl import Crawl
from crawler.errors import ArchiveError
from crawler.feed import feed_path, read_feed, write_feed
from crawler.history import read_history
from crawler.study import CrawlStudy
from tests.crawler.study import make_study, uitzicht


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: b"",
        lambda whole: whole[:40],
        lambda whole: whole[:20] + b"\xff\xff\xff\xff" + whole[24:],
        lambda whole: whole[:-8] + b"\0" * 8,
        lambda whole: b"no gzip",
    ],
    ids=["empty", "cut", "changed", "wrong sum", "no gzip"],
)
def test_a_damaged_feed_is_one_sentence(tmp_path: Path, spoil: object) -> None:
    path = tmp_path / "youtube-a.jsonl.gz"
    lines = b"".join(
        b'{"record": "post", "text": "bericht %d van vandaag"}\n' % number for number in range(200)
    )
    path.write_bytes(spoil(gzip.compress(lines)))  # type: ignore[operator]
    if path.stat().st_size == 0:
        assert list(read_feed(path)) == []
        return
    with pytest.raises(ArchiveError, match=r"youtube-a\.jsonl\.gz is no feed that can be read: "):
        list(read_feed(path))


def test_a_feed_that_finds_no_room_leaves_what_was_there(tmp_path: Path) -> None:
    def run_full() -> Iterator[bytes]:
        yield b'{"record": "crawl"}\n'
        raise OSError(28, "No space left on device")

    path = tmp_path / "youtube-a.jsonl.gz"
    write_feed(path, [b'{"record": "crawl"}\n'])
    whole = path.read_bytes()
    with pytest.raises(OSError, match="No space left"):
        write_feed(path, run_full())
    assert path.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "record", [b'{"record": "outcome", "outcome": "complete"}', b'{"kind": "post"}', b"[1]"]
)
def test_a_feed_that_was_changed_by_hand_is_as_if_it_had_never_been(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, record: bytes
) -> None:
    impossible = b'{"record": "outcome", "outcome": "complete", "started_at": "2026-02-30T00:00:00Z"}'
    for crawl_id, line in (("one", record), ("two", impossible)):
        write_feed(feed_path(tmp_path, crawl_id, "youtube", "@a"), [line + b"\n"])
    assert read_history(tmp_path, "youtube", "@a", None).watermark is None
    assert caplog.text.count("is no feed that can be read") == 2


def test_a_crawl_whose_note_was_lost_is_gone_on_with(tmp_path: Path) -> None:
    """A power failure may leave the file there with nothing in it."""
    study = CrawlStudy.read(make_study(tmp_path, [("instagram", "veel")]))
    crawl = Crawl.begin(study, "instagram")
    (crawl.folder / "crawl.json").write_bytes(b"")
    crawl.close(finished=False)
    told = uitzicht("status", tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    again = Crawl.begin(study, "instagram")
    assert again.crawl_id == crawl.crawl_id
    again.close(finished=True)
    assert Crawl.begin(study, "instagram").crawl_id > crawl.crawl_id


def test_status_shows_a_crawl_of_which_no_visit_has_ended(tmp_path: Path) -> None:
    study = CrawlStudy.read(make_study(tmp_path, [("instagram", "veel")]))
    crawl = Crawl.begin(study, "instagram")
    at_work = uitzicht("status", tmp_path)
    crawl.close(finished=False)
    assert [crawl.crawl_id, "not", "yet;"] == at_work.stdout.split("outcomes")[1].split()[:3]
    assert "interrupted" not in at_work.stdout
