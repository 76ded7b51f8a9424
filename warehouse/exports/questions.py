"""Which named queries an export answers, unless told: the estimates of a study, each grouped as a report would."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.errors import QueryError
from warehouse.exports.tables import FULL
from warehouse.queries import find_queries

NAMING = ("institution", "account", "programme", "region", "place")
LISTING = (
    "coverage",
    "example_posts",
    "left_out",
    "vanished_posts",
    "most_recent_posts",
    "crawls",
    "coders",
    "changes_since_last_crawl",
)
_TABLES = frozenset(table.name for table in FULL)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A named query and what it is grouped by."""

    query: str
    by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its table in an export, which no table of the warehouse has."""
        if self.by:
            return f"{self.query}_by_{'_'.join(self.by)}"
        return f"{self.query}_answer" if self.query in _TABLES else self.query

    @property
    def names_somebody(self) -> bool:
        """Tell whether the answer names institutions, accounts or posts."""
        return self.query in LISTING or bool(set(self.by) & set(NAMING))


def read_question(said: str) -> Question:
    """Return a question as people write it: NAME, or NAME:BY,BY. Raises QueryError for a name that is not known.

    >>> read_question("share_of_posts:level,month").name
    'share_of_posts_by_level_month'
    """
    query, _, by = said.partition(":")
    if query.strip() not in find_queries():
        raise QueryError(f"there is no query {query.strip()!r} (uitzicht query --list).")
    return Question(query=query.strip(), by=tuple(name.strip() for name in by.split(",") if name.strip()))


QUESTIONS = (
    Question(query="share_of_posts"),
    Question(query="share_of_posts", by=("level",)),
    Question(query="share_of_posts", by=("level", "platform")),
    Question(query="share_of_posts", by=("level", "quarter")),
    Question(query="share_primary", by=("level",)),
    Question(query="share_of_institutions", by=("level",)),
    Question(query="mean_institution_share", by=("level",)),
    Question(query="labour_market_subcodes", by=("level",)),
    Question(query="promising_gap"),
    Question(query="relative_engagement", by=("platform",)),
    Question(query="comment_rate", by=("platform",)),
    Question(query="posting_rate", by=("level", "platform")),
    Question(query="platform_presence"),
    Question(query="said_minus_done", by=("level",)),
)
