"""What a report says, as values: read from the warehouse, not yet in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

FOCUS = "labour_market"
THEMES = ("labour_market", "open_day", "student_made", "programme", "atmosphere", "other")
PLATFORMS = ("instagram", "tiktok", "youtube", "linkedin")
LEVELS = ("mbo", "hbo")

State = Literal["answered", "nothing_visited", "nothing_seen", "outside_window", "not_coded"]
Basis = Literal["complete", "all"]
Access = Literal["complete", "partial", "refused", "closed", "unmeasured"]

ACCESS: Mapping[str, Access] = {
    "complete": "complete",
    "empty": "complete",
    "partial": "partial",
    "blocked": "refused",
    "rate_limited": "refused",
    "challenged": "refused",
    "private": "closed",
    "not_found": "closed",
    "region_locked": "closed",
    "parser_broken": "unmeasured",
    "over_budget": "unmeasured",
    "skipped": "unmeasured",
    "never_visited": "unmeasured",
}
ORDER = tuple(dict.fromkeys(ACCESS.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A share without what the rules get wrong, as posts coded by hand tell, and how many of those there are."""

    share: float
    low: float
    high: float
    n_coded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An estimate with what has to stand beside it; bounds are None where no interval can be given.

    `corrected` is None where too few of the posts were coded by hand, or not all of those are settled.
    """

    n_posts: int
    n_carrying: int
    n_institutions: int
    share: float
    low: float | None
    high: float | None
    method: str
    too_few: bool
    corrected: Corrected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the figures stand on. `posts_undated` and `posts_outside` are seen, but in no figure."""

    posts: int
    posts_kept: int
    posts_undated: int
    posts_outside: int
    posts_left_out: int
    reposts: int
    accounts: int
    accounts_left_out: int
    institutions: int
    oldest_posted_at: datetime | None
    newest_posted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An account that was asked for and how the latest visit to it ended; counts are None where nothing was seen.

    A complete visit covers the posts known before it, asked for again or not; the days are None where it did not see
    all of them.
    """

    institution: str | None
    level: str | None
    platform: str
    account: str
    outcome: str
    sign: str
    posts_known: int | None
    posts_reported: int | None
    coverage: float | None
    errors_count: int
    oldest_posted_at: datetime | None
    newest_posted_at: datetime | None
    started_at: datetime | None
    crawl_id: str
    route: str
    legal_ground: str

    @property
    def access(self) -> Access:
        """What the outcome amounts to for a comparison."""
        return ACCESS[self.outcome]

    @property
    def was_seen(self) -> bool:
        """Whether anything of the account was seen, be it that it has no posts."""
        return self.posts_known is not None

    @property
    def is_import(self) -> bool:
        """Whether this is what a person imported, not a crawl."""
        return self.crawl_id.startswith("import-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where and when a post was."""

    platform: str
    account: str
    url: str | None
    posted_at: datetime | None
    posted_precision: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """One institution: its own share, its themes by primary code, how its accounts were seen."""

    name: str
    level: str
    share: Share | None
    themes: Mapping[str, Share]
    visits: tuple[Visit, ...]
    most_recent: Sighting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, evidence or not."""

    words: str
    is_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a field of a post says, as far as it is shown."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A post that carries a code, with the words and rules that told."""

    code: str
    institution: str | None
    level: str | None
    seen: Sighting
    language: str | None
    passages: tuple[Passage, ...]
    rules: tuple[str, ...]
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the survey's respondents said beside what the posts measure; `said` are one or two shares.

    The gap is that with the corrected share, where there is one; its bounds are None where the measured share has no
    interval.
    """

    item: str
    level: str
    code: str
    n_said: int
    said: tuple[float, ...]
    said_low: float
    said_high: float
    measured: Share
    gap_low: float | None
    gap_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """On how many institutions' list a platform is, beside what the survey's respondents said."""

    level: str
    platform: str
    n_institutions: int
    n_present: int
    said: float | None
    n_said: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure of the survey as it was published."""

    source: str
    item: str
    question: str
    level: str
    answer: str
    value: float
    unit: str
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """A crawl or import that brought posts."""

    crawl_id: str
    platform: str
    route: str
    legal_ground: str
    software: str
    n_accounts: int
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderUse:
    """A coder and codebook with which posts were coded."""

    coder: str
    codebook_version: str
    last_coded_at: datetime
    n_posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that a report says about a study.

    `basis` tells whose posts count: of accounts seen completely, or of all where those have none in the window. Shares
    are keyed by code or by group: (level, platform), (level, code), month, institution.
    """

    title: str
    since: date
    until: date
    made_at: datetime
    state: State
    basis: Basis
    counted: Counted
    answer: Share | None
    other_ways: Mapping[str, Share]
    by_level: Mapping[str, Share]
    by_platform: Mapping[str, Share]
    by_level_platform: Mapping[tuple[str, str], Share]
    themes: Mapping[str, Share]
    themes_by_level: Mapping[tuple[str, str], Share]
    subcodes: Mapping[str, Share]
    months: Mapping[str, Share]
    institutions: tuple[Institution, ...]
    visits: tuple[Visit, ...]
    examples: Mapping[str, tuple[Example, ...]]
    comparisons: tuple[Comparison, ...]
    presences: tuple[Presence, ...]
    facts: tuple[Fact, ...]
    crawls: tuple[Crawl, ...]
    coders: tuple[CoderUse, ...]

    @property
    def is_any_complete(self) -> bool:
        """Whether any account was seen completely, be it that it has no posts in the window."""
        return any(visit.access == "complete" for visit in self.visits)

    @property
    def is_hand_coded(self) -> bool:
        """Whether anybody besides the rules has coded posts."""
        return any(coder.coder != "rules" for coder in self.coders)

    @property
    def is_corrected(self) -> bool:
        """Whether the answer is corrected by posts coded by hand."""
        return self.answer is not None and self.answer.corrected is not None
