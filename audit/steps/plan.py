"""The plan of a study's next crawl, made from the study file, the environment and what earlier crawls saw."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.exits import Exit
from audit.study import Study
from crawler.browser import find_chromium
from crawler.errors import CrawlerError
from crawler.items import PLATFORMS, Platform
from crawler.plan.foreseen import Foreseen, add_up
from crawler.plan.limits import Spent
from crawler.plan.past import read_pasts
from crawler.plan.plan import AccountPlan, PlatformPlan, plan_platform
from crawler.routes import choose_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlan:
    """What a crawl of a study will ask, platform by platform. All platforms are crawled side by side."""

    study: Study
    made_at: datetime
    platforms: tuple[PlatformPlan, ...]

    @property
    def accounts(self) -> int:
        """How many accounts the study lists."""
        return sum(len(one.accounts) for one in self.platforms)

    @property
    def asked(self) -> int:
        """Of how many of them something will be asked."""
        return sum(one.asked for one in self.platforms)

    @property
    def requests(self) -> Foreseen:
        """How many requests that takes in all."""
        return add_up(one.requests for one in self.platforms)

    @property
    def days(self) -> int:
        """How many days it takes, within every limit."""
        return max(one.days for one in self.platforms)

    @property
    def seconds(self) -> float:
        """How long it takes at the study's pace, waiting for another day left out."""
        return max(one.seconds for one in self.platforms)

    @property
    def exit(self) -> Exit:
        """Success where every account can be asked; blocked where none can; else partial."""
        without_route = sum(not one.ladder.usable for one in self.platforms)
        if not without_route:
            return Exit.SUCCESS
        return Exit.BLOCKED if without_route == len(self.platforms) else Exit.PARTIAL

    def kept(self, platform: Platform) -> Iterator[tuple[str, int | None]]:
        """Yield each route that will be used, and for how many days its rows are kept; None for no limit."""
        limits = {(of, route): days for of, route, days in self.study.retention.limits()}
        (plan,) = (one for one in self.platforms if one.platform == platform)
        for route in plan.ladder.usable:
            yield route.name, limits.get((platform, route.name))


def make_plan(
    study: Study,
    *,
    now: datetime,
    platforms: Sequence[Platform] = (),
    environ: Mapping[str, str] = os.environ,
) -> StudyPlan:
    """Return the plan of a study's next crawl. Asks no platform anything, and writes nothing.

    Raises CrawlerError where the study lists no account of these platforms.
    """
    accounts = study.accounts()
    listed = [name for name in PLATFORMS if any(one.platform == name for one in accounts)]
    wanted = [name for name in listed if not platforms or name in platforms]
    if not wanted:
        of = f" of {', '.join(platforms)}" if platforms else ""
        raise CrawlerError(
            f"{study.folder / study.accounts_file} lists no accounts{of}; there is nothing to plan"
        )
    pasts = read_pasts(study)
    found = [
        plan_platform(
            study,
            name,
            [one for one in accounts if one.platform == name],
            pasts=pasts,
            ladder=choose_routes(study, name, environ, _has_browser(study, name)),
            spent=Spent.read(study, name),
            now=now,
        )
        for name in wanted
    ]
    return StudyPlan(study=study, made_at=now, platforms=tuple(found))


def as_json(plan: StudyPlan, summary: str) -> dict[str, Any]:
    """Return the whole plan as plain values."""
    return {
        "study": plan.study.title,
        "folder": str(plan.study.folder),
        "made_at": plan.made_at,
        "since": plan.study.since,
        "until": plan.study.until,
        "summary": summary,
        "requests": _numbers(plan.requests),
        "days": plan.days,
        "seconds": round(plan.seconds),
        "platforms": [_platform(plan, one) for one in plan.platforms],
    }


def _has_browser(study: Study, platform: Platform) -> bool:
    """Tell whether there is a Chromium, where the platform and the study may have a use for one."""
    return platform != "tiktok" or not study.platform(platform).legal_ground or find_chromium() is not None


def _platform(plan: StudyPlan, one: PlatformPlan) -> dict[str, Any]:
    return {
        "platform": one.platform,
        "routes": [route.name for route in one.ladder.usable],
        "left_out": dict(one.ladder.left_out),
        "requests": _numbers(one.requests),
        "limits": [
            {
                "name": limit.name,
                "unit": limit.unit,
                "likely": round(limit.likely),
                "most": round(limit.most),
                "per_day": limit.per_day,
                "spent_today": limit.spent_today,
                "days": limit.days,
                "most_days": limit.most_days,
            }
            for limit in one.limits
        ],
        "days": one.days,
        "seconds": round(one.seconds),
        "kept_days": dict(plan.kept(one.platform)),
        "accounts": [_account(account) for account in one.accounts],
    }


def _account(one: AccountPlan) -> dict[str, Any]:
    return {
        "institution": one.account.institution,
        "account": one.account.account,
        "routes": {route: round(number, 1) for route, number in one.by_route.items()},
        "requests": _numbers(one.requests),
        "rests_on": one.rests_on,
        "posts_per_week": round(one.posts_per_week, 1),
        "goes_back_to": one.goes_back_to,
        "last_outcome": one.last,
        "why_not": one.why_not,
    }


def _numbers(foreseen: Foreseen) -> dict[str, float]:
    return {"least": foreseen.least, "likely": round(foreseen.likely, 1), "most": foreseen.most}
