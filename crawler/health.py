"""How well a crawl of a platform went, held against its own earlier crawls: posts, fields filled, outcomes.

Pure but for a small file of the study, `state/<platform>.health.jsonl`, one line a crawl.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from crawler.ending import WALLS

REMEMBERED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One crawl of one platform in numbers; `filled` is the share of posts that have a field."""

    crawl_id: str
    posts: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, float] = field(default_factory=dict)

    @property
    def accounts(self) -> int:
        """How many accounts have an outcome."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is still well: as shares of one's own history, of posts, and of accounts."""

    count_floor: float = 0.5
    coverage_drop: float = 0.25
    walls_ceiling: float = 0.2
    history: int = 3


def read_stats(stats: Mapping[str, Any], platform: str, crawl_id: str) -> Health:
    """Return a crawl's health from its stats, as `audit/<platform>/...` names them."""
    place = f"audit/{platform}/"
    mine = {name.removeprefix(place): value for name, value in stats.items() if name.startswith(place)}
    posts = mine.get("posts", 0)
    return Health(
        crawl_id=crawl_id,
        posts=posts,
        outcomes=_below("outcomes/", mine),
        filled={name: number / posts for name, number in _below("filled/", mine).items()} if posts else {},
    )


def judge_count(now: Health, before: Sequence[Health], limits: Limits) -> list[str]:
    """Return a complaint where far fewer posts came than an ordinary crawl of this study brings."""
    usual = median([one.posts for one in before]) if len(before) >= limits.history else 0
    if now.posts >= limits.count_floor * usual:
        return []
    return [f"{now.posts} posts; {len(before)} earlier crawls brought {usual:.0f} (median)"]


def judge_coverage(now: Health, before: Sequence[Health], limits: Limits) -> list[str]:
    """Return a complaint for each field that far fewer posts fill than before."""
    earlier = [one for one in before if one.filled]
    if not now.filled or len(earlier) < limits.history:
        return []
    usual = {name: median([one.filled.get(name, 0.0) for one in earlier]) for name in now.filled}
    return [
        f"{name} is filled in {share:.0%} of the posts; earlier in {usual[name]:.0%} (median)"
        for name, share in now.filled.items()
        if share < usual[name] - limits.coverage_drop
    ]


def judge_outcomes(now: Health, limits: Limits) -> list[str]:
    """Return complaints about walls in too many accounts, and about any account that could not be read."""
    if not now.accounts:
        return ["no account has an outcome"]
    complaints: list[str] = []
    walls = sum(number for kind, number in now.outcomes.items() if kind in WALLS)
    if walls > limits.walls_ceiling * now.accounts:
        complaints.append(f"{walls} of {now.accounts} accounts ended at a wall")
    if broken := now.outcomes.get("parser_broken", 0):
        complaints.append(f"{broken} of {now.accounts} accounts could not be read: a format has changed")
    return complaints


def read_health(path: Path) -> list[Health]:
    """Return the health of earlier crawls, oldest first, as far as the file can be read."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return list(_read_lines(lines))[-REMEMBERED:]


def append_health(path: Path, health: Health) -> None:
    """Remember a crawl's health."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(orjson.dumps(asdict(health), option=orjson.OPT_APPEND_NEWLINE))


def _read_lines(lines: Iterable[bytes]) -> Iterable[Health]:
    for line in lines:
        try:
            yield Health(**orjson.loads(line))
        except (orjson.JSONDecodeError, TypeError):  # cut off by a crash
            continue


def _below(start: str, stats: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(start): number for name, number in stats.items() if name.startswith(start)}
