"""Spidermon's suite for a crawl: monitors of its health, and actions that tell it to a file, by mail, to a webhook.

Needs the extra `monitors`. The actions are settings or variables of the environment: UITZICHT_MONITOR_FILE
(<study>/logs/monitors.jsonl unless said otherwise), UITZICHT_MONITOR_MAIL (a recipient) with UITZICHT_SMTP
(host:port), UITZICHT_MONITOR_WEBHOOK (an address that takes JSON by POST).
"""

from __future__ import annotations

import os
import smtplib
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from spidermon import Monitor, MonitorSuite
from spidermon.core.actions import Action
from spidermon.exceptions import SkipAction

from crawler.health import (
    Health,
    Limits,
    append_health,
    judge_count,
    judge_coverage,
    judge_outcomes,
    read_health,
    read_stats,
)

if TYPE_CHECKING:
    from crawler.spiders.platform import PlatformSpider

TIMEOUT = 20


class _HealthMonitor(Monitor):
    @property
    def spider(self) -> PlatformSpider:
        return self.data.spider  # type: ignore[no-any-return]

    def hold(self, judge: Callable[[Health, list[Health], Limits], list[str]]) -> None:
        complaints = judge(_health(self.data), read_health(_history(self.spider)), _limits(self.data.crawler))
        if complaints:
            self.fail("; ".join(complaints))


class CountMonitor(_HealthMonitor):
    """Posts against this study's own earlier crawls."""

    def test_posts_are_not_far_fewer_than_before(self) -> None:
        """Fail where a crawl brings less than half of what the earlier ones did."""
        self.hold(judge_count)


class CoverageMonitor(_HealthMonitor):
    """Fields filled against this study's own earlier crawls."""

    def test_fields_are_filled_as_before(self) -> None:
        """Fail where a field is filled far less often."""
        self.hold(judge_coverage)


class OutcomeMonitor(_HealthMonitor):
    """How accounts ended."""

    def test_few_walls_and_nothing_unreadable(self) -> None:
        """Fail where many accounts ended at a wall or any could not be read."""
        self.hold(lambda now, before, limits: judge_outcomes(now, limits))


class Remember(Action):
    """Keeps the crawl's health for the crawls after it."""

    def run_action(self) -> None:
        """Append a line to the study's history; a crawl without any outcome is no measure."""
        health = _health(self.data)
        if not health.accounts:
            raise SkipAction("no account has an outcome")
        append_health(_history(self.data.spider), health)


class WriteFile(Action):
    """Writes what failed, or that nothing did, to a file of JSON lines."""

    def run_action(self) -> None:
        """Append one line a crawl."""
        spider = self.data.spider
        named = _option(self.data.crawler, "UITZICHT_MONITOR_FILE")
        path = Path(named) if named else spider.study.folder / "logs" / "monitors.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(orjson.dumps(_message(self), option=orjson.OPT_APPEND_NEWLINE))


class SendMail(Action):
    """Sends what failed to UITZICHT_MONITOR_MAIL by the server UITZICHT_SMTP."""

    def run_action(self) -> None:
        """Send one mail."""
        to, server = (_option(self.data.crawler, name) for name in ("UITZICHT_MONITOR_MAIL", "UITZICHT_SMTP"))
        if not to or not server:
            raise SkipAction("no UITZICHT_MONITOR_MAIL and UITZICHT_SMTP")
        told = _message(self)
        mail = EmailMessage()
        mail["From"], mail["To"] = f"uitzicht <{to}>", to
        mail["Subject"] = f"{told['study']}: {told['platform']} needs a look"
        mail.set_content("\n".join(told["failed"]) + f"\n\n{told['crawl_id']}")
        host, _, port = server.partition(":")
        with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT) as smtp:
            smtp.send_message(mail)


class PostWebhook(Action):
    """Posts what failed as JSON to UITZICHT_MONITOR_WEBHOOK."""

    def run_action(self) -> None:
        """Post once."""
        url = _option(self.data.crawler, "UITZICHT_MONITOR_WEBHOOK")
        if not url:
            raise SkipAction("no UITZICHT_MONITOR_WEBHOOK")
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"UITZICHT_MONITOR_WEBHOOK is {url!r}; expected an http(s) address")
        told = _message(self)
        body = orjson.dumps({"text": "\n".join(told["failed"]), **told})
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310
        urllib.request.urlopen(request, timeout=TIMEOUT).close()  # noqa: S310


class CrawlSuite(MonitorSuite):
    """All monitors of a crawl. What failed is told by mail and webhook; the file hears of every crawl."""

    monitors = (CountMonitor, CoverageMonitor, OutcomeMonitor)
    monitors_finished_actions = (WriteFile, Remember)
    monitors_failed_actions = (SendMail, PostWebhook)


def _health(data: Any) -> Health:
    return read_stats(data.stats, data.spider.name, data.spider.crawl.crawl_id)


def _history(spider: PlatformSpider) -> Path:
    return spider.study.state / f"{spider.platform}.health.jsonl"


def _limits(crawler: Any) -> Limits:
    settings, usual = crawler.settings, Limits()
    return Limits(
        count_floor=settings.getfloat("UITZICHT_MONITOR_COUNT_FLOOR", usual.count_floor),
        coverage_drop=settings.getfloat("UITZICHT_MONITOR_COVERAGE_DROP", usual.coverage_drop),
        walls_ceiling=settings.getfloat("UITZICHT_MONITOR_WALLS_CEILING", usual.walls_ceiling),
    )


def _option(crawler: Any, name: str) -> str:
    return str(crawler.settings.get(name) or os.environ.get(name, ""))


def _message(action: Action) -> dict[str, Any]:
    health = _health(action.data)
    failed = action.result.monitors_failed_results
    return {
        "at": datetime.now(UTC),
        "study": action.data.spider.study.title,
        "platform": action.data.spider.name,
        "crawl_id": health.crawl_id,
        "posts": health.posts,
        "outcomes": health.outcomes,
        "failed": [f"{one.monitor.monitor_name}: {one.reason}" for one in failed],
    }
