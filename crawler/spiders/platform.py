"""What the four spiders share: a study's accounts, one visit after the other, each with its outcome."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider

from crawler.accounts import StudyAccount
from crawler.budget import Budget
from crawler.crawl import Crawl
from crawler.ending import WALLS_BEFORE_STOP, Ending, ending_of
from crawler.errors import CrawlerError, ParseError
from crawler.failure import ending_of_failure, may_be_chance, refused_by_disk
from crawler.forgotten import SIGN as FORGOTTEN
from crawler.forgotten import Forgotten
from crawler.history import History
from crawler.items import Capture, Outcome, Page, Platform
from crawler.logs import keep_out_of_logs
from crawler.parsers.formats import parse
from crawler.redact import CREDENTIALS, known_secrets, redact_text, redact_url
from crawler.replay import Replay
from crawler.routes import Ladder, Route, choose_routes
from crawler.signals import progressed
from crawler.spiders.arguments import Arguments
from crawler.study import CrawlStudy
from crawler.visit import Step, Visit
from crawler.waiting import Waiting

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

_ALL_CREDENTIALS = dict.fromkeys(CREDENTIALS, "replayed")


class PlatformSpider(Spider):
    """Visits a study's accounts on one platform; a platform's spider says what a step asks and what follows a page.

    Arguments, as `-a name=value`: `study` (its folder or file; needed), `accounts` (handles, separated by commas;
    all by default), `replay` (an archive that answers instead of the network).
    """

    platform: ClassVar[Platform]
    study: CrawlStudy
    crawl: Crawl
    ladder: Ladder
    budget: Budget
    forgotten: Forgotten = Forgotten()
    replay: Replay | None = None

    def __init__(self, study: str = "", accounts: str = "", replay: str = "", **arguments: Any) -> None:
        super().__init__()
        self.secrets = known_secrets()
        self.outcomes: list[Outcome] = []
        self.walls = 0
        self.spent: dict[str, Ending] = {}  # by route, what the platform told when its own quota was used up
        self.longest_wait = 0.0  # seconds that the platform asked for when it refused us
        self.left_out: set[str] = set()
        self.accounts: list[StudyAccount] = []
        self.error: CrawlerError | None = None
        self.is_finished = False
        try:
            self.arguments = Arguments.read(
                self.platform, study=study, accounts=accounts, replay=replay, others=arguments
            )
            self.study, self.replay = self.arguments.study, self.arguments.replay
        except CrawlerError as error:  # told in `start`, which ends the crawl
            self.error = error

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, with the study's contact, delays and time-outs among the settings."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        keep_out_of_logs(lambda: spider.secrets)
        crawler.signals.connect(spider.note_fault, signals.spider_error)
        if spider.error is None:
            agent = crawler.settings["USER_AGENT"]
            found = spider.study.scrapy_settings(cls.platform, agent, offline=spider.replay is not None)
            for name, value in (found | spider.own_settings()).items():
                crawler.settings.set(name, value, priority="spider")
        return spider

    def own_settings(self) -> dict[str, Any]:
        """Return further settings that this platform needs."""
        return {}

    def routes_for(self, account: StudyAccount) -> tuple[Route, ...]:
        """Return the ladder for an account."""
        return self.ladder.usable

    def begin(self, visit: Visit) -> list[Step]:
        """Return the first steps of the visit's present route."""
        return [Step(visit.route.name)]

    def request(self, step: Step, visit: Visit) -> Request:
        """Return the request of a step."""
        raise CrawlerError(f"{self.name} has no request for {step.name}")

    def follow(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        """Return the steps to do after a page, or how the route ended with it."""
        raise CrawlerError(f"{self.name} does not know what follows {step.name}")

    def instead(self, step: Step, visit: Visit, ending: Ending) -> list[Step] | Ending:
        """Return what to do where a step was refused or brought nothing: the route ends, unless there is a way on."""
        return ending

    def keep_in_memory(self, response: Response, step: Step) -> None:
        """Take from a live answer what a further step needs and no file may hold."""

    # How a visit goes.

    async def start(self) -> AsyncIterator[Any]:
        """Begin with the first account."""
        if self.error is None:
            try:
                self.prepare()
            except CrawlerError as error:
                self.error = error
            except OSError as error:
                self.error = refused_by_disk(error)
                if self.error is None:
                    raise
        if self.error is not None:
            self.logger.error("%s", self.error)
            raise CloseSpider("start_error")
        for request in self.next_visit():
            yield request

    def prepare(self) -> None:
        """Begin the crawl, or go on with one. Raises CrawlerError where it cannot be."""
        self.accounts = self.arguments.accounts()
        environ = os.environ if self.replay is None else _ALL_CREDENTIALS | os.environ
        self.ladder = choose_routes(self.study, self.platform, environ, self.has_browser())
        spent = self.study.state / f"{self.platform}.budget.json"
        self.budget = Budget(spent, self.study.platform(self.platform).requests_per_day)
        self.waiting = Waiting(self.study.state / f"{self.platform}.wait.json")
        self.forgotten = Forgotten.read(self.study.state)
        self.crawl = Crawl.begin(self.study, self.platform)
        self.todo = iter([one for one in self.accounts if not self.crawl.is_visited(one)])

    def has_browser(self) -> bool:
        """Tell whether this platform's browser route could run here."""
        return True

    def next_visit(self) -> Iterator[Request]:
        """Yield the first request to the next account that can be visited."""
        for account in self.todo:
            visit = self._begin(account)
            if visit is not None:
                yield self._send(visit)
                return

    async def parse_page(self, response: Response, visit: Visit, step: Step) -> AsyncIterator[Any]:
        """Take in what a step brought, and go on. A page with nothing to be read is asked for once more."""
        try:
            page = self._take_in(response, visit, step)
        except Exception as error:  # a fault of ours must not cost the accounts after this one
            if refused_by_disk(error):
                raise
            self.logger.exception("%s: %s", visit.account.account, response.url)
            fault = self.without_secrets(f"a fault of the crawler, see its log: {error!r}")[:300]
            url = self.without_secrets(redact_url(response.url))
            visit.note(Ending(outcome="parser_broken", sign=fault, status=response.status, url=url))
            page = Page(format="")
        if page is None:
            again = self._send(visit)
            again.meta["reread"] = True
            yield again
            return
        yield page
        for request in self.proceed(visit):
            yield request

    def _take_in(self, response: Response, visit: Visit, step: Step) -> Page | None:
        """Return the page as far as it is the account's; None where it should be asked for once more."""
        capture: Capture = response.meta["capture"]
        self.keep_in_memory(response, step)
        page, ending = self.read(capture)
        if ending is not None and may_be_chance(ending) and not response.meta.get("reread"):
            return None
        ending = ending or visit.doubt(page, capture)
        after = self.instead(step, visit, ending) if ending else self._after(step, page, visit)
        return self.keep(page, capture, after, visit)

    def keep(self, page: Page, capture: Capture, after: list[Step] | Ending, visit: Visit) -> Page:
        """Let the visit keep a page and what comes after it; return what of the page is new."""
        new = visit.take(page, capture, after)
        self.count("repeated", len(page.posts) - len(new.posts))
        return new

    def read(self, capture: Capture) -> tuple[Page, Ending | None]:
        """Return what a capture says, and how the route ends where the platform refused or nothing can be read."""
        try:
            whole = parse(capture)
        except ParseError as error:
            broken = Ending(outcome="parser_broken", sign=str(error), status=capture.status, url=capture.url)
            return Page(format=capture.format, errors=(error,)), broken
        page = self.forgotten.without(whole)
        self.left_out |= {post.post_id for post in whole.posts} - {post.post_id for post in page.posts}
        refusal = page.refusal
        return page, None if refusal is None else ending_of(refusal, capture.status, capture.url)

    def _after(self, step: Step, page: Page, visit: Visit) -> list[Step] | Ending:
        after = self.follow(step, page, visit)
        return after if isinstance(after, Ending) else self.within_limit(after + visit.steps[1:], visit)

    def within_limit(self, after: list[Step], visit: Visit) -> list[Step] | Ending:
        """Return the steps after a page, or how the route ended where the study allows no further page."""
        limit = self.study.platform(self.platform).pages_per_account
        if len(visit.seen.capture_ids) + 1 >= limit and after:
            return Ending(
                outcome="partial", sign=f"the study's limit of {limit} pages an account was reached"
            )
        return after

    def proceed(self, visit: Visit) -> Iterator[Request]:
        """Yield the next request: of this route, of the next one, or of the next account."""
        self.crawler.signals.send_catch_log(progressed, spider=self)
        if not visit.is_over and visit.paused is None:
            yield self._send(visit)
            return
        self._end(visit)
        yield from self.next_visit()

    async def failed(self, failure: Failure) -> AsyncIterator[Any]:
        """Note a request that brought nothing: over budget, forbidden by robots.txt, or no answer."""
        if failure.value is not None and refused_by_disk(failure.value):
            raise failure.value
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        ending = ending_of_failure(failure)
        url = self.without_secrets(redact_url(failure.request.url))  # type: ignore[attr-defined]
        ending = replace(ending, sign=self.without_secrets(ending.sign), url=url)
        visit.note(self.instead(visit.steps[0], visit, ending))
        for request in self.proceed(visit):
            yield request

    def note_fault(self, failure: Failure) -> None:
        """Keep what the disk refused while a visit was written; no further request follows it."""
        self.error = self.error or refused_by_disk(failure.value)

    def count(self, what: str, number: int = 1) -> None:
        """Count something under this platform's name in the stats."""
        assert self.crawler.stats is not None  # noqa: S101
        self.crawler.stats.inc_value(f"audit/{self.name}/{what}", number)

    def without_secrets(self, text: str) -> str:
        """Return a text as it may be kept."""
        return redact_text(text, self.secrets)

    def closed(self, reason: str) -> None:
        """Close the crawl; it is finished when no account waits for its outcome."""
        crawl = getattr(self, "crawl", None)
        if crawl is not None:
            self.is_finished = reason == "finished" and all(map(crawl.is_visited, self.accounts))
            crawl.close(finished=self.is_finished and not any(map(crawl.is_waiting, self.study.accounts())))

    def _begin(self, account: StudyAccount) -> Visit | None:
        self.left_out = set()
        ground = self.study.platform(self.platform).legal_ground
        routes = self.routes_for(account)
        # a replay shows the crawl as it was
        history = History() if self.replay else self.crawl.history(account.account)
        visit = Visit(
            crawl_id=self.crawl.crawl_id,
            account=account,
            ladder=routes,
            journal=self.crawl.journal(account, routes[0].name if routes else "", ground),
            legal_ground=ground,
            started_at=datetime.now(UTC),
            window_since=self.study.window_since,
            history=history,
            overlap=timedelta(days=self.study.crawl.overlap_days),
        )
        visit.left_out = self.left_out
        if self.forgotten.has_account(account.platform, account.account):
            visit.leave_alone(FORGOTTEN)
        elif not routes:
            visit.leave_alone(self.ladder.why_none or "nothing is known that could be asked")
        elif not (visit.is_over or self._stops(visit)):
            return visit
        self._end(visit)
        return None

    def _stops(self, visit: Visit) -> bool:
        """Leave a visit alone, and tell so, where the platform has said enough to earlier ones."""
        others = "the others were left alone"
        until = None if self.replay else self.waiting.until(visit.route.name, datetime.now(UTC))
        if visit.route.name in self.spent:
            visit.paused = self.spent[visit.route.name]
        elif self.longest_wait > self.study.crawl.patience:
            visit.leave_alone(f"{self.platform} asked to wait {self.longest_wait:.0f} s; {others}")
        elif until is not None:
            visit.leave_alone(
                f"{self.platform} asked to wait until {until:%Y-%m-%d %H:%M} UTC (state/{self.waiting.path.name})"
            )
        elif self.walls >= WALLS_BEFORE_STOP:
            visit.leave_alone(f"{self.platform} refused {self.walls} accounts; {others}")
        else:
            return False
        return True

    def _send(self, visit: Visit) -> Request:
        if not visit.steps:
            visit.steps = self.begin(visit)
        step = visit.steps[0]
        request = self.request(step, visit)
        request.meta.update(visit=visit, download_slot=self.platform)
        if visit.route.kind == "official" or visit.route.needs_ground:
            request.meta["dont_obey_robotstxt"] = True  # an agreement, or a ground named in the study, holds
        return request.replace(
            callback=request.callback or self.parse_page,
            errback=self.failed,
            cb_kwargs={"visit": visit, "step": step},
            dont_filter=True,
        )

    def _end(self, visit: Visit) -> None:
        outcome = visit.outcome(datetime.now(UTC))
        if visit.paused is not None:
            visit.journal.pause(outcome)
        else:
            visit.journal.end(outcome, visit.vanished())
        self.outcomes.append(outcome)
        self.walls += visit.met_wall
        self.longest_wait = max(self.longest_wait, visit.asked_to_wait)
        if visit.asked_to_wait > self.study.crawl.patience and not self.replay:
            self.waiting.note(visit.route.name, datetime.now(UTC), visit.asked_to_wait)
        if visit.paused is not None and visit.paused.status is not None:
            self.spent[visit.route.name] = replace(visit.paused, status=None, url=None)
        self.count(f"outcomes/{outcome.outcome}")
        self.logger.info("%s: %s (%s)", outcome.account, outcome.outcome, outcome.sign)
        self.crawler.signals.send_catch_log(progressed, spider=self)
