"""A day's limits: what they are, what is spent of them already, and how many days a number of requests takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from crawler.budget import budget_of
from crawler.items import Platform
from crawler.plan.foreseen import Foreseen
from crawler.quota import quota_of
from crawler.routes import ROUTES
from crawler.study import CrawlStudy

UNITS: tuple[Platform, str] = (
    "youtube",
    "data_api",
)  # counted by YouTube in units: one for each request


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A day's limit that the foreseen requests count against."""

    name: str
    unit: str
    likely: float
    most: float
    per_day: int
    spent_today: int

    @property
    def days(self) -> int:
        """How many days the likely requests take."""
        return count_days(self.likely, self.per_day, self.spent_today)

    @property
    def most_days(self) -> int:
        """How many days they take at most."""
        return count_days(self.most, self.per_day, self.spent_today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What is spent already of a platform's limits on the present day, by the name of the limit."""

    requests: int = 0
    units: int = 0

    @classmethod
    def read(cls, study: CrawlStudy, platform: Platform) -> Spent:
        """Return what crawls of a study have spent today."""
        units = quota_of(study, *UNITS).spent_today if platform == UNITS[0] else 0
        return cls(requests=budget_of(study, platform).spent_today, units=units)


def find_limits(
    study: CrawlStudy, platform: Platform, requests: Foreseen, by_route: Mapping[str, float], spent: Spent
) -> tuple[Limit, ...]:
    """Return the limits that foreseen requests meet: the study's budget, the platform's quota."""
    table = study.platform(platform)
    known = [("own budget", "requests", requests.likely, table.requests_per_day, spent.requests)]
    for name, number in by_route.items():
        if (platform, name) == UNITS:
            known.append((f"{name} units", "units", number, table.units_per_day, spent.units))
        elif allowed := ROUTES[platform, name].requests_per_day:
            known.append((name, "requests", number, allowed, spent.requests))
    widest = requests.most / max(requests.likely, 1)
    return tuple(
        Limit(name=name, unit=unit, likely=number, most=number * widest, per_day=per_day, spent_today=already)
        for name, unit, number, per_day, already in known
        if per_day is not None and number
    )


def count_days(number: float, per_day: int, spent_today: int) -> int:
    """Return on how many days so much can be asked, the present one included.

    >>> count_days(900, 1000, 0), count_days(900, 1000, 500), count_days(2500, 1000, 1000)
    (1, 2, 4)
    """
    left = max(0, per_day - spent_today)
    return 1 if number <= left else 1 + ceil((number - left) / per_day)
