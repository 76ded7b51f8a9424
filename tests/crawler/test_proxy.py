"""Behind an institution's proxy that opens TLS with a CA of its own, Scrapy and Chromium both reach the platforms."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from crawler.browser import find_chromium, proxy_of
from tests.crawler.proxy import Authority, proxying
from tests.crawler.study import ground, make_study, outcomes, surroundings, uitzicht
from tests.mocksite import Site, many_posts, running

in_browser = pytest.mark.skipif(
    find_chromium() is None or (sys.platform == "linux" and shutil.which("certutil") is None),
    reason="no Chromium or no certutil on this machine: its proxy test left out",
)


@pytest.mark.parametrize(
    ("platform", "account", "host", "routes"),
    [
        ("youtube", "@veel", "www.googleapis.com", '"data_api"'),
        pytest.param(
            "tiktok", "veel", "www.tiktok.com", '"browser"', marks=[in_browser, pytest.mark.browser]
        ),
    ],
)
def test_a_crawl_goes_through_the_proxy(
    tmp_path: Path, platform: str, account: str, host: str, routes: str
) -> None:
    site = Site(many_posts(40, platform, account))
    study = make_study(tmp_path / "study", [(platform, account)], more=ground(platform, routes=routes))
    authority = Authority(tmp_path)
    with running(site) as hosts, proxying(hosts, authority) as (proxy, asked):
        env = surroundings(site, https_proxy=proxy, SSL_CERT_FILE=str(authority.bundle), UITZICHT_HOSTS="")
        done = uitzicht("crawl", study, env=env)
    assert done.returncode == 0, done.stderr
    assert outcomes(study)[account]["posts_collected"] == 40
    assert host in asked


def test_without_its_ca_nothing_is_believed(tmp_path: Path) -> None:
    site = Site(many_posts(4, "youtube", "@veel"))
    study = make_study(tmp_path / "study", [("youtube", "@veel")])
    with running(site) as hosts, proxying(hosts, Authority(tmp_path)) as (proxy, _):
        done = uitzicht("crawl", study, env=surroundings(site, https_proxy=proxy, UITZICHT_HOSTS=""))
    told = outcomes(study)["@veel"]
    assert (told["outcome"], told["posts_collected"]) == ("partial", 0)
    assert "certificate" in told["sign"].lower()
    assert done.returncode == 4


def test_the_environments_proxy_is_given_to_playwright() -> None:
    env = {"HTTPS_PROXY": "http://me:pw@proxy.example:3128", "no_proxy": "localhost"}
    assert proxy_of(env) == {
        "server": "http://proxy.example:3128",
        "username": "me",
        "password": "pw",
        "bypass": "localhost",
    }
    assert proxy_of({}) is None
