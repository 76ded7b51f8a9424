"""Refusals and failures to inject, what each must end in, and the crawls that show it: many accounts in a crawl.

A platform is left alone after its third wall, and once its own quota is spent, so a crawl holds at most three such
refusals on each, and what ends it comes last, after an account that is healthy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from crawler.archive import archive_files, read_archives
from crawler.items import PLATFORMS, Capture
from crawler.routes import LADDERS
from tests.crawler.study import GROUND, list_permalinks, make_study, records, surroundings, uitzicht
from tests.mocksite import Behaviour, Site, SitePost, many_posts, running

ALL = -1
TABLE = Path(__file__).with_name("refusals.txt")
SINCE = "2026-10-17\nuntil = 2026-11-15"  # one window of the Research API
WALLS = ("blocked", "challenged", "rate_limited")
# posts of each account: more than one page of its route, and of YouTube both videos and Shorts
POSTS = {
    "data_api": 60,
    "browse": 50,
    "business_discovery": 60,
    "profile": 40,
    "browser": 60,
    "research_api": 110,
    "guest": 8,
    "rss": 12,
    "posts_api": 110,
    "display_api": 60,
    "permalinks": 6,
}
OWN = "display_api"  # its token belongs to one account, which is alone in its crawl


@dataclass(frozen=True, kw_only=True)
class Case:
    """One account that is refused: how, and what must come of it.

    `posts` are those its visit must keep, ALL of them or a number; `status` is that of the answer that told.
    """

    platform: str
    route: str
    kind: str
    outcome: str
    sign: str
    posts: int = 0
    status: int | None = None
    how: dict[str, str] = field(default_factory=dict)
    number: int = 1

    @property
    def account(self) -> str:
        name = self.kind.replace("_", "") + (str(self.number) if self.number > 1 else "")
        return f"@{name}" if self.platform == "youtube" else name

    @property
    def name(self) -> str:
        return " ".join((self.platform, self.route, self.kind, *(f"{k}={v}" for k, v in self.how.items())))

    @property
    def is_wall(self) -> bool:
        return self.outcome in WALLS

    @property
    def spends_quota(self) -> bool:
        return self.outcome == "over_budget"

    def as_behaviour(self) -> Behaviour:
        how: dict[str, Any] = {{"on": "route"}.get(name, name): value for name, value in self.how.items()}
        if "after" in how:
            how["after"] = int(how["after"])
        return Behaviour(kind=self.kind, platform=self.platform, account=self.account, **how)


def read_cases() -> list[Case]:
    """Return the cases of refusals.txt."""
    cases: list[Case] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            case = _read_case([cell.strip() for cell in line.split("|")])
            before = sum((one.route, one.kind) == (case.route, case.kind) for one in cases)
            cases.append(replace(case, number=before + 1))
    return cases


def _read_case(cells: list[str]) -> Case:
    route, kind, how, outcome, status, posts, sign = cells
    platform = next(name for name, ladder in LADDERS.items() if route in [one.name for one in ladder])
    return Case(
        platform=platform,
        route=route,
        kind=kind,
        outcome=outcome,
        sign=sign,
        posts=ALL if posts == "all" else int(posts),
        status=int(status) if status else None,
        how=dict(part.split("=") for part in how.split()),
    )


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a crawl told of one account."""

    case: Case
    outcome: dict[str, Any]
    post_ids: tuple[str, ...]
    there: frozenset[str]
    captures: tuple[Capture, ...]
    exit: int
    study: Path
    secrets: dict[str, str] = field(default_factory=dict)


