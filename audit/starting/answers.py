"""What a new study needs to know, and how people may write it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from crawler.accounts import LEVELS, StudyAccount, read_handle
from crawler.addon import HOSTS, find_platform
from crawler.errors import StudyError
from crawler.items import PLATFORMS, Platform
from crawler.registry import Institution, find_by_name, find_institutions, read_registry

Purpose = Literal["own", "research"]
Language = Literal["nl", "en"]
FEW = 9  # a word that more institutions share, such as "hogeschool", tells nothing
PURPOSES: Mapping[Purpose, str] = {"own": "your own channels", "research": "other people's channels too"}
assert tuple(PURPOSES) == get_args(Purpose)  # noqa: S101


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything about a new study. An institution need not have an account yet."""

    title: str
    purpose: Purpose
    since: date
    until: date | None
    contact: str
    language: Language
    platforms: tuple[Platform, ...]
    institutions: tuple[Institution, ...]
    accounts: tuple[StudyAccount, ...] = field(default=())

    @property
    def without_account(self) -> tuple[Institution, ...]:
        """The institutions none of whose accounts are known."""
        known = {account.institution for account in self.accounts}
        return tuple(one for one in self.institutions if one.institution not in known)


def read_institution(text: str) -> Institution:
    """Return an institution from "NAME", where the registry knows it, or "NAME, LEVEL, PLACE, WEBSITE".

    Raises StudyError where the name alone does not tell which institution is meant, with those that come near.
    """
    name, *rest = (part.strip() for part in text.split(","))
    known = find_by_name(read_registry(), name)
    if known is not None and not rest:
        return known
    if not rest:
        near = find_near(name)
        hint = f"; it has {', '.join(one.institution for one in near[:5])}" if near else ""
        raise StudyError(
            f"{name!r} is not in the registry{hint}. Others are given as NAME, LEVEL, PLACE, WEBSITE"
        )
    level, place, website = (*rest, "", "")[:3]
    if level.lower() not in LEVELS or len(rest) > 3:
        raise StudyError(f"{text!r} is no institution; expected NAME, LEVEL (mbo or hbo), PLACE, WEBSITE")
    return Institution(institution=name, level=level.lower(), place=place, website=website)


def find_near(name: str) -> Sequence[Institution]:
    """Return what a name may mean in the registry: what holds all its words, else shares one or looks alike."""
    registry = read_registry()
    whole = find_institutions(registry, name)
    if whole or not name.strip():
        return whole if name.strip() else ()
    by_word = (find_institutions(registry, word) for word in name.split() if len(word) > 3)
    shared = [one for found in by_word if len(found) <= FEW for one in found]
    alike = difflib.get_close_matches(name, [one.institution for one in registry], 5, cutoff=0.75)
    shared += [one for one in registry if one.institution in alike]
    return tuple({one.institution: one for one in shared}.values())


def read_account(text: str, institution: Institution) -> StudyAccount:
    """Return an account of an institution from the address of its page, or from platform:handle.

    Raises StudyError where neither platform nor handle can be told.
    """
    platform, handle = _split(text)
    return StudyAccount(
        institution=institution.institution,
        level=_level(institution),
        platform=platform,
        account=read_handle(platform, handle),
        place=institution.place,
        region=institution.region,
        type=institution.type,
        website=institution.website,
    )


def read_named_account(text: str, institutions: Sequence[Institution]) -> StudyAccount:
    """Return an account from "INSTITUTION=ADDRESS", or from an address where there is only one institution."""
    found = re.fullmatch(r"([^=]+)=(\S+)", text)
    if found is None:
        if len(institutions) == 1:
            return read_account(text, institutions[0])
        raise StudyError(f"{text!r} does not say whose account it is; expected INSTITUTION=ADDRESS")
    owner = find_by_name(institutions, found[1])
    if owner is None:
        names = ", ".join(one.institution for one in institutions) or "none"
        raise StudyError(f"{text!r}: the study has no institution {found[1]!r}; it has {names}")
    return read_account(found[2], owner)


def institutions_of(accounts: Iterable[StudyAccount]) -> tuple[Institution, ...]:
    """Return the institutions that accounts speak for, each once."""
    found = {
        one.institution: Institution(
            institution=one.institution,
            level=one.level,
            type=one.type,
            place=one.place,
            region=one.region,
            website=one.website,
        )
        for one in accounts
    }
    return tuple(found.values())


def _level(institution: Institution) -> Literal["mbo", "hbo"]:
    if institution.level not in LEVELS:
        levels = " or ".join(LEVELS)
        raise StudyError(
            f"the level of {institution.institution} is {institution.level!r}; expected {levels}"
        )
    return "mbo" if institution.level == "mbo" else "hbo"


def _split(text: str) -> tuple[Platform, str]:
    name, mark, handle = text.strip().partition(":")
    for platform in PLATFORMS:
        if mark and name.lower() == platform:
            return platform, handle
    address = text if "://" in text else f"https://{text}"
    try:
        found = find_platform(address, HOSTS)
    except ValueError:  # an address that is none
        found = None
    if found is None:
        raise StudyError(
            f"{text!r} is no account; expected the address of its page, or for example instagram:rocvoorbeeld"
        )
    return found, address
