"""A visit to one account in one crawl: what it has seen, where it goes on, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from crawler.accounts import StudyAccount
from crawler.ending import FINAL, IN_A_ROW, SIGNS, WALLS, Ending, ending_of, judge
from crawler.feed import Journal, Record, as_line, as_record
from crawler.history import History
from crawler.items import Capture, Outcome, Page, Post
from crawler.routes import Route
from crawler.scrutiny import Scrutiny
from crawler.seen import Seen, read_moment


@dataclass(frozen=True, slots=True)
class Step:
    """One request still to do: its kind within a route, and what it needs (a cursor, ids)."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)

    def as_record(self, route: str) -> Record:
        """Return the step as it stands in a journal."""
        return {"route": route, "name": self.name, "values": dict(self.values)}


class Visit:
    """What is known of one account so far.

    It goes down the ladder of its routes: one that falls short hands over to the next, a wall ends the visit.
    Out of budget, it pauses: its steps stay, and it is gone on with another day.
    """

    def __init__(
        self,
        *,
        crawl_id: str,
        account: StudyAccount,
        ladder: tuple[Route, ...],
        journal: Journal,
        legal_ground: str,
        started_at: datetime,
        window_since: datetime | None,
        history: History | None = None,
        overlap: timedelta = timedelta(),
    ) -> None:
        self.crawl_id = crawl_id
        self.account = account
        self.routes = list(ladder)
        self.journal = journal
        self.legal_ground = legal_ground
        self.started_at = started_at
        self.window_since = window_since
        self.history = history or History()
        self.overlap = overlap
        self.steps: list[Step] = []
        self.seen = Seen(account.account)
        self.left_out: set[str] = set()  # seen, and forgotten on request: not kept, but not missed either
        self.scrutiny = Scrutiny()
        self.endings: list[Ending] = []
        self.arrived = ""
        self.tracks: Counter[str] = Counter()  # caption tracks that were offered, and given
        self.is_over = False
        self.paused: Ending | None = None
        self._in_a_row: set[str] = set()  # known posts since the last unknown one
        self._resume()

    @property
    def route(self) -> Route:
        """The route that is being tried."""
        return self.routes[0]

    @property
    def since(self) -> datetime | None:
        """How far back this visit must go: to the window's start, or to what earlier visits saw whole."""
        watermark = self.history.watermark
        if watermark is None or self.window_since is None:
            return self.window_since
        return max(self.window_since, watermark - self.overlap)

    def doubt(self, page: Page, capture: Capture) -> Ending | None:
        """Return how the route ends with a page that cannot be believed: a field is gone, the list goes in circles."""
        doubt = self.scrutiny.doubt(page)
        return None if doubt is None else ending_of(doubt, capture.status, capture.url)

    def take(self, page: Page, capture: Capture, after: list[Step] | Ending) -> Page:
        """Note what a page says and what comes after it; return what of it is this account's and new."""
        new = self.seen.take(page, capture.capture_id)
        after = after or Ending(outcome="complete", sign=self.arrived or "end")
        if isinstance(after, Ending) and after.url is None:
            after = replace(after, status=capture.status, url=capture.url)
        items: list[Any] = [*filter(None, [new.account]), *new.posts, *new.errors]
        lines = [as_record(item, capture.capture_id) for item in items]
        self.note(after, lines, capture.capture_id)
        return new

    def note(self, after: list[Step] | Ending, lines: Iterable[bytes] = (), capture_id: str = "") -> None:
        """Note what comes next (nothing: the route is whole) or how the route ended, with what was just read."""
        route = self.route.name
        if isinstance(after, list) and after:
            self.steps = after
        else:
            ending = (
                after if isinstance(after, Ending) else Ending(outcome="complete", sign=self.arrived or "end")
            )
            self._end_route(ending)
        cursor = {
            "steps": [step.as_record(route) for step in self.steps],
            "endings": [asdict(ending) for ending in self.endings],
            "arrived": self.arrived,
            "tracks": self.tracks,
        }
        self.journal.write(lines, cursor, capture_id)

    def leave_alone(self, sign: str) -> None:
        """Note why nothing is asked this time; what an earlier run had begun is gone on with another day."""
        ending = Ending(outcome="skipped", sign=sign)
        if self.steps:
            self.paused = ending
        else:
            self.endings.append(ending)

    def is_before_window(self, posts: Iterable[Post]) -> bool:
        """Tell whether a page has left the window: its unpinned dated posts are all older than the start."""
        if self.window_since is None:
            return False
        dates = [post.posted_at for post in posts if post.posted_at and not post.is_pinned]
        return bool(dates) and max(dates) < self.window_since

    def has_arrived(self, posts: Iterable[Post]) -> bool:
        """Tell whether a page of a list, newest first, has left the window or met what is known whole."""
        posts = tuple(posts)
        if self.is_before_window(posts):
            self.arrived = "window"
        elif self._meets_known(posts):
            self.arrived = "known"
        else:
            return False
        return True

    def shows_all(self, posts: Iterable[Post]) -> bool:
        """Tell whether the only page of a route, newest first, ends before the window or with what is known whole."""
        last = next((post for post in reversed(tuple(posts)) if post.posted_at and not post.is_pinned), None)
        if last is None:
            return False
        if self.is_before_window([last]):
            self.arrived = "window"
        elif self._is_long_known(last):
            self.arrived = "known page"
        return bool(self.arrived)

    def unseen(self, route: str) -> list[str]:
        """Return the ids of posts of the window that a route showed before and not in this visit, in order."""
        since = self.window_since
        return sorted(
            post_id
            for post_id, sight in self.history.sights.items()
            if sight.route == route
            and not sight.is_gone
            and post_id not in self.seen
            and (since is None or sight.posted_at is None or sight.posted_at >= since)
        )

    def vanished(self) -> list[bytes]:
        """Return a record of each post that an earlier visit saw where this whole one saw only its neighbours."""
        ending = self._judge()
        if ending.outcome != "complete" or self.seen.errors_count:
            return []
        ends_early = (
            ending.sign in (SIGNS["known"], SIGNS["known page"], SIGNS["asked"]) and not self.route.asks_again
        )
        since = self.since if ends_early else self.window_since
        return [
            as_line(self._gone(post_id))
            for post_id in self.unseen(self.route.name)
            if (at := self.history.sights[post_id].posted_at) and (since is None or at >= since)
        ]

    @property
    def met_wall(self) -> bool:
        """Whether the platform refused us, and not only told something of this account."""
        ending = self._judge()
        return ending.outcome in WALLS and not (self.routes and self._moves_on(ending))

    @property
    def asked_to_wait(self) -> float:
        """How many seconds the platform asked us to wait when it refused us; 0 where it asked for nothing."""
        return (self._judge().retry_after or 0.0) if self.met_wall else 0.0

    def outcome(self, ended_at: datetime) -> Outcome:
        """Return how the whole visit ended."""
        ending = self.paused or self._judge()
        return Outcome(
            crawl_id=self.crawl_id,
            platform=self.account.platform,
            account=self.account.account,
            account_id=self.seen.account_id,
            outcome=ending.outcome,
            sign=f"{ending.sign}{self._describe_tracks()}",
            status=ending.status,
            final_url=ending.url,
            route=self.route.name if self.routes else "",
            legal_ground=self.legal_ground if self.routes and self.route.needs_ground else "",
            posts_collected=len(self.seen),
            posts_reported=self.seen.posts_reported,
            errors_count=self.seen.errors_count,
            oldest_posted_at=self.seen.oldest,
            newest_posted_at=self.seen.newest,
            window_since=self.window_since,
            started_at=self.started_at,
            ended_at=ended_at,
            capture_ids=tuple(self.seen.capture_ids),
        )

    def _describe_tracks(self) -> str:
        offered, given = self.tracks["offered"], self.tracks["given"]
        return f"; {given} of {offered} caption tracks were given" if offered else ""

    def _end_route(self, ending: Ending) -> None:
        """Note how the present route ended, and go down the ladder where a next one should be tried."""
        if ending.outcome == "over_budget":
            self.paused = ending
            return
        self.endings.append(ending)
        self.steps = []
        self.arrived, self._in_a_row = "", set()
        tells = ending.outcome in FINAL and not self._moves_on(ending)
        self.is_over = tells or len(self.routes) == 1
        if not self.is_over:
            self.routes.pop(0)

    def _moves_on(self, ending: Ending) -> bool:
        """Tell whether the next route is asked after a wall; one that asks us to wait stands before all routes."""
        return ending.status in self.route.moves_on and ending.outcome != "rate_limited"

    def _meets_known(self, posts: Iterable[Post]) -> bool:
        for post in posts:
            if not post.is_pinned:
                self._in_a_row = self._in_a_row | {post.post_id} if self._is_long_known(post) else set()
                if len(self._in_a_row) >= IN_A_ROW:
                    return True
        return False

    def _is_long_known(self, post: Post) -> bool:
        """Tell whether an earlier visit saw a post, and it is older than what is looked at again."""
        watermark, known = self.history.watermark, self.history.sights.get(post.post_id)
        at = known and (known.posted_at or post.posted_at)
        return bool(watermark and at and at < watermark - self.overlap)

    def _gone(self, post_id: str) -> Record:
        last = self.history.sights[post_id].last_seen_at
        of = {"platform": self.account.platform, "account": self.account.account, "post_id": post_id}
        return {"record": "vanished", **of, "last_seen_at": last}

    def _judge(self) -> Ending:
        if not self.endings:
            return Ending(outcome="skipped", sign="no route was tried")
        seen = self.seen
        return judge(
            self.endings[-1],
            seen=len(seen.post_ids | self.left_out),
            reported=seen.posts_reported,
            errors=seen.errors_count,
            unreadable=seen.unreadable,
        )

    def _resume(self) -> None:
        left = self.journal.left
        if left is None:
            return
        self.started_at = read_moment(left.header["started_at"])
        self.seen.capture_ids += left.capture_ids
        for record in left.records():
            self.seen.take_record(record)
        self._go_on(left.cursor)

    def _go_on(self, cursor: Record) -> None:
        for ending in cursor.get("endings", ()):
            if self.routes and not self.is_over:
                self._end_route(Ending(**ending))
        self.arrived = cursor.get("arrived", "")
        self.tracks.update(cursor.get("tracks", {}))
        self.steps = [
            Step(step["name"], step["values"])
            for step in cursor.get("steps", ())
            if self.routes and step["route"] == self.route.name
        ]
