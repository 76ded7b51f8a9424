"""How fast and how large a crawl of 10,000 posts of one account is, beside a bare Scrapy spider, in one run.

    python bench/crawl.py [--posts 10000] [--rounds 3]

The mock site serves from a process of its own. The bare spider downloads the very same pages, one after the
other, and does nothing with them; ours archives, redacts, parses, journals and writes the feed. Each runs in a
fresh process, in turn; the best round of each counts, from the spider's opening to its closing. Memory is the
highest resident set of our process, at a tenth of the posts and at all of them. Exit code 1 below the floor.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

ROOT = Path(__file__).parents[1]
FLOOR = 0.6
FLAT = 1.25  # ten times the posts may take so much of the memory


class BareSpider(Spider):
    """Downloads addresses one after the other."""

    name = "bare"
    addresses: list[str]
    token: str

    async def start(self) -> Any:
        """Begin with the first address."""
        for request in self._next():
            yield request

    def parse(self, response: Any) -> Any:
        """Go on with the next one."""
        assert response.status == 200
        yield from self._next()

    def _next(self) -> Any:
        if self.addresses:
            yield Request(
                self.addresses.pop(0), headers={"Authorization": f"Bearer {self.token}"}, dont_filter=True
            )


def run_bare(addresses: Path) -> None:
    """Run the bare spider over the addresses of a file."""
    settings = {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    token = os.environ["UITZICHT_INSTAGRAM_TOKEN"]
    report(settings, BareSpider, addresses=json.loads(addresses.read_text(encoding="utf-8")), token=token)


def run_whole(study: Path) -> None:
    """Run our spider over a study."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("LOG_FILE", str(study / "log"), priority="cmdline")
    report(settings, "instagram", study=str(study))


def report(settings: Any, spider: Any, **arguments: Any) -> None:
    """Run a spider; print its seconds and the highest resident set of this process in MB."""
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    process.crawl(crawler, **arguments)
    before = cpu()
    process.start()
    spent = cpu() - before
    seconds = crawler.stats.get_value("elapsed_time_seconds")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    posts = crawler.stats.get_value("audit/instagram/posts", 0)
    print(json.dumps({"seconds": seconds, "cpu": spent, "peak": peak, "posts": posts}))


def cpu() -> float:
    """Return the processor's seconds that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def child(*arguments: object, env: dict[str, str]) -> dict[str, float]:
    """Run this file for one part of the work; return what it says."""
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=1200)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


class Server:
    """The mock site in a process of its own."""

    def __init__(self, posts: int) -> None:
        command = [sys.executable, str(ROOT / "bench" / "serving.py"), str(posts)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=quiet()
        )
        self.environment = quiet() | self._line()

    def addresses(self) -> list[str]:
        """Return all addresses asked for so far."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: list[str] = self._line()
        return found

    def stop(self) -> None:
        """Stop serving."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def _line(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())


def quiet() -> dict[str, str]:
    """Return the environment without proxies, this project importable."""
    own = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**own, "PYTHONPATH": str(ROOT)}


def whole(server: Server, folder: Path, posts: int) -> dict[str, float]:
    """Crawl the account into a new study."""
    folder.mkdir()
    (folder / "study.toml").write_text(
        'title = "Maat"\nsince = 2000-01-01\n[crawl]\ndelay = 0\n', encoding="utf-8"
    )
    (folder / "accounts.csv").write_text(
        "institution,level,platform,account\nSchool,mbo,instagram,veel\n", encoding="utf-8"
    )
    found = child("whole", folder, env=server.environment)
    assert found["posts"] == posts, found
    return found


def compare(posts: int, rounds: int, folder: Path) -> int:
    """Print the figures; return the exit code."""
    small = Server(posts // 10)
    low = whole(small, folder / "small", posts // 10)
    small.stop()
    server = Server(posts)
    ours = [whole(server, folder / "round-0", posts)]
    addresses = folder / "addresses.json"
    addresses.write_text(json.dumps(server.addresses()), encoding="utf-8")
    bare = [child("bare", addresses, env=server.environment)]
    for number in range(1, rounds):
        ours.append(whole(server, folder / f"round-{number}", posts))
        bare.append(child("bare", addresses, env=server.environment))
    server.stop()
    fast, plain = (min(one["seconds"] for one in of) for of in (ours, bare))
    work, least = (min(one["cpu"] for one in of) for of in (ours, bare))
    ratio, growth = plain / fast, max(one["peak"] for one in ours) / low["peak"]
    pages = len(json.loads(addresses.read_text(encoding="utf-8")))
    print(f"{posts:,} posts on {pages} pages, best of {rounds} rounds")
    print(f"bare Scrapy    {plain:6.2f} s  {posts / plain:8,.0f} posts/s  {least:5.2f} s of processor")
    print(f"whole pipeline {fast:6.2f} s  {posts / fast:8,.0f} posts/s  {work:5.2f} s of processor")
    print(f"ratio          {ratio:.2f} (floor {FLOOR})")
    print(
        f"peak memory    {low['peak']:.0f} MB at {posts // 10:,} posts, {low['peak'] * growth:.0f} MB at {posts:,}"
    )
    return 0 if ratio >= FLOOR and growth <= FLAT else 1


def main() -> int:
    """Measure, or do one part of it."""
    match sys.argv[1:]:
        case ["bare", addresses]:
            run_bare(Path(addresses))
        case ["whole", study]:
            run_whole(Path(study))
        case _:
            parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
            parser.add_argument("--posts", type=int, default=10_000)
            parser.add_argument("--rounds", type=int, default=3)
            options = parser.parse_args()
            with tempfile.TemporaryDirectory() as folder:
                return compare(options.posts, options.rounds, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
