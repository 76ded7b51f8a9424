"""The plan of a crawl: of every account the road it will take, and of every platform what that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil
from statistics import fmean

from crawler.accounts import StudyAccount
from crawler.ending import WALLS
from crawler.items import OutcomeKind, Platform
from crawler.plan.foreseen import ALONE, Foreseen, add_up
from crawler.plan.limits import Limit, Spent, find_limits
from crawler.plan.past import Past
from crawler.plan.scenarios import Frame, Scenarios, find_scenarios, with_facts
from crawler.plan.walks import ONE_OWNER, count_requests
from crawler.routes import ROUTES, Ladder, Route
from crawler.study import CrawlStudy

Pasts = Mapping[tuple[Platform, str], Past]
ANSWER = 1.0  # seconds that an answer takes, assumed; a longer delay covers it
NOTHING = Foreseen()
NO_ADDRESS = "no post of it is known by its address"
TOKEN_LASTS = 7_200.0  # seconds, of the Research API's client token


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """What will be asked about an account: by which routes, how often, and what that rests on.

    `why_not` says why nothing will be asked; `last` is the outcome of the visit before.
    """

    account: StudyAccount
    requests: Foreseen = NOTHING
    by_route: Mapping[str, float] = field(default_factory=dict)
    rests_on: str = ""
    posts_per_week: float = 0.0
    goes_back_to: datetime | None = None
    last: OutcomeKind | None = None
    why_not: str = ""

    @property
    def is_later_visit(self) -> bool:
        """Tell whether the visit ends where an earlier one had seen all."""
        return self.goes_back_to is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPlan:
    """A platform's part of the plan. `seconds` are those of the likely requests at the study's pace."""

    platform: Platform
    ladder: Ladder
    accounts: tuple[AccountPlan, ...]
    requests: Foreseen
    limits: tuple[Limit, ...]
    seconds: float

    @property
    def days(self) -> int:
        """How many days the likely requests take, within every limit."""
        return max((limit.days for limit in self.limits), default=1)

    @property
    def asked(self) -> int:
        """Of how many accounts something will be asked."""
        return sum(not account.why_not for account in self.accounts)


def plan_platform(
    study: CrawlStudy,
    platform: Platform,
    accounts: Sequence[StudyAccount],
    *,
    pasts: Pasts,
    ladder: Ladder,
    spent: Spent,
    now: datetime,
) -> PlatformPlan:
    """Return what a crawl would ask of a platform about these accounts, walls and retries left out."""
    around = _Around(
        frame=Frame.of(study, now),
        ladder=ladder,
        peers=tuple(past for (of, _), past in pasts.items() if of == platform),
        is_only_one=len(accounts) == 1,
        with_words=study.platform(platform).transcripts,
    )
    planned = tuple(_plan_account(one, pasts[platform, one.account], around) for one in accounts)
    pace = _pace(study, platform)
    by_route: Counter[str] = Counter()
    for one in planned:
        by_route.update(one.by_route)
    tokens = _tokens(by_route["research_api"], pace)
    if tokens:
        by_route["research_api"] += tokens
    requests = add_up([*(one.requests for one in planned), _exactly(tokens)])
    return PlatformPlan(
        platform=platform,
        ladder=ladder,
        accounts=planned,
        requests=requests,
        limits=find_limits(study, platform, requests, by_route, spent),
        seconds=requests.likely * pace,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What the plans of a platform's accounts have in common."""

    frame: Frame
    ladder: Ladder
    peers: tuple[Past, ...]
    is_only_one: bool
    with_words: bool


def _plan_account(account: StudyAccount, past: Past, around: _Around) -> AccountPlan:
    known = len(past.known(around.frame.since))
    routes = tuple(route for route in around.ladder.usable if known or not route.by_name)
    none_left = NO_ADDRESS if around.ladder.usable else around.ladder.why_none
    why_not = past.left_alone or ("" if routes else none_left)
    if why_not:
        return AccountPlan(account=account, last=past.outcome, why_not=why_not)
    scenarios = find_scenarios(past, account.platform, around.peers, around.frame)
    scenarios = with_facts(
        scenarios,
        by_handle=not account.account.startswith("UC"),
        is_own=_speaks_for_it(past, routes, account.platform, is_only_one=around.is_only_one),
        with_words=around.with_words,
        known=known,
    )
    asked = [count_requests(routes, account.platform, one) for one in scenarios.likely]
    by_route = {route: fmean(one[route] for one in asked) for one in asked for route in one}
    requests = _as_it_ended(past, _range(asked, scenarios, routes, account.platform))
    share = requests.likely / sum(by_route.values())
    return AccountPlan(
        account=account,
        requests=requests,
        by_route={route: number * share for route, number in by_route.items()},
        rests_on=scenarios.rests_on,
        posts_per_week=scenarios.posts_per_week,
        goes_back_to=around.frame.threshold(past) if past.is_whole else None,
        last=past.outcome,
    )


def _range(
    asked: Sequence[Counter[str]], scenarios: Scenarios, routes: Sequence[Route], platform: Platform
) -> Foreseen:
    others = scenarios.possible
    if any(route.name in ONE_OWNER for route in routes):
        others += with_facts(scenarios, is_own=not scenarios.likely[0].is_own).likely
    possible = [count_requests(routes, platform, one).total() for one in others]
    sample = (scenarios.rests_on, scenarios.seen) if scenarios.seen else ALONE
    return Foreseen.of([one.total() for one in asked], possible, sample=sample)


def _as_it_ended(past: Past, usual: Foreseen) -> Foreseen:
    """Return what is foreseen where the last visit was soon over: the next one may be, too."""
    if past.showed_nothing:
        return replace(_exactly(past.captures), most=max(past.captures, usual.most))
    if past.outcome in WALLS:
        return Foreseen.of([past.captures, usual.likely], [usual.most])
    return usual


def _exactly(number: int) -> Foreseen:
    return Foreseen(least=number, likely=number, most=number)


def _speaks_for_it(past: Past, routes: Sequence[Route], platform: Platform, *, is_only_one: bool) -> bool:
    """Tell whether a token that speaks for one owner speaks for this account, as far as anything tells."""
    mine = [route.name for route in routes if route.name in ONE_OWNER]
    if not mine or (platform, past.route) not in ROUTES:
        return is_only_one or platform == "linkedin"
    return past.route in mine and past.is_whole


def _pace(study: CrawlStudy, platform: Platform) -> float:
    """Return the seconds from one request to the next."""
    delay = study.platform(platform).delay
    return max(study.crawl.delay if delay is None else delay, ANSWER)


def _tokens(requests: float, pace: float) -> int:
    return ceil(requests * pace / TOKEN_LASTS)
