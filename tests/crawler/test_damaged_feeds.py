"""Feeds that are damaged, or that find no room: told in one sentence, and nothing is left half."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.errors import ArchiveError
from crawler.feed import read_feed, write_feed


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
