"""`uitzicht plan`: say before a crawl what it will ask."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import fmean

import click
import orjson
from rich.console import Console
from rich.table import Table

from audit.commands.options import study_argument
from audit.exits import Exit
from audit.steps.plan import StudyPlan, as_json, make_plan
from audit.study import Study
from crawler.items import PLATFORMS, Platform
from crawler.plan.foreseen import Foreseen
from crawler.plan.limits import Limit
from crawler.plan.plan import AccountPlan
from crawler.plan.scenarios import ASSUMED_GONE, ASSUMED_PER_WEEK, ENOUGH_PEERS
from crawler.study import HOME

SHOWN = 24
SEEN = ("complete", "empty")


@click.command(name="plan")
@study_argument
@click.option(
    "--platform", "platforms", type=click.Choice(PLATFORMS), multiple=True, help="Only this platform."
)
@click.option("--accounts", "every", is_flag=True, help=f"Show every account, also of more than {SHOWN}.")
@click.option("--json", "is_json", is_flag=True, help="Write the whole plan as JSON.")
def command(study: Study, platforms: tuple[Platform, ...], every: bool, is_json: bool) -> Exit:
    """Say what the next crawl of STUDY will ask of whom, by which route, and what that costs.

    Of each account: the route, the requests foreseen, and what the number rests on: its own past, five or more
    accounts of the platform that were seen whole, or an assumption, which is told. Of each platform: what is switched
    off and why, the day's limits, days and hours at the study's pace, and how long what comes may be kept. Nothing
    is asked of any platform. Walls, retries and waiting that a platform asks for come on top.

    A plan is closest after a first crawl of some accounts: uitzicht crawl mystudy --account ...

    \b
    Examples:
      uitzicht plan mystudy
      uitzicht plan mystudy --platform youtube --accounts
      uitzicht plan mystudy --json | jq .requests

    \b
    Exit status: 0 every account has a route, 3 those of some platforms have none, 4 none has.
    """
    plan = make_plan(study, now=datetime.now(UTC), platforms=platforms)
    if is_json:
        click.echo(orjson.dumps(as_json(plan, summarise(plan)), option=orjson.OPT_INDENT_2))
        return plan.exit
    out = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    show_plan(plan, out, every=every)
    return plan.exit


def show_plan(plan: StudyPlan, out: Console, *, every: bool) -> None:
    """Print the plan: platforms, what is switched off, accounts, and a summary."""
    out.print(_platforms(plan))
    for note in _notes(plan):
        out.print(note, soft_wrap=True)
    if every or plan.accounts <= SHOWN:
        out.print()
        out.print(_accounts(plan))
    else:
        out.print(f"\n--accounts shows each of the {plan.accounts} accounts.")
    out.print(f"\n{summarise(plan)}", soft_wrap=True)


def summarise(plan: StudyPlan) -> str:
    """Return the plan in one or two sentences."""
    rest = plan.accounts - plan.asked
    left = f" {_number(rest, 'account')} will not be asked anything." if rest else ""
    if not plan.asked:
        return (
            f"Nothing will be asked: no account of the {plan.accounts} can be visited now. Exports of your own channels"
            " can be imported all the same: uitzicht import; docs/imports.md says how to get them."
        )
    days = f"on {plan.days} days" if plan.days > 1 else "within a day"
    return (
        f"{_number(plan.asked, 'account')}, {_span(plan.requests)} requests, {days}, "
        f"{_duration(plan.seconds)} of crawling at the study's pace.{left}"
    )


def _platforms(plan: StudyPlan) -> Table:
    table = Table(
        "platform",
        "accounts",
        "by",
        "requests",
        "of a day's limit",
        "days",
        "time",
        "kept",
        box=None,
        pad_edge=False,
    )
    for one in plan.platforms:
        table.add_row(
            one.platform,
            f"{one.asked} of {len(one.accounts)}",
            ", ".join(route.name for route in one.ladder.usable) or "no route",
            _span(one.requests),
            "\n".join(map(_limit, one.limits)) or "none",
            str(one.days) if one.asked else "-",
            _duration(one.seconds) if one.asked else "-",
            "\n".join(_kept(days) for _, days in plan.kept(one.platform)),
        )
    return table


def _notes(plan: StudyPlan) -> Iterator[str]:
    """Yield what is off and why, what is spent already, and what is assumed."""
    for one in plan.platforms:
        for name, why in one.ladder.left_out:
            yield f"off: {one.platform} {name}: {why}"
    for one in plan.platforms:
        for limit in one.limits:
            if limit.spent_today:
                yield f"spent today: {one.platform}, {limit.spent_today:,} ({limit.name})"
    for one in plan.platforms:
        if any(account.rests_on == "an assumption" for account in one.accounts):
            rates = ASSUMED_PER_WEEK[one.platform]
            yield (
                f"assumed: {one.platform} accounts make {min(rates):g} to {max(rates):g} posts a week, "
                f"{fmean(rates):.1f} on average, and one in {ASSUMED_GONE} is gone, until {ENOUGH_PEERS} were seen"
            )


def _accounts(plan: StudyPlan) -> Table:
    table = Table("institution", "platform", "account", "by", "requests", "why so", box=None, pad_edge=False)
    for platform in plan.platforms:
        for one in platform.accounts:
            table.add_row(
                one.account.institution,
                platform.platform,
                one.account.account,
                ", ".join(one.by_route) or "-",
                _span(one.requests),
                _ground(one) if platform.ladder.usable else "no route",
            )
    return table


def _limit(limit: Limit) -> str:
    return f"{limit.likely:,.0f} of {limit.per_day:,} ({limit.name})"


def _ground(one: AccountPlan) -> str:
    """Return what the number of an account rests on."""
    if one.why_not:
        return one.why_not
    rate = f"{one.posts_per_week:.1f} a week, {one.rests_on}"
    if one.last not in (None, *SEEN):
        return f"{one.last} when last visited; {rate}"
    if one.goes_back_to is not None:
        return f"back to {one.goes_back_to.astimezone(HOME):%Y-%m-%d}; {rate}"
    return rate


def _kept(days: int | None) -> str:
    return "until deleted" if days is None else f"{days} days unless seen again"


def _span(foreseen: Foreseen) -> str:
    likely = round(foreseen.likely)
    if foreseen.least == foreseen.most:
        return f"{likely:,}"
    return f"{likely:,} ({foreseen.least:,} to {foreseen.most:,})"


def _duration(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
