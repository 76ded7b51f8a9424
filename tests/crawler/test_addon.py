"""The refusal add-on in somebody else's Scrapy project: a spider that knows nothing of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from crawler.addon import MonitorAddon, RefusalAddon, RefusalMiddleware
from tests.crawler.study import surroundings
from tests.mocksite import Behaviour, Site, many_posts, running

FOREIGN = """
import json, os, scrapy

class ForeignSpider(scrapy.Spider):
    name = "foreign"
    start_urls = json.loads(os.environ["START"])
    handle_httpstatus_all = True
    custom_settings = {
        "ADDONS": {"crawler.addon.RefusalAddon": 500},
        "REFUSALS_HOSTS": json.loads(os.environ["HOSTS"]),
        "REFUSALS_IGNORE": os.environ["IGNORE"] == "1",
        "ROBOTSTXT_OBEY": False,
    }

    async def start(self):
        for url in self.start_urls:
            yield scrapy.Request(url, meta={"handle_httpstatus_all": True}, errback=self.failed)

    def parse(self, response):
        refusal = response.meta.get("refusal")
        yield {"url": response.url, "status": response.status, "refusal": refusal and refusal.outcome,
               "sign": refusal and refusal.sign}

    def failed(self, failure):
        yield {"url": failure.request.url, "ignored": str(failure.value)}

    def closed(self, reason):
        stats = self.crawler.stats.get_stats()
        print("STATS", json.dumps({k: v for k, v in stats.items() if k.startswith("refusals/")}))
"""


def crawl(tmp_path: Path, ignore: str) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """Run the foreign spider over a healthy page, an authwall, a 999 and a page of another site."""
    names = ("gezond", "muur", "nee")
    site = Site(
        [post for name in names for post in many_posts(3, "linkedin", name)],
        [Behaviour(kind="authwall", account="muur"), Behaviour(kind="request_denied", account="nee")],
    )
    (tmp_path / "foreign.py").write_text(FOREIGN, encoding="utf-8")
    with running(site) as hosts:
        start = [f"{hosts['www.linkedin.com']}/company/{name}/" for name in names]
        start.append(f"{hosts['www.tiktok.com']}/nothing")
        mine = {urlsplit(hosts["www.linkedin.com"]).netloc: "linkedin"}
        env = surroundings(site, START=json.dumps(start), HOSTS=json.dumps(mine), IGNORE=ignore)
        env |= {"PYTHONPATH": str(Path.cwd())}
        items = tmp_path / "items.jsonl"
        command = [sys.executable, "-m", "scrapy", "runspider", "foreign.py", "-o", str(items), "--nolog"]
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=90, check=False
        )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in items.read_text(encoding="utf-8").splitlines()]
    stats = json.loads(done.stdout.partition("STATS")[2].splitlines()[0])
    return {urlsplit(item["url"]).path.strip("/").rpartition("/")[2]: item for item in found}, stats


def test_a_foreign_spider_hears_of_refusals(tmp_path: Path) -> None:
    items, stats = crawl(tmp_path, ignore="0")
    assert {name: item["refusal"] for name, item in items.items()} == {
        "gezond": None,
        "muur": "blocked",
        "nee": "blocked",
        "nothing": None,
    }
    assert "login wall: HTTP 302 to /authwall" in items["muur"]["sign"]
    assert stats == {"refusals/linkedin/blocked": 2}


def test_a_foreign_spider_may_leave_refusals_to_its_errback(tmp_path: Path) -> None:
    items, stats = crawl(tmp_path, ignore="1")
    assert items["gezond"]["status"] == 200
    assert items["muur"]["ignored"].startswith("linkedin refused, blocked: login wall")
    assert "HTTP 999" in items["nee"]["ignored"]
    assert stats == {"refusals/linkedin/blocked": 2}


def _middleware(**settings: Any) -> RefusalMiddleware:
    crawler = SimpleNamespace(settings=Settings(settings), stats=SimpleNamespace(inc_value=lambda name: None))
    return RefusalMiddleware.from_crawler(crawler)  # type: ignore[arg-type]


def test_any_page_of_a_platform_is_no_wall_and_a_named_format_without_data_is() -> None:
    page = HtmlResponse("https://www.linkedin.com/jobs/", body=b"<html><body>Vacatures</body></html>")
    plain, named = Request(page.url), Request(page.url, meta={"refusal_format": "linkedin.company_page"})
    middleware = _middleware()
    middleware.process_response(plain, page)
    middleware.process_response(named, page)
    assert "refusal" not in plain.meta
    assert named.meta["refusal"].outcome == "blocked"


def test_an_earlier_refusal_is_forgotten_once_an_answer_came() -> None:
    request = Request("https://www.tiktok.com/x", meta={"refusal": "old"})
    _middleware().process_response(request, HtmlResponse(request.url, body=b"<html></html>"))
    assert "refusal" not in request.meta


def test_an_unknown_platform_is_named() -> None:
    with pytest.raises(ValueError, match=r"REFUSALS_HOSTS\['x'\] is 'myspace'; expected one of instagram"):
        _middleware(REFUSALS_HOSTS={"x": "myspace"})


@pytest.mark.parametrize(
    ("addon", "switch"), [(RefusalAddon, "REFUSALS_ENABLED"), (MonitorAddon, "UITZICHT_MONITORS")]
)
def test_addons_can_be_switched_off(addon: type[RefusalAddon | MonitorAddon], switch: str) -> None:
    with pytest.raises(NotConfigured):
        addon().update_settings(Settings({switch: False}))


def test_a_place_that_the_project_gave_the_middleware_stays() -> None:
    settings = Settings({"DOWNLOADER_MIDDLEWARES": {RefusalMiddleware: 610}})
    RefusalAddon().update_settings(settings)
    assert dict(settings["DOWNLOADER_MIDDLEWARES"]) == {RefusalMiddleware: 610}
