"""How platforms say no: signs in status, headers, address and body, and the outcome each amounts to."""

from __future__ import annotations

from crawler.items import Capture, Refusal
from crawler.parsers.body import Body


def find_refusal(capture: Capture, body: Body | None = None) -> Refusal | None:
    """Return how the platform refused, None where it answered."""
    if capture.status == 429:
        return Refusal(outcome="rate_limited", sign="HTTP 429")
    return None
