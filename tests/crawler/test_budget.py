"""What a platform may be asked: a budget a day that outlives the process, and waiting when it asks for that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse

from crawler import middlewares
from crawler.budget import Budget, OverBudget
from crawler.items import Capture
from crawler.middlewares import CaptureMiddleware, PatienceMiddleware

EVENING = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = EVENING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def test_a_budget_outlives_the_process_and_not_the_day(tmp_path: Path) -> None:
    path, clock = tmp_path / "state" / "youtube.budget.json", Clock()
    Budget(path, 3, clock).spend(2)
    again = Budget(path, 3, clock)
    again.spend()
    with pytest.raises(OverBudget, match="the budget of 3 requests a day is spent until midnight UTC"):
        again.spend()
    with pytest.raises(OverBudget):
        Budget(path, 3, clock).spend()
    clock.now += timedelta(minutes=2)
    Budget(path, 3, clock).spend(3)
    with pytest.raises(OverBudget):
        Budget(path, 3, clock).spend()


def test_a_budget_is_counted_before_the_request_and_a_refused_one_is_not(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "b.json", 3, Clock())
    budget.spend(2)
    with pytest.raises(OverBudget):
        budget.spend(2)
    assert Budget(tmp_path / "b.json", 3, Clock()).spent == 2


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"day": "2026-11-21"}', b'{"day": 1, "requests": "x"}'])
def test_a_note_that_a_crash_spoilt_begins_anew(tmp_path: Path, note: bytes) -> None:
    path = tmp_path / "b.json"
    path.write_bytes(note)
    budget = Budget(path, 1, Clock())
    budget.spend()
    with pytest.raises(OverBudget):
        Budget(path, 1, Clock()).spend()


def test_without_a_limit_requests_are_counted_all_the_same(tmp_path: Path) -> None:
    Budget(tmp_path / "b.json", None, Clock()).spend(10_000)
    assert Budget(tmp_path / "b.json", None, Clock()).spent == 10_000


# Patience


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    monkeypatch.setattr(middlewares, "asyncio", SimpleNamespace(sleep=nap))
    return naps


def _crawler(patience: float = 120, replay: object = None) -> Any:
    study = SimpleNamespace(crawl=SimpleNamespace(patience=patience))
    spider = SimpleNamespace(name="linkedin", study=study, replay=replay)
    return SimpleNamespace(spider=spider, stats=SimpleNamespace(inc_value=lambda *_: None))


def _answer(retry_after: str, **meta: Any) -> tuple[Request, TextResponse]:
    headers = (("Retry-After", retry_after),) if retry_after else ()
    capture = Capture(
        capture_id="1",
        platform="linkedin",
        route="guest",
        url="https://www.linkedin.com/company/x/",
        captured_at=EVENING,
        status=429,
        headers=headers,
        body=b"no",
    )
    request = Request(capture.url, meta={"capture": capture, **meta})
    return request, TextResponse(capture.url, status=429, request=request)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("30", 30.0),
        ("120", 120.0),
        (format_datetime(EVENING + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(EVENING - timedelta(seconds=90), usegmt=True), 0.0),
    ],
)
def test_a_wait_that_the_study_allows_is_waited_out_once(
    slept: list[float], retry_after: str, seconds: float
) -> None:
    request, response = _answer(retry_after)
    again = asyncio.run(PatienceMiddleware(_crawler()).process_response(request, response))
    assert isinstance(again, Request)
    assert (again.meta["waited"], again.dont_filter, slept) == (True, True, [seconds])


@pytest.mark.parametrize(
    ("retry_after", "meta"),
    [
        ("121", {}),
        (format_datetime(EVENING + timedelta(days=1), usegmt=True), {}),
        ("", {}),
        ("soon", {}),
        ("30", {"waited": True}),
    ],
)
def test_a_longer_wait_or_a_second_one_is_told_and_not_waited(
    slept: list[float], retry_after: str, meta: dict[str, Any]
) -> None:
    request, response = _answer(retry_after, **meta)
    assert asyncio.run(PatienceMiddleware(_crawler()).process_response(request, response)) is response
    assert slept == []


def test_a_replay_does_not_wait(slept: list[float]) -> None:
    request, response = _answer("30")
    asyncio.run(PatienceMiddleware(_crawler(replay="archive")).process_response(request, response))
    assert slept == [0]


def test_what_is_asked_again_is_captured_again() -> None:
    request, _ = _answer("30")
    CaptureMiddleware(_crawler()).process_request(request)
    assert "capture" not in request.meta
