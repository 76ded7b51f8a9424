"""Nothing that grants access stands in anything a crawl writes or prints, whatever goes wrong."""

from __future__ import annotations

import gzip
import io
import logging
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from crawler import logs
from tests.crawler.study import GROUND, make_study, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

KINDS = ("broken_connection", "server_error", "html_for_json", "truncated", "token_expired", "rate_limited")
ACCOUNTS = ("youtube", "instagram", "tiktok", "linkedin")


def kept(study: Path) -> dict[str, bytes]:
    """Return what stands in each file of a study, unpacked."""
    files = (path for path in study.rglob("*") if path.is_file())
    return {
        str(path.relative_to(study)): gzip.decompress(body) if path.suffix == ".gz" else body
        for path in files
        for body in (path.read_bytes(),)
    }


def test_no_secret_is_kept_or_printed(tmp_path: Path) -> None:
    handles = [
        (name, f"{'@' * (name == 'youtube')}{kind.replace('_', '')}") for name in ACCOUNTS for kind in KINDS
    ]
    site = Site(
        [post for name, account in handles for post in many_posts(4, name, account)],
        [Behaviour(kind=kind, account=kind.replace("_", ""), seconds=0) for kind in KINDS],
    )
    more = f"[platforms.linkedin]\n{GROUND}\n"
    study = make_study(tmp_path, handles, more=more)
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site))
    everything = {**kept(study), "what was printed": (done.stdout + done.stderr).encode()}
    assert len([name for name in everything if name.endswith(".warc.gz")]) == 4
    assert {
        (name, where)
        for name, secret in asdict(site.credentials).items()
        for where, body in everything.items()
        if secret.encode() in body
    } == set()
    assert any(b"REDACTED" in body for name, body in everything.items() if name.startswith("logs/"))


@pytest.fixture
def no_secrets_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = logging.getLogRecordFactory()
    monkeypatch.setattr(logs, "_known", [])
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.usefixtures("no_secrets_yet")
def test_secrets_that_become_known_later_are_taken_out_of_messages_and_tracebacks() -> None:
    out, secrets = io.StringIO(), [b"een"]
    logger, handler = logging.Logger("x"), logging.StreamHandler(out)
    logger.addHandler(handler)
    logs.keep_out_of_logs(lambda: secrets)
    logs.keep_out_of_logs(lambda: [b"drie"])
    logger.info("een %s drie", "twee")
    secrets.append(b"twee")
    try:
        raise ValueError("token twee refused")
    except ValueError:
        logger.exception("at %s", "twee")
    assert out.getvalue().startswith("REDACTED twee REDACTED\nat REDACTED\nTraceback")
    assert "ValueError: token REDACTED refused" in out.getvalue()
    assert out.getvalue().count("twee") == 1
