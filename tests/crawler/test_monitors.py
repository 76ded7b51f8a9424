"""Monitors of a crawl: held against its own history, told to a file, by mail and to a webhook."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from crawler.health import (
    REMEMBERED,
    Health,
    Limits,
    append_health,
    judge_count,
    judge_coverage,
    judge_outcomes,
    read_health,
    read_stats,
)
from tests.crawler.study import make_study, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, many_posts, running

needs_spidermon = pytest.mark.skipif(
    find_spec("spidermon") is None,
    reason="Spidermon (the extra `monitors`) is not installed: its suite left out",
)
FINE = Health(crawl_id="c", posts=100, outcomes={"complete": 10}, filled={"text": 1.0, "view_count": 0.5})
LIMITS = Limits()


@pytest.mark.parametrize(("posts", "earlier", "fails"), [(49, 3, True), (50, 3, False), (0, 2, False)])
def test_posts_are_held_against_the_median_of_three_and_more(posts: int, earlier: int, fails: bool) -> None:
    before = [FINE, replace(FINE, posts=5_000), replace(FINE, posts=3)][:earlier]
    assert bool(judge_count(replace(FINE, posts=posts), before, LIMITS)) == fails


@pytest.mark.parametrize(
    ("filled", "complaints"),
    [
        ({"text": 1.0, "view_count": 0.5}, 0),
        ({"text": 0.74, "view_count": 0.5}, 1),
        ({"text": 0.0, "view_count": 0.0}, 2),
        ({}, 0),
    ],
)
def test_fields_are_held_against_the_median(filled: dict[str, float], complaints: int) -> None:
    assert len(judge_coverage(replace(FINE, filled=filled), [FINE] * 3, LIMITS)) == complaints
    assert judge_coverage(replace(FINE, filled=filled), [FINE] * 2, LIMITS) == []


@pytest.mark.parametrize(
    ("outcomes", "complaints"),
    [
        ({"complete": 8, "blocked": 1, "challenged": 1}, 0),
        ({"complete": 7, "blocked": 2, "rate_limited": 1}, 1),
        ({"complete": 9, "parser_broken": 1}, 1),
        ({"blocked": 1, "parser_broken": 1}, 2),
        ({}, 1),
    ],
)
def test_outcomes_are_judged_by_their_shares(outcomes: dict[str, int], complaints: int) -> None:
    assert len(judge_outcomes(replace(FINE, outcomes=outcomes), LIMITS)) == complaints


def test_health_is_read_from_stats_and_remembered(tmp_path: Path) -> None:
    stats = {"audit/youtube/posts": 4, "audit/youtube/outcomes/complete": 2, "audit/youtube/filled/text": 3}
    health = read_stats({**stats, "audit/tiktok/posts": 9, "item_scraped_count": 1}, "youtube", "c1")
    assert health == Health(crawl_id="c1", posts=4, outcomes={"complete": 2}, filled={"text": 0.75})
    path = tmp_path / "state" / "youtube.health.jsonl"
    assert read_health(path) == []
    for _ in range(REMEMBERED + 1):
        append_health(path, health)
    with path.open("ab") as file:
        file.write(b'{"crawl_id": "cut')
    assert read_health(path) == [health] * REMEMBERED


@contextmanager
def listening() -> Iterator[tuple[str, list[Any]]]:
    """Give the address of a webhook, and what was posted there."""
    posted: list[Any] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", posted
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def taking_mail() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a mail server that takes one mail, and its lines."""
    lines: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as talk:
            in_data = False
            _say(talk, "220 ready")
            for raw in talk:
                line = raw.decode().rstrip("\r\n")
                lines.append(line)
                if in_data:
                    in_data = line != "."
                    if not in_data:
                        _say(talk, "250 kept")
                elif line == "data":
                    in_data = True
                    _say(talk, "354 go on")
                else:
                    _say(talk, "221 bye" if line == "quit" else "250 fine")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", lines
    finally:
        listener.close()


def _say(talk: Any, line: str) -> None:
    talk.write(f"{line}\r\n".encode())
    talk.flush()


@needs_spidermon
def test_a_crawl_that_broke_is_told_to_file_mail_and_webhook(tmp_path: Path) -> None:
    renamed = Behaviour(kind="renamed_field", account="veel", field="permalink", to="link")
    site = Site(many_posts(20, "instagram", "veel"), [renamed])
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site), listening() as (hook, posted), taking_mail() as (smtp, mail):
        env = surroundings(
            site,
            UITZICHT_MONITOR_WEBHOOK=hook,
            UITZICHT_SMTP=smtp,
            UITZICHT_MONITOR_MAIL="onderzoek@school.example",
        )
        uitzicht("crawl", study, env=env)
    broken = "1 of 1 accounts could not be read: a format has changed"
    told = [json.loads(line) for line in (study / "logs" / "monitors.jsonl").read_bytes().splitlines()]
    assert [one["failed"] for one in told] == [[f"OutcomeMonitor: {broken}"]]
    assert [one["failed"] for one in posted] == [[f"OutcomeMonitor: {broken}"]]
    assert any(broken in line for line in mail)
    assert "To: onderzoek@school.example" in mail


@needs_spidermon
def test_a_crawl_is_held_against_its_own_history(tmp_path: Path) -> None:
    site = Site(many_posts(20, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    history = study / "state" / "instagram.health.jsonl"
    for _ in range(3):
        append_health(history, replace(FINE, filled={"text": 1.0}))
    with running(site), listening() as (hook, posted):
        uitzicht("crawl", study, env=surroundings(site, UITZICHT_MONITOR_WEBHOOK=hook))
    assert [one["failed"] for one in posted] == [
        ["CountMonitor: 20 posts; 3 earlier crawls brought 100 (median)"]
    ]
    assert [one.posts for one in read_health(history)] == [100, 100, 100, 20]


@needs_spidermon
def test_a_crawl_that_went_well_sends_nothing(tmp_path: Path) -> None:
    site = Site(many_posts(20, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site), listening() as (hook, posted):
        uitzicht("crawl", study, env=surroundings(site, UITZICHT_MONITOR_WEBHOOK=hook))
    assert posted == []
    told = json.loads((study / "logs" / "monitors.jsonl").read_bytes())
    assert (told["failed"], told["posts"], told["outcomes"]) == ([], 20, {"complete": 1})


@pytest.mark.skipif(find_spec("spidermon") is not None, reason="Spidermon is installed")
def test_without_spidermon_a_crawl_has_no_monitors(tmp_path: Path) -> None:
    site = Site(many_posts(3, "instagram", "veel"))
    study = make_study(tmp_path, [("instagram", "veel")])
    with running(site):
        assert uitzicht("crawl", study, env=surroundings(site)).returncode == 0
    assert not (study / "logs" / "monitors.jsonl").exists()
