"""Recorded captures and the pages expected of them: one folder per case, `<platform>/<case>/`.

A case holds `capture.json` (what was asked and how), the body exactly as sent, and `expected.json`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.items import Account, Capture, Page, Post, capture_id

CAPTURES = Path(__file__).parents[1] / "captures"
PROVENANCE = ("route", "capture_id", "captured_at", "parser_version")  # the same for all that a capture says


def find_cases(captures: Path = CAPTURES) -> list[Path]:
    """Return the folder of every case, in order of platform and name."""
    return sorted(path.parent for path in captures.glob("*/*/capture.json"))


def case_name(case: Path) -> str:
    """Return a case's name as tests show it: "tiktok/photo_post"."""
    return f"{case.parent.name}/{case.name}"


def read_format(case: Path) -> str:
    """Return the name of the format of the case's capture, "" where no parser reads it."""
    return str(json.loads((case / "capture.json").read_bytes())["format"])


def read_capture(case: Path) -> Capture:
    """Return the case's capture, its format left to be detected."""
    facts = json.loads((case / "capture.json").read_bytes())
    body = (case / facts["body"]).read_bytes()
    captured_at = datetime.fromisoformat(facts["captured_at"])
    return Capture(
        capture_id=capture_id(facts["url"], captured_at, body),
        platform=facts.get("platform", case.parent.name),
        route=facts["route"],
        url=facts["url"],
        captured_at=captured_at,
        body=body,
        status=facts.get("status", 200),
        method=facts.get("method", "GET"),
        headers=tuple((name, value) for name, value in facts.get("headers", [])),
        account=facts.get("account", ""),
    )


def describe(page: Page) -> dict[str, Any]:
    """Return a page as plain JSON values, provenance left out."""
    described = {
        "format": page.format,
        "refusal": asdict(page.refusal) if page.refusal else None,
        "account": _describe(page.account) if page.account else None,
        "posts": [_describe(post) for post in page.posts],
        "errors": [str(error) for error in page.errors],
        "cursor": page.cursor,
        "more": page.more,
    }
    plain: dict[str, Any] = json.loads(json.dumps(described, default=datetime.isoformat))
    return plain


def _describe(item: Account | Post) -> dict[str, Any]:
    return {name: value for name, value in asdict(item).items() if name not in PROVENANCE}
