"""The study file as far as a crawl needs it: window, accounts, hosts, routes, budgets and legal grounds."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from crawler.accounts import StudyAccount, read_accounts
from crawler.errors import StudyError
from crawler.items import PLATFORMS, Platform

STUDY_FILE = "study.toml"
HOME = ZoneInfo("Europe/Amsterdam")


class Table(BaseModel):
    """A table of the study file: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CrawlTable(Table):
    """`[crawl]`: who we are and how patient."""

    contact: str = ""
    hosts: dict[str, str] = {}
    delay: float = Field(default=2.0, ge=0, le=600)
    timeout: float = Field(default=60.0, gt=0, le=600)
    patience: float = Field(default=120.0, ge=0, le=86_400)
    overlap_days: int = Field(default=30, ge=0, le=3_650)


class PlatformTable(Table):
    """`[platforms.<name>]`: whether and how a platform is visited."""

    enabled: bool = True
    routes: tuple[str, ...] = ()
    legal_ground: str = ""
    delay: float | None = Field(default=None, ge=0, le=600)
    requests_per_day: int | None = Field(default=None, ge=1)
    units_per_day: int = Field(default=10_000, ge=1)
    pages_per_account: int = Field(default=1_000, ge=1)
    transcripts: bool = False


class CrawlStudy(BaseModel):
    """What a crawl needs of a study file. Paths are absolute; dates are days in the Netherlands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    folder: Path
    title: str = Field(min_length=1)
    since: date
    until: date | None = None
    accounts_file: str = Field(default="accounts.csv", alias="accounts")
    crawl: CrawlTable = CrawlTable()
    platforms: dict[Platform, PlatformTable] = {}

    @field_validator("until")
    @classmethod
    def _ends_after_it_begins(cls, until: date | None, info: ValidationInfo) -> date | None:
        since = info.data.get("since")
        if until is not None and since is not None and until < since:
            raise PydanticCustomError(
                "window", "expected since, {since}, or a later day", {"since": str(since)}
            )
        return until

    @property
    def window_since(self) -> datetime:
        """The first moment of the study's window, in UTC."""
        return datetime.combine(self.since, time(), HOME).astimezone(UTC)

    @property
    def window_until(self) -> datetime | None:
        """The last moment of the study's window, in UTC; None while it is open."""
        return None if self.until is None else datetime.combine(self.until, time.max, HOME).astimezone(UTC)

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.folder / "archive"

    @property
    def feeds(self) -> Path:
        """The folder of feeds, one folder per crawl."""
        return self.folder / "feeds"

    @property
    def state(self) -> Path:
        """The folder of what crawls must remember: locks and spent budgets."""
        return self.folder / "state"

    def accounts(self) -> list[StudyAccount]:
        """Return the study's accounts, in the order of the file."""
        return read_accounts(self.folder / self.accounts_file)

    def platform(self, name: Platform) -> PlatformTable:
        """Return a platform's table, the default one where the study says nothing of it."""
        return self.platforms.get(name, PlatformTable())

    def origin(self, host: str, environ: Mapping[str, str] = os.environ) -> str:
        """Return where a platform's host lives: its own address unless study or environment say otherwise."""
        return (self.crawl.hosts | _environment_hosts(environ)).get(host, f"https://{host}").rstrip("/")

    def scrapy_settings(self, name: Platform, agent: str, *, offline: bool) -> dict[str, Any]:
        """Return the settings that a crawl of a platform takes from the study; `agent` is who we say we are."""
        contact = f"; {self.crawl.contact}" if self.crawl.contact else ""
        delay = self.platform(name).delay
        delay = self.crawl.delay if delay is None else delay
        return {
            "USER_AGENT": agent.replace(")", f"{contact})"),
            "DOWNLOAD_DELAY": 0 if offline else delay,
            "DOWNLOAD_TIMEOUT": self.crawl.timeout,
            "ROBOTSTXT_OBEY": not offline,
        }

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """Read a study from its folder or its file.

        Raises StudyError, which names each key that is wrong, its value and what was expected.
        """
        return read_toml(cls, Path(path))


S = TypeVar("S", bound=CrawlStudy)


def read_toml(model: type[S], path: Path) -> S:
    """Read a study file into a model; every complaint names file, key, value and expectation."""
    file = path / STUDY_FILE if path.is_dir() else path
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise StudyError(f"{file} is not there; make a study with: uitzicht init {path}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise StudyError(f"{file}, line {line} is not UTF-8; save the file as UTF-8") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StudyError(f"{file} cannot be read: {error}") from None
    try:
        return model.model_validate({**raw, "folder": file.parent.resolve()})
    except ValidationError as error:
        complaints = "; ".join(_complaint(one, model) for one in error.errors()[:8])
        raise StudyError(f"{file}: {complaints}") from None


def _complaint(error: Any, model: type[BaseModel]) -> str:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys(model), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"{place} is not a key of a study file{hint}"
    if error["type"] == "missing":
        return f"{place} is missing"
    if place.startswith("platforms.") and place.endswith("[key]"):
        return f"{place.split('.')[1]} is not a platform; expected one of {', '.join(PLATFORMS)}"
    message = str(error["msg"])
    value = str(error["input"]) if isinstance(error["input"], date) else repr(error["input"])
    return f"{place} is {value}; {message[0].lower()}{message[1:]}"


def _keys(model: type[BaseModel]) -> list[str]:
    names = [field.alias or name for name, field in model.model_fields.items()]
    return [*names, *CrawlTable.model_fields, *PlatformTable.model_fields]


def _environment_hosts(environ: Mapping[str, str]) -> dict[str, str]:
    pairs = environ.get("UITZICHT_HOSTS", "").split()
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)