def pack(cases: Iterable[Case], walls: int = 3) -> Iterator[list[Case]]:
    """Yield the cases crawl by crawl: one route a platform, at most `walls` walls each."""
    waiting: dict[str, dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        waiting[case.platform][case.route].append(case)
    while any(waiting.values()):
        crawl: list[Case] = []
        for routes in waiting.values():
            if routes:
                crawl += _draw(routes, walls)
        yield crawl


def _draw(routes: dict[str, list[Case]], walls: int) -> list[Case]:
    route = next(iter(routes))
    cases = routes[route]
    if route == OWN:
        drawn, routes[route] = cases[:1], cases[1:]
        return drawn if routes[route] else drawn + routes.pop(route)
    ends = [case for case in cases if case.is_wall or case.spends_quota]
    others = [case for case in cases if case not in ends]
    drawn, rounds = ends[:walls], max(1, -(-len(ends) // walls))
    drawn += others[: -(-len(others) // rounds)]
    routes[route] = [case for case in cases if case not in drawn]
    if not routes[route]:
        del routes[route]
    return drawn


def crawl(folder: Path, cases: Sequence[Case]) -> list[Told]:
    """Crawl the accounts of cases on a site that refuses them, a healthy one on each platform beside them."""
    routes = {case.platform: case.route for case in cases}
    healthy = [_healthy(platform, route) for platform, route in routes.items() if route != OWN]
    everyone = [*_in_order(cases), *healthy, *_last(cases)]
    site = Site(
        [post for case in everyone for post in _posts(case)],
        behaviours=[case.as_behaviour() for case in cases],
        most_per_page=200,
        tiktok_owner=next((case.account for case in cases if case.route == OWN), ""),
    )
    more = "".join(f'[platforms.{name}]\n{GROUND}\nroutes = ["{of}"]\n' for name, of in routes.items())
    study = make_study(folder, [(one.platform, one.account) for one in everyone], since=SINCE, more=more)
    list_permalinks(study, site)
    with running(site):
        done = uitzicht("crawl", study, env=surroundings(site), timeout=300)
    (study / "printed.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return list(_read(study, site, everyone, done.returncode))


def _in_order(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case not in _last(cases)]


def _last(cases: Sequence[Case]) -> list[Case]:
    walls = {name: [case for case in cases if case.platform == name and case.is_wall] for name in PLATFORMS}
    thirds = [case for of in walls.values() for case in of[2:]]
    return thirds + [case for case in cases if case.spends_quota]


def _healthy(platform: str, route: str) -> Case:
    newest = ("partial", "newest (posts|videos) only")
    single = ("partial", "asked for one by one")
    shown = {"guest": newest, "rss": newest, "permalinks": single}.get(
        route, ("complete", "reached the|every day")
    )
    return Case(platform=platform, route=route, kind="gezond", outcome=shown[0], sign=shown[1], posts=ALL)


def _posts(case: Case) -> list[SitePost]:
    made = many_posts(POSTS[case.route], case.platform, case.account)
    return [replace(post, text=f"{post.text} Café één.") for post in made]


def _read(study: Path, site: Site, cases: Iterable[Case], code: int) -> Iterator[Told]:
    archived = {capture.capture_id: capture for capture in read_archives(archive_files(study / "archive"))}
    lines: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for record in records(study):
        if record["record"] in ("post", "outcome"):
            lines[record["platform"], record["account"]].append(record)
    for case in cases:
        mine = lines[case.platform, case.account]
        outcome = next(record for record in mine if record["record"] == "outcome")
        yield Told(
            case=case,
            outcome=outcome,
            post_ids=tuple(dict.fromkeys(one["post_id"] for one in mine if one["record"] == "post")),
            there=frozenset(_shown_id(case, post) for post in site.posts(case.platform, case.account)),
            captures=tuple(archived[one] for one in outcome["capture_ids"]),
            exit=code,
            study=study,
            secrets=asdict(site.credentials),
        )


def _shown_id(case: Case, post: SitePost) -> str:
    """Return a post's id as the route shows it: LinkedIn's API has the number of the share."""
    return str(int(post.post_id) - (40 << 22)) if case.route == "posts_api" else post.post_id


def complaints(told: Told) -> list[str]:
    """Return everything that is wrong with what a crawl told of an account."""
    case, said = told.case, told.outcome
    wanted = len(told.there) if case.posts == ALL else case.posts
    checks = [
        (said["outcome"] == case.outcome, f"outcome {said['outcome']}, expected {case.outcome}"),
        (re.search(case.sign, said["sign"]) is not None, f"sign {said['sign']!r}, expected {case.sign!r}"),
        (
            said["status"] == case.status or case.kind == "gezond",
            f"status {said['status']}, expected {case.status}",
        ),
        (bool(said["final_url"]) or case.kind == "gezond", "no final address"),
        (set(told.post_ids) <= told.there, "posts that do not exist"),
        (len(told.post_ids) == wanted, f"{len(told.post_ids)} posts, expected {wanted}"),
        (said["posts_collected"] == wanted, f"{said['posts_collected']} posts told, expected {wanted}"),
        (_shows_refusal(told), "the answer that refused is not in the archive"),
        (told.exit != 0, "exit code 0"),
    ]
    return [what for holds, what in checks if not holds]


def _shows_refusal(told: Told) -> bool:
    said = told.outcome
    if said["status"] is None:
        return True
    return any(one.status == said["status"] and one.url == said["final_url"] for one in told.captures[-3:])
