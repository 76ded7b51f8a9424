"""Visit the twelve websites and print what was found, missed, wrongly claimed and refused."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from crawler.discover.asking import Limits
from crawler.discover.judging import LIKELY
from crawler.discover.visiting import SiteVisit, visit_all
from crawler.discover.walking import Walker
from tests.accounts.mocknet import serving
from tests.accounts.websites import PAGES, WEBSITES, Account, Website, whole_net

LIMITS = Limits(delay=0.0, resolved=30)


def visits() -> list[tuple[Website, SiteVisit]]:
    with serving(PAGES) as net:
        walker = Walker(whole_net(net).network, LIMITS)
        done = visit_all([website.institution for website in WEBSITES], walker)
        return list(zip(WEBSITES, done, strict=True))


def claimed(visit: SiteVisit) -> set[Account]:
    """Return the accounts that a list of accounts would get."""
    return {(one.platform, one.account) for one in visit.found if one.score >= LIKELY}


def numbers(website: Website, visit: SiteVisit) -> tuple[int, int, int, int, int]:
    """Return how many accounts were found, missed, wrongly claimed, doubtful, and how many addresses refused."""
    got = claimed(visit)
    refused = len(visit.refused) + (visit.trouble == "refused_address")
    return (
        len(got & website.accounts),
        len(website.accounts - got),
        len(got - website.accounts),
        len(visit.found) - len(got),
        refused,
    )


def main() -> None:
    table = Table("website", "found", "missed", "wrongly claimed", "doubtful", "refused", "told")
    for website, visit in visits():
        table.add_row(website.making, *map(str, numbers(website, visit)), visit.sentence or "read")
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
