"""How sure it is that an account is the institution's: a score between 0 and 1, with its reasons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.discover.links import Claim, page_url
from crawler.discover.mention import Mention, Place
from crawler.discover.names import Speaker, carries_name, find_speaker, is_called, is_opaque
from crawler.items import PLATFORMS, Platform
from crawler.registry import Institution

SURE, LIKELY = 0.7, 0.5
_PLACES: dict[Place, tuple[float, str]] = {
    "own_data": (0.85, "the site's own data names it"),
    "rel_me": (0.8, "linked with rel=me"),
    "footer": (0.7, "linked in the footer"),
    "header": (0.7, "linked in the header"),
    "social": (0.65, "linked among social media"),
    "meta": (0.6, "named in the page's head"),
    "contact": (0.55, "linked on a contact page"),
    "text": (0.35, "linked in a page's text"),
    "script": (0.35, "only within a script"),
    "article": (0.15, "linked in a news item or a quote"),
    "embed": (0.15, "only a post of it is shown"),
    "partner": (0.1, "linked among partners"),
    "other_data": (0.1, "named as somebody else's"),
}
_CREDIT = re.compile(
    r"\b(?:website|site|gemaakt|realisatie|ontwerp|ontwikkeld|design(?:ed)?|made|built|powered|bouw|foto'?s?|video)"
    r"\b.{0,30}\b(?:door|by)\W*$|\b(?:realisatie|webdesign|concept en realisatie)\W*$",
    re.IGNORECASE,
)
_PASSING: tuple[Place, ...] = ("article", "embed", "partner")
_STRONG: tuple[Place, ...] = ("own_data", "rel_me", "footer", "header", "social", "meta")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A claim together with the mention that makes it; `via` is the address that led to it."""

    claim: Claim
    mention: Mention
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account as it was found: how sure (0 to 1) and why, where, and for whom it seems to speak."""

    platform: Platform
    account: str
    score: float
    reasons: tuple[str, ...]
    sightings: tuple[Sighting, ...]
    speaker: Speaker

    @property
    def url(self) -> str:
        """The address of the account's page."""
        return page_url(self.platform, self.account)

    @property
    def grade(self) -> str:
        """The score in a word."""
        return "sure" if self.score >= SURE else "likely" if self.score >= LIKELY else "doubtful"


def judge(institution: Institution, sightings: Iterable[Sighting]) -> list[Found]:
    """Return each account once, the surest first within its platform."""
    grouped: dict[tuple[Platform, str], list[Sighting]] = {}
    for one in sightings:
        grouped.setdefault((one.claim.platform, _spelling(one.claim)), []).append(one)
    named = {key[0] for key in grouped if not is_opaque(*key) and carries_name(key[1], institution)}
    found = [_judge_one(institution, group, key[0] in named) for key, group in grouped.items()]
    return sorted(found, key=lambda one: (PLATFORMS.index(one.platform), -one.score, one.account))


def _judge_one(institution: Institution, group: Sequence[Sighting], others_named: bool) -> Found:
    best = max(group, key=_strength)
    claim = best.claim
    label = next(
        (one.mention.label for one in group if one.mention.label and one.mention.place in _STRONG), ""
    )
    speaker = find_speaker(claim.account, label, institution)
    steps = [
        (_strength(best), _PLACES[_place(best)][1]),
        *_adjust(institution, group, best, speaker, others_named),
    ]
    score = round(min(0.99, max(0.01, sum(step for step, _ in steps))), 2)
    reasons = tuple(f"{why} ({step:+.2f})" for step, why in steps)
    return Found(
        platform=claim.platform,
        account=claim.account,
        score=score,
        reasons=(*reasons, speaker.why) if speaker.why else reasons,
        sightings=tuple(group),
        speaker=speaker,
    )


def _adjust(
    institution: Institution, group: Sequence[Sighting], best: Sighting, speaker: Speaker, others_named: bool
) -> Iterator[tuple[float, str]]:
    """Yield what raises or lowers the score, each with its reason."""
    opaque = is_opaque(best.claim.platform, best.claim.account)
    name = "" if opaque else carries_name(best.claim.account, institution)
    if name:
        yield (0.35 if _place(best) in _PASSING else 0.15), f"its name carries {name!r}"
    elif _place(best) in _STRONG and any(is_called(one.mention.label, institution) for one in group):
        yield 0.1, "the link is called by the institution's name"
    elif institution.institution and not speaker.why and not opaque:
        yield (
            (-0.25, "another account there carries the name, this one does not")
            if others_named
            else (-0.1, "its name does not show whose it is")
        )
    if _credits(group):
        yield (-0.45, "the text before it credits a maker")
    if all(one.claim.legacy for one in group):
        yield (-0.1, "an old kind of address, so the handle may differ")
    if best.via:
        yield (-0.05, "through a link that leads on")
    if len({one.mention.page for one in group}) > 1:
        yield (0.05, "on several pages")
    if len({_place(one) for one in group if _place(one) in _STRONG}) > 1:
        yield (0.05, "in several places")


def _spelling(claim: Claim) -> str:
    """Return one spelling of an account: handles are the same in capitals, a channel's id is not."""
    return claim.account if is_opaque(claim.platform, claim.account) else claim.account.lower()


def strength(place: Place) -> float:
    """Return how much it says that an address stands at a place of a page."""
    return _PLACES[place][0]


def _credits(group: Sequence[Sighting]) -> bool:
    return any(_CREDIT.search(one.mention.near) or _CREDIT.search(one.mention.label) for one in group)


def _place(one: Sighting) -> Place:
    return "embed" if one.claim.item else one.mention.place


def _strength(one: Sighting) -> float:
    return strength(_place(one))
