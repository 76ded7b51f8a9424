"""A spider's arguments, as `-a name=value` gives them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from crawler.accounts import StudyAccount, read_handle
from crawler.errors import CrawlerError
from crawler.items import Platform
from crawler.replay import Replay
from crawler.study import CrawlStudy


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """Which study, which of its accounts (none named: all), and the archive that answers for the network."""

    platform: Platform
    study: CrawlStudy
    wanted: frozenset[str]
    replay: Replay | None

    @classmethod
    def read(
        cls, platform: Platform, *, study: str, accounts: str, replay: str, others: Collection[str]
    ) -> Self:
        """Read the arguments. Raises CrawlerError where one is unknown, missing or leads nowhere."""
        if others:
            known = "study, accounts, replay"
            raise CrawlerError(f"{', '.join(others)} is no argument of this spider; expected {known}")
        if not study:
            raise CrawlerError(f"say which study: scrapy crawl {platform} -a study=FOLDER")
        return cls(
            platform=platform,
            study=CrawlStudy.read(study),
            wanted=frozenset(
                read_handle(platform, one).casefold() for one in accounts.split(",") if one.strip()
            ),
            replay=Replay(Path(replay)) if replay else None,
        )

    def accounts(self) -> list[StudyAccount]:
        """Return the accounts to visit. Raises CrawlerError where the study lists none of them."""
        found = [one for one in self.study.accounts() if self._is_wanted(one)]
        if not found:
            raise CrawlerError(f"{self.study.accounts_file} has no such {self.platform} account")
        return found

    def _is_wanted(self, account: StudyAccount) -> bool:
        return account.platform == self.platform and (
            not self.wanted or account.account.casefold() in self.wanted
        )
