"""Requests that brought nothing, and pages that may bring more when asked for once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.budget import OverBudget
from crawler.ending import Ending
from crawler.refusals.signs import EMPTY

if TYPE_CHECKING:
    from twisted.python.failure import Failure


def may_be_chance(ending: Ending) -> bool:
    """Tell whether the same request may bring more: what came was broken or empty, and nobody refused."""
    return ending.outcome == "parser_broken" or (ending.outcome == "partial" and EMPTY in ending.sign)


def ending_of_failure(failure: Failure) -> Ending:
    """Return how a route ends with a request that brought no answer."""
    if isinstance(failure.value, OverBudget):
        return Ending(outcome="over_budget", sign=str(failure.value))
    if "robots.txt" in str(failure.value):
        return Ending(outcome="skipped", sign="robots.txt forbids this page")
    reason = str(failure.value) or type(failure.value).__name__
    return Ending(outcome="partial", sign=f"no answer: {reason[:200]}")
