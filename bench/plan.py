"""What `uitzicht plan` foresees for a study of many institutions, beside what the crawl then really asked.

    python bench/plan.py [--institutions 80] [--seed 20261122]

The mock site plays accounts on all four platforms, each posting as often as chance has it and less in summer; one in
twenty-five is gone. Three plans are held against the crawls that follow them, by what the site counted:

    nothing known   a first crawl, by the assumption alone
    after a pilot   a first crawl of all, after a crawl of twenty institutions
    a later crawl   three weeks after a crawl of all

For the last one, the moments that we noted ourselves in the feeds of the first crawl (begin, end, capture) are set
back by three weeks: the site's posts of those weeks are then new. Real quota is what state/ holds after the crawl.
Exit code 1 where a number that rests on what was seen is off by more than a tenth, or one that rests on the
assumption lies outside its range.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import orjson

from audit.steps.plan import StudyPlan, make_plan
from audit.study import Study
from crawler.feed import feed_files
from crawler.plan.limits import Spent
from tests.crawler.study import make_study, surroundings, uitzicht
from tests.mocksite import Site, running
from tests.plan import population

LATER = timedelta(weeks=3)
PILOT = 20
NEAR = 0.1
OWN_MOMENTS = ("started_at", "ended_at", "captured_at")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A number of the table: foreseen and real."""

    plan: str
    what: str
    least: float
    likely: float
    most: float
    real: float

    @property
    def off(self) -> float:
        """By which part of the real number the foreseen one is off."""
        return (self.likely - self.real) / self.real

    def __str__(self) -> str:
        foreseen = f"{self.likely:8,.0f} {self.least:8,.0f} to {self.most:6,.0f}"
        return f"{self.plan:15}{self.what:24}{foreseen} {self.real:8,.0f} {self.off:+8.1%}"


def crawl(study: Path, site: Site, *accounts: str) -> Counter[str]:
    """Crawl a study; return how many requests each platform answered."""
    before = len(site.received())
    options = [part for name in accounts for part in ("--account", name)]
    with running(site):
        done = uitzicht("crawl", study, *options, env=surroundings(site), timeout=1800)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    return Counter(one.platform for one in site.received()[before:])


def compare(name: str, plan: StudyPlan, site: Site, study: Path) -> list[Line]:
    """Crawl what was planned; return the numbers, foreseen and real."""
    read = Study.read(study)
    before = {one.platform: Spent.read(read, one.platform) for one in plan.platforms}
    real = crawl(study, site)
    lines = []
    for one in plan.platforms:
        ahead = one.requests
        lines.append(
            Line(
                plan=name,
                what=one.platform,
                least=ahead.least,
                likely=ahead.likely,
                most=ahead.most,
                real=real[one.platform],
            )
        )
        after, spent = Spent.read(read, one.platform), before[one.platform]
        for limit in one.limits:
            told = after.units - spent.units if limit.unit == "units" else after.requests - spent.requests
            of = limit.likely / ahead.likely
            lines.append(
                Line(
                    plan=name,
                    what=f"{one.platform} {limit.name}",
                    least=ahead.least * of,
                    likely=limit.likely,
                    most=limit.most,
                    real=told,
                )
            )
    return lines


def set_back(study: Path, by: timedelta) -> None:
    """Set back the moments that we noted ourselves, as if the crawl had been so much earlier."""

    def earlier(found: re.Match[str]) -> str:
        moment = datetime.fromisoformat(found[2]) - by
        return f"{found[1]}{moment.isoformat()}"

    names = "|".join(OWN_MOMENTS)
    for feed in feed_files(study / "feeds"):
        text = gzip.decompress(feed.read_bytes()).decode()
        text = re.sub(rf'("(?:{names})":")([^"]+)', earlier, text)
        feed.write_bytes(gzip.compress(text.encode()))
    for note in (study / "feeds").glob("*/crawl.json"):
        read = orjson.loads(note.read_bytes())
        read["started_at"] = (datetime.fromisoformat(read["started_at"]) - by).isoformat()
        note.write_bytes(orjson.dumps(read))


def measure(institutions: int, seed: int, folder: Path) -> list[Line]:
    """Make three plans and crawl after each; return the numbers."""
    now = datetime.now(UTC)
    then = now - LATER
    site = Site(
        population.posts(institutions, now, seed=seed), population.dead(institutions, seed=seed), clock=then
    )
    accounts = population.accounts(institutions)
    since = (then - timedelta(days=365)).date().isoformat()
    until = f"until = {then.date().isoformat()}"
    found: list[Line] = []
    for name in ("nothing known", "after a pilot"):
        study = make_study(folder / name.replace(" ", "-"), accounts, since=f"{since}\n{until}")
        if name == "after a pilot":
            chosen = [
                population.handle(platform, number)
                for number in range(PILOT)
                for platform in ("youtube", "tiktok")
            ]
            crawl(study, site, *chosen)
        found += tell(compare(name, foresee(study, site, then), site, study))
    set_back(study, LATER)
    file = study / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(until, ""), encoding="utf-8")
    site.clock = now
    found += tell(compare("a later crawl", foresee(study, site, now), site, study))
    return found


def foresee(study: Path, site: Site, now: datetime) -> StudyPlan:
    """Return the plan of a study, with the site's credentials at hand."""
    return make_plan(Study.read(study), now=now, environ=site.credentials.environment())


def tell(lines: list[Line]) -> list[Line]:
    """Print lines of the table as soon as they are known; return them."""
    print(*lines, sep="\n", flush=True)
    return lines


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--institutions", type=int, default=80)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    print(f"{'plan':15}{'what':24}{'foreseen':>8} {'at least, at most':>18} {'real':>8} {'off':>8}")
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(options.institutions, options.seed, Path(folder))
    seen = [line for line in lines if line.plan != "nothing known"]
    guessed = [line for line in lines if line.plan == "nothing known"]
    sound = all(abs(line.off) <= NEAR for line in seen) and all(
        line.least <= line.real <= line.most for line in guessed
    )
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
