"""Where something read comes from: what all accounts and posts of one capture have in common."""

from __future__ import annotations

from typing import Any

from crawler.items import Capture


def provenance(capture: Capture, parser_version: int) -> dict[str, Any]:
    """Return the fields with which every account and post names its capture."""
    return {
        "platform": capture.platform,
        "route": capture.route,
        "capture_id": capture.capture_id,
        "captured_at": capture.captured_at,
        "parser_version": parser_version,
    }
