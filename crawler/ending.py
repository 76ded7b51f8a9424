"""How one route of a visit ended, and what the visit's outcome is, held against what the platform reports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.items import OutcomeKind, Refusal

WALLS: frozenset[OutcomeKind] = frozenset({"blocked", "challenged", "rate_limited"})
FINAL: frozenset[OutcomeKind] = WALLS | {"private", "region_locked", "skipped", "complete", "empty"}
WALLS_BEFORE_STOP = 3  # accounts that met one; then a platform is left alone
# Platforms count posts that they no longer show; a shortfall beyond this is told as partial.
ENOUGH = 0.95
# So many known posts in a row, all older than the watermark less its overlap, end a walk.
IN_A_ROW = 20

SIGNS = {
    "window": "reached the window's start",
    "known": f"reached {IN_A_ROW} posts in a row that an earlier visit had seen whole",
    "known page": "reached posts that an earlier visit had seen whole",
    "end": "reached the account's first post",
    "asked": "every day of the window was asked for",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one route of a visit ended; `complete` has one of SIGNS as its sign.

    `retry_after` is how many seconds the platform asked us to wait, None where it asked for nothing.
    """

    outcome: OutcomeKind
    sign: str
    status: int | None = None
    url: str | None = None
    retry_after: float | None = None


def judge(ending: Ending, *, seen: int, reported: int | None, errors: int, unreadable: str = "") -> Ending:
    """Return an ending as it counts: one that looks complete is held against what the platform reports.

    `unreadable` says of the `errors` records that could not be read what was wrong with them.
    """
    if ending.outcome in ("complete", "partial") and errors > seen:
        return replace(ending, outcome="parser_broken", sign=unreadable)
    judged = ending if ending.outcome != "complete" else _witness(ending, seen, reported)
    if errors and judged.outcome in ("complete", "partial"):
        return replace(judged, sign=f"{judged.sign}; {unreadable}")
    return judged


def _witness(ending: Ending, seen: int, reported: int | None) -> Ending:
    if seen == 0:
        return _judge_nothing(ending, reported)
    if ending.sign == "end" and reported is not None and seen < ENOUGH * reported:
        return replace(ending, outcome="partial", sign=f"{seen} of {reported} reported posts were shown")
    return replace(ending, sign=SIGNS[ending.sign])


def _judge_nothing(ending: Ending, reported: int | None) -> Ending:
    if reported == 0:
        return replace(ending, outcome="empty", sign="the platform says zero posts")
    if reported and ending.sign == "asked":
        sign = f"no post within the window, though {reported} are reported in all"
        return replace(ending, outcome="partial", sign=sign)
    if reported:
        return replace(ending, outcome="parser_broken", sign=f"no post seen, though {reported} are reported")
    return replace(ending, outcome="partial", sign="no posts shown, and no count reported")


def ending_of(refusal: Refusal, status: int | None = None, url: str | None = None) -> Ending:
    """Return the ending that a refusal amounts to."""
    return Ending(
        outcome=refusal.outcome, sign=refusal.sign, status=status, url=url, retry_after=refusal.retry_after
    )
