"""A visit to an institution's website: a few pages, what they say about accounts, and what was not read and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import monotonic
from urllib.parse import urlsplit

from crawler.discover.asking import Answer, Trouble, Unread
from crawler.discover.judging import Found, Sighting, judge, strength
from crawler.discover.links import Claim, NoAccount, is_link_page, platform_of, read_link
from crawler.discover.mention import Mention
from crawler.discover.page import WebPage, read_page
from crawler.discover.walking import Walker
from crawler.discover.walls import is_cookie_wall, is_shell
from crawler.registry import Institution, site_of

_HTML = ("text/html", "application/xhtml+xml", "")
# Which pages of a website are read besides its front page, the most telling first.
_LEADS = (
    re.compile(r"social[ -]?(?:media|wall|kanalen)|volg[ -]ons|follow[ -]us", re.IGNORECASE),
    re.compile(r"contact", re.IGNORECASE),
    re.compile(r"over[ -](?:ons|het|de)\b|about|organisatie", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteVisit:
    """What a website said. `trouble` is why it was not read, "" where it was; `notes` tell what else was seen."""

    institution: Institution
    trouble: Trouble | None = None
    sentence: str = ""
    pages: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def visit(institution: Institution, walker: Walker) -> SiteVisit:
    """Return what an institution's website says about its accounts; whatever goes wrong is told, never raised."""
    if not institution.website:
        return SiteVisit(institution=institution, trouble="no_website", sentence="no website is known")
    return _Visit(institution, walker).run()


def visit_all(institutions: Sequence[Institution], walker: Walker, at_once: int = 4) -> Iterator[SiteVisit]:
    """Yield a visit to each institution, in their order; several websites are read at a time, each one slowly."""
    pool = ThreadPoolExecutor(max_workers=at_once)
    try:
        yield from pool.map(lambda one: visit(one, walker), institutions)
    finally:
        walker.stop()
        pool.shutdown(wait=False, cancel_futures=True)


