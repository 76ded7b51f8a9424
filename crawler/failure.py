"""Requests that brought nothing, and pages that may bring more when asked for once more."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from crawler.budget import OverBudget
from crawler.ending import Ending
from crawler.errors import CrawlerError
from crawler.refusals.signs import EMPTY

if TYPE_CHECKING:
    from twisted.python.failure import Failure


# What a disk answers that takes no more; trouble of the network has other numbers, or none.
OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


def refused_by_disk(error: BaseException | None) -> CrawlerError | None:
    """Return the sentence about an error of the disk, which tells nothing of any account; None for any other."""
    if not isinstance(error, OSError) or not (error.errno in OF_THE_DISK or error.filename):
        return None
    place = f"{os.fsdecode(error.filename)} cannot be written: " if error.filename else "stopped: "
    return CrawlerError(
        f"{place}{error.strerror}; make room or let it be written, and the same command goes on with it"
    )


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
