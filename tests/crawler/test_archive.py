"""The archive: whole, in order, without secrets, and readable after any crash."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, mend, read_archive
from crawler.errors import ArchiveError
from crawler.items import Capture
from crawler.redact import redact, redact_body, redact_url

CAPTURE = Capture(
    capture_id="5f9b5fd0-5f9b-5f9b-8f9b-5f9b5f9b5f9b",
    platform="youtube",
    route="browse",
    format="youtube.browse",
    account="@déjà",
    url="https://www.youtube.com/youtubei/v1/browse?prettyPrint=false",
    captured_at=datetime(2026, 11, 3, 9, 30, 0, 123456, UTC),
    status=200,
    method="POST",
    headers=(("Content-Type", "application/json"), ("Content-Encoding", "gzip")),
    request_body=b'{"browseId":"UC1"}',
    body='{"titel":"Één é"}'.encode(),
)


def test_a_capture_comes_back_as_it_was(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.warc.gz") as archive:
        archive.write(CAPTURE)
    (back,) = read_archive(tmp_path / "a.warc.gz")
    headers = (("Content-Type", "application/json"), ("Content-Length", str(len(CAPTURE.body))))
    assert back == replace(CAPTURE, headers=headers)


def test_other_warc_tools_read_it(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.warc.gz") as archive:
        archive.write(CAPTURE)
    with (tmp_path / "a.warc.gz").open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert kinds == ["warcinfo", "response", "request"]


@pytest.mark.parametrize("cut", [20, 150, 400])
def test_a_record_that_was_cut_off_goes_and_the_next_follows(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.warc.gz"
    one, two, three = (replace(CAPTURE, method="GET", request_body=b"", capture_id=f"{n}" * 8) for n in "123")
    with Archive(path) as archive:
        archive.write(one)
        archive.write(two)
    path.write_bytes(path.read_bytes()[:-cut])
    assert [back.capture_id for back in read_archive(path)] == [one.capture_id]
    with Archive(path) as archive:
        archive.write(three)
    assert [back.capture_id for back in read_archive(path)] == [one.capture_id, three.capture_id]
    assert mend(path) == 0


@pytest.mark.parametrize(
    "body", [b"", b"no archive", b"\x1f\x8bbroken", b"WARC/1.0\r\nWARC-Type: nonsense\r\n\r\n"]
)
def test_what_is_no_archive_gives_a_sentence_or_nothing(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(body)
    try:
        assert list(read_archive(path)) == []
    except ArchiveError as error:
        assert str(path) in str(error)


SECRETS = {
    "in the address": {"url": "https://x.example/v3?key=SECRET123&id=7"},
    "in a header": {"headers": (("Set-Cookie", "sid=SECRET123"), ("X-Ms-Token", "SECRET123"))},
    "in a redirect": {"headers": (("Location", "https://x.example/login?token=SECRET123"),)},
    "in a JSON field": {"body": b'{"csrfToken": "SECRET123", "access_token":"SECRET123"}'},
    "in an address in a body": {"body": b'{"next":"https://graph.example/x?access_token=SECRET123&after=q"}'},
    "in an escaped address": {
        "body": b'{"next":"https:\\/\\/graph.example\\/x?access_token=SECRET123\\u0026a=1"}'
    },
    "in a form": {"request_body": b"client_key=SECRET123&client_secret=SECRET123&grant_type=x"},
    "a bearer": {"body": b"Authorization: Bearer SECRET123SECRET123"},
}


@pytest.mark.parametrize("change", SECRETS.values(), ids=SECRETS)
def test_a_secret_never_reaches_the_archive(tmp_path: Path, change: dict[str, object]) -> None:
    capture = replace(CAPTURE, **change)  # type: ignore[arg-type]
    with Archive(tmp_path / "a.warc.gz") as archive:
        archive.write(redact(capture))
    (back,) = read_archive(tmp_path / "a.warc.gz")
    assert "SECRET123" not in repr(back)
    assert "REDACTED" in repr(back)


def test_a_known_credential_goes_wherever_it_stands() -> None:
    capture = replace(CAPTURE, url="https://graph.example/v23/1784/?a=b", body=b"<p>k/1+2 and k%2F1%2B2</p>")
    done = redact(capture, (b"k%2F1%2B2", b"k/1+2", b"1784"))
    assert done.body == b"<p>REDACTED and REDACTED</p>"
    assert "1784" not in done.url


def test_redaction_keeps_json_and_cursors_whole() -> None:
    body = b'{"continuationCommand":{"token":"4qmFsgK"},"signature":"Wij zijn er","nonce":"a\\"b","text":"key=5"}'
    assert json.loads(redact_body(body)) == {
        "continuationCommand": {"token": "4qmFsgK"},
        "signature": "Wij zijn er",
        "nonce": "REDACTED",
        "text": "key=5",
    }


def test_an_address_keeps_what_is_no_secret() -> None:
    url = "https://x.example/feeds/videos.xml?channel_id=UC1&msToken=abc"
    assert redact_url(url) == "https://x.example/feeds/videos.xml?channel_id=UC1&msToken=REDACTED"
    assert redact_url("https://user:secret@x.example/a?b=1") == "https://x.example/a?b=1"