class _Visit:
    def __init__(self, institution: Institution, walker: Walker) -> None:
        self.institution = institution
        self.walker = walker
        self.began = monotonic()
        self.pages: list[WebPage] = []
        self.notes: list[str] = []
        self.refused: list[str] = []
        self.sightings: list[Sighting] = []

    def run(self) -> SiteVisit:
        try:
            home = self._home()
        except Unread as error:
            return self._end(error.trouble, str(error))
        self.pages.append(home)
        self._read_more(home)
        self._sight()
        if not self.sightings and is_cookie_wall(home):
            return self._end(
                "cookie_wall", f"{site_of(home.url)} shows a cookie wall; nothing behind it was read"
            )
        if not self.sightings and is_shell(home):
            return self._end("script_only", f"{site_of(home.url)} shows nothing without JavaScript")
        return self._end(None, "")

    def _end(self, trouble: Trouble | None, sentence: str) -> SiteVisit:
        return SiteVisit(
            institution=self.institution,
            trouble=trouble,
            sentence=sentence,
            pages=tuple(page.url for page in self.pages),
            found=tuple(judge(self.institution, self.sightings)),
            notes=tuple(dict.fromkeys(self.notes)),
            refused=tuple(dict.fromkeys(self.refused)),
        )

    def _home(self) -> WebPage:
        """Return the front page; where no scheme was given and https does not answer, http is tried."""
        url = self.institution.website
        if "://" in url:
            return self._page(url)
        try:
            return self._page(f"https://{url}")
        except Unread as error:
            if error.trouble not in ("dead", "tls"):
                raise
            self.notes.append(f"{error}; asked without encryption")
            return self._page(f"http://{url}")

    def _page(self, url: str) -> WebPage:
        answer = self.walker.read(url)
        _check(answer)
        names = tuple(name for name in self.institution.names if name)
        page = _parse(answer, names)
        if site_of(answer.url) != site_of(url):
            self.notes.append(f"{url} leads to {answer.url}")
        if answer.cut:
            self.notes.append(
                f"{answer.url} was not read to its end; the first {len(answer.body):,} bytes were"
            )
        return page

    def _read_more(self, home: WebPage) -> None:
        """Read the pages of the website that are most likely to name accounts."""
        for url in find_leads(home)[: self.walker.limits.pages - 1]:
            if self._late():
                return
            try:
                page = self._page(url)
            except Unread as error:
                self._tell(error)
                continue
            contact = "contact" in urlsplit(url).path.lower()
            self.pages.append(_as_contact(page) if contact else page)

    def _sight(self) -> None:
        mentions = [mention for page in self.pages for mention in page.mentions]
        mentions.sort(key=lambda one: -strength(one.place))  # the best ones are followed while there is time
        self._note_others(mentions)
        resolved: dict[str, str] = {}
        for mention in mentions:
            read = read_link(mention.url)
            if isinstance(read, Claim):
                self.sightings.append(Sighting(claim=read, mention=mention))
            elif read is None and not is_link_page(mention.url):
                self._follow(mention, resolved)

    def _follow(self, mention: Mention, resolved: dict[str, str]) -> None:
        """Find out where a short link, or one within the website, leads to; a platform itself is never asked."""
        if mention.url not in resolved:
            if len(resolved) >= self.walker.limits.resolved:
                self.notes.append(
                    f"more than {self.walker.limits.resolved} links lead on; the others were left alone"
                )
                return
            resolved[mention.url] = self._resolve(mention.url)
        end = resolved[mention.url]
        read = read_link(end) if end else None
        if isinstance(read, Claim):
            self.sightings.append(Sighting(claim=read, mention=mention, via=mention.url))
        elif is_link_page(end):
            self._note_others([replace(mention, url=end)])

    def _resolve(self, url: str) -> str:
        if self._late():
            return ""
        try:
            return self.walker.read(url, most_bytes=0).url
        except Unread as error:
            self._tell(error)
            return ""

    def _tell(self, error: Unread) -> None:
        (self.refused if error.trouble == "refused_address" else self.notes).append(str(error))

    def _note_others(self, mentions: Sequence[Mention]) -> None:
        """Note what was seen and is no account: pages of links, share buttons, people, single posts."""
        reads = Counter(one for mention in mentions if isinstance(one := read_link(mention.url), NoAccount))
        for read, count in reads.items():
            if read.why != "a page of the platform":
                self.notes.append(f"{read.platform}: {read.why}, not an account ({count} there)")
        for mention in mentions:
            if is_link_page(mention.url):
                self.notes.append(f"{mention.url[:120]} is a page of links; it was not followed")

    def _late(self) -> bool:
        """Return whether the website had its time."""
        seconds = self.walker.limits.site_seconds
        late = monotonic() - self.began > seconds
        if late:
            self.notes.append(f"the rest was left alone after {seconds:g} seconds")
        return late


def find_leads(home: WebPage) -> list[str]:
    """Return the website's pages that are most likely to name accounts, the likeliest first."""
    ranked = sorted(
        (rank, len(url), url.partition("#")[0])
        for url, label in home.links
        if (rank := _rank(urlsplit(url).path, label)) is not None and _is_page(url, home.url)
    )
    return list(dict.fromkeys(url for _, _, url in ranked))


def _rank(path: str, label: str) -> int | None:
    return next((rank for rank, lead in enumerate(_LEADS) if lead.search(path) or lead.search(label)), None)


def _is_page(url: str, home: str) -> bool:
    path = urlsplit(url).path.lower()
    return url.partition("#")[0] != home and not re.search(
        r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|mp4)$", path
    )


def _parse(answer: Answer, names: tuple[str, ...]) -> WebPage:
    try:
        return read_page(answer.url, answer.body, answer.headers.get("content-type", ""), names)
    except (ValueError, RecursionError) as error:  # lxml and w3lib raise these for what nobody can read
        raise Unread("broken", f"{answer.url} cannot be taken apart: {type(error).__name__}") from error


def _check(answer: Answer) -> None:
    """Raise Unread for an answer that is no page to read."""
    host = site_of(answer.url)
    if platform := platform_of(answer.url):
        raise Unread(
            "platform", f"{answer.hops[0]} leads to {platform}, which only a crawl asks: {answer.url}"
        )
    if answer.status != 200:
        raise Unread("http_error", f"{host} answers {answer.status} for {urlsplit(answer.url).path or '/'}")
    if answer.content_type not in _HTML:
        raise Unread("not_html", f"{host} sends {answer.content_type}; expected an HTML page")


def _as_contact(page: WebPage) -> WebPage:
    mentions = (replace(one, place="contact") if one.place == "text" else one for one in page.mentions)
    return replace(page, mentions=tuple(mentions))
